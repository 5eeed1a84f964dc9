"""The row of an event in 摇号活动, and the freeze it names in the archive."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhubao.allocation.draw.texts import clean, receipt_of
from zhubao.allocation.event.frozen import PEOPLE, Frozen, Person, read_frozen
from zhubao.core.errors import UsageError
from zhubao.ledger.allocation import DrawEvent
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.store.draw_archive import DrawArchive, DrawArchiveBroken
from zhubao.ledger.table import LedgerTable

_NEAR = 3
_DECIDING = {"registration_ends_on", "frozen_at", "published_at", "drawn_at"}  # may be empty
_RESTORE = (
    "请核对是台账还是存档被改动过：台账用 zhubao undo 或备份恢复，存档用备份或已公布的文件恢复"
)


@dataclass(frozen=True, slots=True)
class EventRow:
    """A row of 摇号活动 and its index in the table."""

    index: int
    row: DrawEvent


def event_row(loaded: Loaded, event_no: str) -> EventRow:
    """The row of the event's latest draw.

    UsageError when the event is unknown (with the numbers most like it), when a cell that must be
    known is empty or a deciding one is bad, and when two rows have the same number of draw.
    """
    rows = event_rows(loaded, event_no)
    latest = rows[-1]
    table = loaded.get(DrawEvent)
    twins = [one for one in rows if one.row.draw_no == latest.row.draw_no]
    if len(twins) > 1:
        places = "、".join(table.row_cell(one.index).ref for one in twins)
        raise UsageError(
            f"摇号活动 {latest.row.event_no} 的第 {latest.row.draw_no} 次有 {len(twins)} 行",
            where=str(table.row_cell(latest.index)),
            advice=f"请在“摇号活动”表里只留一行（{places}），再重新运行。",
        )
    return latest


def event_rows(loaded: Loaded, event_no: str) -> tuple[EventRow, ...]:
    """The rows of all draws of an event, the latest last. Raises as `event_row` does."""
    table = loaded.get(DrawEvent)
    wanted = _folded(event_no)
    numbers = table.column("event_no")
    found = [index for index, number in enumerate(numbers) if number and _folded(number) == wanted]
    if not found:
        raise _unknown(event_no, [number for number in numbers if number])
    _refuse_unreadable(table, found)
    rows = [EventRow(index, table.row(index)) for index in found]
    return tuple(sorted(rows, key=lambda one: one.row.draw_no))


def latest_rows(loaded: Loaded) -> tuple[EventRow, ...]:
    """The row of the latest draw of every event; rows with unreadable cells are passed over."""
    table = loaded.get(DrawEvent)
    latest: dict[str, EventRow] = {}
    for index in table.usable("event_no", "draw_no", "status"):
        one = EventRow(index, table.row(index))
        known = latest.get(one.row.event_no)
        if known is None or one.row.draw_no >= known.row.draw_no:
            latest[one.row.event_no] = one
    return tuple(latest.values())


def names_freeze(archive: DrawArchive, row: DrawEvent) -> bool:
    """True when the row names a freeze; False for an event drawn without zhubao.

    DrawArchiveBroken when it names none and the archive has a draw of the event: with the hash
    taken out of the ledger, ranks typed into 摇号结果 would count instead of those that were drawn.
    """
    if row.rules_hash is None and archive.draws():
        raise _broken(archive, f"存档里有活动 {row.event_no} 的摇号，摇号活动表里的总校验值却空着")
    return row.rules_hash is not None


def frozen_of(archive: DrawArchive, event_row: EventRow) -> Frozen:
    """The freeze that the event's row names, read from the archive and checked.

    UsageError before the freeze. DrawArchiveBroken when the archive lacks it or was changed, when
    one of the ledger's three hashes (名册校验值, 房源校验值, 总校验值) is not that of the archived
    texts, or when the people kept privately are not those behind the receipts.
    """
    row = event_row.row
    if row.rules_hash is None:
        raise UsageError(
            f"摇号活动 {row.event_no} 还没有冻结",
            advice=f"请先冻结名册和房源：zhubao allocate freeze {row.event_no}",
        )
    texts = archive.frozen(row.rules_hash)
    try:
        frozen = read_frozen(texts)
    except (KeyError, TypeError, ValueError) as fault:
        raise _broken(archive, f"冻结的文件读不通（{fault}）") from fault
    _compare(archive, row, frozen)
    if PEOPLE in texts:
        _check_people(archive, frozen)
    return frozen


def _compare(archive: DrawArchive, row: DrawEvent, frozen: Frozen) -> None:
    """The ledger's three hashes against the archive's."""
    rules = frozen.rules
    pairs = (
        ("名册校验值", row.roster_hash, rules.roster_hash),
        ("房源校验值", row.unit_list_hash, rules.units_hash),
        ("总校验值", row.rules_hash, frozen.rules_hash),
    )
    differing = [header for header, ledger, kept in pairs if ledger != kept]
    if differing:
        raise _broken(archive, f"摇号活动表里的{'、'.join(differing)}与冻结存档不一致")
    if rules.event != clean(row.event_no):
        raise _broken(archive, f"存档是活动 {rules.event} 的，不是 {row.event_no} 的")


def _check_people(archive: DrawArchive, frozen: Frozen) -> None:
    """Every receipt follows from its person, and nobody is missing or added."""
    event = frozen.rules.event
    wrong = [one.receipt for one in frozen.people.values() if _receipt(event, one) != one.receipt]
    if wrong:
        raise _broken(archive, f"{len(wrong)} 户的姓名资料与凭证号对不上")
    if frozen.people.keys() != frozen.by_receipt.keys():
        raise _broken(archive, "姓名资料与名册的户数对不上")


def _receipt(event: str, person: Person) -> str:
    return receipt_of(event, person.entrant_no, person.identity_no, person.salt)


def _broken(archive: DrawArchive, fault: str) -> DrawArchiveBroken:
    return DrawArchiveBroken(fault, where=str(archive.folder), advice=_RESTORE)


def _folded(number: str) -> str:
    return "".join(unicodedata.normalize("NFKC", number).split()).casefold()


def _refuse_unreadable(table: LedgerTable[DrawEvent], found: Sequence[int]) -> None:
    """A deadline that cannot be read is no missing one: it must not let anybody in late."""
    needed = {name for name, info in DrawEvent.model_fields.items() if info.is_required()}
    needed |= _DECIDING
    for index in found:
        bad = [name for name in sorted(needed) if index in table.bad.get(name, ())]
        if bad:
            places = "、".join(str(table.cell(index, name)) for name in bad)
            raise UsageError(
                f"摇号活动 {table.column('event_no')[index]} 有必填的单元格空着或读不出，"
                "或有时间读不出",
                where=places,
                advice="请先用 zhubao check 查看，改正后再运行。",
            )


def _unknown(event_no: str, known: Iterable[str]) -> UsageError:
    numbers = sorted(set(known))
    near = difflib.get_close_matches(event_no, numbers, _NEAR, 0.5) or numbers[-_NEAR:]
    advice = f"台账里有：{'、'.join(near)}" if near else "请先在“摇号活动”表里登记这次活动"
    return UsageError(f"没有编号为“{event_no}”的摇号活动", advice=f"{advice}。")
