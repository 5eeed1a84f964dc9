"""What a batch will do in one bureau: every command spelled out, and what is left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zhubao.fleet.batch import faults
from zhubao.fleet.batch.commands import Effect, Judge
from zhubao.fleet.batch.dates import BatchDates, PlaceholderError, filled
from zhubao.fleet.batch.faults import JobFileError
from zhubao.fleet.batch.model import Job, JobFile

_BUREAU_OPTIONS = ("-C", "--bureau")


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """One job in one bureau. `left_out` says why it will not run; empty when it will."""

    number: int
    job: Job
    words: tuple[str, ...]
    effect: Effect = Effect.READS
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The jobs of one bureau, in their order. `note` is to be said before they run, "" for none."""

    file: JobFile
    dates: BatchDates
    root: Path
    bureau: str
    jobs: tuple[PlannedJob, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The jobs wanted: all, some (`only`), or all from one on (`start`)."""

    only: tuple[str, ...] = ()
    start: str = ""

    def reason(self, job: Job, names: Sequence[str]) -> str:
        """Why this job is not wanted; empty when it is."""
        if self.only and job.name not in self.only:
            return "没有选（--only）"
        if self.start and names.index(job.name) < names.index(self.start):
            return f"在“{self.start}”之前（--from）"
        return ""


def make_plan(
    file: JobFile,
    dates: BatchDates,
    bureau: tuple[Path, str],
    judge: Judge,
    choice: Choice = Choice(),
) -> tuple[Plan, list[JobFileError]]:
    """The plan for one bureau (root, name), and what is wrong with the commands."""
    root, name = bureau
    found: list[JobFileError] = []
    names = [job.name for job in file.jobs]
    planned = []
    for number, job in enumerate(file.jobs, 1):
        words, wrong = _words(file, job, dates, name)
        effect, refused = (Effect.READS, []) if wrong else _judged(file, job, words, judge)
        found += [*wrong, *refused, *_needs_faults(file, job, names[: number - 1])]
        reason = choice.reason(job, names) or _not_due(job, dates) or _elsewhere(job, file, root)
        planned.append(PlannedJob(number, job, words, effect, reason))
    return Plan(file, dates, root, name, tuple(planned)), found


def _words(
    file: JobFile, job: Job, dates: BatchDates, bureau: str
) -> tuple[tuple[str, ...], list[JobFileError]]:
    words: list[str] = []
    wrong: list[JobFileError] = []
    for word in job.command:
        try:
            words.append(filled(word, dates, {"bureau": bureau}))
        except PlaceholderError as fault:
            said = f"任务“{job.name}”：{fault}"
            kind = faults.JobPlaceholderUnknown
            wrong.append(kind.at(file.path, job.command_line, said, fault.advice))
    return tuple(words), wrong


def _judged(
    file: JobFile, job: Job, words: tuple[str, ...], judge: Judge
) -> tuple[Effect, list[JobFileError]]:
    if not words:
        return Effect.READS, []  # said when the file was read
    if any(word in _BUREAU_OPTIONS or word.startswith("--bureau=") for word in words):
        said = f"任务“{job.name}”的命令里写了局目录"
        advice = "请去掉 -C，把局目录写在 bureau 项里。"
        return Effect.READS, [
            faults.JobCommandUnknown.at(file.path, job.command_line, said, advice)
        ]
    verdict = judge(words)
    if verdict.problem:
        said = f"任务“{job.name}”：{verdict.problem}"
        kind: type[JobFileError] = faults.JobCommandUnknown
        return verdict.effect, [kind.at(file.path, job.command_line, said, verdict.advice)]
    if verdict.effect is Effect.UNDECIDED:
        said = f"任务“{job.name}”要写台账，却没有写 --yes 或 --dry-run"
        advice = "批处理没有人回答询问：直接写入请加 --yes，只看预览请加 --dry-run。"
        kind = faults.JobUndecided
        return verdict.effect, [kind.at(file.path, job.command_line, said, advice)]
    return verdict.effect, []


def _needs_faults(file: JobFile, job: Job, before: Sequence[str]) -> list[JobFileError]:
    names = {one.name for one in file.jobs}
    result: list[JobFileError] = []
    for need in job.needs:
        if need in before:
            continue
        why = "在它后面或就是它自己" if need in names else "不存在"
        said = f"任务“{job.name}”的 needs 写了“{need}”，这个任务{why}"
        advice = "needs 只能写排在前面的任务的名称。"
        result.append(faults.JobNeedsWrong.at(file.path, job.line, said, advice))
    return result


def _not_due(job: Job, dates: BatchDates) -> str:
    if dates.closed.month in job.when.months:
        return ""
    return f"只在{job.when.words}运行，这次结的是 {dates.closed.title}"


def _elsewhere(job: Job, file: JobFile, root: Path) -> str:
    if not job.bureaus or root in {folder_of(file, one) for one in job.bureaus}:
        return ""
    return "这个局不做"


def folder_of(file: JobFile, text: str) -> Path:
    """A folder written in the file: from where the file lies."""
    return (file.path.parent / Path(text).expanduser()).resolve()
