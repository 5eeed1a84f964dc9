"""`zhubao rent …`: rent and arrears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

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
from zhubao.cli.writing import Asked, DryRun, Yes
from zhubao.core.errors import UsageError
from zhubao.core.finding import has_errors
from zhubao.rent.arrears_options import ArrearsOptions, Sort

if TYPE_CHECKING:
    import datetime as dt

    from zhubao.core.period import Period
    from zhubao.ledger.bureau import Bureau

Write = Annotated[bool, typer.Option("--write", help="把欠租明细写回 arrears.xlsx")]
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
    write: Write = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """每户欠多少、欠几个月、下一步怎么办。

    按小区汇总账龄和收缴率。终端上列出要点，同时生成一份工作簿（汇总、明细、账龄、依据），每行都链接到台账单元格。
    不加 --write 时只读台账，不改动台账。加 --json 时只输出 JSON，除非写了 --out，否则不生成工作簿。
    加 --write 时，把全局的欠租明细写回 arrears.xlsx 的“欠租明细”表，先预览，问一次，再写。
    """
    from zhubao.rent.needs import ARREARS_MODELS

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    span = parse_period(period, day)
    options = ArrearsOptions(estate, min_months, sort)
    if write or dry_run:
        asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
        _write_lines(bureau, day, span, options, asked)
        return
    loading = being_read(context.obj, bureau, ARREARS_MODELS)
    from zhubao.rent.arrears_report import arrears_answer

    warm_up(as_json=as_json)
    report = arrears_answer(loading.result(), bureau, day, span, options, origin)
    show(report, as_json=as_json, show_all=show_all, notices=False)
    if out is not None or not as_json:
        target = out or bureau.root / "reports" / f"欠租_{report.as_of}.xlsx"
        say(f"工作簿：{save_workbook(report, target, bureau.root)}", as_json=as_json)
    finish(list(report.findings))


def _write_lines(
    bureau: Bureau,
    day: dt.date,
    span: Period,
    options: ArrearsOptions,
    asked: Asked,
) -> None:
    """Refresh the computed sheet; it always covers the whole bureau."""
    from zhubao.cli.writing import carry_out, formats_of
    from zhubao.ledger.arrears import ArrearsLine
    from zhubao.rent.arrears_report import arrears_result
    from zhubao.rent.arrears_write import arrears_change
    from zhubao.rent.needs import ARREARS_MODELS

    if options.estate or options.min_months:
        raise UsageError(
            "--write 写入的是全局的欠租明细",
            advice="请去掉 --estate 和 --min-months；只想看一部分时，请去掉 --write。",
        )
    loaded = bureau.load(*ARREARS_MODELS, ArrearsLine)
    result, report = arrears_result(loaded, bureau, day, span, options)
    if has_errors(list(report.findings)):
        raise UsageError(
            "台账里有“错误”级问题，没有写入", advice="先运行 zhubao check，改正后再写入。"
        )
    change = arrears_change(result, formats_of(bureau))
    arguments = {"as_of": result.as_of.isoformat(), "period": result.period.title}
    carry_out(change, bureau, "rent arrears --write", asked, arguments)
