"""A hit about one lease, said the same way by every check of leases."""

from __future__ import annotations

from collections.abc import Mapping

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.households import households
from zhubao.audit.registry import Hit
from zhubao.core.finding import Cell
from zhubao.ledger.tenants import Lease


def lease_hit(
    facts: Facts,
    row: int,
    names: tuple[str, ...],
    words: Mapping[str, object],
    *,
    more: tuple[Cell, ...] = (),
    amount: int | None = None,
    key: tuple[str, ...] = (),
) -> Hit:
    """A lead on the lease in this row: the cells `names` of it first, then `more`, then the tenant.

    {who}, {lease} and {unit} are added to the `words`, the lease's number to the `key`.
    """
    table, people = facts.loaded.get(Lease), facts.once(households)
    lease, number, unit = (table.column(n)[row] for n in ("lease_no", "household_no", "unit_no"))
    own = tuple(table.cell(row, name) for name in names)
    return Hit(
        cells=(*own, *more, *people.cells(number)),
        words={
            "who": people.label(number),
            "lease": lease or "（编号空着）",
            "unit": unit or "（编号空着）",
            **words,
        },
        unit=unit or "",
        amount=amount,
        key=(lease or str(table.column("starts_on")[row]), *key),
        **people.subject(number),
    )
