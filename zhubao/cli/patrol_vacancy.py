"""`zhubao patrol vacancy|safety`: the vacancy check list, and safety inspections and hazards."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
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
from zhubao.cli.output import answer, finish, save_report, say, show
from zhubao.cli.patrol_cases import latest_day
from zhubao.cli.writing import (
    Asked,
    DryRun,
    Yes,
    answer_script,
    carry_out,
    carry_out_reported,
    formats_of,
)
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt

    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.loaded import Loaded
    from zhubao.patrol.safety.recording import Recorded

Words = Optional[str]  # noqa: UP045  (typer reads this at run time)


class NewRecord(StrEnum):
    """What `--new` registers."""

    HAZARD = "隐患"
    INSPECTION = "检查"


Estate = Annotated[str, typer.Option("--estate", metavar="小区", help="小区")]
Months = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--months", metavar="月数", help="连续空置多少个整月；默认按第二十七条 6 个月"),
]
Write = Annotated[bool, typer.Option("--write", help="把还没有在核查的疑点写入“空置核查”表")]
Checker = Annotated[str, typer.Option("--checker", metavar="姓名", help="写入时的核查人")]
Close = Annotated[Words, typer.Option("--close", metavar="核查编号", help="登记核查结果")]
Result = Annotated[
    str, typer.Option("--result", metavar="结果", help="办理：确认空置、确认死亡或正常居住")
]
Recovered = Annotated[bool, typer.Option("--recovered", help="办理：房源已收回")]
Date = Annotated[Words, typer.Option("--date", metavar="日期", help="日期；默认截止日期")]
Evidence = Annotated[str, typer.Option("--evidence", metavar="文字", help="证据，如照片、笔录")]
Action = Annotated[str, typer.Option("--action", metavar="文字", help="处理或整改措施")]
CheckList = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--out", metavar="文件", help="核查清单（.xlsx、.docx 或 .html），带填写栏"),
]
Open = Annotated[bool, typer.Option("--open", help="明细只列没有整改的")]
New = Annotated[
    Optional[NewRecord],  # noqa: UP045
    typer.Option("--new", metavar="隐患|检查", help="登记一起隐患，或一次检查"),
]
Fix = Annotated[Words, typer.Option("--fix", metavar="隐患编号", help="登记已整改")]
ReportNo = Annotated[Words, typer.Option("--report", metavar="隐患编号", help="登记已上报")]
To = Annotated[str, typer.Option("--to", metavar="单位", help="上报单位，如市局、区安委会")]
ReportedOn = Annotated[
    Words, typer.Option("--reported-on", metavar="日期", help="登记隐患时：上报日期")
]
Level = Annotated[str, typer.Option("--level", metavar="等级", help="登记隐患：一般、较大或重大")]
Description = Annotated[
    str, typer.Option("--description", metavar="文字", help="登记隐患：隐患内容")
]
Place = Annotated[str, typer.Option("--place", metavar="部位", help="登记隐患：部位")]
InspectionNo = Annotated[
    str, typer.Option("--inspection", metavar="编号", help="登记隐患：哪一次检查发现的")
]
Deadline = Annotated[Words, typer.Option("--deadline", metavar="日期", help="登记隐患：整改时限")]
Responsible = Annotated[str, typer.Option("--responsible", metavar="姓名", help="登记隐患：责任人")]
Inspectors = Annotated[str, typer.Option("--inspectors", metavar="姓名", help="登记检查：检查人员")]
Leader = Annotated[str, typer.Option("--leader", metavar="姓名", help="登记检查：带队领导")]
Scope = Annotated[str, typer.Option("--scope", metavar="文字", help="登记检查：检查内容")]
Outcome = Annotated[str, typer.Option("--outcome", metavar="文字", help="登记检查：检查结果")]
Hazards = Annotated[int, typer.Option("--hazards", metavar="起数", help="登记检查：发现隐患数")]


def vacancy(
    context: typer.Context,
    period: PeriodText = None,
    months: Months = None,
    estate: Estate = "",
    write: Write = False,
    checker: Checker = "",
    close: Close = None,
    result: Result = "",
    recovered: Recovered = False,
    date: Date = None,
    evidence: Evidence = "",
    action: Action = "",
    as_of: AsOf = None,
    out: CheckList = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """空置和疑似死亡核查：租出去而像没有人住的，承租人可能已经死亡的。

    把合同、租金、上户、以前的核查、家庭成员放在一起看，写明证据和单元格。
    证据两项以上的排在前面。列出的是疑点，不是结论。期间用于统计已做的核查。
    --write 把新疑点写入“空置核查”表；--close 登记一次核查的结果。
    """
    said = {name: value for name, value in locals().items() if name != "context"}
    _refuse_mixed(said)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    bureau = chosen_bureau(context)
    cut = cut_off(as_of, bureau.config.as_of)
    if close is None:
        _list_vacancies(bureau, said, cut, asked)
        return
    on = parse_date(date, "--date") or cut[0]
    _close(bureau, (close, result, on), said, latest_day(as_of), asked)


def _refuse_mixed(said: dict[str, Any]) -> None:
    write, close = said["write"], said["close"] is not None
    if write and close:
        raise UsageError("--write 和 --close 不能同时写", advice="请分两次运行。")
    settling = ("result", "recovered", "date", "evidence", "action")
    if not close and any(said[name] for name in settling):
        raise UsageError("没有写哪一次核查", advice="登记结果请写 --close 核查编号 --result 结果。")
    if not (write or close) and any(said[name] for name in ("dry_run", "yes", "checker")):
        raise UsageError("没有要写入的", advice="--dry-run、--yes、--checker 和 --write 一起用。")


def _list_vacancies(
    bureau: Bureau, said: dict[str, Any], cut: tuple[dt.date, str], asked: Asked
) -> None:
    from zhubao.patrol.vacancy.leads import find_leads
    from zhubao.patrol.vacancy.needs import VACANCY_MODELS
    from zhubao.patrol.vacancy.report import vacancy_report
    from zhubao.patrol.vacancy.settling import check_change

    day, origin = cut
    span, rules = parse_period(said["period"], day), bureau.config.policy
    loaded = bureau.load(*VACANCY_MODELS)
    months, estate = said["months"], said["estate"].strip()
    found = find_leads(loaded, day, months=months, estate=estate, overrides=rules)
    common: dict[str, Any] = {"bureau": bureau.name, "origin": origin, "overrides": rules}
    report = vacancy_report(found, span, **common)
    if said["out"] is not None:
        paper = vacancy_report(found, span, on_paper=True, **common)
        say(f"核查清单：{save_report(paper, said['out'], bureau.root)}", as_json=asked.as_json)
    if not said["write"]:
        answer(report, bureau, None, show_all=asked.show_all, as_json=asked.as_json)
        return
    change = check_change(found, loaded, formats_of(bureau), said["checker"].strip())
    arguments = {"as_of": day.isoformat(), "months": found.months}
    if asked.as_json:
        answer_script(report, change, bureau, "patrol vacancy --write", asked, arguments)
    else:
        show(report, as_json=False, show_all=asked.show_all, notices=False)
        say("")
        carry_out(change, bureau, "patrol vacancy --write", asked, arguments)
    finish(list(report.findings))


def _close(
    bureau: Bureau,
    what: tuple[str, str, dt.date],
    said: dict[str, Any],
    latest: dt.date,
    asked: Asked,
) -> None:
    from zhubao.patrol.vacancy.needs import VACANCY_MODELS
    from zhubao.patrol.vacancy.settling import (
        Outcome,
        settle_change,
        settle_check,
        settle_report,
    )

    if not what[1]:
        raise UsageError("没有写核查结果", advice="请加 --result 确认空置、确认死亡或正常居住。")
    checks = [model for model in VACANCY_MODELS if model.SHEET.workbook == "patrol"]
    loaded = bureau.load(*checks)
    words = {name: said[name] for name in ("evidence", "action", "recovered")}
    settled = settle_check(Outcome(*what, **words), loaded, latest)
    report = settle_report(settled, bureau=bureau.name)
    change = settle_change(settled, loaded, formats_of(bureau))
    arguments = {"check_no": settled.check.check_no, "result": what[1]}
    carry_out_reported(report, change, bureau, "patrol vacancy --close", asked, arguments)


def safety(
    context: typer.Context,
    period: PeriodText = None,
    only_open: Open = False,
    estate: Estate = "",
    new: New = None,
    date: Date = None,
    level: Level = "",
    description: Description = "",
    place: Place = "",
    inspection: InspectionNo = "",
    deadline: Deadline = None,
    responsible: Responsible = "",
    to: To = "",
    reported_on: ReportedOn = None,
    inspectors: Inspectors = "",
    leader: Leader = "",
    scope: Scope = "",
    outcome: Outcome = "",
    hazards: Hazards = 0,
    fix: Fix = None,
    report: ReportNo = None,
    action: Action = "",
    evidence: Evidence = "",
    as_of: AsOf = None,
    out: ReportFile = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """安全检查和隐患：各小区检查几次，发现、上报、整改了多少，还有哪些没有整改。

    登记隐患：--new 隐患 --estate --level --description；登记检查：--new 检查 --estate；
    上报：--report 编号 --to 单位 --date；整改：--fix 编号 --date --action。
    较大、重大隐患没有在期限内上报的，列在后面；期限可在 zhubao.toml 的 [policy] 里改。
    """
    said = {name: value for name, value in locals().items() if name != "context"}
    _safety(context, said, Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all))


def _safety(context: typer.Context, said: dict[str, Any], asked: Asked) -> None:
    """Report or record; `said` has the options by name."""
    given = [name for name in ("new", "fix", "report") if said[name] is not None]
    if len(given) > 1:
        raise UsageError("--new、--fix、--report 一次只写一个", advice="请分几次运行。")
    bureau = chosen_bureau(context)
    day, origin = cut_off(said["as_of"], bureau.config.as_of)
    if given:
        said["day"] = parse_date(said["date"], "--date") or day
        _record(bureau, said, latest_day(said["as_of"]), asked)
        return
    _refuse_extra(said)
    _report_safety(bureau, said, (day, origin), asked)


def _report_safety(
    bureau: Bureau, said: dict[str, Any], cut: tuple[dt.date, str], asked: Asked
) -> None:
    from zhubao.ledger.checks.keys import with_repeats
    from zhubao.patrol.safety.book import compute_safety
    from zhubao.patrol.safety.needs import SAFETY_MODELS
    from zhubao.patrol.safety.report import safety_report

    day, origin = cut
    span, rules = parse_period(said["period"], day), bureau.config.policy
    loaded = with_repeats(bureau.load(*SAFETY_MODELS))
    book = compute_safety(loaded, span, day, estate=said["estate"].strip(), overrides=rules)
    common: dict[str, Any] = {"bureau": bureau.name, "origin": origin, "overrides": rules}
    made = safety_report(book, only_open=said["only_open"], **common)
    answer(made, bureau, said["out"], show_all=asked.show_all, as_json=asked.as_json)


_RECORDING = (
    "date", "level", "description", "place", "inspection", "deadline", "responsible", "to",
    "reported_on", "inspectors", "leader", "scope", "outcome", "hazards", "action", "evidence",
    "dry_run", "yes",
)  # fmt: skip


def _refuse_extra(said: dict[str, Any]) -> None:
    extra = [f"--{name.replace('_', '-')}" for name in _RECORDING if said[name]]
    if extra:
        raise UsageError(
            f"{'、'.join(extra)} 只在登记时用", advice="登记请写 --new、--report 或 --fix。"
        )


def _record(bureau: Bureau, said: dict[str, Any], latest: dt.date, asked: Asked) -> None:
    from zhubao.patrol.safety.needs import SAFETY_MODELS
    from zhubao.patrol.safety.recording import recorded_change, recorded_report

    loaded = bureau.load(*SAFETY_MODELS)
    recorded = _recorded(bureau, said, loaded, latest)
    report = recorded_report(recorded, bureau=bureau.name)
    change = recorded_change(recorded, loaded, formats_of(bureau))
    arguments = {"what": recorded.title, "date": recorded.day.isoformat()}
    carry_out_reported(report, change, bureau, "patrol safety", asked, arguments)


def _recorded(bureau: Bureau, said: dict[str, Any], loaded: Loaded, latest: dt.date) -> Recorded:
    from zhubao.patrol.safety import recording

    day, estate = said["day"], said["estate"].strip()
    if said["fix"] is not None:
        words = said["action"], said["evidence"]
        return recording.fix_hazard(said["fix"], day, *words, loaded, latest)
    if said["report"] is not None:
        return recording.report_hazard(said["report"], said["to"], day, loaded, latest)
    if said["new"] == NewRecord.INSPECTION:
        names = ("inspectors", "leader", "scope")
        texts = {name: said[name] for name in names}
        visit = recording.InspectionOrder(
            estate, day, result=said["outcome"], hazards=said["hazards"], **texts
        )
        return recording.new_inspection(visit, loaded, latest)
    hazard = recording.HazardOrder(
        estate=estate,
        level=said["level"],
        description=said["description"],
        found=day,
        place=said["place"],
        inspection=said["inspection"].strip(),
        reported_to=said["to"],
        reported_on=parse_date(said["reported_on"], "--reported-on"),
        deadline=parse_date(said["deadline"], "--deadline"),
        responsible=said["responsible"],
    )
    return recording.new_hazard(hazard, loaded, latest, bureau.config.policy)
