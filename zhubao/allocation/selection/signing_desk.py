"""One household after the other at the signing desk: its lease, or every reason against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.allocation.selection.availability import households_housed, units_dispatched, units_let
from zhubao.allocation.selection.basis import Basis
from zhubao.allocation.selection.judging import named
from zhubao.allocation.selection.kinds import (
    CHOSEN_OUTSIDE,
    HAS_LEASE,
    NO_HOUSEHOLD,
    NO_PRICE,
    NOT_ON_WAITING_LIST,
    SIGNED_TOO_EARLY,
    SUBSIDY_IN_FORCE,
    UNIT_TAKEN,
    WAITING_CLOSED,
)
from zhubao.allocation.selection.numbers import next_lease_number
from zhubao.allocation.selection.queue import Candidate
from zhubao.allocation.selection.standing import Entry, Standing
from zhubao.allocation.selection.terms import Terms
from zhubao.core.finding import Finding, FindingKind
from zhubao.ledger.allocation import UnitSelection
from zhubao.ledger.charge_formula import monthly_rent_fen
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyStatus
from zhubao.ledger.tenants import Household, Lease, ProtectionStatus, WaitingEntry, WaitingStatus
from zhubao.ledger.units import Unit, UnitStatus

_NOT_LETTABLE = (UnitStatus.OCCUPIED, UnitStatus.DISPOSED)
_OPEN = (WaitingStatus.PENDING, WaitingStatus.WAITING)


@dataclass(frozen=True, slots=True)
class Signed:
    """A household that signs: its lease, or for a resettled household only the day."""

    candidate: Candidate
    entry: Entry
    unit_no: str
    lease_no: str = ""
    unit_index: int = -1
    waiting_index: int = -1
    household_index: int = -1
    tier: str = ""
    area_m2: Any = None
    rent_fen: int = 0


class SigningDesk:
    """Judges one household after the other; a lease given counts against the next."""

    def __init__(
        self,
        basis: Basis,
        standing: Standing,
        loaded: Loaded,
        terms: Terms,
        overrides: Mapping[str, Any],
    ) -> None:
        self._basis, self._standing, self._loaded = basis, standing, loaded
        self._terms, self._overrides = terms, overrides
        self._units, self._households = loaded.get(Unit), loaded.get(Household)
        self._unit_row = _index(self._units.column("unit_no"))
        self._household_row = _index(self._households.column("household_no"))
        day = terms.signed_on
        self._let, self._dispatched = units_let(loaded, day), units_dispatched(loaded, day)
        self._leases = households_housed(loaded, day)
        self._waiting = _Waiting(loaded)
        self._grants = _grants(loaded)
        self._series = next_lease_number(loaded.get(Lease).column("lease_no"))
        self._given: list[str] = []

    def judge(
        self, one: Candidate, entry: Entry, *, resettled: bool
    ) -> tuple[Signed | None, list[Finding]]:
        """The lease, or the reasons against it; warnings do not keep it from being signed."""
        refusals = list(self._refusals(one, entry, resettled=resettled))
        if resettled:
            return (None if refusals else Signed(one, entry, entry.unit_no)), refusals
        rent, fault = self._rent(one, entry) if not refusals else (None, None)
        if fault is not None:
            refusals.append(fault)
        if rent is None:
            return None, refusals
        number = self._series.after(self._series.top_of(self._given[-1:]))
        self._given.append(number)
        self._leases[one.household_no] = self._let[entry.unit_no] = number
        index, household = self._unit_row[entry.unit_no], self._household_row[one.household_no]
        signed = Signed(
            one,
            entry,
            entry.unit_no,
            number,
            index,
            self._waiting.row_of(one),
            household,
            str(self._households.column("tier")[household].value),
            self._units.column("billed_area_m2")[index],
            rent,
        )
        return signed, list(self._warnings(one, entry, signed))

    def _refusals(self, one: Candidate, entry: Entry, *, resettled: bool) -> Iterator[Finding]:
        chosen = entry.at.date() if entry.at else None
        if chosen and self._terms.signed_on < chosen:
            days = {"chosen": chosen, "signed": self._terms.signed_on}
            yield self._at(SIGNED_TOO_EARLY, one, entry, **days)
        yield from self._against_choice(one, entry) or (
            () if resettled else self._against_unit(one, entry)
        )
        if not resettled:
            yield from self._against_household(one, entry)

    def _against_choice(self, one: Candidate, entry: Entry) -> list[Finding]:
        """Not a unit of this event, or chosen by somebody else before."""
        unit, holder = entry.unit_no, self._standing.holder.get(entry.unit_no, "")
        if unit not in self._basis.queue.homes:
            return [self._at(CHOSEN_OUTSIDE, one, entry, unit=unit)]
        if holder != one.entrant_no:
            return [self._at(UNIT_TAKEN, one, entry, unit=unit, why=f"已由 {holder} 先选定")]
        return []

    def _against_unit(self, one: Candidate, entry: Entry) -> Iterator[Finding]:
        unit, row = entry.unit_no, self._unit_row.get(entry.unit_no)
        why = ""
        if row is None:
            why = "“房源”表里没有这一套"
        elif unit in self._let:
            why = f"已有在租合同 {self._let[unit]}"
        elif unit in self._dispatched:
            why = f"房源调配 {self._dispatched[unit]} 已占用"
        else:
            state = self._units.column("status")[row]
            if state is None or state in _NOT_LETTABLE:
                shown = state.value if state else "空着或读不出"
                why = f"“房源”表里的状态是“{shown}”"
        if why:
            yield self._at(UNIT_TAKEN, one, entry, unit=unit, why=why)

    def _against_household(self, one: Candidate, entry: Entry) -> Iterator[Finding]:
        number = one.household_no
        row = self._household_row.get(number)
        if row is None:
            why = f"台账里没有家庭 {number}" if number else "名册里没有家庭编号"
            yield self._at(NO_HOUSEHOLD, one, entry, why=why)
            return
        state = self._households.column("status")[row]
        if state is not ProtectionStatus.IN_FORCE:
            shown = state.value if state else "空着"
            why = f"家庭 {number} 的保障状态是“{shown}”"
            yield self._at(NO_HOUSEHOLD, one, entry, why=why)
        if number in self._leases:
            yield self._at(HAS_LEASE, one, entry, lease=self._leases[number])
        waiting, status = self._waiting.of(one)
        if status is not None and status not in _OPEN and number not in self._leases:
            yield self._at(WAITING_CLOSED, one, entry, waiting=waiting, status=status.value)

    def _rent(self, one: Candidate, entry: Entry) -> tuple[int | None, Finding | None]:
        """The monthly rent by the price in force on the first day of the lease."""
        row, household = self._unit_row[entry.unit_no], self._household_row[one.household_no]
        names = ("billed_area_m2", "location_grade", "has_lift")
        area, grade, lift = (self._units.column(name)[row] for name in names)
        tier = self._households.column("tier")[household]
        known = {"计租面积": area, "地段等级": grade, "电梯": lift, "保障类型": tier}
        empty = "、".join(header for header, value in known.items() if value is None)
        why = f"{empty}空着或读不出" if empty else ""
        if not why:
            day = self._terms.starts_on
            try:
                return monthly_rent_fen(area, tier.value, grade, lift, day, self._overrides), None
            except policy.PolicyUnknown as unknown:
                why = unknown.message
        return None, self._at(NO_PRICE, one, entry, unit=entry.unit_no, why=why)

    def _warnings(self, one: Candidate, entry: Entry, signed: Signed) -> Iterator[Finding]:
        if signed.waiting_index < 0:
            yield self._at(NOT_ON_WAITING_LIST, one, entry)
        for row in self._grants.get(one.household_no, ()):
            table = self._loaded.get(SubsidyGrant)
            status = table.column("status")[row]
            words = {"grant": table.column("grant_no")[row], "status": status.value}
            where = table.cell(row, "status")
            yield SUBSIDY_IN_FORCE.at(where, who=named(one), **words)

    def _at(self, kind: FindingKind, one: Candidate, entry: Entry, **words: object) -> Finding:
        where = self._loaded.get(UnitSelection).cell(entry.index, "entrant_no")
        return kind.at(where, who=named(one), **words)


class _Waiting:
    """The registration a household waits under: the one its roster names, else its open one."""

    def __init__(self, loaded: Loaded) -> None:
        self._table = loaded.get(WaitingEntry)
        self._by_number = _index(self._table.column("waiting_no"))
        states, households = self._table.column("status"), self._table.column("household_no")
        self._open = {
            household: index
            for index, household in enumerate(households)
            if household and states[index] in _OPEN
        }

    def row_of(self, one: Candidate) -> int:
        """Its index; -1 when there is none."""
        row = self._by_number.get(one.waiting_no) if one.waiting_no else None
        return self._open.get(one.household_no, -1) if row is None else row

    def of(self, one: Candidate) -> tuple[str, WaitingStatus | None]:
        """Number and status; None without a registration."""
        row = self.row_of(one)
        if row < 0:
            return "", None
        return self._table.column("waiting_no")[row] or "", self._table.column("status")[row]


def _index(numbers: Sequence[str | None]) -> dict[str, int]:
    return {number: index for index, number in enumerate(numbers) if number}


def _grants(loaded: Loaded) -> dict[str, list[int]]:
    """Household → its subsidy grants that are paid or only suspended."""
    table = loaded.get(SubsidyGrant)
    found: dict[str, list[int]] = {}
    states, households = table.column("status"), table.column("household_no")
    for index in table.usable("household_no", "status"):
        if states[index] in (SubsidyStatus.IN_FORCE, SubsidyStatus.SUSPENDED):
            found.setdefault(households[index], []).append(index)
    return found
