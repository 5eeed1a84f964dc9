"""A small bureau's waiting list in memory: whoever tests it adds households one line at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from zhubao.core.identity import to_18
from zhubao.ledger.allocation import DrawEvent, RelatedPerson, RosterEntry
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import RectificationStatus, TenancyCase
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyStatus
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import (
    Household,
    Lease,
    LeaseStatus,
    Member,
    ProtectionStatus,
    Relation,
    Tier,
    WaitingEntry,
    WaitingStatus,
)

Row = dict[str, Any]
D = dt.date
AS_OF, APPROVED = D(2020, 6, 30), D(2019, 1, 15)
LIVE = (WaitingStatus.WAITING, None)


def old_number(serial: int) -> str:
    """A fifteen-digit number of a person born on 1 May 1970."""
    return f"430102700501{serial:03d}"


def number(serial: int) -> str:
    """The same person's eighteen digits."""
    return to_18(old_number(serial))


@dataclass
class Town:
    """Rows by model; `home` adds a household with its people, `waits` puts it on the list."""

    rows: dict[Any, list[Row]] = field(default_factory=dict)

    def add(self, model: Any, **values: Any) -> None:
        self.rows.setdefault(model, []).append(values)

    def home(self, no: str, *people: str | None, **values: Any) -> None:
        """The first person is the applicant; None is a number that could not be read."""
        defaults = {
            "applicant": f"申请{no}",
            "identity_no": people[0] if people else None,
            "size": len(people) or 1,
            "tier": Tier.LOW_INCOME,
            "status": ProtectionStatus.IN_FORCE,
        }
        self.add(Household, household_no=no, **{**defaults, **values})
        for place, person in enumerate(people):
            self.add(
                Member,
                household_no=no,
                name=f"申请{no}" if place == 0 else f"成员{no}{place}",
                identity_no=person,
                relation=Relation.SELF if place == 0 else Relation.CHILD,
            )

    def waits(
        self,
        waiting_no: str,
        household: str,
        approved_on: dt.date = APPROVED,
        *,
        state: tuple[WaitingStatus, dt.date | None] = LIVE,
        **values: Any,
    ) -> None:
        self.add(
            WaitingEntry,
            **{
                "waiting_no": waiting_no,
                "household_no": household,
                "category": "低收入",
                "approved_on": approved_on,
                "status": state[0],
                "closed_on": state[1],
                **values,
            },
        )

    def lease(self, no: str, household: str, starts_on: dt.date, **values: Any) -> None:
        defaults = {"ends_on": D(starts_on.year + 3, 1, 1), "status": LeaseStatus.IN_FORCE}
        more = {"unit_no": f"U{no}", "monthly_rent": 10000, "starts_on": starts_on}
        self.add(Lease, lease_no=no, household_no=household, **{**more, **defaults, **values})

    def grant(self, no: str, household: str, **values: Any) -> None:
        defaults = {"size": 1, "tier": Tier.LOW_INCOME, "monthly_amount": 30000}
        more = {"approved_on": D(2019, 1, 1), "status": SubsidyStatus.IN_FORCE}
        self.add(
            SubsidyGrant, grant_no=no, household_no=household, **{**defaults, **more, **values}
        )

    def case(self, no: str, household: str, banned_until: dt.date, **values: Any) -> None:
        defaults = {"found_on": D(2018, 5, 1), "status": RectificationStatus.CLOSED}
        words = {"category": "违规", "kind": "转租转借", "banned_until": banned_until}
        self.add(TenancyCase, case_no=no, household_no=household, **{**defaults, **words, **values})

    def entrant(self, event: str, no: str, household: str | None, person: str | None) -> None:
        name = f"申请{household}" if household else "被征收人"
        who = {"household_no": household, "applicant": name, "identity_no": person, "size": 1}
        self.add(RosterEntry, event_no=event, entrant_no=no, status="已登记", **who)

    def related(self, person: str | None, name: str, staff: str, relation: str) -> None:
        self.add(RelatedPerson, identity_no=person, name=name, staff=staff, relation=relation)

    def loaded(self) -> Loaded:
        models = (Household, Member, WaitingEntry, Lease, TenancyCase, SubsidyGrant)
        wanted = (*models, DrawEvent, RosterEntry, RelatedPerson)
        return Loaded.of(*(LedgerTable.from_rows(m, self.rows.get(m, [])) for m in wanted))
