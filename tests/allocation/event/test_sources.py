"""The sources of randomness agreed on before a freeze."""

from __future__ import annotations

import pytest

from zhubao.allocation.draw.texts import EntropySource
from zhubao.allocation.event.sources import (
    agreed_sources,
    sources_in_words,
    sources_text,
    without_issue,
)
from zhubao.core.errors import UsageError

BALLS, CALLED = EntropySource("现场摇球", 6, 2), EntropySource("公证员报数", 3, 1)


def test_options_and_ledger_are_read_alike_and_written_back() -> None:
    written = " 现场摇球 ＝ 6×2； 公证员报数=3*1"
    assert agreed_sources((), written) == (BALLS, CALLED)
    assert agreed_sources(("现场摇球=6x2", "公证员报数=3X1"), written) == (BALLS, CALLED)
    assert sources_text((BALLS, CALLED)) == "现场摇球=6x2；公证员报数=3x1"
    assert sources_in_words((BALLS,)) == "现场摇球 6 个两位数"


@pytest.mark.parametrize(
    ("declared", "ledger", "said"),
    [
        ((), None, "没有约定随机源"),
        (("现场摇球",), None, "看不懂"),
        (("现场摇球=0x2",), None, "不合适"),
        (("现场摇球=6x2",), "现场摇球=7x2", "台账约定的是"),
        (("现场摇球=6x2", "现场摇球=3x1"), None, "写了两次"),
        (("A球=3x2", "Ａ球=3x2"), None, "写了两次"),
        (("现场摇球=4x2",), None, "至少要 10 位"),
    ],
)
def test_what_cannot_be_agreed_on_is_refused(
    declared: tuple[str, ...], ledger: str | None, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        agreed_sources(declared, ledger)


def test_ten_digits_are_enough() -> None:
    assert agreed_sources(("现场摇球=5x2",), "") == (EntropySource("现场摇球", 5, 2),)


def test_a_lottery_must_say_which_draw_it_means() -> None:
    named = [EntropySource(name, 7, 2) for name in ("福彩双色球", "双色球第2020055期", "现场摇球")]
    assert without_issue(named) == ["福彩双色球"]
