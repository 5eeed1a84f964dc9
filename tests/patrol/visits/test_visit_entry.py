"""Visits recorded one by one and read from lists: all faults at once, nothing twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.ledger.bureaus import FORMATS
from tests.patrol.visits.town import day, home, key, town, visit
from zhubao.core.errors import UsageError
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import Occupancy, PatrolKind
from zhubao.ledger.statement_file import read_statement_file
from zhubao.patrol.visits.entry import Entry, EntryOrder, enter_lists
from zhubao.patrol.visits.lists import read_lists
from zhubao.patrol.visits.recording import VisitOrder, record_visit

HEADER = "家庭编号,走访日期,是否在家,居住情况,发现问题,整治编号"
LATEST = day("2020-07-31")


def enter(folder: Path, rows: list[str], loaded: Loaded, header: str = HEADER) -> Entry:
    path = folder / "清单.csv"
    path.write_text("\n".join(["七月巡查", header, *rows]), encoding="utf-8")
    lists = read_lists(read_statement_file(path), LedgerConfig())
    return enter_lists(lists, loaded, EntryOrder(LATEST, "张三"), FORMATS)


def found(entry: Entry) -> list[tuple[str, str]]:
    return [(one.where.ref if one.where else "", one.code) for one in entry.findings]


def test_new_visits_are_numbered_on_and_get_their_kind_unit_and_visitor(tmp_path: Path) -> None:
    loaded = town([home("H1"), home("H2")], [visit("H1", "2020-06-01")], [key("H2")])
    rows = [
        "H1,2020.7.3,是,本人居住,否,",
        "h 2,20200704,否,,,",
        "H2,2020-07-05,是,,是,ZZ001",
        ",,,,,",
    ]
    entry = enter(tmp_path, rows, loaded)
    assert found(entry) == []
    new = entry.merged.new_rows
    assert [(row["visit_no"], row["household_no"], row["kind"].value) for row in new] == [
        ("XC000002", "H1", "日常巡查"),
        ("XC000003", "H2", "重点走访"),
        ("XC000004", "H2", "专项巡查"),
    ]
    assert {row["visitor"] for row in new} == {"张三"}
    assert new[1]["unit_no"] == "UH2"
    assert new[1]["met"] is False


def test_every_fault_is_told_at_once_with_its_cell_and_the_good_row_is_entered(
    tmp_path: Path,
) -> None:
    rows = [
        "H9,2020-07-01,是,,,",
        ",2020-07-01,是,,,",
        "H1,,是,,,",
        "H1,2021-07-01,是,,,",
        "H1,2020-07-02,,,,",
        "H1,2020-07-03,看见了,住着,,",
        "H1,2020-07-04,是,未见到人,,",
        "H1,2020-07-05,是,,,ZZ777",
        "H1,2020-07-06,是,,,",
        "H1,2020-07-06,否,,,",
        "H1,2020-07-06,是,,,",
    ]
    entry = enter(tmp_path, rows, town([home("H1")]))
    assert found(entry) == [
        ("A3", "PA-123"),
        ("A4", "PA-122"),
        ("B5", "PA-124"),
        ("B6", "PA-125"),
        ("B7", "PA-126"),
        ("C8", "PA-133"),
        ("D8", "PA-133"),
        ("D9", "PA-132"),
        ("F10", "PA-129"),
        ("B12", "PA-127"),
    ]
    assert (len(entry.merged.added), entry.refused, entry.known) == (1, 9, 1)


def test_a_list_entered_before_adds_nothing_completes_what_is_empty_and_keeps_what_differs(
    tmp_path: Path,
) -> None:
    ledger = [
        visit("H1", "2020-07-01", met=True),
        visit("H2", "2020-07-01", kind=PatrolKind.FOLLOW_UP, met=True),
    ]
    loaded = town([home("H1"), home("H2")], ledger)
    again = enter(tmp_path, ["H1,2020-07-01,是,,,", "H2,2020-07-01,是,,,"], loaded)
    assert again.change.is_empty
    assert again.known == 2
    more = enter(tmp_path, ["H1,2020-07-01,否,,否,"], loaded)
    assert [(edit.cell.ref, edit.new) for edit in more.change.edits] == [("K2", "否")]
    assert found(more) == [("C3", "OF-110")]


def test_a_file_without_the_two_columns_is_said_to_be_no_list(tmp_path: Path) -> None:
    entry = enter(tmp_path, ["王五,8"], town([home("H1")]), header="姓名,工时")
    assert [code for _, code in found(entry)] == ["PA-121"]
    assert entry.change.is_empty


def test_one_visit_is_recorded_with_what_follows_from_it() -> None:
    loaded = town([home("JT000001")], [visit("JT000001", "2020-06-01")])
    order = VisitOrder("jt1", day("2020-06-02"), met=False, has_problem=True)
    new = record_visit(order, loaded, LATEST)
    assert new.row == {
        "visit_no": "XC000002",
        "household_no": "JT000001",
        "unit_no": "UJT000001",
        "kind": PatrolKind.ROUTINE,
        "visited_on": day("2020-06-02"),
        "met": False,
        "occupancy": Occupancy.UNKNOWN,
        "has_problem": True,
    }
    assert any("zhubao patrol case --new" in note for note in new.notes)


@pytest.mark.parametrize(
    ("household", "on", "fields"),
    [
        ("JT00001", "2020-06-02", {}),
        ("JT000001", "2020-08-01", {}),
        ("JT000001", "1920-06-02", {}),
        ("JT000001", "2020-06-01", {}),
        ("JT000001", "2020-06-02", {"met": True, "occupancy": "未见到人"}),
        ("JT000001", "2020-06-02", {"campaign": "ZZ9"}),
    ],
    ids=["a digit short", "to come", "long ago", "there already", "contradiction", "campaign"],
)
def test_a_visit_that_cannot_be_is_refused(household: str, on: str, fields: dict[str, Any]) -> None:
    loaded = town([home("JT000001")], [visit("JT000001", "2020-06-01")])
    with pytest.raises(UsageError):
        record_visit(VisitOrder(household, day(on), **fields), loaded, LATEST)


def test_a_second_visit_of_one_day_is_taken_when_it_is_meant() -> None:
    loaded = town([home("JT000001")], [visit("JT000001", "2020-06-01")])
    order = VisitOrder("JT000001", day("2020-06-01"), met=True, again=True)
    assert record_visit(order, loaded, LATEST).row["visit_no"] == "XC000002"
