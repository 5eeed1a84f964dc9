"""Which record of one file is which of the other: by key, equal ones first, then in order."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from zhubao.ledger.diff_reading import Records


def keys_of(records: Records, key: Sequence[str]) -> list[Any]:
    """The key of every record; None for one without."""
    columns = [records.values[name] for name in key]
    if len(columns) == 1:
        return columns[0]
    return [None if set(one) == {None} else one for one in zip(*columns, strict=True)]


def repeated_keys(keys: Sequence[Hashable]) -> int:
    """How many keys occur more than once."""
    counts = Counter(keys)
    return sum(count > 1 for key, count in counts.items() if key is not None)


class Pairing:
    """Collects pairs of records."""

    def __init__(self, a: Records, b: Records, shared: Sequence[str]) -> None:
        self._columns_a = [a.values[name] for name in shared]
        self._columns_b = [b.values[name] for name in shared]
        self.pairs: list[tuple[int, int]] = []

    def match(
        self,
        keys_a: Sequence[Hashable],
        keys_b: Sequence[Hashable],
        left_a: Sequence[int],
        left_b: Sequence[int],
        keyless: set[Any],
    ) -> tuple[list[int], list[int]]:
        """Pair what has one key, `keyless` ones only when equal; the records left over."""
        groups_a, groups_b = _groups(keys_a, left_a), _groups(keys_b, left_b)
        rest_a: list[int] = []
        for key, ours in groups_a.items():
            theirs = groups_b.get(key)
            if theirs is None:
                rest_a += ours
            elif len(ours) == len(theirs) == 1 and key not in keyless:
                self.pairs.append((ours[0], theirs[0]))
                groups_b[key] = []
            else:
                over_a, groups_b[key] = self._match_group(ours, theirs, key in keyless)
                rest_a += over_a
        return sorted(rest_a), sorted(index for group in groups_b.values() for index in group)

    def _match_group(
        self, ours: list[int], theirs: list[int], only_equal: bool
    ) -> tuple[list[int], list[int]]:
        """Equal records first, then in order."""
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for index in reversed(theirs):
            waiting[tuple(column[index] for column in self._columns_b)].append(index)
        unequal = []
        for index in ours:
            same = waiting.get(tuple(column[index] for column in self._columns_a))
            if same:
                self.pairs.append((index, same.pop()))
            else:
                unequal.append(index)
        left = sorted(index for group in waiting.values() for index in group)
        if only_equal:
            return unequal, left
        count = min(len(unequal), len(left))
        self.pairs += zip(unequal, left, strict=False)
        return unequal[count:], left[count:]


def _groups(keys: Sequence[Hashable], indexes: Iterable[int]) -> dict[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for index in indexes:
        groups[keys[index]].append(index)
    return dict(groups)


def longest_rising(numbers: Sequence[int]) -> int:
    """Length of the longest rising subsequence: the records that kept their order."""
    tails: list[int] = []
    for number in numbers:
        if not tails or number > tails[-1]:
            tails.append(number)
        else:
            tails[bisect_left(tails, number)] = number
    return len(tails)
