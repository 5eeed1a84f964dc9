"""A clean generated bureau in memory: the rows of every sheet, as reading the files gives them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from zhubao.audit.facts import Facts
from zhubao.demo.blueprint import DEFAULT_END, scaled
from zhubao.demo.bureau_rows import live_through, workbooks
from zhubao.excel.kinds import CellKind
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Tier
from zhubao.ledger.validate import field_rules

# What a bureau has to configure itself; nobody in a clean bureau is beyond it.
_VALUES: Mapping[str, Mapping[str, Any]] = {
    "review": {"income_limits": {tier.value: "20000" for tier in Tier}},
    "rent": {
        "relief_rule": "减免比例",
        "relief_percent": {"保障类型": {tier.value: 70 for tier in Tier}, "困难标识": {}},
    },
}
OVERRIDES = {
    area: {
        name: {"values": [{"valid_from": dt.date(2000, 1, 1), "value": value, "source": "本局"}]}
        for name, value in values.items()
    }
    for area, values in _VALUES.items()
}
MONTHS = 6  # the first half of 2020, of which the faults write their dates
Row = dict[str, Any]
Sheets = dict[type[Any], list[Row]]


def clean_sheets(households: int, seed: int) -> tuple[Sheets, dt.date]:
    """Row model → rows of an invented bureau, and the last day of its period."""
    plan = scaled(households, MONTHS, seed, DEFAULT_END)
    books = workbooks(live_through(plan))
    sheets = {model: _typed(model, rows) for book in books.values() for model, rows in book.items()}
    return sheets, plan.as_of


def facts_of(sheets: Mapping[type, Sequence[Row]], as_of: dt.date) -> Facts:
    """What the checks are given, with the limits of this bureau."""
    tables: list[LedgerTable[Any]] = [
        LedgerTable.from_rows(model, rows) for model, rows in sheets.items()
    ]
    return Facts(Loaded.of(*tables), as_of, overrides=OVERRIDES)


def _typed(model: type, rows: Iterable[Row]) -> list[Row]:
    """Words as members of their choice and areas as decimals, as reading makes them."""
    rules = field_rules(model)
    words = {rule.name: rule.words for rule in rules if rule.words}
    decimal = {rule.name for rule in rules if rule.kind is CellKind.DECIMAL}

    def value(name: str, given: Any) -> Any:
        if given is not None and name in decimal:
            return Decimal(str(given))
        return words[name].get(given, given) if name in words else given

    return [{name: value(name, given) for name, given in row.items()} for row in rows]
