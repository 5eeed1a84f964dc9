"""Sentences offered, and what the clerk made of them: deleted, reworded, numbers changed since."""

from __future__ import annotations

import pytest

from zhubao.core.errors import UsageError
from zhubao.summary.narrative.notes import notes_from_toml
from zhubao.summary.narrative.offers import Edits, Offered, Settled, edits_from_document

LATE = "problem.approval.overdue"
OLD = "截至2020年6月30日，在办的审批中有12件已经超过时限（市级5件、区级7件）。"
NEXT_DAY = OLD.replace("6月30日", "7月15日")
CHANGED = OLD.replace("12", "13").replace("7件", "8件")


def _edits(*lines: str, offered: str = OLD) -> Edits:
    remembered = {LATE: Offered.of(offered).remembered()}
    return edits_from_document(remembered, [(LATE, line) for line in lines])


def _settled(edits: Edits, sentence: str) -> Settled:
    return edits.settle({LATE: sentence})[LATE]


@pytest.mark.parametrize(("sentence", "stays"), [(OLD, True), (NEXT_DAY, True), (CHANGED, False)])
def test_a_deleted_sentence_comes_back_when_its_figures_change_not_its_day(
    sentence: str, stays: bool
) -> None:
    for deleted in (_edits(), _edits("  ")):
        assert _settled(deleted, sentence).is_dropped is stays


@pytest.mark.parametrize(
    ("own", "sentence", "kept"),
    [
        ("有12件审批超期，其中三件本周办结。", OLD, True),
        ("有12件审批超期，市级5件。", CHANGED, False),
        ("市级有5件审批超期。", CHANGED, True),
        ("市级有５件审批超期。", CHANGED, True),
        ("七件区级的超期。", CHANGED, False),
        ("审批有超期的，正在催办。", CHANGED, True),
        ("截至2020年6月30日，市级5件超期。", NEXT_DAY, False),
        ("市级5件超期。", OLD.replace("（市级5件、区级7件）", "（市级5件）"), False),
    ],
)
def test_own_words_stand_while_every_number_in_them_is_what_it_was(
    own: str, sentence: str, kept: bool
) -> None:
    found = _settled(_edits(own), sentence)

    assert found.lines == ((own,) if kept else (None,))
    assert found.lost == (() if kept else (own,))


def test_a_line_added_below_stays_while_the_sentence_is_renewed() -> None:
    found = _settled(_edits(OLD, "已向分管领导报告。"), CHANGED)

    assert found.lines == (None, "已向分管领导报告。")


def test_what_was_reworded_of_a_problem_that_is_gone_is_not_lost_silently() -> None:
    assert _edits("有12件超期。").settle({})[LATE] == Settled((), ("有12件超期。",))
    assert _edits(OLD).settle({}) == {}


def test_a_document_that_remembers_nothing_is_judged_by_todays_numbers() -> None:
    unknown = edits_from_document({}, [(LATE, "有12件超期。")])

    assert _settled(unknown, OLD).is_reworded
    assert _settled(unknown, CHANGED).lost
    assert not _settled(Edits(), OLD).is_dropped


def test_the_number_before_a_plan_is_no_part_of_it() -> None:
    plan = "针对“审批超期未办”：逐件催办。"
    remembered = {"plan.approval.overdue": Offered.of(plan).remembered()}
    edits = edits_from_document(remembered, [("plan.approval.overdue", f"4. {plan}")])

    assert edits.settle({"plan.approval.overdue": plan})["plan.approval.overdue"].lines == (None,)


def test_what_is_remembered_fits_a_property_and_reads_the_same() -> None:
    assert Offered.read(Offered.of(OLD).remembered()) == Offered.of(OLD)
    many = "、".join(f"某小区{number}套" for number in range(1000, 1080))
    line = Offered.of(many).remembered()
    assert len(line) <= 255
    assert _settled(_edits("某小区1001套。", offered=many), many).is_reworded
    assert _settled(_edits("某小区1001套。", offered=many), many + "共3套。").lost
    assert Offered.read("x") is None


def test_notes_name_problems_to_leave_out_or_to_offer_again() -> None:
    notes = notes_from_toml('drop = ["approval.overdue"]\nlead = "好。"', "补写.toml")
    assert notes.texts == {"lead": ("好。",)}
    dropped = _settled(Edits().updated(notes.edits), OLD)
    assert dropped.is_dropped
    assert not dropped.sentence  # it is offered again once the file no longer says so

    kept = notes_from_toml('keep = ["approval.overdue"]', "补写.toml")
    assert not _settled(_edits().updated(kept.edits), OLD).is_dropped

    with pytest.raises(UsageError, match="drop"):
        notes_from_toml("drop = 3", "补写.toml")
