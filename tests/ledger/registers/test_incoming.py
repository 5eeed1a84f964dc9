"""Filled-in files against a sheet: what is read, added, updated, refused, and never done twice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from zhubao.core.theme import load_theme
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import StaffAssessment, Training
from zhubao.ledger.registers.importing import import_rows
from zhubao.ledger.registers.incoming import Incoming, Merged, merge_rows, read_incoming
from zhubao.ledger.services import HotlineTicket
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household

_DAY = dt.date(2020, 7, 1)
_FREE = ("training_no", "held_on", "subject")


def _trainings(*rows: tuple[str, int | None]) -> LedgerTable[Training]:
    return LedgerTable.from_rows(
        Training,
        [
            {"training_no": number, "held_on": _DAY, "subject": "政策", "attendees": people}
            for number, people in rows
        ],
    )


def _merged(
    table: LedgerTable[Any], incoming: LedgerTable[Any], **how: Any
) -> tuple[Merged, Change]:
    plan = Plan("导入", Loaded.of(table), load_theme().formats)
    return merge_rows(plan, table, incoming, **how), plan.build()


def _codes(merged: Merged) -> list[tuple[str, str]]:
    return [(one.code, one.where.ref if one.where else "") for one in merged.findings]


def test_a_csv_in_gb18030_is_read_with_title_aliases_and_total(tmp_path: Path) -> None:
    path = tmp_path / "培训.csv"
    text = "培训台账,,,\n编号,日期,主题,人数\nPX001,2020.7.1,政策,20人\n合计,,,20\n"
    path.write_text(text, encoding="gb18030")
    read = read_incoming(path, Training, LedgerConfig())
    assert read.table.values(0)["held_on"] == _DAY
    assert (len(read.table), read.table.column("attendees")) == (1, [20])
    assert str(read.table.cell(0, "attendees")) == "培训.csv!D3"
    assert [one.code for one in read.findings] == ["XL-203"]


def test_a_file_without_the_sheet_says_so_and_lists_the_headers(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")
    read = read_incoming(path, Training, LedgerConfig())
    assert [one.code for one in read.findings] == ["OF-101"]
    assert len(read.table) == 0


def test_missing_required_columns_are_one_finding_unless_they_may_lack(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("培训编号,参加人数,天气\nPX001,3,晴\n", encoding="utf-8")
    strict = read_incoming(path, Training, LedgerConfig())
    assert [one.code for one in strict.findings] == ["OF-102", "OF-103"]
    assert "培训日期、培训内容" in strict.findings[0].message
    lenient = read_incoming(path, Training, LedgerConfig(), may_lack=_FREE)
    assert [one.code for one in lenient.findings] == ["OF-103"]


def test_empty_cells_are_filled_and_new_keys_added_and_a_second_run_is_empty() -> None:
    ledger = _trainings(("PX001", None), ("PX002", 5))
    incoming = _trainings(("PX001", 18), ("PX002", 5), ("PX003", 9))
    merged, change = _merged(ledger, incoming)
    assert (merged.changed, merged.same, merged.added) == ((0,), (1,), (2,))
    assert [(str(edit.cell), edit.new) for edit in change.edits] == [("services.xlsx!培训!F2", 18)]
    again, empty = _merged(incoming, incoming)
    assert again.same == (0, 1, 2)
    assert empty.is_empty


def test_a_contradiction_refuses_the_row_and_names_both_cells() -> None:
    ledger, incoming = _trainings(("PX001", 18)), _trainings(("PX001", 99))
    merged, change = _merged(ledger, incoming)
    assert _codes(merged) == [("OF-109", "F2")]
    assert "99" in merged.refused[0].message
    assert "services.xlsx!培训!F2" in merged.refused[0].message
    assert change.is_empty


def test_overwrite_writes_the_contradiction_and_fill_only_keeps_it() -> None:
    ledger, incoming = _trainings(("PX001", 18)), _trainings(("PX001", 99))
    merged, change = _merged(ledger, incoming, overwrite=True)
    assert (merged.changed, change.edits[0].new) == ((0,), 99)
    kept, nothing = _merged(ledger, incoming, fill_only=True)
    assert (_codes(kept), kept.refused, nothing.is_empty) == ([("OF-110", "F2")], (), True)


def test_one_key_twice_in_the_file_counts_once_or_is_refused() -> None:
    incoming = _trainings(("PX001", 1), ("PX001", 1), ("PX001", 2))
    merged, _ = _merged(_trainings(), incoming)
    assert (merged.added, merged.same, merged.refused_rows) == ((0,), (1,), (2,))
    assert _codes(merged) == [("OF-111", "A4")]


def test_a_key_that_stands_twice_in_the_ledger_is_nobodys() -> None:
    merged, _ = _merged(_trainings(("PX001", 1), ("PX001", 2)), _trainings(("PX001", 1)))
    assert _codes(merged) == [("OF-112", "A2")]


def test_rows_without_a_number_continue_the_series_once() -> None:
    rows = [{"held_on": _DAY, "subject": "新政"}] * 2
    incoming = LedgerTable.from_rows(Training, rows)
    merged, _ = _merged(_trainings(("PX009", 1)), incoming, numbered=True)
    assert [row["training_no"] for row in merged.new_rows] == ["PX010", "PX011"]
    ledger = LedgerTable.from_rows(Training, merged.new_rows)
    again, change = _merged(ledger, incoming, numbered=True)
    assert (again.same, change.is_empty) == ((0, 1), True)


def test_a_key_of_two_columns_needs_both() -> None:
    incoming = LedgerTable.from_rows(StaffAssessment, [{"staff_no": "GH001", "name": "张三"}])
    merged, _ = _merged(LedgerTable.empty(StaffAssessment), incoming, numbered=True)
    assert _codes(merged) == [("OF-106", "A2")]


@pytest.mark.parametrize(
    ("household", "refused"), [("JT000001", ()), ("JT00001", ("OF-114",)), (None, ())]
)
def test_an_import_checks_foreign_keys(household: str | None, refused: tuple[str, ...]) -> None:
    homes = LedgerTable.from_rows(Household, [{"household_no": "JT000001"}])
    ticket = {"ticket_no": "GD1", "received_on": _DAY, "content": "咨询", "status": "待办"}
    rows = LedgerTable.from_rows(HotlineTicket, [{**ticket, "household_no": household}])
    loaded = Loaded.of(homes, LedgerTable.from_rows(HotlineTicket, []))
    made = import_rows(loaded, Incoming(rows), _DAY, load_theme().formats)
    assert tuple(one.code for one in made.findings) == refused
    assert len(made.merged.added) == (not refused)
