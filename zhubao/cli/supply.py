"""`zhubao supply …`: 房源筹集."""

from __future__ import annotations

from typing import Annotated, Optional

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
from zhubao.cli.output import answer
from zhubao.cli.writing import Asked, DryRun, Yes, carry_out_reported, formats_of

DateText = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--date", metavar="日期", help="日期，如 2020-06-30；默认截止日期"),
]


Channel = Annotated[
    str,
    typer.Option("--channel", metavar="渠道", help="社会合作房、团购商品房、限价商品房或公租房"),
]
Count = Annotated[int, typer.Option("--count", metavar="套数", help="筹集套数")]
DeveloperText = Annotated[
    str, typer.Option("--developer", metavar="开发商", help="开发商编号或名称")
]
Estate = Annotated[str, typer.Option("--estate", metavar="小区", help="小区或楼盘")]
Start = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--start", metavar="日期", help="合作开始日"),
]
End = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--end", metavar="日期", help="合作截止日"),
]
Number = Annotated[
    str, typer.Option("--no", metavar="批号", help="筹集批号；不写则接着台账的批号编")
]
Status = Annotated[str, typer.Option("--status", metavar="状态", help="状态")]
Remark = Annotated[str, typer.Option("--remark", metavar="说明", help="备注")]


def report(
    context: typer.Context,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """房源筹集：一个期间各渠道、各月筹集多少套，合作到什么时候，还有哪些在筹建。

    合作开发商和有合作期限的批次，列出期限、剩余天数，标出即将到期和已到期的；
    提前多少天算即将到期，可在 zhubao.toml 的 [policy] 里改。
    """
    from zhubao.supply.needs import SUPPLY_MODELS
    from zhubao.supply.raising import compute_raised
    from zhubao.supply.raising_report import raised_report

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    span = parse_period(period, day)
    rules = bureau.config.policy
    raised = compute_raised(bureau.load(*SUPPLY_MODELS), span, day, overrides=rules)
    made = raised_report(raised, bureau=bureau.name, origin=origin, overrides=rules)
    answer(made, bureau, out, show_all=show_all, as_json=as_json)


def add(
    context: typer.Context,
    channel: Channel,
    count: Count,
    developer: DeveloperText = "",
    estate: Estate = "",
    date: DateText = None,
    start: Start = None,
    end: End = None,
    number: Number = "",
    status: Status = "已落实",
    remark: Remark = "",
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """登记一批筹集的房源。

    先列出要登记的内容，再预览、问一次、写入 units.xlsx 的“房源筹集”表。
    """
    from zhubao.supply.adding import BatchOrder, add_batch, batch_change, batch_report
    from zhubao.supply.needs import SUPPLY_MODELS

    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    on = parse_date(date, "--date") or day
    term = parse_date(start, "--start"), parse_date(end, "--end")
    order = BatchOrder(channel, count, on, developer, estate, *term, number, status, remark)
    loaded = bureau.load(*SUPPLY_MODELS)
    new = add_batch(order, loaded)
    made = batch_report(new, as_of=day, bureau=bureau.name)
    change = batch_change(new, loaded, formats_of(bureau))
    arguments = {"channel": channel, "count": str(count), "date": on.isoformat()}
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json)
    carry_out_reported(made, change, bureau, "supply add", asked, arguments)
