"""Which units are drawn for: vacant, of the event's estates, and promised to nobody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from zhubao.allocation.draw.texts import DrawUnit, clean
from zhubao.allocation.event.frozen import Frozen
from zhubao.allocation.event.kinds import UNIT_ROW_FAULTY, UNIT_UNPLACED
from zhubao.allocation.event.record import EventRow, latest_rows
from zhubao.allocation.event.strata import Strata, estates_of, one_spelling
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell, Finding, Severity
from zhubao.excel.columns import ColumnSpec
from zhubao.excel.kinds import CellKind
from zhubao.excel.table import TypedTable
from zhubao.ledger.allocation import DrawStatus, SelectionAction, UnitSelection
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.units import Dispatch, DispatchStatus, Unit, UnitStatus

OPEN = (DrawStatus.FROZEN, DrawStatus.PUBLISHED, DrawStatus.DRAWN, DrawStatus.SELECTING)
UNIT_FILE_SPECS = (
    ColumnSpec("unit_no", "房源编号", ("房屋编号", "房源号"), CellKind.CODE, required=True),
    ColumnSpec("estate", "小区", ("小区名称", "项目名称", "楼盘"), CellKind.TEXT),
    ColumnSpec("building", "楼栋", ("栋号", "楼栋编号", "幢号", "楼号"), CellKind.TEXT),
    ColumnSpec("entrance", "单元", ("单元号",), CellKind.TEXT),
    ColumnSpec("room", "房号", ("室号", "门牌号", "房间号"), CellKind.TEXT),
    ColumnSpec("place", "地址", ("位置", "坐落", "房屋坐落"), CellKind.TEXT),
    ColumnSpec("layout", "户型", ("房型", "居室"), CellKind.TEXT),
    ColumnSpec("area", "面积", ("建筑面积", "计租面积", "套内面积"), CellKind.DECIMAL),
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A vacant unit that is not drawn for, and why."""

    unit_no: str
    reason: str
    where: Cell


@dataclass(frozen=True, slots=True)
class UnitList:
    """The units of a freeze; `stopping` findings must be put right first."""

    units: tuple[DrawUnit, ...] = ()
    layouts: frozenset[str] = frozenset()  # as spelt in the strata
    left_out: tuple[LeftOut, ...] = ()
    stopping: tuple[Finding, ...] = ()

    @property
    def by_stratum(self) -> Counter[str]:
        """Stratum → number of units."""
        return Counter(unit.stratum for unit in self.units)


@dataclass(frozen=True, slots=True)
class _Record:
    """A unit as one of the two sources gives it."""

    unit_no: str
    estate: str
    layout: str
    place: str
    area: str
    where: Cell


@dataclass(slots=True)
class _Sorted:
    """Units found so far."""

    strata: Strata
    taken: dict[str, _Record] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    stopping: list[Finding] = field(default_factory=list)

    def take(self, record: _Record, reason: str) -> None:
        if reason:
            self.left_out.append(LeftOut(record.unit_no, reason, record.where))
        elif record.unit_no in self.taken:
            why = f"：房源编号 {record.unit_no} 重复"
            self.stopping.append(UNIT_ROW_FAULTY.at(record.where, why=why))
        elif not self.strata.text(record.estate, record.layout):
            self.stopping.append(_unplaced(record, self.strata))
        else:
            self.taken[record.unit_no] = record

    def finished(self) -> UnitList:
        """The units with one spelling for every 户型."""
        spelling = one_spelling(record.layout for record in self.taken.values())
        units = tuple(
            DrawUnit(
                one.unit_no,
                self.strata.text(one.estate, spelling[one.layout]),
                one.place,
                one.area,
            )
            for one in self.taken.values()
        )
        layouts = frozenset(name for name in spelling.values() if name)
        return UnitList(units, layouts, tuple(self.left_out), tuple(self.stopping))


def units_of_ledger(
    loaded: Loaded, event: EventRow, strata: Strata, open_lists: Mapping[str, str]
) -> UnitList:
    """The vacant units of 房源 in the event's estates.

    Left out are units held by a dispatch that was not given back, those on the frozen list of
    another event that is still open (`open_lists`: unit → event), and those chosen in such an
    event. UsageError when the event names no estate.
    """
    estates = estates_of(event.row.estate)
    if not estates:
        raise UsageError(
            f"摇号活动 {event.row.event_no} 没有写小区，不知道摇哪些房源",
            advice="请填写摇号活动的“小区”（多个用顿号隔开），或用 --units 给出房源清单文件。",
        )
    held = _held(loaded, event, open_lists)
    table, out = loaded.get(Unit), _Sorted(strata)
    names, statuses = table.column("estate"), table.column("status")
    for index in table.usable("unit_no", "estate", "status"):
        if statuses[index] is UnitStatus.VACANT and clean(names[index]) in estates:
            record = _of_ledger(table.row(index), table.row_cell(index))
            out.take(record, held.get(record.unit_no, ""))
    return out.finished()


def units_of_file(
    tables: Iterable[TypedTable],
    loaded: Loaded,
    event: EventRow,
    strata: Strata,
    open_lists: Mapping[str, str],
) -> UnitList:
    """The units of a file given for events whose units are not in 房源 (被征收户选房).

    A unit that 房源 knows, and knows as something else than vacant, is left out, as are those that
    `units_of_ledger` leaves out. A file without 小区 takes the event's only one.
    """
    estates = estates_of(event.row.estate)
    only = estates[0] if len(estates) == 1 else ""
    held = {**_not_vacant(loaded), **_held(loaded, event, open_lists)}
    out = _Sorted(strata)
    for table in tables:
        out.stopping += [one for one in table.findings if one.severity is Severity.ERROR]
        for index in range(len(table.rows)):
            _take_row(out, table, index, (only, estates), held)
    return out.finished()


def open_events(loaded: Loaded, event_no: str) -> tuple[EventRow, ...]:
    """The latest rows of the other events that are frozen and not finished yet."""
    return tuple(
        one
        for one in latest_rows(loaded)
        if one.row.event_no != event_no and one.row.status in OPEN
    )


def open_unit_lists(
    loaded: Loaded, event_no: str, read: Callable[[EventRow], Frozen]
) -> dict[str, str]:
    """Unit → event, of the frozen lists of the other events that are still open.

    `read` fetches the freeze a row names. Events without one, kept by hand, have no list.
    """
    lists = {
        one.row.event_no: read(one)
        for one in open_events(loaded, event_no)
        if one.row.rules_hash is not None
    }
    return {unit.unit_no: event for event, frozen in lists.items() for unit in frozen.units}


def _take_row(
    out: _Sorted,
    table: TypedTable,
    index: int,
    known: tuple[str, tuple[str, ...]],
    held: Mapping[str, str],
) -> None:
    only, estates = known
    cells = {
        key: column.values[index]
        for key, column in table.columns.items()
        if index not in column.bad
    }
    where = table.address(index, "unit_no")
    unit_no = clean(cells.get("unit_no"))
    if not unit_no:
        out.stopping.append(UNIT_ROW_FAULTY.at(where, why="没有房源编号，或读不出"))
        return
    estate = clean(cells.get("estate")) or only
    if estates and estate and estate not in estates:
        why = f"：{unit_no} 的小区“{estate}”不在这次活动里"
        out.stopping.append(UNIT_ROW_FAULTY.at(where, why=why))
        return
    out.take(_of_file(unit_no, estate, cells, where), held.get(unit_no, ""))


def _of_file(unit_no: str, estate: str, cells: Mapping[str, Any], where: Cell) -> _Record:
    parts = (cells.get(key) for key in ("building", "entrance", "room"))
    place = clean(cells.get("place")) or place_text(estate, *parts)
    return _Record(
        unit_no, estate, clean(cells.get("layout")), place, area_text(cells.get("area")), where
    )


def _of_ledger(unit: Unit, where: Cell) -> _Record:
    place = place_text(unit.estate, unit.building, unit.entrance, unit.room)
    area = unit.building_area_m2 if unit.building_area_m2 is not None else unit.billed_area_m2
    return _Record(
        clean(unit.unit_no), clean(unit.estate), clean(unit.layout), place, area_text(area), where
    )


def place_text(estate: str, building: str | None, entrance: str | None, room: str | None) -> str:
    """粟塘小区3栋2单元301: bare numbers get the word that belongs to them."""
    return clean(f"{estate}{_worded(building, '栋')}{_worded(entrance, '单元')}{_worded(room, '')}")


def area_text(area: Decimal | None) -> str:
    """In m² without needless zeros; "" when not known."""
    return "" if area is None else f"{area.normalize():f}"


def _worded(text: str | None, word: str) -> str:
    name = clean(text)
    return f"{name}{word}" if name.isascii() and name.isalnum() else name


def _held(loaded: Loaded, event: EventRow, open_lists: Mapping[str, str]) -> dict[str, str]:
    """Unit → why it is promised to somebody else."""
    return {
        **_chosen_elsewhere(loaded, event.row.event_no),
        **{unit: f"在活动 {other} 的冻结清单里" for unit, other in open_lists.items()},
        **dict(_dispatched(loaded)),
    }


def _dispatched(loaded: Loaded) -> Iterator[tuple[str, str]]:
    table = loaded.get(Dispatch)
    columns = (table.column(name) for name in ("unit_no", "status", "dispatch_no", "returned_on"))
    for unit_no, status, number, returned in zip(*columns, strict=True):
        if unit_no and status is not DispatchStatus.RETURNED and returned is None:
            held = "已冻结待调配" if status is DispatchStatus.FROZEN else "已调配"
            yield clean(unit_no), f"{held}（调配编号 {number or '不明'}）"


def _chosen_elsewhere(loaded: Loaded, event_no: str) -> dict[str, str]:
    """Units chosen in another open event; a choice withdrawn later no longer counts."""
    still_open = {one.row.event_no for one in open_events(loaded, event_no)}
    table = loaded.get(UnitSelection)
    chosen: dict[tuple[str, str], str] = {}
    for index in table.usable("event_no", "entrant_no", "action"):
        row = table.row(index)
        if row.event_no not in still_open:
            continue
        if row.action is SelectionAction.CHOSEN and row.unit_no:
            chosen[row.event_no, row.entrant_no] = clean(row.unit_no)
        elif row.action is SelectionAction.WITHDRAWN:
            chosen.pop((row.event_no, row.entrant_no), None)
    return {unit: f"在活动 {event} 里已选定" for (event, _), unit in chosen.items()}


def _not_vacant(loaded: Loaded) -> dict[str, str]:
    table = loaded.get(Unit)
    numbers, statuses = table.column("unit_no"), table.column("status")
    return {
        clean(numbers[index]): f"房源台账里是“{statuses[index].value}”"
        for index in table.usable("unit_no", "status")
        if statuses[index] is not UnitStatus.VACANT
    }


def _unplaced(record: _Record, strata: Strata) -> Finding:
    missing = []
    if strata.needs_estate and not record.estate:
        missing.append("小区")
    if not record.layout:
        missing.append("户型")
    return UNIT_UNPLACED.at(record.where, unit=record.unit_no, headers="、".join(missing))
