"""What each household enjoys on the day: the units it rents and the rental subsidy it draws."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhubao.allocation.waiting.rights import grants_held
from zhubao.audit.facts import Facts
from zhubao.core.finding import Cell
from zhubao.ledger.subsidies import SubsidyGrant
from zhubao.ledger.tenants import Lease
from zhubao.services.review.benefits import SUBSIDY, UNIT, benefits_on


@dataclass(frozen=True, slots=True)
class Holding:
    """One benefit that runs: a lease, or a grant that pays. `unit` is "" for a grant."""

    kind: str
    number: str
    unit: str
    row: int
    cell: Cell

    @property
    def words(self) -> str:
        """租赁合同 HT0001, 租赁补贴 BT0001."""
        return f"{'租赁合同' if self.kind == UNIT else '租赁补贴'} {self.number}"


def holdings(facts: Facts) -> Mapping[str, tuple[Holding, ...]]:
    """Household number → its benefits on the day, leases first.

    Leases as the annual review counts them (past its term and still 履行中 is held); grants that
    are 生效, not those 暂停.
    """
    found: dict[str, list[Holding]] = defaultdict(list)
    for number, benefits in benefits_on(facts.loaded, facts.as_of).items():
        for row in benefits.leases:
            found[number].append(_lease(facts, row))
    for number, row in grants_held(facts.loaded, facts.as_of).items():
        table = facts.loaded.get(SubsidyGrant)
        name = table.column("grant_no")[row] or "（没有编号）"
        found[number].append(Holding(SUBSIDY, name, "", row, table.cell(row, "status")))
    return {number: tuple(some) for number, some in found.items()}


def held(facts: Facts, household: str, kind: str = "") -> Iterator[Holding]:
    """The household's benefits, of one kind or of any."""
    for one in facts.once(holdings).get(household, ()):
        if kind in ("", one.kind):
            yield one


def _lease(facts: Facts, row: int) -> Holding:
    table = facts.loaded.get(Lease)
    number = table.column("lease_no")[row] or "（没有编号）"
    unit = table.column("unit_no")[row] or ""
    return Holding(UNIT, number, unit, row, table.cell(row, "status"))
