"""Taking changes back: whole while nothing else happened, cell by cell later, never by force."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.ledger.bureaus import FORMATS, NOW, make_bureau
from zhubao.core.errors import LedgerWriteError, UsageError
from zhubao.ledger.arrears import Receipt
from zhubao.ledger.bureau import Bureau
from zhubao.ledger.change import Plan
from zhubao.ledger.change_apply import Order, apply_change
from zhubao.ledger.change_record import recorded, whole
from zhubao.ledger.history import history_report, parse_target, verification_report
from zhubao.ledger.store.journal import read_journal
from zhubao.ledger.tenants import Member
from zhubao.ledger.undo import apply_undo, plan_undo

ORDER = Order("试改", "测试员", NOW)


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return make_bureau(tmp_path)


def put(bureau: Bureau, index: int, name: str, value: object) -> str:
    loaded = bureau.load(Receipt)
    plan = Plan("改一格", loaded, FORMATS)
    plan.put(loaded[Receipt], index, name, value)
    return apply_change(bureau.root, plan.build(), bureau.config, ORDER).applied.id


def add(bureau: Bureau, *numbers: str) -> str:
    loaded = bureau.load(Receipt)
    plan = Plan("加行", loaded, FORMATS)
    rows = [
        {"receipt_no": n, "household_no": "H1", "amount": 100, "payer": "钱大大"} for n in numbers
    ]
    plan.add(loaded[Receipt], rows)
    return apply_change(bureau.root, plan.build(), bureau.config, ORDER).applied.id


def undo(bureau: Bureau, change_id: str = "") -> tuple[str, ...]:
    plan = plan_undo(bureau.root, change_id)
    apply_undo(bureau.root, plan, bureau.config, ORDER)
    return plan.left


def amounts(bureau: Bureau) -> list[int]:
    return bureau.load(Receipt)[Receipt].column("amount")


def edit_by_hand(bureau: Bureau, ref: str, value: str | float) -> None:
    path = bureau.ledgers / "arrears.xlsx"
    book = openpyxl.load_workbook(path)
    book["实收"][ref] = value
    book.save(path)


def test_an_undisturbed_change_is_taken_back_byte_for_byte(bureau: Bureau) -> None:
    path = bureau.ledgers / "arrears.xlsx"
    before = path.read_bytes()
    put(bureau, 1, "amount", 5)
    assert path.read_bytes() != before
    assert undo(bureau) == ()
    assert path.read_bytes() == before


def test_an_undo_can_itself_be_taken_back(bureau: Bureau) -> None:
    first = put(bureau, 1, "amount", 5)
    undo(bureau)
    with pytest.raises(UsageError, match="已经撤销"):
        plan_undo(bureau.root, first)
    assert amounts(bureau)[1] == 110_250
    undo(bureau, "C0002")
    assert amounts(bureau)[1] == 5


def test_there_must_be_something_to_take_back(bureau: Bureau) -> None:
    with pytest.raises(UsageError, match="没有可以撤销"):
        plan_undo(bureau.root)
    put(bureau, 1, "amount", 5)
    with pytest.raises(UsageError, match="C0009"):
        plan_undo(bureau.root, "C0009")


def test_an_older_change_goes_back_where_later_ones_left_it_alone(bureau: Bureau) -> None:
    first = put(bureau, 0, "amount", 5)
    put(bureau, 2, "amount", 7)
    assert undo(bureau, first) == ()
    assert amounts(bureau)[:3] == [10_150, 110_250, 7]


def test_what_somebody_changed_since_stays_and_is_named(bureau: Bureau) -> None:
    change = put(bureau, 0, "amount", 5)
    edit_by_hand(bureau, "D4", 8)
    (left,) = undo_nothing(bureau, change)
    assert "arrears.xlsx!实收!D4" in left
    assert amounts(bureau)[0] == 800


def undo_nothing(bureau: Bureau, change_id: str) -> tuple[str, ...]:
    plan = plan_undo(bureau.root, change_id)
    assert plan.change.is_empty
    assert not plan.restored
    return plan.left


def test_a_hand_edit_elsewhere_does_not_stand_in_the_way(bureau: Bureau) -> None:
    change = put(bureau, 0, "amount", 5)
    edit_by_hand(bureau, "G8", "补记")
    assert undo(bureau, change) == ()
    assert amounts(bureau)[0] == 10_150
    assert bureau.load(Receipt)[Receipt].column("remark")[4] == "补记"


def test_added_rows_go_again_and_the_total_shrinks(bureau: Bureau) -> None:
    add(bureau, "R8", "R9")
    put(bureau, 0, "amount", 5)
    assert len(amounts(bureau)) == 7
    assert undo(bureau, "C0001") == ()
    assert len(amounts(bureau)) == 5
    sheet = openpyxl.load_workbook(bureau.ledgers / "arrears.xlsx")["实收"]
    assert (sheet["A9"].value, sheet["D9"].value) == ("合计", "=SUM(D4:D8)")


def test_an_added_row_that_was_edited_since_stays(bureau: Bureau) -> None:
    change = add(bureau, "R8", "R9")
    edit_by_hand(bureau, "D10", 8)
    (left,) = undo_nothing(bureau, change)
    assert "2 行" in left


def test_cells_are_found_again_after_rows_moved(bureau: Bureau) -> None:
    add(bureau, "R8")
    change = put(bureau, 5, "amount", 900)  # R8, in row 9
    undo_nothing(bureau, "C0001")  # edited since: stays
    assert undo(bureau, change) == ()
    assert amounts(bureau)[5] == 100


def test_without_its_backup_a_change_cannot_be_taken_back(bureau: Bureau) -> None:
    put(bureau, 0, "amount", 5)
    shutil.rmtree(bureau.root / ".zhubao" / "backups" / "C0001")
    with pytest.raises(LedgerWriteError, match="备份"):
        plan_undo(bureau.root)


def test_the_history_of_a_cell_follows_its_row(bureau: Bureau) -> None:
    add(bureau, "R8")
    put(bureau, 5, "amount", 900)
    add(bureau, "R9")
    report = history_report(bureau.root, "arrears.xlsx!实收!D9")
    told = [(row.values[0], *row.values[-2:]) for row in report.table("cell").rows]
    assert told == [("C0002", "1.00", "9.00"), ("C0001", "（新增行）", "1.00")]


def test_the_history_names_people_only_masked(bureau: Bureau) -> None:
    add(bureau, "R8")
    journal = (bureau.root / ".zhubao" / "journal.jsonl").read_text("utf-8")
    assert "钱大大" not in journal
    report = history_report(bureau.root, "实收!F9")
    assert [row.values[-1] for row in report.table("cell").rows] == ["钱*大"]


def test_the_history_lists_changes_newest_first_with_what_became_of_them(bureau: Bureau) -> None:
    put(bureau, 0, "amount", 5)
    undo(bureau)
    rows = history_report(bureau.root).table("changes").rows
    assert [(row.values[0], row.values[-1]) for row in rows] == [
        ("C0002", "撤销 C0001"),
        ("C0001", "已由 C0002 撤销"),
    ]
    assert history_report(bureau.root, "tenants").table("changes").rows == []


@pytest.mark.parametrize("text", ["arrears.xlsx!实收!D4", "arrears!实收!$d$4", "实收！D4"])
def test_a_cell_can_be_named_as_clerks_do(bureau: Bureau, text: str) -> None:
    put(bureau, 0, "amount", 5)
    target = parse_target(text, read_journal(bureau.root).entries)
    assert (target.file, target.sheet, target.ref) == ("arrears.xlsx", "实收", "D4")


def test_a_cell_that_is_none_is_refused(bureau: Bureau) -> None:
    with pytest.raises(UsageError, match="看不懂"):
        history_report(bureau.root, "arrears.xlsx!实收!第四行")


def test_tampering_with_the_journal_is_found(bureau: Bureau) -> None:
    put(bureau, 0, "amount", 5)
    put(bureau, 0, "amount", 6)
    assert not verification_report(bureau.root)[1]
    path = bureau.root / ".zhubao" / "journal.jsonl"
    path.write_text(path.read_text("utf-8").replace('"101.50"', '"999.50"'), "utf-8")
    report, broken = verification_report(bureau.root)
    assert broken
    assert any("1" in str(row.values[1]) for row in report.table("faults").rows)


def test_an_edit_outside_between_two_changes_is_told(bureau: Bureau) -> None:
    put(bureau, 0, "amount", 5)
    edit_by_hand(bureau, "D5", 8)
    put(bureau, 0, "amount", 6)
    report, broken = verification_report(bureau.root)
    assert not broken
    (row,) = report.table("faults").rows
    assert "在改动 C0001 和 C0002 之间在 zhubao 以外改动过" in str(row.values)


def test_numbers_of_persons_in_free_text_stay_out_of_the_journal(bureau: Bureau) -> None:
    put(bureau, 0, "remark", "手机13812345678 身份证11010519491231002X")
    journal = (bureau.root / ".zhubao" / "journal.jsonl").read_text("utf-8")
    assert "13812345678" not in journal
    assert "11010519491231002X" not in journal
    assert "138****5678" in journal


TWINS = ("430199196405025332", "430199198811075332")  # both 430199********5332


def add_twins(bureau: Bureau) -> None:
    path = bureau.ledgers / "tenants.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("家庭成员")
    sheet.append(["家庭编号", "姓名", "身份证号", "与申请人关系", "备注"])
    for number in TWINS:
        sheet.append(["H1", "李大大", number, "子女", "旧"])
    book.save(path)


def remark_twins(bureau: Bureau, *words: str) -> Plan:
    loaded = bureau.load(Member)
    plan = Plan("改备注", loaded, FORMATS)
    for index, word in enumerate(words):
        plan.put(loaded[Member], index, "remark", word)
    return plan


def test_members_whose_masked_numbers_are_equal_go_back_each_to_its_own_cell(
    bureau: Bureau,
) -> None:
    add_twins(bureau)
    change = remark_twins(bureau, "甲", "乙").build()
    assert [edit.key for edit in change.edits] == ["H1 430199********5332"] * 2
    first = apply_change(bureau.root, change, bureau.config, ORDER).applied.id
    later = remark_twins(bureau, "甲", "丙").build()
    apply_change(bureau.root, later, bureau.config, ORDER)
    assert len(undo(bureau, first)) == 1  # 丙 stays: it is not what the change wrote
    assert bureau.load(Member)[Member].column("remark") == ["旧", "丙"]
    written = "".join(
        path.read_text("utf-8")
        for path in (bureau.root / ".zhubao").rglob("*")
        if path.suffix in (".jsonl", ".json")
    )
    assert not any(number in written for number in TWINS)
    assert not verification_report(bureau.root)[1]


def test_a_whole_number_in_the_key_of_an_older_change_is_not_told_again(bureau: Bureau) -> None:
    add_twins(bureau)
    kept = whole(remark_twins(bureau, "甲").build())
    kept["columns"][0]["cells"][0][1] = f"H1 {TWINS[0]}"
    assert recorded(kept).cells[0].key == "H1 430199********5332"
