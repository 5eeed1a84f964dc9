"""The checklist: columns, order, red rows, masked names, and what contradicts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.audit.checklist.rows import DAY, day, ledgers, standing
from tests.audit.checklist.test_standing import CLOSED, STEPS, VISITS
from zhubao.audit.checklist.contradictions import contradictions
from zhubao.audit.checklist.report import checklist_report, compute_checklist
from zhubao.core.report import Ratio
from zhubao.ledger.audit import FindingStatus, FollowUpResult

COLUMNS = (
    "序号 问题类型 对象 问题事项 依据 证据（单元格） 责任部门 责任人 整改时限 整改措施 "
    "涉及金额 已追回 整改状态 回访日期 销号日期"
)
UNDONE = [{"visited_on": day("05-20"), "result": FollowUpResult.NOT_DONE}]


def test_the_list_has_the_columns_of_the_form_by_deadline_with_overdue_rows_in_red() -> None:
    loaded = ledgers(
        [
            {**CLOSED, "deadline": day("06-15")},
            {"matter": "王小明转租给 110105194912310025，至今未退，收款账号6222021901234567890"},
            {"deadline": day("07-15")},
        ],
        STEPS,
        VISITS,
    )
    report = checklist_report(compute_checklist(loaded, DAY))
    table = report.table("checklist")
    assert " ".join(column.title for column in table.columns) == COLUMNS
    assert [row.emphasis for row in table.rows] == ["error", "", ""]
    first = table.rows[0].values
    assert first[0:4] == (
        1,
        "违规转租转借",
        "王*明",
        "WT2 王*明转租给 110105********0025，至今未退，收款账号****7890",
    )
    assert first[12] == "待整改（逾期 36 天）"
    assert table.rows[1].values[10:] == (900_00, 900_00, "已销号", day("05-20"), day("05-25"))
    assert table.signatures
    assert report.table("rates").totals is not None
    assert report.facts["by_count"] == Ratio(1, 3)


def test_open_leaves_the_closed_ones_out_of_the_list_but_not_out_of_the_rates() -> None:
    made = compute_checklist(ledgers([CLOSED, {}], STEPS, VISITS), DAY, open_only=True)
    report = checklist_report(made, unmasked=True)
    (row,) = report.table("checklist").rows
    assert row.values[2] == "王小明"
    assert "内部资料" in report.title
    assert report.facts["by_count"] == Ratio(1, 2)


@pytest.mark.parametrize(
    ("change", "steps", "visits", "code", "ref"),
    [
        ({"recovered": 800_00, "amount": 800_00}, STEPS, VISITS, "AU-971", "P2"),
        ({}, STEPS, [], "AU-972", "Y2"),
        ({}, STEPS, [{"visited_on": day("05-26")}], "AU-972", "Y2"),
        ({}, STEPS, UNDONE, "AU-973", "F2"),
        ({"amount": 800_00}, STEPS, VISITS, "AU-974", "P2"),
        ({"closed_on": None}, STEPS, VISITS, "AU-975", "V2"),
        ({"status": FindingStatus.FOLLOWED_UP}, STEPS, VISITS, "AU-975", "V2"),
        ({"found_on": day("04-21")}, STEPS, VISITS, "AU-976", "W2"),
        ({"rectified_households": 2}, STEPS[:1], VISITS, "AU-977", "N2"),
        ({"amount": 1000_00}, STEPS, VISITS, "AU-978", "Y2"),
    ],
)
def test_sheets_that_contradict_each_other_are_found_with_their_cell(
    change: dict[str, Any], steps: list[Any], visits: list[Any], code: str, ref: str
) -> None:
    found = contradictions([standing(ledgers([{**CLOSED, **change}], steps, visits))])
    assert (code, ref) in [(one.code, one.where.ref) for one in found if one.where]


def test_sheets_that_agree_have_no_contradiction_nor_has_an_override_of_a_shortfall() -> None:
    override = {"amount": 1000_00, "override_by": "局长", "override_reason": "户主死亡，无法追回"}
    for row in (CLOSED, {**CLOSED, **override}):
        assert contradictions([standing(ledgers([row], STEPS, VISITS))]) == ()


@pytest.mark.parametrize(
    ("change", "visits", "rectified"),
    [
        ({"amount": 900_00, "recovered": None}, [], 1),  # the money is still owing
        ({}, [{"visited_on": day("06-01"), "result": FollowUpResult.RELAPSED}], 0),
    ],
)
def test_a_household_done_while_the_rest_goes_on_is_no_contradiction(
    change: dict[str, Any], visits: list[Any], rectified: int
) -> None:
    row = {"status": FindingStatus.IN_PROGRESS, "household_count": 1, "rectified_households": 1}
    steps = [{"done_on": day("04-15"), "households": 1}]
    one = standing(ledgers([{**row, **change}], steps, visits))
    assert contradictions([one]) == ()
    assert one.rectified_households == rectified
