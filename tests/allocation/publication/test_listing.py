"""One list, three editions; what the archive says wins; every draw and choice in its time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.allocation.publication.events import (
    DRAW_AT,
    EVENT,
    FREEZE_AT,
    Event,
    frozen_event,
    without_hashes,
)
from zhubao.allocation.publication.draws import known_draw
from zhubao.allocation.publication.editions import auditor_edition, internal_edition
from zhubao.allocation.publication.lines import Stage
from zhubao.allocation.publication.listing import Listing, compute_listing
from zhubao.allocation.publication.notice import notice_terms
from zhubao.allocation.publication.public import public_edition
from zhubao.core.errors import UsageError
from zhubao.core.report import Report
from zhubao.ledger.allocation import DrawStatus, RosterStatus, SelectionAction
from zhubao.ledger.store.draw_archive import DrawArchiveBroken

DAY = dt.date(2021, 4, 1)
CHOSEN, ABANDONED = SelectionAction.CHOSEN, SelectionAction.ABANDONED
WITHDRAWN = SelectionAction.WITHDRAWN


def listed(event: Event, day: dt.date | None = DAY) -> Listing:
    return compute_listing(event.loaded, known_draw(event.loaded, event.archive, EVENT, day), day)


def editions(listing: Listing) -> tuple[Report, Report, Report]:
    return (
        public_edition(listing, notice_terms(DAY), bureau="示范局"),
        internal_edition(listing, bureau="示范局", day=DAY),
        auditor_edition(listing, bureau="示范局", day=DAY),
    )


def column(report: Report, key: str, table: str = "list") -> list[object]:
    found = report.table(table)
    place = found.index_of(key)
    return [row.values[place] for row in found.rows]


def codes(listing: Listing) -> list[tuple[str, str]]:
    return [(str(one.where).rpartition("!")[2], one.code) for one in listing.findings]


@pytest.fixture
def event(tmp_path: Path) -> Event:
    return frozen_event(tmp_path)


def test_the_three_editions_say_the_same_of_every_household(event: Event) -> None:
    event.draw()
    event.choose(1, CHOSEN, unit_no="01-001")
    event.choose(2, ABANDONED, abandon_reason="楼层太高", clerk="李经办")
    event.roster.append({**event.roster[0], "entrant_no": "X", "status": RosterStatus.LATE})
    event.roster[-1] |= {"applicant": "迟到户", "refusal_reason": "逾期"}
    listing = listed(event)
    public, internal, auditor = editions(listing)
    for key in ("rank", "group", "stratum", "outcome", "reserve_rank", "decision", "unit_no"):
        assert [one or "" for one in column(public, key)] == [
            one or "" for one in column(internal, key)
        ], key
        assert column(internal, key) == column(auditor, key)
    assert all(listing.digest in "".join(one.notes) for one in (internal, auditor))
    assert listing.digest in column(public, "value", "hashes")
    assert (column(public, "decision")[:2], column(public, "unit_no")[:2]) == (
        ["选定", "放弃"],
        ["01-001", None],
    )
    assert column(auditor, "reason", "refusals") == ["逾期"]
    assert column(auditor, "reason", "incidents") == ["楼层太高"]
    assert all("内部资料" in one.title for one in (internal, auditor))
    row = auditor.table("list").rows[0]
    assert [str(cell).split("!")[1] for cell in row.sources] == ["摇号名册", "摇号结果", "选房"]


@pytest.mark.parametrize(
    ("day", "stage", "later"),
    [
        (FREEZE_AT.date(), Stage.ROSTER, ["AL-606"]),
        (DRAW_AT.date(), Stage.RESULT, ["AL-606"]),
        (DRAW_AT.date() + dt.timedelta(days=1), Stage.SELECTION, []),
    ],
)
def test_every_past_day_can_be_replayed(
    event: Event, day: dt.date, stage: Stage, later: list[str]
) -> None:
    event.draw()
    event.choose(3, CHOSEN, unit_no="01-003")
    listing = listed(event, day)
    assert (listing.stage, [code for _, code in codes(listing)]) == (stage, later)
    public = editions(listing)[0]
    shown = {one.key for one in public.table("list").columns}
    titles = [one.title for one in public.table("list").columns]
    assert titles[0] == ("序号" if stage is Stage.ROSTER else "名次")
    said = "".join(public.table("hashes").notes)
    assert ("2021-03-05" in said) == (stage is not Stage.ROSTER)  # not known on the day
    assert ("outcome" in shown) == (stage is not Stage.ROSTER)
    assert ("decision" in shown) == (stage is Stage.SELECTION)


def test_before_the_freeze_there_is_nothing_to_publish(event: Event) -> None:
    with pytest.raises(UsageError, match="还没有冻结"):
        listed(event, FREEZE_AT.date() - dt.timedelta(days=1))
    event.events[0] |= {"frozen_at": None, "rules_hash": None}
    with pytest.raises(UsageError, match="没有可以公布的名单"):
        listed(event)


def test_changes_made_in_the_ledger_after_the_freeze_do_not_reach_the_list(event: Event) -> None:
    event.draw()
    before = listed(event)
    event.roster[4] |= {"applicant": "改名人", "group": "优抚对象", "group_order": 1, "size": 9}
    event.results[6]["rank"] = 1
    event.events[0]["result_hash"] = "0" * 64
    after = listed(event)
    assert [(line.entrant.name, line.rank) for line in after.lines] == [
        (line.entrant.name, line.rank) for line in before.lines
    ]
    assert after.digest == before.digest
    assert codes(after) == [("V2", "AL-609"), ("H8", "AL-603")]


def test_an_archive_that_was_changed_stops_the_publication(event: Event) -> None:
    event.draw()
    path = event.archive.folder / "draw-1" / "result.txt"
    path.write_bytes(path.read_bytes().replace(b"selected", b"reserve", 1))
    with pytest.raises(DrawArchiveBroken):
        listed(event)


def test_the_last_record_at_the_counter_stands_and_a_withdrawn_one_is_none(event: Event) -> None:
    event.draw()
    event.choose(1, CHOSEN, unit_no="01-001")
    event.choose(1, WITHDRAWN, selected_at=DRAW_AT + dt.timedelta(days=2))
    event.choose(2, ABANDONED)
    event.choose(2, CHOSEN, unit_no="01-002", selected_at=DRAW_AT + dt.timedelta(days=2))
    event.selections.append({**event.selections[0], "entrant_no": "谁也不是"})
    listing = listed(event)
    first, second = listing.lines[:2]
    assert (first.decision, first.unit_no) == ("", "")
    assert (second.decision, second.unit_no) == ("选定", "01-002")
    assert [one.action for one in listing.incidents] == ["放弃", "撤销"]
    assert codes(listing) == [("C6", "AL-608")]


def test_a_unit_chosen_twice_stays_with_whoever_chose_it_first(event: Event) -> None:
    event.draw()
    event.choose(2, CHOSEN, unit_no="01-001")
    event.choose(1, CHOSEN, unit_no="01-001", selected_at=DRAW_AT + dt.timedelta(days=2))
    listing = listed(event)
    assert [line.unit_no for line in listing.lines[:2]] == ["", "01-001"]
    assert codes(listing) == [("H3", "AL-501")]


def test_a_draw_that_only_the_archive_knows_is_said(event: Event) -> None:
    event.draw()
    event.events[0] |= {"drawn_at": None, "result_hash": None, "status": DrawStatus.PUBLISHED}
    event.results.clear()
    listing = listed(event)
    assert (listing.stage, [code for _, code in codes(listing)]) == (Stage.ROSTER, ["AL-612"])


def test_a_redraw_is_listed_with_its_chain_and_earlier_choices_do_not_count(event: Event) -> None:
    event.draw()
    event.choose(1, CHOSEN, unit_no="01-001")
    event.draw(
        draw_no=2,
        entropy="9 9 9",
        redraw_reason="见证人号码抄错",
        redraw_approvers="甲局长、乙书记",
    )
    listing = listed(event)
    assert (listing.row.draw_no, listing.stage, codes(listing)) == (2, Stage.RESULT, [])
    public, _, auditor = editions(listing)
    assert column(public, "reason", "chain") == [None, "见证人号码抄错"]
    assert column(auditor, "approvers", "chain") == [None, "甲局长、乙书记"]
    early = listed(event, DRAW_AT.date() + dt.timedelta(days=1))
    assert (early.row.draw_no, early.stage) == (1, Stage.SELECTION)


def test_a_redraw_without_reason_names_or_link_is_an_error(event: Event) -> None:
    event.draw()
    event.draw(draw_no=2, redraw_approvers="甲局长", earlier_hash="0" * 64)
    assert [code for _, code in codes(listed(event))] == ["AL-604"] * 3


def test_a_freeze_after_a_void_draw_is_a_roster_again(event: Event) -> None:
    event.draw()
    event.events[0]["status"] = DrawStatus.VOID
    fresh = {"draw_no": 2, "drawn_at": None, "result_hash": None, "status": DrawStatus.FROZEN}
    event.events.append({**event.events[0], **fresh, "redraw_reason": "故障"})
    event.events[1]["redraw_approvers"] = "甲、乙"
    assert listed(event).stage is Stage.ROSTER


def test_a_draw_from_before_zhubao_is_published_and_said_to_be_unverifiable(event: Event) -> None:
    event.draw()
    bare = without_hashes(event)
    listing = listed(bare)
    public = editions(listing)[0]
    assert codes(listing) == [("O2", "AL-602")]
    assert public.facts["verifiable"] is False
    assert any("不能用校验值核验" in note for note in public.notes)
    assert "receipt" not in {one.key for one in public.table("list").columns}
    assert column(public, "rank") == list(range(1, 41))


def test_ranks_that_are_not_one_to_n_and_groups_out_of_order_are_found(event: Event) -> None:
    event.draw()
    bare = without_hashes(event)
    bare.results[3]["rank"], bare.results[9]["rank"] = 30, 4
    found = [code for _, code in codes(listed(bare))]
    assert found.count("AL-610") == 2  # 30 twice, 10 missing
    bare.results[3]["rank"] = 10
    assert [code for _, code in codes(listed(bare))] == ["AL-602", "AL-611"]


def test_the_order_of_rows_in_the_ledger_does_not_matter(event: Event) -> None:
    event.draw()
    event.choose(1, CHOSEN, unit_no="01-001")
    before = listed(event).digest
    event.roster.reverse()
    event.results.reverse()
    assert listed(event).digest == before
