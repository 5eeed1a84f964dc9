"""Leases become drafts of charges: priced, shared out over the month, or set aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from zhubao.core.finding import Finding
from zhubao.core.money import format_yuan
from zhubao.core.period import Month
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household, Lease, ProtectionStatus
from zhubao.rent.charge import kinds
from zhubao.rent.charge.part_month import PartRule, Stretch, capped, shares
from zhubao.rent.charge.rents import Home, Rents, Tariff
from zhubao.rent.charge.rows import Booked
from zhubao.rent.charge.stays import Stay, Stays
from zhubao.rent.charge.terms import Basis, Era, Terms


@dataclass(frozen=True, slots=True)
class Draft:
    """What a lease is due for the month; standard - reduction = amount, all in fen.

    `standard` is the rent charged before reduction (by contract or by the rent table, as the
    policy says), for the days charged. `rent` is the whole-month rent of the last day charged,
    `tariff` what the rent table says for it.
    """

    home: Home
    tariff: Tariff
    rent: int
    standard: int
    reduction: int
    remark: str
    charge_no: str = ""

    @property
    def stay(self) -> Stay:
        """The lease and its days."""
        return self.home.stay

    @property
    def amount(self) -> int:
        """What is to be paid."""
        return self.standard - self.reduction


@dataclass(frozen=True, slots=True)
class Blocked:
    """A live lease that gets no charge, and why; `row` is its row in the lease table."""

    row: int
    reason: str
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """A lease with its whole-month rent per era."""

    home: Home
    tariff: Tariff
    rents: Mapping[int, int]


class Clerk:
    """Goes through the leases: prices them, sets aside what cannot be charged."""

    def __init__(self, loaded: Loaded, rents: Rents, stays: Stays, booked: Booked) -> None:
        self._loaded, self._rents, self._stays, self._booked = loaded, rents, stays, booked
        self._terms = rents.terms
        self._leases = loaded.get(Lease)
        self.blocked = [Blocked(row, one.title, one) for row, one in stays.faults.items()]
        self.findings: list[Finding] = []

    def due(self) -> tuple[Draft, ...]:
        """Every lease that can be computed, in the order of households."""
        drafts: list[Draft] = []
        priced = [one for stay in self._stays.stays if (one := self._priced(stay)) is not None]
        for lane in _lanes(priced):
            drafts += _lane_drafts(lane, self._rents)
        return tuple(sorted(drafts, key=lambda draft: draft.stay.sort_key))

    def new(self, due: Sequence[Draft]) -> Iterator[Draft]:
        """Those without a charge of their own; of the rest, why they get none."""
        for draft in due:
            row = draft.stay.row
            if row in self._booked.of_lease:
                continue
            if row in self._booked.blocked:
                self._block(row, self._booked.blocked[row])
            elif draft.standard == 0 and draft.rent > 0:
                rule = self._terms.part_rule.value
                self.blocked.append(Blocked(row, f"本月已按{rule}计入该户的另一份合同"))
            else:
                yield draft

    def _priced(self, stay: Stay) -> Priced | None:
        if stay.row in self._stays.faults:
            return None
        home = self._rents.home(stay)
        fault = self._fault(home)
        if fault is not None:
            self._block(stay.row, fault)
            return None
        tariffs = {
            era.first: self._rents.tariff(home, era)
            for era in self._terms.eras
            if era.first <= stay.last.day and era.last >= stay.first.day
        }
        return self._with_rents(home, tariffs)

    def _with_rents(self, home: Home, tariffs: dict[int, Tariff]) -> Priced | None:
        by_contract = self._terms.basis is Basis.CONTRACT
        rents = {
            first: home.contract if by_contract else tariff.standard
            for first, tariff in tariffs.items()
        }
        last = tariffs[max(tariffs)]
        known = {first: rent for first, rent in rents.items() if rent is not None}
        if len(known) < len(rents):
            self._block(home.stay.row, self._no_rent(home, tariffs))
            return None
        if home.stay.row not in self._booked.of_lease:
            self._warn(home, last)
        return Priced(home, last, known)

    def _fault(self, home: Home) -> Finding | None:
        stay, cell = home.stay, self._leases.cell
        if home.unit_row < 0:
            where = cell(stay.row, "unit_no")
            return kinds.UNIT_UNKNOWN.at(where, lease=stay.lease_no, unit=stay.unit_no)
        if home.household_row < 0:
            where, number = cell(stay.row, "household_no"), stay.household_no
            return kinds.HOUSEHOLD_UNKNOWN.at(where, lease=stay.lease_no, household=number)
        return None

    def _no_rent(self, home: Home, tariffs: Mapping[int, Tariff]) -> Finding:
        stay = home.stay
        if self._terms.basis is Basis.CONTRACT:
            where = self._leases.cell(stay.row, "monthly_rent")
            return kinds.LEASE_UNCLEAR.at(where, lease=stay.lease_no, fields="月租金")
        reason = next(one.reason for one in tariffs.values() if one.standard is None)
        where = self._leases.cell(stay.row, "area_m2")
        return kinds.STANDARD_MISSING.at(where, lease=stay.lease_no, reason=reason)

    def _warn(self, home: Home, tariff: Tariff) -> None:
        """What the clerk should look at although the lease is charged."""
        stay, basis = home.stay, self._terms.basis.value
        cell = self._leases.cell
        contract = "不清" if home.contract is None else format_yuan(home.contract)
        if tariff.standard is None:
            self.findings.append(
                kinds.STANDARD_UNCHECKED.at(
                    cell(stay.row, "area_m2"),
                    lease=stay.lease_no, reason=tariff.reason, contract=contract,
                )
            )  # fmt: skip
        elif tariff.standard != home.contract:
            self.findings.append(
                kinds.RENT_DIFFERS.at(
                    cell(stay.row, "monthly_rent"),
                    lease=stay.lease_no, contract=contract, basis=basis,
                    standard=format_yuan(tariff.standard),
                    formula=self._rents.formula(home, _last_era(self._terms, stay)),
                )
            )  # fmt: skip
        if stay.overrun:
            agreed = self._leases.column("ends_on")[stay.row]
            self.findings.append(
                kinds.STAYED_ON.at(
                    cell(stay.row, "ends_on"), lease=stay.lease_no, end=agreed, basis=basis
                )
            )
        if self._has_exited(home):
            self.findings.append(
                kinds.EXITED_CHARGED.at(
                    cell(stay.row, "household_no"),
                    household=stay.household_no, lease=stay.lease_no, basis=basis,
                )
            )  # fmt: skip

    def _has_exited(self, home: Home) -> bool:
        households = self._loaded.get(Household)
        if households.column("status")[home.household_row] is not ProtectionStatus.EXITED:
            return False
        left = households.column("exited_on")[home.household_row]
        return left is None or left < home.stay.last

    def _block(self, row: int, finding: Finding) -> None:
        self.blocked.append(Blocked(row, finding.title, finding))
        self.findings.append(finding)


def _lanes(priced: Sequence[Priced]) -> Iterator[list[Priced]]:
    """The leases of a household that follow one another; one on the same days is another lane."""
    by_household: dict[str, list[Priced]] = defaultdict(list)
    for one in priced:
        by_household[one.home.stay.household_no].append(one)
    for group in by_household.values():
        lanes: list[list[Priced]] = []
        for one in sorted(group, key=lambda one: one.home.stay.sort_key):
            free = [lane for lane in lanes if lane[-1].home.stay.last < one.home.stay.first]
            if free:
                free[0].append(one)
            else:
                lanes.append([one])
        yield from lanes


def _lane_drafts(lane: Sequence[Priced], rents: Rents) -> Iterator[Draft]:
    """Share the month out among the lane's stretches, and gather them by lease again."""
    parts = [rents.stretches(one.home, one.rents) for one in lane]
    flat = [part for own in parts for part in own]
    rule, days = rents.terms.part_rule, rents.terms.days
    due = shares(rule, days, [stretch for stretch, _ in flat])
    let_off = [relief for _, relief in flat]
    if any(let_off):
        reliefs = [one._replace(rent=relief) for one, relief in flat]
        let_off = capped(shares(rule, days, reliefs), due)
    due_parts, off_parts = iter(due), iter(let_off)
    for one, own in zip(lane, parts, strict=True):
        yield Draft(
            home=one.home,
            tariff=one.tariff,
            rent=own[-1][0].rent,
            standard=sum(next(due_parts) for _ in own),
            reduction=sum(next(off_parts) for _ in own),
            remark=_remark(one.home.stay, [stretch for stretch, _ in own], rule),
        )


def _remark(stay: Stay, stretches: Sequence[Stretch], rule: PartRule) -> str:
    """What is special about the charge, for the sheet's remark column."""
    words = []
    if not stay.is_whole_month:
        month = stay.first.month
        span = f"{month}月{stay.first.day}日至{stay.last.day}日"
        total = Month.containing(stay.first).last_day.day
        words.append(f"部分月{stay.days}天（{span}，全月{total}天，{rule.value}）")
    for before, after in pairwise(stretches):
        if before.rent != after.rent:
            words.append(f"{after.first}日起月租金由{format_yuan(before.rent)}"
                         f"调为{format_yuan(after.rent)}")  # fmt: skip
    if stay.overrun:
        words.append("合同到期后续住")
    return "；".join(words)


def _last_era(terms: Terms, stay: Stay) -> Era:
    return next(era for era in terms.eras if era.first <= stay.last.day <= era.last)
