"""A unit is never in two places: what holds it, from a day on."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.masking import mask_numbers
from zhubao.ledger.allocation import DrawEvent, SelectionAction, UnitSelection
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.units import Unit, UnitStatus
from zhubao.supply.slips import Slip, read_slips
from zhubao.supply.tenancies import Tenancy, tenancies, unread_leases

_ENDING = (SelectionAction.WITHDRAWN, SelectionAction.ABANDONED)


@dataclass(frozen=True, slots=True)
class Hold:
    """One thing that holds a unit, in words for the clerk, and where that stands."""

    words: str
    cell: Cell | None


class Holds:
    """Everything that holds units on `day` or later.

    `drawn` is unit → event of the draws that are open (`units_held_by_draws`). A unit is held by a
    lease, by another dispatch, by an open draw, by a choice (选定) that was neither withdrawn nor
    followed by its lease, and by its own 状态: 在租, 装修中, 已处置, or 预留 for something the
    remark names.
    """

    def __init__(self, loaded: Loaded, day: dt.date, drawn: Mapping[str, str]) -> None:
        self._loaded, self._day, self._drawn = loaded, day, drawn
        self._units = loaded.get(Unit)
        numbers = self._units.column("unit_no")
        self._index = {number: index for index, number in enumerate(numbers) if number}
        self._folded: defaultdict[str, list[str]] = defaultdict(list)
        for number in self._index:
            self._folded[_fold(number)].append(number)
        self._leases, self._unread = tenancies(loaded), unread_leases(loaded)
        self._slips: defaultdict[str, list[Slip]] = defaultdict(list)
        for slip in read_slips(loaded):
            if slip.unit_no and slip.holds_after(day):
                self._slips[slip.unit_no].append(slip)
        self._chosen = _open_choices(loaded, self._leases)

    def find(self, text: str) -> str:
        """The unit's number as the ledger has it; UsageError when there is none like it."""
        if text in self._index:
            return text
        alike = self._folded.get(_fold(text), [])
        if len(alike) == 1:
            return alike[0]
        raise UsageError(f"房源表里没有编号 {text}", advice="请核对房源编号。")

    def row_of(self, unit_no: str) -> int | None:
        """The unit's row in 房源."""
        return self._index.get(unit_no)

    def of(self, unit_no: str, *, besides: Collection[str] = ()) -> list[Hold]:
        """What holds the unit, leaving aside the dispatches `besides`."""
        found = [
            *self._by_leases(unit_no),
            *self._by_slips(unit_no, besides),
            *self._by_draws(unit_no),
        ]
        own = any(slip.number in besides for slip in self._slips.get(unit_no, ()))
        return [*found, *self._by_status(unit_no, found, own=own)]

    def _by_leases(self, unit_no: str) -> Iterator[Hold]:
        for lease in self._leases.get(unit_no, ()):
            if lease.ends_after(self._day):
                until = f"到 {lease.free_on} 才退租" if lease.free_on else "还在租"
                words = f"合同 {lease.lease_no} {until}"
                yield Hold(words, lease.cell)
        if unit_no in self._unread:
            yield Hold("有一份合同的日期或状态读不懂，是否在租不清楚", self._unread[unit_no])

    def _by_slips(self, unit_no: str, besides: Collection[str]) -> Iterator[Hold]:
        for slip in self._slips.get(unit_no, ()):
            if slip.number not in besides:
                words = f"调配单 {slip.number}（{slip.project}）{_standing(slip, self._day)}"
                yield Hold(words, slip.cell)

    def _by_draws(self, unit_no: str) -> Iterator[Hold]:
        event = self._drawn.get(unit_no)
        if event is not None:
            yield Hold(f"在摇号活动 {event} 冻结的房源里，活动还没有结束", self._event_cell(event))
        if unit_no in self._chosen:
            yield self._chosen[unit_no]

    def _by_status(self, unit_no: str, others: list[Hold], *, own: bool) -> Iterator[Hold]:
        """The unit's own word; 预留 says nothing new where its dispatch is known."""
        index = self._index.get(unit_no)
        if index is None or self._units.column("status")[index] is UnitStatus.VACANT:
            return
        status, remark = (self._units.column(name)[index] for name in ("status", "remark"))
        cell = self._units.cell(index, "status")
        if status is None:
            yield Hold("房源状态读不懂", cell)
        elif status is UnitStatus.RESERVED:
            if remark and not own and not others:
                yield Hold(
                    f"房源状态是“预留”，备注“{mask_numbers(remark)}”",
                    self._units.cell(index, "remark"),
                )
        elif not (status is UnitStatus.OCCUPIED and others):
            yield Hold(f"房源状态是“{status.value}”", cell)

    def _event_cell(self, event: str) -> Cell | None:
        table = self._loaded.get(DrawEvent)
        events = table.column("event_no")
        return table.row_cell(events.index(event)) if event in events else None


def _open_choices(loaded: Loaded, leases: Mapping[str, list[Tenancy]]) -> dict[str, Hold]:
    """Unit → the choice that is still to become a lease.

    The latest row of an entrant about a unit counts. A choice is done with once it names its lease,
    or a lease of the unit to the same household began on its day or later.
    """
    table = loaded.get(UnitSelection)
    latest: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for index in table.usable("event_no", "entrant_no", "action"):
        entrant = table.column("event_no")[index], table.column("entrant_no")[index]
        unit, action = table.column("unit_no")[index], table.column("action")[index]
        if action is SelectionAction.CHOSEN and unit:
            latest[entrant][unit] = index
        elif action in _ENDING:
            _end(latest[entrant], unit)
    held: dict[str, Hold] = {}
    for chosen in latest.values():
        for unit, index in chosen.items():
            if not _leased(loaded, index, leases.get(unit, [])):
                number = table.column("selection_no")[index]
                words = f"选房记录 {number} 已选定，还没有签约"
                held[unit] = Hold(words, table.cell(index, "unit_no"))
    return held


def _end(chosen: dict[str, int], unit: str | None) -> None:
    """Take back the choice of this unit; of every one where the row names none."""
    if unit:
        chosen.pop(unit, None)
    else:
        chosen.clear()


def _leased(loaded: Loaded, index: int, leases: list[Tenancy]) -> bool:
    table = loaded.get(UnitSelection)
    number, household = table.column("lease_no")[index], table.column("household_no")[index]
    chosen_at = table.column("selected_at")[index]
    for lease in leases:
        if number and lease.lease_no == number:
            return True
        later = chosen_at is None or lease.start >= chosen_at.date()
        if household and lease.household_no == household and later:
            return True
    return False


def _standing(slip: Slip, day: dt.date) -> str:
    """How a dispatch holds from the day on, for the clerk."""
    if slip.returned_on is None:
        state = slip.state()
        return state.value if state else "还没有退回"
    if slip.returned_on > day:
        return f"到 {slip.returned_on} 才退回"
    word = slip.status.value if slip.status else "已调配"
    return f"在 {slip.returned_on} 退回，状态却是“{word}”"


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
