"""`zhubao subsidy entitle|signin|stop|report`: 租赁补贴 without the payment roll."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

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
from zhubao.cli.output import answer, finish, save_report, say, show
from zhubao.cli.writing import Asked, DryRun, Yes, carry_out_reported, formats_of
from zhubao.core.errors import UsageError
from zhubao.core.period import Month

if TYPE_CHECKING:
    import datetime as dt

    from zhubao.core.period import Period
    from zhubao.ledger.bureau import Bureau

ReportFile = Annotated[
    Optional[Path],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--out", metavar="文件", help="另存一份（.xlsx、.docx 或 .html）"),
]
Quarter = Annotated[str, typer.Option("--quarter", metavar="季度", help="哪个季度，如 2020-Q2")]
Numbers = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Argument(metavar="编号", help="家庭编号或补贴编号；不写或写 all 为全部生效、暂停的"),
]
Write = Annotated[bool, typer.Option("--write", help="按标准改正台账的月补贴额（先预览）")]
Communities = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--community", metavar="社区", help="只列这个社区，可写几次"),
]
Unsigned = Annotated[bool, typer.Option("--unsigned", help="只列还没有签到的")]
Enter = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--enter", metavar="文件", help="把填好的签到表录入台账的“签到”表"),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="录入时与台账不同的，以文件为准")]


class StopAction(StrEnum):
    """What is done to a grant, as typed: in English or in the ledger's own words."""

    SUSPEND = "suspend"
    STOP = "stop"
    RESUME = "resume"
    SUSPEND_WORD = "暂停"
    STOP_WORD = "终止"
    RESUME_WORD = "恢复"


def entitle(
    context: typer.Context,
    households: Numbers = None,
    write: Write = False,
    as_of: AsOf = None,
    out: ReportFile = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """核定月补贴额：按截止日期当时的标准逐户计算，写明每一步怎么算，并与台账比较。

    写几个编号时逐步列出算式。台账与标准不同的作为警告列出；--write 按标准改正（先预览、再问）。
    没有当时标准的日期不核定、不比较，并说明怎么补标准。
    """
    from zhubao.ledger.checks.keys import with_repeats
    from zhubao.subsidy.rental.entitle import assess, entitle_change
    from zhubao.subsidy.rental.entitle_report import entitle_report
    from zhubao.subsidy.rental.needs import SUBSIDY_MODELS

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    loaded = with_repeats(bureau.load(*SUBSIDY_MODELS))
    found = assess(loaded, day, households or (), overrides=bureau.config.policy)
    made = entitle_report(found, bureau=bureau.name, origin=origin, findings=loaded.findings)
    if not write:
        if dry_run or yes:
            raise UsageError("--dry-run 和 --yes 只用于改正台账", advice="改正请加 --write。")
        answer(made, bureau, out, show_all=show_all, as_json=as_json)
        return
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    change = entitle_change(found, formats_of(bureau))
    arguments = {"as_of": day.isoformat(), "households": " ".join(households or ("all",))}
    carry_out_reported(made, change, bureau, "subsidy entitle --write", asked, arguments)
    finish(list(made.findings))


def signin(
    context: typer.Context,
    quarter: Quarter,
    community: Communities = None,
    unsigned: Unsigned = False,
    enter: Enter = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    out: ReportFile = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """季度签到：列出应签到的家庭、各社区签到率，生成可打印的签到表（每个社区一张）。

    应签到的是本季度至少有一个月在发放期的补贴。打印的表（--out 写 .xlsx 或 .docx）有全名和签字栏。
    填好后用 --enter 文件 录入：没有填写的行不录，录过的不重复录，季度结束后才签的记为补签。
    """
    from zhubao.subsidy.rental.quarters import parse_quarter

    wanted = parse_quarter(quarter)
    bureau = chosen_bureau(context)
    if enter is not None:
        asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
        _enter(bureau, enter, wanted, as_of, asked, overwrite=overwrite)
        return
    if dry_run or yes or overwrite:
        raise UsageError(
            "--dry-run、--yes、--overwrite 只用于录入", advice="录入请写 --enter 文件。"
        )
    shown = {"unsigned": unsigned, "out": out, "show_all": show_all, "as_json": as_json}
    cut = cut_off(as_of, bureau.config.as_of)
    _list(bureau, wanted, community or (), cut, shown)


def stop(
    context: typer.Context,
    action: Annotated[
        StopAction,
        typer.Argument(metavar="动作", help="暂停、终止、恢复（或 suspend、stop、resume）"),
    ],
    grant: Annotated[str, typer.Argument(metavar="编号", help="补贴编号（或家庭编号）")],
    reason: Annotated[str, typer.Option("--reason", metavar="原因", help="原因，记入台账")],
    start: Annotated[
        str, typer.Option("--from", metavar="月份", help="从哪个月起停发或恢复，如 2020-07")
    ],
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """暂停、终止、恢复一份租赁补贴：改补贴状态、状态变更日期、变更原因、止发月份。

    停发从 --from 的月份起；已为停发之后的月份发过补贴的，列出来供追回。
    恢复只用于暂停的补贴，中间的月份不补发，记在变更原因里；终止的要重新审批。
    """
    from zhubao.subsidy.rental.needs import SUBSIDY_MODELS
    from zhubao.subsidy.rental.stop import Action, StopOrder, stop_change, stop_grant, stop_report

    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    order = StopOrder(Action[action.name.removesuffix("_WORD")], grant, reason, _month(start))
    result = stop_grant(bureau.load(*SUBSIDY_MODELS), order)
    made = stop_report(result, as_of=day, bureau=bureau.name)
    change = stop_change(result, formats_of(bureau))
    arguments = {"action": order.action.name.lower(), "grant": grant, "from": str(order.start)}
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json)
    carry_out_reported(made, change, bureau, "subsidy stop", asked, arguments)


def report(
    context: typer.Context,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """租赁补贴统计：一个期间发了多少户、多少钱，新增、停发、追回，签到率，可能发错的。

    按所属季度、保障类型、社区分列；疑点有没签到就发、停发后仍发、住公租房又领、重复发放、
    高于标准五种，都写明台账的单元格，核实后才能认定。
    """
    from zhubao.ledger.checks.keys import with_repeats
    from zhubao.subsidy.rental.needs import SUBSIDY_MODELS
    from zhubao.subsidy.rental.report import subsidy_report

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    span = parse_period(period, day)
    loaded = with_repeats(bureau.load(*SUBSIDY_MODELS))
    words: dict[str, Any] = {"bureau": bureau.name, "origin": origin, "findings": loaded.findings}
    made = subsidy_report(loaded, span, day, overrides=bureau.config.policy, **words)
    answer(made, bureau, out, show_all=show_all, as_json=as_json)


def _list(
    bureau: Bureau,
    quarter: Period,
    communities: list[str] | tuple[str, ...],
    cut: tuple[dt.date, str],
    shown: dict[str, Any],
) -> None:
    from dataclasses import replace

    from zhubao.ledger.checks.keys import with_repeats
    from zhubao.subsidy.rental.needs import SUBSIDY_MODELS
    from zhubao.subsidy.rental.signin import sign_in_list
    from zhubao.subsidy.rental.signin_report import sign_in_report

    day, origin = cut
    loaded = with_repeats(bureau.load(*SUBSIDY_MODELS))
    rules = bureau.config.policy
    listed = sign_in_list(loaded, quarter, day, communities, overrides=rules)
    if communities and not listed.due:
        raise UsageError(
            f"{quarter.title}没有“{'、'.join(communities)}”应签到的家庭", advice="请核对社区名称。"
        )
    common: dict[str, Any] = {"bureau": bureau.name, "origin": origin}
    made = sign_in_report(listed, findings=loaded.findings, **common)
    chosen = listed
    if shown["unsigned"]:
        chosen = replace(listed, due=tuple(one for one in listed.due if not one.signed))
        short = sign_in_report(chosen, **common)
        made = replace(made, tables=(made.tables[0], *short.tables[1:]))
    show(made, as_json=shown["as_json"], show_all=shown["show_all"], notices=False)
    if shown["out"] is not None or not shown["as_json"]:
        target = shown["out"] or bureau.root / "reports" / f"签到表_{quarter.label}.xlsx"
        paper = sign_in_report(chosen, on_paper=True, **common)
        saved = save_report(paper, target, bureau.root, landscape=True)
        say(f"打印用的签到表：{saved}", as_json=shown["as_json"])
    finish(list(made.findings))


def _enter(
    bureau: Bureau,
    path: Path,
    quarter: Period,
    as_of: str | None,
    asked: Asked,
    *,
    overwrite: bool,
) -> None:
    """Read the list back; good rows are written, the others are findings."""
    import datetime as dt

    from zhubao.ledger.statement_file import read_statement_file
    from zhubao.subsidy.rental.needs import SUBSIDY_MODELS
    from zhubao.subsidy.rental.signin_entry import enter_sign_ins
    from zhubao.subsidy.rental.signin_file import read_sign_ins
    from zhubao.subsidy.rental.signin_report import entry_report

    latest = parse_date(as_of) or dt.date.today()
    incoming = read_sign_ins(read_statement_file(path), bureau.config)
    loaded = bureau.load(*SUBSIDY_MODELS)
    entry = enter_sign_ins(
        loaded,
        incoming.table,
        quarter,
        latest,
        formats_of(bureau),
        overwrite=overwrite,
        overrides=bureau.config.policy,
    )
    made = entry_report(entry, as_of=latest, bureau=bureau.name, findings=incoming.findings)
    arguments = {"file": path.name, "quarter": quarter.label}
    carry_out_reported(made, entry.change, bureau, "subsidy signin --enter", asked, arguments)
    finish(list(made.findings))


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as fault:
        raise UsageError(f"月份“{text}”看不懂", advice="请写成 2020-07 这样的月份。") from fault
