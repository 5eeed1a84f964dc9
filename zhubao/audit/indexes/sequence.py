"""What stands out of place in a sequence that should never go down: as few places as possible."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A place in the sequence that breaks it; `against` is a place that it contradicts.

    `late`: it comes after a larger number; otherwise it comes before a smaller one.
    """

    place: int
    against: int
    late: bool


def misplaced(numbers: Sequence[int]) -> list[Misplaced]:
    """The places outside a longest part that never goes down, in order.

    One number put far ahead or far behind is one place, not all those that it jumped over.
    O(n log n). Of two parts of one length the one that ends lower counts.
    """
    if all(one <= following for one, following in pairwise(numbers)):
        return []
    kept = _longest(numbers)
    inside = set(kept)
    above = _before(numbers, inside)
    below = _after(numbers, inside)
    found = []
    for place in range(len(numbers)):
        if place in inside:
            continue
        larger, smaller = above[place], below[place]
        if larger is not None and numbers[larger] > numbers[place]:
            found.append(Misplaced(place, larger, True))
        elif smaller is not None:
            found.append(Misplaced(place, smaller, False))
    return found


def _longest(numbers: Sequence[int]) -> list[int]:
    """The places of a longest part that never goes down."""
    tails: list[int] = []  # smallest last number of a part of each length
    places: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_right(tails, number)
        before.append(places[length - 1] if length else -1)
        if length == len(tails):
            tails.append(number)
            places.append(place)
        else:
            tails[length], places[length] = number, place
    chain, place = [], places[-1] if places else -1
    while place >= 0:
        chain.append(place)
        place = before[place]
    return chain[::-1]


def _before(numbers: Sequence[int], inside: set[int]) -> list[int | None]:
    """For each place, the kept place before it (its number is the largest so far)."""
    found: list[int | None] = []
    last: int | None = None
    for place in range(len(numbers)):
        found.append(last)
        last = place if place in inside else last
    return found


def _after(numbers: Sequence[int], inside: set[int]) -> list[int | None]:
    """For each place, the next kept place after it (its number is the smallest to come)."""
    found: list[int | None] = [None] * len(numbers)
    following: int | None = None
    for place in reversed(range(len(numbers))):
        found[place] = following
        following = place if place in inside else following
    return found
