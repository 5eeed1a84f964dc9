"""The public algorithm of a draw: seed, keys, places. Anybody can repeat it in any language.

1. seed = SHA-256 of the ticket's text (rules, number of the draw, earlier result, entropy).
2. key of an entrant = SHA-256 of `seed <tab> entrant <tab> receipt`; of a unit, of
   `seed <tab> unit <tab> number`. Seeds and keys are 64 lower-case hexadecimal digits.
3. Entrants stand in ascending order of (group order, key): that is their rank, from 1.
4. In this order, whoever finds a unit left in the own stratum is selected and takes one away;
   the others wait in reserve, ranked within their stratum.
5. Mode "unit": the n-th selected of a stratum gets the unit whose key is the n-th of its stratum.

Every order of a group is equally likely as far as SHA-256 is a random function of its input: no
number is reduced modulo anything, so nothing is favoured. Two keys are equal with a probability of
about 2^-220 for 300,000 entrants; the receipt then decides.

The result's text: `zhubao-result-1 <tab> rules hash <tab> draw number <tab> seed`, then a line per
entrant in order of rank: rank, receipt, group order, rank in the group, stratum, "selected" or
"reserve", rank in reserve or "-", unit or "-", key.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from zhubao.allocation.draw.texts import (
    NONE,
    UNIT,
    DrawTicket,
    DrawUnit,
    Entrant,
    sha256,
    ticket_text,
)

SELECTED, RESERVE = "selected", "reserve"


class Place(NamedTuple):
    """What the draw gave one entrant; `reserve_rank` 0 and `unit_no` "" where there is none."""

    rank: int
    receipt: str
    group_order: int
    group_rank: int
    stratum: str
    outcome: str
    reserve_rank: int
    unit_no: str
    key: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A draw carried out: the ticket it follows from, its seed, and the places by rank."""

    ticket: DrawTicket
    seed: str
    places: tuple[Place, ...]


def seed_of(ticket: DrawTicket) -> str:
    """SHA-256 of the ticket's canonical text."""
    return sha256(ticket_text(ticket))


def entrant_key(seed: str, receipt: str) -> str:
    """The number that decides an entrant's place within the group."""
    return hashlib.sha256(f"{seed}\tentrant\t{receipt}".encode()).hexdigest()


def unit_key(seed: str, unit_no: str) -> str:
    """The number that decides a unit's place within its stratum."""
    return hashlib.sha256(f"{seed}\tunit\t{unit_no}".encode()).hexdigest()


def draw(
    ticket: DrawTicket, entrants: Iterable[Entrant], units: Sequence[DrawUnit], mode: str
) -> Drawn:
    """Carry out a draw; the order of `entrants` and `units` does not matter."""
    seed = seed_of(ticket)
    left = Counter(unit.stratum for unit in units)
    queues = _unit_queues(seed, units) if mode == UNIT else {}
    reserve: Counter[str] = Counter()
    places, rank = [], 0
    for group_order, stratum_of, queue in _groups(seed, entrants):
        for group_rank, keyed in enumerate(queue, 1):
            key, receipt = keyed[:64], keyed[64:]
            stratum, outcome, unit_no, reserve_rank = stratum_of[receipt], SELECTED, "", 0
            if left[stratum] > 0:
                left[stratum] -= 1
                unit_no = queues[stratum].pop() if queues else ""
            else:
                outcome = RESERVE
                reserve[stratum] = reserve_rank = reserve[stratum] + 1
            rank += 1
            places.append(
                Place(
                    rank,
                    receipt,
                    group_order,
                    group_rank,
                    stratum,
                    outcome,
                    reserve_rank,
                    unit_no,
                    key,
                )
            )
    return Drawn(ticket, seed, tuple(places))


def result_text(drawn: Drawn) -> str:
    """The canonical text of a result; its SHA-256 is the result hash."""
    ticket = drawn.ticket
    head = f"zhubao-result-1\t{ticket.rules_hash}\t{ticket.draw_no}\t{drawn.seed}"
    lines = [
        f"{rank}\t{receipt}\t{order}\t{group_rank}\t{stratum}\t{outcome}"
        f"\t{reserve_rank or NONE}\t{unit_no or NONE}\t{key}"
        for rank, receipt, order, group_rank, stratum, outcome, reserve_rank, unit_no, key in (
            drawn.places
        )
    ]
    return "\n".join([head, *lines, ""])


def _groups(
    seed: str, entrants: Iterable[Entrant]
) -> Iterator[tuple[int, dict[str, str], list[str]]]:
    """Per group in sequence: its order, receipt → stratum, and key + receipt in ascending order.

    Keys have one length, so their texts sort as (key, receipt) would.
    """
    groups: dict[int, dict[str, str]] = defaultdict(dict)
    for receipt, group_order, _, _, stratum in entrants:
        groups[group_order][receipt] = stratum
    for group_order, stratum_of in sorted(groups.items()):
        queue = sorted([entrant_key(seed, receipt) + receipt for receipt in stratum_of])
        yield group_order, stratum_of, queue


def _unit_queues(seed: str, units: Sequence[DrawUnit]) -> dict[str, list[str]]:
    """Stratum → its units, the one to be given first last."""
    keyed = sorted(((unit_key(seed, u.unit_no), u.unit_no, u.stratum) for u in units), reverse=True)
    queues: dict[str, list[str]] = defaultdict(list)
    for _, unit_no, stratum in keyed:
        queues[stratum].append(unit_no)
    return queues
