"""Sentences on households with a home: patrol, rent, subsidies, safety."""

from __future__ import annotations

from zhubao.summary.words.telling import NOTE, OPEN, RATE, WHOLE, Telling, beside, share


def patrolled(telling: Telling) -> str | None:
    """Households patrolled, and key households visited repeatedly."""
    if not telling.told("patrol.households"):
        return None
    text = f"上门巡查住户{telling.n('patrol.households')}"
    if telling.told("patrol.visits"):
        text += f"、{telling.n('patrol.visits')}"
    if telling.told("patrol.coverage"):
        text += f"，在租家庭巡查覆盖率{telling.n('patrol.coverage', RATE)}"
    return f"{text}。"


def key_households(telling: Telling) -> str | None:
    """Key households visited repeatedly, of how many."""
    code = "patrol.key_households_revisited"
    if not telling.told(code):
        return None
    return f"列为重点对象的家庭{share(telling, code, '做到了多次走访')}。"


def violations(telling: Telling) -> str | None:
    """Violations and changed circumstances dealt with, and the rate."""
    kinds = (("日常违规", "cases.violations"), ("情况变动", "cases.changes"))
    parts = [f"整改{name}{telling.n(code)}" for name, code in kinds if telling.told(code)]
    if not parts:
        return None
    rate = ""
    if telling.told("cases.rectification"):
        rate = (
            f"；按件计，发现{telling.n('cases.rectification', WHOLE)}，"
            f"整改率{telling.n('cases.rectification', RATE)}"
        )
    return f"{'，'.join(parts)}{rate}。"


def campaigns(telling: Telling) -> str | None:
    """Estates with a campaign, by name."""
    if not telling.told("campaigns.estates"):
        return None
    names = telling.n_or("campaigns.estates", NOTE, "（{}）")
    return f"在{telling.n('campaigns.estates')}小区{names}开展了转租转借等问题的专项整治。"


def vacancies(telling: Telling) -> str | None:
    """Units checked as idle, or the tenant as dead."""
    if not telling.told("vacancy.checked"):
        return None
    return (
        f"对空置六个月以上或者承租人疑似去世的房源逐套核查，共核查{telling.n('vacancy.checked')}。"
    )


def rent_received(telling: Telling) -> str | None:
    """Rent received, against last year where it is known, and the current rate."""
    if not telling.told("rent.received"):
        return None
    text = f"收缴租金{telling.n('rent.received')}{beside(telling, 'rent.received')}"
    if telling.told("rent.collection_current"):
        text += f"，当期租金收缴率{telling.n('rent.collection_current', RATE)}"
    return f"{text}。"


def arrears(telling: Telling) -> str | None:
    """What is owed at the end, by how many households, how many of them for long."""
    if not telling.told("rent.owed"):
        return None
    text = f"期末累计欠租{telling.n('rent.owed')}"
    if telling.told("rent.debtors"):
        text += f"，涉及{telling.n('rent.debtors')}"
    if telling.told("rent.debtors_long"):
        text += f"，其中累计欠租六个月以上的{telling.n('rent.debtors_long')}"
    return f"{text}。"


def rent_remitted(telling: Telling) -> str | None:
    """City-owned rent paid on; more than collected is explained."""
    code = "rent.remitted_city"
    if not telling.told(code):
        return None
    text = f"汇缴市级产权公租房租金{telling.n(code)}"
    received, remitted = telling.figure("rent.received"), telling.figure(code)
    more = received is not None and remitted is not None
    if more and remitted and received and remitted[1].value > received[1].value:
        text += "（按汇缴日期统计，含以前期间收取的租金，与本期收缴数口径不同）"
    return f"{text}。"


def subsidy(telling: Telling) -> str | None:
    """Households paid and the amount; new grants."""
    parts: list[str] = []
    if telling.told("subsidy.households_paid"):
        paid = f"向{telling.n('subsidy.households_paid')}家庭发放租赁补贴"
        if telling.told("subsidy.amount_paid"):
            paid += telling.n("subsidy.amount_paid")
        parts.append(paid)
    if telling.told("subsidy.new_grants"):
        parts.append(f"新增租赁补贴{telling.n('subsidy.new_grants')}")
    return f"{'，'.join(parts)}。" if parts else None


def staff_subsidy(telling: Telling) -> str | None:
    """Employers and households of 职工住房补贴, and the half-year target."""
    if not telling.told("staff.households"):
        return None
    employers = telling.n_or("staff.employers", "count", "{}单位")
    text = f"审批职工住房补贴{employers}{telling.n('staff.households')}"
    progress = telling.figure("staff.half_year_progress")
    if progress is not None and progress[1].whole:
        code = "staff.half_year_progress"
        beyond = progress[1].value > progress[1].whole
        met = "，超额完成" if beyond else "，完成"
        text += f"{met}半年目标{telling.n(code, WHOLE)}的{telling.n(code, RATE)}"
    return f"{text}。"


def hazards(telling: Telling) -> str | None:
    """Safety hazards found, put right and open."""
    code = "safety.hazards"
    if not telling.told(code):
        return None
    found = telling.figure(code)
    text = f"发现安全隐患{telling.n(code, WHOLE)}，已整改{telling.n(code)}"
    if found is not None and found[1].value < (found[1].whole or 0):
        text += f"，其余{telling.n(code, OPEN)}正在督促整改"
    return f"{text}。"
