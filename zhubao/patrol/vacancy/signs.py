"""Signs of life after a check: what may settle a check still open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.ledger.arrears import Receipt
from zhubao.ledger.loaded import Loaded
from zhubao.patrol.vacancy.checks import Checked
from zhubao.patrol.vacancy.rent_signs import rent_signs
from zhubao.patrol.vacancy.visit_signs import Call, call_cell, calls_of


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of life: a visit that met somebody, a receipt, a check, or the start of a lease."""

    day: dt.date
    words: str
    cell: Cell


def seen_sign(loaded: Loaded, call: Call) -> Sign:
    """The sign of a visit that met somebody."""
    return Sign(call.day, f"{call.day} {call.sheet}见到", call_cell(loaded, call))


def paid_sign(loaded: Loaded, paid: tuple[dt.date, int]) -> Sign:
    """The sign of a payment (day, row of 实收)."""
    cell = loaded.get(Receipt).cell(paid[1], "received_on")
    return Sign(paid[0], f"{paid[0]} 收到租金", cell)


def last_sign(
    loaded: Loaded, calls: Sequence[Call], paid: tuple[dt.date, int] | None
) -> Sign | None:
    """The later of the last visit that met somebody and the last payment; None without either."""
    seen = next((call for call in reversed(calls) if call.seen), None)
    if seen is not None and (paid is None or seen.day >= paid[0]):
        return seen_sign(loaded, seen)
    return paid_sign(loaded, paid) if paid is not None else None


def signs_after(loaded: Loaded, checks: Iterable[Checked], as_of: dt.date) -> dict[int, Sign]:
    """Row of 空置核查 → the last sign of life of its household after the day of the check."""
    rows = [one for one in checks if one.household]
    if not rows:
        return {}
    paid, calls = rent_signs(loaded, as_of).paid, calls_of(loaded, as_of)
    found = {}
    for one in rows:
        sign = last_sign(loaded, calls.get(one.household, ()), paid.get(one.household))
        if sign is not None and sign.day > one.day:
            found[one.index] = sign
    return found
