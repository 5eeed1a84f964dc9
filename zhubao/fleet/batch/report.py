"""What a batch will do, what it did, and the runs there have been, as reports."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from zhubao.core.errors import ZhubaoError
from zhubao.core.finding import Cell
from zhubao.core.output_file import replacing
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.core.theme import load_theme
from zhubao.fleet.batch.outcome import Outcome
from zhubao.fleet.batch.plan import Plan
from zhubao.fleet.batch.record import RunRecord
from zhubao.fleet.batch.run import summary_line
from zhubao.fleet.batch.words import joined_words
from zhubao.render.json import to_json
from zhubao.render.xlsx import write_xlsx

_SUMMARY = "批处理结果"
_EMPHASIS = {
    Outcome.FINDINGS: "warning",
    Outcome.TOLERATED: "error",
    Outcome.FAILED: "error",
    Outcome.INTERRUPTED: "error",
    Outcome.RUNNING: "error",
    Outcome.SKIPPED: "warning",
    Outcome.NOT_REACHED: "warning",
}
_BUREAU = Column("bureau", "局")
_PLAN_COLUMNS = (
    Column("number", "序号", ValueKind.COUNT),
    Column("job", "任务"),
    Column("state", "做不做"),
    Column("effect", "对台账"),
    Column("on_failure", "失败时"),
    Column("command", "命令", level=3),
    Column("expect", "预期退出码", level=3),
    Column("timeout", "时限（秒）", ValueKind.NUMBER, level=3),
    Column("needs", "要先做好", level=3),
)
_JOB_COLUMNS = (
    Column("number", "序号", ValueKind.COUNT),
    Column("job", "任务"),
    Column("outcome", "结果"),
    Column("exit_code", "退出码", ValueKind.COUNT, level=2),
    Column("meaning", "说明"),
    Column("seconds", "用时（秒）", ValueKind.NUMBER, level=2),
    Column("started", "开始", level=2),
    Column("command", "命令", level=2),
    Column(
        "changes", "台账改动", level=2, note="这个任务运行期间写入的改动编号，见 zhubao history"
    ),
    Column("files", "做出的文件", level=3),
    Column("attempts", "第几次", ValueKind.COUNT, level=3),
    Column("outcome_code", "结果代码", level=3),
)
_FILE_COLUMNS = (
    Column("number", "序号", ValueKind.COUNT),
    Column("job", "任务"),
    Column("file", "文件"),
)
_RUN_COLUMNS = (
    Column("run", "运行"),
    Column("date", "基准日", ValueKind.DATE),
    Column("exit_code", "退出码", ValueKind.COUNT),
    Column("result", "结果"),
    Column("file", "任务文件", level=2),
    Column("started", "开始", level=2),
    Column("finished", "结束", level=3),
)
_EFFECTS = {"reads": "只读", "writes": "写入", "previews": "只预览", "undecided": ""}
_ON_FAILURE = {"stop": "停下", "continue": "继续"}


def plan_report(plans: Sequence[Plan]) -> Report:
    """The commands spelled out, and what would be left out and why. Plans of one file and date."""
    many = len(plans) > 1
    rows = [
        Row((*([plan.bureau] if many else []), *values))
        for plan in plans
        for values in _planned(plan)
    ]
    columns = (*([_BUREAU] if many else []), *_PLAN_COLUMNS)
    first = plans[0]
    return Report(
        code="batch.plan",
        title=f"批处理预览{_titled(first.file.title)}",
        bureau="" if many else first.bureau,
        as_of=first.dates.as_of,
        tables=(Table("jobs", "任务", columns, rows),),
        notes=(
            f"基准日 {first.dates.date}，结的月份 {first.dates.closed.title}；"
            f"{{{{as_of}}}} 是 {first.dates.as_of}。",
            "只是预览，什么也没有运行，没有写日志。",
            *dict.fromkeys(plan.note for plan in plans if plan.note),
        ),
        facts={
            "file": str(first.file.path),
            "date": first.dates.date,
            "as_of": first.dates.as_of,
            "bureaus": [str(plan.root) for plan in plans],
        },
    )


def _planned(plan: Plan) -> list[tuple[object, ...]]:
    return [
        (
            one.number,
            one.job.name,
            one.left_out or "做",
            _EFFECTS[one.effect.value],
            _ON_FAILURE[one.job.on_failure.value],
            "zhubao " + joined_words(one.words),
            "、".join(map(str, sorted(one.job.expect))),
            one.job.timeout,
            "、".join(one.job.needs),
        )
        for one in plan.jobs
    ]


def run_report(runs: Sequence[RunRecord]) -> Report:
    """How every job ended, in one bureau or several. Runs of one file and date."""
    many = len(runs) > 1
    columns = (*([_BUREAU] if many else []), *_JOB_COLUMNS)
    rows = [row for run in runs for row in _ended(run, many=many)]
    first = runs[0]
    return Report(
        code="batch.run",
        title=f"批处理结果{_titled(first.title)}",
        bureau="" if many else first.bureau,
        as_of=first.as_of,
        tables=(Table("jobs", "任务", columns, rows), _files(runs, many=many)),
        notes=tuple(
            f"{run.bureau if many else '基准日 ' + str(run.date)}：{summary_line(run)}。"
            for run in runs
        ),
        facts={
            "file": first.file,
            "sha256": first.sha256,
            "date": first.date,
            "as_of": first.as_of,
            "exit_code": worst(runs),
            "complete": all(run.is_complete for run in runs),
            "folders": [str(run.folder) for run in runs],
        },
    )


def worst(runs: Sequence[RunRecord]) -> int:
    """0 all clean, 1 something to look at, 3 stopped, 130 interrupted."""
    return max(run.exit_code for run in runs)


def _ended(run: RunRecord, *, many: bool) -> list[Row]:
    return [
        Row(
            (
                *([run.bureau] if many else []),
                job.number,
                job.name,
                job.outcome.title,
                job.exit_code,
                job.note,
                job.seconds if job.attempts else None,
                job.started.replace("T", " "),
                "zhubao " + joined_words(tuple(job.words)),
                "、".join(job.changes),
                "、".join(job.files),
                job.attempts,
                job.outcome.value,
            ),
            tuple(Cell(_placed(run, name, many)) for name in (job.out, job.err) if name),
            _EMPHASIS.get(job.outcome, ""),
        )
        for job in run.jobs
    ]


def _placed(run: RunRecord, name: str, many: bool) -> str:
    return str(run.folder / name) if many else name


def _files(runs: Sequence[RunRecord], *, many: bool) -> Table:
    columns = (*([_BUREAU] if many else []), *_FILE_COLUMNS)
    rows = [
        Row(
            (*([run.bureau] if many else []), job.number, job.name, file),
            (Cell(_from_folder(run, file)),),
        )
        for run in runs
        for job in run.jobs
        for file in job.files
    ]
    return Table("files", "做出的文件", columns, rows, shown=10)


def _from_folder(run: RunRecord, file: str) -> str:
    """As a link from the run's folder; absolute when there is no way (another drive)."""
    try:
        return Path(os.path.relpath(run.root / file, run.folder)).as_posix()
    except ValueError:
        return file


def save_summary(run: RunRecord) -> Path:
    """The summary workbook and its JSON in the run's folder; the workbook's path."""
    report = run_report([run])
    with replacing(run.folder / f"{_SUMMARY}.json") as stream:
        stream.write(to_json(report).encode("utf-8"))
    path = run.folder / f"{_SUMMARY}.xlsx"
    write_xlsx(report, path, load_theme(run.root / "templates"), source_root=run.folder)
    return path


def runs_report(runs: Sequence[RunRecord], bureau: str) -> Report:
    """The runs of a bureau, the newest first."""
    rows = [
        Row(
            (
                run.folder.name,
                run.date,
                run.exit_code if run.finished else None,
                summary_line(run),
                run.file,
                run.moment,
                run.finished.replace("T", " "),
            ),
            emphasis="" if run.is_complete else "warning",
        )
        for run in runs
    ]
    table = Table("runs", "批处理", _RUN_COLUMNS, rows, shown=20)
    return Report(code="batch.runs", title="批处理记录", bureau=bureau, tables=(table,))


def faults_report(faults: Sequence[ZhubaoError], file: Path) -> Report:
    """Everything that is wrong with a job file, for scripts."""
    columns = (
        Column("line", "行", ValueKind.COUNT),
        Column("code", "代码"),
        Column("message", "问题"),
        Column("advice", "怎么办"),
    )
    rows = [
        Row((getattr(one, "line", 0) or None, one.code, one.message, one.advice)) for one in faults
    ]
    table = Table("faults", "任务文件的问题", columns, rows)
    facts = {"file": str(file), "usable": False}
    return Report(
        code="batch.faults", title="任务文件不能用", bureau="", tables=(table,), facts=facts
    )


def _titled(title: str) -> str:
    return f"：{title}" if title else ""
