"""The figures an operator is measured by, each from the ledger rows, with their cells.

Every function takes the scope (sheets, period, estates) and is pure. "By the end" is the last day
of the period or the cut-off, whichever is earlier.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from zhubao.core.finding import Cell
from zhubao.core.report import Ratio
from zhubao.ledger.arrears import CollectionVisit
from zhubao.ledger.patrol import (
    CaseCategory,
    PatrolVisit,
    RectificationStatus,
    SafetyHazard,
    TenancyCase,
    VacancyCheck,
    VacancyResult,
    VacancyStatus,
)
from zhubao.ledger.services import HotlineTicket, TicketStatus
from zhubao.services.contractor.scope import Scope, Sum

_DONE = (RectificationStatus.RECTIFIED, RectificationStatus.CLOSED)
_CONFIRMED = (VacancyResult.IDLE, VacancyResult.DEAD)
_FEN_PER_WAN = 1_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """What was done and out of how much; fen where `money`. `cells` say where it is written."""

    numerator: int
    denominator: int
    cells: tuple[Cell, ...] = ()
    money: bool = False

    @property
    def ratio(self) -> Ratio:
        """Both numbers; "—" when there was nothing to do."""
        return Ratio(self.numerator, self.denominator, self.money)

    @property
    def left(self) -> int:
        """What was not done."""
        return max(0, self.denominator - self.numerator)

    def value(self, unit: str) -> Fraction | None:
        """In the unit: per cent of the denominator, else the numerator; None for x/0."""
        if not self.denominator:
            return None
        if unit == "%":
            return Fraction(100 * self.numerator, self.denominator)
        if self.money:
            return Fraction(self.numerator, _FEN_PER_WAN if unit == "万元" else 100)
        return Fraction(self.numerator)


def old_debt(scope: Scope) -> Measured:
    """历史欠租收回: rent received for debts from before the period ÷ debt at its start."""
    return _money(scope.collection.old)


def current(scope: Scope) -> Measured:
    """当期租金收缴: rent received for the period's charges ÷ charged in the period."""
    return _money(scope.collection.current)


def combined(scope: Scope) -> Measured:
    """综合收缴: rent received ÷ (debt at the start + charged)."""
    return _money(scope.collection.combined)


def monthly_visits(scope: Scope) -> Measured:
    """一月一上户: household-months with a 收租走访 ÷ household-months to be visited.

    To be visited in a month: the households that owed on the day before the period and live in one
    of the operator's units on the month's last day (or the last day counted).
    """
    visits = scope.loaded.get(CollectionVisit)
    numbers, days = visits.column("household_no"), visits.column("visited_on")
    by_month: defaultdict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for index in visits.usable("household_no", "visited_on"):
        if scope.period.contains(days[index]):
            by_month[days[index].year, days[index].month].setdefault(numbers[index], index)
    done, due, rows = 0, 0, []
    for month in scope.period.months():
        wanted = scope.households_on(min(month.last_day, scope.end)) & scope.collection.in_debt
        seen = by_month[month.year, month.month]
        met = wanted & seen.keys()
        done, due = done + len(met), due + len(wanted)
        rows += sorted(seen[number] for number in met)
    return Measured(done, due, tuple(visits.cell(index, "visited_on") for index in rows))


def patrolled(scope: Scope) -> Measured:
    """巡查: households visited (巡查) in the period ÷ households to be visited.

    To be visited: those living in the operator's units on the last day, and whoever was visited.
    """
    visits = scope.loaded.get(PatrolVisit)
    days, households = visits.column("visited_on"), visits.column("household_no")
    units = visits.column("unit_no")
    first: dict[str, int] = {}
    for index in visits.usable("household_no", "visited_on"):
        household = households[index]
        if scope.period.contains(days[index]) and scope.has(units[index], household):
            first.setdefault(household, index)
    base = scope.households_on(scope.end) | first.keys()
    return Measured(
        len(first), len(base), tuple(visits.cell(index, "visited_on") for index in first.values())
    )


def violations(scope: Scope) -> Measured:
    """违规整改: units whose violations were all put right by the end ÷ units with any.

    日常违规 found by the end that were open at the start of the period or found since; unfounded
    ones are left out. Put right: 整改状态 and 整改日期 both say so. Without a unit number the
    household stands for it.
    """
    return _by_unit(scope, lambda cases: all(done for done, _ in cases))


def vacated(scope: Scope) -> Measured:
    """违规腾退: units given back (是否退出 是, and put right) ÷ units with violations."""
    return _by_unit(scope, lambda cases: any(done and leaves for done, leaves in cases))


def tickets(scope: Scope, only: tuple[str, ...] = ()) -> Measured:
    """工单按时办结: tickets answered by their 办理期限 ÷ tickets that came to an end.

    One comes to an end when it is answered in the period, or when its term has run out by the end
    and it is still open. 已退回 ones and those without a term (see `tickets_without_term`) are left
    out. Answered means that 办结日期 is filled in. `only` names kinds of 诉求类别.
    """
    table = scope.loaded.get(HotlineTicket)
    due = table.column("due_on")
    done, cells = 0, []
    for index, answered in _ended_tickets(scope, only):
        if due[index] is None:
            continue
        done += answered is not None and answered <= due[index]
        cells.append(table.cell(index, "handled_on" if answered else "due_on"))
    return Measured(done, len(cells), tuple(cells))


def tickets_without_term(scope: Scope, only: tuple[str, ...] = ()) -> list[Cell]:
    """The 办理期限 cells of tickets answered in the period that have none."""
    table = scope.loaded.get(HotlineTicket)
    due = table.column("due_on")
    return [table.cell(i, "due_on") for i, _ in _ended_tickets(scope, only) if due[i] is None]


def tickets_unplaced(scope: Scope) -> int:
    """Tickets of the period without 家庭编号: nobody knows which estate they are about."""
    if not scope.estates:
        return 0
    table = scope.loaded.get(HotlineTicket)
    days, households = table.column("received_on"), table.column("household_no")
    return sum(
        households[index] is None and scope.period.contains(days[index])
        for index in table.usable("received_on")
    )


def vacancies_found(scope: Scope) -> Measured:
    """查实空置: units confirmed as empty or their tenant as dead ÷ units checked in the period."""
    table = scope.loaded.get(VacancyCheck)
    checked, units = table.column("checked_on"), table.column("unit_no")
    results = table.column("result")
    found: dict[str, tuple[bool, Cell]] = {}
    for index in table.usable("unit_no", "checked_on", "result"):
        if scope.period.contains(checked[index]) and scope.has(units[index], None):
            sure = results[index] in _CONFIRMED or found.get(units[index], (False,))[0]
            found[units[index]] = sure, table.cell(index, "result")
    done = sum(sure for sure, _ in found.values())
    return Measured(done, len(found), tuple(cell for _, cell in found.values()))


def vacancies_recovered(scope: Scope) -> Measured:
    """空置收回: units taken back (已收回, 办结日期 by the end) ÷ units confirmed empty or dead.

    Of the checks by the end that were not closed before the period.
    """
    table = scope.loaded.get(VacancyCheck)
    checked, closed = table.column("checked_on"), table.column("closed_on")
    units, states = table.column("unit_no"), table.column("status")
    results = table.column("result")
    found: dict[str, tuple[bool, Cell]] = {}
    for index in table.usable("unit_no", "checked_on", "result", "status"):
        over = closed[index] is not None and closed[index] < scope.period.start
        if results[index] not in _CONFIRMED or checked[index] > scope.end or over:
            continue
        if scope.has(units[index], None):
            back = states[index] is VacancyStatus.RECOVERED and _by(closed[index], scope.end)
            cell = table.cell(index, "closed_on" if back else "status")
            found[units[index]] = back, cell
    done = sum(back for back, _ in found.values())
    return Measured(done, len(found), tuple(cell for _, cell in found.values()))


def hazards(scope: Scope) -> Measured:
    """隐患整改: hazards put right by the end ÷ hazards open at the start or found since.

    Put right: 整改状态 and 整改日期 both say so; unfounded ones are left out.
    """
    table = scope.loaded.get(SafetyHazard)
    found, fixed = table.column("found_on"), table.column("fixed_on")
    estates, states = table.column("estate"), table.column("status")
    done, cells = 0, []
    for index in table.usable("estate", "found_on", "status"):
        put_right = states[index] in _DONE and fixed[index] is not None
        before = put_right and fixed[index] < scope.period.start
        unfounded = states[index] is RectificationStatus.UNFOUNDED
        if found[index] > scope.end or before or unfounded or not scope.has_estate(estates[index]):
            continue
        fixed_now = put_right and fixed[index] <= scope.end
        done += fixed_now
        cells.append(table.cell(index, "fixed_on" if fixed_now else "status"))
    return Measured(done, len(cells), tuple(cells))


def _money(one: Sum) -> Measured:
    return Measured(one.numerator, one.denominator, one.cells, money=True)


def _by(day: dt.date | None, end: dt.date) -> bool:
    return day is not None and day <= end


_Cases = list[tuple[bool, bool]]  # of one unit: (put right, the household leaves)


def _by_unit(scope: Scope, counts: Callable[[_Cases], bool]) -> Measured:
    table = scope.loaded.get(TenancyCase)
    units, households = table.column("unit_no"), table.column("household_no")
    leaves, rectified = table.column("household_exits"), table.column("rectified_on")
    cases: defaultdict[str, _Cases] = defaultdict(list)
    cells = []
    for index, done in _violations(scope):
        cases[units[index] or f"household {households[index]}"].append((done, bool(leaves[index])))
        cells.append(table.cell(index, "rectified_on" if rectified[index] else "status"))
    return Measured(sum(map(counts, cases.values())), len(cases), tuple(cells))


def _violations(scope: Scope) -> Iterator[tuple[int, bool]]:
    """(row, put right by the end) of the violations that concern the period."""
    table = scope.loaded.get(TenancyCase)
    found, rectified = table.column("found_on"), table.column("rectified_on")
    states, categories = table.column("status"), table.column("category")
    units, households = table.column("unit_no"), table.column("household_no")
    for index in table.usable("household_no", "category", "found_on", "status"):
        if categories[index] is not CaseCategory.VIOLATION or found[index] > scope.end:
            continue
        put_right = states[index] in _DONE and rectified[index] is not None
        if put_right and rectified[index] < scope.period.start:
            continue
        if states[index] is RectificationStatus.UNFOUNDED:
            continue
        if scope.has(units[index], households[index]):
            yield index, put_right and rectified[index] <= scope.end


def _ended_tickets(scope: Scope, only: tuple[str, ...]) -> Iterator[tuple[int, dt.date | None]]:
    """(row, day answered or None while open) of the tickets that came to an end by the end."""
    table = scope.loaded.get(HotlineTicket)
    received, due = table.column("received_on"), table.column("due_on")
    handled, states = table.column("handled_on"), table.column("status")
    subjects, households = table.column("subject"), table.column("household_no")
    for index in table.usable("received_on", "status"):
        if received[index] > scope.end or states[index] is TicketStatus.RETURNED:
            continue
        if (only and subjects[index] not in only) or not scope.has(None, households[index]):
            continue
        answered = handled[index] if _by(handled[index], scope.end) else None
        if answered is not None and answered >= scope.period.start:
            yield index, answered
        elif answered is None and _before(due[index], scope.end):
            yield index, None


def _before(day: dt.date | None, end: dt.date) -> bool:
    return day is not None and day < end
