"""Letters from Word templates: what is filled in, merged, and said of a broken template."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from zhubao.core.errors import BureauError, OutputError
from zhubao.core.resources import packaged_dir
from zhubao.render.docx import LetterTemplate, find_template, refuse_other_suffix
from zhubao.render.letter_templates import (
    CHOICE,
    DEMAND,
    DRAW_SLIP,
    INSTALMENT,
    REVIEW,
    VACATE,
    make_templates,
)

KNOWN = ("姓名", "明细")
VALUES = {"姓名": "张三", "明细": [{"月": "2020年5月"}, {"月": "2020年6月"}]}


def made(path: Path, *paragraphs: str, header: str = "", rows: tuple[str, ...] = ()) -> Path:
    word = Document()
    for text in paragraphs:
        word.add_paragraph(text)
    if rows:
        table = word.add_table(len(rows), 1)
        for row, text in zip(table.rows, rows, strict=True):
            row.cells[0].text = text
    if header:
        word.sections[0].header.paragraphs[0].text = header
    word.save(str(path))
    return path


def read(data: bytes) -> Any:
    return Document(io.BytesIO(data))


def texts(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in read(data).paragraphs if paragraph.text]


def test_placeholders_and_rows_are_filled_in(tmp_path: Path) -> None:
    rows = ("{%tr for 行 in 明细 %}", "{{ 行.月 }}", "{%tr endfor %}")
    path = made(tmp_path / "信.docx", "{{ 姓名 }}：您好", header="致{{ 姓名 }}", rows=rows)
    word = read(LetterTemplate(path, KNOWN).render(VALUES))
    assert word.paragraphs[0].text == "张三：您好"
    assert [row.cells[0].text for row in word.tables[0].rows] == ["2020年5月", "2020年6月"]
    assert word.sections[0].header.paragraphs[0].text == "致张三"


def test_a_placeholder_split_by_word_into_several_runs_is_still_one(tmp_path: Path) -> None:
    word = Document()
    paragraph = word.add_paragraph()
    for piece in ("{", "{ 姓", "名 }", "}：您好"):
        paragraph.add_run(piece).bold = piece == "{ 姓"
    word.save(str(tmp_path / "信.docx"))
    assert texts(LetterTemplate(tmp_path / "信.docx", KNOWN).render(VALUES)) == ["张三：您好"]


@pytest.mark.parametrize("name", ["A&B<C>", "{{ 姓名 }}", "一\x0b二\n三", '"引"', "{% for %}"])
def test_any_text_is_a_value_and_never_markup(tmp_path: Path, name: str) -> None:
    template = LetterTemplate(made(tmp_path / "信.docx", "{{ 姓名 }}"), KNOWN)
    (text,) = texts(template.render({**VALUES, "姓名": name}))
    assert text == name.replace("\x0b", " ").replace("\n", " ")


def test_the_same_letter_is_the_same_to_the_byte(tmp_path: Path) -> None:
    path = made(tmp_path / "信.docx", "{{ 姓名 }}")
    first, again = (LetterTemplate(path, KNOWN).render(VALUES) for _ in range(2))
    assert first == again


def test_merged_letters_follow_each_other_each_from_page_one(tmp_path: Path) -> None:
    template = LetterTemplate(made(tmp_path / "信.docx", "{{ 姓名 }}：您好"), KNOWN)
    names = ["张三", "李四", "王五"]
    data = template.merge([{**VALUES, "姓名": name} for name in names])
    assert texts(data) == [f"{name}：您好" for name in names]
    sections = read(data).sections
    assert len(sections) == 3
    for section in sections:
        (number,) = section._sectPr.findall(qn("w:pgNumType"))
        assert number.get(qn("w:start")) == "1"
    assert texts(template.merge([VALUES])) == ["张三：您好"]
    with pytest.raises(ValueError, match="no letters"):
        template.merge([])


def test_letters_with_names_in_the_header_cannot_be_merged(tmp_path: Path) -> None:
    template = LetterTemplate(made(tmp_path / "信.docx", "正文", header="致{{ 姓名 }}"), KNOWN)
    with pytest.raises(BureauError, match=r"信\.docx.*页眉"):
        template.merge([VALUES, VALUES])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{{ 姓名字 }}", "{{ 姓名字 }}"),
        ("尊敬的{{ 姓名 ：", "尊敬的{{ 姓名"),
        ("尊敬的{{ 姓名 }：您好", "姓名 }："),
        ("尊敬的 姓名 }}：您好", "姓名 }}"),
        ("{{ 姓 名 }}", "{{ 姓 名 }}"),
        ("{% if 姓名 %}在", "if"),
        ("{{ 明细.月数 }}", "月数"),
        ("{{ 姓名 + 1 }}", "算不出来"),
        ("{{ 姓名.__class__.__mro__ }}", "__"),
    ],
)
def test_a_broken_template_is_named_with_its_placeholder(
    tmp_path: Path, text: str, named: str
) -> None:
    path = made(tmp_path / "催缴通知书.docx", "前文 {{ 姓名 }}", text, "后文 {{ 姓名 }}")
    with pytest.raises(BureauError) as caught:
        LetterTemplate(path, KNOWN).render(VALUES)
    assert "模板 催缴通知书.docx 不能用" in caught.value.message
    assert named in caught.value.message
    assert "<w:" not in caught.value.message
    assert caught.value.where == str(path)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04broken"])
def test_a_file_that_is_no_word_document_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "信.docx"
    path.write_bytes(content)
    with pytest.raises(BureauError, match=r"信\.docx 打不开"):
        LetterTemplate(path, KNOWN)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("a.txt", "x")
    with pytest.raises(BureauError, match=r"信\.docx 打不开"):
        LetterTemplate(path, KNOWN)


def test_the_bureau_s_own_template_comes_first(tmp_path: Path) -> None:
    assert find_template(DEMAND, tmp_path) == packaged_dir("templates") / DEMAND
    own = made(tmp_path / DEMAND, "本局的")
    assert find_template(DEMAND, tmp_path) == own
    with pytest.raises(BureauError, match="没有模板"):
        find_template("没有.docx", tmp_path)


def test_a_merged_file_is_called_docx() -> None:
    with pytest.raises(OutputError):
        refuse_other_suffix(Path("信.doc"))


@pytest.mark.parametrize("name", [DEMAND, INSTALMENT, VACATE, CHOICE, DRAW_SLIP, REVIEW])
def test_the_committed_templates_are_those_the_module_makes(tmp_path: Path, name: str) -> None:
    make_templates(tmp_path)
    assert _words(packaged_dir("templates") / name) == _words(tmp_path / name)


def _words(path: Path) -> list[str]:
    word = Document(str(path))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in word.paragraphs] + cells


@pytest.mark.parametrize("name", [DEMAND, INSTALMENT, VACATE, CHOICE])
def test_paper_margins_and_fonts_are_those_of_the_standard(name: str) -> None:
    """GB/T 9704-2012: A4; 37, 28, 26, 35 mm; title 22 pt, body 仿宋 16 pt with eastAsia set."""
    word = Document(str(packaged_dir("templates") / name))
    section = word.sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round((size or 0) / Mm(1)) for size in sizes] == [210, 297, 37, 28]
    assert round((section.right_margin or 0) / Mm(1)) == 26
    assert round((section.bottom_margin or 0) / Mm(1)) == 35
    title = word.paragraphs[0].runs[0]
    assert title.font.size is not None
    assert title.font.size.pt == 22
    for paragraph in word.paragraphs:
        for run in paragraph.runs:
            fonts: Any = run._r.get_or_add_rPr().rFonts
            assert fonts.get(qn("w:eastAsia")) == fonts.get(qn("w:ascii"))


@pytest.mark.libreoffice
def test_libreoffice_opens_a_merged_letter(
    tmp_path: Path, soffice: Callable[[Path, str], Path]
) -> None:
    from zhubao.rent.letters.context import PLACEHOLDERS

    values: dict[str, Any] = dict.fromkeys(PLACEHOLDERS, "某")
    values |= {"欠租明细": [dict.fromkeys(("月1", "额1", "月2", "额2", "月3", "额3"), "1")]}
    data = LetterTemplate(packaged_dir("templates") / DEMAND, PLACEHOLDERS).merge([values] * 2)
    (tmp_path / "信.docx").write_bytes(data)
    assert soffice(tmp_path / "信.docx", "pdf").read_bytes().startswith(b"%PDF")
