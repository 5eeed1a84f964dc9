"""`zhubao trace` of a cell of a made workbook: the row held against the ledgers, or made again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from zhubao.core.errors import WorkbookMissing

if TYPE_CHECKING:
    from zhubao.audit.trace.places import Target
    from zhubao.audit.trace.printed import Printed
    from zhubao.core.report import Report
    from zhubao.excel.sheet import RawSheet
    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.loaded import Loaded
    from zhubao.ledger.store.journal import Entry
    from zhubao.summary.trace.companion import Companion
    from zhubao.summary.trace.heading import Heading
    from zhubao.summary.trace.recomputed import Recomputed

_MOST_NAMED = 5  # workbooks with the name typed


@dataclass(frozen=True, slots=True)
class _Made:
    """A made workbook, the cell asked about, and the changes of the ledgers since."""

    sheets: Sequence[RawSheet]
    printed: Printed
    at: dt.datetime
    since: Sequence[Entry]


def printed_cell(bureau: Bureau, target: Target, day: dt.date) -> tuple[Report, bool]:
    """Where a made workbook's cell comes from, and True where it no longer agrees."""
    from zhubao.audit.trace.printed import read_printed
    from zhubao.excel.book import open_book
    from zhubao.ledger.store.journal import read_journal
    from zhubao.summary.trace.companion import companion_of

    path = _found(bureau, target.file)
    sheets = open_book(path).sheets
    printed = read_printed(sheets, target)
    made_at = dt.datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    made = _Made(sheets, printed, made_at, _since(read_journal(bureau.root).entries, made_at))
    companion = companion_of(sheets, printed)
    if companion is not None:
        return _companion(bureau, companion, made)
    return _printed_row(bureau, made, day)


def _printed_row(bureau: Bureau, made: _Made, day: dt.date) -> tuple[Report, bool]:
    """A row of any workbook held against the ledgers; one of the summary is made again."""
    from zhubao.audit.trace.journal_rows import rows_by_sheet, touches
    from zhubao.audit.trace.places import Locator
    from zhubao.audit.trace.printed import moved_since
    from zhubao.ledger.catalog import all_models
    from zhubao.summary.trace.cell_report import printed_report, trace_printed
    from zhubao.summary.trace.heading import heading_of

    heading = heading_of(made.sheets, made.printed.where.sheet)
    if heading is not None and heading.is_summary:
        printed, loaded, again = _again(bureau, made, heading)
    else:
        printed, again = moved_since(made.printed, made.since), None
        files = {cell.file for cell in printed.sources}
        models = [m for m in all_models() if bureau.path_of(m.SHEET.workbook).name in files]
        loaded = bureau.load(*models)
    touched = touches(made.since, rows_by_sheet(printed.sources))
    locator = Locator(loaded)
    traced = trace_printed(printed, locator, made_at=made.at, touches=touched, again=again)
    return printed_report(traced, day, bureau=bureau.name), traced.differs


def _again(bureau: Bureau, made: _Made, heading: Heading) -> tuple[Printed, Loaded, Recomputed]:
    """The row of the summary made again; its sources are those it has now."""
    from zhubao.summary.summary import measuring_of
    from zhubao.summary.trace.recomputed import models_of_sheet, recompute

    name = made.printed.where.sheet
    measuring = measuring_of(bureau, models_of_sheet(name))
    again = recompute(
        made.printed,
        heading,
        measuring,
        bureau=bureau.name,
        uncached=any(one.uncached for one in made.sheets if one.name == name),
    )
    printed = made.printed
    if not again.missing:
        via = "台账重算的同一行"
        printed = replace(printed, sources=again.sources, unnamed=0, via=via)
    return printed, measuring.loaded, again


def _companion(bureau: Bureau, companion: Companion, made: _Made) -> tuple[Report, bool]:
    """A printed number of an indicator: the same figure of its period, counted again."""
    from zhubao.audit.trace.journal_rows import rows_by_sheet, touches
    from zhubao.audit.trace.places import Locator
    from zhubao.summary.summary import measuring_of
    from zhubao.summary.trace.companion_report import companion_report
    from zhubao.summary.trace.entering import needed_for
    from zhubao.summary.trace.figure_report import Asked
    from zhubao.summary.trace.sums import sum_notes

    measuring = measuring_of(bureau, needed_for((companion.figure,)))
    measured, missing = companion.measure(measuring)
    asked = Asked(companion.figure, measured, missing)
    touched = touches(made.since, rows_by_sheet(asked.cells))
    report = companion_report(
        companion,
        asked,
        bureau=bureau.name,
        findings=(*measuring.loaded.findings, *measuring.findings),
        notes=tuple(sum_notes([asked], Locator(measuring.loaded), part=companion.part_title)),
        made_at=made.at,
        touches=touched,
    )
    return report, bool(report.facts["differs"])


def _found(bureau: Bureau, file: str) -> Path:
    """The workbook as typed, below the bureau, or in its reports folder.

    WorkbookMissing when it is nowhere, with the workbooks of that name further down there.
    """
    reports = bureau.root / "reports"
    for path in (Path(file), bureau.root / file, reports / file):
        if path.is_file():
            return path
    named = [path for path in reports.rglob(Path(file).name) if path.is_file()]
    named.sort(key=lambda path: -path.stat().st_mtime)
    if Path(file).exists() or not named:
        return Path(file)  # reading says that it is not there, or is no workbook
    shown = "、".join(path.relative_to(bureau.root).as_posix() for path in named[:_MOST_NAMED])
    raise WorkbookMissing(f"找不到文件 {file}", where=file, advice=f"是不是 {shown}？")


def _since(entries: Sequence[Entry], made_at: dt.datetime) -> list[Entry]:
    return [one for one in entries if dt.datetime.fromisoformat(one.time) > made_at]
