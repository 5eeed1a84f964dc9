"""A table on paper as WordprocessingML: built as text, so that thousands of rows take no time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from zhubao.core.report import ValueKind
from zhubao.render.docx_columns import PARTS_SCALE, Band, header_lines
from zhubao.render.docx_package import table_style
from zhubao.render.wording import NUMERIC

_CENTRED = frozenset({ValueKind.DATE, ValueKind.MONTH})
_RED = "C00000"
_LOOKS = {
    "error": f'<w:rPr><w:b/><w:bCs/><w:color w:val="{_RED}"/></w:rPr>',
    "warning": f'<w:rPr><w:color w:val="{_RED}"/></w:rPr>',
    "total": "<w:rPr><w:b/><w:bCs/></w:rPr>",
}
_SHADES = {"header": "DCE6F1", "total": "F2F2F2"}


def table_xml(band: Band, title: str, emphases: Sequence[str], *, with_totals: bool) -> str:
    """The w:tbl: a header repeated on every page, rows that stay whole, totals kept with the rows.

    `emphases` has one entry per row.
    """
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in band.widths)
    rows = list(_rows(band, emphases))
    if not rows:
        rows.append(_empty(band))
    if with_totals:
        rows[-1] = _kept_with_next(rows[-1])
        totals = [lane.totals for lane in band.lanes]
        small = _small(band.size)
        rows.append(_row(totals, _frames(band, "total"), "total", small=small))
    titles = [header_lines(band, place) for place in range(len(band.lanes))]
    header = _row(titles, _frames(band, "header"), "", "<w:cantSplit/><w:tblHeader/>")
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="ReportTable"/>'
        f'<w:tblW w:w="{sum(band.widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1"/>'
        f'<w:tblCaption w:val="{escape(title)}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{header}{''.join(rows)}</w:tbl>"
    )


def _frames(band: Band, look: str) -> list[tuple[str, str]]:
    """What stands before and after the text of each cell of a row of this look."""
    shade = _SHADES.get(look)
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    frames = []
    for lane, width in zip(band.lanes, band.widths, strict=True):
        style = table_style(band.size, "H" if look == "header" else _alignment(lane.column.kind))
        before = (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}'
            f'<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
        )
        frames.append((before, "</w:p></w:tc>"))
    return frames


def _alignment(kind: ValueKind) -> str:
    if kind in NUMERIC:
        return "R"
    return "C" if kind in _CENTRED else "L"


def _rows(band: Band, emphases: Sequence[str]) -> Iterable[str]:
    frames = {look: _frames(band, look) for look in set(emphases)}
    small = _small(band.size)
    for emphasis, cells in zip(
        emphases, zip(*(lane.cells for lane in band.lanes), strict=True), strict=True
    ):
        yield _row(cells, frames[emphasis], emphasis, small=small)


def _row(
    cells: Sequence[tuple[str, ...]],
    frames: Sequence[tuple[str, str]],
    emphasis: str,
    properties: str = "<w:cantSplit/>",
    small: str = "",
) -> str:
    look = _LOOKS.get(emphasis, "")
    content = [
        f"{before}{_run(lines, look, small)}{after}"
        for lines, (before, after) in zip(cells, frames, strict=True)
    ]
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(content)}</w:tr>"


def _run(lines: tuple[str, ...], look: str, small: str) -> str:
    text = lines[0]
    if not text:
        return ""
    run = f'<w:r>{look}<w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'
    for line in lines[1:]:
        run += f"<w:r>{_smaller(look, small)}<w:br/><w:t>{escape(line, quote=False)}</w:t></w:r>"
    return run


def _small(size: float) -> str:
    half = round(size * 2 * PARTS_SCALE)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def _smaller(look: str, small: str) -> str:
    return look.replace("</w:rPr>", f"{small}</w:rPr>") if look else f"<w:rPr>{small}</w:rPr>"


def _kept_with_next(row: str) -> str:
    """No page may begin with the totals alone."""
    return row.replace("/></w:pPr>", "/><w:keepNext/></w:pPr>")


def _empty(band: Band) -> str:
    style = table_style(band.size, "C")
    return (
        f'<w:tr><w:tc><w:tcPr><w:tcW w:w="{sum(band.widths)}" w:type="dxa"/>'
        f'<w:gridSpan w:val="{len(band.lanes)}"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/>'
        "</w:pPr><w:r><w:t>（没有记录）</w:t></w:r></w:p></w:tc></w:tr>"
    )
