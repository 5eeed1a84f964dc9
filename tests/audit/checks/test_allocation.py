"""配租: every check finds its bad example and passes its good one; and the frozen texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.audit.checks.ledgers import facts, leads
from zhubao.allocation.draw.algorithm import draw, result_text
from zhubao.allocation.draw.texts import (
    NONE,
    DrawTicket,
    DrawUnit,
    Entrant,
    EntropySource,
    Rules,
    receipt_of,
    roster_text,
    rules_text,
    sha256,
    ticket_text,
    units_text,
)
from zhubao.allocation.event.frozen import Person, people_text
from zhubao.audit.indexes.sequence import misplaced
from zhubao.audit.registry import Family, all_checks

Row = dict[str, Any]
Tables = dict[str, Any]
NOTHING: Row = {}
NAMES = ("王小明", "李小红", "赵小刚")
NUMBERS = ("11010519491231002X", "440524188001010014", "430102197503121019")
EVENT: Row = {
    "event_no": "YH1",
    "draw_no": 1,
    "name": "粟塘小区公租房摇号",
    "purpose": "公租房配租",
    "mode": "选房顺序",
    "registration_ends_on": "2020-02-06",
    "frozen_at": "2020-02-07 09:30",
    "published_at": "2020-02-08 09:30",
    "drawn_at": "2020-02-09 09:30",
    "status": "已结束",
}


def entrant(n: int, **more: Any) -> Row:
    row: Row = {"event_no": "YH1", "entrant_no": f"YH1-{n}", "household_no": f"JT000{n}"}
    row |= {"waiting_no": f"LH0000{n}", "applicant": NAMES[n - 1], "identity_no": NUMBERS[n - 1]}
    row |= {"size": 1, "group_order": 1, "layout": "一室一厅", "status": "已冻结"}
    return {**row, "registered_at": "2020-02-05 10:00", **more}


def result(n: int, rank: int, **more: Any) -> Row:
    row: Row = {
        "event_no": "YH1",
        "draw_no": 1,
        "entrant_no": f"YH1-{n}",
        "household_no": f"JT000{n}",
    }
    return {**row, "layout": "一室一厅", "rank": rank, "outcome": "中签", **more}


def choice(n: int, at: str, **more: Any) -> Row:
    row = {"selection_no": f"XF{n}", "event_no": "YH1", "entrant_no": f"YH1-{n}"}
    row |= {"household_no": f"JT000{n}", "action": "选定", "unit_no": f"FY000{n}"}
    return {**row, "selected_at": f"2020-02-10 {at}", "lease_no": f"HT000{n}", **more}


def tables(
    *, event: Row = NOTHING, third: Row = NOTHING, last: Row = NOTHING, **more: Any
) -> Tables:
    """Three households drawn, choosing and signing in order; what is changed of the third."""
    base = {
        "draw_event": [{**EVENT, **event}],
        "roster_entry": [entrant(1), entrant(2), entrant(3, **third)],
        "draw_result": [result(1, 1), result(2, 2), result(3, 3)],
        "unit_selection": [choice(1, "09:00"), choice(2, "09:10"), choice(3, "09:20", **last)],
        "household": [{"household_no": f"JT000{n}", "applicant": NAMES[n - 1]} for n in (1, 2, 3)],
        "unit": [{"unit_no": f"FY000{n}", "layout": "一室一厅"} for n in (1, 2, 3)],
        "lease": [_lease(n) for n in (1, 2, 3)],
        "waiting_entry": [_waiting(n) for n in (1, 2, 3)],
    }
    return base | more


def _lease(n: int, **more: Any) -> Row:
    row = {"lease_no": f"HT000{n}", "household_no": f"JT000{n}", "unit_no": f"FY000{n}"}
    return {**row, "starts_on": "2020-03-01", "signed_on": "2020-02-20", **more}


def _waiting(n: int, **more: Any) -> Row:
    row = {"waiting_no": f"LH0000{n}", "household_no": f"JT000{n}", "approved_on": "2019-05-20"}
    return {**row, "status": "已配租", "closed_on": "2020-02-20", **more}


AGAIN = {**EVENT, "draw_no": 2, "drawn_at": "2020-02-09 15:00"}
APPROVED = {"redraw_reason": "设备故障", "redraw_approvers": "甲、乙"}
BANNED = {"status": "已退出", "exited_on": "2018-06-30", "exit_reason": "违规"}
STRANGER = {
    "lease_no": "HT9",
    "household_no": "JT0009",
    "unit_no": "FY9",
    "signed_on": "2020-03-02",
}
KIN = {"identity_no": NUMBERS[2], "name": "赵小刚", "staff": "周大为", "relation": "外甥"}
EARLY = [choice(3, "08:00"), choice(1, "09:00"), choice(2, "09:10")]
RECHECKED = entrant(1, checked_on="2020-02-06")
PRIORITY = [_waiting(1), _waiting(2), _waiting(3, priority_group="优抚对象")]

# code, a faulty ledger, one in order; the third household is at fault unless the event is
CASES: dict[str, tuple[Tables, Tables]] = {
    "AU-701": (tables(event={"published_at": "2020-02-10 09:00"}), tables()),
    "AU-702": (
        tables(draw_event=[EVENT, {**AGAIN, "redraw_reason": "故障", "redraw_approvers": "甲"}]),
        tables(draw_event=[EVENT, {**AGAIN, **APPROVED}]),
    ),
    "AU-703": (tables(roster_entry=[entrant(1), entrant(2)]), tables()),
    "AU-704": (
        tables(
            roster_entry=[entrant(1), entrant(2), entrant(3, group_order=2)],
            draw_result=[result(3, 1), result(1, 2), result(2, 3)],
        ),
        tables(third={"group_order": 2}),
    ),
    "AU-705": (
        tables(third={"registered_at": "2020-02-07 09:00"}),
        tables(third={"registered_at": "2020-02-06 17:00"}),
    ),
    "AU-706": (
        tables(waiting_entry=PRIORITY),
        tables(waiting_entry=PRIORITY, third={"group": "优抚对象"}),
    ),
    "AU-710": (
        tables(related_person=[KIN]),
        tables(related_person=[KIN], draw_result=[result(3, 3, outcome="递补")]),
    ),
    "AU-711": (tables(unit_selection=EARLY), tables(unit_selection=[*EARLY[1:], EARLY[0]][:2])),
    "AU-712": (
        tables(
            unit_selection=[choice(1, "09:00"), choice(2, "09:20")],
            draw_result=[result(1, 1), result(3, 2), result(2, 3)],
        ),
        tables(),
    ),
    "AU-713": (tables(draw_result=[result(1, 1), result(2, 2)]), tables()),
    "AU-714": (tables(last={"unit_no": "FY0001"}), tables()),
    "AU-715": (tables(third={"size": 3}), tables(third={"size": 2})),
    "AU-716": (
        tables(last={"lease_no": None}, lease=[_lease(1), _lease(2)]),
        tables(last={"lease_no": None}),
    ),
    "AU-721": (
        tables(household=[{"household_no": "JT0003", "applicant": "赵小刚", **BANNED}], lease=[]),
        tables(
            household=[{"household_no": "JT0003", **BANNED, "exited_on": "2015-01-31"}], lease=[]
        ),
    ),
    "AU-722": (
        tables(lease=[_lease(1), STRANGER]),
        tables(lease=[_lease(1), {**STRANGER, "signed_on": "2019-12-31"}]),
    ),
    "AU-726": (tables(last={"unit_no": "FY0009"}), tables()),
    "AU-723": (
        tables(
            waiting_entry=[_waiting(3, approved_on="2015-06-30", status="轮候中", closed_on=None)]
        ),
        tables(
            waiting_entry=[_waiting(3, approved_on="2015-07-01", status="轮候中", closed_on=None)]
        ),
    ),
    "AU-724": (
        tables(roster_entry=[RECHECKED, entrant(3, checked_on="2020-02-27")]),
        tables(roster_entry=[RECHECKED, entrant(3, checked_on="2020-02-26")]),
    ),
    "AU-725": (tables(unit_selection=[choice(1, "09:00")], lease=[_lease(1), _lease(2)]), tables()),
}
OF_THE_EVENT = {"AU-701", "AU-702", "AU-707"}
FROZEN_ONLY = {"AU-707", "AU-708", "AU-709"}


def test_every_check_of_the_family_has_its_examples() -> None:
    assert {*CASES, *FROZEN_ONLY} == {
        one.code for one in all_checks() if one.family is Family.ALLOCATION
    }


@pytest.mark.parametrize("code", sorted(CASES))
def test_the_faulty_ledger_is_a_lead_and_the_other_is_none(code: str) -> None:
    bad, good = CASES[code]
    (lead,) = leads(code, facts(**bad))
    assert len(lead.hit.cells) >= 2
    assert not any(name in lead.finding.message for name in NAMES)
    if code not in OF_THE_EVENT | {"AU-722"}:
        assert lead.hit.household == "JT0003"
    assert leads(code, facts(**good)) == []


@pytest.mark.parametrize("hidden", ["starts_on", "household_no"])
def test_a_lease_is_no_first_one_while_an_earlier_one_cannot_be_read(hidden: str) -> None:
    earlier = {**STRANGER, "lease_no": "HT0090", "signed_on": "2015-01-01", hidden: None}
    assert leads("AU-722", facts(**tables(lease=[_lease(1), earlier, STRANGER]))) == []


def test_one_household_put_ahead_is_one_lead_and_the_absent_may_come_back() -> None:
    swapped = tables(unit_selection=[choice(2, "08:00"), choice(1, "09:00"), choice(3, "09:20")])
    assert len(leads("AU-711", facts(**swapped))) == 1
    back = tables(unit_selection=[choice(2, "09:00"), choice(3, "09:10"), choice(1, "11:00")])
    assert [one.hit.household for one in leads("AU-711", facts(**back))] == ["JT0001"]
    absent = {**choice(1, "08:30"), "selection_no": "XF9", "action": "未到场", "unit_no": None}
    back["unit_selection"].insert(0, absent)
    assert leads("AU-711", facts(**back)) == []


def test_as_few_places_as_possible_break_a_sequence() -> None:
    assert misplaced([1, 2, 2, 3]) == []
    assert [(one.place, one.late) for one in misplaced([9, 1, 2, 3])] == [(0, False)]
    assert [(one.place, one.against, one.late) for one in misplaced([2, 3, 4, 1])] == [(3, 2, True)]
    assert len(misplaced([*range(500), 7, *range(500, 999)])) == 1


def test_a_draw_that_was_not_yet_held_raises_nothing() -> None:
    for code in ("AU-701", "AU-703", "AU-705"):
        assert leads(code, facts("2020-02-08", **CASES[code][0])) == []


def _frozen() -> tuple[Mapping[str, str], list[Row], list[str]]:
    """Texts of a draw of three households for two units, its rows, the entrants by rank."""
    people = [_person(n) for n in (1, 2, 3)]
    entrants = [Entrant(one.receipt, 1, "", 1, "一室一厅") for one in people]
    units = [DrawUnit(f"FY000{n}", "一室一厅", "粟塘小区", "50") for n in (1, 2)]
    roster, listed = roster_text("YH1", entrants), units_text("YH1", units)
    rules = Rules("YH1", "摇号", "order", sha256(roster), sha256(listed), (_SOURCE,))
    ticket = DrawTicket(sha256(rules_text(rules)), 1, NONE, (("现场摇球", "12 34"),))
    drawn = draw(ticket, entrants, units, "order")
    number = {one.receipt: one.entrant_no for one in people}
    texts = {"roster.txt": roster, "units.txt": listed, "rules.txt": rules_text(rules)}
    texts |= {"people.jsonl": people_text(people), "draw.txt": ticket_text(ticket)}
    texts["result.txt"] = result_text(drawn)
    rows = [
        result(
            int(number[place.receipt][-1]),
            place.rank,
            receipt_no=place.receipt,
            outcome="中签" if place.outcome == "selected" else "递补",
            reserve_rank=place.reserve_rank or None,
        )
        for place in drawn.places
    ]
    return texts, rows, [number[place.receipt] for place in drawn.places]


_SOURCE = EntropySource("现场摇球", 2, 2)


def _person(n: int) -> Person:
    identity = NUMBERS[n - 1]
    receipt = receipt_of("YH1", f"YH1-{n}", identity, "盐")
    return Person(receipt, f"YH1-{n}", "盐", NAMES[n - 1], identity, f"JT000{n}")


def _hashes(texts: Mapping[str, str]) -> Row:
    names = {"roster_hash": "roster.txt", "unit_list_hash": "units.txt", "rules_hash": "rules.txt"}
    return {name: sha256(texts[file]) for name, file in names.items()} | {
        "result_hash": sha256(texts["result.txt"])
    }


def test_the_ledger_as_it_was_drawn_raises_nothing() -> None:
    texts, rows, _ = _frozen()
    given = tables(event=_hashes(texts), draw_result=rows, last={"unit_no": "FY0002"})
    for code in ("AU-703", "AU-707", "AU-708", "AU-709"):
        assert leads(code, facts(drawn={"YH1": texts}, **given)) == []


def test_ranks_exchanged_in_the_ledger_are_found_by_drawing_again() -> None:
    texts, rows, by_rank = _frozen()
    changed = [{**rows[0], "rank": 3}, rows[1], {**rows[2], "rank": 1}]
    given = tables(event=_hashes(texts), draw_result=changed)
    found = leads("AU-708", facts(drawn={"YH1": texts}, **given))
    assert {one.hit.key[2] for one in found} == {by_rank[0], by_rank[2]}
    assert "重新计算是第 1 名中签" in "".join(one.finding.message for one in found)
    missing = tables(event=_hashes(texts), draw_result=rows[:2])
    (lead,) = leads("AU-708", facts(drawn={"YH1": texts}, **missing))
    assert "没有这一户" in lead.finding.message


def test_units_and_households_outside_the_freeze_are_found() -> None:
    texts, rows, _ = _frozen()
    given = tables(event=_hashes(texts), draw_result=rows)  # FY0003 is not on the list
    (lead,) = leads("AU-709", facts(drawn={"YH1": texts}, **given))
    assert lead.hit.unit == "FY0003"
    added = tables(event=_hashes(texts), draw_result=[*rows, {**rows[0], "entrant_no": "YH1-9"}])
    (lead,) = leads("AU-703", facts(drawn={"YH1": texts}, **added))
    assert "不在冻结的名册里" in lead.finding.message


@pytest.mark.parametrize("name", ["roster.txt", "result.txt"])
def test_texts_that_were_changed_are_told_and_never_a_crash(name: str) -> None:
    texts, rows, _ = _frozen()
    given = tables(event=_hashes(texts), draw_result=rows)
    changed = {**texts, name: texts[name].replace("一室", "两室")}
    (lead,) = leads("AU-707", facts(drawn={"YH1": changed}, **given))
    assert lead.hit.key == ("YH1", "1")
    blank = tables(event={**_hashes(texts), "roster_hash": None}, draw_result=rows)
    assert (
        "名册校验值台账是空着"
        in leads("AU-707", facts(drawn={"YH1": texts}, **blank))[0].finding.message
    )
