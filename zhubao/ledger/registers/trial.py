"""The ledger as it would be: which cross-sheet checks would newly find something."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from zhubao.core.finding import Finding
from zhubao.ledger.checks import CHECKS
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.table import Columns, LedgerTable, R, Segment


def checked_with(model: type[LedgerRow]) -> tuple[type[LedgerRow], ...]:
    """The sheets that the checks of this sheet read; to be loaded with it."""
    needed = [one for check in CHECKS if model in check.needs for one in check.needs]
    return tuple(dict.fromkeys(needed))


def table_after(
    table: LedgerTable[R],
    changes: Mapping[int, Mapping[str, Any]],
    added: Sequence[Mapping[str, Any]],
    first_row: int,
) -> LedgerTable[R]:
    """The table with values of known rows replaced, and records put in from `first_row` on."""
    model = table.model
    columns = Columns(
        {name: list(table.column(name)) for name in model.model_fields},
        {name: set(indexes) for name, indexes in table.bad.items()},
        {name: dict(kept) for name, kept in table.originals.items()},
    )
    for index, values in changes.items():
        for name, value in values.items():
            columns.values[name][index] = value
            columns.bad.get(name, set()).discard(index)
            columns.originals.get(name, {}).pop(index, None)
    for row in added:
        for name in model.model_fields:
            columns.values[name].append(row.get(name))
    if not added:
        return LedgerTable(model, columns, table.segments)
    last = table.segments[-1] if table.segments else _blank_place(model)
    place = replace(last, rows=range(first_row, first_row + len(added)))
    return LedgerTable(model, columns, (*table.segments, place))


def new_findings(loaded: Loaded, after: LedgerTable[Any], as_of: dt.date) -> list[Finding]:
    """What the checks of this sheet find in the ledger with `after` that they do not find now."""
    model = after.model
    checks = [check for check in CHECKS if model in check.needs]
    then = Loaded({**loaded.tables, model: after})
    known = Counter(_sign(one) for check in checks for one in check.run(loaded, as_of))
    fresh: list[Finding] = []
    for check in checks:
        for one in check.run(then, as_of):
            if known[_sign(one)] > 0:
                known[_sign(one)] -= 1
            else:
                fresh.append(one)
    return sorted(fresh, key=lambda one: one.sort_key)


def _sign(finding: Finding) -> tuple[str, str, str]:
    return finding.code, str(finding.where), finding.message


def _blank_place(model: type[LedgerRow]) -> Segment:
    return LedgerTable.from_rows(model, ()).segments[0]
