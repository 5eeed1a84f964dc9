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
from collections.abc import Iterable, Sequence
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
    keyed = sorted((e.group_order, entrant_key(seed, e.receipt), e.receipt, e) for e in entrants)
    left = Counter(unit.stratum for unit in units)
    queues = _unit_queues(seed, units) if mode == UNIT else {}
    reserve: Counter[str] = Counter()
    in_group: Counter[int] = Counter()
    places = []
    for rank, (group_order, key, receipt, entrant) in enumerate(keyed, 1):
        in_group[group_order] += 1
        stratum, unit_no, reserve_rank = entrant.stratum, "", 0
        if left[stratum] > 0:
            left[stratum] -= 1
            outcome = SELECTED
            if mode == UNIT:
                unit_no = queues[stratum].pop()
        else:
            reserve[stratum] += 1
            outcome, reserve_rank = RESERVE, reserve[stratum]
        group_rank = in_group[group_order]
        places.append(
            Place(
                rank, receipt, group_order, group_rank, stratum, outcome, reserve_rank, unit_no, key
            )
        )
    return Drawn(ticket, seed, tuple(places))


def result_text(drawn: Drawn) -> str:
    """The canonical text of a result; its SHA-256 is the result hash."""
    ticket = drawn.ticket
    head = f"zhubao-result-1\t{ticket.rules_hash}\t{ticket.draw_no}\t{drawn.seed}"
    lines = (
        f"{p.rank}\t{p.receipt}\t{p.group_order}\t{p.group_rank}\t{p.stratum}\t{p.outcome}"
        f"\t{p.reserve_rank or NONE}\t{p.unit_no or NONE}\t{p.key}"
        for p in drawn.places
    )
    return "\n".join([head, *lines, ""])


def _unit_queues(seed: str, units: Sequence[DrawUnit]) -> dict[str, list[str]]:
    """Stratum → its units, the one to be given first last."""
    keyed = sorted(((unit_key(seed, u.unit_no), u.unit_no, u.stratum) for u in units), reverse=True)
    queues: dict[str, list[str]] = defaultdict(list)
    for _, unit_no, stratum in keyed:
        queues[stratum].append(unit_no)
    return queues
