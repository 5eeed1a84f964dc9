"""`zhubao rent charge`: the month's charges, previewed, asked for, written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Optional

import typer

from zhubao.cli.background import being_read, warm_up
from zhubao.cli.options import Json, ShowAll, chosen_bureau, parse_date
from zhubao.cli.output import finish, save_workbook, say, show
from zhubao.cli.writing import Asked, DryRun, Yes, answer_script, carry_out, formats_of
from zhubao.core.errors import UsageError
from zhubao.core.period import Month

MonthText = Annotated[
    str, typer.Option("--month", metavar="月份", help="计哪个月的应收，如 2020-07")
]
DateText = Annotated[
    Optional[str],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--date", metavar="日期", help="入账日期；默认该月 1 日"),
]
Workbook = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--out", metavar="文件", help="另存一份工作簿，逐笔列出怎么算的"),
]
_COMMAND = "rent charge"


def charge(
    context: typer.Context,
    month: MonthText,
    date: DateText = None,
    out: Workbook = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """计一个月的应收：每份在租合同一笔，写入“应收”表。

    先列出合计、与上月的勾稽、与上月不同的家庭和没有计的合同，再预览要写的行，问一次，再写。
    已有这个月应收的合同不再计，已有的行不改动；所以可以重复运行，补正台账后再运行只补计缺的。
    有错误的合同列出来、不计，其余照计。
    按哪种月租金、不满一个月怎么计、有没有固定减免，可在 zhubao.toml 的 [policy] 里改。
    """
    from zhubao.rent.charge.charging import CHARGE_MODELS, compute_charges

    wanted, day = _parse_month(month), parse_date(date, "--date")
    bureau = chosen_bureau(context)
    loading = being_read(context.obj, bureau, CHARGE_MODELS)
    from zhubao.ledger.change_report import counts
    from zhubao.rent.charge.report import charge_report
    from zhubao.rent.charge.write import charge_change

    warm_up(as_json=as_json)
    loaded = loading.result()
    run = compute_charges(loaded, wanted, charged_on=day, overrides=bureau.config.policy)
    report = charge_report(run, bureau=bureau.name, findings=loaded.findings)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    change = charge_change(run, formats_of(bureau))
    arguments = {"month": str(wanted), "date": run.charged_on.isoformat()}
    if not as_json:
        show(report, as_json=False, show_all=show_all)
    if out is not None:
        say(f"工作簿：{save_workbook(report, out, bureau.root)}", as_json=as_json)
    if as_json:
        counted = replace(report, facts={**report.facts, **counts(change)})
        answer_script(counted, change, bureau, _COMMAND, asked, arguments)
    else:
        say("")
        carry_out(change, bureau, _COMMAND, asked, arguments)
    finish(list(report.findings))


def _parse_month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as fault:
        raise UsageError(f"月份“{text}”看不懂", advice="请写成 2020-07 这样的月份。") from fault
