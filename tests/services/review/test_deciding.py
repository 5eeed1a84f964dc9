"""Decisions: nobody twice, nobody sent away by the machine, and what follows elsewhere."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tests.services.review.households import (
    AS_OF,
    LIMITS,
    formats,
    household,
    ledgers,
    review,
)
from zhubao.core.errors import UsageError
from zhubao.ledger.change import Change
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import (
    ExitReason,
    ProtectionStatus,
    ReviewDecision,
    Tier,
    WaitingEntry,
    WaitingStatus,
)
from zhubao.services.review.deciding import (
    Decided,
    Order,
    accept_proposals,
    decide_one,
    decided_earlier,
    decisions_change,
)
from zhubao.services.review.decision_report import decision_report
from zhubao.services.review.notices import NoticeRules, choose_notices, notice_context
from zhubao.services.review.population import review_year
from zhubao.services.review.proposing import propose

EXIT, CHANGE = ReviewDecision.EXIT, ReviewDecision.CHANGE_TIER


def four() -> Loaded:
    """H1 stays, H2 moves to 低收入, H3 has a home, H4 has declared nothing."""
    return ledgers(
        [household(f"H{n}") for n in (1, 2, 3, 4)],
        [
            review("H1"),
            review("H2", declared_income=100_000, remark="已电话核实"),
            review("H3", declared_area_m2=Decimal(40)),
            {"year": 2020, "household_no": "H4"},
        ],
    )


def accepted(loaded: Loaded, *, with_exits: bool = False) -> Decided:
    made = propose(loaded, 2020, AS_OF, LIMITS)
    return accept_proposals(made, made.view.due, AS_OF, with_exits=with_exits)


def written(change: Change) -> dict[str, Any]:
    return {f"{edit.cell.sheet}!{edit.cell.ref}": edit.new for edit in change.edits}


def test_accepting_proposals_sends_nobody_away_unless_told_to() -> None:
    decided = accepted(four())
    assert [one.due.number for one in decided.verdicts] == ["H1", "H2"]
    assert ([one.due.number for one in decided.left], decided.pending) == (["H3"], 1)
    all_of_them = accepted(four(), with_exits=True)
    assert [one.due.number for one in all_of_them.verdicts] == ["H1", "H2", "H3"]


def test_the_decision_its_date_and_its_grounds_are_written() -> None:
    edits = written(decisions_change(accepted(four()), formats(), to_households=False))
    assert edits["年审!G3"] == "调整类型"
    assert edits["年审!H3"] == AS_OF
    assert edits["年审!J3"] == (
        "已电话核实；调整为低收入：人均月收入 500.00 元（1,000.00÷2），"
        "不高于“低收入”标准 1,500.00 元，可调整为“低收入”"
    )
    assert not [cell for cell in edits if cell.startswith("保障家庭")]


def test_households_are_changed_only_when_asked_for() -> None:
    decided = accepted(four(), with_exits=True)
    edits = written(decisions_change(decided, formats(), to_households=True))
    household_edits = {cell: new for cell, new in edits.items() if cell.startswith("保障家庭")}
    assert set(household_edits.values()) == {"低收入", "已退出", AS_OF, "资格取消"}
    report = decision_report(decided, to_households=True)
    rows = [row.values for row in report.table("consequences").rows]
    assert ("H3", "腾退后终止租赁合同", "L-H3") in [row[:3] for row in rows]


def test_a_decision_of_last_week_can_be_carried_over_once() -> None:
    rows = [household("H1"), household("H2", tier=Tier.LOW_INCOME), household("H3")]
    said = [
        review("H1", decision=CHANGE, decided_on=AS_OF, remark="x；调整为低收入：人均低了"),
        review("H2", decision=CHANGE, decided_on=AS_OF, remark="调整为低收入：人均低了"),
        review("H3", decision=EXIT, decided_on=AS_OF, remark="不合格"),
    ]
    view = review_year(ledgers(rows, said), 2020, AS_OF)
    decided = decided_earlier(view, view.due)
    assert [(one.due.number, one.tier) for one in decided.verdicts] == [("H1", Tier.LOW_INCOME)]
    assert [one.code for one in decided.findings] == ["RV-120"]  # H3 does not say why
    assert set(written(decisions_change(decided, formats(), to_households=True))) == {"保障家庭!F2"}


def order(**changes: Any) -> Order:
    values = {"household": "H1", "decision": EXIT, "reason": "已购房", "day": AS_OF,
              "exit_reason": ExitReason.HOME_ACQUIRED}  # fmt: skip
    return Order(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"household": "H9"}, "没有 2020 年的年审行"),
        ({"reason": " "}, "理由"),
        ({"exit_reason": None}, "退出原因"),
        ({"decision": CHANGE, "exit_reason": None}, "调整成哪一类"),
        ({"decision": CHANGE, "exit_reason": None, "tier": Tier.LOWER_MIDDLE}, "没有要调整的"),
        ({"day": dt.date(2019, 12, 31)}, "不在 2020 年"),
    ],
)
def test_a_decision_by_hand_must_be_complete(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        decide_one(review_year(ledgers(), 2020, AS_OF), order(**changes))


def test_nobody_is_decided_twice_without_again() -> None:
    said = review(decision=ReviewDecision.CONTINUE, decided_on=AS_OF, notified=True)
    loaded = ledgers(reviews=[said])
    assert accepted(loaded, with_exits=True).verdicts == ()
    view = review_year(loaded, 2020, AS_OF)
    with pytest.raises(UsageError, match="已有结论"):
        decide_one(view, order())
    edits = written(decisions_change(decide_one(view, order(again=True)), formats(),
                                     to_households=False))  # fmt: skip
    assert edits["年审!I2"] == "否"  # has to be told again
    before = review_year(loaded, 2020, AS_OF - dt.timedelta(days=9))
    with pytest.raises(UsageError, match="已有结论"):  # dated later, taken all the same
        decide_one(before, order())


def test_a_place_on_the_waiting_list_is_named_when_somebody_leaves() -> None:
    entry = {"waiting_no": "LH1", "household_no": "H1", "approved_on": dt.date(2019, 1, 1),
             "status": WaitingStatus.WAITING}  # fmt: skip
    loaded = ledgers(waiting=(WaitingEntry, [entry]))
    decided = decide_one(review_year(loaded, 2020, AS_OF), order())
    rows = decision_report(decided, to_households=False).table("consequences").rows
    assert [row.values[2] for row in rows] == ["L-H1", "LH1"]
    assert "zhubao record 轮候册 --update LH1" in rows[1].values[3]


def test_a_notice_gives_grounds_article_and_the_way_to_object() -> None:
    said = [
        review("H1", decision=EXIT, decided_on=AS_OF, remark="退出（自购继承）：人均 20 m²"),
        review("H2", decision=ReviewDecision.CONTINUE, decided_on=AS_OF, notified=True),
        review("H3"),
    ]
    rows = [household("H1", status=ProtectionStatus.EXITED, exited_on=AS_OF), household("H2"),
            household("H3")]  # fmt: skip
    view = review_year(ledgers(rows, said), 2020, AS_OF)
    chosen = choose_notices(view, view.due)
    assert [one.number for one in chosen.items] == ["H1"]
    assert (chosen.known, chosen.undecided) == (1, 1)
    context = notice_context(view, chosen.items[0], NoticeRules.load(AS_OF, "某局"), AS_OF)
    assert context["申请人"] == "张小明"
    assert [one["内容"] for one in context["理由"]] == [
        "人均 20 m²",
        "依据：《公共租赁住房管理办法》（住房和城乡建设部令第11号）第三十一条",
    ]
    assert context["复核天数"] == "15"
    assert context["复核依据"].endswith("第九条")
