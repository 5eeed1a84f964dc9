"""Who and what is frozen, what stops a freeze, and what it writes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.allocation.event.freeze_ledgers import (
    AT,
    IDENTITIES,
    entry,
    event,
    freeze,
    home,
    ledgers,
    member,
    unit,
    waiting,
)
from zhubao.allocation.draw.texts import receipt_of, sha256
from zhubao.allocation.event.freeze import Freeze, known_entrants
from zhubao.allocation.event.freeze_change import freeze_change
from zhubao.allocation.event.freeze_report import freeze_report
from zhubao.allocation.event.frozen import ROSTER, read_frozen
from zhubao.allocation.event.strata import Strata
from zhubao.core.theme import load_theme
from zhubao.ledger.allocation import DrawPurpose, DrawStatus, RosterStatus
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Relation, WaitingStatus

FORMATS = load_theme(None).formats


def _codes(found: Freeze) -> list[str]:
    return sorted(finding.code for finding in (*found.stopping, *found.findings))


def _written(found: Freeze, loaded: Loaded) -> dict[tuple[str, str], Any]:
    change = freeze_change(found, loaded, FORMATS)
    return {(edit.key, edit.head.header): edit.new for edit in change.edits}


def test_a_clean_roster_is_frozen_whole_and_can_be_read_back() -> None:
    found = freeze(ledgers())
    frozen = read_frozen(found.texts)
    assert found.stopping == ()
    assert len(frozen.entrants) == 5
    assert [one.place for one in frozen.units][:1] == ["甲小区1栋2单元101"]
    assert frozen.units[0].area == "50.5"
    assert {one.stratum for one in frozen.entrants} == {"甲小区 一室一厅"}
    first = frozen.by_entrant_no["E0"]
    assert first.receipt == receipt_of("YH1", "E0", IDENTITIES[0], first.salt)
    assert first.oldest_born_on == "1949-12-31"


def test_the_order_of_the_rows_changes_no_hash_but_through_the_salts() -> None:
    rows = [entry(n) for n in range(5)]
    one, other = freeze(ledgers(rows)), freeze(ledgers(rows, units=[unit(n) for n in (3, 1, 2)]))
    assert one.hashes == other.hashes


def test_the_ledger_gets_hashes_receipts_and_the_hash_of_every_line() -> None:
    loaded = ledgers()
    found = freeze(loaded)
    written = _written(found, loaded)
    frozen = read_frozen(found.texts)
    lines = {line[:32]: line for line in frozen.texts[ROSTER].split("\n")[1:-1]}
    person = frozen.by_entrant_no["E3"]
    assert written["YH1 E3", "凭证号"] == person.receipt
    assert written["YH1 E3", "名册行校验值"] == sha256(lines[person.receipt])
    assert written["YH1 E3", "名册状态"] == "已冻结"
    assert written["YH1 1", "总校验值"] == frozen.rules_hash
    assert written["YH1 1", "名册校验值"] == frozen.rules.roster_hash
    assert written["YH1 1", "房源校验值"] == frozen.rules.units_hash
    assert written["YH1 1", "约定随机源"] == "现场摇球=6x2"
    assert (written["YH1 1", "冻结户数"], written["YH1 1", "冻结套数"]) == (5, 3)
    assert written["YH1 1", "活动状态"] == "已冻结"
    assert found.frozen_event.row.status is DrawStatus.FROZEN


def test_who_registers_on_the_last_day_takes_part_and_the_day_after_does_not() -> None:
    rows = [
        entry(0, registered_at=dt.datetime(2020, 5, 11, 23, 59)),
        entry(1, registered_at=dt.datetime(2020, 5, 12, 0, 0)),
        entry(2, registered_at=None),
    ]
    loaded = ledgers(rows)
    found = freeze(loaded)
    assert [one.row.entrant_no for one in found.admission.admitted] == ["E0", "E2"]
    assert _codes(found) == ["AL-203", "AL-211"]
    written = _written(found, loaded)
    assert written["YH1 E1", "名册状态"] == "逾期登记"
    assert "2020-05-11" in written["YH1 E1", "不予参加原因"]


def test_a_fault_of_eligibility_keeps_a_household_out_with_the_reason() -> None:
    housed = waiting(1, status=WaitingStatus.HOUSED, closed_on=dt.date(2020, 1, 5))
    loaded = ledgers(waiting=[waiting(0), housed, *(waiting(n) for n in (2, 3, 4))])
    found = freeze(loaded)
    refused = [(one.candidate.row.entrant_no, one.status) for one in found.admission.refused]
    assert refused == [("E1", RosterStatus.REFUSED)]
    assert _written(found, loaded)["YH1 E1", "不予参加原因"]
    assert "E1" not in read_frozen(found.texts).by_entrant_no


@pytest.mark.parametrize(
    ("second", "members"),
    [
        ({"identity_no": IDENTITIES[0]}, ()),
        ({"household_no": "H0"}, ()),
        ({}, (member(0, identity_no=IDENTITIES[1], relation=Relation.SPOUSE),)),
        ({}, (member(1, identity_no=IDENTITIES[0], relation=Relation.SPOUSE),)),
    ],
    ids=["same number", "same household", "spouse registered after", "spouse is applicant"],
)
def test_of_two_rows_for_one_household_the_earlier_registration_stays(
    second: dict[str, Any], members: tuple[dict[str, Any], ...]
) -> None:
    rows = [entry(1, **second), entry(0), entry(2)]
    people = [member(n) for n in range(3)] + list(members)
    loaded = ledgers(rows, member=people, waiting=[])
    rows_without = [{**row, "waiting_no": None} for row in rows]
    found = freeze(ledgers(rows_without, member=people, waiting=[]))
    assert [one.candidate.row.entrant_no for one in found.admission.refused] == ["E1"]
    assert "AL-204" in _codes(found)
    assert "AL-216" in _codes(freeze(loaded))  # numbers that 轮候册 lacks stop the freeze


def test_a_child_in_two_households_is_a_warning_only() -> None:
    child = "430102201003033457"
    people = [member(n) for n in range(5)]
    people += [member(n, identity_no=child, relation=Relation.CHILD) for n in (0, 1)]
    rows = [entry(n, waiting_no=None) for n in range(5)]
    found = freeze(ledgers(rows, member=people))
    assert "AL-205" in _codes(found)
    assert len(found.admission.admitted) == 5


def test_what_differs_from_the_ledgers_is_told_and_frozen_as_the_roster_has_it() -> None:
    rows = [entry(0, size=4, group="孤老病残"), entry(1, identity_no="430102196301011238")]
    found = freeze(ledgers(rows, household=[home(0), home(1)]))
    assert _codes(found) == ["AL-206", "AL-206", "AL-207", "AL-218"]
    messages = "".join(finding.message for finding in found.findings)
    assert "名册 4，保障家庭 2" in messages
    assert "优先类别（名册 孤老病残，轮候册 普通组）" in messages
    assert "430102196301011238" not in messages
    assert found.lines.entrants[0].size == 4


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"identity_no": None}, "AL-201"),
        ({"entrant_no": "E0"}, "AL-202"),
        ({"estate": "乙小区"}, "AL-208"),
        ({"group_order": 7}, "AL-210"),
        ({"waiting_no": "W99"}, "AL-216"),
        ({"status": RosterStatus.FROZEN}, "AL-219"),
    ],
)
def test_one_such_row_stops_the_whole_freeze(row: dict[str, Any], code: str) -> None:
    loaded = ledgers([entry(0), entry(1, **row)])
    found = freeze(loaded)
    assert code in {finding.code for finding in found.stopping}
    assert not found.is_possible
    assert freeze_change(found, loaded, FORMATS).is_empty
    assert "没有冻结" in "".join(freeze_report(found, loaded).notes)


def test_an_event_in_two_estates_needs_the_estate_unless_strata_are_layouts() -> None:
    loaded = ledgers(events=[event(estate="甲小区、乙小区")])
    assert {one.code for one in freeze(loaded).stopping} == {"AL-209"}
    by_layout = freeze(loaded, Strata.LAYOUT)
    assert by_layout.is_possible
    assert set(by_layout.units.by_stratum) == {"一室一厅"}
    assert set(freeze(loaded, Strata.WHOLE).lines.by_stratum) == {"全部房源"}


def test_spellings_of_a_layout_meet_and_a_missing_one_follows_from_the_size() -> None:
    rows = [entry(0, layout="1房1厅"), entry(1, layout=None), entry(2, layout="三室一厅")]
    found = freeze(ledgers(rows))
    assert [found.lines.entrants[n].stratum for n in (0, 1)] == ["甲小区 一室一厅"] * 2
    assert found.lines.respelt == {("1房1厅", "一室一厅"): 1}
    assert "AL-213" in _codes(found)  # three rooms: households, no unit


def test_groups_without_an_order_follow_policy() -> None:
    names = ("优抚对象", "孤老病残", "其他优先", None, "普通组")
    rows = [entry(n, group=name) for n, name in enumerate(names)]
    found = freeze(ledgers(rows))
    assert [found.lines.entrants[n].group_order for n in range(5)] == [1, 2, 3, 4, 4]
    assert [found.lines.entrants[n].group for n in (3, 4)] == ["", ""]


def test_who_was_taken_out_by_hand_is_listed_and_a_missing_reason_is_told() -> None:
    rows = [
        entry(0),
        entry(1, status=RosterStatus.REFUSED, refusal_reason="外区已配租"),
        entry(2, status=RosterStatus.REFUSED),
    ]
    loaded = ledgers(rows)
    found = freeze(loaded)
    assert [one.message[:2] for one in found.findings if one.code == "AL-226"] == ["E2"]
    (table,) = [one for one in freeze_report(found, loaded).tables if one.key == "refused"]
    assert [(row.values[0], row.values[3]) for row in table.rows] == [
        ("E1", "外区已配租"),
        ("E2", "没有写原因"),
    ]


def test_a_group_put_before_one_that_policy_prefers_is_told() -> None:
    rows = [entry(0, group="孤老病残", group_order=2), entry(1, group="引进人才", group_order=1)]
    found = freeze(ledgers([*rows, entry(2, group_order=4)]))
    told = [one for one in found.findings if one.code == "AL-224"]
    assert len(told) == 1
    assert "“引进人才”的组序是 1，不在“孤老病残”（组序 2）之后" in told[0].message
    assert found.is_possible


def test_a_draw_for_resettled_households_asks_no_waiting_list() -> None:
    rows = [entry(n, waiting_no=None, household_no=None, size=5) for n in (0, 1)]
    loaded = ledgers(
        rows, events=[event(purpose=DrawPurpose.RESETTLEMENT)], household=[], waiting=[]
    )
    found = freeze(loaded)
    assert found.is_possible
    assert _codes(found) == []


def test_a_second_freeze_refuses_rows_put_in_since_the_first_and_drops_their_receipts() -> None:
    known = known_entrants(freeze(ledgers([entry(0), entry(1)])).texts)
    rows = [
        entry(0, status=RosterStatus.FROZEN, receipt_no="a" * 32, salt="b" * 32),
        entry(1, status=RosterStatus.FROZEN, receipt_no="c" * 32, size=3),
        entry(2),
    ]
    frozen_row = event(status=DrawStatus.FROZEN, frozen_at=AT, rules_hash="d" * 64, remark="第一批")
    loaded = ledgers(rows, events=[frozen_row])
    later = AT + dt.timedelta(hours=1)
    found = freeze(loaded, known=known, at=later, reason="人口有误")
    assert set(read_frozen(found.texts).by_entrant_no) == {"E0", "E1"}
    written = _written(found, loaded)
    assert written["YH1 E2", "名册状态"] == "逾期登记"
    assert written["YH1 E0", "凭证号"] != "a" * 32
    remark = written["YH1 1", "备注"]
    assert remark.startswith(
        "第一批；2020-05-12 10:30 重新冻结，原因：人口有误；代替2020-05-12 09:30"
    )
    assert known_entrants(found.texts) == {"E0", "E1", "E2"}
