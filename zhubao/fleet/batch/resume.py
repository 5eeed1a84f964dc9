"""A run is taken up again after its last finished job, where that is safe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zhubao.core.errors import UsageError
from zhubao.fleet.batch.faults import JobFileError
from zhubao.fleet.batch.made import changes_since
from zhubao.fleet.batch.outcome import Outcome
from zhubao.fleet.batch.plan import Plan, PlannedJob
from zhubao.fleet.batch.record import JobRecord, RunRecord, read_runs
from zhubao.fleet.batch.run import record_of

_CUT_OFF = (Outcome.RUNNING, Outcome.INTERRUPTED)


def runs_to_resume(plans: Sequence[Plan], *, force: bool) -> list[RunRecord | None]:
    """The newest run of this file and date in each bureau, its unfinished jobs waiting again.

    None for a bureau that was not reached. Jobs that ended well are kept; those that failed, were
    skipped or never reached run again. UsageError when no bureau has such a run, or when a job
    that writes may have written before it was cut off; JobFileError when the file has changed.
    `force` overrides the last two.
    """
    runs = [_newest(plan) for plan in plans]
    if not any(runs):
        raise _nothing(plans)
    for plan, run in zip(plans, runs, strict=True):
        if run is not None and not force:
            _refuse_changed(plan, run)
    for plan, run in zip(plans, runs, strict=True):
        if run is not None:
            _take_up(plan, run)
    return runs


def _newest(plan: Plan) -> RunRecord | None:
    """By file and date."""
    same = (run for run in _runs_of(plan) if run.date == plan.dates.date)
    return next(same, None)


def _runs_of(plan: Plan) -> Iterator[RunRecord]:
    return (run for run in read_runs(plan.root) if run.file == str(plan.file.path))


def _nothing(plans: Sequence[Plan]) -> UsageError:
    other = next((run for plan in plans for run in _runs_of(plan)), None)
    hint = f"最近一次的基准日是 {other.date}：要接着它，请加 --date {other.date}；" if other else ""
    return UsageError(
        f"这个任务文件在基准日 {plans[0].dates.date} 没有运行过，没有可接着做的",
        advice=f"{hint}要从头做，请去掉 --resume。",
    )


def _refuse_changed(plan: Plan, run: RunRecord) -> None:
    """The file is the one that ran, and no job would write twice."""
    if run.sha256 != plan.file.sha256:
        raise JobFileError(
            f"任务文件在 {run.moment} 开始的那次运行之后改过，不能直接接着做",
            where=str(plan.file.path),
            advice="要按改后的文件接着做，请加 --force；要从头做，请去掉 --resume。",
        )
    for job in run.jobs:
        _refuse_written(job, run)


def _take_up(plan: Plan, run: RunRecord) -> None:
    former = {job.name: job for job in run.jobs}
    run.sha256, run.as_of, run.finished = plan.file.sha256, plan.dates.as_of, ""
    run.jobs = [_again(planned, former) for planned in plan.jobs]
    run.save()


def _again(planned: PlannedJob, former: dict[str, JobRecord]) -> JobRecord:
    """The record of a job for the resumed run."""
    fresh = record_of(planned)
    known = former.get(planned.job.name)
    if known is None:
        return fresh
    if known.outcome.is_finished or known.outcome is Outcome.LEFT_OUT:
        known.number = planned.number
        return known
    fresh.attempts = known.attempts
    return fresh


def _refuse_written(job: JobRecord, run: RunRecord) -> None:
    """A job that was cut off and may have written would write twice."""
    if not job.writes or job.outcome.is_finished or not job.attempts:
        return
    cut_off = job.outcome in _CUT_OFF or job.exit_code is None
    changes = changes_since(run.root, job.journal_before) if cut_off else tuple(job.changes)
    if changes:
        raise UsageError(
            f"任务“{job.name}”没有做完，但台账已有改动 {'、'.join(changes)}，再做可能写两次",
            where=str(run.folder),
            advice="请用 zhubao history 核对：已经写好的，用 --from 从下一个任务做起；"
            "没有写的或已撤销的，加 --force 再做一次。",
        )
