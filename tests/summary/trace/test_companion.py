"""A printed 上年同期 or 上期 leads to the figure of its own period."""

from __future__ import annotations

import pytest

from zhubao.audit.trace.places import parse_target
from zhubao.audit.trace.printed import read_printed
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.excel.sheet import RawSheet
from zhubao.summary.indicators.figures import Measured
from zhubao.summary.trace.companion import Companion, companion_of, told
from zhubao.summary.trace.companion_report import companion_report
from zhubao.summary.trace.figure_report import Asked

LET, UNIT = Cell("tenants.xlsx", "租赁合同", "A2"), Cell("units.xlsx", "房源", "A2")
WHERE = "期间：2020年上半年　　截止日期：2020-06-30"
HEADER = ["指标", "2020年上半年", "上年同期", "上年同期\n分子", "上年同期\n分母", "上期"]
CHANGE = ["比上年同期（百分点）", "编号", "来源"]


def sheet(*row: object, where: str = WHERE) -> list[RawSheet]:
    title = ["指标", *[""] * 8]
    heading = [where, *[""] * 8]
    return [RawSheet("指标.xlsx", "表", [title, heading, [*HEADER, *CHANGE], list(row)])]


RATE = sheet("入住率", 0.9672, 0.5, 1, 2, "—", 46.72, "units.occupancy", "units.xlsx!房源!A2")


def companion(sheets: list[RawSheet], ref: str) -> Companion | None:
    return companion_of(sheets, read_printed(sheets, parse_target(f"指标.xlsx!表!{ref}")))


def test_a_companion_is_the_same_figure_of_its_own_period() -> None:
    found = companion(RATE, "C4")
    assert found is not None
    assert (found.figure.code, found.period.label) == ("units.occupancy", "2019-H1")
    assert found.is_same(Measured(2, (), 4))
    assert not found.is_same(Measured(2003, (), 2071))
    assert not found.is_same(None)
    assert told(found.printed) == "50.00%（1/2）"

    before = companion(RATE, "F4")
    assert before is not None
    assert before.period.label == "2019-H2"
    assert before.is_same(Measured(0, (), 0))


def test_each_number_of_a_rate_is_compared_by_itself() -> None:
    numerator, denominator = companion(RATE, "D4"), companion(RATE, "E4")
    assert numerator is not None
    assert denominator is not None
    assert numerator.is_same(Measured(1, (), 2))
    assert denominator.is_same(Measured(9, (), 2))
    assert not denominator.is_same(Measured(1, (), 3))
    assert (numerator.part_title, denominator.part_title) == ("分子", "分母")
    now = Asked(denominator.figure, Measured(1, (LET,), 2, (UNIT,)))
    sources = companion_report(denominator, now).table("sources")
    assert [row.sources for row in sources.rows] == [(UNIT,)]


def test_money_is_compared_in_yuan_and_an_empty_cell_with_no_number() -> None:
    row = ("租金收缴", 5.5, 1060.12, "", "", "", 1.0, "rent.received", "a.xlsx!实收!D2")
    year, before = companion(sheet(*row), "C4"), companion(sheet(*row), "F4")
    assert year is not None
    assert before is not None
    assert year.is_same(Measured(106_012, ()))
    assert before.is_same(None)
    assert not before.is_same(Measured(0, ()))


@pytest.mark.parametrize(
    ("where", "day", "last_year"),
    [
        (WHERE, "2020-06-30", "2019-H1"),
        ("期间：2020年上半年　　截止日期：2020-05-15", "2020-05-15", "2019-01-01..2019-05-15"),
        (
            "期间：2020年上半年　　期末数截至2020年6月30日（台账截止2020年8月1日）",
            "2020-06-30",
            "2019-H1",
        ),
    ],
)
def test_the_number_of_the_period_itself_is_counted_to_its_cut_off(
    where: str, day: str, last_year: str
) -> None:
    row = ("入住率", 0.9672, 0.5, 1, 2, "—", 46.72, "units.occupancy", "units.xlsx!房源!A2")
    own, before = (companion(sheet(*row, where=where), ref) for ref in ("B4", "C4"))
    assert own is not None
    assert before is not None
    assert (own.period.label, str(own.day)) == ("2020-H1", day)
    assert before.period.label == last_year


def test_other_workbooks_have_no_companions() -> None:
    row = ("入住率", 0.9, 0.5, 1, 2, "", 1, "no.such", "a.xlsx!实收!D2")
    assert companion(sheet(*row), "C4") is None
    nameless = ("入住率", 0.9, 0.5, 1, 2, "", 1, "units.occupancy", "a.xlsx!实收!D2")
    assert companion(sheet(*nameless, where="截止日期：2020-06-30"), "C4") is None


def test_a_difference_of_two_periods_is_refused_with_what_to_trace_instead() -> None:
    with pytest.raises(UsageError, match="2019年上半年"):
        companion(RATE, "G4")
