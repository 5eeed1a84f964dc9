"""The office's figures of a period: each a pure function over the ledgers, with its source cells.

All take the tables loaded, a period, and the cut-off date; nothing after that date counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from zhubao.core.finding import Cell
from zhubao.core.period import Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import (
    CareKind,
    CareVisit,
    FileDelivery,
    Publicity,
    PublicityKind,
    Training,
)
from zhubao.ledger.services import CaseProgress, HotlineTicket, SpecialCase
from zhubao.services.office.counting import Figure, Rate, count_rows, dated_rows, sum_rows
from zhubao.services.office.deadlines import (
    CASES,
    TICKETS,
    Item,
    Register,
    State,
    items,
    overdue,
)

OFFICE_MODELS = (HotlineTicket, SpecialCase, FileDelivery, Training, Publicity, CareVisit)


def received(loaded: Loaded, register: Register, period: Period, as_of: dt.date) -> Figure:
    """Rows of a register received in the period."""
    found = [one for one in items(loaded, register, as_of) if period.contains(one.received)]
    return _of_items("received", f"{register.title}收到", found, register, as_of, period)


def closed(loaded: Loaded, register: Register, period: Period, as_of: dt.date) -> Figure:
    """Rows closed in the period, whenever they came in."""
    found = _closed(loaded, register, period, as_of)
    return _of_items("closed", f"{register.title}办结", found, register, as_of, period)


def still_open(loaded: Loaded, register: Register, as_of: dt.date) -> Figure:
    """Rows open on the cut-off date, whenever they came in."""
    found = [one for one in items(loaded, register, as_of) if one.state is State.OPEN]
    return _of_items("open", f"{register.title}在办", found, register, as_of, None)


def overdue_count(loaded: Loaded, register: Register, as_of: dt.date) -> Figure:
    """Open rows whose deadline lies before the cut-off date."""
    found = overdue(loaded, as_of, register)
    return _of_items("overdue", f"{register.title}超期未办结", found, register, as_of, None)


def in_time_rate(loaded: Loaded, register: Register, period: Period, as_of: dt.date) -> Rate:
    """Closed by their deadline ÷ closed in the period, those without a deadline left aside."""
    whole = [one for one in _closed(loaded, register, period, as_of) if one.due is not None]
    counted = [one for one in whole if one.in_time]
    title = f"{register.title}按期办结率"
    return Rate(
        f"{_prefix(register)}.in_time",
        title,
        _of_items("closed_in_time", "按期办结", counted, register, as_of, period),
        _of_items("closed_with_deadline", "办结（有期限的）", whole, register, as_of, period),
    )


def closing_rate(loaded: Loaded, register: Register, period: Period, as_of: dt.date) -> Rate:
    """Closed by the cut-off date ÷ received in the period; what was returned is left aside."""
    came = [
        one
        for one in items(loaded, register, as_of)
        if period.contains(one.received) and one.state is not State.DROPPED
    ]
    counted = [one for one in came if one.state is State.CLOSED]
    title = f"{register.title}办结率"
    return Rate(
        f"{_prefix(register)}.closing",
        title,
        _of_items("received_closed", "其中已办结", counted, register, as_of, period),
        _of_items("received_kept", "收到（不含退回）", came, register, as_of, period),
    )


def tickets_handled(loaded: Loaded, period: Period, as_of: dt.date) -> Figure:
    """12345 tickets handled in the period (工单办结)."""
    return closed(loaded, TICKETS, period, as_of)


def cases_resolved(loaded: Loaded, period: Period, as_of: dt.date) -> Figure:
    """Special cases resolved in the period; those found unresolvable are not among them."""
    found = [
        one for one in _closed(loaded, CASES, period, as_of) if one.status == CaseProgress.RESOLVED
    ]
    return _of_items("resolved", "个案解决", found, CASES, as_of, period)


def satisfied_rate(loaded: Loaded, period: Period, as_of: dt.date) -> Rate:
    """Callers satisfied ÷ tickets handled in the period whose caller was asked."""
    table = loaded.get(HotlineTicket)
    said = table.column("is_satisfied")
    handled = _closed(loaded, TICKETS, period, as_of)
    whole = [one for one in handled if said[one.index] is not None]
    counted = [one for one in whole if said[one.index]]
    return Rate(
        "tickets.satisfied",
        "12345工单满意率",
        _of_items("satisfied", "满意", counted, TICKETS, as_of, period),
        _of_items("asked", "办结后问过满意与否", whole, TICKETS, as_of, period),
    )


def deliveries(loaded: Loaded, period: Period, as_of: dt.date) -> Figure:
    """Deliveries of files to the city bureau."""
    return count_rows("deliveries.count", "报件次数", "次", loaded, FileDelivery, period, as_of)


def files_delivered(loaded: Loaded, period: Period, as_of: dt.date) -> Figure:
    """Files in these deliveries; a row whose number cannot be read adds nothing."""
    return sum_rows(
        "deliveries.files", "报件件数", "件", loaded, FileDelivery, "file_count", period, as_of
    )


def files_returned(loaded: Loaded, period: Period, as_of: dt.date) -> Figure:
    """Files the city sent back."""
    return sum_rows(
        "deliveries.returned", "退件", "件", loaded, FileDelivery, "returned_count", period, as_of
    )


def training_sessions(loaded: Loaded, period: Period, as_of: dt.date) -> Figure:
    """Training sessions held."""
    return count_rows("training.sessions", "培训", "场", loaded, Training, period, as_of)


def training_attendees(loaded: Loaded, period: Period, as_of: dt.date) -> Figure:
    """People trained, each session counted for itself (人次)."""
    return sum_rows(
        "training.attendees", "培训人次", "人次", loaded, Training, "attendees", period, as_of
    )


def published(loaded: Loaded, kind: PublicityKind, period: Period, as_of: dt.date) -> Figure:
    """Publicity of one kind."""
    unit = "次" if kind is PublicityKind.QUESTIONNAIRE else "篇"
    kinds = loaded.get(Publicity).column("kind")
    code = f"publicity.{kind.name.lower()}"
    return count_rows(
        code, str(kind), unit, loaded, Publicity, period, as_of, lambda row: kinds[row] is kind
    )


def news_items(loaded: Loaded, period: Period, as_of: dt.date) -> Figure:
    """News items (信息动态) published."""
    return published(loaded, PublicityKind.NEWS_ITEM, period, as_of)


def items_by_outlet(loaded: Loaded, period: Period, as_of: dt.date) -> tuple[Figure, ...]:
    """News items, articles and reports by outlet, the most frequent first; "" is not recorded."""
    table = loaded.get(Publicity)
    kinds, outlets = table.column("kind"), table.column("outlet")
    asked = {PublicityKind.NEWS_ITEM, PublicityKind.ARTICLE, PublicityKind.MEDIA_REPORT}
    cells: dict[str, list[Cell]] = {}
    for row in dated_rows(loaded, Publicity, period, as_of):
        if kinds[row] in asked:
            cells.setdefault(outlets[row] or "", []).append(table.row_cell(row))
    order = sorted(cells, key=lambda outlet: (-len(cells[outlet]), outlet))
    return tuple(
        Figure("publicity.outlet", name, len(cells[name]), "篇", as_of, period, tuple(cells[name]))
        for name in order
    )


def questionnaires(loaded: Loaded, period: Period, as_of: dt.date) -> Figure:
    """Surveys made."""
    return published(loaded, PublicityKind.QUESTIONNAIRE, period, as_of)


def questionnaire_copies(loaded: Loaded, period: Period, as_of: dt.date) -> Figure:
    """Copies of these surveys."""
    kinds = loaded.get(Publicity).column("kind")
    return sum_rows(
        "publicity.copies",
        "问卷份数",
        "份",
        loaded,
        Publicity,
        "copies",
        period,
        as_of,
        lambda row: kinds[row] is PublicityKind.QUESTIONNAIRE,
    )


def retired_in_hospital(loaded: Loaded, period: Period, as_of: dt.date) -> Figure:
    """Retired staff visited in hospital, each person counted once (名), by name."""
    table = loaded.get(CareVisit)
    kinds, retired = table.column("kind"), table.column("is_retired")
    people = table.column("person")
    firsts: dict[str, Cell] = {}
    for row in dated_rows(loaded, CareVisit, period, as_of):
        if kinds[row] is CareKind.HOSPITAL and retired[row] and people[row] is not None:
            firsts.setdefault(people[row], table.row_cell(row))
    cells = tuple(firsts.values())
    return Figure("care.hospital", "看望住院退休干部", len(cells), "名", as_of, period, cells)


def care_visits(loaded: Loaded, kind: CareKind, period: Period, as_of: dt.date) -> Figure:
    """Rows of one kind of care, each visit counted."""
    kinds = loaded.get(CareVisit).column("kind")
    code = f"care.{kind.name.lower()}_visits"
    return count_rows(
        code, str(kind), "次", loaded, CareVisit, period, as_of, lambda row: kinds[row] is kind
    )


def memorial_meetings(loaded: Loaded, period: Period, as_of: dt.date) -> Figure:
    """Memorial meetings attended."""
    return care_visits(loaded, CareKind.MEMORIAL, period, as_of)


def _closed(loaded: Loaded, register: Register, period: Period, as_of: dt.date) -> list[Item]:
    return [
        one
        for one in items(loaded, register, as_of)
        if one.closed is not None and period.contains(one.closed)
    ]


def _of_items(
    code: str,
    title: str,
    found: Iterable[Item],
    register: Register,
    as_of: dt.date,
    period: Period | None,
) -> Figure:
    cells = tuple(one.cell for one in found)
    unit = "份" if register is TICKETS else "件" if register is not CASES else "户"
    return Figure(f"{_prefix(register)}.{code}", title, len(cells), unit, as_of, period, cells)


def _prefix(register: Register) -> str:
    return {TICKETS.model: "tickets", CASES.model: "cases"}.get(
        register.model, register.model.__name__.lower()
    )
