"""The draw: fair, the same whatever the order of rows, and the same as the committed vectors."""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.allocation.draw.events import entrants_of, people, units_of
from zhubao.allocation.draw.algorithm import SELECTED, draw, entrant_key, result_text
from zhubao.allocation.draw.texts import (
    DrawTicket,
    Entrant,
    parse_roster,
    parse_rules,
    parse_ticket,
    parse_units,
    sha256,
)

VECTORS = Path(__file__).parent / "vectors" / "vectors.json"
ENTRANTS, UNITS = entrants_of(people(30)), units_of(12)
TICKETS = st.integers(0, 10**12).map(
    lambda n: DrawTicket("a" * 64, 1, "-", (("现场摇球", f"{n:012d}"),))
)


def vectors() -> list[Any]:
    cases: list[Any] = json.loads(VECTORS.read_text(encoding="utf-8"))
    return cases


@pytest.mark.parametrize("case", vectors(), ids=lambda case: str(case["name"]))
def test_the_package_computes_the_committed_vectors(case: Any) -> None:
    texts = case["files"]
    rules = parse_rules(texts["rules.txt"])
    _, entrants = parse_roster(texts["roster.txt"])
    _, units = parse_units(texts["units.txt"])
    drawn = draw(parse_ticket(texts["draw.txt"]), entrants, units, rules.mode)
    assert (drawn.seed, result_text(drawn)) == (case["seed"], texts["result.txt"])
    assert sha256(result_text(drawn)) == case["result_hash"]


@settings(max_examples=40)
@given(TICKETS, st.randoms(use_true_random=False), st.sampled_from(["order", "unit"]))
def test_the_order_of_rows_never_matters(ticket: DrawTicket, shuffler: Any, mode: str) -> None:
    entrants, units = [*ENTRANTS], [*UNITS]
    shuffler.shuffle(entrants)
    shuffler.shuffle(units)
    assert draw(ticket, entrants, units, mode) == draw(ticket, ENTRANTS, UNITS, mode)


@given(TICKETS, st.integers(0, len(ENTRANTS) - 1))
def test_who_leaves_after_the_draw_reorders_no_other_pair(ticket: DrawTicket, gone: int) -> None:
    before = [place.receipt for place in draw(ticket, ENTRANTS, UNITS, "order").places]
    rest = ENTRANTS[:gone] + ENTRANTS[gone + 1 :]
    after = [place.receipt for place in draw(ticket, rest, UNITS, "order").places]
    assert after == [receipt for receipt in before if receipt != ENTRANTS[gone].receipt]


@given(TICKETS, st.integers(0, 12), st.integers(0, 30))
def test_nothing_is_lost_and_every_unit_is_given_while_somebody_waits(
    ticket: DrawTicket, supply: int, count: int
) -> None:
    entrants, units = ENTRANTS[:count], UNITS[:supply]
    places = draw(ticket, entrants, units, "unit").places
    assert {place.receipt for place in places} == {one.receipt for one in entrants}
    assert [place.rank for place in places] == [*range(1, count + 1)]
    assert [place.group_order for place in places] == sorted(one.group_order for one in entrants)
    given_out = [place.unit_no for place in places if place.unit_no]
    assert len(set(given_out)) == len(given_out)
    at = {unit.unit_no: unit.stratum for unit in units}
    assert all(at[place.unit_no] == place.stratum for place in places if place.unit_no)
    supplied, wanted = Counter(at.values()), Counter(one.stratum for one in entrants)
    for stratum, wanting in wanted.items():
        mine = [place for place in places if place.stratum == stratum]
        chosen = [place for place in mine if place.outcome == SELECTED]
        assert chosen == mine[: min(wanting, supplied[stratum])]
        reserve = [place.reserve_rank for place in mine[len(chosen) :]]
        assert reserve == [*range(1, len(reserve) + 1)]


def test_every_permutation_is_about_equally_likely() -> None:
    """Chi-square over 100,000 draws of four households: 24 orders, 23 degrees of freedom.

    The seeds are those of 100,000 consecutive numbers, so the test always gives the same value:
    χ² = 20.0, p = 0.64. It uses the key that the draw sorts by, which the next test ties to it.
    """
    receipts = [one.receipt for one in ENTRANTS[:4]]
    seen: Counter[tuple[int, ...]] = Counter()
    for number in range(100_000):
        seed = sha256(str(number))
        keys = [entrant_key(seed, receipt) for receipt in receipts]
        seen[tuple(sorted(range(4), key=keys.__getitem__))] += 1
    expected = 100_000 / 24
    statistic = sum((count - expected) ** 2 / expected for count in seen.values())
    assert len(seen) == 24
    p = _upper_tail(statistic, 23)
    print(f"χ² = {statistic:.1f}, p = {p:.2f}")
    assert p > 0.01


def test_the_draw_sorts_by_the_keys_that_were_tested() -> None:
    ordinary = [Entrant(one.receipt, 1, "普通组", 1, "甲") for one in ENTRANTS]
    drawn = draw(DrawTicket("b" * 64, 1, "-", (("现场摇球", "01"),)), ordinary, [], "order")
    keys = [entrant_key(drawn.seed, place.receipt) for place in drawn.places]
    assert keys == sorted(keys) == [place.key for place in drawn.places]


def _upper_tail(statistic: float, freedom: int) -> float:
    """P(χ² ≥ statistic) = 1 - P(k/2, x/2), by the series of the incomplete gamma function."""
    half, x = freedom / 2, statistic / 2
    term = total = 1 / half
    for step in range(1, 1000):
        term *= x / (half + step)
        total += term
    return 1 - total * math.exp(-x + half * math.log(x) - math.lgamma(half))
