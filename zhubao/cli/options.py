"""Options that several commands share, and what their words mean."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from zhubao.core.errors import UsageError
from zhubao.core.period import Period

if TYPE_CHECKING:
    from zhubao.ledger.bureau import Bureau

AsOf = Annotated[
    Optional[str],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--as-of", metavar="日期", help="截止日期，如 2020-06-30；可回放过去任何一天"),
]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON，供脚本使用")]
PeriodText = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--period", metavar="期间", help="统计期间，如 2020-H1、2020-06；默认本年初至截止日"
    ),
]
Out = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--out", metavar="文件", help="工作簿写到哪里；默认写到 reports 文件夹"),
]
ReportFile = Annotated[
    Optional[Path],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--out", metavar="文件", help="另存一份报表（.xlsx、.docx 或 .html）"),
]
ShowAll = Annotated[bool, typer.Option("--all", help="终端上列出全部行")]

_DATE = re.compile(r"(\d{4})[-./年]?(\d{1,2})[-./月]?(\d{1,2})日?")


def parse_date(text: str | None, option: str = "--as-of") -> dt.date | None:
    """A date as clerks type it: 2020-06-30, 2020.6.30, 20200630, 2020年6月30日."""
    if text is None:
        return None
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return _refuse(text, option)
    year, month, day = (int(part) for part in match.groups())
    try:
        return dt.date(year, month, day)
    except ValueError:
        return _refuse(text, option, _no_such_day(year, month, day))


def _refuse(text: str, option: str, reason: str = "看不懂") -> dt.date:
    raise UsageError(
        f"选项 {option} 的日期“{text}”{reason}", advice="请写成 2020-06-30 这样的日期。"
    )


def _no_such_day(year: int, month: int, day: int) -> str:
    """Why three numbers are no date: no such year, month or day of that month."""
    if not (1 <= month <= 12 and year):
        return f"不对：没有{year}年{month}月"
    return f"不对：{year}年{month}月没有{day}日"


def cut_off(option: str | None, pinned: dt.date | None) -> tuple[dt.date, str]:
    """The cut-off date and its origin: the option, else the bureau's setting, else today."""
    chosen = parse_date(option)
    if chosen is not None:
        return chosen, "由 --as-of 指定"
    if pinned is not None:
        return pinned, "取自 ledgers/zhubao.toml"
    return dt.date.today(), "今天"


def chosen_bureau(context: typer.Context) -> Bureau:
    """The bureau named by -C/--bureau or ZHUBAO_BUREAU, else the one the user stands in.

    What an interrupted run left half done there is put right first.
    """
    from zhubao.cli.writing import finish_interrupted
    from zhubao.ledger.bureau import find_bureau, open_bureau

    bureau = open_bureau(find_bureau(context.find_root().params.get("bureau"), os.environ))
    finish_interrupted(bureau)
    return bureau


def parse_period(text: str | None, as_of: dt.date) -> Period:
    """The period named, cut off at `as_of`; without one, from 1 January to `as_of`."""
    if text is None:
        return Period.year_to_date(as_of)
    try:
        period = Period.parse(text)
    except ValueError as fault:
        raise UsageError(
            f"期间“{text}”看不懂", advice="请写成 2020-H1、2020-Q2、2020-06 或 2020。"
        ) from fault
    if period.start > as_of:
        raise UsageError(
            f"期间 {period.title} 在截止日期 {as_of} 之后", advice="请改 --period 或 --as-of。"
        )
    return Period(period.start, min(period.end, as_of))
