"""Two periods side by side: differences, changes, and what is missing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import Publicity, PublicityKind
from zhubao.ledger.patrol import SafetyHazard
from zhubao.ledger.table import LedgerTable
from zhubao.summary.comparison.comparing import Compared, compare_periods
from zhubao.summary.comparison.report import comparison_report
from zhubao.summary.indicators.figures import Measured, find_figures
from zhubao.summary.summary import compute_summary

FIRST, SECOND, DAY = Period.parse("2020-Q1"), Period.parse("2020-Q2"), dt.date(2020, 6, 30)


def news(*days: tuple[int, int]) -> Loaded:
    rows = [
        {"kind": PublicityKind.NEWS_ITEM, "published_on": dt.date(2020, *day), "title": "一"}
        for day in days
    ]
    return Loaded.of(LedgerTable.from_rows(Publicity, rows), LedgerTable.empty(SafetyHazard))


def test_difference_and_change_carry_both_numbers() -> None:
    compared = compare_periods(news((1, 10), (3, 1), (4, 1), (5, 1), (6, 1)), FIRST, SECOND, DAY)
    line = next(one for one in compared.lines if one.figure.code == "publicity.news")
    assert line.difference == 1
    assert line.change == Ratio(1, 2)
    report = comparison_report(compared)
    (row,) = [row for row in report.table("counts").rows if row.values[0] == "信息动态"]
    assert row.values[1:6] == ("篇", 2, 3, 1, Ratio(1, 2))
    assert row.sources


def test_a_period_before_the_ledger_began_is_missing_and_a_quiet_one_after_is_zero() -> None:
    early = compare_periods(news((5, 1)), FIRST, SECOND, DAY)
    line = next(one for one in early.lines if one.figure.code == "publicity.news")
    assert (line.first, line.difference) == (None, None)
    assert "没有2020年第一季度的记录" in line.missing
    quiet = compare_periods(news((1, 10)), FIRST, SECOND, DAY)
    line = next(one for one in quiet.lines if one.figure.code == "publicity.news")
    assert line.second is not None
    assert (line.second.value, line.missing) == (0, "")
    hazards = next(one for one in quiet.lines if one.figure.code == "safety.hazards")
    assert "没有记录" in hazards.missing


def test_the_period_of_the_cut_off_says_what_its_summary_says() -> None:
    old = {"kind": PublicityKind.NEWS_ITEM, "published_on": dt.date(2018, 1, 5), "title": "一"}
    loaded = Loaded.of(LedgerTable.from_rows(Publicity, [old]))
    compared = compare_periods(loaded, FIRST, SECOND, DAY)
    line = next(one for one in compared.lines if one.figure.code == "publicity.news")
    printed = compute_summary(loaded, SECOND, DAY, bureau="").value("publicity.news")
    assert (line.first, line.second) == (None, printed.measured)
    assert printed.measured is not None
    assert "没有2020年第一季度的记录" in line.missing


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("2020-H1", "2020-Q2", ["长短不同（182 天、91 天）", "有重叠（2020-04-01 至 2020-06-30）"]),
        ("2020-Q2", "2020-Q1", ["先写的2020年第二季度晚于后写的2020年第一季度"]),
        ("2020-Q2", "2020-Q2", ["两个期间相同"]),
        ("2020-Q1", "2020-Q2", []),
    ],
)
def test_unequal_overlapping_and_reversed_periods_are_told(
    first: str, second: str, said: list[str]
) -> None:
    periods = Period.parse(first), Period.parse(second)
    notes = comparison_report(compare_periods(news((2, 1)), *periods, DAY)).notes
    marks = ("长短不同", "有重叠", "先写的", "两个期间相同")
    told = [note for note in notes if any(mark in note for mark in marks)]
    assert len(told) == len(said)
    assert all(words in note for words, note in zip(said, told, strict=True))


def test_a_rate_changes_in_percentage_points() -> None:
    (figure,) = find_figures("safety.hazards")
    line = Compared(figure, Measured(1, (), 3), Measured(1, (), 2))
    assert line.points == Decimal("16.67")
    assert line.change is None
    assert Compared(figure, Measured(0, (), 0), Measured(1, (), 2)).points is None
