"""`zhubao subsidy staff …`: 职工住房补贴."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from zhubao.cli.options import (
    AsOf,
    Json,
    PeriodText,
    ShowAll,
    chosen_bureau,
    cut_off,
    parse_date,
    parse_period,
)
from zhubao.cli.output import finish, save_report, say, show
from zhubao.cli.writing import Asked, DryRun, Yes, carry_out_reported, formats_of
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from zhubao.subsidy.staff.decide import Order

ReportFile = Annotated[
    Optional[Path],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--out", metavar="文件", help="另存一份（.xlsx、.docx 或 .html）"),
]
Numbers = Annotated[list[str], typer.Argument(metavar="申报编号", help="一个或几个申报编号")]
DateText = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--date", metavar="日期", help="办理日期，如 2020-06-30；默认截止日期"),
]


def report(
    context: typer.Context,
    period: PeriodText = None,
    round_name: Annotated[
        str, typer.Option("--round", metavar="轮次", help="只看一个轮次，如 第一轮")
    ] = "",
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """职工住房补贴：按单位和轮次，申报、批准、在办各多少，对照半年和年度目标。

    完成率和时间进度都列出分子分母；同时列出重复享受、夫妻都申报、资料不全却已审批等疑点。
    目标取自“目标任务”表，指标编号可在 zhubao.toml 的 [policy] 里改。
    """
    from zhubao.ledger.checks.keys import with_repeats
    from zhubao.subsidy.staff.needs import STAFF_REPORT_MODELS
    from zhubao.subsidy.staff.report import staff_report

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    span = parse_period(period, day)
    made = staff_report(
        with_repeats(bureau.load(*STAFF_REPORT_MODELS)),
        span,
        round_name=round_name,
        overrides=bureau.config.policy,
        bureau=bureau.name,
        origin=origin if span.end == day else "期间的最后一天",
    )
    show(made, as_json=as_json, show_all=show_all, notices=False)
    if out is not None:
        say(f"报表：{save_report(made, out, bureau.root)}", as_json=as_json)
    finish(list(made.findings))


def incomplete(
    context: typer.Context,
    employer: Annotated[str, typer.Option("--employer", metavar="单位", help="只列一个单位")] = "",
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """资料不全的职工住房补贴申报：按单位列缺什么、等了多少天、谁经办。

    写了 --out 就另存打印用的清单，每个单位一张表，姓名不打码，留有补齐日期和收件人的空格。
    补齐后用 staff complete 登记，再用 staff approve 审批。
    """
    from zhubao.subsidy.staff.incomplete import incomplete_files, incomplete_report
    from zhubao.subsidy.staff.needs import STAFF_MODELS

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    loaded = bureau.load(*STAFF_MODELS)
    listed = incomplete_files(loaded, day, employer=employer, overrides=bureau.config.policy)
    made = incomplete_report(listed, bureau=bureau.name, origin=origin)
    show(made, as_json=as_json, show_all=show_all, notices=False)
    if out is not None:
        paper = incomplete_report(listed, on_paper=True, bureau=bureau.name)
        say(f"打印用的清单：{save_report(paper, out, bureau.root)}", as_json=as_json)


def approve(
    context: typer.Context,
    numbers: Numbers,
    date: DateText = None,
    amount: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--amount", metavar="金额", help="补贴金额（元），只用于一份申报"),
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="依据", help="本人或配偶已批准过、仍准予审批的依据")
    ] = "",
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """审批职工住房补贴申报：写入审批日期，办理状态改为“已审批”。

    资料不全、没有补贴金额、本人或配偶已经批准过的不审批，逐份列出原因，其余照办。
    先预览，问一次，再写入 subsidies.xlsx。
    """
    from zhubao.subsidy.staff.decide import Action, Order

    fen = _fen(amount)

    def order(day: dt.date) -> Order:
        return Order(Action.APPROVE, tuple(numbers), day, amount=fen, reason=reason)

    _decide(context, order, date, as_of, "subsidy staff approve", Asked(dry_run, yes, as_json))


def complete(
    context: typer.Context,
    numbers: Numbers,
    date: DateText = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """登记资料已补齐：清空“缺少资料”，办理状态改为“审核中”。

    原来缺什么、哪天补齐，写进备注。先预览，问一次，再写入 subsidies.xlsx。
    """
    from zhubao.subsidy.staff.decide import Action, Order

    def order(day: dt.date) -> Order:
        return Order(Action.COMPLETE, tuple(numbers), day)

    _decide(context, order, date, as_of, "subsidy staff complete", Asked(dry_run, yes, as_json))


def give_back(
    context: typer.Context,
    numbers: Numbers,
    missing: Annotated[
        str, typer.Option("--missing", metavar="资料", help="缺哪些资料，写入“缺少资料”")
    ],
    date: DateText = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """退回补正：写明缺什么，办理状态改为“资料不全”。

    只退还没有审批的。先预览，问一次，再写入 subsidies.xlsx。
    """
    from zhubao.subsidy.staff.decide import Action, Order

    def order(day: dt.date) -> Order:
        return Order(Action.RETURN, tuple(numbers), day, missing=missing)

    _decide(context, order, date, as_of, "subsidy staff return", Asked(dry_run, yes, as_json))


def _decide(
    context: typer.Context,
    order_on: Callable[[dt.date], Order],
    date: str | None,
    as_of: str | None,
    command: str,
    asked: Asked,
) -> None:
    """Work the order out, show it, preview, ask, write; refused applications end with code 1."""
    from zhubao.subsidy.staff.decide import decide, decision_change, decision_report
    from zhubao.subsidy.staff.needs import STAFF_MODELS

    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    order = order_on(parse_date(date, "--date") or day)
    loaded = bureau.load(*STAFF_MODELS)
    decided = decide(order, loaded)
    made = decision_report(decided, as_of=day, bureau=bureau.name)
    change = decision_change(decided, loaded, formats_of(bureau))
    arguments = {"numbers": list(order.numbers), "date": order.day.isoformat()}
    carry_out_reported(made, change, bureau, command, asked, arguments)
    finish(list(made.findings))


def _fen(text: str | None) -> int | None:
    from zhubao.core.money import parse_yuan

    if text is None:
        return None
    try:
        return parse_yuan(text)
    except ValueError as fault:
        raise UsageError(f"金额“{text}”看不懂", advice="请写元数，如 26400.50。") from fault
