"""`zhubao patrol plan|record|import|key|report`: visits to households."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from zhubao.cli.options import (
    AsOf,
    Json,
    Out,
    PeriodText,
    ReportFile,
    ShowAll,
    chosen_bureau,
    cut_off,
    parse_date,
    parse_period,
)
from zhubao.cli.output import finish, save_report, save_workbook, say, show
from zhubao.cli.writing import Asked, DryRun, Yes, carry_out_reported, formats_of
from zhubao.core.errors import UsageError
from zhubao.core.period import Month

if TYPE_CHECKING:
    from zhubao.ledger.bureau import Bureau
    from zhubao.patrol.visits.planning import PlanOrder
    from zhubao.patrol.visits.recording import VisitOrder

_UNSAFE = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff_-]")


class PlanKind(StrEnum):
    """Whom a plan lists."""

    ROUTINE = "日常巡查"
    KEY = "重点走访"
    ELDERLY_ALONE = "孤寡老人"
    NO_SUPPORT = "三无人员"
    ILL = "病痛户"
    DISABLED = "残疾户"
    BEREAVED = "失独家庭"
    OTHER = "其他"


class VisitKind(StrEnum):
    """巡查类型."""

    ROUTINE = "日常巡查"
    KEY_HOUSEHOLD = "重点走访"
    CAMPAIGN = "专项巡查"
    FOLLOW_UP = "回访"


class KeyKind(StrEnum):
    """重点类型."""

    ELDERLY_ALONE = "孤寡老人"
    NO_SUPPORT = "三无人员"
    ILL = "病痛户"
    DISABLED = "残疾户"
    BEREAVED = "失独家庭"
    OTHER = "其他"


class Lived(StrEnum):
    """居住情况."""

    TENANT = "本人居住"
    FAMILY = "家人居住"
    OTHERS = "他人居住"
    EMPTY = "无人居住"
    UNKNOWN = "未见到人"


MonthText = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--month", metavar="月份", help="哪个月，如 2020-07；默认截止日期所在的月"),
]
Estate = Annotated[str, typer.Option("--estate", metavar="小区", help="只列一个小区")]
Whose = Annotated[
    str, typer.Option("--visitor", metavar="姓名", help="只列这个责任人（或上次巡查人）的")
]
Listed = Annotated[
    Optional[PlanKind],  # noqa: UP045
    typer.Option("--kind", metavar="类别", help="日常巡查、重点走访，或一种重点类型"),
]
ByBuilding = Annotated[bool, typer.Option("--by-building", help="每栋一张表，分开打印")]
Unvisited = Annotated[bool, typer.Option("--unvisited", help="只列本月还没有访够次数的")]
HouseholdNo = Annotated[str, typer.Option("--household", metavar="编号", help="家庭编号")]
DateText = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--date", metavar="日期", help="巡查日期，如 2020-06-30；默认截止日期"),
]
KindOfVisit = Annotated[
    Optional[VisitKind],  # noqa: UP045
    typer.Option(
        "--kind", metavar="类型", help="日常巡查、重点走访、专项巡查或回访；默认按是否重点对象"
    ),
]
Met = Annotated[
    Optional[bool],  # noqa: UP045
    typer.Option("--met/--not-met", help="见到人、没有见到人"),
]
Occupied = Annotated[
    Optional[Lived],  # noqa: UP045
    typer.Option("--occupancy", metavar="情况", help="本人、家人、他人居住，无人居住或未见到人"),
]
Problem = Annotated[
    Optional[bool],  # noqa: UP045
    typer.Option("--problem/--no-problem", help="发现问题、没有发现问题"),
]
Visitor = Annotated[str, typer.Option("--visitor", metavar="姓名", help="巡查人")]
Condition = Annotated[str, typer.Option("--condition", metavar="说明", help="房屋情况")]
Needs = Annotated[str, typer.Option("--needs", metavar="说明", help="住户诉求")]
CampaignNo = Annotated[
    str, typer.Option("--campaign", metavar="编号", help="属于专项整治的，写整治编号")
]
Evidence = Annotated[str, typer.Option("--evidence", metavar="说明", help="影像资料的编号或位置")]
Remark = Annotated[str, typer.Option("--remark", metavar="说明", help="备注")]
Again = Annotated[bool, typer.Option("--again", help="同一天确实又去了一次")]
Filled = Annotated[Path, typer.Argument(metavar="文件", help="填好的清单（.xlsx、.csv 等）")]
DefaultVisitor = Annotated[
    str, typer.Option("--visitor", metavar="姓名", help="清单没写巡查人的用这个")
]
KindOfKey = Annotated[
    Optional[KeyKind],  # noqa: UP045
    typer.Option("--kind", metavar="类型", help="只列一种重点类型，如 孤寡老人"),
]


def plan(
    context: typer.Context,
    month: MonthText = None,
    estate: Estate = "",
    visitor: Whose = "",
    kind: Listed = None,
    by_building: ByBuilding = False,
    unvisited: Unvisited = False,
    as_of: AsOf = None,
    out: Out = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """本月该巡查走访谁：从未访过的、隔得最久的先列，逐户清单按走路的顺序排。

    列入每个在租的家庭；重点对象标 ★，按每月走访次数；多久访一次可在 zhubao.toml 的 [policy] 里改。
    同时生成一份可打印的工作簿：姓名、电话是全的，右边留空手写；填好后用 zhubao patrol import 录入。
    终端和 JSON 里的姓名、电话已遮盖。
    """
    from zhubao.patrol.visits.planning import PlanOrder

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    chosen = _month(month, day)
    wanted = kind.value if kind else ""
    order = PlanOrder(chosen, day, estate.strip(), wanted, visitor.strip(), unvisited)
    _plan(bureau, order, origin, out, by_building=by_building, show_all=show_all, as_json=as_json)


def _plan(
    bureau: Bureau,
    order: PlanOrder,
    origin: str,
    out: Path | None,
    *,
    by_building: bool,
    show_all: bool,
    as_json: bool,
) -> None:
    from zhubao.patrol.visits.needs import PLAN_MODELS
    from zhubao.patrol.visits.plan_report import plan_report
    from zhubao.patrol.visits.planning import plan_visits

    rules = bureau.config.policy
    loaded = bureau.load(*PLAN_MODELS)
    planned = plan_visits(loaded, order, overrides=rules)
    made = plan_report(
        planned,
        by_building=by_building,
        bureau=bureau.name,
        findings=loaded.findings,
        origin=origin,
        overrides=rules,
    )
    saved: Path | None = None
    if out is not None or not as_json:
        paper = plan_report(planned, by_building=by_building, on_paper=True, bureau=bureau.name)
        saved = save_workbook(paper, out or _paper_path(bureau, order), bureau.root)
    show(made, as_json=as_json, show_all=show_all, notices=False)
    if saved is not None:
        say(f"打印用的清单：{saved}", as_json=as_json)
    finish(list(made.findings))


def record(
    context: typer.Context,
    household: HouseholdNo,
    date: DateText = None,
    kind: KindOfVisit = None,
    met: Met = None,
    occupancy: Occupied = None,
    problem: Problem = None,
    visitor: Visitor = "",
    condition: Condition = "",
    needs: Needs = "",
    campaign: CampaignNo = "",
    evidence: Evidence = "",
    remark: Remark = "",
    again: Again = False,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """登记一次巡查：先预览、问一次，再写入 patrol.xlsx 的“巡查”表，编号接着台账编。

    发现问题的，说明下一步用哪个命令登记违规与变动；这里不替您登记。
    """
    from zhubao.patrol.visits.recording import VisitOrder

    bureau = chosen_bureau(context)
    on = parse_date(date, "--date") or cut_off(as_of, bureau.config.as_of)[0]
    words = kind.value if kind else "", met, occupancy.value if occupancy else "", problem
    texts = visitor, condition, needs, campaign, evidence, remark
    order = VisitOrder(household, on, *words, *texts, again=again)
    latest = parse_date(as_of) or dt.date.today()
    _record(bureau, order, latest, Asked(dry_run=dry_run, yes=yes, as_json=as_json))


def _record(bureau: Bureau, order: VisitOrder, latest: dt.date, asked: Asked) -> None:
    from zhubao.patrol.visits.needs import ENTRY_MODELS
    from zhubao.patrol.visits.recording import record_report, record_visit, visit_change

    loaded = bureau.load(*ENTRY_MODELS)
    new = record_visit(order, loaded, latest)
    made = record_report(new, as_of=latest, bureau=bureau.name)
    change = visit_change(new, loaded, formats_of(bureau))
    arguments = {"household": new.row["household_no"], "date": order.day.isoformat()}
    carry_out_reported(made, change, bureau, "patrol record", asked, arguments)


def import_visits(
    context: typer.Context,
    file: Filled,
    visitor: DefaultVisitor = "",
    kind: KindOfVisit = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """把填好的巡查清单录入台账：新的加上，已有的只补空格，不重复录。

    收 zhubao patrol plan 打印的清单，也收任何有“家庭编号”“巡查日期”两列的表；没有填的行略过。
    有错的行一次全部列出，写明单元格，不录；其余照录。改正后可以重新导入同一个文件。
    """
    from zhubao.ledger.patrol import PatrolKind
    from zhubao.ledger.statement_file import read_statement_file
    from zhubao.patrol.visits.entry import EntryOrder, enter_lists
    from zhubao.patrol.visits.entry_report import entry_report
    from zhubao.patrol.visits.lists import read_lists
    from zhubao.patrol.visits.needs import ENTRY_MODELS

    bureau = chosen_bureau(context)
    lists = read_lists(read_statement_file(file), bureau.config)
    chosen = PatrolKind(kind.value) if kind else None
    order = EntryOrder(parse_date(as_of) or dt.date.today(), visitor.strip(), chosen)
    entry = enter_lists(lists, bureau.load(*ENTRY_MODELS), order, formats_of(bureau))
    made = entry_report(entry, bureau=bureau.name)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    carry_out_reported(made, entry.change, bureau, "patrol import", asked, {"file": file.name})
    finish(list(entry.findings))


def key(
    context: typer.Context,
    kind: KindOfKey = None,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """重点对象：各类有谁，期间访了几次、应访几次，上次什么时候，诉求和责任人。

    另列建议列入的（困难标识、独居老人）和已退出、退租还没有移出的。久未走访的列为问题。
    用 --out 另存的报表里姓名、电话是全的，只供内部使用；终端和 JSON 里的已遮盖。
    """
    from zhubao.patrol.visits.key_report import key_report
    from zhubao.patrol.visits.keys import key_list
    from zhubao.patrol.visits.needs import KEY_MODELS

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    span, rules = parse_period(period, day), bureau.config.policy
    loaded = bureau.load(*KEY_MODELS)
    listed = key_list(loaded, day, span, kind=kind.value if kind else "", overrides=rules)
    made = key_report(
        listed, bureau=bureau.name, findings=loaded.findings, origin=origin, overrides=rules
    )
    show(made, as_json=as_json, show_all=show_all, notices=False)
    if out is not None:
        paper = key_report(listed, on_paper=True, bureau=bureau.name, overrides=rules)
        say(f"报表：{save_report(paper, out, bureau.root)}", as_json=as_json)
    finish(list(made.findings))


def report(
    context: typer.Context,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """巡查走访统计：户数、次数、覆盖率、见面率，重点对象多次走访户数和完成率。

    每个数写明分子、分母和口径，并按月份、巡查类型、小区、巡查人分列。
    重点对象走访满几次算多次走访（默认 2 次），可在 zhubao.toml 的 [policy] 里改。
    """
    from zhubao.patrol.visits.needs import REPORT_MODELS
    from zhubao.patrol.visits.report import compute_patrols, patrols_report

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    span, rules = parse_period(period, day), bureau.config.policy
    loaded = bureau.load(*REPORT_MODELS)
    latest = max(day, dt.date.today())
    patrols = compute_patrols(loaded, span, day, latest=latest, overrides=rules)
    made = patrols_report(
        patrols, bureau=bureau.name, findings=loaded.findings, origin=origin, overrides=rules
    )
    show(made, as_json=as_json, show_all=show_all, notices=False)
    if out is not None:
        say(f"报表：{save_report(made, out, bureau.root)}", as_json=as_json)
    finish(list(made.findings))


def _month(text: str | None, day: dt.date) -> Month:
    if text is None:
        return Month.containing(day)
    try:
        return Month.parse(text)
    except ValueError as fault:
        raise UsageError(f"月份“{text}”看不懂", advice="请写成 2020-07 这样的月份。") from fault


def _paper_path(bureau: Bureau, order: PlanOrder) -> Path:
    """reports/巡查清单_2020-07_粟塘小区.xlsx: what was asked for is in the name."""
    parts = ("巡查清单", str(order.month), order.estate, order.kind, order.visitor)
    name = _UNSAFE.sub("", "_".join(part for part in parts if part))
    return bureau.root / "reports" / f"{name}.xlsx"
