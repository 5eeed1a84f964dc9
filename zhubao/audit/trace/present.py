"""What ledger cells hold now, in the words of the ledger, and whether a report still agrees."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from zhubao.audit.trace.places import Locator, Place, span_of
from zhubao.audit.trace.printed import GONE, Printed
from zhubao.core.finding import Cell
from zhubao.core.masking import mask_numbers
from zhubao.core.money import format_yuan, parse_yuan
from zhubao.core.period import Month
from zhubao.excel.address import make_ref
from zhubao.excel.kinds import CellKind
from zhubao.ledger.registers.values import is_personal, masked_text, rules_of, spelled
from zhubao.ledger.validate import FieldRule

_STAR = "*"
_HEADS = (" ", "：")  # what stands between a text and what a report puts before it
_NOT_A_NUMBER = re.compile(r"[,，元\s]")
_WITH_UNIT = re.compile(r"(-?[0-9][0-9,，]*(?:\.[0-9]+)?)\s*([^0-9.,，\s（(]+)")  # 110 万元
_YUAN_PER = {"元": 1, "千元": 1_000, "万元": 10_000, "亿元": 100_000_000}


@dataclass(frozen=True, slots=True)
class Present:
    """A ledger cell now: its header, its typed value (None: empty or bad) and how it is shown.

    `said` tells what stands there; `gone` when the row holds no record any more.
    """

    cell: Cell
    header: str
    value: Any
    said: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """A value printed in a report beside what the ledger says now."""

    header: str
    printed: str
    now: Present
    same: bool


def present(locator: Locator, cells: Iterable[Cell], limit: int) -> list[Present]:
    """The cells one by one, ranges taken apart, at most `limit`; personal ones masked.

    A whole sheet is one line with the number of its records.
    """
    found: list[Present] = []
    for cell in cells:
        if not cell.ref:
            rows = locator.records_on(cell)
            found.append(Present(cell, "（整张表）", None, f"{rows:,} 行", gone=not rows))
            continue
        for one in single_cells((cell,)):
            if len(found) >= limit:
                return found
            found.append(present_at(locator, one))
    return found


def described(place: Place, *, unmasked: bool = False) -> str:
    """What a cell holds, as the clerk would read it; the text itself where it cannot be read."""
    if not place.field:
        return "（这一列没有用到）"
    rule = rules_of(place.model)[place.field]
    value = place.table.column(place.field)[place.index]
    if value is None:
        raw = place.table.original(place.index, place.field)
        if raw in (None, ""):
            return "（空）"
        text = masked_text(rule, str(raw)) if is_personal(rule) and not unmasked else str(raw)
        return f"{text}（读不出）"
    if rule.kind is CellKind.MONEY:
        return format_yuan(value)
    text = spelled(rule, value, unmasked=unmasked)
    return text if unmasked or rule.kind is not CellKind.TEXT else mask_numbers(text)


def compare_row(printed: Printed, locator: Locator) -> list[Compared]:
    """Every column of the report's row whose header is one of the single source row's sheet.

    Only where all sources lie in one record of a sheet: then the report's row is that record. The
    report's money is in yuan, its masked names are compared masked. Blank columns are left out.
    """
    compared: list[Compared] = []
    for place, row in _lone_records(printed.sources, locator):
        for name, rule in rules_of(place.model).items():
            if rule.column.header not in printed.row:
                continue
            shown = printed.row[rule.column.header]
            where = place.table.cell(place.index, name)
            if shown in ("", None) or span_of(where.ref) is None or where.position[0] != row:
                continue
            now = present_at(locator, where)
            same = agrees(rule, shown, now.value)
            compared.append(Compared(rule.column.header, _printed(shown), now, same))
    return compared


def agrees(rule: FieldRule, shown: Any, value: Any) -> bool:
    """True when what a report shows of a field is the ledger's value.

    A report may put a number or a heading before a text (“WT0001 …”, “退出保障：…”), a remark in
    brackets behind a word (“整改中（逾期 3 天）”), stars for names and numbers within a text, and a
    unit behind a number (“110 万元” for 110; of money the amount, rounded as it is printed).
    """
    if value is None:
        return shown in ("", None)
    if rule.kind is CellKind.MONEY:
        return _is_amount_shown(shown, value)
    if rule.kind in (CellKind.INTEGER, CellKind.DECIMAL):
        number = number_shown(shown)
        return (_with_unit(shown)[0] if number is None else number) == Decimal(value)
    if isinstance(value, dt.datetime | dt.date):
        return _day(shown) == _day(value)
    if isinstance(value, Month):
        return str(shown)[:7] in (str(value), value.title[:7]) or _day(shown) == value.first_day
    text = str(shown).strip()
    told = spelled(rule, value, unmasked=True)
    if text == told or (_STAR in text and text in (masked_text(rule, told), mask_numbers(told))):
        return True
    return not is_personal(rule) and _is_dressed(text, told)


def _is_amount_shown(shown: Any, fen: int) -> bool:
    """True for the amount in yuan, and for one with its unit, rounded half up to its decimals."""
    number = number_shown(shown)
    if number is not None:
        return parse_yuan(number) == fen
    number, unit = _with_unit(shown)
    if number is None or unit not in _YUAN_PER:
        return False
    exact = Decimal(fen) / 100 / _YUAN_PER[unit]
    return exact.quantize(number, ROUND_HALF_UP) == number


def _with_unit(shown: Any) -> tuple[Decimal | None, str]:
    """The number and unit of “110 万元”; (None, "") for any other text."""
    match = _WITH_UNIT.fullmatch(shown.strip()) if isinstance(shown, str) else None
    return (number_shown(match[1]), match[2]) if match else (None, "")


def _is_dressed(text: str, told: str) -> bool:
    """What the ledger says with something before it, a remark behind it, or stars within it."""
    before = text[: len(text) - len(told)] if len(text) > len(told) else ""
    own, lead = text[len(before) :], before[-1:]
    if (not before or lead in _HEADS) and len(own) == len(told):
        pairs = zip(own, told, strict=True)
        if all(one in (_STAR, other) for one, other in pairs):
            return True
    return text.startswith(f"{told}（") and text.endswith("）")


def present_at(locator: Locator, cell: Cell) -> Present:
    """A single cell now."""
    place = locator.at(cell)
    if place is None:
        return Present(cell, "", None, "（这一行现在没有数据）", gone=True)
    if not place.field:
        return Present(cell, "", None, described(place))
    header = rules_of(place.model)[place.field].column.header
    value = place.table.column(place.field)[place.index]
    return Present(cell, header, value, described(place))


def single_cells(cells: Iterable[Cell]) -> Iterator[Cell]:
    """Ranges cell by cell; a whole sheet is passed over, a cell that is gone stays as it is."""
    for cell in cells:
        if cell.ref.endswith(GONE):
            yield cell
        span = span_of(cell.ref)
        for row in range(span[0], span[2] + 1) if span else ():
            for column in range(span[1], span[3] + 1) if span else ():
                yield Cell(cell.file, cell.sheet, make_ref(row, column))


def _lone_records(sources: Sequence[Cell], locator: Locator) -> Iterator[tuple[Place, int]]:
    """The record of each sheet that the sources name one record of, with its Excel row."""
    rows: dict[tuple[str, str], set[int]] = {}
    for cell in sources:
        span = span_of(cell.ref)
        if span is not None:
            rows.setdefault((cell.file, cell.sheet), set()).update(range(span[0], span[2] + 1))
    for (file, sheet), own in rows.items():
        if len(own) == 1:
            row = next(iter(own))
            place = locator.at(Cell(file, sheet, f"A{row}"))
            if place is not None:
                yield place, row


def number_shown(shown: Any) -> Decimal | None:
    """The number a report's cell holds; None for a text, a date or an empty cell."""
    if isinstance(shown, bool | dt.date) or shown in ("", None):
        return None
    try:
        return Decimal(
            _NOT_A_NUMBER.sub("", repr(shown) if isinstance(shown, float) else str(shown))
        )
    except ArithmeticError:
        return None


def _day(value: Any) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _printed(shown: Any) -> str:
    if isinstance(shown, dt.datetime):
        return shown.date().isoformat()
    return f"{shown:,}" if isinstance(shown, float) else str(shown)
