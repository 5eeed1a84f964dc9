"""The sheet as a whole: which items and targets hold, what differs, what is written, who leads."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.ledger.bureaus import FORMATS
from tests.services.contractor.ledgers import (
    DAY,
    FIRST_QUARTER,
    OPERATOR,
    day,
    item,
    patrol,
    patrols,
    scheme_with,
    scope,
    scores,
    table,
)
from zhubao.core.errors import UsageError
from zhubao.core.period import Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import Target
from zhubao.ledger.services import HotlineTicket, TicketStatus
from zhubao.ledger.table import LedgerTable
from zhubao.services.contractor.ranking import rank_operators
from zhubao.services.contractor.report import score_report
from zhubao.services.contractor.scheme import Operator, Scheme
from zhubao.services.contractor.sheet import ScoreSheet, score_sheet
from zhubao.services.contractor.write import Signing, score_change

PATROL = {"code": "XC", "title": "巡查", "figure": "patrol", "target": 100, "full": 50}
SIGNED = Signing(DAY, "李科长")


def tickets(done: int, late: int) -> LedgerTable[Any]:
    row = {"received_on": day("02-01"), "due_on": day("02-11"), "content": "漏水"}
    closed = {**row, "status": TicketStatus.CLOSED}
    days = ["02-11"] * done + ["02-12"] * late
    rows = [{**closed, "ticket_no": str(n), "handled_on": day(on)} for n, on in enumerate(days)]
    return table(HotlineTicket, *rows)


def scored(
    *rows: dict[str, Any],
    scheme: Scheme | None = None,
    period: Period = FIRST_QUARTER,
    others: tuple[LedgerTable[Any], ...] = (),
) -> ScoreSheet:
    """The sheet of the one operator: 19 of 20 tickets in time, one of four households visited."""
    visited = patrols(patrol("H1", "02-01"))
    made = scope(tickets(19, 1), visited, scores(*rows), *others, period=period)
    return score_sheet(Operator(OPERATOR), period, made, scheme or scheme_with())


def codes(sheet: ScoreSheet) -> list[tuple[str, str]]:
    return [(one.where.ref if one.where else "", one.code) for one in sheet.findings]


def written(sheet: ScoreSheet, signing: Signing = SIGNED) -> tuple[dict[str, Any], int, int]:
    """Cells edited, rows added, rows left alone."""
    change, kept = score_change(sheet, sheet.scope.loaded, signing, FORMATS)
    added = sum(len(block.rows) for block in change.added)
    return {edit.cell.ref: edit.new for edit in change.edits}, added, len(kept)


def test_a_listed_item_keeps_its_own_target_unit_and_full_score() -> None:
    row = item("xc", measure="户", target=Decimal(2), full_score=Decimal(30))
    sheet = scored(row, scheme=scheme_with({}, PATROL))
    line = next(one for one in sheet.lines if one.code == "XC")
    assert (line.goal.unit, line.goal.full, line.score) == ("户", Decimal(30), Decimal("15.0"))
    assert [one.code for one in sheet.counted] == ["XC"]  # TS is not listed: for information
    assert sheet.points == Decimal("50.0")


def test_where_nothing_is_listed_the_whole_scheme_counts() -> None:
    sheet = scored(scheme=scheme_with({"full": 50}, PATROL))
    assert [(one.code, one.score) for one in sheet.counted] == [
        ("TS", Decimal("50.0")),
        ("XC", Decimal("12.5")),
    ]
    assert (sheet.total, sheet.full) == (Decimal("62.5"), Decimal(100))


def test_quarters_make_up_the_half_year_but_one_quarter_does_not() -> None:
    half = Period.parse("2020-H1")
    own = scheme_with({**PATROL, "target_months": 3, "unit": "户", "target": 5})
    quarter: dict[str, Any] = {"measure": "户", "target": Decimal(3)}
    both = item("XC", **quarter), item("XC", "2020-Q2", **quarter)
    goal = scored(*both, scheme=own, period=half).lines[0].goal
    assert (goal.target, goal.origin) == (Decimal(6), "考核表 2020-Q1、2020-Q2")
    goal = scored(both[0], scheme=own, period=half).lines[0].goal
    assert goal.target == Decimal(10)  # the scheme's five a quarter, twice
    assert goal.origin == "方案 5 × 6 ÷ 3 个月"


def test_rates_of_quarters_hold_only_when_they_agree_and_a_fraction_is_a_rate() -> None:
    half = Period.parse("2020-H1")
    same = item("TS", target=Decimal("0.9")), item("TS", "2020-Q2", target=Decimal(90))
    assert scored(*same, period=half).lines[0].goal.target == Decimal(90)
    differing = item("TS"), item("TS", "2020-Q2", target=Decimal(90))
    assert scored(*differing, period=half).lines[0].goal.origin == "方案"


def test_a_target_of_the_bureau_is_found_by_its_code() -> None:
    row = {"year": 2020, "indicator_code": "XC", "indicator": "巡查", "measure": "户"}
    goals = {"half_year_target": Decimal(8), "annual_target": Decimal(16)}
    targets = table(Target, row | goals)
    own = scheme_with({**PATROL, "target_code": "XC"})
    found = scored(scheme=own, period=Period.parse("2020-H1"), others=(targets,)).lines[0]
    assert (found.goal.target, found.goal.unit, found.goal.origin) == (Decimal(8), "户", "目标任务")
    assert str(found.cells[0]) == "services.xlsx!目标任务!E2"


def test_what_the_sheet_says_is_compared_with_the_ledgers() -> None:
    wrong = item("TS", actual=Decimal("102.6"), score=Decimal(101))
    assert codes(scored(wrong)) == [("H2", "CO-103"), ("J2", "CO-104"), ("J2", "CO-107"),
                                    ("J2", "CO-107")]  # fmt: skip
    assert codes(scored(item("TS", actual=Decimal(95), score=Decimal(100)))) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (item("TS", "一季度"), ("B2", "CO-101")),
        (item("FW", score=Decimal(90)), ("C2", "CO-102")),
        (item("TS", measure="户"), ("C2", "CO-106")),
        (item("TS", measure="件", target=None), ("C2", "CO-105")),
        (item("TS", full_score=Decimal(90)), ("", "CO-108")),
    ],
)
def test_what_cannot_be_scored_is_said_at_its_cell(
    row: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert codes(scored(row)) == [expected]


def test_an_item_scored_by_hand_counts_with_its_recorded_score() -> None:
    by_hand = item("FW", full_score=Decimal(40), score=Decimal(36))
    sheet = scored(by_hand, item("TS", full_score=Decimal(60)))
    assert (sheet.total, sheet.full, sheet.unscored) == (Decimal("96.0"), Decimal(100), [])


def test_a_row_is_filled_in_and_a_missing_one_added() -> None:
    edits, added, kept = written(scored(item("TS", target=Decimal(100))))
    assert (added, kept) == (0, 0)
    assert {ref: edits[ref] for ref in ("H2", "J2", "M2")} == {"H2": 95, "J2": 95, "M2": "李科长"}
    assert edits["K2"] == "100 × 19 ÷ 20 ÷ 100% ＝ 95.0"
    assert written(scored(scheme=scheme_with({"full": 50}, PATROL)))[1:] == (2, 0)


@pytest.mark.parametrize("signature", [{"scored_on": DAY}, {"scorer": "王五"}])
def test_a_signed_score_is_never_overwritten_unless_asked_again(signature: dict[str, Any]) -> None:
    sheet = scored(item("TS", actual=Decimal(90), score=Decimal(94), **signature))
    assert written(sheet) == ({}, 0, 1)
    edits, _, kept = written(sheet, Signing(DAY, again=True))
    assert (edits["H2"], edits["J2"], kept) == (95, 100, 0)
    assert not {"M2", "G2"} & edits.keys()  # the scorer and the target stay
    unsigned = scored(item("TS", score=Decimal(94)))
    assert written(unsigned)[0]["J2"] == 100


def test_a_period_that_is_not_over_is_provisional_and_not_written() -> None:
    made = scope(tickets(1, 0), period=Period(day("01-01"), day("03-30")))
    sheet = score_sheet(Operator(OPERATOR), FIRST_QUARTER, made, scheme_with())
    assert score_report(sheet).facts["provisional"] is True
    with pytest.raises(UsageError, match="还没有结束"):
        score_change(sheet, made.loaded, SIGNED, FORMATS)


def test_operators_are_ranked_by_exact_points_and_paid_by_band() -> None:
    """Ninety of a hundred is 90 %; equal quotients share a rank; an open item is not ranked."""
    bands = [{"at_least": 90, "share": 100}, {"at_least": 0, "share": "62.5"}]
    contract = {"monthly_fee": "1000.01"}
    scheme = scheme_with(payment_bands=bands, operators={"甲": contract, "丙": contract})
    rows = [("甲", 90), ("乙", 90), ("丙", 89), ("丁", None)]
    sheet = scores(*(item("TS", score=None if n is None else Decimal(n)) | {"operator": name}
                     for name, n in rows))  # fmt: skip
    standings = rank_operators(Loaded.of(sheet), FIRST_QUARTER, scheme).standings
    found = {one.operator: (one.rank, one.share, one.due) for one in standings}
    assert found == {
        "甲": (1, Decimal(100), 3000_03),
        "乙": (1, Decimal(100), None),
        "丙": (3, Decimal("62.5"), 1875_02),
        "丁": (None, None, None),
    }


def test_the_whole_period_goes_before_its_parts_and_overlapping_parts_count_once() -> None:
    full: dict[str, Any] = {"score": Decimal(80)}
    half = Period.parse("2020-H1")
    parts = scores(item("TS", **full), item("TS", "2020-02", score=Decimal(10)))
    ranking = rank_operators(Loaded.of(parts), half, scheme_with())
    assert ranking.standings[0].points == Decimal("80.0")
    assert [(one.where.ref if one.where else "", one.code) for one in ranking.findings] == [
        ("C3", "CO-112")
    ]
    whole = scores(item("TS", **full), item("TS", "2020-H1", score=Decimal(60)))
    assert rank_operators(Loaded.of(whole), half, scheme_with()).standings[0].points == Decimal(60)


def test_an_estate_of_the_contract_that_no_unit_lies_in_is_said() -> None:
    made = scope(estates=("甲小区", "甲"))
    sheet = score_sheet(Operator(OPERATOR), FIRST_QUARTER, made, scheme_with())
    assert [(one.code, "“甲”" in one.message) for one in sheet.findings] == [("CO-113", True)]


def test_the_second_of_two_equal_rows_is_passed_over() -> None:
    sheet = scored(item("TS"), item("ts"))
    assert codes(sheet) == [("C3", "CO-111")]
