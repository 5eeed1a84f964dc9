"""Sentences on households with a home: patrol, rent, subsidies, safety."""

from __future__ import annotations

from zhubao.summary.words.comparing import beside, beside_rate
from zhubao.summary.words.facts import REMITTED_OTHER, SINCE, STAFF_ANNUAL, STAFF_DONE, STAFF_RATE
from zhubao.summary.words.telling import FACT, NOTE, OPEN, RATE, WHOLE, Telling, share

_HALF_ENDS = (6, 30)


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
    """Key households visited repeatedly, of how many; not in a month, which is too short for it."""
    code = "patrol.key_households_revisited"
    if telling.is_month or not telling.told(code):
        return None
    return f"列为重点对象的家庭{share(telling, code, '做到了多次走访')}。"


def violations(telling: Telling) -> str | None:
    """Violations and changed circumstances dealt with, and the rate."""
    kinds = (("整改日常违规", "cases.violations"), ("处理家庭情况变动", "cases.changes"))
    found = ((name, code, telling.figure(code)) for name, code in kinds)
    parts = [f"{name}{telling.n(code)}" for name, code, one in found if one and one[1].value]
    code = "cases.rectification"
    if telling.told(code):
        share_done = f"发现{telling.n(code, WHOLE)}，整改率{telling.n(code, RATE)}"
        parts = [f"{'，'.join(parts)}；按件计，" if parts else "违规与情况变动按件计，", share_done]
        return f"{''.join(parts)}。"
    return f"{'，'.join(parts)}。" if parts else None


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
    """Rent received and the current rate, each against the period before where it is known."""
    if not telling.told("rent.received"):
        return None
    before = beside(telling, "rent.received")
    text = f"收缴租金{telling.n('rent.received')}{before}"
    if telling.told("rent.collection_current"):
        code = "rent.collection_current"
        joint = "；" if before.startswith("，") else "，"
        text += f"{joint}当期租金收缴率{telling.n(code, RATE)}{beside_rate(telling, code)}"
    return f"{text}。"


def arrears(telling: Telling) -> str | None:
    """What is owed at the end, by how many households, how many of them for long."""
    if not telling.told("rent.owed"):
        return None
    text = f"期末累计欠租{telling.n('rent.owed')}{beside(telling, 'rent.owed')}"
    if telling.told("rent.debtors"):
        text += f"，涉及{telling.n('rent.debtors')}"
    if telling.told("rent.debtors_long"):
        text += f"，其中累计欠租六个月以上的{telling.n('rent.debtors_long')}"
    return f"{text}。"


def rent_remitted(telling: Telling) -> str | None:
    """City-owned rent paid on, by the day it was; what of it is of another period is told."""
    code = "rent.remitted_city"
    if not telling.told(code):
        return None
    text = f"汇缴市级产权公租房租金{telling.n(code)}"
    if telling.text(REMITTED_OTHER, FACT):
        span = "本月" if telling.is_month else "本期"
        other = telling.n(REMITTED_OTHER, FACT)
        text += f"（按汇缴日期统计，其中{other}是其他期间的租金，与{span}收缴数口径不同）"
    return f"{text}。"


def rent_to_remit(telling: Telling) -> str | None:
    """City-owned rent received in the period and not paid on by its end; a month's is due next.

    Of a month with nothing paid on there is no rate: then only what was received is told.
    """
    code, received = "rent.remittance_rate_city", "rent.received_city"
    found = telling.figure(code)
    span, then = ("本月", "，按规定在次月汇缴") if telling.is_month else ("本期", "待汇缴")
    if found is None:
        if not (telling.is_month and telling.told(received)):
            return None
        return f"{span}收取的市级产权租金{telling.n(received)}{then}。"
    if found[1].value >= (found[1].whole or 0):
        return None
    if not found[1].value:
        return f"{span}收取的市级产权租金{telling.n(code, WHOLE)}{then}。"
    done = f"{span}收取的市级产权租金{telling.n(code, WHOLE)}已汇缴{telling.n(code, RATE)}"
    return f"{done}，其余{telling.n(code, OPEN)}{then.removeprefix('，')}。"


def subsidy(telling: Telling) -> str | None:
    """Households paid and the amount; new grants."""
    parts: list[str] = []
    if telling.told("subsidy.households_paid"):
        paid = f"向{telling.n('subsidy.households_paid')}家庭发放租赁补贴"
        if telling.told("subsidy.amount_paid"):
            paid += telling.n("subsidy.amount_paid") + beside(telling, "subsidy.amount_paid")
        parts.append(paid)
    if telling.told("subsidy.new_grants"):
        code = "subsidy.new_grants"
        parts.append(f"新增租赁补贴{telling.n(code)}{beside(telling, code)}")
    return f"{'，'.join(parts)}。" if parts else None


def staff_subsidy(telling: Telling) -> str | None:
    """Employers and households of 职工住房补贴, and the target of the half-year or the year.

    A period that begins after 1 January says what was done since then.
    """
    if not telling.told("staff.households"):
        return None
    employers = telling.n_or("staff.employers", "count", "{}单位")
    text = f"审批职工住房补贴{employers}{telling.n('staff.households')}"
    target = _staff_target(telling)
    if not target:
        return f"{text}。"
    done, met = target
    since = telling.n_or(SINCE, FACT, "，{}累计")
    head = "本月" if since and telling.is_month else ""
    return f"{head}{text}{since}{done if since else ''}，{met}。"


def _staff_target(telling: Telling) -> tuple[str, str] | None:
    """Done since 1 January, and the clause on the target; None where there is none."""
    if telling.text(STAFF_ANNUAL, FACT):
        done, target, rate = (
            telling.n(one, FACT) for one in (STAFF_DONE, STAFF_ANNUAL, STAFF_RATE)
        )
        return done, f"完成全年目标（{target}）的{rate}"
    code = "staff.half_year_progress"
    found = telling.figure(code)
    end = telling.summary.period.end
    if found is None or not found[1].whole or (end.month, end.day) > _HALF_ENDS:
        return None
    rate = telling.n(code, RATE)
    return telling.n(code), f"完成半年目标（{telling.n(code, WHOLE)}）的{rate}"


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
