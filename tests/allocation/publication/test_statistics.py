"""The numbers said of a draw: each against a slow or a published reckoning, none a verdict."""

from __future__ import annotations

import math
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from tests.allocation.publication.events import EVENT, Event, frozen_event, without_hashes
from zhubao.allocation.publication.draws import known_draw
from zhubao.allocation.publication.listing import compute_listing
from zhubao.allocation.publication.rank_tests import (
    EXACT,
    NORMAL,
    PERMUTED,
    evenness,
    leaning,
    midranks,
    two_sided,
)
from zhubao.allocation.publication.statistics import (
    DrawStatistics,
    compute_statistics,
    expected_mean,
)
from zhubao.allocation.publication.statistics_report import statistics_report, words_for
from zhubao.core.errors import UsageError


def found(event: Event) -> DrawStatistics:
    loaded = event.loaded
    return compute_statistics(
        compute_listing(loaded, known_draw(loaded, event.archive, EVENT, None))
    )


def test_spearman_is_the_textbooks_and_its_p_value_that_of_every_order() -> None:
    """rho = 1 - 6 Σd² ÷ (n³ - n) without ties; p by going through all 5! orders here as well."""
    ranks, others = [1, 2, 3, 4, 5], [2.0, 1.0, 4.0, 3.0, 5.0]
    result = leaning(ranks, others, [1] * 5, "seed")
    assert result is not None
    assert result.correlation == pytest.approx(1 - 6 * 4 / (125 - 5))
    sums = [sum(a * b for a, b in zip(order, others, strict=True)) for order in permutations(ranks)]
    centred = [abs(one - 5 * 9) for one in sums]
    share = sum(one >= abs(53 - 45) for one in centred) / math.factorial(5)
    assert result.p == pytest.approx(share)
    assert result.method == EXACT


def test_only_the_order_within_groups_counts() -> None:
    """Whoever registered late stands in the later group; within the groups nothing leans."""
    ranks, others, groups = [1, 2, 1, 2], [1.0, 2.0, 4.0, 3.0], [1, 1, 2, 2]
    result = leaning(ranks, others, groups, "seed")
    assert result is not None
    assert (result.correlation, result.p) == (0.0, 1.0)
    assert leaning([1, 2, 3], [5, 5, 5], [1, 1, 1], "seed") is None
    assert leaning([1, 1], [1, 2], [1, 2], "seed") is None


def test_permutations_the_normal_curve_and_the_seed_agree() -> None:
    ranks = list(range(1, 301))
    others = [float((n * 7919) % 301) + n * 0.1 for n in ranks]
    groups = [n % 3 for n in ranks]
    first = leaning(ranks, others, groups, "a")
    again, other = leaning(ranks, others, groups, "a"), leaning(ranks, others, groups, "b")
    assert first is not None
    assert other is not None
    assert first == again
    assert first.method == PERMUTED
    assert first.p != other.p
    assert first.p == pytest.approx(other.p, abs=0.03)
    big = leaning(ranks * 4, others * 4, [g + 3 * k for k in range(4) for g in groups], "a")
    assert big is not None
    assert big.method == NORMAL
    assert big.correlation == pytest.approx(first.correlation)
    assert big.p < first.p


def test_p_values_of_fair_orders_are_spread_evenly() -> None:
    """40 fair orders of 30 entrants, judged by Kolmogorov–Smirnov."""
    rng = np.random.default_rng(1)
    numbers = list(range(30))
    p_values = []
    for trial in range(40):
        result = leaning([int(n) + 1 for n in rng.permutation(30)], numbers, [1] * 30, str(trial))
        assert result is not None
        p_values.append(result.p)
    assert evenness(p_values)[1] > 0.05


def test_evenness_has_kolmogorovs_values() -> None:
    """Tables: D = 1.3581 ÷ √n is the 5 % point for large n, 1.6276 ÷ √n the 1 % point."""
    n = 10_000
    for critical, level in ((1.3581, 0.05), (1.6276, 0.01)):
        shift = critical / math.sqrt(n)
        values = [max(0.0, (k + 1) / n - shift) for k in range(n)]
        distance, p = evenness(values)
        assert distance == pytest.approx(shift)
        assert p == pytest.approx(level, rel=0.02)
    assert evenness([]) == (0.0, 1.0)
    assert evenness([(k + 0.5) / 50 for k in range(50)])[1] == 1.0
    assert list(midranks(np.array([3.0, 1.0, 3.0]))) == [2.5, 1.0, 2.5]
    assert two_sided(1.959964) == pytest.approx(0.05)


def test_the_expected_mean_rank_is_that_of_every_choice() -> None:
    """2 of 5 in one group: mean 3, and the spread over all 10 choices."""
    sums = [a + b for a in range(1, 6) for b in range(1, a)]
    spread = math.sqrt(sum((one / 2 - 3) ** 2 for one in sums) / len(sums))
    mean, deviation = expected_mean([(2, 5)])
    assert mean == 3.0
    assert deviation == pytest.approx(spread)
    assert expected_mean([(3, 3), (1, 1)]) == (1.75, 0.0)


def test_a_fair_draw_and_one_in_order_of_registration_look_different(tmp_path: Path) -> None:
    event = frozen_event(tmp_path, 120, 60, 10)
    event.draw()
    fair = found(event)
    assert {one.title for one in fair.trends} == {
        "登记时间先后",
        "轮候号先后",
        "家庭人口多少",
        "摇号值是否均匀",
    }
    assert all(abs(one.effect) < 0.3 for one in fair.trends)
    assert fair.seed == event.events[0]["result_hash"]
    bare = without_hashes(event)
    bare.results.sort(key=lambda row: row["entrant_no"])
    for rank, row in enumerate(bare.results, 1):
        row["rank"] = rank
    bent = found(bare)
    trend = next(one for one in bent.trends if one.title == "轮候号先后")
    assert (round(trend.effect, 6), trend.p) == (1.0, 1 / 5000)
    assert "摇号值是否均匀" not in {one.title for one in bent.trends}


def test_the_report_says_how_many_tests_chance_alone_would_flag(tmp_path: Path) -> None:
    event = frozen_event(tmp_path, 60, 30)
    event.draw()
    statistics = found(event)
    report = statistics_report(statistics, bureau="示范局")
    count = len(statistics.p_values)
    # two sexes are one test, two strata one; four sizes; four trends
    assert (count, report.facts["tests"]) == (1 + 1 + 4 + 4, count)
    assert any(f"共做 {count} 项检验" in note and "5%" in note for note in report.notes)
    assert any("不能说明的" in note for note in report.notes)
    groups = report.table("groups").rows
    assert {row.values[-1] for row in groups} == {"与组序一致"}
    shares = report.table("shares")
    assert shares.totals is not None
    assert sum(row.values[2] for row in shares.rows) == shares.totals[2] == 60
    assert all(row.sources for row in shares.rows)
    assert (words_for(None), words_for(1.5)) == ("一家一样，无从波动", "平常的波动")
    assert words_for(-3.2).startswith("很少见，约")


def test_the_order_of_rows_changes_no_number(tmp_path: Path) -> None:
    event = frozen_event(tmp_path, 60, 30)
    event.draw()
    before = found(event)
    event.roster.reverse()
    event.results.reverse()
    after = found(event)
    assert (before.trends, before.groups) == (after.trends, after.groups)


def test_before_the_draw_there_is_nothing_to_count(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="还没有摇号结果"):
        found(frozen_event(tmp_path))
