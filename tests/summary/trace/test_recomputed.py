"""A row of the summary's workbook, made again from the ledgers, beside what is printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from zhubao.audit.trace.places import parse_target
from zhubao.audit.trace.printed import read_printed
from zhubao.core.period import Month, Period
from zhubao.core.theme import load_theme
from zhubao.excel.book import open_book
from zhubao.ledger.arrears import Charge, Receipt
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import Target
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.units import SupplyBatch, SupplyChannel
from zhubao.render.xlsx import write_xlsx
from zhubao.summary.reconcile.checks import reconcile
from zhubao.summary.summary import Measuring, compute_summary
from zhubao.summary.trace.heading import Heading, heading_of
from zhubao.summary.trace.recomputed import Recomputed, recompute
from zhubao.summary.workbook.report import summary_report

SPAN, DAY = Period.parse("2020-H1"), dt.date(2020, 6, 30)


def ledgers(cooperation: int = 30) -> Loaded:
    batches = [
        (SupplyChannel.COOPERATION, cooperation, dt.date(2020, 2, 1)),
        (SupplyChannel.PUBLIC_RENTAL, 20, dt.date(2020, 3, 1)),
    ]
    supply = [
        {"batch_no": f"P{at}", "channel": channel, "unit_count": units, "raised_on": day}
        for at, (channel, units, day) in enumerate(batches)
    ]
    target = {"year": 2020, "indicator_code": "CJ", "indicator": "房源筹集", "measure": "套"}
    numbers = {"half_year_target": Decimal(40), "annual_target": Decimal(100)}
    month = {"household_no": "H1", "month": Month.of(2020, 3)}
    money: dict[str, Any] = {"household_no": "H1", "amount": 60_00}
    return Loaded.of(
        LedgerTable.from_rows(SupplyBatch, supply),
        LedgerTable.from_rows(Target, [target | numbers]),
        LedgerTable.from_rows(Charge, [{"charge_no": "Y1", "amount": 100_00} | month]),
        LedgerTable.from_rows(
            Receipt, [{"receipt_no": "S1", "received_on": dt.date(2020, 4, 2)} | money]
        ),
    )


Traced = Callable[..., Recomputed]


@pytest.fixture
def traced(tmp_path: Path) -> Traced:
    """The workbook of `ledgers`, with one cell doctored, held against the ledgers given."""
    path = tmp_path / "指标.xlsx"
    measuring = Measuring(ledgers())
    scope = measuring.scope(SPAN, DAY)
    summary = compute_summary(measuring.loaded, SPAN, DAY, bureau="局", measuring=measuring)
    write_xlsx(summary_report(summary, scope, (), reconcile(summary, scope)), path, load_theme())

    def trace(
        sheet: str,
        row: str,
        header: str,
        value: float | str | None = None,
        now: Loaded | None = None,
    ) -> Recomputed:
        book = openpyxl.load_workbook(path)
        titles = [str(cell.value).replace("\n", "") for cell in book[sheet][3]]
        line = next(one for one in book[sheet] if row in [cell.value for cell in one])
        cell = line[titles.index(header)]
        if value is not None:
            cell.value = value
            book.save(path)
        sheets = open_book(path).sheets
        printed = read_printed(sheets, parse_target(f"指标.xlsx!{sheet}!{cell.coordinate}"))
        heading = heading_of(sheets, sheet)
        assert heading == Heading(SPAN, DAY, is_summary=True)
        return recompute(printed, heading, Measuring(now or ledgers()), uncached=value is not None)

    return trace


@pytest.mark.parametrize(
    ("sheet", "row", "header", "wrong"),
    [
        ("目标进度", "房源筹集", "年初以来完成", "51 套"),
        ("目标进度", "房源筹集", "完成半年目标", 1.5),
        ("目标进度", "房源筹集", "完成半年目标分子", 51),
        ("房源筹集按渠道", "公租房", "占比", 0.5),
        ("房源筹集按渠道", "合计", "房源筹集", 51),
        ("租金按月", "2020-03", "月末欠租", 99.99),
        ("勾稽", "各渠道筹集之和 = 房源筹集", "另一方的数", 51),
        ("来源", "supply.raised", "单元格数", 3),
    ],
)
def test_an_untouched_row_is_the_same_and_a_doctored_cell_is_found(
    traced: Traced, sheet: str, row: str, header: str, wrong: float | str
) -> None:
    assert not traced(sheet, row, header).differs
    found = traced(sheet, row, header, wrong)
    assert [(one.header, one.printed) for one in found.cells if not one.same] == [(header, wrong)]


def test_a_ledger_that_has_lost_rows_is_found_though_the_workbook_is_whole(traced: Traced) -> None:
    found = traced("目标进度", "房源筹集", "年初以来完成", now=ledgers(cooperation=10))
    assert ("年初以来完成", "50 套", "30 套") in [
        (one.header, one.printed, one.now) for one in found.cells if not one.same
    ]
    assert traced("房源筹集按渠道", "公租房", "房源筹集", now=Loaded.of()).missing


def test_each_side_of_a_reconciliation_has_its_own_cells(traced: Traced) -> None:
    row = ("勾稽（金额）", "租金收缴与当期应收的收缴")
    left, both = traced(*row, "一方的数"), traced(*row, "差额")
    assert [str(cell) for cell in left.sources] == ["arrears.xlsx!实收!D2"]
    assert set(left.sources) <= set(both.sources)
