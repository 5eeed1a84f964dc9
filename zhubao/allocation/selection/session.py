"""One counter at work: a line typed is understood, judged, made durable and answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from zhubao.allocation.selection.basis import Basis
from zhubao.allocation.selection.judging import (
    Refused,
    Wish,
    judge,
    named,
    refuse_out_of_turn,
)
from zhubao.allocation.selection.queue import Candidate
from zhubao.allocation.selection.standing import (
    ABANDONED,
    ABSENT,
    CHOSEN,
    WITHDRAWN,
    Entry,
    Standing,
    State,
)
from zhubao.allocation.selection.typed import Typed, Verb, understand
from zhubao.core.masking import mask_numbers
from zhubao.ledger.store.selection_log import SelectionLog

HELP = (
    "房源编号         选定这套房（只写“楼栋-房号”也可以，如 3-0502；对得上几套时请写全）",
    "放弃 原因        这一户放弃选房；名额由下一个递补家庭接上",
    "未到             没有到场；以后可以回来，从剩下的房源里选",
    "撤销 原因        撤销本窗口最后一次登记；撤销 73 原因 撤销第 73 号的登记",
    "跳到 73          请第 73 号来选（未到场后回来的、别的户型的）",
    "第73号 …         直接登记第 73 号，后面的写法同上",
    "剩余 / 状态      剩余房源 / 各户型的进度",
    "结束             写入台账并退出（Ctrl-D 也可以）",
)
DIRECT_HELP = ("是               确认摇中的这套房", *HELP[1:])
_ACTIONS = {
    Verb.CHOOSE: CHOSEN,
    Verb.CONFIRM: CHOSEN,
    Verb.ABANDON: ABANDONED,
    Verb.ABSENT: ABSENT,
    Verb.WITHDRAW: WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Who sits at the counter and for whom: strata and batches, empty for all.

    `any_stratum`: the reason for which units of other strata may be chosen, "" for never.
    """

    clerk: str = ""
    witness: str = ""
    name: str = ""
    strata: frozenset[str] = frozenset()
    batch: str = ""
    any_stratum: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the counter says to a line. `wants`: LEFT, STATUS or END for the caller to do."""

    lines: tuple[str, ...] = ()
    entry: Entry | None = None
    refused: bool = False
    wants: Verb = Verb.NOTHING


class Session:
    """A counter. `refresh` gives a new Basis when the ledgers have changed, else None."""

    def __init__(
        self,
        basis: Basis,
        log: SelectionLog,
        desk: Desk,
        refresh: Callable[[], Basis | None] = lambda: None,
    ) -> None:
        log.read()
        self.basis, self.log, self.desk = basis, log, desk
        self.standing: Standing = basis.standing(log.entries)
        self._refresh = refresh
        self._focus = ""
        self._counted = self._top = 0  # entries of the log looked at, and their highest number
        self._own: list[str] = []  # entrants of this counter's entries, latest last

    def current(self) -> Candidate | None:
        """Who is at the counter: whoever was called by 跳到, else the next in line."""
        focused = self.basis.queue.by_entrant.get(self._focus)
        if focused and self.standing.state_of(focused) in (State.WAITING, State.ABSENT):
            return focused
        self._focus = ""
        strata = self.desk.strata or self.basis.queue.strata
        turns = [turn for stratum in strata if (turn := self.standing.turn(stratum))]
        served = [one for one in turns if self.desk.batch in ("", one.batch_no)]
        return min(served, key=lambda one: one.rank, default=None)

    def prompt(self) -> str:
        """One line on the household at the counter; "" when nobody is."""
        one = self.current()
        if one is None:
            return ""
        parts = [named(one), one.stratum, f"{one.size} 人", f"剩 {self._left(one)} 套"]
        if self.basis.queue.direct:
            parts.insert(2, f"摇中 {self.standing.offered(one) or '（无）'}")
        if one.reserve_rank:
            parts.append(f"递补 {one.reserve_rank}")
        if self.standing.state_of(one) is State.ABSENT:
            parts.append("曾未到")
        lease = self.basis.queue.housed.get(one.household_no)
        parts += [f"！已有合同 {lease}"] if lease else []
        parts += [f"批次 {one.batch_no}"] if one.batch_no else []
        parts += [f"凭证 {one.receipt[:8]}…"] if one.receipt else []
        return "  ".join(parts)

    def catch_up(self) -> None:
        """Take over what other counters have entered, and what has changed in the ledgers."""
        fresh = self._refresh()
        if fresh is not None:
            self.log.read()
            self.basis, self._counted, self._top = fresh, 0, 0
            self.standing = fresh.standing(self.log.entries)
            return
        self._read_log()

    def _read_log(self) -> None:
        known = len(self.log.entries)
        self.log.read()
        self.standing.take_all(self.basis.unwritten(self.log.entries[known:]))

    def take(self, line: str, at: dt.datetime) -> Answer:
        """Carry out one line typed at the moment `at`.

        The line speaks of the household shown by `prompt`, also when another counter has entered
        something in the meantime: then it may be refused, never recorded for somebody else.
        """
        typed, shown = understand(line), self.current()
        try:
            return self._carry_out(typed, shown, at)
        except Refused as reason:
            return Answer((f"没有登记：{reason}",), refused=True)

    def _carry_out(self, typed: Typed, shown: Candidate | None, at: dt.datetime) -> Answer:
        verb = typed.verb
        if verb is Verb.HELP:
            return Answer(DIRECT_HELP if self.basis.queue.direct else HELP)
        if verb in (Verb.END, Verb.NOTHING):
            return Answer(wants=verb)
        if verb in (Verb.LEFT, Verb.STATUS):
            self.catch_up()
            return Answer(wants=verb)
        if verb is Verb.GO_TO:
            return self._go_to(typed.rank)
        unit = typed.text if verb is Verb.CHOOSE else ""
        entrant = self._meant(typed, shown)
        reason = typed.text if verb in (Verb.ABANDON, Verb.WITHDRAW) else ""
        return self.record(Wish(entrant, _ACTIONS[verb], unit, reason), at)

    def record(self, wish: Wish, at: dt.datetime) -> Answer:
        """Judge a wish against everything entered so far, and make it durable.

        Raises Refused when it does not stand. Numbers of persons in a reason are starred out.
        """
        wish = replace(wish, reason=mask_numbers(wish.reason))
        self.catch_up()
        with self.log.locked():
            self._read_log()
            verdict = judge(wish, self.standing, self.desk.any_stratum)
            entry = self._entry(wish, verdict.unit_no, verdict.remark, at)
            self.log.append([entry.as_json()])
            self.standing.take(entry)
        self._own.append(wish.entrant_no)
        if wish.entrant_no == self._focus:
            self._focus = ""
        return Answer((self._confirmation(entry),), entry)

    def _entry(self, wish: Wish, unit_no: str, remark: str, at: dt.datetime) -> Entry:
        desk = self.desk
        return Entry(
            self._next_number(),
            wish.entrant_no,
            wish.action,
            unit_no,
            wish.reason,
            at.replace(microsecond=0, tzinfo=None),
            desk.clerk,
            desk.witness,
            remark,
            desk.name,
            self.basis.queue.draw_no,
        )

    def _next_number(self) -> str:
        """After all numbers of the sheet and of the log; of other events' logs where they share."""
        series = self.basis.series
        fresh = self.log.entries[self._counted :]
        numbers = [str(values.get("selection_no", "")) for values in fresh]
        if series.shared:
            numbers += self.log.numbers_elsewhere()
        self._top = max(self._top, series.top_of(numbers))
        self._counted += len(fresh)
        return series.after(self._top)

    def _meant(self, typed: Typed, shown: Candidate | None) -> str:
        """The household a line speaks of."""
        if typed.rank:
            return self._ranked(typed.rank).entrant_no
        if typed.verb is Verb.WITHDRAW:
            return self._own_last()
        if shown is None:
            raise Refused("现在没有轮到的家庭；未到场后回来的，请用“跳到 顺序号”")
        return shown.entrant_no

    def _own_last(self) -> str:
        """Whose entry this counter made last and has not withdrawn."""
        for entrant in reversed(self._own):
            if self.standing.last[entrant].action is not WITHDRAWN:
                return entrant
        raise Refused("本窗口没有可以撤销的登记；请写明顺序号，如：撤销 73 输错房号")

    def _ranked(self, rank: int) -> Candidate:
        found = self.basis.queue.by_rank.get(rank)
        if found is None:
            raise Refused(f"名单里没有第 {rank} 号")
        return found

    def _go_to(self, rank: int) -> Answer:
        if not rank:
            raise Refused("请写顺序号，如：跳到 73")
        self.catch_up()
        one = self._ranked(rank)
        refuse_out_of_turn(one, self.standing)
        self._focus = one.entrant_no
        return Answer()

    def _left(self, one: Candidate) -> int:
        return len(self.standing.left(one.stratum))

    def _confirmation(self, entry: Entry) -> str:
        one = self.basis.queue.by_entrant[entry.entrant_no]
        left = f"{one.stratum}还剩 {self._left(one)} 套"
        text = f"已登记 {entry.selection_no}  {named(one)}  {self._words(entry)}；{left}"
        call = self._called_up(one) if entry.action is ABANDONED else ""
        return text + call

    def _words(self, entry: Entry) -> str:
        if entry.action is CHOSEN:
            return f"选定 {self._unit_words(entry.unit_no)}"
        if entry.action is ABANDONED:
            return f"放弃（{entry.reason}）"
        return "未到场" if entry.action is ABSENT else entry.remark

    def _called_up(self, one: Candidate) -> str:
        """Which reserve takes the place of a household that gave up."""
        called = self.standing.called(one.stratum)
        if called and called[-1].reserve_rank:
            last = called[-1]
            return f"；递补 {last.reserve_rank}（第 {last.rank} 号）可以选房"
        return ""

    def _unit_words(self, unit_no: str) -> str:
        home = self.basis.queue.homes[unit_no]
        parts = (home.address, f"{home.area} m²" if home.area else "")
        about = "，".join(part for part in parts if part)
        return f"{unit_no}（{about}）" if about else unit_no
