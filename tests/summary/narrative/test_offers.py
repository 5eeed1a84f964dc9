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
    assert _edits("有12件超期。").settle({})[LATE] == Settled((), ("有12件超期。",), is_gone=True)
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


PLAN = "plan.rent.six_months"
VACATE = "对累计欠租满6个月的家庭逐户走访：确有困难的订立分期计划，已经退租的单独追缴。"
OWN = "配合街道做好7月汛期的摸排。"


def _planned(*lines: str, offered: str = VACATE) -> Edits:
    return edits_from_document(
        {PLAN: Offered.of(offered).remembered()}, [(PLAN, line) for line in lines]
    )


@pytest.mark.parametrize(
    ("lines", "kept", "numbered"),
    [
        ((OWN, f"2. {VACATE}"), (OWN, None), {0, 1}),
        ((f"2. {OWN}", f"3. {VACATE}"), (OWN, None), {0, 1}),
        ((f"2. {VACATE}", f"3. {OWN}"), (None, OWN), {0, 1}),
        ((f"2. {VACATE}", "走访由两人一组。"), (None, "走访由两人一组。"), {0}),
        ((OWN, "2. 对累计欠租的家庭逐户走访。"), (OWN, "对累计欠租的家庭逐户走访。"), {0, 1}),
        (("2. 请法律顾问牵头。",), ("请法律顾问牵头。",), {0}),
    ],
)
def test_a_paragraph_put_beside_an_item_is_an_item_of_its_own(
    lines: tuple[str, ...], kept: tuple[str | None, ...], numbered: set[int]
) -> None:
    found = _planned(*lines).settle({PLAN: VACATE})[PLAN]

    assert (found.lines, found.items, found.lost) == (kept, frozenset(numbered), ())
    assert found.added == tuple(
        line for line in kept if line and len(kept) > 1 and "逐户" not in line
    )


def test_an_item_of_the_clerks_own_outlives_the_one_beside_it() -> None:
    gone = _planned(OWN, f"2. {VACATE}").settle({})[PLAN]
    assert (gone.added, gone.lost, gone.is_gone, gone.is_dropped) == ((OWN,), (), True, False)

    alone = _planned(f"1. {OWN}", offered="")  # as the document after that remembers it
    assert alone.settle({})[PLAN] == gone
    back = alone.settle({PLAN: VACATE})[PLAN]
    assert (back.lines, back.added) == ((OWN, None), (OWN,))

    dropped = Edits(drop=frozenset({"rent.six_months"}), lines={PLAN: (OWN, f"2. {VACATE}")})
    assert dropped.settle({PLAN: VACATE})[PLAN].lines == (OWN,)


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
