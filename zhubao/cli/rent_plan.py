"""`zhubao rent plan …`: make an instalment plan, list the agreements, see who keeps theirs."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from zhubao.cli.options import AsOf, Json, Out, ShowAll, chosen_bureau, cut_off, parse_date
from zhubao.cli.output import finish, save_workbook, say, show
from zhubao.cli.writing import Asked, DryRun, Yes, formats_of
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt

    from zhubao.core.report import Report
    from zhubao.ledger.bureau import Bureau
    from zhubao.rent.arrears import ArrearsResult
    from zhubao.rent.plan_making import PlanRequest


class Rhythm(StrEnum):
    """分期方式, as `ledger.arrears.PlanRhythm`: here so that help imports no model."""

    MONTHLY = "分月"
    QUARTERLY = "分季度"


Text = Optional[str]  # noqa: UP045  (typer reads this at run time)
HouseholdNo = Annotated[str, typer.Argument(metavar="家庭编号", help="给哪一户订立")]
Parts = Annotated[int, typer.Option("--parts", metavar="期数", help="分几期", min=1)]
RhythmOption = Annotated[Rhythm, typer.Option("--rhythm", metavar="方式", help="分月或分季度")]
First = Annotated[
    Text, typer.Option("--first", metavar="日期", help="首期应缴日期；默认签订后下月的应缴日")
]
Signed = Annotated[Text, typer.Option("--signed", metavar="日期", help="签订日期；默认截止日期")]
Total = Annotated[
    Text, typer.Option("--total", metavar="金额", help="协议金额（元）；默认全部欠租")
]
Reason = Annotated[str, typer.Option("--reason", metavar="原因", help="分期原因，记入台账")]
State = Annotated[
    str,
    typer.Option(
        "--state", metavar="状态", help="履行中、已结清、已作废，或 按期、逾期、缺分期计划"
    ),
]


def make(
    context: typer.Context,
    household: HouseholdNo,
    parts: Parts,
    rhythm: RhythmOption = Rhythm.MONTHLY,
    first: First = None,
    total: Total = None,
    signed: Signed = None,
    reason: Reason = "",
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """给一户订立分期协议：把欠租分成几期，写入台账。

    各期相加等于协议金额，分毫不差；除不尽的，前几期各多一分。应缴日按首期的日子，当月没有这一天的取月末。
    没有欠租、协议金额超过欠租、已有履行中的协议，都不订立。先预览，问一次，再写入“分期协议”和“分期计划”两张表。
    协议文本用 zhubao rent notices --kind 分期协议 --household 编号 出。
    """
    from zhubao.cli.writing import carry_out
    from zhubao.rent.plan_making import make_plan, plan_change

    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    result = _result(bureau, day)
    plan = make_plan(
        result, _request(bureau, day, household, parts, rhythm, first, total, signed, reason)
    )
    change = plan_change(result, plan, formats_of(bureau))
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json)
    arguments = {"household": plan.request.household_no, "parts": parts}
    carry_out(change, bureau, "rent plan make", asked, arguments)


def list_plans(
    context: typer.Context,
    state: State = "",
    as_of: AsOf = None,
    out: Out = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """列出全部分期协议，新签的在前。

    写了 --out 就同时生成工作簿。
    """
    from zhubao.rent.plans_report import list_report

    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    result = _result(bureau, day)
    findings = result.loaded.findings
    report = list_report(result, state=state, bureau=bureau.name, findings=findings)
    _answer(report, bureau, out, show_all=show_all, as_json=as_json)


def check(
    context: typer.Context,
    as_of: AsOf = None,
    out: Out = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """各户的分期协议是否按期履行：应收到、收到、差额，逾期的在前。

    逾期的协议，就是 zhubao rent arrears 里分期一栏写“逾期”的。写了 --out 就同时生成工作簿。
    """
    from zhubao.rent.plans_report import check_report

    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    result = _result(bureau, day)
    report = check_report(result, bureau=bureau.name, findings=result.loaded.findings)
    _answer(report, bureau, out, show_all=show_all, as_json=as_json)


def _answer(report: Report, bureau: Bureau, out: Any, *, show_all: bool, as_json: bool) -> None:
    saved = save_workbook(report, out, bureau.root) if out is not None else None
    show(report, as_json=as_json, show_all=show_all, notices=False)
    if saved is not None:
        say(f"工作簿：{saved}", as_json=as_json)
    finish(list(report.findings))


def _result(bureau: Bureau, day: dt.date) -> ArrearsResult:
    from zhubao.rent.arrears import compute_arrears
    from zhubao.rent.needs import ARREARS_MODELS

    loaded = bureau.load(*ARREARS_MODELS)
    return compute_arrears(loaded, day, overrides=bureau.config.policy)


def _request(
    bureau: Bureau,
    day: dt.date,
    household: str,
    parts: int,
    rhythm: Rhythm,
    first: str | None,
    total: str | None,
    signed: str | None,
    reason: str,
) -> PlanRequest:
    import datetime as dt

    from zhubao.ledger.arrears import PlanRhythm
    from zhubao.rent.letters.rules import LetterRules
    from zhubao.rent.plan_making import PlanRequest

    signed_on = parse_date(signed, "--signed") or day
    if signed_on > day + dt.timedelta(days=366):
        raise UsageError(
            f"签订日期 {signed_on} 晚于截止日期 {day} 一年以上",
            advice="请核对 --signed 的年份；截止日期不对的，请写 --as-of。",
        )
    first_on = parse_date(first, "--first")
    if first_on is None:
        first_on = LetterRules.load(day, bureau.config.policy).first_due(signed_on)
    return PlanRequest(
        household_no=household.strip(),
        parts=parts,
        first=first_on,
        signed_on=signed_on,
        rhythm=PlanRhythm(rhythm.value),
        total=_amount(total),
        reason=reason.strip(),
    )


def _amount(text: str | None) -> int | None:
    from zhubao.core.money import parse_yuan

    if text is None:
        return None
    try:
        return parse_yuan(text.removesuffix("元"))
    except ValueError as fault:
        raise UsageError(f"选项 --total 的金额“{text}”看不懂", advice="请写成 1234.50。") from fault
