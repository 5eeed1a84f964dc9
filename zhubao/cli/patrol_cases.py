"""`zhubao patrol cases|case|campaigns`: violations and changes, and campaigns in estates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Optional

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
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt

    from zhubao.ledger.bureau import Bureau
    from zhubao.patrol.cases.registering import CaseOrder
    from zhubao.patrol.cases.steps import StepOrder

Words = Optional[str]  # noqa: UP045  (typer reads this at run time)
Number = Annotated[Words, typer.Argument(metavar="事项编号", help="如 WG00012；登记新的不写")]
StatusText = Annotated[
    str, typer.Option("--status", metavar="状态", help="待整改、整改中、已整改、已销号或不属实")
]
KindText = Annotated[
    str, typer.Option("--kind", metavar="类型", help="日常违规、情况变动，或转租转借、购房等类型")
]
Estate = Annotated[str, typer.Option("--estate", metavar="小区", help="只列一个小区")]
Overdue = Annotated[bool, typer.Option("--overdue", help="只列逾期的")]
New = Annotated[bool, typer.Option("--new", help="登记一起新的")]
NewKind = Annotated[
    str, typer.Option("--kind", metavar="类型", help="登记：转租转借、违规装修、购房、死亡等")
]
Household = Annotated[str, typer.Option("--household", metavar="编号", help="登记：家庭编号")]
UnitNo = Annotated[
    str, typer.Option("--unit", metavar="编号", help="登记：房源编号；不写取合同上的")
]
Category = Annotated[
    str, typer.Option("--category", metavar="类别", help="登记：类型是“其他”时写日常违规或情况变动")
]
Found = Annotated[
    Words, typer.Option("--found", metavar="日期", help="登记：发现日期；默认截止日期")
]
Happened = Annotated[
    Words, typer.Option("--happened", metavar="日期", help="登记：发生日期（违规之日）")
]
Facts = Annotated[str, typer.Option("--facts", metavar="文字", help="登记：事实")]
Source = Annotated[
    str, typer.Option("--source", metavar="途径", help="登记：日常巡查、群众举报、数据比对等")
]
Campaign = Annotated[str, typer.Option("--campaign", metavar="编号", help="登记：整治编号")]
Responsible = Annotated[str, typer.Option("--responsible", metavar="姓名", help="登记：责任人")]
Again = Annotated[bool, typer.Option("--again", help="登记：同户同类另有未整改的，仍然登记")]
Evidence = Annotated[str, typer.Option("--evidence", metavar="文字", help="证据，如照片、笔录")]
Deadline = Annotated[
    Words, typer.Option("--deadline", metavar="日期", help="整改时限；登记时不写按期限参数算")
]
Article = Annotated[
    str, typer.Option("--article", metavar="条", help="按哪一条处理：31、35 或 36；不写按类型")
]
Notify = Annotated[Words, typer.Option("--notify", metavar="日期", help="已送达整改通知")]
NoticeNo = Annotated[str, typer.Option("--notice-no", metavar="号", help="通知：整改通知书号")]
Rectify = Annotated[Words, typer.Option("--rectify", metavar="日期", help="已整改")]
Action = Annotated[str, typer.Option("--action", metavar="文字", help="整改、退出：处理措施")]
Check = Annotated[Words, typer.Option("--check", metavar="日期", help="已复查，销号（要有证据）")]
Exit = Annotated[
    Words, typer.Option("--exit", metavar="日期", help="已退出保障、退回住房；算出限制申请至哪天")
]
Reopen = Annotated[Words, typer.Option("--reopen", metavar="原因", help="重新打开")]
Unfounded = Annotated[Words, typer.Option("--unfounded", metavar="原因", help="核实后不属实")]
Date = Annotated[
    Words, typer.Option("--date", metavar="日期", help="重新打开、不属实的日期；默认截止日期")
]
Gain = Annotated[Words, typer.Option("--gain", metavar="元", help="违法所得")]
Fine = Annotated[Words, typer.Option("--fine", metavar="元", help="罚款；超过法定上限不收")]
BackRent = Annotated[Words, typer.Option("--back-rent", metavar="元", help="补缴租金")]


def cases(
    context: typer.Context,
    period: PeriodText = None,
    status: StatusText = "",
    kind: KindText = "",
    estate: Estate = "",
    overdue: Overdue = False,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """违规与变动：一个期间发现的，和以前发现、还没有整改的；整改率按起、按户、按金额。

    写明发现、通知、时限、整改、复查的日期，用了多少天，逾期没有。
    状态与日期相矛盾的、罚款超过上限的，列在后面，照没有整改计算。
    """
    from zhubao.ledger.checks.keys import with_repeats
    from zhubao.patrol.cases.listing import CaseFilter, compute_cases
    from zhubao.patrol.cases.needs import CASE_MODELS
    from zhubao.patrol.cases.report import case_report

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    span, rules = parse_period(period, day), bureau.config.policy
    wanted = CaseFilter(status.strip(), kind.strip(), estate.strip(), overdue)
    loaded = with_repeats(bureau.load(*CASE_MODELS))
    result = compute_cases(loaded, span, day, wanted, overrides=rules)
    made = case_report(result, bureau=bureau.name, origin=origin, overrides=rules)
    answer(made, bureau, out, show_all=show_all, as_json=as_json)


def campaigns(
    context: typer.Context,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """专项整治：各小区整治前后的违规户数、入户、蹲点、整改率，并与明细核对。

    登记的数与填了整治编号的巡查、违规与变动各行不一致的，列在后面；登记的数不改动。
    """
    from zhubao.ledger.checks.keys import with_repeats
    from zhubao.patrol.campaigns import compute_campaigns
    from zhubao.patrol.cases.campaign_report import campaign_report
    from zhubao.patrol.cases.needs import CAMPAIGN_MODELS

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    span = parse_period(period, day)
    result = compute_campaigns(with_repeats(bureau.load(*CAMPAIGN_MODELS)), span, day)
    made = campaign_report(result, bureau=bureau.name, origin=origin)
    answer(made, bureau, out, show_all=show_all, as_json=as_json)


def case(
    context: typer.Context,
    number: Number = None,
    new: New = False,
    household: Household = "",
    kind: NewKind = "",
    found: Found = None,
    happened: Happened = None,
    facts: Facts = "",
    source: Source = "",
    unit: UnitNo = "",
    category: Category = "",
    campaign: Campaign = "",
    responsible: Responsible = "",
    again: Again = False,
    evidence: Evidence = "",
    deadline: Deadline = None,
    article: Article = "",
    notify: Notify = None,
    notice_no: NoticeNo = "",
    rectify: Rectify = None,
    action: Action = "",
    check: Check = None,
    exit_on: Exit = None,
    reopen: Reopen = None,
    unfounded: Unfounded = None,
    date: Date = None,
    gain: Gain = None,
    fine: Fine = None,
    back_rent: BackRent = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """一起违规或变动：看经过、依据和后果，登记新的，或办下一步。

    登记：--new --household --kind --facts，依据和时限按类型提出。
    办理：编号加 --notify、--rectify、--check、--exit、--reopen、--unfounded 之一。
    没有通知的违规不能登记整改，没有整改的不能复查，没有证据的不能销号。
    写入前先预览，问一次。
    """
    said = {name: value for name, value in locals().items() if name != "context"}
    _case(context, said, Asked(dry_run=dry_run, yes=yes, as_json=as_json))


def _case(context: typer.Context, said: dict[str, Any], asked: Asked) -> None:
    """Show, register or take a step; `said` has the options by name."""
    number = said["number"]
    if said["new"] == bool(number):
        raise UsageError("没有说清哪一起", advice="请写事项编号，或写 --new 登记新的。")
    bureau = chosen_bureau(context)
    day = cut_off(said["as_of"], bureau.config.as_of)[0]
    latest = latest_day(said["as_of"])
    if said["new"]:
        _refuse_given(said, _STEP_WORDS, "--new")
        _register(bureau, _case_order(said, day), (day, latest), asked)
        return
    _refuse_given(said, _NEW_WORDS, number)
    step = _step_order(said, day)
    if step is None:
        _show_case(bureau, number, day, asked)
    else:
        _take_step(bureau, number, step, latest, asked)


def latest_day(as_of: str | None) -> dt.date:
    """The last day that can be entered: the one named, else today."""
    import datetime as dt

    return parse_date(as_of) or dt.date.today()


_NEW_WORDS = (
    "household", "kind", "found", "happened", "facts", "source", "unit", "category", "campaign",
    "responsible", "again",
)  # fmt: skip
_STEPS = {
    "notify": "NOTIFY",
    "rectify": "RECTIFY",
    "check": "CHECK",
    "exit_on": "EXIT",
    "reopen": "REOPEN",
    "unfounded": "UNFOUNDED",
}
_STEP_WORDS = (*_STEPS, "notice_no", "action", "date", "gain", "fine", "back_rent")
_OPTIONS = {"exit_on": "--exit", "notice_no": "--notice-no", "back_rent": "--back-rent"}


def _option(name: str) -> str:
    return _OPTIONS.get(name, f"--{name}")


def _refuse_given(said: dict[str, Any], names: tuple[str, ...], with_what: str) -> None:
    given = [_option(name) for name in names if said[name]]
    if given:
        words = "登记新的时不用" if with_what == "--new" else f"办理 {with_what} 时不用"
        raise UsageError(f"{words} {'、'.join(given)}", advice="登记和办理请分开写。")


def _case_order(said: dict[str, Any], day: dt.date) -> CaseOrder:
    from zhubao.patrol.cases.registering import CaseOrder

    missing = [_option(name) for name in ("household", "kind", "facts") if not said[name].strip()]
    if missing:
        raise UsageError(f"登记缺少 {'、'.join(missing)}", advice="请补上再运行。")
    texts = ("source", "unit", "category", "campaign", "responsible", "article", "evidence")
    return CaseOrder(
        household=said["household"],
        kind=said["kind"],
        facts=said["facts"],
        found=parse_date(said["found"], "--found") or day,
        happened=parse_date(said["happened"], "--happened"),
        deadline=parse_date(said["deadline"], "--deadline"),
        again=said["again"],
        **{name: said[name].strip() for name in texts},
    )


def _step_order(said: dict[str, Any], day: dt.date) -> StepOrder | None:
    """The one step asked for; None where the case is only to be shown."""
    from zhubao.patrol.cases.steps import Step, StepOrder

    given = [name for name in _STEPS if said[name] is not None]
    if len(given) > 1:
        words = "、".join(_option(name) for name in given)
        raise UsageError(f"一次只办一步：{words}", advice="请分几次运行。")
    extra = [_option(n) for n in (*_STEP_WORDS, "evidence", "deadline", "article") if said[n]]
    if not given:
        if extra:
            raise UsageError(f"没有写办哪一步，只写了 {'、'.join(extra)}", advice="见 --help。")
        return None
    name, money = given[0], ("gain", "fine", "back_rent")
    gain, fine, back_rent = (parse_amount(said[one], _option(one)) for one in money)
    by_reason = name in ("reopen", "unfounded")
    on = said["date"] if by_reason else said[name]
    return StepOrder(
        step=Step[_STEPS[name]],
        day=parse_date(on, "--date" if by_reason else _option(name)) or day,
        notice_no=said["notice_no"],
        deadline=parse_date(said["deadline"], "--deadline"),
        action=said["action"],
        evidence=said["evidence"],
        reason=said[name] if by_reason else "",
        article=said["article"].strip(),
        illegal_gain=gain,
        fine=fine,
        back_rent=back_rent,
    )


def parse_amount(text: str | None, option: str) -> int | None:
    """Yuan as fen, not negative; UsageError for anything else."""
    from zhubao.core.money import parse_yuan

    if text is None:
        return None
    try:
        amount = parse_yuan(text)
    except ValueError:
        amount = -1
    if amount < 0:
        raise UsageError(f"{option} 的金额“{text}”看不懂", advice="请写元数，如 480.50。")
    return amount


def _show_case(bureau: Bureau, number: str, day: dt.date, asked: Asked) -> None:
    from zhubao.cli.output import show
    from zhubao.patrol.cases.card import card_report
    from zhubao.patrol.cases.needs import CASE_MODELS
    from zhubao.patrol.cases.steps import case_index

    loaded = bureau.load(*CASE_MODELS)
    index, rules = case_index(number, loaded), bureau.config.policy
    report = card_report(loaded, index, day, bureau=bureau.name, overrides=rules)
    show(report, as_json=asked.as_json, notices=False)


def _register(
    bureau: Bureau, order: CaseOrder, days: tuple[dt.date, dt.date], asked: Asked
) -> None:
    from zhubao.patrol.cases.card import new_report
    from zhubao.patrol.cases.needs import CASE_MODELS
    from zhubao.patrol.cases.registering import new_case_change, register_case

    day, latest = days
    loaded, rules = bureau.load(*CASE_MODELS), bureau.config.policy
    new = register_case(order, loaded, latest, overrides=rules)
    report = new_report(new, loaded, max(day, order.found), bureau=bureau.name, overrides=rules)
    change = new_case_change(new, loaded, formats_of(bureau))
    arguments = {"case_no": new.row["case_no"], "household": new.row["household_no"]}
    carry_out_reported(report, change, bureau, "patrol case --new", asked, arguments)


def _take_step(
    bureau: Bureau, number: str, order: StepOrder, latest: dt.date, asked: Asked
) -> None:
    from zhubao.patrol.cases.card import step_report
    from zhubao.patrol.cases.needs import CASE_MODELS
    from zhubao.patrol.cases.steps import step_change, take_step

    loaded, rules = bureau.load(*CASE_MODELS), bureau.config.policy
    result = take_step(number, order, loaded, latest, overrides=rules)
    report = step_report(result, bureau=bureau.name, overrides=rules)
    change = step_change(result, loaded, formats_of(bureau))
    arguments = {
        "case_no": result.case.case_no,
        "step": order.step.value,
        "date": order.day.isoformat(),
    }
    carry_out_reported(report, change, bureau, "patrol case", asked, arguments)
