"""The rows of a bureau while faults are made in them: free places at random, changes, new rows."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.audit.seeding.clean import Row, Sheets
from zhubao.core.identity import to_18
from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge, CollectionVisit, OpeningDebt, Receipt, Remittance
from zhubao.ledger.charge_formula import monthly_rent_fen
from zhubao.ledger.patrol import KeyHousehold, PatrolVisit, TenancyCase, VacancyCheck
from zhubao.ledger.tenants import (
    AnnualReview,
    Household,
    Lease,
    LeaseStatus,
    Member,
    ProtectionStatus,
    Relation,
    WaitingEntry,
)
from zhubao.ledger.units import Unit, UnitStatus

T = TypeVar("T")
Where = Callable[["Home"], bool]
_DAY = dt.timedelta(days=1)
_WATCH = (KeyHousehold, TenancyCase, VacancyCheck)


@dataclass(frozen=True)
class Place:
    """One row of a sheet, as it was before any fault."""

    model: type
    index: int
    row: Row

    def __getitem__(self, name: str) -> Any:
        return self.row.get(name)


@dataclass(frozen=True)
class Home:
    """A tenant of one unit all through the period: its rows."""

    household: Place
    members: tuple[Place, ...]
    lease: Place
    unit: Place
    review: Place | None
    charges: tuple[Place, ...]
    receipts: tuple[Place, ...]
    owes: bool
    visits: tuple[Place, ...]  # on patrol and to collect rent
    watched: bool  # a key household, one with a case or a check
    opened: bool  # had debts when the ledger began

    @property
    def number(self) -> str:
        """家庭编号."""
        return str(self.household["household_no"])

    @property
    def subjects(self) -> tuple[str, ...]:
        """What its leads are about."""
        return self.number, str(self.unit["unit_no"])

    @property
    def head(self) -> Place:
        """The applicant."""
        return next(one for one in self.members if one["relation"] is Relation.SELF)

    @property
    def others(self) -> tuple[Place, ...]:
        """The members but the applicant."""
        return tuple(one for one in self.members if one["relation"] is not Relation.SELF)


class Town:
    """The sheets being spoilt. A household, unit or row is given out once only.

    `owing` are the households in debt, `led` those that have a lead already: left alone.
    """

    def __init__(
        self,
        sheets: Sheets,
        as_of: dt.date,
        seed: int,
        owing: Collection[str],
        led: Collection[str],
    ) -> None:
        self.as_of = as_of
        self.rng = random.Random(seed)
        self.rows: dict[type, list[Row | None]] = {model: [*rows] for model, rows in sheets.items()}
        self._before: Mapping[type, list[Row]] = sheets
        self._taken: set[str] = set(led)
        self._made = 0
        self._homes = _homes(sheets, set(owing))
        self.rng.shuffle(self._homes)
        self._orders: dict[type, list[int]] = {}

    def sheets(self) -> Sheets:
        """The rows as they stand now."""
        return {
            model: [row for row in rows if row is not None] for model, rows in self.rows.items()
        }

    def change(self, place: Place, **fields: Any) -> None:
        """Write fields of a row."""
        row = self.rows[place.model][place.index]
        assert row is not None
        self.rows[place.model][place.index] = {**row, **fields}

    def drop(self, place: Place) -> None:
        """Delete a row."""
        self.rows[place.model][place.index] = None

    def add(self, model: type, **fields: Any) -> Place:
        """A new row at the end."""
        rows = self.rows.setdefault(model, [])
        rows.append(fields)
        return Place(model, len(rows) - 1, fields)

    def pick(self, *options: T) -> T:
        """One of the options at random: mostly one just beyond a limit, and one far beyond it."""
        return self.rng.choice(options)

    def number(self, prefix: str) -> str:
        """A number that no row has."""
        self._made += 1
        return f"{prefix}{self._made:06d}甲"

    def take(self, *keys: str) -> bool:
        """True when all are free; then they are taken."""
        if any(key in self._taken for key in keys):
            return False
        self._taken.update(keys)
        return True

    def release(self, *keys: str) -> None:
        """Free again what was only looked at."""
        self._taken.difference_update(keys)

    def tenants(self, where: Where = lambda home: not home.owes) -> Iterator[Home]:
        """Free tenants in random order; by default those that owe nothing."""
        for home in self._homes:
            if where(home) and self.take(*home.subjects):
                yield home

    def unseen(self) -> Iterator[Home]:
        """Free tenants that never owed, unwatched; their visits are taken off the books."""
        for home in self._homes:
            visits = [str(one["visit_no"]) for one in home.visits]
            quiet = not (home.owes or home.opened or home.watched)
            if quiet and self.take(*home.subjects, *visits):
                for visit in home.visits:
                    self.drop(visit)
                yield home

    def places(self, model: type, where: Callable[[Row], bool], *names: str) -> Iterator[Place]:
        """Free rows of a sheet in random order; `names` are the fields that tell what is taken."""
        rows = self._before[model]
        if model not in self._orders:
            self._orders[model] = self.rng.sample(range(len(rows)), len(rows))
        for index in self._orders[model]:
            row = rows[index]
            keys = [str(row[name]) for name in names if row.get(name)]
            if self.rows[model][index] is row and where(row) and self.take(*keys):
                yield Place(model, index, row)

    def all_rows(self, model: type) -> Iterator[Place]:
        """The rows of a sheet as they were, in order."""
        for index, row in enumerate(self._before[model]):
            yield Place(model, index, row)

    def identity_no(self) -> str:
        """A sound number that nobody has: born in 1960 to 1989, of another district."""
        self._made += 1
        day = dt.date(1960, 1, 1) + _DAY * (self._made % 10_000)
        return to_18(f"430181{day:%y%m%d}{self._made // 10_000:03d}")

    def new_household(self, **fields: Any) -> Place:
        """A household of one in force, approved a month ago, with nothing yet."""
        number, own = self.number("ZJ"), self.identity_no()
        like = next(iter(self._before[Household]))
        applicant = f"祝{self._made}"
        given = {
            "household_no": number,
            "applicant": applicant,
            "identity_no": own,
            "size": 1,
            "tier": like["tier"],
            "certificate_no": "DB9",
            "approved_on": self.as_of - 30 * _DAY,
            "status": ProtectionStatus.IN_FORCE,
            **fields,
        }
        self.add(
            Member, household_no=number, name=applicant, identity_no=own, relation=Relation.SELF
        )
        return self.add(Household, **given)

    def new_unit(self, **fields: Any) -> Place:
        """A unit let since long ago, like one there is."""
        like = self.rng.choice(self._before[Unit])
        given = {
            "unit_no": self.number("ZF"),
            "status": UnitStatus.OCCUPIED,
            "delivered_on": dt.date(2015, 1, 1),
            "vacant_since": None,
        }
        return self.add(Unit, **{**like, **given, **fields})

    def new_lease(self, household: Place, unit: Place, start: dt.date, **fields: Any) -> Place:
        """A lease at the standard rent, signed just before, filed at once."""
        given = {
            "lease_no": self.number("ZH"),
            "household_no": household["household_no"],
            "unit_no": unit["unit_no"],
            "starts_on": start,
            "ends_on": start.replace(year=start.year + 3) - _DAY,
            "monthly_rent": self.rent(unit, household["tier"], start),
            "area_m2": unit["billed_area_m2"],
            "tier": household["tier"],
            "signed_on": start - 3 * _DAY,
            "filed_on": start,
            "status": LeaseStatus.IN_FORCE,
        }
        return self.add(Lease, **{**given, **fields})

    def rent(self, unit: Place, tier: Any, day: dt.date, area: Any = None) -> int:
        """The standard rent of a month."""
        own = area or unit["billed_area_m2"]
        return monthly_rent_fen(own, tier, unit["location_grade"], unit["has_lift"], day, {})

    def charge(self, household: str, month: Month, amount: int, **fields: Any) -> Place:
        """A charge without reduction."""
        given = {
            "charge_no": self.number("ZY"),
            "household_no": household,
            "month": month,
            "standard": amount,
            "amount": amount,
            "charged_on": month.first_day,
        }
        return self.add(Charge, **{**given, **fields})

    def receive(self, home: Home, day: dt.date, amount: int, **fields: Any) -> Place:
        """A receipt that is also remitted; its number is in no series."""
        given = {
            "receipt_no": self.number("ZS"),
            "household_no": home.number,
            "received_on": day,
            "amount": amount,
        }
        self.remit(home, day, amount)
        return self.add(Receipt, **{**given, **fields})

    def remit(self, home: Home, day: dt.date, amount: int) -> None:
        """So much more remitted for the month of the day by the owner of the home."""
        month = str(Month.containing(day))
        for index, row in enumerate(self.rows[Remittance]):
            if row and row["period"] == month and row["ownership"] is home.unit["ownership"]:
                self.rows[Remittance][index] = {**row, "amount": row["amount"] + amount}

    def waiting(self, household: Place, **fields: Any) -> Place:
        """A registration on the waiting list."""
        given = {
            "waiting_no": self.number("ZL"),
            "household_no": household["household_no"],
            "approved_on": self.as_of - 30 * _DAY,
        }
        return self.add(WaitingEntry, **{**given, **fields})


def _homes(sheets: Sheets, owing: set[str]) -> list[Home]:
    """The tenants with one lease, from before the period until well after it."""
    members, charges, receipts = (_by_home(sheets, m) for m in (Member, Charge, Receipt))
    reviews, leases = _by_home(sheets, AnnualReview), _by_home(sheets, Lease)
    units = {row["unit_no"]: Place(Unit, i, row) for i, row in enumerate(sheets[Unit])}
    patrols, calls = _by_home(sheets, PatrolVisit), _by_home(sheets, CollectionVisit)
    watched = {row["household_no"] for m in _WATCH for row in sheets[m]}
    opened = {row["household_no"] for row in sheets[OpeningDebt]}
    first = min(row["month"] for row in sheets[Charge]).first_day
    last = max(row["month"] for row in sheets[Charge]).plus(8).last_day
    found = []
    for index, row in enumerate(sheets[Household]):
        number = row["household_no"]
        own = leases.get(number, [])
        standing = row["status"] is ProtectionStatus.IN_FORCE and len(own) == 1
        if not standing or own[0]["starts_on"] >= first - 20 * _DAY or own[0]["ends_on"] <= last:
            continue
        found.append(
            Home(
                Place(Household, index, row),
                tuple(members[number]),
                own[0],
                units[own[0]["unit_no"]],
                next(iter(reviews.get(number, [])), None),
                tuple(charges.get(number, ())),
                tuple(receipts.get(number, ())),
                number in owing,
                (*patrols.get(number, ()), *calls.get(number, ())),
                number in watched,
                number in opened,
            )
        )
    return found


def _by_home(sheets: Sheets, model: type) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for index, row in enumerate(sheets[model]):
        found[row["household_no"]].append(Place(model, index, row))
    return found
