"""A counter at work on ledgers: what is typed, what is kept, what another counter sees of it."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from tests.allocation.selection.events import AT, DAY, EVENT, ONE, basis_of, chosen, event_ledgers
from zhubao.allocation.draw.algorithm import draw, result_text
from zhubao.allocation.draw.texts import (
    NONE,
    UNIT,
    DrawTicket,
    DrawUnit,
    Entrant,
    EntropySource,
    Rules,
    parse_roster,
    parse_units,
    receipt_of,
    roster_text,
    rules_text,
    sha256,
    ticket_text,
    units_text,
)
from zhubao.allocation.event.frozen import Person, people_text
from zhubao.allocation.selection.basis import basis_findings, read_basis
from zhubao.allocation.selection.numbers import selection_series
from zhubao.allocation.selection.queue import spelled
from zhubao.allocation.selection.report import left_by_stratum, selection_report
from zhubao.allocation.selection.rows import selection_rows
from zhubao.allocation.selection.script import play
from zhubao.allocation.selection.session import Desk, Session
from zhubao.allocation.selection.typed import Typed, Verb, understand
from zhubao.core.errors import UsageError
from zhubao.core.theme import load_theme
from zhubao.ledger.allocation import DrawStatus, SelectionAction
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.store.draw_archive import DrawArchive
from zhubao.ledger.store.selection_log import SelectionLog, SelectionLogBroken
from zhubao.ledger.tenants import LeaseStatus
from zhubao.ledger.units import UnitStatus

FORMATS = load_theme(None).formats
_RACE = """
import sys, pathlib
from tests.allocation.selection.events import AT, basis_of, event_ledgers
from zhubao.allocation.selection.session import Desk, Session
from zhubao.ledger.store.selection_log import SelectionLog
root = pathlib.Path(sys.argv[1])
basis = basis_of(event_ledgers(["一室一厅"] * 15, ["一室一厅"] * 15))
session = Session(basis, SelectionLog(root, "YH202004"), Desk(name=sys.argv[2]))
while session.current():
    left = session.standing.left("甲小区 一室一厅")
    session.take(left[0].unit_no, AT)
"""


def at_counter(loaded: Loaded, root: Path, name: str = "1") -> Session:
    return Session(basis_of(loaded, root), SelectionLog(root, EVENT), Desk("李", "王公证", name))


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("3-0502", Typed(Verb.CHOOSE, "3-0502")),
        ("选定 ３－０５０２", Typed(Verb.CHOOSE, "3-0502")),
        ("放弃，面积太小", Typed(Verb.ABANDON, "面积太小")),
        ("未到", Typed(Verb.ABSENT)),
        ("撤销 输错房号", Typed(Verb.WITHDRAW, "输错房号")),
        ("撤销 第73号 输错房号", Typed(Verb.WITHDRAW, "输错房号", 73)),
        ("跳到 73", Typed(Verb.GO_TO, "", 73)),
        ("第 73 号 放弃 太远", Typed(Verb.ABANDON, "太远", 73)),
        ("@73 3-0502", Typed(Verb.CHOOSE, "3-0502", 73)),
        ("  ", Typed(Verb.NOTHING)),
        ("结束", Typed(Verb.END)),
    ],
)
def test_lines_are_understood_as_clerks_type_them(line: str, meant: Typed) -> None:
    assert understand(line) == meant


def test_a_unit_is_known_by_its_door_when_that_is_clear(tmp_path: Path) -> None:
    assert {spelled(text) for text in ("1栋0102室", "１－102", "01-0102")} == {"1-102"}
    session = at_counter(event_ledgers(units=["一室一厅"] * 3), tmp_path)
    queue = session.basis.queue
    assert [home.unit_no for home in queue.find("1栋2单元0102")] == ["U2"]
    assert [home.unit_no for home in queue.find("1-102")] == ["U2"]
    assert queue.find("9-102") == []


def test_the_counter_goes_by_rank_and_answers_every_line(tmp_path: Path) -> None:
    """E1, E3, E4 and E2 compete for two and one unit; E4 is the first reserve."""
    session = at_counter(event_ledgers(), tmp_path)
    assert session.prompt() == f"第 1 号 张*明  {ONE}  2 人  剩 2 套  批次 P1"
    assert "选定 U2（1栋 2单元 0102，40 m²）" in session.take("1-102", AT).lines[0]
    assert "U2 已由第 1 号 张*明选定" in session.take("第3号 U2", AT).lines[0]
    assert session.take("U1", AT).lines == (
        "没有登记：U1 是甲小区 一室一厅，第 2 号 张*明 应选甲小区 两室一厅",
    )
    session.take("未到", AT)
    answer = session.take("放弃 太远，电话13812345678", AT)
    assert "递补 1（第 4 号）可以选房" in answer.lines[0]
    assert answer.entry is not None
    assert answer.entry.reason == "太远,电话138****5678"
    assert session.take("撤销", AT).refused
    assert session.current() == session.basis.queue.by_rank[4]
    session.take("跳到 2", AT)
    assert "曾未到" in session.prompt()
    assert not session.take("U3", AT).refused
    assert not session.take("U1", AT).refused
    assert session.current() is None
    assert "XF20200400005" in session.take("撤销 看错房号", AT).lines[0]
    assert left_by_stratum(session.standing, ONE)[0] == (ONE, ["U1"])


def test_a_killed_counter_goes_on_where_it_was_and_a_torn_line_does_not_count(
    tmp_path: Path,
) -> None:
    loaded = event_ledgers()
    session = at_counter(loaded, tmp_path)
    session.take("U1", AT)
    with session.log.path.open("ab") as stream:
        stream.write(b'{"n":2,"entrant')  # the power went
    again = at_counter(loaded, tmp_path)
    assert again.log.torn
    assert again.current() == again.basis.queue.by_rank[2]
    again.take("未到", AT)
    assert [one["n"] for one in SelectionLog(tmp_path, EVENT).read()] == [1, 2]


def test_a_changed_log_is_refused(tmp_path: Path) -> None:
    session = at_counter(event_ledgers(), tmp_path)
    session.take("U1", AT)
    text = session.log.path.read_text(encoding="utf-8")
    session.log.path.write_text(text.replace("U1", "U2"), encoding="utf-8")
    with pytest.raises(SelectionLogBroken, match="第 1 行被改动过"):
        at_counter(event_ledgers(), tmp_path)


def test_two_counters_see_each_other_before_every_entry(tmp_path: Path) -> None:
    """The line typed speaks of the household that was shown, not of whoever is next by now."""
    first, second = (at_counter(event_ledgers(), tmp_path, name) for name in "12")
    assert first.current() == second.current()
    first.take("U1", AT)
    assert "第 1 号 张*明 已登记选定 U1" in second.take("U2", AT).lines[0]
    assert second.current() == second.basis.queue.by_rank[2]
    assert second.take("撤销 错了", AT).refused  # the entry was not this counter's


def test_two_counters_in_two_processes_never_give_a_unit_twice(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _RACE, str(tmp_path)]
    runs = [subprocess.Popen([*command, name], cwd=Path(__file__).parents[3]) for name in "12"]
    assert [run.wait(60) for run in runs] == [0, 0]
    entries = SelectionLog(tmp_path, EVENT).read()
    assert len({one["unit_no"] for one in entries}) == len(entries) == 15
    assert len({one["selection_no"] for one in entries}) == 15


def test_a_script_stands_as_a_whole_or_names_its_lines(tmp_path: Path) -> None:
    session = at_counter(event_ledgers(), tmp_path)
    lines = ["# 上午", "U1", "", "U9", "未到", "@3 U1", "结束", "U2"]
    played = play(lines, session, AT)
    assert [(fault.line, fault.text) for fault in played.faults] == [(4, "U9"), (6, "@3 U1")]
    assert len(played.said) == 1  # 未到 stands after a fault and names nobody: not judged


def test_units_that_cannot_be_let_are_not_chosen(tmp_path: Path) -> None:
    lease = {
        "lease_no": "HT1",
        "household_no": "H9",
        "unit_no": "U1",
        "starts_on": dt.date(2020, 7, 1),
        "ends_on": dt.date(2025, 6, 30),
        "monthly_rent": 100,
        "status": LeaseStatus.IN_FORCE,
    }
    dispatch = {"dispatch_no": "DP1", "project": "x", "unit_no": "U2", "unit_count": 1}
    session = at_counter(event_ledgers(leases=[lease], dispatches=[dispatch]), tmp_path)
    gone = {number: home.gone for number, home in session.basis.queue.homes.items() if home.gone}
    assert gone == {"U1": "已有在租合同 HT1", "U2": "房源调配 DP1 已占用"}
    assert session.current() == session.basis.queue.by_rank[2]  # nothing is left for the others
    housed = event_ledgers(leases=[{**lease, "household_no": "H1", "unit_no": "U7"}])
    assert "已有在租合同 HT1" in at_counter(housed, tmp_path).take("U1", AT).lines[0]


def test_the_ledger_gets_what_only_the_log_has(tmp_path: Path) -> None:
    """Rows typed in by hand come first; a number somebody used in the meantime is a finding."""
    loaded = event_ledgers(selections=[chosen(1, 1, 7)])
    session = at_counter(loaded, tmp_path)
    assert session.take("U3", AT).entry is not None
    rows = selection_rows(basis_of(loaded), session.log.entries, loaded, FORMATS)
    assert rows.count == 1
    (added,) = rows.change.added
    written = {head.header: value for head, value in zip(added.heads, added.rows[0], strict=True)}
    assert written["选房编号"] == "XF20200400008"
    assert (written["选房顺序号"], written["批次编号"], written["见证人"]) == (2, "P1", "王公证")
    assert [edit.new for edit in rows.change.edits] == [DrawStatus.SELECTING.value]
    once = event_ledgers(selections=[chosen(1, 1, 7), chosen(2, 3, 8)])
    assert selection_rows(basis_of(once), session.log.entries, once, FORMATS).change.is_empty
    clash = event_ledgers(selections=[chosen(1, 1, 7), chosen(3, 2, 8)])
    taken = selection_rows(basis_of(clash), session.log.entries, clash, FORMATS)
    assert [one.code for one in taken.findings] == ["AL-504"]
    assert taken.change.is_empty


def test_rows_that_cannot_be_true_are_found_and_unreadable_ones_stop_the_counter() -> None:
    rows = [chosen(1, 1, 1), chosen(3, 1, 2), chosen(9, 2, 3)]
    loaded = event_ledgers(selections=rows)
    basis = basis_of(loaded)
    found = basis_findings(basis, basis.standing(), loaded)
    assert [(one.code, one.where.ref) for one in found if one.where] == [
        ("AL-501", "H3"),
        ("AL-502", "A4"),
    ]
    with pytest.raises(UsageError, match="读不出"):
        basis_of(event_ledgers(selections=[{**chosen(1, 1, 1), "entrant_no": None}]))


def test_the_report_counts_units_and_households_by_stratum(tmp_path: Path) -> None:
    session = at_counter(event_ledgers(), tmp_path)
    session.take("U1", AT)
    report = selection_report(session.basis, session.standing, pending=1)
    row = report.table("strata").rows[0]
    assert row.values == (ONE, 2, 1, 1, 0, 3, 0, 0, 1, 3)
    assert (report.facts["left"], report.facts["pending"]) == (2, 1)
    assert "没有 zhubao 的冻结存档" in report.notes[1]


@pytest.mark.parametrize(
    ("event", "rows", "number"),
    [
        (
            "YH202001",
            [("XF20200100003", "YH202001"), ("XF20200300009", "YH202003")],
            "XF20200100004",
        ),
        ("YH202004", [("XF20200100003", "YH202001")], "XF20200400001"),
        ("ZS202001", [("XF20200100003", "YH202001")], "XFZS20200100001"),
        ("YH202001", [("A0007", "YH202001"), ("A0009", "X1")], "A0010"),
        ("YH202004", [], "XF20200400001"),
    ],
)
def test_numbers_go_on_as_the_sheet_has_them(
    event: str, rows: list[tuple[str, str]], number: str
) -> None:
    assert selection_series(event, rows, {owner for _, owner in rows}).after(0) == number


def test_an_archived_direct_draw_is_confirmed_or_given_up(tmp_path: Path) -> None:
    """Names, order and units come from the archive, whatever the ledgers say since."""
    people = [
        Person(receipt_of(EVENT, f"E{n}", "x", "s"), f"E{n}", "s", f"王小{n}", "x", f"H{n}")
        for n in range(1, 5)
    ]
    roster = roster_text(EVENT, [Entrant(one.receipt, 1, "", 2, "一室一厅") for one in people])
    units = units_text(EVENT, [DrawUnit(f"U{n}", "一室一厅", "", "40") for n in (1, 2, 3)])
    sources = (EntropySource("摇球", 1, 2),)
    rules = rules_text(Rules(EVENT, "演示", UNIT, sha256(roster), sha256(units), sources))
    archive = DrawArchive(tmp_path, EVENT)
    texts = {"roster.txt": roster, "units.txt": units, "rules.txt": rules}
    archive.keep_frozen(sha256(rules), {**texts, "people.jsonl": people_text(people)})
    event = {
        "roster_hash": sha256(roster),
        "unit_list_hash": sha256(units),
        "rules_hash": sha256(rules),
    }
    loaded = event_ledgers(
        event=event, unit_changes={3: {"status": UnitStatus.FITTING_OUT, "layout": None}}
    )
    with pytest.raises(UsageError, match="还没有摇号"):
        read_basis(loaded, tmp_path, EVENT, DAY)
    ticket = DrawTicket(sha256(rules), 1, NONE, (("摇球", "07"),))
    drawn = draw(ticket, parse_roster(roster)[1], parse_units(units)[1], UNIT)
    archive.keep_draw(1, {"draw.txt": ticket_text(ticket), "result.txt": result_text(drawn)})
    session = at_counter(loaded, tmp_path)
    first, last = session.basis.queue.candidates[0], session.basis.queue.candidates[3]
    assert f"摇中 {first.unit_no}" in session.prompt()
    assert first.masked.startswith("王*")
    assert last.reserve_rank == 1
    session.take("放弃 太远", AT)
    for _ in range(3):
        session.take("是", AT)
    assert session.standing.unit_of[last.entrant_no] == first.unit_no
    assert session.standing.is_done()
    assert session.standing.last[last.entrant_no].action is SelectionAction.CHOSEN
