"""The figures as each surface prints them, read back with what anybody would read it with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from docx import Document
from openpyxl import load_workbook

from tests.summary.second_period.counting import Counted

_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")


_PARTS_UNIT = "分子分母的单位"  # of a rate, in workbook and page
_SCALES = {"元": 100, "分": 100, "0.01分": 100}  # fen in a yuan, hundredths in a point


@dataclass(frozen=True)
class Named:
    """What a figure is called, and the unit it is printed in: fen as yuan, hundredths as points."""

    title: str
    unit: str

    @property
    def scale(self) -> int:
        """How many of the counted unit make one of the printed."""
        return _SCALES.get(self.unit, 1)


def from_json(answer: Any) -> tuple[Counted, dict[str, Named]]:
    """The numbers of the JSON answer, and the names of the figures."""
    figures = answer["facts"]["figures"]
    counted = {code: (one["numerator"], one["denominator"]) for code, one in figures.items()}
    return counted, {code: Named(one["title"], one["unit"]) for code, one in figures.items()}


def _numbers(text: str, scale: int) -> list[int]:
    found = [Decimal(one.replace(",", "")) * scale for one in _NUMBER.findall(text)]
    assert all(one == int(one) for one in found), text
    return [int(one) for one in found]


def from_word(path: Path, names: dict[str, Named]) -> Counted:
    """The table of the attachment: 指标 and 本期, "12户" or "12 / 30户 = 40.00%"."""
    codes = {one.title: code for code, one in names.items()}
    found: Counted = {}
    for table in Document(str(path)).tables:
        for row in table.rows[1:]:
            _, title, text, *_ = (cell.text for cell in row.cells)
            code = codes[title]
            numbers = _numbers(text.partition(" = ")[0], names[code].scale)
            assert code not in found
            found[code] = (numbers[0], numbers[1] if len(numbers) > 1 else None)
    return found


def words_of(path: Path) -> str:
    """The text of the document without its tables, a paragraph a line."""
    return "\n".join(one.text for one in Document(str(path)).paragraphs)


def from_workbook(path: Path, column: str) -> tuple[Counted, dict[str, float]]:
    """One column of the three indicator sheets: numbers, and the rates as Excel shows them.

    The counts of the rates stand in columns of their own beside them.
    """
    book = load_workbook(path, read_only=True)
    found: Counted = {}
    rates: dict[str, float] = {}
    for name in ("数量指标", "金额指标", "比率指标"):
        lines = list(book[name].iter_rows(values_only=True))
        header = next(line for line in lines if "编号" in line)
        for line in lines[lines.index(header) + 1 :]:
            row = dict(zip(header, line, strict=True))
            code, value = row["编号"], row[column]
            if not code or value is None:
                continue
            scale = _SCALES.get(str(row.get("单位") or row[_PARTS_UNIT]), 1)
            if name != "比率指标":
                found[str(code)] = (_whole(value, scale), None)
                continue
            parts = (row[f"{column}\n{part}"] for part in ("分子", "分母"))
            found[str(code)] = tuple(_whole(one, scale) for one in parts)  # type: ignore[assignment]
            if value != "—":
                rates[str(code)] = float(str(value))
    book.close()
    return found, rates


def _whole(value: Any, scale: int) -> int:
    number = Decimal(str(value)) * scale
    nearest = round(number)
    assert abs(number - nearest) < Decimal("1e-6"), value
    return nearest


class _Cells(HTMLParser):
    """The text of every table cell, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data


def from_page(path: Path, column: str, names: dict[str, Named]) -> Counted:
    """The indicator tables of the page: "12", "1,234.50" or "40.00%（12/30）"."""
    reader = _Cells()
    reader.feed(path.read_text(encoding="utf-8"))
    found: Counted = {}
    header: list[str] = []
    for row in reader.rows:
        if row[:2] == ["业务条线", "指标"]:
            header = row
        code = dict(zip(header, row, strict=False)).get("编号", "")
        if row is header or code not in names or len(row) != len(header):
            continue
        text = row[header.index(column)]
        unit = "单位" if "单位" in header else _PARTS_UNIT
        scale = _SCALES.get(row[header.index(unit)], 1)
        if not text:
            continue
        numbers = _numbers(text.partition("（")[2] or text, scale)
        assert code not in found
        found[code] = (numbers[0], numbers[1] if len(numbers) > 1 else None)
    return found
