"""Finding the event's row, trusting the archived freeze, and what changed in the ledger since."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.allocation.event.freeze_ledgers import AT, entry, event, freeze, ledgers, unit
from zhubao.allocation.event.announce import announce, announce_change, announce_report
from zhubao.allocation.event.drift import drift
from zhubao.allocation.event.freeze import Freeze
from zhubao.allocation.event.frozen import PEOPLE, read_frozen
from zhubao.allocation.event.notice import annex_report, notice_report
from zhubao.allocation.event.record import EventRow, event_row, frozen_of, names_freeze
from zhubao.allocation.event.slips import PLACEHOLDERS, handing_out_order, slip_context
from zhubao.allocation.event.standing import refuse_announcement, refuse_freeze
from zhubao.core.errors import UsageError
from zhubao.core.theme import load_theme
from zhubao.ledger.allocation import DrawEvent, DrawStatus, RosterStatus
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.store.draw_archive import DrawArchive, DrawArchiveBroken

Row = dict[str, Any]


def _rows_after(found: Freeze) -> list[Row]:
    """The roster as the freeze leaves it."""
    table = [entry(n) for n in range(5)]
    for n, person in found.lines.people.items():
        table[n] |= {
            "status": RosterStatus.FROZEN,
            "salt": person.salt,
            "receipt_no": person.receipt,
        }
    return table


def _event_after(found: Freeze, **values: Any) -> Row:
    row = found.frozen_event.row
    return {name: getattr(row, name) for name in type(row).model_fields} | values


def test_the_latest_draw_of_an_event_is_found_however_its_number_is_typed() -> None:
    loaded = ledgers(events=[event(draw_no=2, name="重摇"), event()])
    assert event_row(loaded, " yh1 ").row.name == "重摇"
    assert event_row(loaded, "\uff39\uff28\uff11").row.name == "重摇"  # full width
    with pytest.raises(UsageError, match="没有编号") as refused:
        event_row(loaded, "YH2")
    assert "YH1" in refused.value.advice
    with pytest.raises(UsageError, match="有 2 行"):
        event_row(ledgers(events=[event(), event()]), "YH1")
    with pytest.raises(UsageError, match="空着或读不出"):
        event_row(ledgers(events=[event(mode=None)]), "YH1")
    unread = ledgers(events=[event(registration_ends_on=None)])
    unread[DrawEvent].bad["registration_ends_on"] = {0}  # type: ignore[index]
    with pytest.raises(UsageError, match="时间读不出"):  # a deadline that nobody can read
        event_row(unread, "YH1")


def test_an_archived_freeze_is_trusted_only_as_the_ledger_names_it(tmp_path: Path) -> None:
    found, archive = freeze(ledgers()), DrawArchive(tmp_path, "YH1")
    archive.keep_frozen(found.hashes[2], found.texts)
    assert len(frozen_of(archive, found.frozen_event).people) == 5
    with pytest.raises(UsageError, match="还没有冻结"):
        frozen_of(archive, found.event)
    for name in ("roster_hash", "unit_list_hash"):
        row = found.frozen_event.row.model_copy(update={name: "0" * 64})
        with pytest.raises(DrawArchiveBroken, match="不一致"):
            frozen_of(archive, EventRow(0, row))
    wrong = found.hashes[2][:16] + "0" * 48
    row = found.frozen_event.row.model_copy(update={"rules_hash": wrong})
    with pytest.raises(DrawArchiveBroken, match="总校验值"):
        frozen_of(archive, EventRow(0, row))


def test_a_hash_taken_out_of_the_ledger_does_not_make_typed_ranks_count(tmp_path: Path) -> None:
    found, archive = freeze(ledgers()), DrawArchive(tmp_path, "YH1")
    assert not names_freeze(archive, found.event.row)  # drawn without zhubao, or not yet
    archive.keep_draw(1, {"result.txt": ""})
    assert names_freeze(archive, found.frozen_event.row)
    with pytest.raises(DrawArchiveBroken, match="总校验值却空着"):
        names_freeze(archive, found.event.row)


def test_names_swapped_behind_the_receipts_are_noticed(tmp_path: Path) -> None:
    found, archive = freeze(ledgers()), DrawArchive(tmp_path, "YH1")
    lines = found.texts[PEOPLE].replace('"E0"', '"E9"')
    archive.keep_frozen(found.hashes[2], {**found.texts, PEOPLE: lines})
    with pytest.raises(DrawArchiveBroken, match="对不上"):
        frozen_of(archive, found.frozen_event)


def test_later_changes_of_the_ledger_are_told_and_leave_the_freeze_alone(tmp_path: Path) -> None:
    found, archive = freeze(ledgers()), DrawArchive(tmp_path, "YH1")
    archive.keep_frozen(found.hashes[2], found.texts)
    rows = _rows_after(found)
    assert drift(ledgers(rows), read_frozen(found.texts)) == ()
    rows[1] |= {"size": 3, "layout": "1室1厅"}
    changed = [*rows[:4], entry(0, entrant_no="E9"), entry(0, entrant_no="E8", status="不予参加")]
    loaded = ledgers(changed, events=[_event_after(found)], units=[unit(9)])
    frozen = frozen_of(archive, event_row(loaded, "YH1"))
    assert [(one.code, str(one.where)) for one in drift(loaded, frozen)] == [
        ("AL-232", "allocation.xlsx!摇号名册"),
        ("AL-233", "allocation.xlsx!摇号名册!G3"),
        ("AL-231", "allocation.xlsx!摇号名册!A6"),
    ]
    assert frozen == read_frozen(found.texts)


@pytest.mark.parametrize(
    ("row", "words", "said"),
    [
        ({"draw_no": 2}, {}, "第 2 次"),
        ({"status": DrawStatus.FROZEN}, {}, "没有校验值"),
        ({"status": DrawStatus.FINISHED}, {}, "已结束"),
        ({"rules_hash": "a", "frozen_at": AT, "status": DrawStatus.FROZEN}, {"by": "王"}, "王"),
        ({"rules_hash": "a", "frozen_at": AT}, {"again": True}, "写明原因"),
        ({}, {"announced": "2020-05-10T09:00:00"}, "2020-05-10 09:00 登记过公布"),
        ({"rules_hash": "a", "published_at": AT}, {"again": True, "reason": "错"}, "已经公布"),
        ({}, {"again": True, "reason": "错"}, "还没有冻结过"),
        ({"registration_ends_on": dt.date(2020, 5, 13)}, {}, "才截止"),
    ],
)
def test_a_freeze_that_may_not_be_is_refused(row: Row, words: Row, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        refuse_freeze(
            EventRow(0, event_row(ledgers(events=[event(**row)]), "YH1").row), AT, **words
        )


def test_before_it_is_announced_an_event_may_be_frozen_again_for_a_reason() -> None:
    row = event(rules_hash="a", frozen_at=AT, status=DrawStatus.FROZEN)
    refuse_freeze(event_row(ledgers(events=[row]), "YH1"), AT, again=True, reason="人口有误")


def test_an_announcement_is_refused_too_early_and_twice() -> None:
    found = freeze(ledgers())
    with pytest.raises(UsageError, match="早于冻结时间"):
        refuse_announcement(found.frozen_event, AT - dt.timedelta(minutes=1), "网站")
    with pytest.raises(UsageError, match="还没有冻结"):
        refuse_announcement(found.event, AT, "网站")
    refuse_announcement(found.frozen_event, AT, "网站")
    announced = _event_after(found, published_at=AT, status=DrawStatus.PUBLISHED)
    with pytest.raises(UsageError, match="已经登记过公布"):
        refuse_announcement(event_row(ledgers(events=[announced]), "YH1"), AT, "网站")


def test_an_announcement_writes_three_cells_and_tells_what_changed() -> None:
    found = freeze(ledgers())
    planned = _event_after(found, planned_at=AT)
    loaded: Loaded = ledgers(_rows_after(found)[:4], events=[planned])
    made = announce(event_row(loaded, "YH1"), read_frozen(found.texts), AT, " 网站 ")
    change = announce_change(made, loaded, load_theme().formats)
    assert {edit.head.header: edit.new for edit in change.edits} == {
        "公布时间": AT,
        "公布处": "网站",
        "活动状态": "已公布",
    }
    report = announce_report(made, loaded)
    assert sorted(one.code for one in report.findings) == ["AL-222", "AL-232"]
    assert report.facts["changed_rows"] == 1


def test_what_is_published_names_nobody_and_slips_name_their_household() -> None:
    found = freeze(ledgers())
    frozen = read_frozen(found.texts)
    public = repr(notice_report(found.frozen_event, frozen)) + repr(
        annex_report(found.frozen_event, frozen)
    )
    for person in frozen.people.values():
        secret = (person.applicant, person.identity_no, person.salt, person.entrant_no)
        assert not [word for word in secret if word in public]
        assert person.receipt in public
    assert all(one in public for one in found.hashes)
    context = slip_context(found.frozen_event, frozen, handing_out_order(frozen), bureau="局")
    assert set(context) == PLACEHOLDERS
    assert [slip["姓名"] for slip in context["凭证"]] == [f"张小{one}" for one in "甲乙丙丁戊"]
    first = frozen.by_entrant_no["E0"]
    assert context["凭证"][0]["凭证号"].replace(" ", "") == first.receipt
    assert context["凭证"][0]["盐值"].replace(" ", "") == first.salt
