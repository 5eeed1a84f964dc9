"""`zhubao rent statement`: one household's account, for the counter."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from zhubao.cli.options import AsOf, Json, Out, ShowAll, chosen_bureau, cut_off, parse_date
from zhubao.cli.output import finish, save_workbook, say, show

Number = Annotated[str, typer.Argument(metavar="编号", help="家庭编号、合同编号或房源编号")]
From = Annotated[
    Optional[str],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--from", metavar="日期", help="从哪天列起，如 2020-01；以前的合成一行承前余额"),
]
ShowPersonal = Annotated[
    bool, typer.Option("--show-personal", help="显示全名；默认只显示张*明这样的姓名")
]


def statement(
    context: typer.Context,
    number: Number,
    start: From = None,
    as_of: AsOf = None,
    out: Out = None,
    show_personal: ShowPersonal = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """一户的租金对账单：每笔应收、缴款、减免和余额，每笔缴款抵了哪个月。

    另列合同、房屋、未缴清的月份、分期、催缴文书和走访。每行都注明台账单元格。只读台账，不改动台账。
    加 --out 时另存一份工作簿。
    """
    from zhubao.rent.account.report import statement_report
    from zhubao.rent.account.statement import STATEMENT_MODELS, compute_statement

    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    first = parse_date(_first_day(start), "--from")
    loaded = bureau.load(*STATEMENT_MODELS)
    result = compute_statement(loaded, number, day, start=first, overrides=bureau.config.policy)
    report = statement_report(
        result, bureau=bureau.name, show_personal=show_personal, findings=loaded.findings
    )
    show(report, as_json=as_json, show_all=show_all, notices=False)
    if out is not None:
        say(f"工作簿：{save_workbook(report, out, bureau.root)}", as_json=as_json)
    finish(list(report.findings))


def _first_day(text: str | None) -> str | None:
    """A month stands for its first day; anything else is left as it is."""
    from zhubao.core.period import Month

    try:
        return Month.parse(text).first_day.isoformat() if text else None
    except ValueError:
        return text
