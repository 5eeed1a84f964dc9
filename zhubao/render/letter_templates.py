"""Makes the letter templates that come with zhubao: `python -m zhubao.render.letter_templates`.

Paper, fonts and line pitch follow GB/T 9704-2012. A clerk edits a copy of the files in Word; this
module is for making the packaged ones again.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from zhubao.core.output_file import replacing
from zhubao.core.resources import packaged_dir

DEMAND = "催缴通知书.docx"
INSTALMENT = "分期协议.docx"
VACATE = "腾退告知书.docx"

_BODY, _HEAVY, _TITLE, _PLAIN = "仿宋", "黑体", "方正小标宋简体", "宋体"
_SIZE, _PITCH = 16, 28
_SMALL = 10.5
_LEFT, _CENTRE, _RIGHT = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
)
_MADE = dt.datetime(2020, 1, 1)
_MONTHS = ("月份", "尚欠（元）") * 3
_MONTH_MARKS = tuple(f"{{{{ 行.{name}{n} }}}}" for n in (1, 2, 3) for name in ("月", "额"))
_MONTH_WIDTHS = (30, 22) * 3
_PARTS = ("期次", "应缴日期", "应缴金额（元）") * 2
_PART_MARKS = tuple(
    f"{{{{ 行.{name}{n} }}}}" for n in (1, 2) for name in ("期", "日", "额")
)  # fmt: skip
_PART_WIDTHS = (12, 36, 30) * 2
_SLIP_WIDTHS = (27, 55, 27, 47)


def make_templates(folder: Path) -> list[Path]:
    """Write the three templates into `folder`, each complete or not at all; returns their paths."""
    made = []
    for name, draw in ((DEMAND, _demand), (INSTALMENT, _instalment), (VACATE, _vacate)):
        sheet = _Sheet(name.removesuffix(".docx"))
        draw(sheet)
        with replacing(folder / name) as stream:
            stream.write(sheet.saved())
        made.append(folder / name)
    return made


def _demand(sheet: _Sheet) -> None:
    sheet.title("公共租赁住房租金催缴通知书")
    sheet.number()
    sheet.opening("{{ 承租人 }}：")
    sheet.body(
        "您承租的公共租赁住房位于{{ 地址 }}。截至{{ 截止日期 }}，该房累计{{ 欠租月数 }}个月的租金"
        "尚未缴清，共欠人民币{{ 欠租金额 }}元（大写：{{ 欠租大写 }}），明细如下："
    )
    sheet.grid("欠租明细", _MONTHS, _MONTH_MARKS, _MONTH_WIDTHS)
    sheet.body(
        "根据{{ 缴租依据 }}和租赁合同的约定，请您在{{ 缴款期限 }}前缴清上述欠租。一次缴清确有"
        "困难的，请在期限内来我局商定分期缴纳；符合条件的，可申请租金减免。逾期不缴，累计欠租"
        "{{ 腾退月数 }}个月以上的，依{{ 腾退条款 }}应当腾退住房。"
    )
    sheet.body("对金额有疑问或已经缴款的，请持缴款凭据与我局核对。")
    sheet.contact()
    sheet.signature()
    sheet.receipt("租金催缴通知书")


def _instalment(sheet: _Sheet) -> None:
    sheet.title("公共租赁住房欠租分期缴纳协议")
    sheet.number()
    sheet.body("甲方：{{ 局名 }}")
    sheet.body("乙方：{{ 承租人 }}（家庭编号 {{ 家庭编号 }}）")
    sheet.body(
        "乙方承租位于{{ 地址 }}的公共租赁住房。双方就乙方所欠租金的缴纳，协商约定如下："
    )
    sheet.heading("一、欠租金额")
    sheet.body(
        "截至{{ 截止日期 }}，乙方累计{{ 欠租月数 }}个月的租金尚未缴清，共欠人民币{{ 欠租金额 }}元"
        "（大写：{{ 欠租大写 }}），明细如下："
    )
    sheet.grid("欠租明细", _MONTHS, _MONTH_MARKS, _MONTH_WIDTHS)
    sheet.heading("二、分期缴纳")
    sheet.body("乙方{{ 分期方式 }}缴纳，共{{ 分期期数 }}期，各期应缴日期和金额如下：")
    sheet.grid("分期明细", _PARTS, _PART_MARKS, _PART_WIDTHS)
    sheet.heading("三、双方责任")
    sheet.body(
        "乙方应当按期足额缴款，并按时缴纳当月租金。乙方按期履行的，甲方不就上述欠租另行追缴；"
        "逾期不履行的，甲方可以要求一次缴清余款，并依照{{ 缴租依据 }}和租赁合同处理。"
    )
    sheet.heading("四、缴款和生效")
    sheet.body("缴款方式：{{ 缴款方式 }}。联系电话：{{ 联系电话 }}。")
    sheet.body("本协议一式两份，双方各执一份，自双方签章之日起生效。")
    sheet.parties()
    sheet.reply()


def _vacate(sheet: _Sheet) -> None:
    sheet.title("公共租赁住房腾退告知书")
    sheet.number()
    sheet.opening("{{ 承租人 }}：")
    sheet.body(
        "您承租的公共租赁住房位于{{ 地址 }}。截至{{ 截止日期 }}，您累计{{ 欠租月数 }}个月未缴清"
        "租金，共欠人民币{{ 欠租金额 }}元（大写：{{ 欠租大写 }}），明细如下："
    )
    sheet.grid("欠租明细", _MONTHS, _MONTH_MARKS, _MONTH_WIDTHS)
    sheet.body("{{ 腾退依据 }}规定：{{ 腾退条文 }}。现将有关事项告知如下：")
    sheet.body("一、请在{{ 腾退期限 }}前腾空住房，办理退房手续，并缴清全部欠租。")
    sheet.body(
        "二、对上述事实和处理有异议的，可在{{ 陈述期限 }}前向我局陈述、申辩，并提交缴款凭据等"
        "材料；缴清欠租确有困难的，请在同一期限内来我局说明。"
    )
    sheet.body("三、逾期拒不腾退的，将依法向人民法院提起诉讼，要求腾退住房、清偿欠租。")
    sheet.contact()
    sheet.signature()
    sheet.receipt("腾退告知书")


class _Sheet:
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
        _page_number(section.footer.paragraphs[0])
        facts = self._word.core_properties
        facts.title, facts.author, facts.comments = title, "", ""
        facts.last_modified_by, facts.language = "", "zh-CN"
        facts.created = facts.modified = facts.last_printed = _MADE

    def saved(self) -> bytes:
        """The finished document."""
        stream = io.BytesIO()
        self._word.save(stream)
        return stream.getvalue()

    def title(self, text: str) -> None:
        """小标宋 22 pt, centred."""
        paragraph = self._paragraph(text, _CENTRE, _TITLE, 22)
        paragraph.paragraph_format.line_spacing = Pt(36)

    def number(self) -> None:
        """The letter's number, at the right."""
        self._paragraph("编号：{{ 编号 }}", _RIGHT, size=14)

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
        self.body("缴款方式：{{ 缴款方式 }}。")
        self.body("联系电话：{{ 联系电话 }}。")

    def signature(self) -> None:
        """Bureau and date, four characters from the right edge."""
        for text in ("{{ 局名 }}", "{{ 出具日期 }}"):
            line = self._paragraph(text, _RIGHT)
            line.paragraph_format.right_indent = Pt(2 * _SIZE)
            line.paragraph_format.keep_with_next = True
        self._word.paragraphs[-2].paragraph_format.space_before = Pt(6)

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
            ("本人意见", "□同意按拟定的期数和金额分期　□要求调整：每期　　　　元，共　　期", "", ""),
            ("收件人签名", "", "收件日期", "　　　年　　月　　日"),
            ("代收人及关系", "", "送达人（两人）", ""),
        )
        _fill(table, rows, whole=(1,))
        self._gap(1)

    def _cut(self, title: str) -> None:
        """A dashed line to tear along, and the title of what is below it."""
        line = self._paragraph(title, _CENTRE, _HEAVY, 12)
        pace = line.paragraph_format
        pace.line_spacing, pace.space_before, pace.keep_with_next = Pt(20), Pt(10), True
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
        table.autofit = False
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        return table


def _fill(table: Any, rows: Sequence[Sequence[str]], whole: Sequence[int]) -> None:
    """Labels and what belongs beside them; the rows in `whole` have one wide second cell."""
    for number, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
        _height(row, 21)
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
    paragraph.paragraph_format.line_spacing = Pt(size * 1.5)
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


if __name__ == "__main__":
    make_templates(packaged_dir("templates"))
