"""`zhubao approval …`: the files, their deadlines, the period's figures, one file, working days."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from zhubao.cli.options import (
    AsOf,
    Json,
    PeriodText,
    ReportFile,
    ShowAll,
    chosen_bureau,
    cut_off,
    parse_date,
    parse_period,
)
from zhubao.cli.output import answer, finish, save_report, say, show
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    from zhubao.ledger.bureau import Bureau
    from zhubao.services.approval.files import Files
    from zhubao.services.approval.halfdays import HalfDayClock

At = Annotated[
    Optional[str],  # noqa: UP045  (typer reads this at run time)
    typer.Option(
        "--at", metavar="时刻", help='看到哪一刻，如 "2020-06-30 10:00"；不写看到截止日期那天结束'
    ),
]
Kind = Annotated[str, typer.Option("--kind", metavar="事项", help="只看一个审批事项")]
StageName = Annotated[str, typer.Option("--stage", metavar="级", help="社区、街道、区或市")]
Street = Annotated[str, typer.Option("--street", metavar="街道", help="只看一个街道")]
Community = Annotated[str, typer.Option("--community", metavar="社区", help="只看一个社区")]
Officer = Annotated[str, typer.Option("--officer", metavar="姓名", help="只看一名经办人")]
Result = Annotated[
    str, typer.Option("--result", metavar="结果", help="办理中、通过、不通过、补正或撤回")
]
OpenOnly = Annotated[bool, typer.Option("--open", help="只看还没有办结的")]
Settled = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--period", metavar="期间", help="只看在这个期间办结的，如 2020-H1"),
]
_MOMENT = re.compile(r"(.*\d日?)(?:\s+|T)(\d{1,2})[:：](\d{2})")


def list_approvals(
    context: typer.Context,
    kind: Kind = "",
    result: Result = "",
    stage: StageName = "",
    street: Street = "",
    community: Community = "",
    officer: Officer = "",
    open_only: OpenOnly = False,
    period: Settled = None,
    as_of: AsOf = None,
    at: At = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """审批件一览：到了哪一级、用了几个工作日、结果。

    可以按事项、结果、级、街道、社区、经办人挑选；级和经办人看最近到的那一级。
    """
    from zhubao.services.approval.checks import check_files
    from zhubao.services.approval.listing import choose, list_report
    from zhubao.services.approval.selection import Wanted

    bureau = chosen_bureau(context)
    moment, origin = _moment(bureau, as_of, at)
    span = parse_period(period, moment.date()) if period else None
    files = _files(bureau, moment)
    wanted = Wanted(kind, stage, street, community, officer, result)
    chosen = choose(files, wanted, period=span, open_only=open_only)
    findings = check_files(files)
    made = list_report(files, chosen, findings, period=span, bureau=bureau.name, origin=origin)
    answer(made, bureau, out, show_all=show_all, as_json=as_json)


def overdue(
    context: typer.Context,
    kind: Kind = "",
    stage: StageName = "",
    street: Street = "",
    community: Community = "",
    officer: Officer = "",
    period: PeriodText = None,
    as_of: AsOf = None,
    at: At = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """超期和即将到期：在办已超期的、快到期的（到期在哪个半天），期间内超期办结的。

    用时按半个工作日计，节假日和调休按国务院安排；补正天数不计入区级用时；时限按收件当日的规定。
    提前多少天算即将到期、各级时限、上班时间，可在 zhubao.toml 的 [policy] 里改（approval.*）。
    """
    from zhubao.services.approval.checks import check_files
    from zhubao.services.approval.overdue_report import compute_deadlines, overdue_report
    from zhubao.services.approval.selection import Wanted

    bureau = chosen_bureau(context)
    moment, origin = _moment(bureau, as_of, at)
    files = _files(bureau, moment)
    wanted = Wanted(kind, stage, street, community, officer)
    found = compute_deadlines(files, parse_period(period, moment.date()), wanted)
    made = overdue_report(found, check_files(files), bureau=bureau.name, origin=origin)
    answer(made, bureau, out, show_all=show_all, as_json=as_json)


def report(
    context: typer.Context,
    period: PeriodText = None,
    as_of: AsOf = None,
    at: At = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """审批统计：各事项各结果的件数，各级、街道、社区、经办人的用时和限内率。

    另有最多跑一次率、联网办理率，分子分母和空白都列出。件数按办结日期、用时按各级办结时间计入期间。
    """
    from zhubao.services.approval.checks import check_files
    from zhubao.services.approval.period_report import period_report

    bureau = chosen_bureau(context)
    moment, origin = _moment(bureau, as_of, at)
    span = parse_period(period, moment.date())
    files = _files(bureau, moment)
    made = period_report(
        files,
        span,
        check_files(files),
        bureau=bureau.name,
        origin=origin,
        detail=out is not None,
    )
    show(made, as_json=as_json, show_all=show_all)
    if out is not None:
        say(f"报表：{save_report(made, out, bureau.root)}", as_json=as_json)
    finish(list(made.findings))


def show_one(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="审批编号", help="审批编号")],
    as_of: AsOf = None,
    at: At = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """一件审批的经过：各级收件、办结、时限，逐日列出每个半天怎样计数。"""
    from zhubao.services.approval.checks import check_files
    from zhubao.services.approval.timeline import find_file, timeline_report

    bureau = chosen_bureau(context)
    moment, origin = _moment(bureau, as_of, at)
    files = _files(bureau, moment)
    file = find_file(files, number)
    made = timeline_report(files, file, check_files(files), bureau=bureau.name, origin=origin)
    answer(made, bureau, out, show_all=show_all, as_json=as_json)


def workdays(
    context: typer.Context,
    start: Annotated[
        str,
        typer.Argument(metavar="收件", help='收件时间，如 2020-01-23 或 "2020-01-23 15:00"'),
    ],
    end: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(metavar="办结", help="办结时间；不写时用 --days"),
    ] = None,
    days: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--days", metavar="天数", help="时限，如 2.5；推算在哪个半天到期"),
    ] = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """推算工作日：从收件到办结有几个工作日（到半天），或者到哪个半天到期。"""
    from zhubao.services.approval.spans import due_report, span_report

    bureau = chosen_bureau(context)
    clock, first = _clock(bureau), _parse_moment(start, "收件")
    if (end is None) == (days is None):
        raise UsageError("办结时间和 --days 写一个", advice="算用时写办结时间，算到期写 --days。")
    if end is not None:
        made = span_report(clock, first, _parse_moment(end, "办结"), bureau=bureau.name)
    else:
        made = due_report(clock, first, str(days), bureau=bureau.name)
    answer(made, bureau, out, show_all=show_all, as_json=as_json)


def _files(bureau: Bureau, moment: dt.datetime) -> Files:
    from zhubao.ledger.checks.keys import with_repeats
    from zhubao.ledger.services import Approval
    from zhubao.services.approval.reading import read_files

    return read_files(with_repeats(bureau.load(Approval)), moment, _clock(bureau))


def _clock(bureau: Bureau) -> HalfDayClock:
    from zhubao.ledger.work_calendar import calendar_of
    from zhubao.services.approval.halfdays import HalfDayClock
    from zhubao.services.approval.rules import Rules

    return HalfDayClock(calendar_of(bureau), Rules(bureau.config.policy))


def _moment(bureau: Bureau, as_of: str | None, at: str | None) -> tuple[dt.datetime, str]:
    """The moment of --at, else the end of the cut-off day; now, when that day is simply today."""
    if at is not None and as_of is not None:
        raise UsageError(
            "--at 和 --as-of 只写一个", advice="要看到某一刻写 --at，看整天写 --as-of。"
        )
    if at is not None:
        moment = _parse_moment(at, "--at ")
        whole_day = moment.time() == dt.time()
        return (_end_of(moment.date()) if whole_day else moment), "由 --at 指定"
    day, origin = cut_off(as_of, bureau.config.as_of)
    if as_of is None and bureau.config.as_of is None:
        return dt.datetime.now().replace(second=0, microsecond=0), "现在"
    return _end_of(day), origin


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.max)


def _parse_moment(text: str, what: str) -> dt.datetime:
    """A date, or a date and a time of day; a date is midnight, which means no time is known."""
    match = _MOMENT.fullmatch(text.strip())
    try:
        day = parse_date(match[1] if match else text)
        time = dt.time(int(match[2]), int(match[3])) if match else dt.time()
    except (UsageError, ValueError):
        raise UsageError(
            f"{what}时间“{text}”看不懂", advice='请写成 2020-06-30 或 "2020-06-30 10:00"。'
        ) from None
    return dt.datetime.combine(day or dt.date.min, time)
