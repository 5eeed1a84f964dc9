"""What a person wrote: from TOML and from an earlier document."""

from __future__ import annotations

import pytest

from zhubao.core.errors import UsageError
from zhubao.summary.narrative.notes import (
    notes_from_paragraphs,
    notes_from_toml,
)
from zhubao.summary.narrative.slots import SLOTS


def test_toml_gives_paragraphs_by_code_in_three_spellings() -> None:
    text = (
        'plan = ["第一段", "第二段"]\n'
        '[narrative]\nlead = """\n成效\n明显。\n\n第二段。\n"""\nsupply = "  "\n'
    )

    notes = notes_from_toml(text, "补写.toml")

    assert notes.texts == {"plan": ("第一段", "第二段"), "lead": ("成效 明显。", "第二段。")}


@pytest.mark.parametrize("text", ["lead = ", "lead = 3", "lead = [1]", "narrative = 'x'"])
def test_toml_that_is_none_says_how_to_write_it(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        notes_from_toml(text, "补写.toml")

    assert "补写.toml" in caught.value.message
    assert caught.value.advice


def test_a_document_keeps_what_was_written_and_forgets_what_still_asks() -> None:
    blocks = [
        ("lead", ["成效明显。", ""]),
        ("plan", [SLOTS["plan"].asking]),
        ("safety", [SLOTS["safety"].asking + "写在后面。"]),
        ("", ["正文 12 套。", "【补写:supply】多方协调。", "[补写：supply] 又一段。"]),
    ]

    notes = notes_from_paragraphs(blocks)

    assert notes.texts == {
        "lead": ("成效明显。",),
        "safety": ("写在后面。",),
        "supply": ("多方协调。", "又一段。"),
    }
    assert notes.unused(["lead", "safety"]) == ("supply",)
