"""The summary as a Word document: layout, numbers and notes that can be read back."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from zhubao.core.errors import UsageError
from zhubao.core.resources import packaged_dir
from zhubao.render.summary_docx import (
    FigureRow,
    Heading,
    notes_in,
    numbers_in,
    summary_document,
)
from zhubao.render.summary_template import NAME, SLOT_CODES, make_template
from zhubao.summary.narrative.slots import SLOTS


@dataclass(frozen=True)
class _Piece:
    text: str
    code: str = ""
    part: str = ""


@dataclass(frozen=True)
class _Paragraph:
    kind: str
    pieces: Sequence[_Piece]
    slot: str = ""
    is_open: bool = False
    offer: str = ""


_LONG = "approval.a_code_that_is_longer_than_a_bookmark_may_be"
_CODES = ("dispatch.units", _LONG)
_PARTS = ("count", "exact", "year")
_HEADING = Heading("星河区住房保障局", "2020年上半年", dt.date(2020, 6, 30), "2020年6月30日")


def _text(kind: str, *texts: str | _Piece, slot: str = "", is_open: bool = False) -> _Paragraph:
    pieces = [one if isinstance(one, _Piece) else _Piece(one) for one in texts]
    return _Paragraph(kind, pieces, slot, is_open)


_PARAGRAPHS = (
    _text("标题", "星河区住房保障局", "工作总结"),
    _text("导语", "调配", _Piece("500套", "dispatch.units", "count"), "，A&B <c>。"),
    _text("一级", "一、工作情况"),
    _text("二级", "（一）房源"),
    _text("三级", "1. 调配"),
    _text("正文", "审批", _Piece("7户", _LONG, "count"), "。"),
    _text("补写", "第一段", "第二段 12 户", slot="supply"),
    _text("补写", "（请补写：安排）", slot="plan", is_open=True),
)
_ROWS = (
    FigureRow("房源调配", [_Piece("500套", "dispatch.units", "exact")], [_Piece("—")], "口径"),
)


@pytest.fixture(scope="module")
def made() -> bytes:
    """The document from the packaged template."""
    return summary_document(packaged_dir("templates") / NAME, _PARAGRAPHS, _ROWS, _HEADING)


def test_the_packaged_template_is_what_its_maker_makes(tmp_path: Path) -> None:
    assert make_template(tmp_path).read_bytes() == (packaged_dir("templates") / NAME).read_bytes()


def test_a_period_that_ended_before_the_cut_off_says_which_figures_are_of_which_day() -> None:
    month = replace(_HEADING, stocks_on=dt.date(2020, 5, 31))
    assert month.cut_off == "期末数截至2020年5月31日（台账截止2020年6月30日）"
    assert month.cut_off_day == "2020年6月30日（期末数截至2020年5月31日）"
    for stocks_on in (None, dt.date(2020, 6, 30), dt.date(2020, 12, 31)):
        assert replace(_HEADING, stocks_on=stocks_on).cut_off == "截止日期：2020年6月30日"


def test_paper_type_and_page_numbers_follow_the_standard(made: bytes) -> None:
    word = Document(io.BytesIO(made))
    section = word.sections[0]

    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    for margin, wanted in zip(margins, (37, 28, 26, 35), strict=True):
        assert margin is not None
        assert abs(margin - Mm(wanted)) < Mm(0.1)
    fonts = {
        name: word.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Title", "Heading 1", "Heading 2", "Body Text")
    }
    assert list(fonts.values()) == ["方正小标宋简体", "黑体", "楷体", "仿宋"]
    body = word.styles["Body Text"]
    assert body.font.size == Pt(16)
    assert body.element.pPr.ind.get(qn("w:firstLineChars")) == "200"
    third = word.styles["Heading 3"]
    assert (third.base_style, third.font.bold) == (body, True)
    assert third.element.pPr.find(qn("w:outlineLvl")).get(qn("w:val")) == "2"
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        styles = package.read("word/styles.xml").decode()
        assert 'w:line="560" w:lineRule="exact"' in styles
        assert "evenAndOddHeaders" in package.read("word/settings.xml").decode()


def test_headings_and_text_stand_in_their_styles_in_order(made: bytes) -> None:
    word = Document(io.BytesIO(made))

    shown = [(p.style.name, p.text) for p in word.paragraphs if p.style and p.text]

    assert shown[:6] == [
        ("Title", "星河区住房保障局\n工作总结"),
        ("Body Text", "调配500套，A&B <c>。"),
        ("Heading 1", "一、工作情况"),
        ("Heading 2", "（一）房源"),
        ("Heading 3", "1. 调配"),
        ("Body Text", "审批7户。"),
    ]
    assert [cell.text for cell in word.tables[0].rows[1].cells] == [
        "1",
        "房源调配",
        "500套",
        "—",
        "口径",
    ]


def test_a_bureaus_older_template_keeps_its_third_heading_in_text(tmp_path: Path) -> None:
    older = tmp_path / NAME
    with zipfile.ZipFile(packaged_dir("templates") / NAME) as now:
        parts = {name: now.read(name) for name in now.namelist()}
    document = parts["word/document.xml"].decode().replace('"Heading3"', '"BodyText"')
    styles = re.sub(
        r'<w:style [^>]*"Heading3">.*?</w:style>', "", parts["word/styles.xml"].decode()
    )
    with zipfile.ZipFile(older, "w") as old:
        parts |= {"word/document.xml": document.encode(), "word/styles.xml": styles.encode()}
        for name, data in parts.items():
            old.writestr(name, data)

    made = Document(io.BytesIO(summary_document(older, _PARAGRAPHS, _ROWS, _HEADING)))

    assert "Heading 3" not in {style.name for style in made.styles}
    shown = [(p.style.name, p.text) for p in made.paragraphs if p.style]
    assert ("Body Text", "1. 调配") in shown
    assert ("Heading 2", "（一）房源") in shown


def test_every_number_is_read_back_with_its_code(made: bytes) -> None:
    assert numbers_in(made, _CODES, _PARTS) == [
        ("dispatch.units", "count", "500套"),
        (_LONG, "count", "7户"),
        ("dispatch.units", "exact", "500套"),
    ]


def test_the_attachment_compares_with_the_period_named() -> None:
    year, month = (
        [_Piece("1套", "dispatch.units", "year")],
        [_Piece("2套", "dispatch.units", "last")],
    )
    rows = [FigureRow("房源调配", [_Piece("—")], year, "口径", month)]
    heading = replace(_HEADING, compared="上月")

    made = summary_document(packaged_dir("templates") / NAME, _PARAGRAPHS, rows, heading)

    table = Document(io.BytesIO(made)).tables[0]
    assert [row.cells[3].text for row in table.rows] == ["上月", "2套"]
    assert ("dispatch.units", "last", "2套") in numbers_in(made, _CODES, ("last", "year"))


def test_a_number_altered_in_the_file_is_read_as_altered(made: bytes) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(stream, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info, data.replace("500套".encode(), "501套".encode(), 1))

    assert numbers_in(stream.getvalue(), _CODES, _PARTS)[0] == ("dispatch.units", "count", "501套")


def test_what_a_person_wrote_is_read_back_by_its_slot(made: bytes, tmp_path: Path) -> None:
    path = tmp_path / "工作总结.docx"
    path.write_bytes(made)

    written = [(code, text) for code, (text,) in notes_in(path) if code]

    assert written == [
        ("supply", "第一段"),
        ("supply", "第二段 12 户"),
        ("plan", "（请补写：安排）"),
    ]


def test_every_slot_has_its_style() -> None:
    assert set(SLOT_CODES) == set(SLOTS)


def test_a_file_that_is_no_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "补写.docx"
    path.write_bytes(b"no zip")

    with pytest.raises(UsageError, match=r"补写\.docx"):
        list(notes_in(path))
