"""`zhubao summary compare`: the figures of two periods side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from zhubao.cli.options import AsOf, Json, ReportFile, ShowAll, chosen_bureau, cut_off, parse_period
from zhubao.cli.output import save_report, say, show

First = Annotated[str, typer.Argument(metavar="前一期间", help="如 2019-H2、2020-Q1、2020-05")]
Second = Annotated[str, typer.Argument(metavar="后一期间", help="如 2020-H1、2020-Q2、2020-06")]


def compare(
    context: typer.Context,
    first: First,
    second: Second,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """两个期间的全部指标并列，列出增减和增减率。

    示例：zhubao summary compare 2020-Q1 2020-Q2
    各期间按它自己期末的情况算；台账里没有那个期间的记录的，空着并说明，不写成 0。
    比率列出分子和分母，增减用百分点。只读台账，不改动台账。
    """
    from zhubao.ledger.work_calendar import calendar_of
    from zhubao.summary.comparison.comparing import compare_periods
    from zhubao.summary.comparison.report import comparison_report
    from zhubao.summary.summary import SUMMARY_MODELS

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    one, other = parse_period(first, day), parse_period(second, day)
    compared = compare_periods(
        bureau.load(*SUMMARY_MODELS),
        one,
        other,
        day,
        overrides=bureau.config.policy,
        calendar=calendar_of(bureau),
    )
    made = comparison_report(compared, bureau=bureau.name, origin=origin)
    show(made, as_json=as_json, show_all=show_all)
    if out is not None:
        say(f"指标对比：{save_report(made, out, bureau.root)}", as_json=as_json)
