"""Typed values as a ledger's cells hold them, raw cells as values, and both for the journal."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zhubao.core.masking import mask_account, mask_identity, mask_name
from zhubao.core.money import yuan
from zhubao.core.period import Month
from zhubao.core.theme import Formats
from zhubao.excel.kinds import CellKind
from zhubao.excel.patch.plan import CellValue
from zhubao.excel.scale import from_yuan
from zhubao.ledger.guidance import YES_NO_WORDS

_COMPACT = re.compile(r"[0-9]{6}")
_CHINESE = re.compile(r"[0-9]{4}年[0-9]{1,2}月(份?)")
_DOTTED = re.compile(r"[0-9]{4}([./])[0-9]{1,2}")
_TEXT = "@"
_TEXT_KINDS = frozenset({CellKind.CODE, CellKind.IDENTITY, CellKind.MONTH})


def cell_value(kind: CellKind, value: Any, *, unit: str = "", like: Any = "") -> CellValue:
    """What is written for a typed value: fen as yuan (or 万元), months as the column spells them.

    `like` is a raw value of the same column, whose spelling a month follows.
    """
    if value is None:
        return None
    if kind is CellKind.MONEY:
        return from_yuan(yuan(value), unit) if unit else yuan(value)
    if kind is CellKind.MONTH:
        return month_like(value, like)
    if kind is CellKind.YES_NO:
        return YES_NO_WORDS[0] if value else YES_NO_WORDS[1]
    if kind in (CellKind.DATE, CellKind.MOMENT, CellKind.INTEGER, CellKind.DECIMAL):
        written: CellValue = value
        return written
    return str(value)


def month_like(month: Month, like: Any) -> CellValue:
    """2020-06 in the spelling of `like`: 202006, 2020年6月, 2020.6, a first of the month."""
    if isinstance(like, (dt.date, dt.datetime)):
        return month.first_day
    if isinstance(like, (int, float)) and not isinstance(like, bool):
        return (
            int(f"{month.year}{month.month:02d}") if _COMPACT.fullmatch(f"{like:g}") else str(month)
        )
    text = str(like).strip()
    if _COMPACT.fullmatch(text):
        return f"{month.year}{month.month:02d}"
    chinese, dotted = _CHINESE.fullmatch(text), _DOTTED.fullmatch(text)
    if chinese:
        return f"{month.year}年{month.month}月{chinese[1]}"
    return f"{month.year}{dotted[1]}{month.month}" if dotted else str(month)


def number_format(kind: CellKind, formats: Formats) -> str:
    """The number format a cell of this kind needs; "" where any will do."""
    if kind in _TEXT_KINDS:
        return _TEXT
    named = {
        CellKind.MONEY: formats.money,
        CellKind.DATE: formats.date,
        CellKind.MOMENT: f"{formats.date} hh:mm",
    }
    return named.get(kind, "")


def raw_value(raw: Any) -> CellValue:
    """A raw cell as the reader gives it, as a value that can be written back."""
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool) or not isinstance(raw, float):
        value: CellValue = raw
        return value
    return int(raw) if raw.is_integer() and abs(raw) < 1e15 else Decimal(repr(raw))


def same_value(one: CellValue, other: CellValue) -> bool:
    """True when both show the same content: 5 and 5.0, a day and its midnight."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, Decimal)) and isinstance(other, (int, Decimal)):
        return float(one) == float(other)
    return bool(_moment(one) == _moment(other))


def shown_text(value: CellValue) -> str:
    """A cell's content as text for a preview or the journal."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value)


def masked(kind: CellKind, text: str) -> str:
    """The text of a personal cell with most of it starred out."""
    if kind is CellKind.IDENTITY:
        return mask_identity(text)
    return mask_account(text) if kind is CellKind.CODE else mask_name(text)


def to_json(value: CellValue) -> Any:
    """A value as JSON that `from_json` turns back into the same value."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Decimal):
        return {"number": str(value)}
    kind = "moment" if isinstance(value, dt.datetime) else "day"
    return {kind: value.isoformat()}


def from_json(data: Any) -> CellValue:
    """What `to_json` was given."""
    if not isinstance(data, Mapping):
        value: CellValue = data
        return value
    ((kind, text),) = data.items()
    if kind == "number":
        return Decimal(text)
    return dt.datetime.fromisoformat(text) if kind == "moment" else dt.date.fromisoformat(text)


def _moment(value: CellValue) -> Any:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time())
    return value
