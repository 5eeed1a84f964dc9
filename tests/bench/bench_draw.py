"""How long a large draw takes, beside merely hashing as many receipts.

Run: python tests/bench/bench_draw.py [entrants]
Timed from the published roster's text to the result's text: parse, draw, write. The unit of the
ratios is one SHA-256 per receipt over the bytes the draw hashes, in a plain loop.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from zhubao.allocation.draw.algorithm import draw, result_text
from zhubao.allocation.draw.texts import (
    DrawTicket,
    DrawUnit,
    Entrant,
    parse_roster,
    parse_units,
    roster_text,
    sha256,
    units_text,
)

ROUNDS = 3
STRATA = [f"粟塘小区·{layout}" for layout in ("一室一厅", "两室一厅", "三室一厅")]


def main(count: int = 300_000) -> None:
    """Time every step on one synthetic event and print the ratios."""
    receipts = [hashlib.sha256(str(n).encode()).hexdigest()[:32] for n in range(count)]
    people = [
        Entrant(receipt, 1 + n % 3, "普通组", 1 + n % 4, STRATA[n % 3])
        for n, receipt in enumerate(receipts)
    ]
    homes = [DrawUnit(f"{n:07d}", STRATA[n % 3], "粟塘小区", "50.00") for n in range(count // 3)]
    roster, listed = roster_text("E", people), units_text("E", homes)
    ticket = DrawTicket("a" * 64, 1, "-", (("现场摇球", "03 17 22 28 31 05"),))
    prefix = f"{sha256('seed')}\tentrant\t"
    print(f"{count:,} entrants, {len(homes):,} units; best of {ROUNDS}")
    unit, _ = best(
        lambda: [hashlib.sha256(f"{prefix}{one}".encode()).hexdigest() for one in receipts]
    )
    line("hashing the receipts, nothing else", unit, unit)
    parsing, (_, entrants) = best(lambda: parse_roster(roster))
    line("roster text → entrants", parsing, unit)
    listing, (_, units) = best(lambda: parse_units(listed))
    line("unit text → units", listing, unit)
    total = parsing + listing
    for mode in ("order", "unit"):
        drawing, drawn = best(partial(draw, ticket, entrants, units, mode))
        line(f"draw, mode {mode}", drawing, unit)
        writing, _ = best(partial(result_text, drawn))
        line("result → text", writing, unit)
        line(f"whole, mode {mode}", total + drawing + writing, unit)


def best(run: Callable[[], Any]) -> tuple[float, Any]:
    """The shortest of some runs, and the last result."""
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - begin)
    return min(times), result


def line(title: str, seconds: float, unit: float) -> None:
    """One result, and its ratio to hashing alone."""
    print(f"  {title:36s} {seconds * 1000:8.0f} ms   × {seconds / unit:.1f}")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
