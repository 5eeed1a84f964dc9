"""Deals the queue out to time slots and rooms: the order of choice is kept, needs are met.

The queue is cut into pieces, one per slot, in order: nobody ever chooses in a slot before that of
somebody ahead. Where to cut is the only freedom, and it is used in this order of weight: no
household in two places at a time; as many households with a need as possible in an accessible slot
or room; everybody as early as possible. The cuts are the best there are (dynamic programming over
slots × places), not a guess. What no cut can satisfy stays unsatisfied and is named.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhubao.allocation.schedule.households import Chooser
from zhubao.allocation.schedule.order import Room
from zhubao.allocation.schedule.slots import Slot

Ints = NDArray[np.int64]
_NEVER = np.iinfo(np.int64).max // 4


@dataclass(frozen=True, slots=True)
class Seated:
    """The households of one room in one slot, in order of choice."""

    slot: Slot
    room: Room
    choosers: tuple[Chooser, ...]

    @property
    def accessible(self) -> bool:
        """True when the room is accessible in this slot."""
        return self.room.name in self.slot.accessible


def cut_queue(
    queue: Sequence[Chooser], slots: Sequence[Slot], elsewhere: Sequence[Collection[int]]
) -> list[int] | None:
    """How many of the queue each slot takes, in order; None when they do not all fit.

    `elsewhere` has per slot the places in the queue of those who are somewhere else then.
    """
    if sum(slot.capacity for slot in slots) < len(queue):
        return None
    in_need = [place for place, one in enumerate(queue) if one.known.need]
    if not in_need and not any(elsewhere):
        return _earliest(len(queue), slots)
    clashes = [_running(len(queue), places) for places in elsewhere]
    return _best_cut(len(queue), slots, _running(len(queue), in_need), clashes)


def seat(queue: Sequence[Chooser], counts: Sequence[int], slots: Sequence[Slot]) -> list[Seated]:
    """The rooms of every slot with their households.

    Those with a need get the accessible rooms first. The others fill the rooms one after the other,
    stratum by stratum, so that a stratum is in as few rooms as can be.
    """
    seated: list[Seated] = []
    start = 0
    for slot, count in zip(slots, counts, strict=True):
        if count:
            seated += _seat_slot(list(queue[start : start + count]), slot)
        start += count
    return seated


def _earliest(count: int, slots: Sequence[Slot]) -> list[int]:
    """Every slot full until the queue ends."""
    counts = []
    for slot in slots:
        counts.append(min(count, slot.capacity))
        count -= counts[-1]
    return counts


def _running(count: int, places: Collection[int]) -> Ints:
    """How many of `places` come before each place of the queue."""
    marks = np.zeros(count + 1, np.int64)
    marks[[place + 1 for place in places]] = 1
    return np.cumsum(marks)


def _best_cut(count: int, slots: Sequence[Slot], needs: Ints, clashes: Sequence[Ints]) -> list[int]:
    """The cuts of least cost: clashes weigh most, then unmet needs, then the number of the slot."""
    per_need = count * len(slots) + 1  # more than all delay together
    per_clash = per_need * (count + 1)  # more than all needs together
    best = np.full(count + 1, _NEVER, np.int64)
    best[0] = 0
    taken = np.zeros((len(slots), count + 1), np.int32)
    for number, slot in enumerate(slots):
        fresh = best.copy()
        for size in range(1, min(slot.capacity, count) + 1):
            unmet = needs[size:] - needs[:-size] - slot.accessible_capacity
            cost = np.maximum(unmet, 0) * per_need + number * size
            cost += (clashes[number][size:] - clashes[number][:-size]) * per_clash
            reached = best[:-size] + cost
            better = reached < fresh[size:]
            fresh[size:][better] = reached[better]
            taken[number, size:][better] = size
        best = fresh
    return _traced(taken, count)


def _traced(taken: NDArray[np.int32], count: int) -> list[int]:
    """Back from the end of the queue: what each slot took."""
    counts, left = [0] * len(taken), count
    for number in reversed(range(len(taken))):
        counts[number] = int(taken[number, left])
        left -= counts[number]
    return counts


def _seat_slot(piece: list[Chooser], slot: Slot) -> list[Seated]:
    places: dict[str, list[Chooser]] = {room.name: [] for room in slot.rooms}
    accessible = [room for room in slot.rooms if room.name in slot.accessible]
    waiting = _fill(_by_stratum([one for one in piece if one.known.need]), accessible, places)
    others = _by_stratum([one for one in piece if not one.known.need])
    plain = [room for room in slot.rooms if room.name not in slot.accessible]
    # those in need without an accessible room, then the others; accessible rooms last
    left = _fill([*waiting, *others], [*plain, *accessible], places)
    assert not left, "more households than the slot takes"
    order = {one.entrant_no: place for place, one in enumerate(piece)}
    return [
        Seated(slot, room, tuple(sorted(found, key=lambda one: order[one.entrant_no])))
        for room in slot.rooms
        if (found := places[room.name])
    ]


def _by_stratum(piece: list[Chooser]) -> list[Chooser]:
    """Stratum by stratum, the one that comes first in the queue first; within it as before."""
    first: dict[str, int] = {}
    for place, one in enumerate(piece):
        first.setdefault(one.stratum, place)
    return sorted(piece, key=lambda one: first[one.stratum])


def _fill(
    piece: list[Chooser], rooms: Sequence[Room], places: dict[str, list[Chooser]]
) -> list[Chooser]:
    """Fill the rooms in turn; returns who is left over."""
    for room in rooms:
        free = room.capacity - len(places[room.name])
        places[room.name] += piece[:free]
        piece = piece[free:]
    return piece
