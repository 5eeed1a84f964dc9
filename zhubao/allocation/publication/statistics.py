"""Statistics on a finished draw: information for whoever looks at it, never a verdict."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.allocation.draw.texts import sha256
from zhubao.allocation.publication.lines import Line
from zhubao.allocation.publication.listing import Listing
from zhubao.allocation.publication.rank_tests import (
    KOLMOGOROV,
    evenness,
    leaning,
    two_sided,
)
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.identity import check_identity, sex_of

LEVEL = 0.05  # the usual line; here only to say how many results fall below it by chance
_LARGE = 5  # people; larger households are taken together
_KEY_SPACE = float(16**64)
_NUMBER = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean rank within the groups of some entrants, and what chance alone would give."""

    trait: str
    value: str
    entrants: int
    observed: float
    expected: float
    deviation: float | None  # standard deviations off; None where nothing can vary
    sources: tuple[Cell, ...]

    @property
    def p(self) -> float | None:
        """How often chance is so far off, by the normal curve."""
        return None if self.deviation is None else two_sided(self.deviation)


@dataclass(frozen=True, slots=True)
class Trend:
    """One test over the whole draw. `effect`: a correlation, or a largest distance."""

    title: str
    entrants: int
    left_out: int
    effect: float
    p: float
    method: str
    is_correlation: bool = True


@dataclass(frozen=True, slots=True)
class GroupMean:
    """Overall ranks of a group: by the rules they are fixed, chance has no part in them."""

    group: str
    entrants: int
    observed: float
    by_rule: float


@dataclass(frozen=True)
class DrawStatistics:
    """Everything said of a draw; `tests` results have a p-value, `below` of them are under 5 %."""

    listing: Listing
    seed: str
    groups: tuple[GroupMean, ...]
    means: tuple[Mean, ...]
    trends: tuple[Trend, ...]

    @property
    def p_values(self) -> tuple[float, ...]:
        """Of every test made; two parts of a whole mirror each other and are one test."""
        parts: dict[str, list[float]] = defaultdict(list)
        for mean in self.means:
            if mean.p is not None:
                parts[mean.trait].append(mean.p)
        means = [p for part in parts.values() for p in (part[:1] if len(part) == 2 else part)]
        return (*means, *(trend.p for trend in self.trends))

    @property
    def below(self) -> int:
        """Tests under the usual line."""
        return sum(p < LEVEL for p in self.p_values)


def compute_statistics(listing: Listing) -> DrawStatistics:
    """The statistics of a draw that has been carried out; UsageError before it.

    Ranks are those within the group, since groups are drawn one after the other. The seed of the
    permutations is the result hash; without one, the SHA-256 of the entrants in order of rank.
    """
    lines = [line for line in listing.lines if line.rank]
    if not lines:
        raise UsageError(
            f"摇号活动 {listing.row.event_no} 还没有摇号结果，没有可统计的",
            advice="摇号之后再运行；结果在“摇号结果”表里。",
        )
    order = "\n".join(line.entrant.entrant_no for line in lines)
    seed = listing.known.result_hash or sha256(order)
    return DrawStatistics(
        listing, seed, _group_means(lines), _means(lines), tuple(_trends(lines, seed))
    )


def expected_mean(counts: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """(mean, its standard deviation) of the ranks of m out of n, per group (m, n), all together.

    Mean: Σ m (n + 1) ÷ 2 ÷ Σ m. Variance of the sum: Σ m (n + 1)(n - m) ÷ 12 (drawn without
    replacement). ZeroDivisionError for no entrants.
    """
    entrants = sum(m for m, _ in counts)
    mean = sum(m * (n + 1) / 2 for m, n in counts) / entrants
    variance = sum(m * (n + 1) * (n - m) / 12 for m, n in counts)
    return mean, math.sqrt(variance) / entrants


def _group_means(lines: Sequence[Line]) -> tuple[GroupMean, ...]:
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for line in lines:
        found[line.entrant.group_order, line.entrant.group].append(line.rank)
    orders: dict[int, int] = defaultdict(int)
    for (order, _), ranks in found.items():
        orders[order] += len(ranks)
    first = {order: sum(n for o, n in orders.items() if o < order) for order in orders}
    return tuple(
        GroupMean(
            group, len(ranks), sum(ranks) / len(ranks), first[order] + (orders[order] + 1) / 2
        )
        for (order, group), ranks in sorted(found.items())
    )


def _means(lines: Sequence[Line]) -> tuple[Mean, ...]:
    sizes: dict[int, int] = defaultdict(int)
    for line in lines:
        sizes[line.entrant.group_order] += 1
    found = []
    for trait, value_of in _TRAITS:
        parts: dict[str, list[Line]] = defaultdict(list)
        for line in lines:
            value = value_of(line)
            if value:
                parts[value].append(line)
        found += [_mean(trait, value, part, sizes) for value, part in sorted(parts.items())]
    return tuple(found)


def _mean(trait: str, value: str, part: Sequence[Line], sizes: dict[int, int]) -> Mean:
    own: dict[int, int] = defaultdict(int)
    for line in part:
        own[line.entrant.group_order] += 1
    expected, spread = expected_mean([(m, sizes[group]) for group, m in own.items()])
    observed = sum(line.group_rank for line in part) / len(part)
    return Mean(
        trait,
        value,
        len(part),
        observed,
        expected,
        (observed - expected) / spread if spread else None,
        tuple(cell for line in part for cell in line.sources[:2]),
    )


def _trends(lines: Sequence[Line], seed: str) -> list[Trend]:
    found, seen = [], list[list[int]]()
    for title, key in _ORDERS:
        known = [(line, value) for line in lines if (value := key(line)) is not None]
        places = {value: place for place, value in enumerate(sorted({v for _, v in known}))}
        others = [places[value] for _, value in known]
        if len(known) < 2 or others in seen:  # two numberings in the same order are one test
            continue
        seen.append(others)
        ranks = [line.group_rank for line, _ in known]
        groups = [line.entrant.group_order for line, _ in known]
        result = leaning(ranks, others, groups, f"{seed}\t{title}")
        if result is not None:
            left = len(lines) - len(known)
            words = (result.entrants, left, result.correlation, result.p, result.method)
            found.append(Trend(title, *words))
    return found + _key_test(lines)


def _key_test(lines: Sequence[Line]) -> list[Trend]:
    """The draw's own numbers must be spread evenly over their range; needs an archived draw."""
    keys = [int(line.digest, 16) / _KEY_SPACE for line in lines if len(line.digest) == 64]
    if len(keys) != len(lines):
        return []
    distance, p = evenness(keys)
    return [Trend("摇号值是否均匀", len(keys), 0, distance, p, KOLMOGOROV, False)]


def _sex(line: Line) -> str:
    number = line.entrant.identity_no
    return sex_of(number) if check_identity(number) is None else ""


def _household_size(line: Line) -> str:
    size = line.entrant.size
    return f"{size} 人" if size < _LARGE else f"{_LARGE} 人以上"


def _natural(text: str) -> tuple[Any, ...] | None:
    """Numbers inside a code in numerical order; None for no code."""
    if not text:
        return None
    return tuple(int(part) if part.isdigit() else part for part in _NUMBER.split(text))


_TRAITS: tuple[tuple[str, Callable[[Line], str]], ...] = (
    ("申请人性别", _sex),
    ("家庭人口", _household_size),
    ("小区、户型", lambda line: line.entrant.stratum),
)
_ORDERS: tuple[tuple[str, Callable[[Line], Any]], ...] = (
    ("登记时间先后", lambda line: line.entrant.registered_at),
    ("轮候号先后", lambda line: _natural(line.entrant.waiting_no)),
    ("参摇编号先后", lambda line: _natural(line.entrant.entrant_no)),
    ("家庭人口多少", lambda line: line.entrant.size),
)
