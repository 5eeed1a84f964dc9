"""The rows of 应收 that are already there, and which lease each belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhubao.core.finding import Finding
from zhubao.core.money import format_yuan
from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge
from zhubao.ledger.table import LedgerTable
from zhubao.rent.charge import kinds
from zhubao.rent.charge.stays import Stay, Stays


@dataclass(frozen=True, slots=True)
class Booked:
    """Charges of the month by the lease they belong to (its row in the lease table).

    `strays` are rows of the month that belong to no live lease; `blocked` maps a live lease to the
    error that keeps it from being charged, because a charge may already be there.
    """

    of_lease: dict[int, tuple[int, ...]]
    strays: tuple[int, ...]
    blocked: dict[int, Finding]
    findings: tuple[Finding, ...]


def rows_of_month(table: LedgerTable[Charge], month: Month) -> list[int]:
    """The charges of a billing month, in sheet order."""
    return [row for row, billed in enumerate(table.column("month")) if billed == month]


def match_charges(table: LedgerTable[Charge], month: Month, stays: Stays) -> Booked:
    """Find the lease of every charge of the month.

    By lease number; else, when that names no live lease or is empty, by household and unit; else,
    when the unit is empty too, by household if it has one live lease. Several rows may belong to
    one lease (a charge and its correction). A row that could belong to several leases, names a
    lease of another household, or has an unreadable month, blocks the leases it could belong to.
    """
    matcher = _Matcher(table, month, stays)
    for row in rows_of_month(table, month):
        matcher.place(row)
    for row in sorted(table.bad.get("month", ())):
        matcher.suspect(row)
    return matcher.result()


class _Matcher:
    def __init__(self, table: LedgerTable[Charge], month: Month, stays: Stays) -> None:
        self._table, self._month, self._stays = table, month, stays
        self._lease, self._household, self._unit = (
            table.column(name) for name in ("lease_no", "household_no", "unit_no")
        )
        self._by_lease = {stay.lease_no: stay for stay in stays.stays}
        self._by_household: dict[str, list[Stay]] = defaultdict(list)
        for stay in stays.stays:
            self._by_household[stay.household_no].append(stay)
        self._found: dict[int, list[int]] = defaultdict(list)
        self._unclear: list[tuple[int, Sequence[Stay], str]] = []
        self._strays: list[int] = []
        self._findings: list[Finding] = []

    def place(self, row: int) -> None:
        """Give a row of the month to its lease."""
        named, household = self._by_lease.get(self._lease[row]), self._household[row]
        candidates = self._candidates(row)
        if named is not None and household and household != named.household_no:
            owner = f"写的家庭 {household} 与合同 {named.lease_no} 的家庭 {named.household_no} 不同"
            self._unclear.append((row, [named, *candidates], owner))
            return
        if named is not None:
            self._found[named.row].append(row)
            return
        if len(candidates) == 1:
            self._found[candidates[0].row].append(row)
            if self._lease[row] and self._lease[row] not in self._stays.suspects:
                self._say(row, f"写的合同 {self._lease[row]} 本月不在租，"
                               f"按同户同房源认作合同 {candidates[0].lease_no}")  # fmt: skip
        elif candidates:
            self._unclear.append((row, candidates, "没有写清合同和房源，该户有几份合同在租"))
        else:
            self._stray(row)

    def suspect(self, row: int) -> None:
        """A row whose month is unreadable may be of this month."""
        named = self._by_lease.get(self._lease[row])
        candidates = [named] if named else ([] if self._lease[row] else self._candidates(row))
        if candidates:
            self._unclear.append((row, candidates, "账单期空着或看不清"))

    def result(self) -> Booked:
        """Everything placed; an unclear row blocks only leases that have no row of their own."""
        blocked: dict[int, Finding] = {}
        for row, candidates, why in self._unclear:
            open_ones = [stay for stay in candidates if stay.row not in self._found]
            if self._table.column("month")[row] == self._month:
                self._strays.append(row)
                if not open_ones:
                    self._say(row, why)
            for stay in open_ones:
                what = f"应收 {self._number(row)} {why}"
                cell = self._table.cell(row, "month")
                found = kinds.CHARGE_AMBIGUOUS.at(cell, what=what, lease=stay.lease_no)
                blocked.setdefault(stay.row, found)
        placed = {lease: tuple(rows) for lease, rows in self._found.items()}
        return Booked(placed, tuple(sorted(self._strays)), blocked, tuple(self._findings))

    def _candidates(self, row: int) -> list[Stay]:
        stays: Iterable[Stay] = self._by_household.get(self._household[row], ())
        unit = self._unit[row]
        return [stay for stay in stays if not unit or stay.unit_no == unit]

    def _stray(self, row: int) -> None:
        self._strays.append(row)
        number = self._lease[row]
        if number in self._stays.suspects:
            return
        if number:
            self._say(row, f"合同 {number} 本月不在租")
        else:
            self._say(row, f"家庭 {self._household[row] or '（编号不清）'} 本月没有在租的合同")

    def _say(self, row: int, detail: str) -> None:
        amount = self._table.column("amount")[row]
        shown = (
            f"{self._number(row)}（{format_yuan(amount)} 元）"
            if amount is not None
            else (self._number(row))
        )
        cell = self._table.cell(row, "lease_no" if self._lease[row] else "household_no")
        self._findings.append(
            kinds.CHARGE_WITHOUT_LEASE.at(cell, month=self._month, charge=shown, detail=detail)
        )

    def _number(self, row: int) -> str:
        return self._table.column("charge_no")[row] or "（编号不清）"
