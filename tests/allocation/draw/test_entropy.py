"""What the witnesses gave, as clerks type it; anything else is refused with the expected form."""

from __future__ import annotations

import pytest

from tests.allocation.draw.events import BALLS, CALLED, SOURCES
from zhubao.allocation.draw.entropy import entropy_faults, expected_words, parse_entropy
from zhubao.core.errors import UsageError

WANTED = (("现场摇球", "03 17 22 28 31 05"), ("观众报数", "5 0 7"))


@pytest.mark.parametrize(
    "balls",
    [
        BALLS,
        "现场摇球＝０３、１\uff17、２２、２\uff18、３１、０５",
        "现场摇球= 03，17，22，28，31，05 ",
        "现场摇球=03/17/22/28/31/05",
        "现场摇球=03-17－22—28-31-05",
        "  现场摇球 =03,17;22；28\n31\t05",
    ],
)
def test_width_and_separators_do_not_matter_nor_does_the_order_of_options(balls: str) -> None:
    assert parse_entropy([CALLED, balls], SOURCES) == WANTED


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((BALLS,), "缺少随机源：观众报数"),
        ((BALLS, CALLED, "彩票=1"), "彩票"),
        ((BALLS, CALLED, CALLED), "给了两次"),
        ((BALLS.replace(" 05", ""), CALLED), "实有 5 个"),
        ((BALLS.replace("05", "5"), CALLED), "不是 2 位数"),
        ((BALLS.replace("05", "0x"), CALLED), "不是 2 位数"),
        ((BALLS.replace("05", "\u0660\u0665"), CALLED), "不是 2 位数"),
        ((BALLS.replace("=", " "), CALLED), "不是冻结时约定的随机源"),
        (("现场摇球=", CALLED), "实有 0 个"),
        ((), "缺少随机源"),
    ],
)
def test_anything_else_is_refused_with_the_expected_form(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_entropy(words, SOURCES)
    assert said in caught.value.message
    assert expected_words(SOURCES) in caught.value.advice


def test_a_published_ticket_is_held_against_the_rules() -> None:
    assert entropy_faults(SOURCES, WANTED) == []
    assert entropy_faults(SOURCES, WANTED[::-1])[0][0] == 2
    assert entropy_faults(SOURCES, (WANTED[0], ("观众报数", "5 0 77")))[0][0] == 3
