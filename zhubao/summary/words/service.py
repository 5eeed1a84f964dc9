"""Sentences on what applicants meet: allocation, approvals, tickets, audit; and on the office."""

from __future__ import annotations

from zhubao.summary.words.comparing import beside, beside_rate
from zhubao.summary.words.facts import HOUSED_LATER, OVERDUE
from zhubao.summary.words.telling import (
    COUNT,
    FACT,
    NOTE,
    OPEN,
    RATE,
    WHOLE,
    Telling,
    listed,
    share,
)

_APPROVALS = (
    ("公租房资格", "approval.rental_housing"),
    ("租赁补贴资格", "approval.rental_subsidy"),
    ("经济适用房购房资格", "approval.affordable_purchase"),
    ("棚改安置补贴", "approval.resettlement_subsidy"),
    ("购房奖励", "approval.purchase_reward"),
    ("半边户", "approval.half_couple"),
)


def waiting(telling: Telling) -> str | None:
    """Who waited at the beginning and at the end."""
    parts = [
        f"{name}在册轮候{telling.n(code)}"
        for name, code in (("期初", "waiting.opening"), ("期末", "waiting.closing"))
        if telling.told(code)
    ]
    return f"{'，'.join(parts)}。" if parts else None


def allocated(telling: Telling) -> str | None:
    """Households and people that got a home; whose leases begin later, for the rate beside it."""
    if not telling.told("allocation.households"):
        return None
    people = ""
    if telling.told("allocation.people"):
        people = f"，惠及{telling.n('allocation.people')}"
    total = telling.n("allocation.households") + beside(telling, "allocation.households")
    return f"实物配租{total}{people}{_begin_later(telling)}。"


def _begin_later(telling: Telling) -> str:
    """ "（其中84户合同在期末以后起租，尚未计入入住率）", or nothing."""
    later = telling.text(HOUSED_LATER, FACT)
    is_all = later == telling.text("allocation.households", COUNT)
    words = "（{}合同均在期末以后起租，" if is_all else "（其中{}合同在期末以后起租，"
    into = "入住率" if telling.told("units.occupancy") else ""
    return telling.n_or(HOUSED_LATER, FACT, f"{words}尚未计入{into}）")


def occupancy(telling: Telling) -> str | None:
    """The rate with both numbers."""
    code = "units.occupancy"
    if not telling.told(code):
        return None
    return (
        f"期末公租房入住率{telling.n(code, RATE)}"
        f"（可出租{telling.n(code, WHOLE)}，已入住{telling.n(code)}）{beside_rate(telling, code)}。"
    )


def approvals(telling: Telling) -> str | None:
    """Approvals by kind."""
    kinds = listed(telling, _APPROVALS)
    return f"审批通过{kinds}。" if kinds else None


def review_time(telling: Telling) -> str | None:
    """The district's limit, how many decisions kept it, and what in hand is past its limit."""
    code = "approval.district_in_time"
    if not telling.told(code):
        return None
    limit = telling.n_or("fact.review_limit", FACT, "区级复审时限为{}，")
    late = telling.n_or(OVERDUE, FACT, "，另有{}在办已超时限")
    return f"{limit}区级办结的{share(telling, code, '在时限之内')}{late}。"


def deliveries(telling: Telling) -> str | None:
    """Deliveries to the city, and the rule."""
    if not telling.told("deliveries.count"):
        return None
    rule = telling.n_or("fact.deliveries_per_week", FACT, "按每周{}的要求，")
    text = f"{rule}向市局报件{telling.n('deliveries.count')}"
    code = "deliveries.weeks_kept"
    if telling.told(code):
        text += f"，应报件的{share(telling, code, '报足了次数')}"
    return f"{text}。"


def tickets(telling: Telling) -> str | None:
    """12345 tickets handled."""
    if not telling.told("tickets.handled"):
        return None
    total = telling.n("tickets.handled") + beside(telling, "tickets.handled")
    return f"办结“12345”热线工单{total}。"


def training(telling: Telling) -> str | None:
    """Training sessions held and who came."""
    if not telling.told("training.sessions"):
        return None
    people = telling.n_or("training.attendees", "count", "，参加{}")
    return f"组织业务培训{telling.n('training.sessions')}{people}。"


def reviewed(telling: Telling) -> str | None:
    """Annual reviews decided, and households that leave after one; in a month not that none is."""
    code = "review.decided"
    found = telling.figure(code)
    if found is None or not found[1].whole:
        return None
    if not found[1].value:
        none = f"年审应审家庭{telling.n(code, WHOLE)}，本期还没有审结。"
        return None if telling.is_month else none
    text = f"年审应审家庭{share(telling, code, '作出了年审结论')}"
    leaving = telling.figure("review.exited")
    if leaving is not None and leaving[1].value:
        text += f"，其中{telling.n('review.exited')}退出保障"
    return f"{text}。"


def contractor(telling: Telling) -> str | None:
    """Contractors scored, with their points."""
    code = "contractor.scored"
    found = telling.figure(code)
    if found is None or not found[1].value:
        return None
    points = telling.n_or(code, NOTE, "：{}")
    return f"对购买服务单位{telling.n(code)}进行了考核{points}。"


def audit_cases(telling: Telling) -> str | None:
    """What the audit found of each sort, and what became of it."""
    kinds = (
        ("违规转租转借的房源", "audit.units_sublet", "已整改"),
        ("需退回资金的家庭", "audit.money_repaid", "已退回资金"),
        ("购车等不再符合条件的家庭", "audit.exited", "已退出保障"),
    )
    parts = [
        f"{name}{telling.n(code, WHOLE)}{_settled(telling, code, done)}"
        for name, code, done in kinds
        if telling.told(code)
    ]
    return f"审计指出的问题中，{'；'.join(parts)}。" if parts else None


def _settled(telling: Telling, code: str, done: str) -> str:
    """How many are settled, and the rest: rectified and not closed, where all is rectified."""
    found, cases = telling.figure(code), telling.figure("audit.rectified")
    settled = f"、{done}{telling.n(code)}"
    if found is None or found[1].value >= (found[1].whole or 0):
        return settled
    all_done = cases is not None and cases[1].value == cases[1].whole
    state = "已整改、待销号" if all_done else "尚未销号"
    return f"{settled}，另{telling.n(code, OPEN)}{state}" if found[1].value else f"，{state}"


def audit_rates(telling: Telling) -> str | None:
    """Rectification by count, household and money, each with its own base."""
    kinds = (
        ("件数", "audit.rectified"),
        ("户数", "audit.rectified_households"),
        ("金额", "audit.recovered"),
    )
    parts = [
        f"按{name}计{telling.n(code, RATE)}（{telling.n(code, WHOLE)}）"
        for name, code in kinds
        if telling.told(code)
    ]
    return f"审计问题整改率{'，'.join(parts)}{_unclosed(telling)}。" if parts else None


def _unclosed(telling: Telling) -> str:
    found = telling.figure("audit.closed")
    if found is None or found[1].value >= (found[1].whole or 0):
        return ""
    return f"；尚未销号的有{telling.n('audit.closed', OPEN)}"


def news(telling: Telling) -> str | None:
    """News items published."""
    if not telling.told("publicity.news"):
        return None
    return f"发布住房保障工作动态{telling.n('publicity.news')}。"


def care(telling: Telling) -> str | None:
    """Retired staff visited, memorial meetings attended."""
    parts = []
    if telling.told("care.hospital"):
        parts.append(f"看望住院的退休干部{telling.n('care.hospital')}")
    if telling.told("care.memorial"):
        parts.append(f"派员参加追悼会{telling.n('care.memorial')}")
    return f"{'，'.join(parts)}。" if parts else None
