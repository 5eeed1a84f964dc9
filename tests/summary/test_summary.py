"""The summary of the sample's half-year against the whole table of figures, with its companions."""

from __future__ import annotations

import datetime as dt
import functools
from decimal import Decimal
from pathlib import Path

import pytest

from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import Publicity, PublicityKind, Target
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.work_calendar import calendar_of
from zhubao.summary.indicators.breakdowns import (
    By,
    breakdown,
    breakdowns,
    owed_at_month_ends,
)
from zhubao.summary.indicators.figures import Figure, Measured, Scope
from zhubao.summary.summary import SUMMARY_MODELS, Measuring, Summary, compute_summary
from zhubao.summary.targets.board import compute_targets
from zhubao.summary.targets.progress import TargetRow, in_measure, progress_of

ROOT = Path(__file__).resolve().parents[2]
HALF_YEAR, LAST_DAY = Period.parse("2020-H1"), dt.date(2020, 6, 30)

# What the half-year's summary says, line by line: (code, number or both numbers, words of its note)
TABLE: tuple[tuple[str, int | tuple[int, int] | None, str], ...] = (
    ("units.delivered", None, "北辰中央公园 72 套"),
    ("subsidy.new_grants", 3, ""),
    ("allocation.households", 362, ""),
    ("allocation.people", 850, ""),
    ("approval.affordable_purchase", 115, ""),
    ("approval.resettlement_subsidy", 333, ""),
    ("approval.purchase_reward", 551, ""),
    ("approval.half_couple", 116, ""),
    ("tickets.handled", 21, ""),
    ("subsidy.households_paid", 909, ""),
    ("subsidy.amount_paid", None, "81.17 万元"),
    ("supply.raised.cooperation", 573, ""),
    ("supply.raised.group_purchase", 305, ""),
    ("supply.raised.price_capped", 520, ""),
    ("supply.raised.public_rental", 715, ""),
    ("supply.raised", 2113, ""),
    ("supply.pipeline", 1200, "长大公司地块"),
    ("dispatch.units.affordable", 112, ""),
    ("dispatch.units.commercial", 376, ""),
    ("dispatch.units.public_rental", 12, ""),
    ("dispatch.units", 500, ""),
    ("cases.special_resolved", 11, ""),
    ("patrol.households", 1983, ""),
    ("patrol.key_households_revisited", (658, 658), ""),
    ("cases.violations", (20, 20), ""),
    ("cases.changes", (66, 66), ""),
    ("cases.rectification", (86, 86), ""),
    ("campaigns.estates", 4, "粟塘小区、鄱阳小区、凤凰佳园、凤凰苑"),
    ("vacancy.checked", 50, ""),
    ("rent.received", 119_710_000, "119.71 万元"),
    ("rent.remitted_city", 124_343_000, "124.343 万元"),
    ("staff.employers", 22, ""),
    ("staff.households", 960, ""),
    ("staff.half_year_progress", (960, 900), "已达到"),
    ("care.hospital", 6, ""),
    ("care.memorial", 4, ""),
    ("safety.hazards", (2, 3), ""),
    ("waiting.opening", 322, "2019-12-31"),
    ("units.occupancy", (2003, 2071), ""),
    ("audit.units_sublet", (2, 2), ""),
    ("audit.money_repaid", (5, 5), ""),
    ("audit.exited", (6, 6), ""),
    ("approval.district_in_time", None, "时限 2.5 个工作日"),
    ("deliveries.weeks_kept", None, "每周规定 2 次"),
    ("publicity.news", 38, ""),
    ("supply.cooperating", 5, "2—3 个月"),
)


@functools.cache
def loaded() -> Loaded:
    return open_bureau(ROOT).load(*SUMMARY_MODELS)


@pytest.fixture(scope="module")
def summary() -> Summary:
    calendar = calendar_of(open_bureau(ROOT))
    return compute_summary(loaded(), HALF_YEAR, LAST_DAY, bureau="示例局", calendar=calendar)


def measured(summary: Summary, code: str) -> Measured:
    one = summary.value(code).measured
    assert one is not None, code
    return one


def test_every_figure_of_the_half_year_is_computed_with_its_words(summary: Summary) -> None:
    for code, number, words in TABLE:
        one = measured(summary, code)
        found = one.value if one.whole is None else (one.value, one.whole)
        assert number in (None, found), code
        assert words in one.note, (code, one.note)
        assert one.cells, code
    assert summary.findings == ()


def test_the_rent_figures_agree_with_each_other(summary: Summary) -> None:
    def number(code: str) -> int:
        return measured(summary, code).value

    old, own = (measured(summary, f"rent.collection_{one}") for one in ("old", "current"))
    combined = measured(summary, "rent.collection_combined")
    assert (old.whole, own.whole) == (number("rent.opening_debt"), number("rent.charged"))
    assert combined.whole == number("rent.opening_debt") + number("rent.charged")
    assert combined.value == number("rent.received")
    assert number("rent.received_city") < number("rent.received") < number("rent.remitted_city")
    assert number("waiting.closing") < number("waiting.opening")


def test_the_parts_of_every_breakdown_sum_to_the_figure() -> None:
    scope = Scope(loaded(), HALF_YEAR, LAST_DAY)
    found = {
        (code, by): {part.label: part.measured.value for part in breakdown(code, scope, by)}
        for code, ways in breakdowns().items()
        for by in ways
    }
    assert found["units.delivered", By.ESTATE]["北辰中央公园"] == 72
    assert found["dispatch.units", By.TYPE] == {"经适房": 112, "商品房": 376, "公租房": 12}
    assert sum(found["rent.received", By.MONTH].values()) == 119_710_000
    assert list(found["rent.charged", By.MONTH]) == [f"2020-0{month}" for month in range(1, 7)]
    *_, last = owed_at_month_ends(scope)
    assert last.measured.value == sum(found["rent.owed", By.ESTATE].values())


def test_an_earlier_period_is_a_number_only_where_the_ledger_reaches_back(
    summary: Summary,
) -> None:
    approvals = summary.value("approval.half_couple")  # received in 2019, decided in 2020
    assert approvals.last_period is None
    assert "台账里没有2019年下半年的记录" in approvals.last_period_missing
    decided = summary.value("review.decided").last_period
    assert decided is not None
    assert "自2019年11月起登记" in decided.partial
    grants = summary.value("subsidy.new_grants").last_period
    assert grants is not None
    assert grants.value == 96
    waiting = summary.value("waiting.closing").last_period
    assert waiting is not None
    assert (waiting.value, "推算" in waiting.note) == (322, True)


@pytest.mark.parametrize(
    ("first", "year_before", "partial", "missing"),
    [
        (dt.date(2019, 1, 31), 2, "", ""),
        (
            dt.date(2019, 2, 1),
            2,
            "“宣传”自2019年2月起登记，2019年上半年的记录可能不全，不作比较",
            "",
        ),
        (dt.date(2019, 7, 1), None, "", "台账里没有2019年上半年的记录"),
    ],
)
def test_the_number_of_a_half_year_the_sheet_begins_within_is_marked(
    first: dt.date, year_before: int | None, partial: str, missing: str
) -> None:
    days = (first, dt.date(first.year, first.month + 3, 1), LAST_DAY)
    rows = [
        {"kind": PublicityKind.NEWS_ITEM, "published_on": day, "title": f"第{number}条"}
        for number, day in enumerate(days)
    ]
    loaded = Loaded.of(LedgerTable.from_rows(Publicity, rows))
    value = compute_summary(loaded, HALF_YEAR, LAST_DAY, bureau="").value("publicity.news")
    assert (value.last_year and value.last_year.value) == year_before
    assert (value.last_year.partial if value.last_year else "") == partial
    assert value.last_year_missing == missing


def test_a_month_has_no_rate_that_needs_longer() -> None:
    may = compute_summary(loaded(), Period.parse("2020-05"), LAST_DAY, bureau="")
    codes = ("rent.remittance_rate_city", "patrol.key_households_revisited")
    assert [(may.value(code).measured, may.value(code).missing) for code in codes] == [
        (None, "未到汇缴时间"),
        (None, "按半年以上期间统计"),
    ]
    assert may.has("rent.received_city")


def test_empty_ledgers_have_no_figures_and_a_failing_one_takes_no_other_with_it() -> None:
    empty = compute_summary(Loaded(), HALF_YEAR, LAST_DAY, bureau="空")
    assert not any(empty.has(code) for code in empty.values)
    assert "没有记录" in empty.value("rent.received").missing

    def broken(scope: Scope) -> Measured:
        raise KeyError(scope.period)

    rows = [{"kind": PublicityKind.NEWS_ITEM, "published_on": LAST_DAY, "title": "一"}]
    measuring = Measuring(Loaded.of(LedgerTable.from_rows(Publicity, rows)))
    figure = Figure("x.y", "坏的", "户", "", "", (Publicity,), (Publicity,), "", broken)
    assert measuring.measure(figure, HALF_YEAR, LAST_DAY)[0] is None
    assert [one.code for one in measuring.findings] == ["SM-101"]


def target(code: str, measure: str, half: str | None, annual: str) -> dict[str, object]:
    return {
        "year": 2020,
        "indicator_code": code,
        "indicator": code,
        "measure": measure,
        "half_year_target": None if half is None else Decimal(half),
        "annual_target": Decimal(annual),
    }


def board_rows() -> Loaded:
    news = [
        {"kind": PublicityKind.NEWS_ITEM, "published_on": dt.date(2020, month, 1), "title": "一"}
        for month in (1, 2, 3, 8)
    ]
    targets = [
        target("publicity.news", "篇", "6", "8"),
        target("没有", "户", None, "1"),
        target("XC", "户", "1", "2"),
        target("training.sessions", "万元", "1", "2"),
    ]
    return Loaded.of(LedgerTable.from_rows(Publicity, news), LedgerTable.from_rows(Target, targets))


def test_targets_are_compared_with_the_time_gone_and_unknown_ones_are_said() -> None:
    board = compute_targets(board_rows(), dt.date(2020, 3, 31))
    news, unknown, patrols, training = board.lines
    assert news.progress is not None
    progress = news.progress
    assert (int(progress.done), progress.elapsed) == (3, Ratio(91, 366))
    # 以上含本数: 3 of 6 when exactly half of 182 days have gone is not behind.
    assert (progress.is_half_behind, progress.is_annual_behind) == (False, False)
    assert [one.code for one in board.findings] == ["SM-102"]
    assert unknown.progress is None
    assert "没有记录" in patrols.missing
    assert "没有记录" in training.missing
    later = compute_targets(board_rows(), dt.date(2020, 8, 31)).lines[0].progress
    assert later is not None
    assert (int(later.half_done), int(later.done), later.is_half_behind) == (3, 4, True)
    assert later.due(half=False) == 6  # 8 × 244/366 = 5.33, rounded up
    nothing = compute_targets(board_rows(), dt.date(2021, 3, 31))
    assert [one.code for one in nothing.findings] == ["SM-104"]


def test_a_target_of_another_unit_is_a_finding(summary: Summary) -> None:
    figure = summary.value("rent.received").figure
    money = measured(summary, "rent.received")
    assert in_measure(figure, money, "万元") == Decimal("119.71")
    assert in_measure(figure, money, "户") is None
    rate = summary.value("units.occupancy")
    assert rate.measured is not None
    assert in_measure(rate.figure, rate.measured, "%") == Decimal("96.72")
    row = Target.model_construct(**target("ZJ", "户", None, "1"))  # type: ignore[arg-type]
    made = progress_of(TargetRow(0, row, figure, (money.cells[0],)), LAST_DAY, lambda *_: money)
    assert getattr(made, "code", "") == "SM-103"
    progress = summary.value("rent.received").progress
    assert progress is not None
    assert progress.half_rate is not None
    assert progress.half_rate == Ratio(119_710_000, 110_000_000, money=True)
