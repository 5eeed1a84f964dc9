"""The month of the rent line: what was owed, charged, received and is owed, per account."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.period import Month, Period
from zhubao.ledger.arrears import Charge, Receipt, Reduction, ReductionKind
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Lease, LeaseStatus
from zhubao.ledger.units import Unit
from zhubao.rent.arrears import ArrearsResult, compute_arrears
from zhubao.rent.figures import Figures, account_figures, settle_twice
from zhubao.rent.postings import NO_MONTH, BoolArray, IntArray, usable_rows
from zhubao.rent.proof import IdentityBroken, ProofLine
from zhubao.rent.settlement import add_up

NO_OWNER = "（产权不明）"
_EARLIER_YEARS, _EARLIER_MONTHS, _THIS_MONTH, _ADVANCE = range(4)


@dataclass(frozen=True, slots=True)
class Flow:
    """One number per account, in fen; counts are 0 or 1.

    opening + charged - received - reduced - written_off = closing = owed + overdrawn - credit,
    and received = this_month + earlier_months + earlier_years + advance. See `split_received`.
    `opening_owed` and `opening_credit` are the parts of the opening balance (overdrafts apart).
    """

    opening: IntArray
    charged: IntArray
    this_month: IntArray
    earlier_months: IntArray
    earlier_years: IntArray
    advance: IntArray
    received: IntArray
    reduced: IntArray
    written_off: IntArray
    closing: IntArray
    owed: IntArray
    credit: IntArray
    overdrawn: IntArray
    year_charged: IntArray
    year_received: IntArray
    opening_owed: IntArray
    opening_credit: IntArray
    was_charged: IntArray
    has_paid: IntArray
    in_debt: IntArray

    def select(self, accounts: IntArray) -> Flow:
        """The numbers of some accounts."""
        return Flow(*(getattr(self, field.name)[accounts] for field in fields(self)))

    def total(self, name: str) -> int:
        """The sum of one column over all accounts."""
        return int(getattr(self, name).sum())


@dataclass(frozen=True, slots=True)
class MonthResult:
    """The month's figures. `arrears` is the result at the end of the month (or at the cut-off),
    `year` the figures from 1 January on, `ownership` one word per account. `estate_before` and
    `ownership_before` are those on the day before the month: where the report before listed it."""

    month: Month
    arrears: ArrearsResult
    flow: Flow
    year: Figures
    ownership: tuple[str, ...]
    estate_before: tuple[str, ...]
    ownership_before: tuple[str, ...]
    proof: tuple[ProofLine, ...]

    @property
    def is_whole(self) -> bool:
        """True when the figures cover the month to its last day."""
        return self.arrears.as_of == self.month.last_day


def compute_month(
    loaded: Loaded,
    month: Month,
    *,
    as_of: dt.date | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> MonthResult:
    """The figures of one month, up to `as_of` where that is earlier than the month's last day.

    Everything follows from the settlement of the arrears: the position on the day before the month
    and the position at its end. The closing of the month before is computed once more from the
    postings up to that day alone, and must equal the opening. Raises `UsageError` for a cut-off
    before the month, `IdentityBroken` when a figure does not tie (a fault of the program).
    """
    if as_of is not None and as_of < month.first_day:
        raise UsageError(
            f"{month.title}在截止日期 {as_of} 之后",
            advice="请改 --month，或用 --as-of 写明截止日期。",
        )
    end = min(as_of or month.last_day, month.last_day)
    result = compute_arrears(loaded, end, start=month.first_day, overrides=overrides)
    last = month.first_day - dt.timedelta(days=1)
    before = compute_arrears(loaded, last, start=last, overrides=overrides)
    new_year = month.first_day.replace(month=1)
    settled = settle_twice(result.books, result.slots, new_year)
    year = account_figures(result.books, result.slots, settled, new_year, end)
    flow = _flow(result, month, year)
    owners = Owners(loaded)
    return MonthResult(
        month=month,
        arrears=result,
        flow=flow,
        year=year,
        ownership=_ownership(result, owners),
        estate_before=before.homes.estate,
        ownership_before=_ownership(before, owners),
        proof=_prove(flow, year, before),
    )


def split_received(result: ArrearsResult, month: Month) -> tuple[IntArray, IntArray]:
    """What the month's receipts paid: four rows (see below) of one number per account.

    Also returns the month's reductions and write-offs per account, which are taken out. The rows:
    debts of earlier years, of earlier months of the year, of the month itself, and advance.

    Per slot (account and billing month): paid now - paid on the day before the month. This sorts
    money by the month it settled, by the rule of `settlement.settle`; it can be negative where a
    late receipt naming a month moves earlier money, or a reversal takes it back. Money held in
    credit before and used now counts for the month it settles and lowers `advance`; so
    advance = change of credit - change of overdraft + change of charges below zero + what settled
    months to come. Reductions of the month are taken from the class of the month they name, up to
    what was settled there; the rest, and those that name none, from the oldest class on, at last
    from `advance`. Hence the four rows sum to the receipts exactly.
    """
    slots, settled = result.slots, result.settled
    before, now = settled.before, settled.now
    paid = (now.payable - now.unpaid) - (before.payable - before.unpaid)
    group = _classes(slots.month, month)
    parts = np.stack([slots.per_account(np.where(group == one, paid, 0)) for one in range(4)])
    below_zero = np.minimum(settled.due_now, 0) - np.minimum(settled.due_before, 0)
    parts[_ADVANCE] += slots.per_account(below_zero)
    parts[_ADVANCE] += now.credit - before.credit - now.overdrawn + before.overdrawn
    reductions = _take_out_reductions(parts, result, month)
    return parts, reductions


def _classes(months: IntArray, month: Month) -> IntArray:
    """Earlier years, earlier months of the year, the month itself, months to come."""
    new_year = Month.of(month.year, 1)
    limits = np.array([int(new_year), int(month), int(month) + 1])
    found: IntArray = np.searchsorted(limits, months, side="right").astype(np.int64)
    return found


def _take_out_reductions(parts: IntArray, result: ArrearsResult, month: Month) -> IntArray:
    """Lower `parts` by the month's reductions; returns them per account."""
    money, size = result.books.money, result.books.size
    own = money.where(money.of_part(1) & (money.day >= month.first_day.toordinal()))
    total = add_up(size, own.account, own.amount)
    room = np.maximum(parts[:_ADVANCE], 0)
    group = np.where(own.month == NO_MONTH, _ADVANCE, _classes(own.month, month))
    named = np.stack(
        [add_up(size, own.account[group == one], own.amount[group == one]) for one in range(3)]
    )
    taken = np.minimum(named, room)
    rest = total - taken.sum(axis=0)
    for one in range(_ADVANCE):
        more = np.clip(rest, 0, room[one] - taken[one])
        taken[one] += more
        rest = rest - more
    parts[:_ADVANCE] -= taken
    parts[_ADVANCE] -= rest
    return total


def _flow(result: ArrearsResult, month: Month, year: Figures) -> Flow:
    figures, settled, size = result.figures, result.settled, result.books.size
    parts, reductions = split_received(result, month)
    written_off = _written_off(result, month)
    debts, money = result.books.debts, result.books.money
    first = month.first_day.toordinal()
    paid = ~money.of_part(1) & (money.day >= first) & (money.amount > 0)
    return Flow(
        opening=figures.opening,
        charged=figures.charged,
        this_month=parts[_THIS_MONTH],
        earlier_months=parts[_EARLIER_MONTHS],
        earlier_years=parts[_EARLIER_YEARS],
        advance=parts[_ADVANCE],
        received=figures.received,
        reduced=reductions - written_off,
        written_off=written_off,
        closing=settled.now.balance,
        owed=figures.owed,
        credit=figures.credit,
        overdrawn=figures.overdrawn,
        year_charged=year.charged,
        year_received=year.received,
        opening_owed=settled.before.owed,
        opening_credit=settled.before.credit,
        was_charged=_marked(size, debts.account[debts.day >= first]),
        has_paid=_marked(size, money.account[paid]),
        in_debt=(figures.owed > 0).astype(np.int64),
    )


def _marked(size: int, accounts: IntArray) -> IntArray:
    marks = np.zeros(size, np.int64)
    marks[accounts] = 1
    return marks


def _written_off(result: ArrearsResult, month: Month) -> IntArray:
    """The month's rows of kind 核销; a row without a readable kind counts as a reduction."""
    money = result.books.money
    kinds = result.loaded.get(Reduction).column("kind")
    picked: BoolArray = money.of_part(1) & (money.day >= month.first_day.toordinal())
    rows = [
        index
        for index in np.flatnonzero(picked).tolist()
        if kinds[int(money.row[index])] is ReductionKind.WRITE_OFF
    ]
    return add_up(result.books.size, money.account[rows], money.amount[rows])


def _prove(flow: Flow, year: Figures, before: ArrearsResult) -> tuple[ProofLine, ...]:
    """Test every equation per account, and return the totals; raises `IdentityBroken`.

    `before` comes from the same sheets, so its accounts are numbered the same.
    """
    closing_before = before.settled.now.balance
    equations = (
        (
            "上期结转 ＋ 应收 － 实收 － 减免 － 核销 ＝ 结转下期",
            flow.opening + flow.charged - flow.received - flow.reduced - flow.written_off,
            flow.closing,
        ),
        (
            "结转下期 ＝ 结欠 － 预缴 ＋ 冲正超额",
            flow.closing,
            flow.owed - flow.credit + flow.overdrawn,
        ),
        (
            "实收 ＝ 本月份 ＋ 本年以前月份 ＋ 以前年度 ＋ 预缴增减",
            flow.received,
            flow.this_month + flow.earlier_months + flow.earlier_years + flow.advance,
        ),
        ("上期结转 ＝ 上月末重新计算的余额", flow.opening, closing_before),
        (
            "年初余额 ＋ 本年应收 － 本年实收 － 本年减免核销 ＝ 结转下期",
            year.opening + year.charged - year.received - year.written_off,
            flow.closing,
        ),
    )
    broken = [title for title, left, right in equations if (left != right).any()]
    if broken:
        raise IdentityBroken(f"monthly figures do not tie: {broken}")
    return tuple(ProofLine(title, int(a.sum()), int(b.sum())) for title, a, b in equations)


def _ownership(result: ArrearsResult, owners: Owners) -> tuple[str, ...]:
    """The owner per account, on the last day of the figures."""
    return tuple(owners.on(number, result.as_of) or NO_OWNER for number in result.books.numbers)


class Owners:
    """Who owns the unit a household lives in on a day.

    The lease that `homes.read_homes` takes: the one living in on the day, else the last one before
    it, else the first to come; of several the one that began last, then the highest lease number.
    Without a lease, or when its unit has no known owner, the unit named in the household's charges:
    the latest billing month up to the day, else the earliest one after it.
    """

    def __init__(self, loaded: Loaded) -> None:
        units = loaded.get(Unit)
        self._owner = dict(zip(units.column("unit_no"), units.column("ownership"), strict=True))
        self._leases = self._read_leases(loaded)
        owners = {number: {one[4] for one in terms} for number, terms in self._leases.items()}
        self._only = {
            number: next(iter(own)) for number, own in owners.items() if len(own) == 1 and all(own)
        }
        self._known = {number for number, own in owners.items() if all(own)}
        self._charged = self._read_charges(loaded)

    def on(self, household_no: str, day: dt.date) -> str:
        """市级 or 区级, or "" where it is not known."""
        only = self._only.get(household_no)
        if only is not None:
            return only
        leases = self._leases.get(household_no, ())
        if leases:
            owner = max((_stage(one, day), one[0], one[3], one[4]) for one in leases)[3]
            if owner:
                return owner
        return _nearest(self._charged.get(household_no, []), Month.containing(day))

    def _read_leases(self, loaded: Loaded) -> dict[str, list[_Term]]:
        table = loaded.get(Lease)
        starts, ended = table.column("starts_on"), table.column("terminated_on")
        status, unit_nos = table.column("status"), table.column("unit_no")
        numbers, lease_nos = table.column("household_no"), table.column("lease_no")
        found: dict[str, list[_Term]] = defaultdict(list)
        for row in table.usable("household_no", "unit_no", "starts_on"):
            owner = self._owner.get(unit_nos[row])
            over = status[row] is LeaseStatus.TERMINATED
            term = (starts[row], ended[row], over, str(lease_nos[row]), str(owner or ""))
            found[numbers[row]].append(term)
        return found

    def _read_charges(self, loaded: Loaded) -> dict[str, list[tuple[int, str]]]:
        """Only of households without a lease, or with one whose unit has no known owner."""
        table = loaded.get(Charge)
        numbers, unit_nos = table.column("household_no"), table.column("unit_no")
        months = table.column("month")
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for row in usable_rows(table):
            owner = self._owner.get(unit_nos[row]) if numbers[row] not in self._known else None
            if owner:
                found[numbers[row]].append((int(months[row]), owner.value))
        return found


# start, given back on, terminated, lease number, owner
_Term = tuple[dt.date, dt.date | None, bool, str, str]


def _stage(term: _Term, day: dt.date) -> int:
    """2 living in, 1 past, 0 to come."""
    start, ended, over, *_ = term
    if start > day:
        return 0
    if ended is None:
        return 1 if over else 2
    return 2 if ended > day else 1


def _nearest(charged: Sequence[tuple[int, str]], month: Month) -> str:
    before = [one for one in charged if one[0] <= month]
    chosen = max(before) if before else min(charged, default=(0, ""))
    return chosen[1]


@dataclass(frozen=True, slots=True)
class Taking:
    """One receipt and the owner of the unit lived in on that day ("" where not known).

    `later` is the owner of the unit lived in at the end of the period.
    """

    owner: str
    later: str
    month: Month
    amount: int
    household_no: str
    cell: Cell


def takings_of(loaded: Loaded, period: Period, owners: Owners | None = None) -> Iterator[Taking]:
    """The receipts of a period, in the order of the rows; `owners` are those of `loaded`."""
    table, owners = loaded.get(Receipt), owners or Owners(loaded)
    numbers, days = table.column("household_no"), table.column("received_on")
    amounts = table.column("amount")
    for row in usable_rows(table):
        day = days[row]
        if period.contains(day):
            number, cell = numbers[row], table.cell(row, "amount")
            owner, later = owners.on(number, day), owners.on(number, period.end)
            yield Taking(owner, later, Month.containing(day), amounts[row], number, cell)
