"""A Report as JSON for scripts: a versioned envelope whose keys do not change within a version.

Values by kind: money is yuan as text with two decimals ("1234.50": exact in every language, no
binary fractions), dates 2020-06-30, months 2020-06, counts and floats numbers, decimals text,
identity numbers text, a missing value null. A ratio is {"numerator", "denominator", "percent"};
its two numbers are whole counts, or yuan as text when the ratio is one of money; "percent" is a
number with at most four decimals, null without a denominator.
Rows carry every column, whatever its level, and every source cell.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from zhubao.core.finding import Cell, Finding
from zhubao.core.money import yuan
from zhubao.core.period import Month, Period
from zhubao.core.report import Ratio, Report, Table, ValueKind
from zhubao.render.wording import percent_of

SCHEMA = "zhubao.report/1"


def to_json(report: Report) -> str:
    """The envelope as indented JSON text, Chinese characters as they are."""
    return _indented(envelope(report))


def envelope(report: Report) -> dict[str, Any]:
    """The envelope as plain dictionaries, lists, texts and numbers."""
    return {
        "schema": SCHEMA,
        "code": report.code,
        "title": report.title,
        "bureau": report.bureau,
        "as_of": _value(report.as_of),
        "period": report.period,
        "tables": [_table(table) for table in report.tables],
        "notes": list(report.notes),
        "references": list(report.references),
        "findings": [finding_record(finding) for finding in report.findings],
        "facts": _value(report.facts),
    }


def finding_record(finding: Finding) -> dict[str, Any]:
    """One finding; "where" is null when it belongs to no file."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "title": finding.title,
        "message": finding.message,
        "advice": finding.advice,
        "where": _cell(finding.where) if finding.where else None,
    }


def _indented(value: Any, depth: int = 1) -> str:
    """What `json.dumps(value, ensure_ascii=False, indent=2)` gives, in half the time.

    The library's encoder in C does not indent; it takes the margin as part of the separator, for
    every dictionary and list that holds no further ones.
    """
    margin = "\n" + "  " * depth
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not any(isinstance(one, dict | list) and one for one in items):
        text = _encoder(margin).encode(value)
        return f"{text[0]}{margin}{text[1:-1]}{margin[:-2]}{text[-1]}" if items else text
    parts = [_indented(one, depth + 1) for one in items]
    if isinstance(value, dict):
        names = map(_encoder("").encode, value)
        parts = [f"{name}: {part}" for name, part in zip(names, parts, strict=True)]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}{margin}{f',{margin}'.join(parts)}{margin[:-2]}{closing}"


@cache
def _encoder(margin: str) -> json.JSONEncoder:
    return json.JSONEncoder(ensure_ascii=False, separators=(f",{margin}", ": "))


def _table(table: Table) -> dict[str, Any]:
    return {
        "key": table.key,
        "title": table.title,
        "columns": [
            {"key": column.key, "title": column.title, "kind": column.kind.value}
            for column in table.columns
        ],
        "rows": [
            {"values": _values(table, row.values), "sources": [_cell(one) for one in row.sources]}
            for row in table.rows
        ],
        "totals": _values(table, table.totals) if table.totals is not None else None,
        "notes": list(table.notes),
    }


def _values(table: Table, values: Sequence[Any]) -> dict[str, Any]:
    return {
        column.key: _value(value, column.kind)
        for column, value in zip(table.columns, values, strict=True)
    }


def _cell(cell: Cell) -> dict[str, str]:
    return {"file": cell.file, "sheet": cell.sheet, "ref": cell.ref}


def _value(value: Any, kind: ValueKind = ValueKind.TEXT) -> Any:
    """One value; its own type decides first, the column's kind what a plain number means."""
    if isinstance(value, Ratio):
        return _ratio(value)
    if isinstance(value, Mapping):
        return {str(key): _value(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_value(one) for one in value]
    if isinstance(value, Month | Period | dt.date | Decimal):
        return value.isoformat() if isinstance(value, dt.date) else str(value)
    if kind is ValueKind.MONEY and isinstance(value, int):
        return str(yuan(value))
    return value


def _ratio(ratio: Ratio) -> dict[str, Any]:
    kind = ValueKind.MONEY if ratio.money else ValueKind.COUNT
    percent = percent_of(ratio, places=4)
    return {
        "numerator": _value(ratio.numerator, kind),
        "denominator": _value(ratio.denominator, kind),
        "percent": None if percent is None else float(percent),
    }
