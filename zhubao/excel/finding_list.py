"""The first sheet of an annotated copy: every finding, with a link to its cell in the copy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from zhubao.core.finding import Finding, Severity
from zhubao.core.sheet_names import quoted
from zhubao.core.theme import Theme
from zhubao.core.width import display_width
from zhubao.core.workbook_look import set_up_print

LIST_NAME = "问题清单"
MOST_LINKS = 65_530  # hyperlinks Excel accepts on a sheet
MOST_ROWS = 1_000_000
_HEADERS = ("序号", "级别", "代码", "文件", "表", "单元格", "问题", "怎么办")
_WIDTHS = (7, 7, 10, 18, 14, 10, 52, 48)
_CELL_COLUMN = _HEADERS.index("单元格")
_LINE, _SPARE = 15, 2  # points; characters that a line may stay short of its column


class FindingList:
    """`names`: (file, sheet) → the sheet's name in the copy."""

    def __init__(self, book: Any, theme: Theme, names: Mapping[tuple[str, str], str]) -> None:
        self._sheet, self._theme, self._names = book.add_worksheet(LIST_NAME), theme, names
        frame = {"border": 1, "border_color": theme.colours.border, "valign": "vcenter"}
        self._plain = book.add_format({**frame, "text_wrap": True})
        self._link = book.add_format(
            {**frame, "font_color": theme.colours.link_text, "underline": 1}
        )
        self._by_severity = {
            Severity.ERROR: book.add_format({**frame, "bg_color": theme.colours.error_fill}),
            Severity.WARNING: book.add_format({**frame, "bg_color": theme.colours.warning_fill}),
            Severity.NOTICE: self._plain,
        }
        self._header = book.add_format(
            {
                **frame,
                "bold": True,
                "align": "center",
                "font_color": theme.colours.header_text,
                "bg_color": theme.colours.header_fill,
            }
        )
        self._links_left = MOST_LINKS

    def write(self, findings: Sequence[Finding]) -> None:
        """All findings by file, sheet and cell."""
        ordered = sorted(findings, key=lambda finding: finding.sort_key)
        sheet = self._sheet
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, min(len(ordered), MOST_ROWS), len(_HEADERS) - 1)
        set_up_print(sheet, self._theme, 0, sum(_WIDTHS))
        for column, header in enumerate(_HEADERS):
            sheet.write_string(0, column, header, self._header)
        for number, finding in enumerate(ordered[:MOST_ROWS], 1):
            self._write_finding(number, finding)
        if len(ordered) > MOST_ROWS:
            left = f"其余 {len(ordered) - MOST_ROWS:,} 条放不下"
            sheet.write_string(MOST_ROWS + 1, 0, left, self._plain)
        if not ordered:
            sheet.write_string(1, 0, "没有发现问题")

    def _write_finding(self, number: int, finding: Finding) -> None:
        where = finding.where
        file, name = (where.file, where.sheet) if where else ("", "")
        lines = _lines((file, name, finding.message, finding.advice), (3, 4, 6, 7))
        self._sheet.set_row(number, _LINE * lines)
        texts = (finding.severity.title, finding.code, file, name)
        self._sheet.write_number(number, 0, number, self._plain)
        for column, text in enumerate(texts, 1):
            style = self._by_severity[finding.severity] if column == 1 else self._plain
            self._sheet.write(number, column, text, style)
        self._write_place(number, finding)
        self._sheet.write_string(number, _CELL_COLUMN + 1, finding.message, self._plain)
        self._sheet.write_string(number, _CELL_COLUMN + 2, finding.advice, self._plain)

    def _write_place(self, number: int, finding: Finding) -> None:
        """The cell as a link; a finding on a whole sheet leads to its top."""
        where = finding.where
        name = self._names.get((where.file, where.sheet)) if where else None
        text = where.ref if where else ""
        if where is None or name is None or not self._links_left:
            self._sheet.write(number, _CELL_COLUMN, text, self._plain)
            return
        self._links_left -= 1
        target = where.ref if all(where.position) else "A1"
        link = f"internal:{quoted(name)}!{target}"
        self._sheet.write_url(number, _CELL_COLUMN, link, self._link, text or "整张表")


def _lines(texts: Sequence[str], columns: Sequence[int]) -> int:
    """The most lines that any of the texts takes in its column."""
    pairs = zip(texts, columns, strict=True)
    return max(math.ceil(display_width(text) / (_WIDTHS[at] - _SPARE)) or 1 for text, at in pairs)
