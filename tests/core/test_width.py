"""Widths on screen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhubao.core.width import display_width, pad, truncate, wrap


def test_a_chinese_character_takes_two_columns() -> None:
    assert display_width("欠租 12户") == 9
    assert display_width("ＡＢ，") == 6
    assert display_width("e\u0301\u200b") == 1
    assert display_width("") == 0


def test_a_cut_text_says_so() -> None:
    assert truncate("北辰中央公园", 12) == "北辰中央公园"
    assert truncate("北辰中央公园", 11) == "北辰中央公…"
    assert truncate("北辰中央公园", 10) == "北辰中央…"
    assert truncate("北辰", 0) == ""


@given(st.text(max_size=30), st.integers(1, 20))
def test_a_cut_text_fits(text: str, width: int) -> None:
    assert display_width(truncate(text, width)) <= width


def test_padding_counts_columns() -> None:
    assert pad("欠租", 6) == "欠租  "
    assert pad("12", 6, right=True) == "    12"
    assert pad("北辰中央", 6) == "北辰中央"


def test_wrapped_lines_keep_words_whole_and_marks_off_the_start() -> None:
    assert wrap("请运行 zhubao check 再看。", 12) == ["请运行", "zhubao check", "再看。"]
    assert wrap("一二三四五，六七", 10) == ["一二三四", "五，六七"]
    assert wrap("甲", 20, indent=2) == ["  甲"]
    assert wrap("  ", 20) == []


@given(st.text(st.sampled_from("欠租，。ab1,) \n"), max_size=60), st.integers(8, 30))
def test_wrapping_fits_and_loses_nothing(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(display_width(line) <= width for line in lines)
