"""Cell formats of a report's workbook, made from the theme when first asked for."""

from __future__ import annotations

from typing import Any

from zhubao.core.report import ValueKind
from zhubao.core.theme import Theme

_TEXT_FORMAT, _POINTS_FORMAT = "@", "#,##0.00"


class Styles:
    """The formats of one workbook; `book` is an xlsxwriter workbook."""

    def __init__(self, book: Any, theme: Theme) -> None:
        self._book, self.theme = book, theme
        self._cells: dict[tuple[ValueKind, str], Any] = {}
        colours, sizes = theme.colours, theme.sizes
        self._frame = {"border": 1, "border_color": colours.border, "valign": "vcenter"}
        title = {"font_name": theme.fonts.title[0], "font_size": sizes.title}
        self.title = self._made(**title, align="center", valign="vcenter")
        self.title_left = self._made(**title, valign="vcenter")
        quiet = {"font_size": sizes.note, "font_color": colours.muted_text}
        self.circumstances = self._made(**quiet, valign="vcenter")
        self.note = self._made(**quiet, valign="top", text_wrap=True)
        self.signature = self._made(font_size=sizes.body, valign="vcenter")
        self.header = self._made(
            **self._frame,
            bold=True,
            align="center",
            text_wrap=True,
            font_size=sizes.header,
            font_color=colours.header_text,
            bg_color=colours.header_fill,
        )
        self.link = self._made(**self._frame, font_color=colours.link_text, underline=1)
        self.source = self._made(**self._frame, **quiet)
        self.no_value = self._made(**self._frame, align="right")

    def cell(self, kind: ValueKind, emphasis: str = "") -> Any:
        """The format of a value of this kind in a row of this emphasis."""
        key = (kind, emphasis)
        if key not in self._cells:
            self._cells[key] = self._made(**self._frame, **self._kind(kind), **self._tint(emphasis))
        return self._cells[key]

    def _kind(self, kind: ValueKind) -> dict[str, Any]:
        formats = self.theme.formats
        by_kind: dict[ValueKind, dict[str, Any]] = {
            ValueKind.TEXT: {"text_wrap": True},
            ValueKind.IDENTITY: {"num_format": _TEXT_FORMAT},
            ValueKind.COUNT: {"num_format": formats.count},
            ValueKind.NUMBER: {"num_format": formats.number},
            ValueKind.MONEY: {"num_format": formats.money},
            ValueKind.DATE: {"num_format": formats.date, "align": "center"},
            ValueKind.MONTH: {"num_format": formats.month, "align": "center"},
            ValueKind.RATIO: {"num_format": formats.ratio, "align": "right"},
            ValueKind.POINTS: {"num_format": _POINTS_FORMAT},
        }
        return by_kind[kind]

    def _tint(self, emphasis: str) -> dict[str, Any]:
        colours = self.theme.colours
        by_emphasis: dict[str, dict[str, Any]] = {
            "total": {"bold": True, "bg_color": colours.total_fill},
            "warning": {"bg_color": colours.warning_fill},
            "error": {"bg_color": colours.error_fill},
        }
        return by_emphasis.get(emphasis, {})

    def _made(self, **properties: Any) -> Any:
        return self._book.add_format(properties)
