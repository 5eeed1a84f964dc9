"""Reads a written workbook back and compares every number with what the report says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.core.report import Ratio, Report, Row, Table, ValueKind
from zhubao.core.sheet_names import sheet_name
from zhubao.excel.address import make_ref
from zhubao.excel.book import open_book
from zhubao.excel.sheet import RawSheet
from zhubao.summary.workbook.indicators import COUNTS, MONEY, RATES

PRINTED_DIFFERS = declare(
    "SM-301",
    "印出的数与算出的数不同",
    Severity.ERROR,
    "“{table}”里的“{row}”应当是 {value}，写出来的是 {printed}",
    "不要使用这份文件；重新生成一次，仍然不同的请与维护人员联系",
    bad="指标表里房源筹集写出来的是 2112，台账算出来的是 2113",
    good="写出的工作簿读回来，每个数都与算出来的相同",
)
PRINTED_MISSING = declare(
    "SM-302",
    "算出的数没有印出来",
    Severity.ERROR,
    "“{table}”里找不到“{row}”",
    "不要使用这份文件；重新生成一次，仍然没有的请与维护人员联系",
    bad="工作簿里少了“比率指标”这张表",
    good="报表里的每张表、每一行都在工作簿里",
)

_NUMERIC = frozenset(
    {ValueKind.COUNT, ValueKind.NUMBER, ValueKind.MONEY, ValueKind.RATIO, ValueKind.POINTS}
)
_INDICATORS = frozenset({COUNTS, MONEY, RATES})
_HEADER_WITHIN = 12  # rows from the top
_NEAR = 1e-7  # a cell holds a float; money has two decimals, a rate is a quotient
_EMPTY = (None, "")
_PARTS = (("numerator", "分子"), ("denominator", "分母"))  # the columns beside a ratio's own


def compare_printed(report: Report, xlsx_path: Path) -> tuple[Finding, ...]:
    """What the workbook prints otherwise than the report says, or does not print; none: all well.

    Every number of every table is compared (of a formula the value stored with it, of a rate its
    two numbers too), and every
    value of the summary must stand in the indicator tables exactly once. WorkbookError when the
    file cannot be read.
    """
    sheets = {sheet.name: sheet for sheet in open_book(xlsx_path).sheets}
    names: list[str] = []
    findings = list(_indicators(report, xlsx_path))
    for table in report.tables:
        names.append(sheet_name(table.title, names))
        sheet = sheets.get(names[-1])
        if sheet is None:
            where = Cell(xlsx_path.name)
            findings.append(PRINTED_MISSING.at(where, table=table.title, row="整张表"))
            continue
        findings += _table(table, sheet, xlsx_path.name)
    return tuple(findings)


def _indicators(report: Report, path: Path) -> Iterator[Finding]:
    """The rows of the indicator tables against the values of the summary."""
    left = dict(report.facts["values"])
    for table in report.tables:
        if table.key not in _INDICATORS:
            continue
        code, value = table.index_of("code"), table.index_of("value")
        for row in table.rows:
            wanted = left.pop(row.values[code], None)
            if wanted != row.values[value]:
                yield PRINTED_DIFFERS.at(
                    Cell(path.name),
                    table=table.title,
                    row=row.values[code],
                    value=wanted,
                    printed=row.values[value],
                )
    for one in left:
        yield PRINTED_MISSING.at(Cell(path.name), table="指标", row=one)


def _table(table: Table, sheet: RawSheet, file: str) -> Iterator[Finding]:
    header = _header_row(table, sheet)
    if header is None:
        where = Cell(file, sheet.name)
        yield PRINTED_MISSING.at(where, table=table.title, row="表头")
        return
    places = {title: at for at, title in reversed(list(enumerate(_titles(sheet, header))))}
    for number, row in enumerate(table.rows, header + 1):
        printed: Sequence[Any] = sheet.rows[number] if number < len(sheet.rows) else ()
        for title, expected in _numbers(table, row):
            at = places[title]
            found = printed[at] if at < len(printed) else None
            if not _is_same(expected, found):
                yield PRINTED_DIFFERS.at(
                    Cell(file, sheet.name, make_ref(number + 1, at + 1)),
                    table=table.title,
                    row=f"{row.values[0]}，{title}",
                    value="空白" if expected is None else expected,
                    printed="空白" if found in _EMPTY else found,
                )


def _numbers(table: Table, row: Row) -> Iterator[tuple[str, float | str | None]]:
    """Header → what its cell must hold, of every number; a ratio has both its numbers beside it."""
    for column, value in zip(table.columns, row.values, strict=True):
        if column.kind not in _NUMERIC:
            continue
        title = _plain(column.title)
        yield title, _expected(value, column.kind)
        if column.kind is ValueKind.RATIO:
            ratio = value if isinstance(value, Ratio) else None
            kind = ValueKind.MONEY if ratio is not None and ratio.money else ValueKind.COUNT
            for part, name in _PARTS:
                yield title + name, _expected(getattr(ratio, part, None), kind)


def _header_row(table: Table, sheet: RawSheet) -> int | None:
    """The index of the first row near the top with every column's title."""
    wanted = {_plain(column.title) for column in table.columns}
    ratios = [_plain(one.title) for one in table.columns if one.kind is ValueKind.RATIO]
    wanted |= {title + name for title in ratios for _, name in _PARTS}
    for number in range(min(_HEADER_WITHIN, len(sheet.rows))):
        if wanted <= set(_titles(sheet, number)):
            return number
    return None


def _titles(sheet: RawSheet, number: int) -> list[str]:
    return [_plain(str(value)) for value in sheet.rows[number]]


def _plain(title: str) -> str:
    return title.replace("\n", "")


def _is_same(expected: float | str | None, found: Any) -> bool:
    if expected is None:
        return found in _EMPTY
    if isinstance(expected, str):
        return bool(found == expected)
    return isinstance(found, int | float) and abs(found - expected) <= _NEAR


def _expected(value: Any, kind: ValueKind) -> float | str | None:
    """The number in its cell: yuan for fen, the quotient of a ratio, "—" for one without."""
    if value is None:
        return None
    if isinstance(value, Ratio):
        return "—" if value.value is None else value.value
    return value / 100 if kind is ValueKind.MONEY else float(value)
