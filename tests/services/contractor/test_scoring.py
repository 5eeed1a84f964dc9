"""Worked examples of every formula, with the arithmetic a contractor can check by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.services.contractor.ledgers import DAY, scheme_with
from zhubao.policy import PolicyInvalid
from zhubao.services.contractor.catalog import FIGURES
from zhubao.services.contractor.figures import Measured
from zhubao.services.contractor.scheme import Formula, Indicator, load_scheme
from zhubao.services.contractor.scoring import Goal, rounded, score


def indicator(formula: Formula, full: str, **words: Any) -> Indicator:
    figure = FIGURES[words.pop("figure", "tickets")]
    return Indicator("X", "某项", figure, "%", Decimal(full), formula, **words)


def points(
    formula: Formula,
    numbers: tuple[int, int],
    target: str | None,
    unit: str = "%",
    full: str = "20",
    **words: Any,
) -> tuple[str, str]:
    money = words.pop("money", False)
    goal = Goal(None if target is None else Decimal(target), unit, Decimal(full))
    scored = score(indicator(formula, full, **words), Measured(*numbers, (), money), goal)
    return str(scored.score), scored.arithmetic


@pytest.mark.parametrize(
    ("numbers", "target", "unit", "money", "expected", "said"),
    [
        ((21, 23), "95", "%", False, "19.2", "20 × 21 ÷ 23 ÷ 95% ＝ 19.2"),
        ((38, 40), "95", "%", False, "20.0", "38 ÷ 40 ＝ 95.00%，达到目标 95%，得满分 20"),
        ((980, 2003), "1960", "户", False, "10.0", "20 × 980 户 ÷ 1,960 户 ＝ 10.0"),
        ((2000, 2003), "1960", "户", False, "20.0", "2,000 户，达到目标 1,960 户，得满分 20"),
        ((8_805_531, 13_043_634), "24", "万元", True, "7.3",
         "20 × 8.805531 万元 ÷ 24 万元 ＝ 7.3"),
        ((0, 5), "95", "%", False, "0.0", "20 × 0 ÷ 5 ÷ 95% ＝ 0.0"),
        ((0, 5), "0", "%", False, "20.0", "0 ÷ 5 ＝ 0.00%，达到目标 0%，得满分 20"),
    ],
)  # fmt: skip
def test_in_proportion_up_to_the_target(
    numbers: tuple[int, int], target: str, unit: str, money: bool, expected: str, said: str
) -> None:
    found = points(Formula.PROPORTIONAL, numbers, target, unit, money=money)
    assert found == (expected, said)


def test_below_the_floor_nothing_is_earned_and_at_the_floor_something_is() -> None:
    words: dict[str, Any] = {"floor": Decimal(50)}
    assert points(Formula.PROPORTIONAL, (40, 100), "80", **words)[0] == "10.0"
    score_, said = points(Formula.PROPORTIONAL, (39, 100), "80", **words)
    assert (score_, said) == ("0.0", "39 ÷ 100 ＝ 39.00%，不到目标 80% 的 50%，不得分")


@pytest.mark.parametrize(
    ("numbers", "allowed", "expected", "said"),
    [
        ((2, 3), 0, "18.0", "2/3，未完成 1：20 － 2 × 1 ＝ 18.0"),
        ((0, 11), 0, "0.0", "0/11，未完成 11：20 － 2 × 11 ＝ 0.0（扣完为止）"),
        ((7, 10), 1, "16.0", "7/10，未完成 3，允许 1：20 － 2 × 2 ＝ 16.0"),
        ((9, 10), 1, "20.0", "9/10，未完成 1，允许 1：20 － 2 × 0 ＝ 20.0"),
    ],
)
def test_points_off_per_case(
    numbers: tuple[int, int], allowed: int, expected: str, said: str
) -> None:
    words: dict[str, Any] = {"points": Decimal(2), "allowed": allowed}
    assert points(Formula.DEDUCTION, numbers, None, **words) == (expected, said)


def test_points_off_per_unit_below_the_target() -> None:
    """95 less 91.304… per cent, half a point each: 18.152… becomes 18.2."""
    words: dict[str, Any] = {"points": Decimal("0.5")}
    found = points(Formula.SHORTFALL, (21, 23), "95", **words)
    assert found == ("18.2", "20 － 0.5 ×（95 － 100 × 21 ÷ 23）＝ 18.2")
    assert points(Formula.SHORTFALL, (96, 100), "95", **words)[0] == "20.0"
    assert points(Formula.SHORTFALL, (1, 100), "95", **words)[0] == "0.0"


def test_all_or_nothing_includes_the_target_itself_and_never_rounds_up_to_it() -> None:
    assert points(Formula.ALL_OR_NOTHING, (95, 100), "95")[0] == "20.0"
    found = points(Formula.ALL_OR_NOTHING, (94_999, 100_000), "95")
    assert found == ("0.0", "94,999 ÷ 100,000 ＝ 95.00%，没有达到目标 95%，得 0")


@pytest.mark.parametrize("formula", list(Formula))
def test_where_there_was_nothing_to_do_nothing_is_deducted(formula: Formula) -> None:
    found = points(formula, (0, 0), "95")
    assert found == ("20.0", "分母为 0，没有可考核的事项，不扣分，得 20")


def test_without_a_target_there_is_no_score() -> None:
    for formula in (Formula.PROPORTIONAL, Formula.SHORTFALL, Formula.ALL_OR_NOTHING):
        assert points(formula, (1, 2), None) == ("None", "没有目标值，没有评分")


def test_scores_are_rounded_half_up() -> None:
    halves = [(Fraction(25, 100), 1), (Fraction(-25, 100), 1), (Fraction(5, 2), 0)]
    assert [str(rounded(*half)) for half in halves] == ["0.3", "-0.3", "3"]


def test_the_packaged_scheme_adds_up_to_a_hundred_and_uses_known_figures() -> None:
    scheme = load_scheme(DAY)
    assert sum(one.full for one in scheme.indicators) == 100
    assert scheme.share(Decimal(90)) is None
    assert all("【出处未核实】" in line for line in scheme.basis)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({"figure": "happiness"}, "figure"),
        ({"formula": "看心情"}, "formula"),
        ({"unit": "万元"}, "unit"),
        ({"full": "二十"}, "full"),
        ({"target": -1}, "target"),
        ({"only": "维修"}, "only"),
        ({"code": ""}, "code"),
    ],
)
def test_a_scheme_written_wrongly_is_refused_with_the_item(item: dict[str, Any], said: str) -> None:
    with pytest.raises(PolicyInvalid, match=said):
        scheme_with(item)


def test_the_share_of_the_fee_follows_the_bands() -> None:
    bands = [{"at_least": 80, "share": 90}, {"at_least": 90, "share": 100}]
    scheme = scheme_with(payment_bands=bands)
    shares = [scheme.share(Decimal(one)) for one in ("90", "89.9", "80", "79.9")]
    assert shares == [Decimal(100), Decimal(90), Decimal(90), Decimal(0)]
