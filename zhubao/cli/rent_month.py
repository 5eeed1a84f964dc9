"""`zhubao rent month` and `zhubao rent remit`: the reports a bureau sends up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from zhubao.cli.options import (
    AsOf,
    Json,
    Out,
    PeriodText,
    ShowAll,
    chosen_bureau,
    cut_off,
    parse_period,
)
from zhubao.cli.output import finish, save_workbook, say, show
from zhubao.core.errors import UsageError
from zhubao.core.period import Month

if TYPE_CHECKING:
    import datetime as dt

    from zhubao.core.finding import Finding
    from zhubao.core.report import Report
    from zhubao.rent.monthly.report import FiledMonth

MonthText = Annotated[
    Optional[str],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--month", metavar="月份", help="哪个月，如 2020-06；默认截止日期所在的月"),
]
Refile = Annotated[
    bool, typer.Option("--refile", help="这个月已有存档、数字不同时，以现在的为准重新存档")
]


def month(
    context: typer.Context,
    month: MonthText = None,
    as_of: AsOf = None,
    out: Out = None,
    refile: Refile = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """租金月报：上期结转、应收、实收（本月份、以前月份、以前年度）、减免核销、结欠。

    按小区、按产权各一张表，逐户验算，合计与上月末的结余核对。
    工作簿写到 reports 文件夹，旁边存一份 JSON 存档；下个月的月报与存档比对，列出结账后补登的行。
    月份没有结束、加 --json 或写了 --out 时，不存档。只读台账，不改动台账。
    """
    from zhubao.rent.monthly.month import compute_month
    from zhubao.rent.monthly.report import filed_of, month_report
    from zhubao.rent.needs import ARREARS_MODELS

    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    wanted = _month(month, day)
    loaded = bureau.load(*ARREARS_MODELS)
    result = compute_month(loaded, wanted, as_of=day, overrides=bureau.config.policy)
    archive = bureau.root / "reports" / f"租金月报_{wanted}.json"
    filed, said = _filed(archive.with_name(f"租金月报_{wanted.plus(-1)}.json"), wanted.plus(-1))
    kept, said_too = _filed(archive, wanted)
    now = filed_of(result, bureau.name)
    conflict = _conflict(now, kept) if kept and result.is_whole and not refile else []
    findings = (*loaded.findings, *said, *said_too, *conflict)
    report = month_report(result, bureau=bureau.name, filed=filed, findings=findings)
    show(report, as_json=as_json, show_all=show_all, notices=False)
    if out is not None:
        say(f"工作簿：{save_workbook(report, out, bureau.root)}", as_json=as_json)
    elif not as_json:
        text = now.to_json() if result.is_whole and not conflict else None
        _keep(report, archive, bureau.root, text)
    finish(list(report.findings))


def remit(
    context: typer.Context,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: Out = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """租金汇缴：各产权收到多少、汇缴多少、汇缴率，差额在哪里。

    按收款当日所住房屋的产权分市级、区级；汇缴按“所属期间”对应到月，逐月核对。
    多于收到的部分，说明是以前期间的租金在本期汇缴。只读台账，不改动台账。
    """
    from zhubao.rent.monthly.remit import REMIT_MODELS, compute_remit, remit_report

    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    span = parse_period(period, day)
    loaded = bureau.load(*REMIT_MODELS)
    report = remit_report(compute_remit(loaded, span, day), bureau=bureau.name)
    show(report, as_json=as_json, show_all=show_all, notices=False)
    if out is not None or not as_json:
        target = out or bureau.root / "reports" / f"租金汇缴_{report.facts['label']}.xlsx"
        say(f"工作簿：{save_workbook(report, target, bureau.root)}", as_json=as_json)
    finish(list(report.findings))


def _month(text: str | None, as_of: dt.date) -> Month:
    """The month named; without one, the month of the cut-off date."""
    if text is None:
        return Month.containing(as_of)
    try:
        return Month.parse(text)
    except ValueError as fault:
        raise UsageError(f"月份“{text}”看不懂", advice="请写成 2020-06 这样的月份。") from fault


def _filed(path: Path, month: Month) -> tuple[FiledMonth | None, list[Finding]]:
    """What was filed of a month, or nothing; an archive that cannot be read is a finding."""
    from zhubao.core.finding import Cell
    from zhubao.rent.monthly.report import ARCHIVE_UNREADABLE, parse_filed

    if not path.is_file():
        return None, []
    try:
        return parse_filed(path.read_text(encoding="utf-8"), month), []
    except (OSError, ValueError) as fault:
        reason = str(fault) if isinstance(fault, ValueError) else "文件打不开"
        return None, [ARCHIVE_UNREADABLE.at(Cell(path.name), reason=reason)]


def _conflict(now: FiledMonth, kept: FiledMonth) -> list[Finding]:
    from zhubao.rent.monthly.report import archive_difference

    finding = archive_difference(now, kept)
    return [finding] if finding else []


def _keep(report: Report, archive: Path, root: Path, text: str | None) -> None:
    """Workbook and archive side by side; without text the archive and its workbook stay."""
    from zhubao.core.output_file import replacing

    name = archive.stem if text is not None or not archive.exists() else f"{archive.stem}_重算"
    workbook = save_workbook(report, archive.with_name(f"{name}.xlsx"), root)
    say(f"工作簿：{workbook}")
    if text is not None:
        with replacing(archive) as stream:
            stream.write(text.encode("utf-8"))
        say(f"存档：{archive}")
    elif archive.exists():
        say("已有存档没有改动。")
    else:
        say("本月还没有结束，没有存档。")
