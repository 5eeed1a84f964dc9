"""`zhubao batch`: a month's end from one file of jobs, by hand, from cron or a task scheduler."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, Optional

import typer

from zhubao.cli.batch_judge import judged
from zhubao.cli.batch_watch import ended_politely, watcher_of
from zhubao.cli.options import Json, ShowAll, chosen_bureau, parse_date
from zhubao.cli.output import complain, say, show
from zhubao.core.errors import (
    EXIT_INPUT,
    EXIT_INTERRUPTED,
    BureauError,
    UsageError,
    ZhubaoError,
)

if TYPE_CHECKING:
    from zhubao.fleet.batch.dates import BatchDates
    from zhubao.fleet.batch.model import JobFile
    from zhubao.fleet.batch.plan import Choice, Plan
    from zhubao.fleet.batch.record import RunRecord

JobsFile = Annotated[Path, typer.Argument(metavar="任务文件", help="如 月末任务.toml")]
DateText = Annotated[
    Optional[str],  # noqa: UP045  (typer reads this at run time)
    typer.Option(
        "--date", metavar="日期", help="基准日，如 2020-07-01；默认文件里写的，再默认今天"
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="只列出展开后的命令和不做的任务，什么也不运行")
]
Resume = Annotated[
    bool, typer.Option("--resume", help="接着同一文件、同一基准日最近一次没做完的运行")
]
Force = Annotated[
    bool,
    typer.Option("--force", help="和 --resume 一起用：任务文件改过，或任务可能写过台账，也接着做"),
]
Only = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--only", metavar="任务", help="只做这个任务；可写多次"),
]
From = Annotated[str, typer.Option("--from", metavar="任务", help="从这个任务做起")]
OutFile = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--out", metavar="文件", help="写到这个文件；已有的不覆盖"),
]
_EXAMPLE = "月末任务.toml"


def run(
    context: typer.Context,
    jobs: JobsFile,
    date: DateText = None,
    dry_run: DryRun = False,
    resume: Resume = False,
    force: Force = False,
    only: Only = None,
    start: From = "",
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """按任务文件依次运行命令：月末的活一次做完。

    先检查整个文件，有一处不对就一个任务也不运行，全部列出来。
    写台账的任务必须写明 --yes（写入）或 --dry-run（只预览）。
    每个任务单独一个进程；日志、结果工作簿和 JSON 在
    reports/批处理/日期-时间 文件夹里。
    失败、中断、断电以后，用 --resume 接着做；
    同一个局同时只能运行一个批处理。
    退出码：0 全部干净，1 有“错误”级问题或有失败但已继续，
    3 停下或文件不能用，130 中断。
    定时运行：zhubao 和任务文件都写绝对路径，从哪个目录启动都一样；
    没有终端时只输出一行一行的文字，UTF-8 编码，不询问。
    每月 1 日 6:30，cron 写一行：
    30 6 1 * * /usr/local/bin/zhubao batch run /data/局/月末任务.toml
    Windows 任务计划，在命令提示符里运行一次：
    schtasks /Create /TN 月末任务 /SC MONTHLY /D 1 /ST 06:30
    /TR "C:\\zhubao\\zhubao.exe batch run D:\\局\\月末任务.toml"
    （写成一行；没有 zhubao.exe 的，改成 python.exe 的完整路径 -m zhubao）
    局目录取 -C，再取文件里的 bureau，再取环境变量，再取任务文件所在的局。
    示例见 zhubao batch example。
    """
    from zhubao.fleet.batch.plan import Choice

    _refuse_mixed(bool(only), bool(start), resume=resume, force=force)
    named = context.find_root().params.get("bureau")
    plans = _plans(jobs, named, date, Choice(tuple(only or ()), start), as_json=as_json)
    if dry_run:
        _preview(plans, as_json=as_json, show_all=show_all)
        return
    with contextlib.ExitStack() as held:
        held.enter_context(ended_politely())
        _lock(held, plans)
        runs = _carry_out(plans, resume=resume, force=force, as_json=as_json)
    _conclude(runs, len(plans) - len(runs), named, as_json=as_json, show_all=show_all)


def show_runs(context: typer.Context, show_all: ShowAll = False, as_json: Json = False) -> None:
    """列出本局的批处理记录：哪天、哪个文件、结果如何。"""
    from zhubao.fleet.batch.record import read_runs
    from zhubao.fleet.batch.report import runs_report

    bureau = chosen_bureau(context)
    report = runs_report(list(read_runs(bureau.root)), bureau.name)
    show(report, as_json=as_json, show_all=show_all)


def example(out: OutFile = None) -> None:
    """月末任务文件的示例：照着改成本局的。"""
    from zhubao.core.output_file import replacing
    from zhubao.core.resources import packaged_dir

    data = (packaged_dir("templates") / _EXAMPLE).read_bytes()
    if out is None:
        sys.stdout.write(data.decode("utf-8"))
        return
    if out.exists():
        raise UsageError(f"{out} 已经有了，没有覆盖", advice="请换一个文件名。")
    with replacing(out) as stream:
        stream.write(data)
    say(f"已写入 {out}\n下一步：zhubao batch run {out} --dry-run")


def _refuse_mixed(only: bool, start: bool, *, resume: bool, force: bool) -> None:
    if force and not resume:
        raise UsageError("--force 只和 --resume 一起用", advice="从头做不需要 --force。")
    if resume and (only or start):
        raise UsageError("--resume 不和 --only、--from 一起用", advice="请只写一种。")
    if only and start:
        raise UsageError("--only 和 --from 只能写一种", advice="请去掉一个。")


def _plans(
    path: Path, named: Path | None, date: str | None, choice: Choice, *, as_json: bool
) -> list[Plan]:
    """One plan per bureau; everything that is wrong with the file is said at once, exit 3."""
    from zhubao.fleet.batch.dates import pinned_note
    from zhubao.fleet.batch.faults import JobFileError
    from zhubao.fleet.batch.plan import make_plan
    from zhubao.fleet.batch.reading import read_job_file

    day = parse_date(date, "--date")
    try:
        file, found = read_job_file(path)
    except JobFileError as fault:
        _refuse([fault], path, as_json=as_json)
    dates, wrong = _dates(file, day)
    places, missing = _places(file, named)
    faults = [*found, *wrong, *missing]
    plans: list[Plan] = []
    chosen = day is not None or file.date is not None
    for root, name, pinned in places or [(file.path.parent, "", None)]:  # judged all the same
        plan, unfit = make_plan(file, dates, (root, name), judged, choice)
        plans.append(replace(plan, note="" if chosen else pinned_note(pinned, dates)))
        faults += unfit
    if faults:
        _refuse(faults, path, as_json=as_json)
    _refuse_unknown(choice, file)
    return plans


def _dates(file: JobFile, named: dt.date | None) -> tuple[BatchDates, list[ZhubaoError]]:
    """All dates of the batch: from the option, else from the file, else from today."""
    from zhubao.fleet.batch.dates import BatchDates
    from zhubao.fleet.batch.faults import JobPlaceholderUnknown

    day = named or file.date or dt.date.today()
    if not 1990 <= day.year <= 9000:
        raise UsageError(f"基准日 {day} 不合理", advice="请写成 2020-07-01 这样的日期。")
    try:
        return BatchDates.of(day, file.as_of), []
    except ValueError:
        said = f"“as_of”写的“{file.as_of}”不是日期，也不是能展开成日期的占位符"
        advice = '写成 as_of = 2020-06-30，或 as_of = "{{today}}"。'
        fault = JobPlaceholderUnknown.at(file.path, file.line_of("as_of"), said, advice)
        return BatchDates.of(day), [fault]


def _places(
    file: JobFile, named: Path | None
) -> tuple[list[tuple[Path, str, dt.date | None]], list[ZhubaoError]]:
    """Root, name and fixed cut-off of every bureau of the batch, and what is wrong with them."""
    from zhubao.fleet.batch.places import bureaus_of

    try:
        found, wrong = bureaus_of(file, named, os.environ, Path.cwd())
    except BureauError as fault:
        return [], [fault]
    return [(one.root, one.name, one.config.as_of) for one in found], [*wrong]


def _refuse(faults: Sequence[ZhubaoError], path: Path, *, as_json: bool) -> NoReturn:
    """All faults of the file, once each, by line."""
    from zhubao.fleet.batch.report import faults_report

    unique = {(one.where, one.message): one for one in faults}
    ordered = sorted(unique.values(), key=lambda fault: getattr(fault, "line", 0))
    if as_json:
        show(faults_report(ordered, path), as_json=True)
    for fault in ordered:
        complain(fault)
    sys.stderr.write(f"任务文件有 {len(ordered)} 处问题，一个任务也没有运行。\n")
    raise typer.Exit(EXIT_INPUT)


def _refuse_unknown(choice: Choice, file: JobFile) -> None:
    names = [job.name for job in file.jobs]
    for wanted in (*choice.only, *([choice.start] if choice.start else [])):
        if wanted not in names:
            raise UsageError(f"没有任务“{wanted}”", advice=f"任务有：{'、'.join(names)}。")


def _preview(plans: Sequence[Plan], *, as_json: bool, show_all: bool) -> None:
    from zhubao.fleet.batch.report import plan_report

    report = plan_report(plans)
    show(report, as_json=as_json, show_all=show_all)
    if as_json:
        return
    from zhubao.fleet.batch.words import joined_words

    for plan in plans:
        say(f"\n要运行的命令，在 {plan.root}：")
        for one in plan.jobs:
            if not one.left_out:
                say(f"  {one.number}. zhubao {joined_words(one.words)}")


def _lock(held: contextlib.ExitStack, plans: Sequence[Plan]) -> None:
    """Every bureau of the batch, before anything runs."""
    from zhubao.fleet.batch.lock import only_batch

    began = f"{dt.datetime.now():%Y-%m-%d %H:%M:%S}"
    for plan in sorted(plans, key=lambda one: one.root):
        held.enter_context(only_batch(plan.root, plan.file.path, began))


def _carry_out(
    plans: Sequence[Plan], *, resume: bool, force: bool, as_json: bool
) -> list[RunRecord]:
    """One bureau after the other; an interrupt ends them all."""
    from zhubao.cli.writing import finish_interrupted
    from zhubao.fleet.batch.child import run_zhubao
    from zhubao.fleet.batch.report import save_summary
    from zhubao.fleet.batch.resume import runs_to_resume
    from zhubao.fleet.batch.run import BatchRun, Tools, new_run
    from zhubao.ledger.bureau import open_bureau

    for plan in plans:
        finish_interrupted(open_bureau(plan.root))
    former = runs_to_resume(plans, force=force) if resume else [None] * len(plans)
    runs: list[RunRecord] = []
    with watcher_of(as_json=as_json) as watcher:
        tools = Tools(dt.datetime.now, run_zhubao, watcher)
        for plan, known in zip(plans, former, strict=True):
            record = known or new_run(plan, tools.now())
            runs.append(record)
            BatchRun(plan, record, tools).carry_out()
            save_summary(record)
            if record.exit_code == EXIT_INTERRUPTED:
                break
    return runs


def _conclude(
    runs: Sequence[RunRecord], unreached: int, named: Path | None, *, as_json: bool, show_all: bool
) -> NoReturn:
    """Show how it went; exit with the worst code, also when nobody reads to the end."""
    from zhubao.fleet.batch.report import worst

    with contextlib.suppress(BrokenPipeError):
        _tell(runs, unreached, named, as_json=as_json, show_all=show_all)
        sys.stdout.flush()
    raise typer.Exit(worst(runs))


def _tell(
    runs: Sequence[RunRecord], unreached: int, named: Path | None, *, as_json: bool, show_all: bool
) -> None:
    """How it went, where the logs are, how to go on."""
    from zhubao.fleet.batch.report import run_report
    from zhubao.fleet.batch.words import joined_words

    say("", as_json=as_json)
    show(run_report(runs), as_json=as_json, show_all=show_all)
    for run in runs:
        say(f"日志和结果工作簿：{run.folder}", as_json=as_json)
    if unreached or not all(run.is_complete for run in runs):
        place = ("-C", str(runs[0].root)) if named else ()
        words = (*place, "batch", "run", runs[0].file, "--date", str(runs[0].date), "--resume")
        again = f"zhubao {joined_words(words)}"
        say(f"没有做完的要接着做，处理好以后运行：{again}", as_json=as_json)
