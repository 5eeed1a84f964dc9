"""Command texts come apart the same way on every system."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.fleet.batch.words import joined_words, split_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rent month  --month\t2020-06\n", ("rent", "month", "--month", "2020-06")),
        (r"rent import D:\租金\流水.xlsx", ("rent", "import", r"D:\租金\流水.xlsx")),
        ('check "D:\\我的 台账\\a.xlsx"', ("check", "D:\\我的 台账\\a.xlsx")),
        ("--out=报 '表 \"一\"'x", ("--out=报", '表 "一"x')),
        ("--month {{ last_month : yyyy年 m月 }}", ("--month", "{{ last_month : yyyy年 m月 }}")),
        ("a ''", ("a", "")),
        ("  ", ()),
    ],
)
def test_words(text: str, words: tuple[str, ...]) -> None:
    assert split_words(text) == words


def test_an_open_quotation_is_refused() -> None:
    with pytest.raises(ValueError, match="引号"):
        split_words("check 'a")


@given(st.lists(st.text(st.characters(exclude_characters="'\"{}"), max_size=6), max_size=5))
def test_joined_words_come_apart_again(words: list[str]) -> None:
    assert split_words(joined_words(tuple(words))) == tuple(words)
