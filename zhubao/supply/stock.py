"""What is left of each batch: raised - frozen - dispatched + returned."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.units import SupplyBatch, SupplyChannel
from zhubao.supply.slips import DISPATCHED, FROZEN, RETURNED, Slip


@dataclass(frozen=True, slots=True)
class BatchStock:
    """One batch on a day; `dispatched` includes what was returned later."""

    batch_no: str
    channel: SupplyChannel
    raised_on: dt.date
    raised: int
    frozen: int
    dispatched: int
    returned: int
    cell: Cell
    slips: tuple[Slip, ...]

    @property
    def left(self) -> int:
        """raised - frozen - dispatched + returned; negative where more was given than raised."""
        return self.raised - self.frozen - self.dispatched + self.returned


@dataclass(frozen=True, slots=True)
class Moved:
    """Sums over dispatches on a day; a freeze that was lifted counts nowhere."""

    frozen: int
    dispatched: int
    returned: int


def moved(slips: Iterable[Slip], on: dt.date | None = None) -> Moved:
    """Units frozen now, dispatched up to the day, and of these returned."""
    frozen = dispatched = returned = 0
    for slip in slips:
        state, was = slip.state(on), slip.was_dispatched(on)
        frozen += slip.count if state is FROZEN else 0
        dispatched += slip.count if was and state in (DISPATCHED, RETURNED) else 0
        returned += slip.count if was and state is RETURNED else 0
    return Moved(frozen, dispatched, returned)


def batch_stocks(loaded: Loaded, slips: Iterable[Slip], on: dt.date) -> list[BatchStock]:
    """Every batch raised by the day, in the order of the sheet."""
    by_batch: defaultdict[str, list[Slip]] = defaultdict(list)
    for slip in slips:
        if slip.batch_no:
            by_batch[slip.batch_no].append(slip)
    table = loaded.get(SupplyBatch)
    stocks = []
    for index in table.usable("batch_no", "channel", "unit_count", "raised_on"):
        number, day = table.column("batch_no")[index], table.column("raised_on")[index]
        if day > on:
            continue
        own = tuple(by_batch.get(number, ()))
        sums = moved(own, on)
        stocks.append(
            BatchStock(
                number,
                table.column("channel")[index],
                day,
                table.column("unit_count")[index],
                sums.frozen,
                sums.dispatched,
                sums.returned,
                table.cell(index, "unit_count"),
                own,
            )
        )
    return stocks
