"""What a clerk wrote between the program's sentences is known by what the program remembers."""

from __future__ import annotations

from zhubao.summary.narrative.additions import additions, additions_line, marks_of

WRITTEN = ("（一）租金收缴", "1. 收缴租金119.71万元。结欠12.07万元；已催缴306户。", "—", "—")


def _added(*paragraphs: str, kept: tuple[str, ...] = ()) -> tuple[str, ...] | None:
    return additions(paragraphs, marks_of(WRITTEN), kept)


def test_added_sentences_and_paragraphs_are_found_whatever_the_figures_are_now() -> None:
    grown = WRITTEN[1] + "楼道照明已修复。"
    assert _added(WRITTEN[0], grown, "另开座谈会4次。共57条意见。") == (
        "楼道照明已修复。",
        "另开座谈会4次。",
    )
    assert _added(WRITTEN[1].replace("306", "307")) == ("已催缴307户。",)


def test_places_blanks_and_breaks_of_a_paragraph_are_no_addition() -> None:
    assert _added("（二）租金收缴", "2. 收缴租金 119.71 万元。", "结欠12.07万元；", " ") == ()


def test_what_the_new_document_says_is_not_lost() -> None:
    kept = "楼道照明已修复。"
    assert _added(WRITTEN[1] + kept, kept=("管理很好。" + kept,)) == ()


def test_a_document_that_remembers_nothing_cannot_tell() -> None:
    assert additions(["楼道照明已修复。"], []) is None


def test_marks_fit_the_properties_of_a_document() -> None:
    many = [f"某小区{number}套。" for number in range(500)]
    lines = marks_of(many)
    assert max(map(len, lines)) <= 255
    assert additions(many, lines) == ()


def test_each_is_told_by_its_first_words() -> None:
    own = "上半年另组织社区座谈会4次，听取租户意见57条。"
    line = additions_line(("楼道照明已修复。", own), "旧.docx")
    assert f"2 处没有保留，原文在 旧.docx：①楼道照明已修复。；②{own[:20]}……" in line
    many = additions_line(("多。",) * 12, "旧.docx")
    assert "⑩多。；等 12 处" in many
