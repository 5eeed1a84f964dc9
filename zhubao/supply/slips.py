"""房源调配 row by row: what each dispatch is on a day, and how long it holds its units."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from zhubao.core.finding import Cell
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.units import Dispatch, DispatchStatus, DispatchType

FROZEN, DISPATCHED, RETURNED = (
    DispatchStatus.FROZEN,
    DispatchStatus.DISPATCHED,
    DispatchStatus.RETURNED,
)


# The columns a row must be readable in to count; 指挥部 and 备注 only say something.
READ = tuple(name for name in Dispatch.model_fields if name not in ("headquarters", "remark"))


@dataclass(frozen=True, slots=True)
class Slip:
    """One row of 房源调配. `status` is the word in the sheet; None means 已调配."""

    index: int
    number: str
    project: str
    housing_type: DispatchType
    unit_no: str | None
    batch_no: str | None
    count: int
    frozen_on: dt.date | None
    dispatched_on: dt.date | None
    returned_on: dt.date | None
    status: DispatchStatus | None
    cell: Cell

    def state(self, on: dt.date | None = None) -> DispatchStatus | None:
        """What it is on the day (None: as the sheet stands); None before it began.

        Dates decide; the word only where the date it speaks of is missing: returned, frozen or
        dispatched at an unknown time counts as so on every day. A row with neither a date nor a
        word is 已调配.
        """
        if self._returned(on):
            return RETURNED
        if self.was_dispatched(on):
            return DISPATCHED
        if self.frozen_on is not None:
            return FROZEN if _reached(self.frozen_on, on) else None
        undated = self.status is FROZEN and self.dispatched_on is None
        return FROZEN if undated else None

    def was_dispatched(self, on: dt.date | None = None) -> bool:
        """True from the day of dispatch on, even after the return; a lifted freeze never was."""
        if self.dispatched_on is not None:
            return _reached(self.dispatched_on, on)
        if self.status is DISPATCHED:
            return True
        return self.frozen_on is None and self.status is not FROZEN

    def holds_after(self, day: dt.date) -> bool:
        """True when the units are held on `day` or on any later one.

        A return date beside a word that says the contrary (已冻结, 已调配) frees nothing: which of
        the two is wrong is for the clerk to say.
        """
        if self.returned_on is None:
            return self.status is not RETURNED
        return self.returned_on > day or self.status in (FROZEN, DISPATCHED)

    @property
    def began_on(self) -> dt.date | None:
        """The first day that is known of it."""
        return min((d for d in (self.frozen_on, self.dispatched_on) if d), default=None)

    def _returned(self, on: dt.date | None) -> bool:
        if self.returned_on is not None:
            return _reached(self.returned_on, on)
        return self.status is RETURNED and (self.began_on is None or _reached(self.began_on, on))


def read_slips(loaded: Loaded) -> list[Slip]:
    """The rows of 房源调配 in order, without those with an unreadable cell in `READ`."""
    table = loaded.get(Dispatch)
    return [_slip(table, index) for index in table.usable(*READ)]


def _slip(table: LedgerTable[Dispatch], index: int) -> Slip:
    def value(name: str) -> Any:
        return table.column(name)[index]

    return Slip(
        index=index,
        number=value("dispatch_no"),
        project=value("project"),
        housing_type=value("housing_type"),
        unit_no=value("unit_no"),
        batch_no=value("batch_no"),
        count=value("unit_count"),
        frozen_on=value("frozen_on"),
        dispatched_on=value("dispatched_on"),
        returned_on=value("returned_on"),
        status=value("status"),
        cell=table.row_cell(index),
    )


def _reached(day: dt.date, on: dt.date | None) -> bool:
    return on is None or day <= on
