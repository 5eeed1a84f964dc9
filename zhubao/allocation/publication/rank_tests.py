"""Tests of a finished draw: does the order lean on something, are the keys spread evenly.

Both answer with a p-value: how often pure chance gives at least so much. Chance is the one that
the algorithm names: within each group every order is equally likely. The permutations follow from a
seed that is an argument, so that anybody gets the same number again.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any

import numpy as np

PERMUTATIONS = 4_999
_MOST_ORDERS = 5_040  # up to so many orders are all gone through
_MOST_PERMUTED = 1_000  # entrants; above, the normal curve is as good and instant
_MOST_GROUPS = 200
_AT_ONCE = 1_000_000  # random numbers held at a time
_SLACK = 1e-9  # relative; so that equal sums count as equal

EXACT, PERMUTED, NORMAL = "逐一列举全部次序", f"随机重排 {PERMUTATIONS:,} 次", "正态近似"
KOLMOGOROV = "柯尔莫哥洛夫分布近似"


@dataclass(frozen=True, slots=True)
class Leaning:
    """A rank correlation (-1 to 1, 0 = none), its p-value, and how that was found."""

    entrants: int
    correlation: float
    p: float
    method: str


def leaning(
    ranks: Sequence[int], others: Sequence[float], groups: Sequence[int], seed: str
) -> Leaning | None:
    """Spearman's rank correlation of `ranks` with `others` within groups, over all groups together.

    Ranks and others are ranked anew within each group (equal ones share the mean rank), centred,
    and their products summed: T. The correlation is T ÷ √(Σr² Σq²). p is the share of orders within
    groups for which |T| is at least as large: over every order when there are at most 5,040, over
    4,999 random ones (the draw's own counted in: (1 + hits) ÷ 5,000) up to 1,000 entrants, else by
    the normal curve with Var T = Σ over groups of Σr² Σq² ÷ (n - 1).
    None when nothing can vary: fewer than two in every group, or all of `others` equal.
    """
    group = np.asarray(groups)
    order = np.argsort(group, kind="stable")
    sizes = [int(n) for n in np.unique(group, return_counts=True)[1]]
    r = _centred(np.asarray(ranks, float)[order], sizes)
    q = _centred(np.asarray(others, float)[order], sizes)
    spread = float((r * r).sum() * (q * q).sum())
    if spread <= 0:
        return None
    total = float(r @ q)
    p, method = _p_value(r, q, sizes, total, seed)
    return Leaning(len(r), total / math.sqrt(spread), p, method)


def evenness(values: Sequence[float]) -> tuple[float, float]:
    """Kolmogorov–Smirnov against the uniform distribution on 0 to 1: (largest distance D, p).

    p = 2 Σ (-1)^(k-1) exp(-2 k² λ²) with λ = (√n + 0.12 + 0.11/√n) D (Stephens). (0, 1) for none.
    """
    x = np.sort(np.asarray(values, float))
    n = len(x)
    if n == 0:
        return 0.0, 1.0
    steps = np.arange(n + 1) / n
    distance = float(max((steps[1:] - x).max(), (x - steps[:-1]).max()))
    scaled = (math.sqrt(n) + 0.12 + 0.11 / math.sqrt(n)) * distance
    if scaled < 0.3:  # the series converges slowly where p is 1 to nine places
        return distance, 1.0
    terms = ((-1) ** (k - 1) * math.exp(-2 * k * k * scaled * scaled) for k in range(1, 101))
    return distance, min(1.0, max(0.0, 2 * sum(terms)))


def two_sided(deviations: float) -> float:
    """How often chance is at least so many standard deviations away, by the normal curve."""
    return math.erfc(abs(deviations) / math.sqrt(2))


def midranks(values: Any) -> Any:
    """1 for the smallest; equal values share the mean of their ranks."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[inverse]


def _centred(values: Any, sizes: Sequence[int]) -> Any:
    """Ranks within each group less their mean; the groups lie one after the other."""
    parts, start = [], 0
    for size in sizes:
        parts.append(midranks(values[start : start + size]) - (size + 1) / 2)
        start += size
    return np.concatenate(parts)


def _p_value(r: Any, q: Any, sizes: Sequence[int], total: float, seed: str) -> tuple[float, str]:
    line = abs(total) * (1 - _SLACK)
    if math.prod(math.factorial(min(size, 10)) for size in sizes) <= _MOST_ORDERS:
        sums = np.array([float(r[list(order)] @ q) for order in _orders(sizes)])
        return float((np.abs(sums) >= line).mean()), EXACT
    if len(r) > _MOST_PERMUTED or len(sizes) > _MOST_GROUPS:
        return two_sided(total / math.sqrt(_variance(r, q, sizes))), NORMAL
    hits = sum(int((np.abs(q[order] @ r) >= line).sum()) for order in _shuffles(sizes, seed))
    return (1 + hits) / (1 + PERMUTATIONS), PERMUTED


def _orders(sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every order that keeps the groups together."""
    blocks, start = [], 0
    for size in sizes:
        blocks.append(list(permutations(range(start, start + size))))
        start += size
    for chosen in product(*blocks):
        yield tuple(place for block in chosen for place in block)


def _shuffles(sizes: Sequence[int], seed: str) -> Iterator[Any]:
    """Random orders within groups, some rows at a time; the same for the same seed, everywhere.

    SHAKE-256 of the seed and a counter gives 64 bits per entrant; sorting by group and these bits
    is the order. Two equal numbers are as unlikely as they are harmless.
    """
    group = np.repeat(np.arange(len(sizes), dtype=np.uint64), sizes)
    n, done = len(group), 0
    while done < PERMUTATIONS:
        rows = min(PERMUTATIONS - done, max(1, _AT_ONCE // n))
        bits = hashlib.shake_256(f"zhubao-statistics-1\t{seed}\t{done}".encode()).digest(
            8 * n * rows
        )
        keys = np.frombuffer(bits, dtype="<u8").reshape(rows, n) >> np.uint64(8)
        yield np.argsort(keys + (group << np.uint64(56)), axis=1)
        done += rows


def _variance(r: Any, q: Any, sizes: Sequence[int]) -> float:
    """Of the sum of products under all orders within groups."""
    total, start = 0.0, 0
    for size in sizes:
        part = slice(start, start + size)
        if size > 1:
            total += float((r[part] ** 2).sum() * (q[part] ** 2).sum()) / (size - 1)
        start += size
    return total
