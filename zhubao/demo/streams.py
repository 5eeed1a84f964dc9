"""Independent random streams: one per topic, so that a change in one topic leaves the others."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
ONE_DAY = dt.timedelta(days=1)


def stream(seed: int, topic: str) -> random.Random:
    """The stream of a topic; text seeds give the same numbers on every machine and version."""
    return random.Random(f"zhubao/{seed}/{topic}")


def weighted(rng: random.Random, table: Sequence[tuple[T, float]]) -> T:
    """One of the items, by weight."""
    items, weights = zip(*table, strict=True)
    chosen: T = rng.choices(items, weights)[0]
    return chosen


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """`total` split by weight into whole numbers that add up exactly (largest remainders first)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def day_between(rng: random.Random, first: dt.date, last: dt.date) -> dt.date:
    """A day from `first` to `last`, both included."""
    return first + dt.timedelta(days=rng.randint(0, max(0, (last - first).days)))


def working_day(rng: random.Random, first: dt.date, last: dt.date) -> dt.date:
    """A day from Monday to Friday between the two, moved back when it falls on a weekend."""
    day = day_between(rng, first, last)
    earlier = day - dt.timedelta(days=max(0, day.weekday() - 4))
    return earlier if earlier >= first else min(last, day + dt.timedelta(days=7 - day.weekday()))


def sorted_days(rng: random.Random, count: int, first: dt.date, last: dt.date) -> list[dt.date]:
    """So many working days in order."""
    return sorted(working_day(rng, first, last) for _ in range(count))
