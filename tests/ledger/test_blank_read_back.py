"""What is written as a new ledger is read back by the reader, dressed up or not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from zhubao.core.period import Month
from zhubao.core.theme import load_theme
from zhubao.excel.sheet import Merge, RawSheet
from zhubao.excel.table import TypedTable, read_table
from zhubao.ledger.arrears import Charge, Receipt
from zhubao.ledger.blank import RowsByModel, write_blank_ledgers, write_ledger
from zhubao.ledger.catalog import all_models, specs_of
from zhubao.ledger.dress import Dress
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.units import Dispatch

DAY = dt.date(2020, 6, 30)
CHARGES = [
    {
        "charge_no": f"YS{number:06}",
        "household_no": f"{number:06}",
        "month": Month.of(2020, number % 6 + 1),
        "standard": 20_005,
        "amount": 10_005 + number,
        "charged_on": dt.date(2020, number % 6 + 1, 5),
    }
    for number in range(1, 41)
]
DRESS = Dress(
    bureau="示范区住房保障局",
    made_on=DAY,
    groups={Charge: {"对应编号": ("household_no", "unit_no"), "租金": ("standard", "amount")}},
    footnotes={Charge: "注：应收金额＝标准租金－减免租金。"},
)


def read(path: Path, model: type[LedgerRow]) -> TypedTable:
    """The sheet of a model as the reader sees it."""
    raw = CalamineWorkbook.from_path(path).get_sheet_by_name(model.SHEET.name)
    merged = [
        Merge(top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in raw.merged_cell_ranges or []
    ]
    rows = raw.to_python(skip_empty_area=False)
    table = read_table(RawSheet(path.name, raw.name, rows, merged=merged), specs_of(model))
    assert table is not None
    return table


@pytest.mark.parametrize("dress", [None, DRESS], ids=["plain", "dressed"])
def test_rows_are_read_back_as_they_were_written(tmp_path: Path, dress: Dress | None) -> None:
    path = tmp_path / "arrears.xlsx"
    rows: RowsByModel = {Charge: CHARGES}
    write_ledger(path, "arrears", rows, load_theme(), dress=dress)
    table = read(path, Charge)
    assert table.unknown == {}
    assert table.header_rows == ((3, 4) if dress else (1, 1))
    assert len(table.rows) == len(CHARGES)
    for name in Charge.model_fields:
        assert table.columns[name].values == [row.get(name) for row in CHARGES], name


def test_total_and_footnote_of_a_dressed_ledger_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "arrears.xlsx"
    write_ledger(path, "arrears", {Charge: CHARGES}, load_theme(), dress=DRESS)
    left_out = {one.row for one in read(path, Charge).left_out}
    assert {45, 46} <= left_out


def test_a_group_of_a_single_column_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "units.xlsx"
    row = {
        "dispatch_no": "D1",
        "project": "某棚改项目",
        "housing_type": "经适房",
        "unit_count": 12,
        "dispatched_on": DAY,
    }
    groups = {"去向": ("project", "headquarters"), "数量情况": ("unit_count", "unit_count")}
    dress = Dress("某局", DAY, groups={Dispatch: groups})
    write_ledger(path, "units", {Dispatch: [row]}, load_theme(), dress=dress)
    columns = read(path, Dispatch).columns
    assert {name: columns[name].values[0] for name in row} == row


def test_text_that_looks_like_a_formula_or_a_number_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "arrears.xlsx"
    row = {
        "receipt_no": "00123",
        "household_no": "1E5",
        "received_on": DAY,
        "amount": -1,
        "remark": "=1+1",
    }
    write_ledger(path, "arrears", {Receipt: [row]}, load_theme())
    columns = read(path, Receipt).columns
    assert {name: columns[name].values[0] for name in row} == row


def test_every_header_of_every_blank_ledger_is_recognised(tmp_path: Path) -> None:
    paths = {path.stem: path for path in write_blank_ledgers(tmp_path, load_theme())}
    for model in all_models():
        table = read(paths[model.SHEET.workbook], model)
        assert list(table.columns) == list(model.model_fields)
        assert table.missing == ()
        assert table.unknown == {}
        assert table.rows == []
