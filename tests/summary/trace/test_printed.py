"""From a made workbook's row to ledger cells, through what was changed since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from zhubao.audit.trace.journal_rows import touches
from zhubao.audit.trace.places import Locator, compact, parse_target
from zhubao.audit.trace.printed import cells_in, moved_since, read_printed
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.excel.sheet import RawSheet
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.services import CaseProgress, SpecialCase
from zhubao.ledger.store.journal import Entry
from zhubao.ledger.table import LedgerTable
from zhubao.summary.trace.cell_report import trace_printed
from zhubao.summary.trace.companion import told

FILE, SHEET = "services.xlsx", "个案"
DAY = dt.date(2020, 3, 1)


def cell(ref: str) -> Cell:
    return Cell(FILE, SHEET, ref)


@pytest.fixture
def locator() -> Locator:
    rows = [
        {
            "case_no": f"GA{number}",
            "received_on": DAY,
            "applicant": "王小明",
            "difficulty": "漏水",
            "status": CaseProgress.RESOLVED,
        }
        for number in range(1, 5)
    ]
    return Locator(Loaded.of(LedgerTable.from_rows(SpecialCase, rows)))


def report(*rows: list[Any], name: str = "个案", basis: RawSheet | None = None) -> list[RawSheet]:
    heading = [["清单", "", "", "", ""], ["局", "", "", "", ""]]
    header = ["个案编号", "受理日期", "件数", "来源", "其余来源"]
    made = [RawSheet("r.xlsx", name, [*heading, header, *rows])]
    return [*made, basis] if basis else made


def entry(number: int, *blocks: dict[str, Any]) -> Entry:
    cells = tuple({"file": FILE, "sheet": SHEET, **block} for block in blocks)
    time = f"2020-07-0{number}T10:00:00+08:00"
    return Entry(number, f"C{number}", time, "张三", "record", {}, (), cells, "", "", "", "")


class Passed(list[int]):
    """Rows of a sheet that count how often they were gone through."""

    passes = 0

    def __iter__(self) -> Iterator[int]:
        self.passes += 1
        return super().__iter__()


def test_the_rows_of_a_sheet_are_gone_through_once_however_many_cells_are_asked() -> None:
    numbers = Passed(range(2, 5_002))
    rows = [{"case_no": f"GA{number}", "received_on": DAY} for number in numbers]
    table = LedgerTable.from_rows(SpecialCase, rows)
    table.segments = (replace(table.segments[0], rows=numbers),)
    numbers.passes = 0
    locator = Locator(Loaded.of(table))
    assert all(locator.at(cell(f"A{row}")) for row in range(2, 5_002))
    assert numbers.passes == 1


def test_a_rate_is_told_with_both_its_numbers() -> None:
    made = report(["GA1", 0.9336114398, 1106.5, 1185.25, "services.xlsx!个案!A2"])
    made[0].rows[2] = ["个案编号", "收缴率", "收缴率\n分子", "收缴率\n分母", "来源"]
    assert told(read_printed(made, parse_target("r.xlsx!B4"))) == "93.36%（1,106.5/1,185.25）"


def test_targets_are_read_as_clerks_type_them() -> None:
    assert parse_target("reports/r.xlsx！'明细'！$d$5").ref == "D5"
    assert parse_target("r.xlsx!D5").sheet == ""
    for wrong in ("r.xlsx", "r.xlsx!明细", "r.xlsx!明细!D5:E6", "!明细!D5"):
        with pytest.raises(UsageError):
            parse_target(wrong)


def test_source_columns_are_read_back_as_they_are_written() -> None:
    assert cells_in("a.xlsx!应收!F13、F14；b.xlsx!实收!D3:D9；c.xlsx!减免") == [
        Cell("a.xlsx", "应收", "F13"),
        Cell("a.xlsx", "应收", "F14"),
        Cell("b.xlsx", "实收", "D3:D9"),
        Cell("c.xlsx", "减免"),
    ]
    assert compact(cells_in("a.xlsx!应收!F13、F14、F16")) == (
        Cell("a.xlsx", "应收", "F13:F14"),
        Cell("a.xlsx", "应收", "F16"),
    )


def test_a_row_a_total_and_a_row_proved_by_the_basis_sheet_lead_to_their_cells() -> None:
    first = ["GA1", "", 2, "services.xlsx!个案!A2（共 45 处）", "services.xlsx!个案!A3……另有 43 处"]
    second = ["GA2", "", 1, "services.xlsx!个案!A3", ""]
    bare = ["GA3", "", 1, "", ""]
    total = ["合计", "", 4, "", ""]
    basis = report(["GA3", "", 1, "services.xlsx!个案!A4", ""], name="依据")[0]
    sheets = report(first, second, bare, total, basis=basis)

    def traced(ref: str) -> tuple[tuple[Cell, ...], int]:
        printed = read_printed(sheets, parse_target(f"r.xlsx!{ref}"))
        return printed.sources, printed.unnamed

    assert traced("C4") == ((cell("A2"), cell("A3")), 43)
    assert traced("C6") == ((cell("A4"),), 0)
    assert traced("C7") == ((cell("A2"), cell("A3")), 43)
    with pytest.raises(UsageError):
        traced("C3")


def test_a_report_that_no_longer_agrees_says_which_column(locator: Locator) -> None:
    sheets = report(["GA1", dt.date(2020, 3, 1), 1, "services.xlsx!个案!A2", ""])
    printed = read_printed(sheets, parse_target("r.xlsx!B4"))
    assert not trace_printed(printed, locator).differs
    old = report(["GA1", dt.date(2020, 2, 1), 1, "services.xlsx!个案!A2", ""])
    traced = trace_printed(read_printed(old, parse_target("r.xlsx!B4")), locator)
    assert [one.header for one in traced.compared if not one.same] == ["受理日期"]
    assert traced.differs


def test_sources_follow_rows_put_in_and_taken_out_since(locator: Locator) -> None:
    added = {
        "rows": "added",
        "at": 2,
        "count": 1,
        "letters": ["A"],
        "columns": ["个案编号"],
        "values": [["GA0"]],
    }
    removed = {"rows": "removed", "at": 4, "count": 1, "letters": [], "columns": [], "values": []}
    sheets = report(["GA1", "", 2, "services.xlsx!个案!A2（共 2 处）", "services.xlsx!个案!A3"])
    printed = read_printed(sheets, parse_target("r.xlsx!A4"))
    moved = moved_since(printed, [entry(1, added), entry(2, removed)])
    assert [one.ref for one in moved.sources] == ["A3", "A3（已删除）"]
    assert trace_printed(moved, locator).differs


def test_the_journal_is_followed_back_through_moved_rows() -> None:
    set_then = {"letter": "B", "header": "受理日期", "cells": [[2, "GA1", "旧", "新"]]}
    added = {"rows": "added", "at": 2, "count": 2, "letters": ["A"], "values": [["GA8"], ["GA9"]]}
    found = touches([entry(1, set_then), entry(2, added)], {(FILE, SHEET): {2, 4}})
    assert [(one.entry.id, one.now.ref, one.then.ref, one.new) for one in found] == [
        ("C2", "A2", "A2", "GA8"),
        ("C1", "B4", "B2", "新"),
    ]
