"""Reads a written html page back and compares every cell with what the report says.

The words for a number are formed here anew, not by the module that wrote the page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from zhubao.core.finding import Cell, Finding
from zhubao.core.money import format_yuan
from zhubao.core.period import Month
from zhubao.core.report import Column, Ratio, Report, Table, ValueKind
from zhubao.summary.workbook.printed import PRINTED_DIFFERS, PRINTED_MISSING

_NONE = "—"
_EMPTY = "空白"
_HALF_A_HUNDREDTH = Decimal("0.005")  # a percentage is printed with two decimals
_NEAR = Decimal("1e-15")


def compare_page(report: Report, path: Path) -> tuple[Finding, ...]:
    """What the page prints otherwise than the report says, or does not print; none: all well.

    Every table, row and cell is compared in its place: money to the fen, counts, both numbers of
    a ratio and its percentage, dates, text (blanks aside), totals. OSError when the file cannot be
    read. A chart is drawn from the same rows and has no numbers of its own.
    """
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    findings: list[Finding] = []
    for number, table in enumerate(report.tables, 1):
        where = Cell(path.name, table.title)
        printed = page.tables.get(f"t{number}")
        if printed is None:
            findings.append(PRINTED_MISSING.at(where, table=table.title, row="整张表"))
        else:
            findings += _table(table, printed, where)
    return tuple(findings)


@dataclass(slots=True)
class _Printed:
    """The rows of a printed table as texts: its header, its body, its totals."""

    parts: dict[str, list[list[str]]] = field(
        default_factory=lambda: {"thead": [], "tbody": [], "tfoot": []}
    )


class _Page(HTMLParser):
    """Gathers the tables of a page by their id."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: dict[str, _Printed] = {}
        self._rows: list[list[str]] | None = None
        self._table: _Printed | None = None
        self._texts: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A table, a part of it, a row or a cell begins."""
        if tag == "table":
            self._table = self.tables.setdefault(dict(attrs).get("id") or "", _Printed())
        elif self._table is None:
            return
        elif tag in self._table.parts:
            self._rows = self._table.parts[tag]
        elif self._rows is None:
            return
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th") and self._rows:
            self._texts = []

    def handle_endtag(self, tag: str) -> None:
        """A cell is complete, or its table."""
        if tag in ("td", "th") and self._texts is not None and self._rows:
            self._rows[-1].append("".join(self._texts))
            self._texts = None
        elif tag in ("thead", "tbody", "tfoot"):
            self._rows = None
        elif tag == "table":
            self._table = None

    def handle_data(self, data: str) -> None:
        """Text; that of a cell is kept."""
        if self._texts is not None:
            self._texts.append(data)


def _table(table: Table, printed: _Printed, where: Cell) -> Iterator[Finding]:
    header = printed.parts["thead"]
    titles = [_bare(column.title) for column in table.columns]
    if not header or [_bare(text) for text in header[0][: len(titles)]] != titles:
        yield PRINTED_MISSING.at(where, table=table.title, row="表头")
        return
    wanted = [row.values for row in table.rows]
    yield from _rows(table, wanted, printed.parts["tbody"] if wanted else [], where)
    totals = [table.totals] if table.totals is not None else []
    yield from _rows(table, totals, printed.parts["tfoot"], where)


def _rows(
    table: Table, wanted: Sequence[tuple[Any, ...]], printed: Sequence[list[str]], where: Cell
) -> Iterator[Finding]:
    """A row too many or too few is said once: what follows stands elsewhere."""
    if len(wanted) != len(printed):
        yield PRINTED_DIFFERS.at(
            where, table=table.title, row="行数", value=len(wanted), printed=len(printed)
        )
        return
    for values, texts in zip(wanted, printed, strict=True):
        for at, (column, value) in enumerate(zip(table.columns, values, strict=True)):
            text = texts[at] if at < len(texts) else ""
            if not _is_same(value, column.kind, text):
                yield _differs(table, column, values, (value, text), where)


def _differs(
    table: Table, column: Column, values: Sequence[Any], both: tuple[Any, str], where: Cell
) -> Finding:
    value, text = both
    said = _text(value, column.kind) if not isinstance(value, Ratio) else _ratio_words(value)
    return PRINTED_DIFFERS.at(
        where,
        table=table.title,
        row=f"{values[0]}，{_bare(column.title)}",
        value=said or _EMPTY,
        printed=text.strip() or _EMPTY,
    )


def _is_same(value: Any, kind: ValueKind, text: str) -> bool:
    if isinstance(value, Ratio):
        return _is_ratio(value, text)
    if isinstance(value, str):
        return value == text or _bare(value) == _bare(text)
    return _text(value, kind) == text


def _text(value: Any, kind: ValueKind) -> str:
    """The words for a value that is no ratio: 1,234.56 for fen, 1,234 for a count, 2020-06-30."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return format_yuan(value) if kind is ValueKind.MONEY else f"{value:,}"
    if isinstance(value, float | Decimal):
        shown = f"{value:,.2f}"
        return shown if kind is ValueKind.POINTS else shown.rstrip("0").rstrip(".")
    return str(value) if isinstance(value, Month | dt.date) else _bare(str(value))


def _is_ratio(ratio: Ratio, text: str) -> bool:
    """98.40%（123/125）: both numbers to the last digit, the percentage as near as it is shown."""
    percent, _, parts = text.partition("（")
    if parts != f"{_parts(ratio)}）":
        return False
    if not ratio.denominator:
        return percent == _NONE
    try:
        shown = Decimal(percent.removesuffix("%"))
    except ArithmeticError:
        return False
    exact = Decimal(ratio.numerator) * 100 / Decimal(ratio.denominator)
    return percent.endswith("%") and abs(shown - exact) <= _HALF_A_HUNDREDTH + _NEAR


def _ratio_words(ratio: Ratio) -> str:
    value = ratio.value
    return f"{_NONE if value is None else f'{value:.2%}'}（{_parts(ratio)}）"


def _parts(ratio: Ratio) -> str:
    numbers = (ratio.numerator, ratio.denominator)
    return "/".join(format_yuan(one) if ratio.money else f"{one:,}" for one in numbers)


def _bare(text: str) -> str:
    """Without blanks and characters that no page shows."""
    shown = text.encode("utf-8", "replace").decode("utf-8")
    if shown.isprintable() and " " not in shown:
        return shown
    return "".join(one for one in shown if one.isprintable() and not one.isspace())
