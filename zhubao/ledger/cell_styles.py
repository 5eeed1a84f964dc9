"""Cell formats of new ledgers, made from the theme once per workbook."""

from __future__ import annotations

import math
from typing import Any

from zhubao.core.theme import Theme
from zhubao.excel.kinds import CellKind

_TEXT_FORMAT = "@"  # Excel neither turns it into a number nor into a date
_PAPERS = {"A3": 8, "A4": 9}
_CM_PER_INCH = 2.54
_READABLE_WIDTH = {"A3": 340, "A4": 240}  # half-width characters in a page's width, still legible
_CENTRED = frozenset(
    {CellKind.DATE, CellKind.MOMENT, CellKind.MONTH, CellKind.YES_NO, CellKind.CHOICE}
)


class CellStyles:
    """The formats of one workbook; `book` is an xlsxwriter workbook."""

    def __init__(self, book: Any, theme: Theme) -> None:
        self._book, self.theme = book, theme
        colours, sizes = theme.colours, theme.sizes
        self._frame = {"border": 1, "border_color": colours.border, "valign": "vcenter"}
        head = {
            **self._frame,
            "align": "center",
            "text_wrap": True,
            "font_size": sizes.header,
            "font_color": colours.header_text,
        }
        self.required = self._made(**head, bold=True, bg_color=colours.header_fill)
        self.optional = self._made(**head, bg_color=colours.total_fill)
        self.group = self._made(**head, bold=True, bg_color=colours.header_fill)
        self.title = self._made(
            font_name=theme.fonts.title[0], font_size=sizes.title, align="center", valign="vcenter"
        )
        note = {"font_size": sizes.note, "font_color": colours.muted_text, "valign": "vcenter"}
        self.note = self._made(**note, text_wrap=True)
        self.note_left = self._made(**note)
        self.note_right = self._made(**note, align="right")
        self.total_label = self._made(**self._frame, bold=True, bg_color=colours.total_fill)
        self.total_money = self._made(
            **self._frame, bold=True, bg_color=colours.total_fill, num_format=theme.formats.money
        )
        self.by_kind = {kind: self._made(**self._of_kind(kind)) for kind in CellKind}
        self.odd_date = self._made(num_format="0", align="center", valign="vcenter")
        self.odd_date_text = self._made(num_format=_TEXT_FORMAT, align="center", valign="vcenter")

    def _of_kind(self, kind: CellKind) -> dict[str, Any]:
        date = self.theme.formats.date
        formats = {
            CellKind.MONEY: self.theme.formats.money,
            CellKind.DATE: date,
            CellKind.MOMENT: f"{date} hh:mm",
            CellKind.INTEGER: "0",
            CellKind.DECIMAL: "General",
        }
        look = {"num_format": formats.get(kind, _TEXT_FORMAT), "valign": "vcenter"}
        return {**look, "align": "center"} if kind in _CENTRED else look

    def _made(self, **properties: Any) -> Any:
        return self._book.add_format(properties)


def set_up_print(sheet: Any, theme: Theme, header_rows: tuple[int, int], width: float) -> None:
    """Paper, margins, footer, fitted to the page's width, header repeated, grid lines on paper.

    A sheet too wide to stay legible on one page takes two or three, the first column on each.
    """
    paper = theme.print
    sheet.set_landscape()
    sheet.set_paper(_PAPERS[paper.paper])
    sheet.set_margins(
        left=paper.margin_left / _CM_PER_INCH,
        right=paper.margin_right / _CM_PER_INCH,
        top=paper.margin_top / _CM_PER_INCH,
        bottom=paper.margin_bottom / _CM_PER_INCH,
    )
    pages = max(1, math.ceil(width / _READABLE_WIDTH[paper.paper]))
    sheet.fit_to_pages(pages, 0)
    if pages > 1:
        sheet.repeat_columns(0)
    sheet.repeat_rows(*header_rows)
    sheet.hide_gridlines(0)
    sheet.set_footer(f"&L&A&C{paper.footer}")
