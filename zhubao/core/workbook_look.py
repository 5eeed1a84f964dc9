"""The theme applied to a new xlsxwriter workbook: its options, and a sheet's print set-up.

Works on the objects it is given; the library itself is not imported here.
"""

from __future__ import annotations

from typing import Any

from zhubao.core.theme import Theme

_CHARSET_GB2312 = 134  # tells a machine without the font what kind of font to use instead
_PAPERS = {"A3": 8, "A4": 9}
_CM_PER_INCH = 2.54


def book_options(theme: Theme) -> dict[str, Any]:
    """Options of a new xlsxwriter workbook: text stays text, and the theme's body font."""
    return {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {
            "font_name": theme.fonts.body[0],
            "font_size": theme.sizes.body,
            "font_charset": _CHARSET_GB2312,
            "font_scheme": "none",  # else the reader's Office theme would choose the font
        },
    }


def set_up_print(sheet: Any, theme: Theme, header_row: int, total_width: float) -> None:
    """Paper, orientation by width, margins, one page wide, the header and page number on each."""
    paper = theme.print
    if total_width > paper.landscape_over:
        sheet.set_landscape()
    sheet.set_paper(_PAPERS[paper.paper])
    sheet.set_margins(
        left=paper.margin_left / _CM_PER_INCH,
        right=paper.margin_right / _CM_PER_INCH,
        top=paper.margin_top / _CM_PER_INCH,
        bottom=paper.margin_bottom / _CM_PER_INCH,
    )
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.repeat_rows(header_row)
    sheet.set_footer(f"&C{paper.footer}")
