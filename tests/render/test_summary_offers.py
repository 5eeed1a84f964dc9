"""What a summary remembers of its offers stays in the document, also when another program saves."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from tests.render.test_summary_docx import _HEADING, _ROWS, _Paragraph, _Piece, _text
from zhubao.core.resources import packaged_dir
from zhubao.render.summary_docx import numbers_in, summary_document
from zhubao.render.summary_offers import closing_kept, offers_in, with_offers
from zhubao.render.summary_template import NAME

LATE, PLAN, GONE = "problem.approval.overdue", "plan.approval.overdue", "problem.cases.open"
REMEMBERED = {LATE: "a1 b2 12 5", PLAN: "c3 d4 <&>", GONE: "e5 f6 *"}
PARAGRAPHS = (
    _text("标题", "工作总结"),
    _Paragraph("正文", (_Piece("12件", "problem.1", "fact"), _Piece("超期。")), offer=LATE),
    _Paragraph("正文", (_Piece("1. "), _Piece("逐件催办。", "plan.1", "fact")), offer=PLAN),
    _text("补写", "七月底前完成。", slot="plan"),
)
STANDING = [(LATE, "12件超期。"), (PLAN, "1. 逐件催办。")]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A document with two sentences that stand and one that was deleted."""
    template = packaged_dir("templates") / NAME
    path = tmp_path / "工作总结.docx"
    path.write_bytes(
        with_offers(summary_document(template, PARAGRAPHS, _ROWS, _HEADING), REMEMBERED)
    )
    return path


def test_offers_and_what_is_remembered_are_read_back_and_numbers_too(made: Path) -> None:
    assert offers_in(made) == (REMEMBERED, STANDING)
    assert numbers_in(made.read_bytes(), ("problem.1", "plan.1"), ("fact",))[:2] == [
        ("problem.1", "fact", "12件"),
        ("plan.1", "fact", "逐件催办。"),
    ]
    styles = [p.style.name for p in Document(str(made)).paragraphs if p.style and p.text]
    assert f"offer_{LATE}" in styles


def test_the_same_again_and_a_template_made_from_a_summary_forgets_the_old(made: Path) -> None:
    document = made.read_bytes()
    assert with_offers(document, REMEMBERED) == document
    made.write_bytes(with_offers(document, {LATE: "a1 b2 13"}))

    remembered, _ = offers_in(made)

    assert remembered == {LATE: "a1 b2 13"}
    with zipfile.ZipFile(io.BytesIO(made.read_bytes())) as package:
        assert package.read("[Content_Types].xml").count(b"custom.xml") == 1
        assert b"cases.open" not in package.read("word/styles.xml")


@pytest.mark.parametrize(("is_open", "kept"), [(True, [PLAN, "note_plan"]), (False, ["note_plan"])])
def test_the_last_paragraph_stays_with_the_signature_and_an_unwritten_one_with_the_item_above(
    is_open: bool, kept: list[str]
) -> None:
    *above, slot = PARAGRAPHS
    texts = (*above, replace(slot, is_open=is_open))
    template = packaged_dir("templates") / NAME
    document = closing_kept(summary_document(template, texts, _ROWS, _HEADING))

    word = Document(io.BytesIO(document))
    at = next(n for n, one in enumerate(word.paragraphs) if one.text == "七月底前完成。")
    styles = [
        str(one._p.style).removeprefix("offer_")
        for one in word.paragraphs[: at + 1]
        if one.paragraph_format.keep_with_next
    ]
    assert styles == kept
    assert word.paragraphs[at + 1].paragraph_format.keep_with_next  # the blank line below
    assert word.paragraphs[at + 2].text.startswith("附件：")


@pytest.mark.libreoffice
def test_libreoffice_keeps_what_is_remembered_and_what_was_edited(
    made: Path, soffice: Callable[[Path, str], Path]
) -> None:
    word = Document(str(made))
    late, plan = (one for one in word.paragraphs if one.style and "offer_" in str(one.style.name))
    late.text = "超期的有12件。"
    plan._p.getparent().remove(plan._p)
    word.save(str(made))

    saved = soffice(made, "docx")

    assert offers_in(saved) == (REMEMBERED, [(LATE, "超期的有12件。")])
