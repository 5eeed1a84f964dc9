"""`zhubao trace`: from a figure or a made workbook to ledger cells, and from a cell to figures."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from zhubao.cli.options import (
    AsOf,
    Json,
    PeriodText,
    ReportFile,
    ShowAll,
    chosen_bureau,
    cut_off,
    parse_period,
)
from zhubao.cli.output import save_report, say, show
from zhubao.cli.trace_printed import printed_cell
from zhubao.core.errors import EXIT_CLEAN, EXIT_FINDINGS, UsageError, WorkbookError

if TYPE_CHECKING:
    from zhubao.audit.trace.journal_rows import Touch
    from zhubao.audit.trace.places import Target
    from zhubao.core.finding import Cell
    from zhubao.core.report import Report
    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.recognise import Model

_MOST_WORKBOOKS = 200  # of the reports folder, the newest
What = Annotated[
    Optional[str],  # noqa: UP045  (typer reads this at run time)
    typer.Argument(
        metavar="编号或单元格",
        help="指标编号（patrol.households、XC），或 工作簿!表!单元格；不写列出全部指标",
    ),
]


def trace(
    context: typer.Context,
    what: What = None,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """数字溯源：指标来自哪些单元格，报表上的数来自哪些单元格、变了没有，单元格进入了哪些指标。

    指标：zhubao trace patrol.households --period 2020-H1
    报表：zhubao trace "reports/欠租.xlsx!欠租明细!D5"
    台账：zhubao trace "arrears.xlsx!实收!F12"
    含“!”的写法请加引号。只读台账，不改动台账。报表与台账现在不一致时退出码为 1。
    """
    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    if what is None:
        report, differs = _catalogue(bureau), False
    elif "!" in what or "！" in what:
        report, differs = _cell(bureau, what, period, day)
    else:
        report, differs = _figure(bureau, what, period, (day, origin)), False
    show(report, as_json=as_json, show_all=show_all, notices=False)
    if out is not None:
        say(f"溯源结果：{save_report(report, out, bureau.root)}", as_json=as_json)
    raise typer.Exit(EXIT_FINDINGS if differs else EXIT_CLEAN)


def _catalogue(bureau: Bureau) -> Report:
    from zhubao.summary.indicators.figures import all_figures
    from zhubao.summary.trace.figure_report import catalogue_report

    return catalogue_report(all_figures(), bureau=bureau.name)


def _figure(bureau: Bureau, code: str, period: str | None, when: tuple[dt.date, str]) -> Report:
    from zhubao.audit.trace.places import Locator
    from zhubao.summary.indicators.figures import find_figures
    from zhubao.summary.summary import measuring_of
    from zhubao.summary.trace.entering import needed_for
    from zhubao.summary.trace.figure_report import ask, figure_report
    from zhubao.summary.trace.sums import sum_notes

    day, origin = when
    figures = find_figures(code)
    span = parse_period(period, day)
    measuring = measuring_of(bureau, needed_for(figures))
    asked = ask(figures, measuring, span, day, absent=_absent(bureau))
    return figure_report(
        asked,
        span,
        day,
        bureau=bureau.name,
        origin=origin,
        findings=(*measuring.loaded.findings, *measuring.findings),
        notes=tuple(sum_notes(asked, Locator(measuring.loaded))),
    )


def _absent(bureau: Bureau) -> dict[str, str]:
    """Workbook → file name of the ledgers that are not there."""
    from zhubao.ledger import catalog

    return {
        workbook: bureau.path_of(workbook).name
        for workbook in catalog.WORKBOOKS
        if not bureau.files_of(workbook)
    }


def _cell(bureau: Bureau, text: str, period: str | None, day: dt.date) -> tuple[Report, bool]:
    """Of a ledger's cell where it goes; of a made workbook's cell where it comes from."""
    from zhubao.audit.trace.places import parse_target
    from zhubao.ledger import catalog

    target = parse_target(text)
    named = Path(target.file)
    for workbook in catalog.WORKBOOKS:
        path = bureau.path_of(workbook)
        if named.name == path.name and _is_ledger(named, path):
            return _ledger_cell(bureau, target, period, day), False
    return printed_cell(bureau, target, day)


def _is_ledger(named: Path, path: Path) -> bool:
    """True for the ledger's bare name, and for any path that leads to it."""
    if named.parent == Path():
        return not named.exists() or named.resolve() == path.resolve()
    return named.resolve() == path.resolve() or str(named.parent) == path.parent.name


def _ledger_cell(bureau: Bureau, target: Target, period: str | None, day: dt.date) -> Report:
    from zhubao.audit.trace.places import Locator, locate
    from zhubao.ledger.work_calendar import calendar_of
    from zhubao.summary.trace.entering import (
        entering,
        figures_about,
        indirectly,
        needed_for,
        periods_of,
    )
    from zhubao.summary.trace.ledger_report import ledger_report

    name = Path(target.file).name
    own = _models_of(bureau, target, name)
    needed = needed_for(one for model in own for one in figures_about(model))
    loaded = bureau.load(*dict.fromkeys((*own, *needed)))
    cell, place = locate(Locator(loaded), target, name)
    spans = (parse_period(period, day),) if period else periods_of(place, day)
    entered = entering(
        cell,
        figures_about(place.model),
        spans,
        loaded,
        day,
        overrides=bureau.config.policy,
        calendar=calendar_of(bureau),
    )
    workbooks, notes = _workbooks_naming(bureau, cell)
    return ledger_report(
        cell,
        place,
        entered,
        day,
        indirect=indirectly(place, entered, loaded),
        printed_in=workbooks,
        touches=_touches_of(bureau, cell),
        notes=notes,
        bureau=bureau.name,
    )


def _models_of(bureau: Bureau, target: Target, name: str) -> list[Model]:
    """The model of the sheet named; all of the workbook's where its name does not tell."""
    from zhubao.ledger.catalog import all_models
    from zhubao.ledger.registers.columns import sheet_named

    own = [m for m in all_models() if bureau.path_of(m.SHEET.workbook).name == name]
    try:
        model = sheet_named(target.sheet, bureau.config)
    except UsageError:
        return own
    return [model] if model in own else own


def _touches_of(bureau: Bureau, cell: Cell) -> list[Touch]:
    from zhubao.audit.trace.journal_rows import rows_by_sheet, touches
    from zhubao.ledger.store.journal import read_journal

    return touches(read_journal(bureau.root).entries, rows_by_sheet((cell,)))


def _workbooks_naming(bureau: Bureau, cell: Cell) -> tuple[list[Cell], list[str]]:
    """The rows of workbooks in the reports folder that name the cell's row, newest file first."""
    from zhubao.audit.trace.places import shares_row
    from zhubao.audit.trace.printed import rows_naming
    from zhubao.core.finding import Cell
    from zhubao.excel.book import open_book

    folder = bureau.root / "reports"
    paths = [path for path in folder.rglob("*.xlsx") if not path.name.startswith(("~", "."))]
    paths.sort(key=lambda path: (-path.stat().st_mtime, str(path)))
    found: list[Cell] = []
    unread: list[str] = []
    for path in paths[:_MOST_WORKBOOKS]:
        try:
            sheets = open_book(path).sheets
        except WorkbookError:
            unread.append(path.name)
            continue
        found += [
            Cell(path.relative_to(folder).as_posix(), sheet.name, ref)
            for sheet in sheets
            for ref, sources in rows_naming(sheet)
            if any(shares_row(source, cell) for source in sources)
        ]
    notes = [f"读不了的报表没有查：{'、'.join(unread)}"] if unread else []
    if len(paths) > _MOST_WORKBOOKS:
        notes.append(
            f"reports 文件夹里有 {len(paths):,} 个工作簿，只查了最新的 {_MOST_WORKBOOKS} 个"
        )
    if paths:
        notes.append("报表每行最多写明 41 处来源，超过的不在其中")
    return found, notes
