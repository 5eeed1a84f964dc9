"""`zhubao rent …`: rent and arrears."""

from __future__ import annotations

from typing import Annotated

import typer

from zhubao.cli.background import being_read, warm_up
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
from zhubao.rent.arrears_options import ArrearsOptions, Sort

Estate = Annotated[str, typer.Option("--estate", metavar="小区", help="只列一个小区")]
MinMonths = Annotated[
    int, typer.Option("--min-months", metavar="月数", help="只列欠满这么多个月的", min=0)
]
SortBy = Annotated[
    Sort,
    typer.Option(
        "--sort",
        metavar="顺序",
        help="owed 欠额、months 月数、oldest 最早欠租月、estate 小区、household 家庭编号",
    ),
]


def arrears(
    context: typer.Context,
    as_of: AsOf = None,
    period: PeriodText = None,
    estate: Estate = "",
    min_months: MinMonths = 0,
    sort: SortBy = Sort.OWED,
    out: Out = None,
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
    loading = being_read(context.obj, bureau, ARREARS_MODELS)
    from zhubao.rent.arrears_report import arrears_answer

    warm_up(as_json=as_json)
    options = ArrearsOptions(estate, min_months, sort)
    report = arrears_answer(loading.result(), bureau, day, span, options, origin)
    show(report, as_json=as_json, show_all=show_all, notices=False)
    if out is not None or not as_json:
        target = out or bureau.root / "reports" / f"欠租_{report.as_of}.xlsx"
        say(f"工作簿：{save_workbook(report, target, bureau.root)}", as_json=as_json)
    finish(list(report.findings))
