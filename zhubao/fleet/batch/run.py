"""A batch runs: job after job, each recorded before it begins and when it has ended."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from zhubao.core.output_file import refusal
from zhubao.fleet.batch.child import ChildEnd, Errand, Launch
from zhubao.fleet.batch.commands import Effect
from zhubao.fleet.batch.made import Before
from zhubao.fleet.batch.model import OnFailure
from zhubao.fleet.batch.outcome import Outcome, meaning
from zhubao.fleet.batch.plan import Plan, PlannedJob
from zhubao.fleet.batch.record import JobRecord, RunRecord, runs_folder
from zhubao.fleet.batch.told import told_in
from zhubao.fleet.batch.words import joined_words

_UNFIT = re.compile(r'[\\/:*?"<>|\s.]+')
_LOG = "运行记录.log"
_ERROR_LINES, _MOST_OF_ERRORS = 2, 2000  # what is wrong and what to do; characters
_BAD = (Outcome.TOLERATED, Outcome.FAILED, Outcome.INTERRUPTED, Outcome.SKIPPED)


class Watcher(Protocol):
    """Who is told how the batch gets on."""

    def said(self, line: str) -> None:
        """A line of the run's log."""

    def begun(self, place: int, total: int, name: str) -> None:
        """A job has begun."""

    def ticked(self, seconds: float) -> None:
        """It is still running."""

    def ended(self) -> None:
        """A job has ended, or was passed over."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a run needs from outside: the clock, how to start a process, who is told."""

    now: Callable[[], dt.datetime]
    launch: Launch
    watcher: Watcher


def new_run(plan: Plan, now: dt.datetime) -> RunRecord:
    """A record with all jobs waiting, in a folder of its own. OutputError when it cannot be."""
    base = runs_folder(plan.root) / f"{now:%Y%m%d-%H%M%S}"
    names = [base, *(base.with_name(f"{base.name}-{number}") for number in range(2, 100))]
    folder = next(name for name in names if not name.exists())
    run = RunRecord(
        folder,
        str(plan.file.path),
        plan.file.sha256,
        plan.dates.date,
        plan.dates.as_of,
        plan.root,
        plan.bureau,
        f"{now:%Y-%m-%dT%H:%M:%S}",
        plan.file.title,
    )
    run.jobs = [record_of(job) for job in plan.jobs]
    run.save()
    return run


def record_of(planned: PlannedJob) -> JobRecord:
    """A job that waits, or is left out."""
    return JobRecord(
        planned.number,
        planned.job.name,
        list(planned.words),
        Outcome.LEFT_OUT if planned.left_out else Outcome.WAITING,
        planned.left_out,
        writes=planned.effect is Effect.WRITES,
    )


class BatchRun:
    """Carries out one run in one bureau."""

    def __init__(self, plan: Plan, run: RunRecord, tools: Tools) -> None:
        self._plan, self._run, self._tools = plan, run, tools
        self._places = {record.name: record for record in run.jobs}

    def carry_out(self) -> None:
        """Every job that is not finished; the record says how each ended. Never raises for a job.

        KeyboardInterrupt ends the job under way and the run, and is not raised again.
        """
        todo = [job for job in self._plan.jobs if not self._is_settled(job)]
        self._say(f"批处理开始：{self._run.file}，基准日 {self._run.date}，局 {self._run.bureau}")
        if self._plan.note:
            self._say(f"注意：{self._plan.note}")
        if not todo:
            self._say("没有要做的任务：都做完了，或者都不做")
        try:
            for place, planned in enumerate(todo, 1):
                if not self._do(planned, place, len(todo)):
                    break
        except KeyboardInterrupt:
            self._mark_interrupted()
        self._close()

    def _is_settled(self, planned: PlannedJob) -> bool:
        outcome = self._places[planned.job.name].outcome
        return outcome.is_finished or outcome is Outcome.LEFT_OUT

    def _do(self, planned: PlannedJob, place: int, total: int) -> bool:
        """One job; False when the batch is to stop."""
        record, head = self._places[planned.job.name], f"[{place}/{total}] {planned.job.name}"
        lost = [name for name in planned.job.needs if self._places[name].outcome in _BAD]
        if lost:
            record.outcome = Outcome.SKIPPED
            record.note = f"要先做好的“{'”“'.join(lost)}”没有做好"
            self._say(f"{head}  跳过：{record.note}")
        else:
            self._begin(record, head)
            self._tools.watcher.begun(place, total, planned.job.name)
            self._attempt(planned, record)
            self._say(f"{head}  {_ending(record)}")
            for line in self._errors(record):
                self._say(f"{head}  {line}")
        self._run.save()
        self._tools.watcher.ended()
        return record.outcome not in (Outcome.FAILED, Outcome.INTERRUPTED)

    def _begin(self, record: JobRecord, head: str) -> None:
        now = self._tools.now()
        record.attempts += 1
        again = f"_第{record.attempts}次" if record.attempts > 1 else ""
        stem = f"{record.number:02d}_{_UNFIT.sub('_', record.name).strip('_') or '任务'}{again}"
        record.out, record.err = f"{stem}_输出.txt", f"{stem}_错误.txt"
        record.outcome, record.note, record.exit_code = Outcome.RUNNING, "", None
        record.started = f"{now:%Y-%m-%dT%H:%M:%S}"
        self._say(f"{head}  开始：zhubao {joined_words(tuple(record.words))}")

    def _attempt(self, planned: PlannedJob, record: JobRecord) -> None:
        """Run it, judge how it ended, and note what it has made."""
        run, begun = self._run, self._tools.now()
        before = Before.look(run.root, record.words)
        record.journal_before = before.journal
        run.save()
        out, err = run.folder / record.out, run.folder / record.err
        errand = Errand(run.root, tuple(record.words), out, err, planned.job.timeout)
        try:
            end = self._tools.launch(errand, self._tools.watcher.ticked)
        except OSError as error:
            record.outcome = _failed(planned)
            record.note = f"进程启动不了（{refusal(error)}）"
        else:
            _judge(end, planned, record)
            told = told_in(out) if record.outcome.is_finished else ""
            record.note = "，".join(filter(None, (told, record.note)))
        record.err = _kept(err)
        record.seconds = round((self._tools.now() - begun).total_seconds(), 1)
        record.files, record.changes = list(before.files_made()), list(before.changes_made())

    def _errors(self, record: JobRecord) -> list[str]:
        """The first lines of what a failed job said was wrong, so that the log tells by itself."""
        if record.outcome not in (Outcome.TOLERATED, Outcome.FAILED) or not record.err:
            return []
        with contextlib.suppress(OSError):
            with (self._run.folder / record.err).open(encoding="utf-8", errors="replace") as err:
                text = err.read(_MOST_OF_ERRORS)
            said = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
            return said[:_ERROR_LINES]
        return []

    def _mark_interrupted(self) -> None:
        for record in self._run.jobs:
            if record.outcome is Outcome.RUNNING:
                record.outcome, record.note = Outcome.INTERRUPTED, "被中断"
                return
        for record in self._run.jobs:
            if record.outcome is Outcome.WAITING:
                record.outcome, record.note = Outcome.INTERRUPTED, "开始以前被中断"
                return

    def _close(self) -> None:
        run = self._run
        for record in run.jobs:
            if record.outcome is Outcome.WAITING:
                record.outcome, record.note = Outcome.NOT_REACHED, "批处理在它之前停下"
        run.finished = f"{self._tools.now():%Y-%m-%dT%H:%M:%S}"
        run.save()
        self._say(f"批处理结束，退出码 {run.exit_code}：{summary_line(run)}")

    def _say(self, line: str) -> None:
        """Into the run's log and to whoever watches; a log that cannot be written stops nothing."""
        stamped = f"{self._tools.now():%Y-%m-%d %H:%M:%S}  {line}"
        try:
            with (self._run.folder / _LOG).open("a", encoding="utf-8", newline="\n") as log:
                log.write(stamped + "\n")
        except OSError:
            stamped += "（运行记录写不进去）"
        self._tools.watcher.said(stamped)


def summary_line(run: RunRecord) -> str:
    """完成 3 个，失败 1 个."""
    counts = {one: sum(job.outcome is one for job in run.jobs) for one in Outcome}
    return "；".join(f"{one.title} {count} 个" for one, count in counts.items() if count)


def _judge(end: ChildEnd, planned: PlannedJob, record: JobRecord) -> None:
    """What a process's end makes of its job."""
    record.exit_code = end.code
    if end.interrupted:
        record.outcome, record.note, record.exit_code = Outcome.INTERRUPTED, "被中断", None
    elif end.timed_out:
        record.outcome, record.exit_code = _failed(planned), None
        record.note = f"超过 {planned.job.timeout:g} 秒没有做完，已停止"
    elif end.crashed:
        record.outcome = _failed(planned)
        record.note = "程序出错，请把错误输出交给维护人员"
    elif end.code in planned.job.expect:
        record.outcome = Outcome.FINDINGS if end.code else Outcome.DONE
        record.note = meaning(end.code)
    else:
        record.outcome, record.note = _failed(planned), meaning(end.code)


def _kept(log: Path) -> str:
    """The name of a log; an empty one is removed."""
    with contextlib.suppress(OSError):
        if log.stat().st_size:
            return log.name
        log.unlink()
    return ""


def _failed(planned: PlannedJob) -> Outcome:
    goes_on = planned.job.on_failure is OnFailure.CONTINUE
    return Outcome.TOLERATED if goes_on else Outcome.FAILED


def _ending(record: JobRecord) -> str:
    code = "" if record.exit_code is None else f"退出码 {record.exit_code}"
    changed = f"，改动 {'、'.join(record.changes)}" if record.changes else ""
    made = f"，做出文件 {len(record.files)} 个" if record.files else ""
    told = "，".join(filter(None, (record.note, code)))
    ended = record.outcome.title + (f"（{told}）" if told else "")
    return f"{ended}，{record.seconds:.1f} 秒{changed}{made}"


def log_of(run: RunRecord) -> Path:
    """Where the run's log is."""
    return run.folder / _LOG
