"""Plans of changes: built from located records, without touching a file."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.ledger.bureaus import FORMATS, make_bureau
from zhubao.core.errors import LedgerNotWritable
from zhubao.core.period import Month
from zhubao.excel.kinds import CellKind
from zhubao.ledger.arrears import ArrearsLine, Receipt
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.change_record import journal_cells, recorded, whole
from zhubao.ledger.change_report import change_report, counts
from zhubao.ledger.change_values import (
    cell_value,
    from_json,
    month_like,
    raw_value,
    same_value,
    to_json,
)
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable, Segment
from zhubao.ledger.tenants import Household


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    return make_bureau(tmp_path).load(Receipt, Household, ArrearsLine)


def plan_of(loaded: Loaded) -> Plan:
    return Plan("试改", loaded, FORMATS)


def test_a_cell_is_planned_with_its_place_old_and_new_content(loaded: Loaded) -> None:
    plan = plan_of(loaded)
    plan.put(loaded[Receipt], 0, "amount", 12_345)
    (edit,) = plan.build().edits
    assert str(edit.cell) == "arrears.xlsx!实收!D4"
    assert (edit.old, edit.new) == (Decimal("101.50"), Decimal("123.45"))
    assert edit.key == "R1"


def test_the_old_content_is_what_stands_in_the_cell_not_what_it_was_read_as(
    loaded: Loaded,
) -> None:
    plan = plan_of(loaded)
    plan.put(loaded[Receipt], 1, "amount", 500)
    (edit,) = plan.build().edits
    assert edit.old == "1,102.50元"


def test_a_cell_that_holds_the_value_already_is_left_alone(loaded: Loaded) -> None:
    plan = plan_of(loaded)
    plan.put(loaded[Receipt], 1, "received_on", dt.date(2020, 1, 2))  # stands there as 2020.1.2
    assert plan.build().is_empty


def test_respelling_writes_the_same_value_in_its_own_type(loaded: Loaded) -> None:
    plan = plan_of(loaded)
    assert plan.respell(loaded[Receipt], 1, "received_on")
    assert not plan.respell(loaded[Receipt], 0, "received_on")
    (edit,) = plan.build().edits
    assert (edit.old, edit.new) == ("2020.1.2", dt.date(2020, 1, 2))
    assert edit.head.number_format == "yyyy-mm-dd"


def test_two_values_for_one_cell_are_a_fault_of_the_program(loaded: Loaded) -> None:
    plan = plan_of(loaded)
    plan.put(loaded[Receipt], 0, "amount", 1)
    with pytest.raises(ValueError, match="two values"):
        plan.put(loaded[Receipt], 0, "amount", 2)


def test_new_records_land_behind_the_last_one_and_above_the_total(loaded: Loaded) -> None:
    plan = plan_of(loaded)
    plan.add(loaded[Receipt], [{"receipt_no": "R9", "amount": 5}])
    plan.add(loaded[Receipt], [{"receipt_no": "R10", "amount": 6}])
    (block,) = plan.build().added
    assert (block.at, block.like, block.block) == (9, 8, 4)  # the total stands in row 9
    assert [row[0] for row in block.rows] == ["R9", "R10"]


def test_records_behind_the_last_subtotal_block_grow_that_block_only_and_say_so() -> None:
    rows = (4, 5, 7, 8)  # row 6 is a 小计
    plan = _receipts_at(rows, ["R1", "R2", "R3", "R4"])
    (block,) = plan.added
    assert (block.at, block.like, block.block) == (9, 8, 7)
    assert "小计" in plan.notes[0]


def test_a_last_row_without_a_key_is_taken_for_a_total_and_stays_below_new_records() -> None:
    plan = _receipts_at((4, 5, 6), ["R1", "R2", None])
    (block,) = plan.added
    assert (block.at, block.like, block.block) == (6, 5, 4)
    assert not plan.notes


def test_where_no_record_has_a_key_new_ones_land_behind_all_of_them() -> None:
    (block,) = _receipts_at((4, 5), [None, None]).added
    assert (block.at, block.like, block.block) == (6, 5, 4)


def test_a_month_is_spelled_as_in_the_last_record_with_a_key() -> None:
    values: dict[str, list[Any]] = {name: [None] * 2 for name in Receipt.model_fields}
    values |= {"receipt_no": ["R1", None], "month": [Month.of(2020, 6), None]}
    columns = _columns(values)
    columns.originals["month"] = {0: "202006"}
    letters = {"receipt_no": "A", "month": "E"}
    table = LedgerTable(Receipt, columns, (Segment("a.xlsx", "实收", (2, 3), letters, 1),))
    plan = Plan("试改", Loaded.of(table), FORMATS)
    plan.add(table, [{"receipt_no": "R2", "month": Month.of(2020, 7)}])
    assert plan.build().added[0].rows == (("R2", "202007"),)


def _receipts_at(rows: tuple[int, ...], keys: list[str | None]) -> Change:
    """The plan of one more receipt on a sheet with records in these rows."""
    values: dict[str, list[Any]] = {name: [None] * len(rows) for name in Receipt.model_fields}
    values["receipt_no"] = list(keys)
    segment = Segment("arrears.xlsx", "实收", rows, {"receipt_no": "A", "amount": "D"}, 3)
    table = LedgerTable(Receipt, _columns(values), (segment,))
    plan = Plan("试改", Loaded.of(table), FORMATS)
    plan.add(table, [{"receipt_no": "R9", "amount": 100}])
    return plan.build()


def test_records_of_an_empty_sheet_land_below_its_header(tmp_path: Path) -> None:
    loaded = make_bureau(tmp_path, receipts=()).load(Receipt)
    plan = plan_of(loaded)
    plan.add(loaded[Receipt], [{"receipt_no": "R1", "amount": 5}])
    (block,) = plan.build().added
    assert (block.at, block.like) == (4, 0)


def test_a_value_whose_column_the_sheet_lacks_is_refused_not_dropped(loaded: Loaded) -> None:
    with pytest.raises(LedgerNotWritable, match="收款方式"):
        plan_of(loaded).add(loaded[Receipt], [{"receipt_no": "R9", "method": "现金"}])


def test_a_sheet_that_is_not_there_is_added_to_its_workbook(loaded: Loaded) -> None:
    plan = plan_of(loaded)
    plan.replace_all(loaded[ArrearsLine], [{"household_no": "H1", "owed": 500}])
    (sheet,) = plan.build().new_sheets
    assert (sheet.file, sheet.sheet) == ("arrears.xlsx", "欠租明细")


def test_a_sheet_whose_workbook_is_missing_is_refused(tmp_path: Path) -> None:
    loaded = make_bureau(tmp_path).load(Household)
    plan = plan_of(loaded)
    with pytest.raises(LedgerNotWritable, match=r"arrears\.xlsx"):
        plan.add(loaded.get(Receipt), [{"receipt_no": "R1"}])


@pytest.mark.parametrize("count", [0, 2, 3, 5])
def test_a_computed_sheet_is_made_to_hold_exactly_the_rows(count: int) -> None:
    segment = Segment("a.xlsx", "欠租明细", range(4, 7), {"household_no": "A", "owed": "B"}, 3)
    values: dict[str, list[Any]] = {name: [None] * 3 for name in ArrearsLine.model_fields}
    values |= {"household_no": ["H1", "H2", "H3"], "owed": [1, 2, 3]}
    table = LedgerTable(ArrearsLine, _columns(values), [segment])
    plan = Plan("重写", Loaded.of(table), FORMATS)
    plan.replace_all(table, [{"household_no": f"N{n}", "owed": n} for n in range(count)])
    change = plan.build()
    assert counts(change)["cells"] == 2 * min(count, 3)
    assert counts(change)["rows_added"] == max(count - 3, 0)
    assert [(one.first, one.last) for one in change.removed] == (
        [(4 + count, 6)] if count < 3 else []
    )


def _columns(values: dict[str, list[Any]]) -> Any:
    from zhubao.ledger.table import Columns

    return Columns(values)


def test_amounts_kept_in_wan_yuan_are_written_in_wan_yuan() -> None:
    assert cell_value(CellKind.MONEY, 1_234_500, unit="万") == Decimal("1.2345")


@pytest.mark.parametrize(
    ("like", "written"),
    [
        ("2020-06", "2020-07"),
        ("202006", "202007"),
        (202006.0, 202007),
        ("2020年6月", "2020年7月"),
        ("2020年6月份", "2020年7月份"),
        ("2020.6", "2020.7"),
        (dt.date(2020, 6, 1), dt.date(2020, 7, 1)),
        ("", "2020-07"),
        ("上月", "2020-07"),
    ],
)
def test_a_month_follows_the_spelling_of_its_column(like: Any, written: Any) -> None:
    assert month_like(Month.of(2020, 7), like) == written


def test_every_value_survives_the_journal() -> None:
    for value in (None, True, 5, "文", Decimal("0.10"), dt.date(2020, 6, 30), dt.datetime.max):
        again = from_json(to_json(value))
        assert again == value
        assert type(again) is type(value)


def test_raw_cells_compare_by_content_not_by_type() -> None:
    assert same_value(raw_value(5.0), 5)
    assert same_value(raw_value(0.1), Decimal("0.10"))
    assert same_value(dt.datetime(2020, 6, 30), dt.date(2020, 6, 30))
    assert not same_value("5", 5)
    assert not same_value(True, 1)
    assert not same_value(raw_value(""), 0)


def change_with_everything(loaded: Loaded) -> Change:
    plan = plan_of(loaded)
    plan.put(loaded[Receipt], 0, "payer", "欧阳小明")
    plan.put(loaded[Receipt], 0, "amount", 20_000)
    plan.add(loaded[Receipt], [{"receipt_no": "R9", "amount": 550, "payer": "赵大大"}])
    plan.replace_all(loaded[ArrearsLine], [{"household_no": "H1", "owed": 500}])
    return plan.build()


def test_the_preview_counts_sums_and_masks(loaded: Loaded) -> None:
    report = change_report(change_with_everything(loaded))
    summary = {row.values[1]: row.values[2:] for row in report.table("summary").rows}
    assert summary == {"实收": (2, 1, 0), "欠租明细（新建）": (0, 1, 0)}
    sums = {row.values[:2]: row.values[2:] for row in report.table("sums").rows}
    assert sums["实收", "实收金额"] == (10_150, 20_550, 10_400)
    shown = [row.values for table in report.tables for row in table.rows]
    text = str(shown)
    assert "欧阳小明" not in text
    assert "赵大大" not in text
    assert "欧**明" in text


def test_the_journal_masks_and_the_payload_gives_the_change_back(loaded: Loaded) -> None:
    change = change_with_everything(loaded)
    assert "欧阳小明" not in str(journal_cells(change))
    assert "欧阳小明" in str(journal_cells(change, mask=False))
    again = recorded(whole(change))
    assert [(cell.row, cell.head, cell.old, cell.new) for cell in again.cells] == [
        (edit.cell.position[0], edit.head, edit.old, edit.new)
        for edit in sorted(change.edits, key=lambda e: e.cell.position[::-1])
    ]
    assert (again.added, again.new_sheets) == (change.added, change.new_sheets)
