"""Foreign keys of rows that are about to be entered."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from zhubao.core.finding import Finding
from zhubao.ledger.catalog import Reference, references_of
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.registers.findings import REFERENCE_UNKNOWN
from zhubao.ledger.registers.values import rules_of, spelled
from zhubao.ledger.table import LedgerTable

_NEAR = 3


def reference_targets(model: type[LedgerRow]) -> tuple[type[LedgerRow], ...]:
    """The sheets that the columns of a sheet refer to; to be loaded with it."""
    return tuple(dict.fromkeys(one.target for one in references_of(model)))


def unknown_references(
    model: type[LedgerRow], values: Mapping[str, Any], loaded: Loaded
) -> list[str]:
    """What is wrong with the foreign keys of one row (field → value), in Chinese.

    A sheet that has no rows at all refuses nothing: the bureau does not keep it. A reference into
    the row's own sheet is not judged.
    """
    known = _Known(model, loaded)
    return [known.words(one, values[one.field]) for one in known.missing(values)]


def reference_findings(
    incoming: LedgerTable[Any], loaded: Loaded, skip: Collection[str] = ()
) -> dict[int, Finding]:
    """Row of `incoming` → the finding of its first foreign key that does not exist."""
    known = _Known(incoming.model, loaded)
    found: dict[int, Finding] = {}
    if not known.references:
        return found
    for index in range(len(incoming)):
        values = {one.field: incoming.column(one.field)[index] for one in known.references}
        for one in known.missing(values):
            if one.field not in skip:
                where = incoming.cell(index, one.field)
                found[index] = REFERENCE_UNKNOWN.at(where, **known.parts(one, values[one.field]))
                break
    return found


class _Known:
    """The keys that the references of one sheet may name."""

    def __init__(self, model: type[LedgerRow], loaded: Loaded) -> None:
        self._rules = rules_of(model)
        self.references = [
            one
            for one in references_of(model)
            if one.target is not model and loaded.has(one.target)
        ]
        self._keys = {
            one.field: set(loaded.get(one.target).column(one.target_field)) - {None}
            for one in self.references
        }

    def missing(self, values: Mapping[str, Any]) -> Iterator[Reference]:
        for one in self.references:
            value = values.get(one.field)
            if value is not None and value not in self._keys[one.field]:
                yield one

    def parts(self, one: Reference, value: Any) -> dict[str, str]:
        """What the message needs."""
        near = get_close_matches(str(value), map(str, self._keys[one.field]), _NEAR, 0.8)
        rule = self._rules[one.field]
        return {
            "header": rule.column.header,
            "shown": spelled(rule, value),
            "sheet": one.target.SHEET.name,
            "hint": f"，是不是 {'、'.join(near)}" if near and not rule.column.personal else "",
        }

    def words(self, one: Reference, value: Any) -> str:
        return REFERENCE_UNKNOWN.template.format(**self.parts(one, value))
