"""Who must sign in a quarter, and filled-in lists read back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.subsidy.rental.small_ledgers import FORMATS, Q2, day, grant, household, ledgers, sign
from zhubao.core.errors import UsageError
from zhubao.excel.sheet import RawSheet
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.statement_file import StatementFile
from zhubao.ledger.subsidies import SubsidyStatus
from zhubao.subsidy.rental.signin import sign_in_list
from zhubao.subsidy.rental.signin_entry import SignInEntry, enter_sign_ins
from zhubao.subsidy.rental.signin_file import read_sign_ins
from zhubao.subsidy.rental.signin_report import sign_in_report

JULY = dt.date(2020, 7, 10)
HEADERS = ["补贴编号", "家庭编号", "申请人", "季度", "是否签到", "签到日期", "签字"]


def entry(loaded: Loaded, *sheets: list[list[Any]], **more: Any) -> SignInEntry:
    made = [
        RawSheet("签到.xlsx", f"社区{number}", [["签到表", *[""] * 6], HEADERS, *rows])
        for number, rows in enumerate(sheets)
    ]
    read = read_sign_ins(StatementFile("签到.xlsx", tuple(made)), LedgerConfig())
    return enter_sign_ins(loaded, read.table, Q2, JULY, FORMATS, **more)


def line(number: str, signed: str = "", on: str = "", **more: str) -> list[Any]:
    return [number, more.get("home", ""), "张三", more.get("quarter", "2020-Q2"), signed, on, ""]


def test_due_is_who_is_in_force_in_any_month_of_the_quarter() -> None:
    grants = [
        grant("B1", "H1"),
        grant("B2", "H2", status=SubsidyStatus.STOPPED, status_changed_on=day("2020-05-20")),
        grant("B3", "H3", status=SubsidyStatus.STOPPED, status_changed_on=day("2020-04-20")),
        grant("B4", "H4"),
    ]
    signs = [sign("B1"), sign("B2", signed_on=day("2020-07-08")), sign("B3")]
    loaded = ledgers(grants, signs, households=[household(f"H{n}") for n in (1, 2, 3)])
    listed = sign_in_list(loaded, Q2, JULY)
    assert [(one.index, one.signed, one.late) for one in listed.due] == [
        (0, True, False),
        (1, True, True),
        (3, False, False),
    ]
    assert (listed.rate.numerator, listed.rate.denominator) == (2, 3)
    before = sign_in_list(loaded, Q2, dt.date(2020, 7, 1))
    assert before.rate.numerator == 1
    assert list(listed.by_community()) == ["甲社区", "（社区空着）"]
    paper = sign_in_report(listed, on_paper=True)
    assert [len(table.rows) for table in paper.tables] == [2, 1]
    assert all(table.signatures for table in paper.tables)


def test_every_sheet_of_the_filled_in_list_is_entered_and_a_second_time_changes_nothing() -> None:
    grants = [grant(f"B{n}", f"H{n}") for n in range(1, 5)]
    signs = [sign("B3", "2020年第二季度", signed=False, signed_on=None)]
    loaded = ledgers(grants, signs)
    sheets = [line("B1", "是", "2020.6.3"), line("B2")], [line("B3", "", "2020-07-04"), line("B4")]
    first = entry(loaded, *map(list, sheets))
    assert (first.new, first.changed, first.empty, first.late) == (1, 1, 2, 1)
    assert not first.findings
    added = first.change.added[0]
    written = dict(zip((head.header for head in added.heads), added.rows[0], strict=True))
    assert (written["补贴编号"], written["季度"], written["是否签到"]) == (
        "B1",
        "2020年第二季度",  # as the ledger spells it
        "是",
    )
    assert {edit.head.header: str(edit.new) for edit in first.change.edits} == {
        "是否签到": "是",
        "签到日期": "2020-07-04",
    }
    rows = [
        sign("B1", "2020年第二季度", signed_on=day("2020-06-03")),
        sign("B3", "2020年第二季度", signed_on=day("2020-07-04")),
    ]
    second = entry(ledgers(grants, rows), *map(list, sheets))
    assert second.change.is_empty
    assert (second.new, second.changed, second.known) == (0, 0, 2)


def test_rows_at_fault_are_located_and_keep_the_others() -> None:
    grants = [
        grant("B1", "H1"),
        grant("B2", "H2"),
        grant("B3", "H3", status=SubsidyStatus.STOPPED, status_changed_on=day("2019-12-01")),
    ]
    found = entry(
        ledgers(grants, [sign("B2")]),
        [
            line("B9", "是"),
            line("B1", "是", quarter="2020-Q1"),
            line("B1", "是", "2021-06-03"),
            line("B1", "是", "2020-03-31"),
            line("B1", "是", home="H2"),
            line("B2", "否"),
            line("B3", "是", "2020-06-05"),
            line("B1", "是", "2020-06-05"),
        ],
    )
    assert [(one.code, one.where.ref if one.where else "") for one in found.findings] == [
        ("SB-110", "A3"),
        ("SB-111", "D4"),
        ("SB-112", "F5"),
        ("SB-112", "F6"),
        ("SB-113", "B7"),
        ("OF-109", "E8"),
        ("SB-114", "A9"),
    ]
    assert found.new == 2


def test_a_file_without_any_list_is_refused() -> None:
    file = StatementFile("别的.xlsx", (RawSheet("别的.xlsx", "表", [["姓名", "电话"], ["张", 1]]),))
    with pytest.raises(UsageError, match="没有签到表"):
        read_sign_ins(file, LedgerConfig())
