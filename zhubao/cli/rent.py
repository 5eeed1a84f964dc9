"""`zhubao rent …`: rent and arrears."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Optional

import typer

from zhubao.cli.background import in_background, warm_up
from zhubao.cli.options import AsOf, Json, ShowAll, chosen_bureau, cut_off, parse_period
from zhubao.cli.output import finish, save_workbook, say, show


class Sort(StrEnum):
    """What the detail list is sorted by."""

    OWED = "owed"
    MONTHS = "months"
    OLDEST = "oldest"
    ESTATE = "estate"
    HOUSEHOLD = "household"


def arrears(
    context: typer.Context,
    as_of: AsOf = None,
    period: Annotated[
        Optional[str],  # noqa: UP045  (typer reads this at run time)
        typer.Option(
            "--period", metavar="期间", help="统计期间，如 2020-H1、2020-06；默认本年初至截止日"
        ),
    ] = None,
    estate: Annotated[str, typer.Option("--estate", metavar="小区", help="只列一个小区")] = "",
    min_months: Annotated[
        int, typer.Option("--min-months", metavar="月数", help="只列欠满这么多个月的", min=0)
    ] = 0,
    sort: Annotated[
        Sort,
        typer.Option(
            "--sort",
            metavar="顺序",
            help="owed 欠额、months 月数、oldest 最早欠租月、estate 小区、household 家庭编号",
        ),
    ] = Sort.OWED,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="文件", help="工作簿写到哪里；默认写到 reports 文件夹"),
    ] = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """每户欠多少、欠几个月、下一步怎么办。

    按小区汇总账龄和收缴率。终端上列出要点，同时生成一份工作簿（汇总、明细、账龄、依据），每行都链接到台账单元格。
    只读台账，不改动台账。加 --json 时只输出 JSON，除非写了 --out，否则不生成工作簿。
    """
    from zhubao.rent.needs import ARREARS_MODELS

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    span = parse_period(period, day)
    with in_background(lambda: bureau.load(*ARREARS_MODELS)) as loading:
        from zhubao.rent.arrears_report import ArrearsOptions, arrears_answer

        warm_up(as_json=as_json)
        loaded = loading.result()
    options = ArrearsOptions(estate=estate, min_months=min_months, sort=sort.value)
    report = arrears_answer(loaded, bureau, day, span, options, origin)
    show(report, as_json=as_json, show_all=show_all, notices=False)
    if out is not None or not as_json:
        target = out or bureau.root / "reports" / f"欠租_{day.isoformat()}.xlsx"
        path = save_workbook(report, target, bureau.root)
        say(f"工作簿：{path}", as_json=as_json)
    finish(list(report.findings))
