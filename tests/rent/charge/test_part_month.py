"""Part months: days of 28 to 31, half months, whole months; parts sum exactly to the whole."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.rent.charge.part_month import PartRule, Stretch, capped, shares

BY_DAY, HALF, WHOLE = PartRule.BY_DAY, PartRule.HALF_MONTH, PartRule.WHOLE_MONTH


@pytest.mark.parametrize(
    ("days", "first", "last", "fen"),
    [
        (31, 11, 31, 18629),  # 275.00 × 21 ÷ 31 = 186.2903…
        (30, 1, 15, 13750),  # 275.00 × 15 ÷ 30
        (29, 29, 29, 948),  # 275.00 × 1 ÷ 29 = 9.4827…
        (28, 1, 7, 6875),  # 275.00 × 7 ÷ 28
        (28, 1, 28, 27500),
        (31, 1, 31, 27500),
    ],
)
def test_days_over_the_days_of_the_month(days: int, first: int, last: int, fen: int) -> None:
    assert shares(BY_DAY, days, [Stretch(first, last, 27500)]) == [fen]


def test_half_a_fen_goes_up() -> None:
    assert shares(BY_DAY, 30, [Stretch(1, 15, 101)]) == [51]  # 1.01 ÷ 2 = 0.505
    assert shares(HALF, 30, [Stretch(1, 15, 101)]) == [51]


@pytest.mark.parametrize(
    ("first", "last", "fen"),
    [(1, 31, 27500), (15, 31, 27500), (16, 31, 13750), (1, 15, 13750), (1, 16, 27500)],
)
def test_who_starts_after_the_15th_or_leaves_by_it_pays_half(
    first: int, last: int, fen: int
) -> None:
    assert shares(HALF, 31, [Stretch(first, last, 27500)]) == [fen]


def test_a_half_or_a_month_already_paid_for_is_not_paid_again() -> None:
    moved = [Stretch(1, 20, 27500), Stretch(21, 31, 30000)]
    assert shares(HALF, 31, moved) == [27500, 0]
    assert shares(HALF, 31, [Stretch(1, 10, 27500), Stretch(11, 31, 30000)]) == [13750, 15000]
    assert shares(WHOLE, 31, moved) == [27500, 0]


def test_the_last_part_takes_the_rest() -> None:
    """100.00 over 31 days: 32.258 + 32.258 + 35.483."""
    parts = [Stretch(1, 10, 10000), Stretch(11, 20, 10000), Stretch(21, 31, 10000)]
    assert shares(BY_DAY, 31, parts) == [3226, 3226, 3548]


@pytest.mark.parametrize(
    "bad", [[Stretch(0, 3, 1)], [Stretch(3, 2, 1)], [Stretch(1, 32, 1)],
            [Stretch(1, 5, 1), Stretch(5, 9, 1)]],
)  # fmt: skip
def test_stretches_that_overlap_or_leave_the_month_are_a_fault(bad: list[Stretch]) -> None:
    with pytest.raises(ValueError, match="stretches"):
        shares(BY_DAY, 31, bad)


def test_a_reduction_never_exceeds_the_rent_of_its_part_and_loses_nothing() -> None:
    assert capped([0, 0, 1, 3], [1, 1, 0, 14]) == [0, 0, 0, 4]
    assert capped([1, 2, 3], [3, 2, 1]) == [3, 2, 1]
    with pytest.raises(ValueError, match="limits"):
        capped([2], [1])


@given(
    rent=st.integers(0, 10**7),
    days=st.integers(28, 31),
    cuts=st.sets(st.integers(1, 27), max_size=6),
    rule=st.sampled_from(PartRule),
)
def test_a_month_cut_up_at_the_same_rent_costs_what_it_costs_uncut(
    rent: int, days: int, cuts: set[int], rule: PartRule
) -> None:
    edges = [0, *sorted(cuts), days]
    parts = [Stretch(a + 1, b, rent) for a, b in pairwise(edges)]
    found = shares(rule, days, parts)
    assert sum(found) == rent
    assert min(found) >= 0


@given(
    days=st.integers(28, 31),
    rents=st.lists(st.integers(0, 10**7), min_size=1, max_size=5),
)
def test_the_parts_sum_to_the_exact_total_rounded_once(days: int, rents: list[int]) -> None:
    parts = [Stretch(5 * place + 1, 5 * place + 4, rent) for place, rent in enumerate(rents)]
    exact = Decimal(sum(4 * rent for rent in rents)) / days
    assert sum(shares(BY_DAY, days, parts)) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
