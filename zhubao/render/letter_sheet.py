"""Draws a letter on A4 paper with fonts, margins and line pitch of GB/T 9704-2012."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

_BODY, _HEAVY, _TITLE, _PLAIN = "仿宋", "黑体", "方正小标宋简体", "宋体"
_SIZE, _PITCH = 16, 28
_SMALL = 10.5
_LEFT, _CENTRE, _RIGHT = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
)
_MADE = dt.datetime(2020, 1, 1)
_SLIP_WIDTHS = (27, 57, 30, 42)


class LetterSheet:
    """A document being drawn: A4, margins, body font and line pitch set."""

    def __init__(self, title: str) -> None:
        self._word = Document()
        section = self._word.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(25)
        _add(section._sectPr, "w:pgNumType", after="w:pgMar", start="1")
        _font(self._word.styles["Normal"], _BODY, _SIZE)
        pace = self._word.styles["Normal"].paragraph_format
        pace.space_before = pace.space_after = Pt(0)
        pace.line_spacing_rule, pace.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(_PITCH)
        _unspaced(self._word.styles["Normal"])
        _page_number(section.footer.paragraphs[0])
        facts = self._word.core_properties
        facts.title, facts.author, facts.comments = title, "", ""
        facts.last_modified_by, facts.language = "", "zh-CN"
        facts.created = facts.modified = facts.last_printed = _MADE

    def saved(self) -> bytes:
        """The finished document."""
        stream = io.BytesIO()
        self._word.save(stream)
        return _undated(stream)

    def title(self, text: str) -> None:
        """小标宋 22 pt, centred."""
        paragraph = self._paragraph(text, _CENTRE, _TITLE, 22)
        paragraph.paragraph_format.line_spacing = Pt(36)

    def number(self) -> None:
        """The letter's number, at the right."""
        line = self._paragraph("编号：{{ 编号 }}", _RIGHT, size=14)
        line.paragraph_format.line_spacing = Pt(24)

    def opening(self, text: str) -> None:
        """Whom the letter is to: not indented."""
        self._paragraph(text)

    def heading(self, text: str) -> None:
        """一、 in 黑体."""
        _indent(self._paragraph(text, font=_HEAVY))
        self._word.paragraphs[-1].paragraph_format.keep_with_next = True

    def body(self, text: str) -> Any:
        """A paragraph with its first line indented by two characters."""
        paragraph = self._paragraph(text)
        _indent(paragraph)
        return paragraph

    def contact(self) -> None:
        """How and where to pay, and whom to ask."""
        line = self.body("缴款方式：{{ 缴款方式 }}；联系电话：{{ 联系电话 }}。")
        line.paragraph_format.keep_with_next = line.paragraph_format.keep_together = True

    def signature(self) -> None:
        """Bureau and date, four characters from the right edge."""
        for text in ("{{ 局名 }}", "{{ 出具日期 }}"):
            line = self._paragraph(text, _RIGHT)
            line.paragraph_format.right_indent = Pt(2 * _SIZE)
        self._word.paragraphs[-2].paragraph_format.space_before = Pt(6)
        self._word.paragraphs[-2].paragraph_format.keep_with_next = True

    def grid(
        self, name: str, header: Sequence[str], marks: Sequence[str], widths: Sequence[float]
    ) -> None:
        """A table with one row for every row of the list `name`."""
        table = self._table(4, widths)
        for cell, text in zip(table.rows[0].cells, header, strict=True):
            _write(cell, text, _CENTRE, _HEAVY)
        _repeat_header(table.rows[0])
        _write(table.rows[1].cells[0], f"{{%tr for 行 in {name} %}}")
        money = ["（元）" in text for text in header]
        for cell, text, is_money in zip(table.rows[2].cells, marks, money, strict=True):
            _write(cell, text, _RIGHT if is_money else _CENTRE)
        _write(table.rows[3].cells[0], "{%tr endfor %}")
        self._gap(6)

    def receipt(self, letter: str) -> None:
        """送达回证, to be torn off and kept by the bureau; never split over two pages."""
        self._cut("送达回证")
        table = self._table(5, _SLIP_WIDTHS)
        rows = (
            ("文书及编号", letter + " {{ 编号 }}", "受送达人", "{{ 承租人 }}"),
            ("送达地址", "{{ 地址 }}", "", ""),
            ("送达方式", "□直接送达　□留置送达　□邮寄送达　□其他（　　　　　　　）", "", ""),
            ("收件人签名", "", "收件日期", "　　　年　　月　　日"),
            ("代收人及关系", "", "送达人（两人）", ""),
        )
        _fill(table, rows, whole=(1, 2))
        self._gap(1)

    def parties(self) -> None:
        """Where both sides sign."""
        self._gap(10)
        table = self._table(3, (78, 78), lines=False)
        rows = (
            ("甲方（盖章）：", "乙方（签名）："),
            ("经办人：", "联系电话："),
            ("　　　年　　月　　日", "　　　年　　月　　日"),
        )
        for row, texts in zip(table.rows, rows, strict=True):
            _height(row, 26)
            for cell, text in zip(row.cells, texts, strict=True):
                _write(cell, text, size=14)
                cell.paragraphs[0].paragraph_format.keep_with_next = True

    def reply(self) -> None:
        """约谈回执: the household's answer to the proposal, and how it was delivered."""
        self._cut("约谈回执")
        table = self._table(4, _SLIP_WIDTHS)
        rows = (
            ("文书及编号", "分期协议（拟稿） {{ 编号 }}", "收件人", "{{ 承租人 }}"),
            (
                "本人意见",
                "□同意按拟定的期数和金额分期　□要求调整：每期　　　　元，共　　期",
                "",
                "",
            ),
            ("收件人签名", "", "收件日期", "　　　年　　月　　日"),
            ("代收人及关系", "", "送达人（两人）", ""),
        )
        _fill(table, rows, whole=(1,))
        self._gap(1)

    def narrow(self) -> None:
        """Small margins and no page number: for slips that are cut apart."""
        section = self._word.sections[0]
        section.top_margin = section.bottom_margin = Mm(12)
        section.left_margin = section.right_margin = Mm(20)
        section.footer_distance = Mm(6)
        section.footer.paragraphs[0].clear()

    def slips(self, name: str, title: str, rows: Sequence[Sequence[str]], advice: str) -> None:
        """One slip for every entry of the list `name`, with a dashed line to cut along below it.

        A row has two or four cells: labels and what belongs beside them. A slip is never split
        over two pages.
        """
        self._paragraph(f"{{%p for 行 in {name} %}}")
        head = self._paragraph(title, _CENTRE, _HEAVY, 14)
        head.paragraph_format.line_spacing, head.paragraph_format.keep_with_next = Pt(24), True
        table = self._table(len(rows), (26, 56, 26, 62))
        _fill(table, rows, [number for number, row in enumerate(rows) if len(row) == 2])
        for row in table.rows:
            row.cells[3].paragraphs[0].paragraph_format.keep_with_next = True
        note = self._paragraph(advice, size=9)
        pace = note.paragraph_format
        pace.line_spacing, pace.space_before, pace.keep_together = Pt(13), Pt(4), True
        self._paragraph("{%p if not loop.last %}")
        self._cut("")
        self._paragraph("{%p endif %}")
        self._paragraph("{%p endfor %}")

    def _cut(self, title: str) -> None:
        """A dashed line to tear along, and the title of what is below it."""
        line = self._paragraph(title, _CENTRE, _HEAVY, 12)
        pace = line.paragraph_format
        pace.line_spacing, pace.space_before, pace.keep_with_next = Pt(18), Pt(8), True
        edges = OxmlElement("w:pBdr")
        _add(edges, "w:top", val="dashed", sz="6", space="4", color="auto")
        line._p.get_or_add_pPr().insert_element_before(edges, "w:shd", "w:tabs", "w:spacing")

    def _paragraph(
        self, text: str, alignment: Any = None, font: str = _BODY, size: float = _SIZE
    ) -> Any:
        paragraph = self._word.add_paragraph()
        paragraph.alignment = alignment
        _font(paragraph.add_run(text), font, size)
        return paragraph

    def _gap(self, height: float) -> None:
        """A low line: a table needs a paragraph behind it."""
        line = self._paragraph("", size=1)
        line.paragraph_format.line_spacing = Pt(height)

    def _table(self, rows: int, widths: Sequence[float], *, lines: bool = True) -> Any:
        table = self._word.add_table(rows, len(widths), "Table Grid" if lines else None)
        table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        return table


def _undated(made: io.BytesIO) -> bytes:
    """The package with one date for all its files: made again, it is the same to the byte."""
    stream = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            undated = zipfile.ZipInfo(info.filename, _MADE.timetuple()[:6])
            undated.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(undated, old.read(info))
    return stream.getvalue()


def _fill(table: Any, rows: Sequence[Sequence[str]], whole: Sequence[int]) -> None:
    """Labels and what belongs beside them; the rows in `whole` have one wide second cell."""
    for number, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
        _height(row, 19)
        cells = row.cells
        if number in whole:
            cells[1].merge(cells[3])
            texts = texts[:2]
        for place, text in enumerate(texts):
            _write(cells[place], text, _CENTRE if place in (0, 2) else _LEFT)
            last = number == len(rows) - 1
            cells[place].paragraphs[0].paragraph_format.keep_with_next = not last


def _write(
    cell: Any, text: str, alignment: Any = None, font: str = _BODY, size: float = _SMALL
) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = alignment
    paragraph.paragraph_format.line_spacing = Pt(size * 1.45)
    cell.vertical_alignment = 1
    _font(paragraph.add_run(text), font, size)


def _font(target: Any, name: str, size: float) -> None:
    """The same font for every script: without w:eastAsia Word takes another one for Chinese."""
    target.font.name, target.font.size = name, Pt(size)
    fonts = target.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), name)
    for script in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(script), None)


def _unspaced(style: Any) -> None:
    """No extra space between Chinese and digits: lines hold the 28 characters they should."""
    properties = style.element.get_or_add_pPr()
    for tag in ("w:autoSpaceDE", "w:autoSpaceDN"):
        element = OxmlElement(tag)
        element.set(qn("w:val"), "0")
        properties.insert_element_before(element, "w:bidi", "w:adjustRightInd", "w:spacing")


def _indent(paragraph: Any) -> None:
    """Two characters, whatever their size."""
    paragraph.paragraph_format.first_line_indent = Pt(2 * _SIZE)
    paragraph._p.pPr.ind.set(qn("w:firstLineChars"), "200")


def _height(row: Any, points: float) -> None:
    row.height = Pt(points)
    _unbroken(row)


def _repeat_header(row: Any) -> None:
    _unbroken(row)
    _add(row._tr.get_or_add_trPr(), "w:tblHeader")


def _unbroken(row: Any) -> None:
    _add(row._tr.get_or_add_trPr(), "w:cantSplit")


def _page_number(paragraph: Any) -> None:
    """— 1 — in 宋体 14 pt, centred."""
    paragraph.alignment = _CENTRE
    _font(paragraph.add_run("— "), _PLAIN, 14)
    run = paragraph.add_run()
    _font(run, _PLAIN, 14)
    for kind in ("begin", "instr", "end"):
        if kind == "instr":
            field = OxmlElement("w:instrText")
            field.text = " PAGE "
            run._r.append(field)
        else:
            _add(run._r, "w:fldChar", fldCharType=kind)
    _font(paragraph.add_run(" —"), _PLAIN, 14)


def _add(parent: Any, tag: str, after: str = "", **attributes: str) -> None:
    """A child element with attributes of the w: namespace, at the end or behind `after`."""
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    place = parent.find(qn(after)) if after else None
    if place is None:
        parent.append(element)
    else:
        place.addnext(element)
