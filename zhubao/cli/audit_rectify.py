"""`zhubao audit verify|clear|open|progress|follow-up|close`: from lead to closure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Optional

import typer

from zhubao.cli.options import AsOf, Json, chosen_bureau, cut_off, parse_date
from zhubao.cli.output import finish, show
from zhubao.cli.writing import Asked, DryRun, Yes, carry_out_reported, formats_of
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt

    from zhubao.audit.rectify.book import Taken
    from zhubao.audit.rectify.closing import CloseOrder
    from zhubao.audit.rectify.new_finding import NewFinding
    from zhubao.audit.rectify.opening import Charge
    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.loaded import Loaded

Words = Optional[str]  # noqa: UP045  (typer reads this at run time)
LeadNo = Annotated[str, typer.Argument(metavar="疑点编号", help="如 YD0001")]
LeadNos = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Argument(metavar="疑点编号", help="要认定的疑点，可写几个；--new 时不写"),
]
FindingNo = Annotated[str, typer.Argument(metavar="问题编号", help="如 WT0001")]
DateText = Annotated[
    Words, typer.Option("--date", metavar="日期", help="日期，如 2020-06-30；默认截止日期")
]
By = Annotated[str, typer.Option("--by", metavar="姓名", help="核实人")]
Visitor = Annotated[str, typer.Option("--by", metavar="姓名", help="回访人")]
Text = Annotated[str, typer.Option("--text", metavar="文字", help="核实情况")]
Again = Annotated[bool, typer.Option("--again", help="已排除的疑点重新核实，原排除理由留在备注里")]
Reason = Annotated[str, typer.Option("--reason", metavar="文字", help="排除理由")]
Department = Annotated[str, typer.Option("--department", metavar="部门", help="责任部门")]
Responsible = Annotated[str, typer.Option("--responsible", metavar="姓名", help="责任人")]
Deadline = Annotated[str, typer.Option("--deadline", metavar="日期", help="整改时限")]
DueHouseholds = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--households", metavar="户数", min=0, help="涉及户数；不写时有家庭编号的算 1 户"),
]
DueAmount = Annotated[
    Words, typer.Option("--amount", metavar="元", help="涉及金额；不写取疑点上的金额")
]
Remedy = Annotated[
    str, typer.Option("--remedy", metavar="方式", help="整改方式：收回房屋、退回资金、退出保障等")
]
Measures = Annotated[str, typer.Option("--measures", metavar="文字", help="整改措施")]
FoundBy = Annotated[
    str, typer.Option("--found-by", metavar="单位", help="发现单位；不写取疑点来源")
]
New = Annotated[bool, typer.Option("--new", help="没有疑点的问题（如审计组当场指出的）")]
Kind = Annotated[
    str, typer.Option("--kind", metavar="类型", help="新问题：违规转租转借、不符合条件享受等")
]
Matter = Annotated[str, typer.Option("--matter", metavar="文字", help="新问题：问题事项")]
Household = Annotated[str, typer.Option("--household", metavar="编号", help="新问题：家庭编号")]
UnitNo = Annotated[str, typer.Option("--unit", metavar="编号", help="新问题：房源编号")]
Subject = Annotated[
    str, typer.Option("--subject", metavar="对象", help="新问题：对象；不写取申请人")
]
Basis = Annotated[str, typer.Option("--basis", metavar="文字", help="新问题：依据")]
Evidence = Annotated[str, typer.Option("--evidence", metavar="文字", help="佐证材料，如照片、凭证")]
Action = Annotated[str, typer.Option("--action", metavar="文字", help="做了什么")]
StepHouseholds = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--households", metavar="户数", min=0, help="这次整改了几户"),
]
Recovered = Annotated[Words, typer.Option("--recovered", metavar="元", help="这次追回多少元")]
Voucher = Annotated[str, typer.Option("--voucher", metavar="号码", help="凭证号")]
Handler = Annotated[str, typer.Option("--handler", metavar="姓名", help="办理人")]
Done = Annotated[bool, typer.Option("--done", help="这个问题整改完成；户数、金额齐了的不用写")]
Result = Annotated[
    str, typer.Option("--result", metavar="结果", help="整改到位、部分到位、未到位或问题反弹")
]
Method = Annotated[str, typer.Option("--method", metavar="方式", help="回访方式，如 上门")]
Situation = Annotated[str, typer.Option("--situation", metavar="文字", help="回访情况")]
OverrideBy = Annotated[
    str, typer.Option("--override-by", metavar="姓名", help="条件没有满足，由哪位负责人核准销号")
]
OverrideReason = Annotated[str, typer.Option("--reason", metavar="文字", help="核准理由")]


def verify(
    context: typer.Context,
    lead: LeadNo,
    by: By,
    text: Text,
    date: DateText = None,
    again: Again = False,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """登记一条疑点的核实：谁、哪天、什么情况；状态变为“核实中”。

    可以登记几次，核实情况依次记下。属实的用 audit open 认定，不属实的用 audit clear 排除。
    """
    from zhubao.audit.rectify.verifying import VerifyOrder, verify_lead

    bureau, loaded, latest, on = _opened(context, as_of, date)
    taken = verify_lead(VerifyOrder(lead, by, on, text, again), loaded, latest)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json)
    _carry_out(taken, loaded, bureau, latest, "audit verify", asked)


def clear(
    context: typer.Context,
    lead: LeadNo,
    reason: Reason,
    by: By,
    date: DateText = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """排除一条疑点：核实后不是问题的，写明理由和核实人；状态变为“已排除”。

    以后的检查仍会检出它，但列在“已排除”里，不再计数。
    """
    from zhubao.audit.rectify.verifying import ClearOrder, clear_lead

    bureau, loaded, latest, on = _opened(context, as_of, date)
    taken = clear_lead(ClearOrder(lead, by, on, reason), loaded, latest)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json)
    _carry_out(taken, loaded, bureau, latest, "audit clear", asked)


def open_findings(
    context: typer.Context,
    department: Department,
    responsible: Responsible,
    deadline: Deadline,
    leads: LeadNos = None,
    date: DateText = None,
    households: DueHouseholds = None,
    amount: DueAmount = None,
    remedy: Remedy = "",
    measures: Measures = "",
    found_by: FoundBy = "",
    new: New = False,
    kind: Kind = "",
    matter: Matter = "",
    household: Household = "",
    unit: UnitNo = "",
    subject: Subject = "",
    basis: Basis = "",
    evidence: Evidence = "",
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """认定：核实属实的疑点转为问题清单的一行，写明责任部门、责任人和整改时限。

    一条疑点认定一个问题，状态变为“已认定”；没有核实的不能认定。
    审计组指出、没有疑点的问题，用 --new 登记，写明 --kind、--matter 和 --household 或 --unit。
    """
    from zhubao.audit.rectify.new_finding import NewFinding
    from zhubao.audit.rectify.opening import Charge

    if new == bool(leads):
        raise UsageError("认定什么没有说清", advice="写疑点编号，或写 --new 登记没有疑点的问题。")
    until = _day(deadline, "--deadline")
    due = (households, _money(amount, "--amount"))
    described = NewFinding(kind, matter, household, unit, subject, basis, evidence)
    if not new and described != NewFinding("", ""):
        raise UsageError(
            "--kind、--matter、--household 等只用于 --new", advice="认定疑点时，这些取自疑点。"
        )
    charge = Charge(department, responsible, until, *due, remedy, measures, found_by)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json)
    _open(_opened(context, as_of, date), leads or [], described, charge, asked)


def progress(
    context: typer.Context,
    finding: FindingNo,
    action: Action,
    date: DateText = None,
    households: StepHouseholds = None,
    recovered: Recovered = None,
    voucher: Voucher = "",
    handler: Handler = "",
    evidence: Evidence = "",
    done: Done = False,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """登记一步整改：做了什么，这次整改几户、追回多少元。

    各次的户数、金额累计到问题清单，不能超过涉及的户数和金额；齐了就是“已整改”。
    没有户数、金额可数的，完成时加 --done。
    """
    from zhubao.audit.rectify.progress import ProgressOrder, record_progress

    money = _money(recovered, "--recovered")
    bureau, loaded, latest, on = _opened(context, as_of, date)
    said = (voucher, handler, evidence)
    order = ProgressOrder(finding, on, action, households, money, *said, done)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json)
    taken = record_progress(order, loaded, latest)
    _carry_out(taken, loaded, bureau, latest, "audit progress", asked)


def follow_up(
    context: typer.Context,
    finding: FindingNo,
    result: Result,
    by: Visitor,
    date: DateText = None,
    evidence: Evidence = "",
    method: Method = "",
    situation: Situation = "",
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """登记一次整改回访。“整改到位”要写佐证，其余结果退回“整改中”。

    整改完成后才回访。已销号的，只登记“问题反弹”：重新打开，原销号日期留在备注里。
    """
    from zhubao.audit.rectify.follow_up import FollowUpOrder, record_follow_up

    bureau, loaded, latest, on = _opened(context, as_of, date)
    order = FollowUpOrder(finding, on, result, by, evidence, method, situation)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json)
    taken = record_follow_up(order, loaded, latest)
    _carry_out(taken, loaded, bureau, latest, "audit follow-up", asked)


def close(
    context: typer.Context,
    finding: FindingNo,
    date: DateText = None,
    override_by: OverrideBy = "",
    reason: OverrideReason = "",
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """销号：按现在的台账重跑检出它的那条规则，不再检出才销号。

    还要有整改之后“整改到位”的回访，户数、金额都已齐。没有满足的条件一次列全，写明怎么办。
    确有理由的，由负责人核准：--override-by 姓名 --reason 理由，记入问题清单。
    """
    from zhubao.audit.rectify.closing import CloseOrder

    bureau = chosen_bureau(context)
    latest, _ = cut_off(as_of, bureau.config.as_of)
    on = parse_date(date, "--date") or latest
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json)
    _close(bureau, CloseOrder(finding, on, override_by, reason), latest, asked)


def _close(bureau: Bureau, order: CloseOrder, latest: dt.date, asked: Asked) -> None:
    """Everything is read: the check may look at any sheet."""
    from zhubao.audit.rectify.book import dossier_of
    from zhubao.audit.rectify.closing import close_finding
    from zhubao.audit.rectify.recheck import recheck
    from zhubao.audit.registry import all_checks
    from zhubao.cli.audit import facts_of

    facts, _ = facts_of(bureau, latest)
    file = dossier_of(order.finding, facts.loaded)
    verdict = recheck(file, facts, all_checks())
    taken = close_finding(order, verdict, facts.loaded, latest)
    _carry_out(taken, facts.loaded, bureau, latest, "audit close", asked)


def _open(
    opened: tuple[Bureau, Loaded, dt.date, dt.date],
    leads: list[str],
    described: NewFinding,
    charge: Charge,
    asked: Asked,
) -> None:
    from zhubao.audit.rectify.new_finding import open_new
    from zhubao.audit.rectify.opening import open_leads

    bureau, loaded, latest, on = opened
    if leads:
        taken = open_leads(leads, charge, on, loaded, latest)
    else:
        taken = open_new(described, charge, on, loaded, latest)
    _carry_out(taken, loaded, bureau, latest, "audit open", asked)


def _opened(
    context: typer.Context, as_of: str | None, date: str | None
) -> tuple[Bureau, Loaded, dt.date, dt.date]:
    """(bureau, the sheets a step needs, cut-off date, day of the step)."""
    from zhubao.audit.rectify.book import STEP_MODELS

    bureau = chosen_bureau(context)
    latest, _ = cut_off(as_of, bureau.config.as_of)
    on = parse_date(date, "--date") or latest
    return bureau, bureau.load(*STEP_MODELS), latest, on


def _carry_out(
    taken: Taken, loaded: Loaded, bureau: Bureau, latest: dt.date, command: str, asked: Asked
) -> None:
    """Show what is done and do it; or all that stands in the way, with exit code 1."""
    from zhubao.audit.rectify.book import change_of
    from zhubao.audit.rectify.report import step_report

    report = step_report(taken, latest, bureau=bureau.name)
    if taken.refusals:
        show(report, as_json=asked.as_json, show_all=True)
        finish(list(taken.refusals))
    change = change_of(taken, loaded, formats_of(bureau))
    arguments = {"numbers": "、".join(taken.numbers), "date": taken.day.isoformat()}
    carry_out_reported(report, change, bureau, command, asked, arguments)


def _day(text: str, option: str) -> dt.date:
    day = parse_date(text, option)
    if day is None:
        raise UsageError(f"没有写 {option}", advice="请写成 2020-06-30 这样的日期。")
    return day


def _money(text: str | None, option: str) -> int | None:
    from zhubao.rent.receipts.receiving import parse_amount

    if text is not None and text.strip() and not text.strip(" 0.元"):
        raise UsageError(f"选项 {option} 的金额是 0", advice=f"没有金额的，不写 {option}。")
    return None if text is None else parse_amount(text, option)
