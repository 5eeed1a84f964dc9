"""The selection counter on a terminal or from a script: read, ask, answer, and write at the end."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from zhubao.cli.output import complain, finish, say, show
from zhubao.cli.writing import Asked, answer_script, carry_out, formats_of
from zhubao.core.errors import EXIT_FINDINGS, UsageError, ZhubaoError

if TYPE_CHECKING:
    from zhubao.allocation.selection.basis import Basis
    from zhubao.allocation.selection.judging import Wish
    from zhubao.allocation.selection.script import Played
    from zhubao.allocation.selection.session import Desk, Session
    from zhubao.core.finding import Finding
    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.loaded import Loaded
    from zhubao.ledger.store.selection_log import SelectionLog

_INDENT = 4


@dataclass(frozen=True, slots=True)
class Counter:
    """An event opened for selection."""

    bureau: Bureau
    desk: Desk
    event_no: str
    clock: Callable[[], dt.datetime]
    asked: Asked
    reopen: bool


def _open(counter: Counter) -> tuple[Loaded, Basis]:
    """Read the event; UsageError for a stratum or a batch that it does not have."""
    from zhubao.allocation.selection.basis import SELECT_MODELS, read_basis

    bureau, desk = counter.bureau, counter.desk
    loaded = bureau.load(*SELECT_MODELS)
    basis = read_basis(loaded, bureau.root, counter.event_no, counter.clock().date())
    unknown = sorted(desk.strata - set(basis.queue.all_strata))
    if unknown:
        names = "、".join(basis.queue.all_strata)
        raise UsageError(f"这次活动没有“{unknown[0]}”", advice=f"可以写：{names}。")
    batches = sorted({one.batch_no for one in basis.queue.candidates if one.batch_no})
    if desk.batch and desk.batch not in batches:
        known = "、".join(batches) or "（没有安排批次）"
        raise UsageError(f"这次活动没有批次“{desk.batch}”", advice=f"可以写：{known}。")
    return loaded, basis


def show_state(counter: Counter) -> None:
    """Print how the selection stands; nothing is recorded."""
    from zhubao.ledger.store.selection_log import SelectionLog

    loaded, basis = _open(counter)
    log = SelectionLog(counter.bureau.root, basis.event.row.event_no)
    log.read()
    finish(_report(counter, loaded, basis, log))


def _report(counter: Counter, loaded: Loaded, basis: Basis, log: SelectionLog) -> list[Finding]:
    """Print how the selection stands; its findings."""
    from zhubao.allocation.selection.basis import basis_findings
    from zhubao.allocation.selection.report import selection_report

    standing, pending = basis.standing(log.entries), len(basis.unwritten(log.entries))
    findings = basis_findings(basis, standing, loaded)
    name = counter.bureau.name
    report = selection_report(basis, standing, bureau=name, pending=pending, findings=findings)
    show(report, as_json=counter.asked.as_json)
    return findings


def run_script(counter: Counter, wanted: Wish | list[str]) -> None:
    """Entries of a file or of the options: tried first, and recorded when all of them stand."""
    from zhubao.allocation.selection.basis import refuse_status
    from zhubao.allocation.selection.session import Session
    from zhubao.ledger.store.selection_log import MemoryLog, SelectionLog

    asked = counter.asked
    if not (asked.yes or asked.dry_run or (sys.stdin.isatty() and not asked.as_json)):
        raise UsageError(
            "没有可以询问的终端，没有登记",
            advice="在脚本里请加 --yes（登记并写入台账）或 --dry-run（只演练）。",
        )
    _, basis = _open(counter)
    refuse_status(basis, reopen=counter.reopen)
    place = counter.bureau.root, basis.event.row.event_no
    log: SelectionLog = MemoryLog(*place)
    played = _played(wanted, Session(basis, log, counter.desk), counter)
    if not played.faults and not asked.dry_run:
        log = SelectionLog(*place)
        played = _played(wanted, Session(basis, log, counter.desk), counter)
    if played.faults:
        _complain_lines(played, log)
        raise typer.Exit(EXIT_FINDINGS)
    for line in played.said:
        _tell(line, as_json=asked.as_json)
    _write(counter, log)


def _played(wanted: Wish | list[str], session: Session, counter: Counter) -> Played:
    from zhubao.allocation.selection.script import play, play_one

    if isinstance(wanted, list):
        return play(wanted, session, counter.clock())
    return play_one(wanted, session, counter.clock())


def _complain_lines(played: Played, log: SelectionLog) -> None:
    """What was refused; another counter may have come in between the trial and the recording."""
    from zhubao.ledger.store.selection_log import MemoryLog

    for fault in played.faults:
        where = f"第 {fault.line} 行“{fault.text}”" if fault.line else fault.text
        sys.stderr.write(f"{where}：{fault.message}\n")
    if isinstance(log, MemoryLog) or not played.said:
        sys.stderr.write("      怎么办：改正后重新运行；一条也没有登记。\n")
        return
    for line in played.said:
        sys.stderr.write(f"{line}\n")
    sys.stderr.write("      怎么办：别的窗口同时在登记；以上各条已登记，其余请核对后单独登记。\n")


def serve(counter: Counter) -> None:
    """The counter at a terminal, line by line, until 结束, Ctrl-D or Ctrl-C."""
    from zhubao.allocation.selection.basis import refuse_status
    from zhubao.allocation.selection.session import Session
    from zhubao.ledger.store.selection_log import MemoryLog, SelectionLog

    watch = _Watch(counter)
    loaded, basis = _open(counter)
    refuse_status(basis, reopen=counter.reopen)
    kind = MemoryLog if counter.asked.dry_run else SelectionLog
    log = kind(counter.bureau.root, basis.event.row.event_no)
    session = Session(basis, log, counter.desk, watch)
    _report(counter, loaded, basis, log)
    if log.torn:
        say("注意：上次登记时断过电，有一条没有写完，不算数；请核对最后一户。")
    say("演练：不存盘，也不写台账。" if counter.asked.dry_run else "每登记一条立即存盘。")
    say("输入房源编号即选定；放弃 原因、未到、撤销、跳到、剩余、状态、帮助、结束。")
    for line in _typed(session):
        _answer(session, line, counter)
    _write(counter, log)


def _typed(session: Session) -> Iterator[str]:
    """Lines typed, each asked for with the household whose turn it is; ends with 结束."""
    from zhubao.allocation.selection.typed import Verb, understand

    with suppress(ImportError):
        import readline  # noqa: F401  (line editing that knows Chinese characters)
    while True:
        try:
            session.catch_up()
        except ZhubaoError as fault:
            complain(fault)
        say("")
        say(
            session.prompt()
            or "现在没有轮到的家庭；未到场后回来的用“跳到 顺序号”，做完了输入“结束”。"
        )
        try:
            line = input("> ")
        except EOFError:
            say("")
            return
        except KeyboardInterrupt:
            say("\n已停下；登记过的都已存盘，再次运行接着登记，输入“结束”写入台账。")
            raise
        if understand(line).verb is Verb.END:
            return
        yield line


def _answer(session: Session, line: str, counter: Counter) -> None:
    from zhubao.allocation.selection.report import selection_report
    from zhubao.allocation.selection.typed import Verb

    try:
        answer = session.take(line, counter.clock())
    except ZhubaoError as fault:
        complain(fault)
        say("没有登记，请重输。")
        return
    for text in answer.lines:
        _tell(text)
    if answer.wants is Verb.STATUS:
        pending = len(session.basis.unwritten(session.log.entries))
        show(selection_report(session.basis, session.standing, pending=pending), as_json=False)
    if answer.wants is Verb.LEFT:
        _say_left(session)


def _say_left(session: Session) -> None:
    """The units left, by stratum, the current household's first."""
    from zhubao.allocation.selection.report import left_by_stratum
    from zhubao.core.width import wrap

    now = session.current()
    for stratum, units in left_by_stratum(session.standing, now.stratum if now else ""):
        say(f"{stratum or '没有写户型'}：剩 {len(units)} 套")
        for line in wrap("  ".join(units), _width(), indent=_INDENT):
            say(line)


def _tell(text: str, *, as_json: bool = False) -> None:
    """A line, broken where the terminal ends."""
    from zhubao.core.width import display_width, wrap

    width = _width()
    for line in [text] if display_width(text) <= width else wrap(text, width):
        say(line, as_json=as_json)


def _width() -> int:
    return shutil.get_terminal_size((80, 24)).columns


class _Watch:
    """Reads the event again when one of its workbooks has been written since."""

    def __init__(self, counter: Counter) -> None:
        self._counter, self._known = counter, self._stamps(counter)

    def __call__(self) -> Basis | None:
        now = self._stamps(self._counter)
        if now == self._known:
            return None
        _, basis = _open(self._counter)
        self._known = now
        return basis

    @staticmethod
    def _stamps(counter: Counter) -> list[tuple[int, int]]:
        stamps = []
        for name in ("allocation", "units", "tenants"):
            with suppress(OSError):
                found = counter.bureau.path_of(name).stat()
                stamps.append((found.st_mtime_ns, found.st_size))
        return stamps


def _write(counter: Counter, log: SelectionLog) -> None:
    """Put what the ledger does not have yet into 选房: preview, one question, apply."""
    from zhubao.allocation.selection.basis import basis_findings
    from zhubao.allocation.selection.report import selection_report
    from zhubao.allocation.selection.rows import selection_rows

    asked, bureau = counter.asked, counter.bureau
    loaded, basis = _open(counter)
    log.read()
    rows = selection_rows(basis, log.entries, loaded, formats_of(bureau))
    arguments = {"event": basis.event.row.event_no, "entries": rows.count}
    standing = basis.standing(log.entries)
    findings = [*basis_findings(basis, standing, loaded), *rows.findings]
    words: dict[str, Any] = {"bureau": bureau.name, "pending": rows.count, "findings": findings}
    report = selection_report(basis, standing, **words)
    if asked.as_json:
        answer_script(report, rows.change, bureau, "allocate select", asked, arguments)
    else:
        if findings:
            show(report, as_json=False)
        done = False
        try:
            done = carry_out(rows.change, bureau, "allocate select", asked, arguments)
        finally:
            if rows.count and not done and not asked.dry_run:
                say("登记都存在选房记录里，没有丢；再次运行并“结束”时写入台账。")
    finish(findings)
