"""This month's charges against last month's, household by household, with the reason for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from zhubao.core.finding import Cell
from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge
from zhubao.ledger.tenants import Lease, LeaseStatus
from zhubao.rent.charge.charging import ChargeRun
from zhubao.rent.charge.drafts import Draft
from zhubao.rent.charge.stays import Stay, read_stays

NO_NUMBER = "（编号不清）"


class Movement(StrEnum):
    """How a household differs from last month."""

    NEW = "新增"
    GONE = "减少"
    RAISED = "调增"
    LOWERED = "调减"
    SAME = "不变"


_SIGNS = {Movement.GONE: -1, Movement.LOWERED: -1, Movement.NEW: 1, Movement.RAISED: 1,
          Movement.SAME: 1}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One charge of a household in a month: a row of the sheet, or one about to be added.

    `full_rent` is the whole-month rent behind it, None where it is unknown; money in fen.
    """

    amount: int
    base: int
    reduction: int
    unit_no: str
    lease_no: str
    tier: str
    full_rent: int | None
    is_part_month: bool
    cell: Cell | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A household's month beside the month before."""

    household_no: str
    movement: Movement
    before: int
    now: int
    reasons: tuple[str, ...]
    parts: tuple[Part, ...]  # this month's; last month's where there are none

    @property
    def change(self) -> int:
        """This month less last month."""
        return self.now - self.before

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Where the amounts stand."""
        return tuple(part.cell for part in self.parts if part.cell is not None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every household's movement; `totals` has households and fen per movement.

    The fen of households gone and lowered are what is taken away: above zero unless corrections
    made the sums negative.

    before + new - gone + raised - lowered = now, where now = already charged + to be added.
    """

    last_month: Month | None
    differences: tuple[Difference, ...]  # without those that stayed the same
    totals: Mapping[Movement, tuple[int, int]]
    before: int
    households_before: int
    booked: int
    added: int
    unreadable: int  # rows of either month whose amount is unreadable: not counted

    @property
    def now(self) -> int:
        """This month's charges, those already there and those to be added."""
        return self.booked + self.added


def compare(run: ChargeRun) -> Comparison:
    """Compare per household, and prove the totals.

    The sums per household come from the classification, both months' sums straight from the rows;
    raises `ChargesDoNotTie` (a fault of the program) when they differ by a fen.
    """
    before, now = _parts_before(run), _parts_now(run)
    numbers, households_before = sorted({*before, *now}), len(before)
    context = _Context(run)
    everything = [_difference(context, number, before[number], now[number]) for number in numbers]
    totals = {
        movement: (
            sum(1 for one in everything if one.movement is movement),
            _SIGNS[movement] * sum(one.change for one in everything if one.movement is movement),
        )
        for movement in Movement
    }
    table = run.loaded.get(Charge)
    rows_now = [row for row, month in enumerate(table.column("month")) if month == run.month]
    booked, lost_now = _sum(table.column("amount"), rows_now)
    total_before, lost_before = _sum(table.column("amount"), run.last_rows)
    result = Comparison(
        last_month=run.last_month,
        differences=tuple(one for one in everything if one.movement is not Movement.SAME),
        totals=totals,
        before=total_before,
        households_before=households_before,
        booked=booked,
        added=sum(draft.amount for draft in run.new),
        unreadable=lost_now + lost_before,
    )
    _prove(result, sum(part.amount for parts in before.values() for part in parts))
    return result


class ChargesDoNotTie(AssertionError):
    """The bridge from last month to this one does not hold: a fault of the program."""


def _prove(one: Comparison, classified_before: int) -> None:
    fen = {movement: one.totals[movement][1] for movement in Movement}
    end = (
        one.before + fen[Movement.NEW] - fen[Movement.GONE]
        + fen[Movement.RAISED] - fen[Movement.LOWERED]
    )  # fmt: skip
    if end != one.now or classified_before != one.before:
        raise ChargesDoNotTie(f"last month to this: {end} != {one.now}")


def _sum(amounts: list[int | None], rows: Iterable[int]) -> tuple[int, int]:
    """The sum of the readable amounts, and how many are not."""
    found = [amounts[row] for row in rows]
    return sum(one for one in found if one is not None), found.count(None)


def _parts_before(run: ChargeRun) -> defaultdict[str, list[Part]]:
    parts: defaultdict[str, list[Part]] = defaultdict(list)
    if run.last_month is None:
        return parts
    last_day_charged = run.terms.last_day_charged
    stays = read_stays(run.loaded, run.last_month, last_day_charged=last_day_charged)
    by_lease = {stay.lease_no: stay for stay in stays.stays}
    lease_of = run.loaded.get(Charge).column("lease_no")
    for row in run.last_rows:
        _book(run, parts, row, by_lease.get(lease_of[row]))
    return parts


def _parts_now(run: ChargeRun) -> defaultdict[str, list[Part]]:
    parts: defaultdict[str, list[Part]] = defaultdict(list)
    stay_of = {stay.row: stay for stay in run.stays.stays}
    for lease, rows in run.booked.of_lease.items():
        for row in rows:
            _book(run, parts, row, stay_of[lease])
    for row in run.booked.strays:
        _book(run, parts, row, None)
    for draft in run.new:
        parts[draft.stay.household_no].append(_drafted(run, draft))
    return parts


def _book(run: ChargeRun, parts: defaultdict[str, list[Part]], row: int, stay: Stay | None) -> None:
    """Add a row of the sheet to its household; one without readable amount is passed over."""
    table = run.loaded.get(Charge)
    amount, reduction, standard, unit, lease, household = (
        table.column(name)[row]
        for name in ("amount", "reduction", "standard", "unit_no", "lease_no", "household_no")
    )
    if amount is None:
        return
    base = standard if standard is not None else amount + (reduction or 0)
    whole = stay is None or stay.is_whole_month
    leases = run.loaded.get(Lease)
    contract = leases.column("monthly_rent")[stay.row] if stay else None
    part = Part(
        amount=amount,
        base=base,
        reduction=reduction or 0,
        unit_no=unit or (stay.unit_no if stay else ""),
        lease_no=lease or (stay.lease_no if stay else ""),
        tier=str(leases.column("tier")[stay.row] or "") if stay else "",
        full_rent=base if whole else contract,
        is_part_month=not whole,
        cell=table.cell(row, "amount"),
    )
    parts[household or NO_NUMBER].append(part)


def _drafted(run: ChargeRun, draft: Draft) -> Part:
    stay, leases = draft.stay, run.loaded.get(Lease)
    return Part(
        amount=draft.amount,
        base=draft.standard,
        reduction=draft.reduction,
        unit_no=stay.unit_no,
        lease_no=stay.lease_no,
        tier=str(leases.column("tier")[stay.row] or ""),
        full_rent=draft.rent,
        is_part_month=not stay.is_whole_month,
        cell=leases.cell(stay.row, "monthly_rent"),
    )


def _difference(context: _Context, number: str, before: list[Part], now: list[Part]) -> Difference:
    total_before, total_now = (sum(part.amount for part in parts) for parts in (before, now))
    movement = _movement(bool(before), bool(now), total_now - total_before)
    reasons: tuple[str, ...] = ()
    if movement is Movement.NEW:
        reasons = tuple(context.why_new(number))
    elif movement is Movement.GONE:
        reasons = tuple(context.why_gone(number))
    elif movement is not Movement.SAME:
        reasons = tuple(_why_changed(before, now)) or ("请核对",)
    return Difference(number, movement, total_before, total_now, reasons, tuple(now or before))


def _movement(was: bool, now: bool, change: int) -> Movement:
    if not was:
        return Movement.NEW
    if not now:
        return Movement.GONE
    if change == 0:
        return Movement.SAME
    return Movement.RAISED if change > 0 else Movement.LOWERED


def _why_changed(before: list[Part], now: list[Part]) -> Iterator[str]:
    """The reasons that show; a row that names no unit says nothing about a move."""
    units = [{part.unit_no for part in parts} for parts in (before, now)]
    moved = units[0] != units[1] and "" not in units[0] | units[1]
    tiers = [{part.tier for part in parts if part.tier} for parts in (before, now)]
    retyped = all(tiers) and tiers[0] != tiers[1]
    partial = any(part.is_part_month for part in (*before, *now))
    rents = [
        {part.full_rent for part in parts if part.full_rent is None or part.full_rent > 0}
        for parts in (before, now)
    ]  # a correction below zero is no rent
    if moved:
        yield "换房"
    if partial:
        yield "部分月"
    if retyped:
        yield "类型变更"
    if not moved and not retyped and rents[0] != rents[1]:
        yield "调租"
    if sum(part.reduction for part in before) != sum(part.reduction for part in now):
        yield "减免变化"
    if len(before) != len(now) and not moved and not partial:
        yield "笔数不同"


class _Context:
    """What the ledgers say of households that came or went."""

    def __init__(self, run: ChargeRun) -> None:
        self._run, self._leases = run, run.loaded.get(Lease)
        self._blocked = {one.row: one for one in run.blocked}
        self._stays: dict[str, list[Stay]] = defaultdict(list)
        for stay in run.stays.stays:
            self._stays[stay.household_no].append(stay)
        self._rows: dict[str, list[int]] = defaultdict(list)
        for row, number in enumerate(self._leases.column("household_no")):
            self._rows[number].append(row)

    def why_new(self, number: str) -> Iterator[str]:
        """A household charged now and not before."""
        own = self._stays.get(number)
        if not own:
            yield "没有在租的合同"
            return
        starts, last = self._leases.column("starts_on"), self._run.last_month
        begins = min(starts[stay.row] for stay in own)
        yield "起租" if last is None or begins > last.last_day else "上月未计"
        if any(not stay.is_whole_month for stay in own):
            yield "部分月"

    def why_gone(self, number: str) -> Iterator[str]:
        """A household charged before and not now."""
        rows, status = self._rows.get(number, ()), self._leases.column("status")
        left = self._leases.column("terminated_on")
        held = next((self._blocked[row] for row in rows if row in self._blocked), None)
        ends = [left[row] for row in rows if left[row] is not None]
        if held is not None:
            yield f"未计：{held.reason}"
        elif ends:
            yield f"退租（{max(ends)}）"
        elif any(status[row] is LeaseStatus.TERMINATED for row in rows):
            yield "退租（没有日期）"
        else:
            yield "没有在租的合同"
