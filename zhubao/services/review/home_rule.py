"""Home area per person, and another home (办法 art. 31)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from zhubao.core.finding import Cell
from zhubao.ledger.tenants import ExitReason, ReviewDecision
from zhubao.services.review.leads import LeadState, ListKind
from zhubao.services.review.reasons import Case, Reason

RULE = "住房"


def home_reasons(case: Case) -> Iterator[Reason]:
    """What the declared home area, and a home that was found, say.

    Area per person = 申报住房面积 ÷ 申报人口; none or below the limit is eligible, the limit itself
    is not (compared as area ≥ limit × size). A home found and verified leads to 退出 only where the
    household is no longer eligible (art. 31: both conditions); below the limit it stays a remark,
    and where the area is not known, or declared as none, it is 待定.
    """
    area, size = case.declared.area, case.declared.size
    found = _homes_found(case)
    if area is not None and size:
        yield _judged(case, area, size, found)
    if found and (area is None or not size or area == 0):
        words = f"{_found_words(case)}，申报面积{'是 0' if area == 0 else '没有'}，先核对面积"
        basis = case.rules.bases["another_home"]
        yield Reason(RULE, words, ReviewDecision.PENDING, basis, found)


def _judged(case: Case, area: Decimal, size: int, found: tuple[Cell, ...]) -> Reason:
    limit = case.rules.area_per_person
    words = f"人均住房面积 {_rounded(area / size)} m²（{_plain(area)}÷{size}）"
    cells = (case.declared.cells[2], case.declared.cells[1], *found)
    if area < limit * size:
        home = f"；{_found_words(case)}，面积未达标准，仍符合条件" if found and area else ""
        kept = f"{words}，低于 {_plain(limit)} m²{home}"
        basis = case.rules.bases["area_per_person"]
        return Reason(RULE, kept, ReviewDecision.CONTINUE, basis, cells)
    words = f"{words}，达到 {_plain(limit)} m²，不再符合住房条件"
    if not found:
        basis = case.rules.bases["area_per_person"]
        return Reason(
            RULE, words, ReviewDecision.EXIT, basis, cells, exit_reason=ExitReason.DISQUALIFIED
        )
    words = f"{_found_words(case)}；{words}"
    basis = f"{case.rules.bases['another_home']}；{case.rules.bases['area_per_person']}"
    return Reason(
        RULE, words, ReviewDecision.EXIT, basis, cells, exit_reason=ExitReason.HOME_ACQUIRED
    )


def _homes_found(case: Case) -> tuple[Cell, ...]:
    """Where a verified home is written down."""
    verified = any(
        lead.kind is ListKind.PROPERTY and lead.state is LeadState.CONFIRMED for lead in case.leads
    )
    return (case.lead_cell,) if verified else ()


def _found_words(case: Case) -> str:
    for lead in case.leads:
        if lead.kind is ListKind.PROPERTY and lead.state is LeadState.CONFIRMED:
            return f"另有住房（{lead.text}）"
    return ""


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _rounded(number: Decimal) -> str:
    return f"{number.quantize(Decimal('0.01'), ROUND_HALF_UP):f}"
