"""Sheets built as small tables → (cell, code) pairs of their findings, and the values read."""

from __future__ import annotations

import datetime as dt
import gc
from typing import Any

from zhubao.core.background import paused_gc
from zhubao.core.finding import Finding
from zhubao.core.period import Month
from zhubao.excel.sheet import RawSheet
from zhubao.excel.table import read_table
from zhubao.ledger.arrears import Charge
from zhubao.ledger.catalog import specs_of
from zhubao.ledger.load import SheetLoad, load_sheet
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.table import R
from zhubao.ledger.tenants import Household, Tier

HOUSEHOLDS: list[Any] = ["家庭编号", "申请人", "身份证号", "家庭人口", "保障类型", "保障状态"]
GOOD: list[Any] = ["JT0001", "张三丰", "11010519491231002X", 2, "低保", "在保"]


def load(model: type[R], rows: list[list[Any]]) -> SheetLoad[R]:
    width = max(map(len, rows))
    padded = [row + [""] * (width - len(row)) for row in rows]
    sheet = RawSheet(f"{model.SHEET.workbook}.xlsx", model.SHEET.name, padded)
    typed = read_table(sheet, specs_of(model))
    assert typed is not None
    return load_sheet(model, typed)


def pairs(model: type[LedgerRow], rows: list[list[Any]]) -> list[tuple[str, str]]:
    return [place(finding) for finding in load(model, rows).findings]


def place(finding: Finding) -> tuple[str, str]:
    assert finding.where is not None
    return finding.where.ref, finding.code


def test_a_clean_sheet_has_no_findings_and_typed_values() -> None:
    loaded = load(Household, [HOUSEHOLDS, GOOD])
    assert loaded.findings == []
    assert loaded.table.values(0)["tier"] is Tier.LOW_SUBSISTENCE
    assert loaded.table.column("size") == [2]
    assert loaded.table.column("phone") == [None]
    assert str(loaded.table.cell(0, "size")) == "tenants.xlsx!保障家庭!D2"


def test_values_outside_the_field_are_found_and_become_empty() -> None:
    loaded = load(Household, [HOUSEHOLDS, [*GOOD[:3], 0, *GOOD[4:]], [*GOOD[:3], 21, *GOOD[4:]]])
    assert [place(f) for f in loaded.findings] == [("D2", "LG-102"), ("D3", "LG-102")]
    assert loaded.findings[0].message == "“家庭人口”不能小于 1（填写：0）"
    assert loaded.table.column("size") == [None, None]
    assert loaded.table.bad["size"] == {0, 1}
    assert loaded.table.usable("household_no", "size") == []


def test_an_empty_required_cell_is_found_at_its_cell() -> None:
    rows = [HOUSEHOLDS, GOOD, ["JT0002", "", *GOOD[2:]], GOOD]
    loaded = load(Household, rows)
    assert [place(f) for f in loaded.findings] == [("B3", "LG-101")]
    assert loaded.table.usable("applicant") == [0, 2]


def test_a_cell_the_reader_refused_is_not_reported_twice() -> None:
    loaded = load(Household, [HOUSEHOLDS, [*GOOD[:4], "不详", GOOD[5]]])
    assert len(loaded.findings) == 1
    assert loaded.findings[0].where is not None
    assert loaded.findings[0].where.ref == "E2"
    assert loaded.table.bad["tier"] == {0}


def test_missing_required_columns_are_one_finding_for_the_sheet() -> None:
    loaded = load(Household, [HOUSEHOLDS[:4], GOOD[:4], GOOD[:4]])
    assert [place(f) for f in loaded.findings] == [("", "LG-103")]
    assert "保障类型（或 类型、保障类别、收入类别）" in loaded.findings[0].message
    assert "保障状态" in loaded.findings[0].message
    assert loaded.table.usable("tier") == []
    assert loaded.table.usable("size") == [0, 1]


def test_unknown_columns_are_kept_and_named_once() -> None:
    header: list[Any] = [*HOUSEHOLDS, "网格员", "片区"]
    loaded = load(Household, [header, [*GOOD, "甲", "东"], [*GOOD, "乙", ""]])
    assert [place(f) for f in loaded.findings] == [("", "LG-104")]
    assert "网格员（G 列）、片区（H 列）" in loaded.findings[0].message
    assert list(loaded.table.extras["网格员"]) == ["甲", "乙"]


def test_a_sheet_without_rows_says_so() -> None:
    loaded = load(Household, [HOUSEHOLDS])
    assert [place(f) for f in loaded.findings] == [("", "LG-105")]
    assert len(loaded.table) == 0


def test_money_in_messages_is_in_yuan() -> None:
    header: list[Any] = ["应收编号", "家庭编号", "账单期", "标准租金", "应收金额"]
    loaded = load(Charge, [header, ["C1", "JT0001", "2020-06", -12.5, 10]])
    assert [place(f) for f in loaded.findings] == [("D2", "LG-102")]
    assert "填写：-12.5" in loaded.findings[0].message
    assert loaded.table.column("amount") == [1000]


def test_personal_data_is_masked_in_messages() -> None:
    rows = [HOUSEHOLDS, [*GOOD[:2], "1" * 40, *GOOD[3:]]]
    for finding in load(Household, rows).findings:
        assert "1" * 20 not in finding.message


def test_normalised_values_keep_what_the_cell_holds() -> None:
    header: list[Any] = ["应收编号", "家庭编号", "账单期", "应收金额", "入账日期"]
    loaded = load(Charge, [header, ["C1", "JT0001", "2020年6月", "１２３元", "2020.6.30"]])
    table = loaded.table
    assert table.column("month") == [Month.of(2020, 6)]
    assert table.column("amount") == [12300]
    assert table.original(0, "amount") == "１２３元"
    assert table.column("charged_on") == [dt.date(2020, 6, 30)]


def test_garbage_collection_is_paused_and_resumed() -> None:
    assert gc.isenabled()
    with paused_gc():
        assert not gc.isenabled()
        with paused_gc():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
