"""`zhubao rent visits`: the month's list for collection visits, and reading it back filled in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from zhubao.cli.options import AsOf, Json, Out, ShowAll, chosen_bureau, cut_off, parse_date
from zhubao.cli.output import finish, save_workbook, say, show
from zhubao.cli.writing import Asked, DryRun, Yes, carry_out_reported, formats_of
from zhubao.core.errors import UsageError
from zhubao.core.period import Month

if TYPE_CHECKING:
    import datetime as dt

    from zhubao.excel.table import TypedTable
    from zhubao.ledger.bureau import Bureau
    from zhubao.rent.arrears import ArrearsResult

MonthText = Annotated[
    Optional[str],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--month", metavar="月份", help="哪个月的走访，如 2020-07；默认截止日期所在的月"),
]
Estate = Annotated[str, typer.Option("--estate", metavar="小区", help="只列一个小区")]
ByBuilding = Annotated[bool, typer.Option("--by-building", help="每栋一张表，分开打印")]
Tenants = Annotated[
    bool, typer.Option("--everyone", help="列出全部在租家庭，不只欠租、分期和困难的")
]
Unvisited = Annotated[bool, typer.Option("--unvisited", help="只列本月还没有走访的")]
Enter = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--enter", metavar="文件", help="把填好的清单录入台账的“收租走访”表"),
]
Visitor = Annotated[
    str, typer.Option("--visitor", metavar="姓名", help="录入时，清单没写走访人的用这个")
]


def visits(
    context: typer.Context,
    month: MonthText = None,
    estate: Estate = "",
    by_building: ByBuilding = False,
    everyone: Tenants = False,
    unvisited: Unvisited = False,
    enter: Enter = None,
    visitor: Visitor = "",
    as_of: AsOf = None,
    out: Out = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """每月收租走访清单（一月一上户）：按走路的顺序排，打印出去填，填好再录入。

    列入欠租、有分期协议和困难的在租家庭，困难家庭标 ★；写明上次走访和本月是否已访。
    同时生成一份可打印的工作簿：姓名、电话是全的，右边留空手写。终端和 JSON 里的姓名、电话已遮盖。
    填好后用 --enter 文件 录入：填了走访情况的行写入台账，录过的不重复录，有问题的行列出位置。
    """
    bureau = chosen_bureau(context)
    if enter is not None:
        asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
        _enter(bureau, enter, visitor.strip(), as_of, asked)
        return
    if dry_run or yes:
        raise UsageError("--dry-run 和 --yes 只用于录入", advice="录入请写 --enter 文件。")
    _list(
        bureau,
        cut_off(as_of, bureau.config.as_of),
        {"month": month, "estate": estate, "everyone": everyone, "unvisited": unvisited},
        {"by_building": by_building, "out": out, "show_all": show_all, "as_json": as_json},
    )


def _list(
    bureau: Bureau, cut: tuple[dt.date, str], wanted: dict[str, Any], shown: dict[str, Any]
) -> None:
    from zhubao.rent.visit_report import visit_report
    from zhubao.rent.visits import VisitOrder, plan_visits

    day, origin = cut
    chosen = _month(wanted.pop("month"), day)
    result = _result(bureau, day)
    listed = plan_visits(result, VisitOrder(chosen, **wanted))
    common: dict[str, Any] = {
        "by_building": shown["by_building"],
        "bureau": bureau.name,
        "findings": result.loaded.findings,
        "origin": origin,
    }
    report, as_json = visit_report(listed, **common), shown["as_json"]
    saved: Path | None = None
    if shown["out"] is not None or not as_json:
        target = shown["out"] or bureau.root / "reports" / f"走访清单_{chosen}.xlsx"
        paper = visit_report(listed, **{**common, "findings": ()}, on_paper=True)
        saved = save_workbook(paper, target, bureau.root)
    show(report, as_json=as_json, show_all=shown["show_all"], notices=False)
    if saved is not None:
        say(f"打印用的清单：{saved}", as_json=as_json)
    finish(list(report.findings))


def _enter(bureau: Bureau, path: Path, visitor: str, as_of: str | None, asked: Asked) -> None:
    """Read the list back; good rows are written, the others are findings."""
    import datetime as dt

    from zhubao.rent.visit_report import entry_report
    from zhubao.rent.visits import read_visits, visits_change

    latest = parse_date(as_of) or dt.date.today()
    tables = _filled(path)
    result = _result(bureau, latest)
    entered = read_visits(tables, result, latest, visitor)
    report = entry_report(entered, as_of=latest, bureau=bureau.name)
    change = visits_change(result, entered, formats_of(bureau))
    arguments = {"file": path.name}
    carry_out_reported(report, change, bureau, "rent visits --enter", asked, arguments)
    finish(list(entered.findings))


def _filled(path: Path) -> list[TypedTable]:
    """The lists in the workbook; UsageError when none of its sheets is one."""
    from zhubao.excel.book import open_book
    from zhubao.excel.table import read_table
    from zhubao.rent.visits import ENTRY_SPECS

    tables = [read_table(sheet, ENTRY_SPECS) for sheet in open_book(path).sheets]
    found = [
        table
        for table in tables
        if table is not None and {"household_no", "visited_on"} <= set(table.columns)
    ]
    if not found:
        raise UsageError(
            f"{path.name} 里没有走访清单（要有“家庭编号”和“走访日期”两列）",
            advice="请用 zhubao rent visits 生成的清单填写，不要改表头。",
        )
    return found


def _result(bureau: Bureau, day: dt.date) -> ArrearsResult:
    from zhubao.rent.arrears import compute_arrears
    from zhubao.rent.needs import ARREARS_MODELS

    loaded = bureau.load(*ARREARS_MODELS)
    return compute_arrears(loaded, day, overrides=bureau.config.policy)


def _month(text: str | None, day: dt.date) -> Month:
    if text is None:
        return Month.containing(day)
    try:
        return Month.parse(text)
    except ValueError as fault:
        raise UsageError(f"月份“{text}”看不懂", advice="请写成 2020-07 这样的月份。") from fault
