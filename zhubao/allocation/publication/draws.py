"""Which draw of an event counts on a day, what the archive keeps of it, and the chain of draws."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhubao.allocation.draw.algorithm import Drawn, result_text
from zhubao.allocation.draw.texts import sha256
from zhubao.allocation.event.frozen import Frozen, read_draw
from zhubao.allocation.event.record import EventRow, event_rows, frozen_of, names_freeze
from zhubao.allocation.publication.findings import CHAIN_BROKEN, DRAW_UNWRITTEN, HASH_DIFFERS
from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding
from zhubao.ledger.allocation import DrawEvent, DrawStatus
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.store.draw_archive import DrawArchive, DrawArchiveBroken
from zhubao.ledger.table import LedgerTable

_APPROVERS = 2
_PARTING = str.maketrans("，,；;/ 和", "、、、、、、、")


@dataclass(frozen=True, slots=True)
class KnownDraw:
    """A draw as it is known on a day.

    `is_drawn`: the witnesses have spoken by then. `frozen` and `drawn` come from the archive and
    are None for an event that was never frozen with zhubao.
    """

    at: EventRow
    chain: tuple[EventRow, ...]  # every draw of the event known on the day, in order
    is_drawn: bool
    frozen: Frozen | None = None
    drawn: Drawn | None = None
    unwritten: tuple[int, ...] = ()  # draws that only the archive has

    @property
    def since(self) -> dt.datetime | None:
        """From when records of 选房 are of this draw; of a first draw all are."""
        return self.row.drawn_at if self.row.draw_no > 1 else None

    @property
    def row(self) -> DrawEvent:
        """The row of 摇号活动."""
        return self.at.row

    @property
    def result_hash(self) -> str:
        """The hash of the result as kept; "" when there is none."""
        return sha256(result_text(self.drawn)) if self.drawn else ""


def draw_on(loaded: Loaded, event_no: str, day: dt.date | None) -> tuple[EventRow, bool]:
    """The row that counts at the end of `day` (None: of all that is recorded), and if it is drawn.

    The latest draw carried out by then; before any, the latest freeze. A later freeze after a draw
    that was declared void counts. UsageError for an unknown event and one not frozen by then.
    """
    rows = event_rows(loaded, event_no)
    drawn = [one for one in rows if _by(one.row.drawn_at, day)]
    frozen = [one for one in rows if _by(one.row.frozen_at or one.row.drawn_at, day)]
    if drawn and not _is_replaced(drawn[-1], frozen):
        return drawn[-1], True
    if not frozen:
        raise _too_early(rows[-1].row, day)
    return frozen[-1], False


def known_draw(
    loaded: Loaded, archive: DrawArchive, event_no: str, day: dt.date | None
) -> KnownDraw:
    """The draw that counts on the day, with its texts from the archive where there are any.

    Raises as `draw_on` and `frozen_of` do; DrawArchiveBroken when the draw's texts are missing,
    were changed, or do not follow from the freeze.
    """
    at, is_drawn = draw_on(loaded, event_no, day)
    chain = tuple(
        one
        for one in event_rows(loaded, event_no)
        if one.row.draw_no <= at.row.draw_no and _by(one.row.drawn_at or one.row.frozen_at, day)
    )
    if not names_freeze(archive, at.row):
        return KnownDraw(at, chain, is_drawn)
    frozen = frozen_of(archive, at)
    drawn = _drawn_of(archive, frozen, at.row.draw_no) if is_drawn else None
    written = {one.row.draw_no for one in event_rows(loaded, event_no) if one.row.drawn_at}
    unwritten = tuple(number for number in archive.draws() if number not in written)
    return KnownDraw(at, chain, is_drawn, frozen, drawn, unwritten)


def chain_findings(table: LedgerTable[DrawEvent], known: KnownDraw) -> Iterator[Finding]:
    """What is wrong with the re-draws, the result hash, and draws not written down yet."""
    row, at = known.row, known.at.index
    if known.drawn is not None and row.result_hash != known.result_hash:
        yield HASH_DIFFERS.at(table.cell(at, "result_hash"), header="结果校验值")
    for number in known.unwritten:
        where = table.cell(at, "drawn_at")
        yield DRAW_UNWRITTEN.at(where, event=row.event_no, draw=number)
    for earlier, later in zip(known.chain, known.chain[1:], strict=False):
        for name, fault in _faults(earlier.row, later.row):
            words = {"event": later.row.event_no, "draw": later.row.draw_no, "fault": fault}
            yield CHAIN_BROKEN.at(table.cell(later.index, name), **words)


def approvers_of(row: DrawEvent) -> list[str]:
    """The names in 重摇批准人."""
    parts = (row.redraw_approvers or "").translate(_PARTING).split("、")
    return [name for part in parts if (name := part.strip())]


def _faults(earlier: DrawEvent, later: DrawEvent) -> Iterator[tuple[str, str]]:
    """(field, what is wrong) of a re-draw."""
    if not (later.redraw_reason or "").strip():
        yield "redraw_reason", "没有写重摇原因"
    if len(set(approvers_of(later))) < _APPROVERS:
        yield "redraw_approvers", "重摇批准人不足两人"
    if later.earlier_hash != earlier.result_hash and later.drawn_at is not None:
        yield "earlier_hash", "前次结果校验值与前一次的结果校验值不一致"


def _is_replaced(drawn: EventRow, frozen: Sequence[EventRow]) -> bool:
    """True when this draw is void and a later one is prepared: not drawn yet, or frozen anew.

    A later draw of the same freeze that is held after the day does not count: on the day this one
    still stood.
    """
    later, held = frozen[-1].row, drawn.row.drawn_at
    if drawn.row.status is not DrawStatus.VOID or later.draw_no <= drawn.row.draw_no:
        return False
    frozen_anew = later.frozen_at and held and later.frozen_at > held
    return later.drawn_at is None or bool(frozen_anew)


def _drawn_of(archive: DrawArchive, frozen: Frozen, draw_no: int) -> Drawn:
    try:
        return read_draw(frozen, archive.draw(draw_no))
    except (KeyError, ValueError) as fault:
        raise DrawArchiveBroken(
            f"第 {draw_no} 次摇号的存档与冻结的名册对不上（{fault}）",
            where=str(archive.folder),
            advice="请从备份或已公布的文件恢复摇号存档；查明原因之前不要公布",
        ) from fault


def _by(moment: dt.datetime | None, day: dt.date | None) -> bool:
    return moment is not None and (day is None or moment.date() <= day)


def _too_early(row: DrawEvent, day: dt.date | None) -> UsageError:
    moment = row.frozen_at or row.drawn_at
    if moment is None:
        return UsageError(
            f"摇号活动 {row.event_no} 还没有冻结，没有可以公布的名单",
            advice=f"请先冻结名册和房源：zhubao allocate freeze {row.event_no}",
        )
    return UsageError(
        f"截至 {day}，摇号活动 {row.event_no} 还没有冻结，没有可以公布的名单",
        advice=f"冻结在 {moment:%Y-%m-%d}；请用 --as-of 写明那一天或以后的日期。",
    )
