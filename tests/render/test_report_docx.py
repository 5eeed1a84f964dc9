"""Reports as Word documents, read back with python-docx: paper, type, tables, values."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped, unused-ignore]

from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.render.report_docx import FINDINGS_ON_PAPER, is_wide, report_document
from zhubao.render.wording import word


def opened(report: Report, *, landscape: bool = False) -> Any:
    return Document(io.BytesIO(report_document(report, landscape=landscape)))


def xml_of(report: Report, part: str = "word/document.xml") -> Any:
    with zipfile.ZipFile(io.BytesIO(report_document(report))) as package:
        return etree.fromstring(package.read(part))


def fonts_of(style: Any) -> tuple[str, str, float]:
    fonts = style.element.rPr.rFonts
    return fonts.get(qn("w:ascii")), fonts.get(qn("w:eastAsia")), style.font.size.pt


def paragraphs(document: Any, style: str) -> list[str]:
    return [one.text for one in document.paragraphs if one.style.style_id == style]


def test_paper_is_that_of_the_standard(report: Report) -> None:
    section = opened(report).sections[0]
    sides = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    assert [round(side.mm) for side in sides] == [210, 297, 37, 35]
    assert [round(side.mm) for side in (section.left_margin, section.right_margin)] == [28, 26]
    turned = opened(report, landscape=True).sections[0]
    assert [round(side.mm) for side in (turned.page_width, turned.page_height)] == [297, 210]
    assert round(turned.right_margin.mm) == 37  # the head of the upright page


def test_type_is_that_of_the_standard_for_chinese_too(report: Report) -> None:
    document = opened(report)
    styles = {one.style_id: one for one in document.styles}
    assert fonts_of(styles["Title"]) == ("方正小标宋简体",) * 2 + (22,)
    assert fonts_of(styles["Heading1"]) == ("黑体", "黑体", 16)
    assert fonts_of(styles["Heading2"]) == ("楷体", "楷体", 16)
    assert fonts_of(styles["BodyText"]) == ("仿宋", "仿宋", 16)
    assert styles["BodyText"].element.pPr.ind.get(qn("w:firstLineChars")) == "200"
    spacing = document.styles.element.find(f".//{qn('w:pPrDefault')}//{qn('w:spacing')}")
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("560", "exact")
    others = xml_of(report, "word/fontTable.xml")
    assert all(
        len(others.findall(f"w:font[{n}]/w:altName", others.nsmap)) == 1 for n in range(1, 6)
    )


def test_page_numbers_stand_outside_between_dashes(report: Report) -> None:
    document = opened(report)
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    odd, even = (foot.paragraphs[0] for foot in (section.footer, section.even_page_footer))
    assert (odd.text, even.text) == ("— 1 —",) * 2
    assert fonts_of(odd.style) == ("宋体", "宋体", 14)
    assert (odd.style.paragraph_format.alignment, even.style.paragraph_format.alignment) == (2, 0)


def test_the_table_has_the_columns_for_paper_and_every_value(report: Report) -> None:
    wanted = report.tables[0]
    places = [at for at, column in enumerate(wanted.columns) if column.level < 3]
    kinds = [column.kind for column in wanted.columns]
    (table, *_) = opened(report, landscape=True).tables
    grid = [[cell.text for cell in row.cells] for row in table.rows]
    assert [text.replace("\n", "") for text in grid[0]] == [
        wanted.columns[at].title for at in places
    ]
    lines = [*(row.values for row in wanted.rows), wanted.totals or ()]
    assert len(grid) == 1 + len(lines) == 32
    for cells, values in zip(grid[1:], lines, strict=True):
        assert [cell.split("\n")[0] for cell in cells] == [
            word(values[at], kinds[at]) for at in places
        ]
    owed = [round(float(row[2].replace(",", "")) * 100) for row in grid[1:]]
    assert sum(owed[:-1]) == owed[-1]
    assert grid[3][4] == "50.00%\n2/4"
    assert "注：面积未列，见本报告的表格或网页文件。" in paragraphs(opened(report), "Note")


def test_the_header_repeats_and_rows_stay_whole(report: Report) -> None:
    (table, *_) = xml_of(report).iter(qn("w:tbl"))
    rows = table.findall(qn("w:tr"))
    heads = [row.find(f".//{qn('w:tblHeader')}") is not None for row in rows]
    assert heads == [True] + [False] * (len(rows) - 1)
    assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)
    assert rows[-2].find(f".//{qn('w:keepNext')}") is not None  # the totals are never alone


def test_numbers_are_set_right_overdue_rows_red_totals_bold(report: Report) -> None:
    (table, *_) = opened(report, landscape=True).tables
    alignments = [
        cell.paragraphs[0].style.paragraph_format.alignment for cell in table.rows[1].cells
    ]
    assert alignments[:7] == [0, 0, 2, 2, 2, 1, 1]
    overdue, plain = table.rows[7].cells[0], table.rows[1].cells[0]
    assert str(overdue.paragraphs[0].runs[0].font.color.rgb) == "C00000"
    assert plain.paragraphs[0].runs[0].font.color.rgb is None
    assert table.rows[-1].cells[0].paragraphs[0].runs[0].font.bold


def test_a_table_too_wide_is_continued_below_and_loses_no_column() -> None:
    columns = tuple(Column(f"c{n}", f"第{n}列金额", ValueKind.MONEY) for n in range(20))
    rows = tuple(Row(("小区", *(10_000_000 + n for n in range(1, 20)))) for _ in range(3))
    report = Report("x", "宽表", "局", tables=(Table("t", "宽表", columns, rows),))
    assert is_wide(report)
    document = opened(report)
    assert len(document.tables) == len(paragraphs(document, "Note")) + 1 > 1
    titles = [cell.text.replace("\n", "") for one in document.tables for cell in one.rows[0].cells]
    assert list(dict.fromkeys(titles)) == [column.title for column in columns]
    assert all(one.rows[1].cells[0].text == "小区" for one in document.tables)
    types = {
        cell.paragraphs[0].style.style_id for one in document.tables for cell in one.rows[1].cells
    }
    assert len(types) == 1  # one size throughout
    room = 156 / 25.4 * 1440
    for table in xml_of(report).iter(qn("w:tblGrid")):
        assert sum(int(one.get(qn("w:w"))) for one in table) <= room


def test_chapters_notes_signatures_findings_and_basis_follow(report: Report) -> None:
    table = replace(report.tables[0], signatures=("制表", "审核"))
    document = opened(replace(report, tables=(table,), references=("某办法 第五条", "某通知")))
    assert paragraphs(document, "Title") == ["欠租情况表"]
    assert paragraphs(document, "Circumstances") == [
        "某区住保局　期间：2020-H1　截止日期：2020-06-30",
        "金额单位：元",
    ]
    assert paragraphs(document, "Heading1") == [
        "一、欠租户",
        "二、说明",
        "三、数据问题",
        "四、依据",
    ]
    assert paragraphs(document, "Signature") == ["制表：\t审核："]
    body = paragraphs(document, "BodyText")
    assert body[0] == "1. 由台账计算。"
    assert "arrears.xlsx!实收（15 处）、arrears.xlsx!应收（30 处）" in body[1]
    assert body[2:] == ["错误 3 条，警告 1 条。", "1. 某办法 第五条", "2. 某通知"]
    places = [row.cells[2].text for row in document.tables[-1].rows[1:]]
    assert places == [
        "",
        "tenants.xlsx!保障家庭!G3",
        "tenants.xlsx!保障家庭!G12",
        "units.xlsx!房源!J3",
    ]


def test_many_findings_are_counted_and_the_worst_listed(report: Report) -> None:
    (warning,) = (one for one in report.findings if one.severity == "warning")
    error = report.findings[0]
    many = replace(report, findings=(*[warning] * FINDINGS_ON_PAPER, error))
    counted, listed = opened(many).tables[-2:]
    assert [cell.text for cell in counted.rows[1].cells][3] == "1"
    assert len(listed.rows) == FINDINGS_ON_PAPER + 1
    assert listed.rows[1].cells[3].text == "TT-104"


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    assert report_document(report) == report_document(replace(report))
    document = opened(report)
    assert str(document.core_properties.created) == "2020-06-30 00:00:00+00:00"
    assert (document.core_properties.title, document.core_properties.author) == (
        "欠租情况表",
        "某区住保局",
    )


@pytest.mark.parametrize("hostile", ["</w:t><w:p/>&\"'", "坏\x00\x0b\ud800\uffff字"])
def test_hostile_text_stays_text(hostile: str) -> None:
    columns = (Column("a", hostile), Column("b", "率", ValueKind.RATIO))
    table = Table("t", hostile, columns, (Row((hostile, Ratio(1, 2))),), notes=(hostile,))
    report = Report("x", hostile, hostile, tables=(table, table), notes=(hostile,))
    (first, _) = opened(report).tables
    kept = hostile[0] if hostile[0] == "坏" else hostile
    assert first.rows[1].cells[0].text.startswith(kept)


def test_an_empty_table_says_so_and_an_empty_report_is_a_document() -> None:
    table = Table("t", "空", (Column("a", "甲"), Column("b", "乙")), ())
    document = opened(Report("x", "空", "局", tables=(table,)))
    assert document.tables[0].rows[1].cells[0].text == "（没有记录）"
    assert [one.text for one in opened(Report("x", "题", "局")).paragraphs] == ["题", "局"]


def test_long_tables_take_seconds(report_of: Callable[..., Report]) -> None:
    report = report_of(5_000)
    start = time.perf_counter()
    made = report_document(report, landscape=True)
    assert time.perf_counter() - start < 8  # a tenth of it on an idle machine
    assert len(made) < 1_000_000


def test_a_list_to_sign_begins_on_a_page_of_its_own() -> None:
    columns = (Column("name", "申请人"),)
    rows = (Row(("张*明",)),)
    lists = tuple(Table(f"b{n}", f"第{n}批", columns, rows, signatures=("经办人",)) for n in (1, 2))
    document = opened(Report("x", "选房名单", "示范局", tables=lists))
    breaks = [p.text for p in document.paragraphs if p.paragraph_format.page_break_before]
    assert breaks == ["二、第2批"]
