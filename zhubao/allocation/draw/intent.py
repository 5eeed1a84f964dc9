"""What must hold before an event is drawn, and which draw it is going to be.

The archive decides, not the ledger: a draw counts from the moment it is kept there. One that the
ledger does not (or, after an undo, no longer) show is continued with the numbers, the time and the
witnesses it was kept with, and no other numbers are accepted until it is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.allocation.draw.algorithm import Drawn, draw, result_text
from zhubao.allocation.draw.entropy import Entropy, entropy_faults, entropy_words, parse_entropy
from zhubao.allocation.draw.facts import FACTS, DrawFacts, facts_text, read_facts
from zhubao.allocation.draw.texts import NONE, DrawTicket, parse_ticket, sha256, ticket_text
from zhubao.allocation.event.frozen import PEOPLE, RESULT, TICKET, Frozen, read_draw
from zhubao.allocation.event.record import EventRow, event_rows, frozen_of
from zhubao.allocation.event.trace import Trace, trace_of
from zhubao.core.errors import UsageError
from zhubao.ledger.allocation import DrawStatus, SelectionAction, UnitSelection
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.store.draw_archive import DrawArchive, DrawArchiveBroken
from zhubao.ledger.store.selection_log import SelectionLog


@dataclass(frozen=True, slots=True)
class DrawOrder:
    """A draw as it was asked for; `entropy` as typed, `at` the local time of the draw."""

    event_no: str
    entropy: tuple[str, ...]
    at: dt.datetime
    witnesses: tuple[str, ...] = ()
    reason: str = ""
    approved_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intent:
    """A draw that may be carried out; `kept` when the archive has it already."""

    rows: tuple[EventRow, ...]
    frozen: Frozen
    ticket: DrawTicket
    facts: DrawFacts
    earlier: tuple[Mapping[str, str], ...]  # the texts of the draws before, the first one first
    kept: bool

    @property
    def latest(self) -> EventRow:
        """The event's row, of its latest draw."""
        return self.rows[-1]


def intend(order: DrawOrder, loaded: Loaded, archive: DrawArchive) -> Intent:
    """Check everything that must hold; nothing of the result is computed.

    UsageError: not frozen, not yet announced, drawn before the announcement or before an earlier
    draw, numbers in another form than agreed, a second draw without a reason and two names, with
    the numbers of an earlier one, or while a unit is chosen after the last one; other numbers than
    those already kept. DrawArchiveBroken: a hash differs between ledger,
    journal and archive, or the archive has lost a draw.
    """
    rows = event_rows(loaded, order.event_no)
    latest = rows[-1]
    frozen = frozen_of(archive, latest)
    if not frozen.people:
        raise _broken(archive, f"冻结存档里没有 {PEOPLE}，凭证号对不上家庭")
    if latest.row.status is DrawStatus.VOID and not archive.draws():
        raise UsageError(
            f"摇号活动 {latest.row.event_no} 已作废，不能摇号",
            advice="请核对活动编号；要重新办的，另立一次活动。",
        )
    written = [one for one in rows if one.row.result_hash is not None]
    kept = {number: archive.draw(number) for number in archive.draws()}
    _check_written(archive, written, kept)
    _check_chain(archive, frozen, kept)
    _check_trace(archive, trace_of(archive.root, archive.event), kept)
    entropy = parse_entropy(order.entropy, frozen.rules.sources)
    waiting = [number for number in kept if number not in {one.row.draw_no for one in written}]
    if waiting:
        intent = _continued(rows, frozen, kept, waiting[0], entropy)
    else:
        intent = _fresh(order, rows, frozen, kept, entropy)
        if _is_redraw(order, intent):
            logged = SelectionLog(archive.root, archive.event).read()
            _refuse_chosen(loaded, intent.latest.row.event_no, logged)
    _check_time(intent)
    return intent


def carry(intent: Intent) -> tuple[Drawn, dict[str, str]]:
    """The draw, and the texts to be kept before anybody sees it."""
    drawn = draw(
        intent.ticket, intent.frozen.entrants, intent.frozen.units, intent.frozen.rules.mode
    )
    return drawn, {
        TICKET: ticket_text(intent.ticket),
        RESULT: result_text(drawn),
        FACTS: facts_text(intent.facts),
    }


def _check_written(
    archive: DrawArchive, written: Sequence[EventRow], kept: Mapping[int, Mapping[str, str]]
) -> None:
    """Every draw that the ledger knows is in the archive, with the same result."""
    for one in written:
        texts = kept.get(one.row.draw_no)
        if texts is None:
            raise _broken(archive, f"台账里有第 {one.row.draw_no} 次摇号的结果，存档里没有")
        if sha256(texts[RESULT]) != one.row.result_hash:
            raise _broken(archive, f"第 {one.row.draw_no} 次摇号的结果校验值，台账与存档不一致")


def _check_chain(
    archive: DrawArchive, frozen: Frozen, kept: Mapping[int, Mapping[str, str]]
) -> None:
    """The kept draws are 1, 2, …, each follows from the freeze and names the one before."""
    before = NONE
    for number, (draw_no, texts) in enumerate(kept.items(), 1):
        try:
            ticket = read_draw(frozen, texts).ticket
            read_facts(texts)
        except (KeyError, ValueError) as fault:
            raise _broken(archive, f"存档的第 {draw_no} 次摇号对不上：{fault}") from fault
        faults = entropy_faults(frozen.rules.sources, ticket.entropy)
        if faults or (number, number, before) != (draw_no, ticket.draw_no, ticket.earlier):
            raise _broken(archive, f"存档的第 {draw_no} 次摇号与前次接不上，或随机数不合约定")
        before = sha256(texts[RESULT])


def _check_trace(archive: DrawArchive, trace: Trace, kept: Mapping[int, Mapping[str, str]]) -> None:
    """Every draw that was ever written into the ledger is still in the archive, as it was then."""
    for number, result_hash in sorted(trace.drawn.items()):
        if number not in kept:
            raise _broken(archive, f"操作日志里有第 {number} 次摇号，存档里没有")
        if sha256(kept[number][RESULT]) != result_hash:
            raise _broken(archive, f"第 {number} 次摇号的结果校验值，操作日志与存档不一致")


def _continued(
    rows: tuple[EventRow, ...],
    frozen: Frozen,
    kept: Mapping[int, Mapping[str, str]],
    draw_no: int,
    entropy: Entropy,
) -> Intent:
    texts = kept[draw_no]
    ticket, facts = parse_ticket(texts[TICKET]), read_facts(texts)
    if ticket.entropy != entropy:
        words = " ".join(f"--entropy '{name}={value}'" for name, value in ticket.entropy)
        raise UsageError(
            f"第 {draw_no} 次摇号已在 {facts.drawn_at.replace('T', ' ')} 登记，随机数不能再改",
            where=entropy_words(ticket.entropy),
            advice=f"请用登记的随机数再运行一次，把结果写进台账：{words}；"
            "写入之后认为须重摇的，再按重摇办理（--reason，两个 --approved-by）",
        )
    earlier = tuple(kept[number] for number in kept if number < draw_no)
    return Intent(rows, frozen, ticket, facts, earlier, True)


def _fresh(
    order: DrawOrder,
    rows: tuple[EventRow, ...],
    frozen: Frozen,
    kept: Mapping[int, Mapping[str, str]],
    entropy: Entropy,
) -> Intent:
    earlier = tuple(kept.values())
    before = sha256(earlier[-1][RESULT]) if earlier else NONE
    ticket = DrawTicket(frozen.rules_hash, len(earlier) + 1, before, entropy)
    at = order.at.replace(second=0, microsecond=0, tzinfo=None).isoformat(timespec="minutes")
    facts = DrawFacts(at, order.witnesses, order.reason.strip(), order.approved_by)
    return Intent(rows, frozen, ticket, facts, earlier, False)


def _is_redraw(order: DrawOrder, intent: Intent) -> bool:
    """A first draw gives no reason; a second one a reason, two names, other numbers."""
    event, draw_no = intent.latest.row.event_no, intent.ticket.draw_no
    if draw_no == 1:
        if order.reason or order.approved_by:
            raise UsageError(
                f"摇号活动 {event} 还没有摇过号，不是重摇",
                advice="首次摇号请去掉 --reason 和 --approved-by。",
            )
        return False
    if not order.reason.strip() or len(set(order.approved_by)) < 2:
        raise UsageError(
            f"摇号活动 {event} 已经摇过 {draw_no - 1} 次，前次结果不会被覆盖；"
            "重摇要写明原因和两位批准人",
            advice="请写 --reason 原因 --approved-by 甲 --approved-by 乙（两个不同的人）。",
        )
    earlier = [parse_ticket(texts[TICKET]).entropy for texts in intent.earlier]
    if intent.ticket.entropy in earlier:
        number = earlier.index(intent.ticket.entropy) + 1
        raise UsageError(
            f"这些随机数与第 {number} 次摇号的完全相同",
            where="--entropy",
            advice="重摇须由见证人当场重新给出随机数。",
        )
    return True


def _refuse_chosen(loaded: Loaded, event: str, logged: Sequence[Mapping[str, Any]]) -> None:
    """No re-draw while a household holds a unit it chose after the last one.

    `logged` are the entries of the counters; those not yet written to 选房 count as well.
    """
    table = loaded.get(UnitSelection)
    written, numbers = [], set()
    for index in table.usable("event_no", "entrant_no", "action", "selected_at"):
        if table.column("event_no")[index] == event:
            entrant, action = table.column("entrant_no")[index], table.column("action")[index]
            written.append((entrant, action, str(table.row_cell(index))))
            numbers.add(table.column("selection_no")[index])
    written += [
        (entry["entrant_no"], SelectionAction(entry["action"]), f"选房记录 {entry['selection_no']}")
        for entry in logged
        if entry["selection_no"] not in numbers
    ]
    standing: dict[str, str] = {}
    for entrant, action, place in written:
        if action is SelectionAction.CHOSEN:
            standing[entrant] = place
        elif action is SelectionAction.WITHDRAWN:
            standing.pop(entrant, None)
    if standing:
        places = "、".join([*standing.values()][:3])
        raise UsageError(
            f"已有 {len(standing)} 户按前次结果选定了房源，不能重摇",
            where=places,
            advice="确须重摇的，请先在选房登记里逐户撤销（说明原因），再重摇。",
        )


def _check_time(intent: Intent) -> None:
    """Announced before it was drawn; a re-draw after the draw before."""
    row, at = intent.latest.row, intent.facts.moment
    if row.published_at is None:
        raise UsageError(
            f"摇号活动 {row.event_no} 的校验值还没有公布，不能摇号",
            advice=f"请先公布，再登记：zhubao allocate announce {row.event_no} --where 公布处",
        )
    if at < row.published_at:
        raise UsageError(
            f"摇号时间 {_spoken(at)} 早于公布时间 {_spoken(row.published_at)}",
            where="--at",
            advice="名册和房源须先公布、后摇号；时间写错的请改正 --at 或台账的公布时间。",
        )
    for texts in intent.earlier:
        before = read_facts(texts).moment
        if at < before:
            raise UsageError(
                f"摇号时间 {_spoken(at)} 早于前次摇号的时间 {_spoken(before)}", where="--at"
            )


def _spoken(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _broken(archive: DrawArchive, fault: str) -> DrawArchiveBroken:
    return DrawArchiveBroken(
        fault,
        where=str(archive.folder),
        advice="请核对台账、存档和已公布的文件，恢复被改动的一方；查清之前不要摇号",
    )
