"""Tiny ledgers for the tests of the audit checks: a `Facts` from a few rows, leads from a check.

A table is named by its model in small letters (`lease=`, `collection_visit=`), a row is a dict of
the fields that matter to the test. Words may be written as text: dates "2020-06-30", moments
"2020-06-30 09:30", months "2020-06", and the words of a choice ("履行中"). Money is in fen. A
required field that is left out is filled with something plausible (see `_STANDARD`); one given as
None stays empty, as a bad cell would.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from zhubao.audit.facts import Facts
from zhubao.audit.registry import LeadFound, all_checks
from zhubao.core.period import Month
from zhubao.core.workdays import WorkCalendar
from zhubao.excel.kinds import CellKind
from zhubao.ledger import catalog
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.validate import FieldRule, field_rules

Row = Mapping[str, Any]
DAY = dt.date(2020, 6, 30)

# What a required field holds when a test does not say; other kinds: see `_filled`.
_STANDARD: Mapping[str, Any] = {
    "household_no": "JT0001",
    "unit_no": "FY0001",
    "lease_no": "HT0001",
    "applicant": "王小明",
    "name": "王小明",
    "identity_no": "11010519491231002X",
    "starts_on": dt.date(2019, 1, 1),
    "ends_on": dt.date(2021, 12, 31),
    "month": Month.of(2020, 6),
    "quarter": "2020-Q2",
    "period": "2020-06",
}


def facts(
    as_of: dt.date | str = DAY,
    *,
    overrides: Mapping[str, Any] | None = None,
    calendar: WorkCalendar | None = None,
    drawn: Mapping[str, Mapping[str, str]] | None = None,
    **tables: Iterable[Row],
) -> Facts:
    """The facts of these tables; every other sheet is absent, as in a bureau that keeps none."""
    day = dt.date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    loaded = Loaded.of(*(table(_model(name), rows) for name, rows in tables.items()))
    return Facts(loaded, day, overrides=overrides, calendar=calendar, drawn=drawn)


def table(model: type[LedgerRow], rows: Iterable[Row]) -> LedgerTable[Any]:
    """The rows as a sheet of the model; row 1 is the header."""
    rules = {rule.name: rule for rule in field_rules(model)}
    rows = list(rows)
    unknown = {name for row in rows for name in row} - set(rules)
    assert not unknown, f"{model.__name__} has no field {', '.join(sorted(unknown))}"
    typed = [
        {name: _typed(rule, row, number) for name, rule in rules.items()}
        for number, row in enumerate(rows, 1)
    ]
    return LedgerTable.from_rows(model, typed)


def leads(code: str, given: Facts) -> list[LeadFound]:
    """What the check with this code finds in the facts."""
    check = next(check for check in all_checks() if check.code == code)
    found = list(check.run(given))
    for one in found:
        message = one.finding.message
        assert "{" not in message, message
        assert "None" not in message, message
        assert one.hit.cells, "a lead names its cells"
    assert len({one.fingerprint for one in found}) == len(found), "leads with the same fingerprint"
    return found


def places(code: str, given: Facts) -> list[str]:
    """The first cell of each lead of the check, as 表!G12."""
    cells = [one.hit.cells[0] for one in leads(code, given)]
    return [f"{cell.sheet}!{cell.ref}" for cell in cells]


def _typed(rule: FieldRule, row: Row, number: int) -> Any:
    """The value of a field: the row's, or its default."""
    if rule.name in row:
        return _value(rule, row[rule.name])
    return _filled(rule, number) if rule.required else rule.info.default


def _value(rule: FieldRule, value: Any) -> Any:
    if rule.words and isinstance(value, str):
        return rule.words[value]
    if rule.kind is CellKind.DECIMAL and value is not None:
        return Decimal(str(value))
    readers: Mapping[CellKind | None, Any] = {
        CellKind.DATE: dt.date.fromisoformat,
        CellKind.MOMENT: dt.datetime.fromisoformat,
        CellKind.MONTH: Month.parse,
    }
    reader = readers.get(rule.kind)
    return reader(value) if reader and isinstance(value, str) else value


def _filled(rule: FieldRule, number: int) -> Any:
    """Something plausible for a required field; keys of their own sheet differ row by row."""
    if rule.column.key and not rule.column.references and rule.name.endswith("_no"):
        stem = str(_STANDARD.get(rule.name, "BH0001"))[:2]
        return f"{stem}{number:04d}"
    if rule.words:
        return next(iter(rule.words.values()))
    plain: Mapping[CellKind | None, Any] = {
        CellKind.MONEY: 10_000,
        CellKind.DATE: dt.date(2020, 1, 15),
        CellKind.MOMENT: dt.datetime(2020, 1, 15, 9, 0),
        CellKind.MONTH: Month.of(2020, 6),
        CellKind.YES_NO: False,
        CellKind.INTEGER: 1,
        CellKind.DECIMAL: Decimal(50),
    }
    return _STANDARD.get(rule.name, plain.get(rule.kind, "无"))


@cache
def _models() -> Mapping[str, type[LedgerRow]]:
    return {_snake(model.__name__): model for model in catalog.all_models()}


def _model(name: str) -> type[LedgerRow]:
    assert name in _models(), f"no sheet {name}; there are {', '.join(sorted(_models()))}"
    return _models()[name]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def rows(count: int, **common: Any) -> Sequence[Row]:
    """So many rows alike; a text value with "{}" in it takes the row's number (from 1)."""
    return [
        {
            name: value.format(number) if isinstance(value, str) and "{}" in value else value
            for name, value in common.items()
        }
        for number in range(1, count + 1)
    ]
