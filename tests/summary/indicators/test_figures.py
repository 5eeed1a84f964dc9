"""Every figure of the half-year comes out of the registry, with the cells it was made of."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from zhubao.audit.trace.places import Locator, count_cells, covers
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.period import Period
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.loaded import Loaded
from zhubao.summary.indicators.figures import Measured, Scope, all_figures, find_figures
from zhubao.summary.trace.entering import entering, figures_about, needed_for, periods_of

ROOT = Path(__file__).resolve().parents[3]
LAST_DAY, HALF_YEAR = dt.date(2020, 6, 30), Period.parse("2020-H1")

# code → the half-year's figure: a number, or both numbers of a rate.
EXPECTED: dict[str, int | tuple[int, int]] = {
    "units.occupancy": (2003, 2071),
    "subsidy.new_grants": 3,
    "allocation.households": 362,
    "allocation.people": 850,
    "approval.affordable_purchase": 115,
    "approval.resettlement_subsidy": 333,
    "approval.purchase_reward": 551,
    "approval.half_couple": 116,
    "approval.rental_subsidy": 3,
    "approval.district_in_time": (1219, 1219),
    "tickets.handled": 21,
    "subsidy.households_paid": 909,
    "subsidy.amount_paid": 81_172_500,
    "supply.raised": 2113,
    "supply.raised.cooperation": 573,
    "supply.raised.group_purchase": 305,
    "supply.raised.price_capped": 520,
    "supply.raised.public_rental": 715,
    "supply.pipeline": 1200,
    "supply.cooperating": 5,
    "dispatch.units": 500,
    "dispatch.units.affordable": 112,
    "dispatch.units.commercial": 376,
    "dispatch.units.public_rental": 12,
    "cases.special_resolved": 11,
    "patrol.households": 1983,
    "patrol.key_households_revisited": (658, 658),
    "cases.violations": (20, 20),
    "cases.changes": (66, 66),
    "cases.rectification": (86, 86),
    "campaigns.estates": 4,
    "vacancy.checked": 50,
    "rent.received": 119_710_000,
    "rent.remitted_city": 124_343_000,
    "staff.employers": 22,
    "staff.households": 960,
    "staff.half_year_progress": (960, 900),
    "care.hospital": 6,
    "care.memorial": 4,
    "safety.hazards": (2, 3),
    "waiting.opening": 322,
    "publicity.news": 38,
    "audit.units_sublet": (2, 2),
    "audit.money_repaid": (5, 5),
    "audit.exited": (6, 6),
    "audit.rectified": (13, 13),
    "audit.recovered": (481_500, 481_500),
}
NOTES = {
    "units.delivered": "北辰中央公园 72 套",
    "supply.cooperating": "合作期限 2—3 个月",
    "campaigns.estates": "粟塘小区、鄱阳小区、凤凰佳园、凤凰苑",
    "rent.remitted_city": "124.343 万元",
}


@pytest.fixture(scope="module")
def sample() -> Loaded:
    return open_bureau(ROOT).load(*needed_for(all_figures()))


@pytest.fixture(scope="module")
def measured(sample: Loaded) -> dict[str, Measured]:
    scope = Scope(sample, HALF_YEAR, LAST_DAY)
    return {one.code: one.of(scope) for one in all_figures()}


def test_the_half_year_of_2020(measured: dict[str, Measured]) -> None:
    rates = {one.code for one in all_figures() if one.is_rate}
    found = {
        code: (one.value, one.whole) if code in rates else one.value
        for code, one in measured.items()
    }
    assert {code: found[code] for code in EXPECTED} == EXPECTED
    assert all(words in measured[code].note for code, words in NOTES.items())


def test_every_figure_names_cells_of_its_sheets_that_hold_records(
    sample: Loaded, measured: dict[str, Measured]
) -> None:
    locator = Locator(sample)
    for figure in all_figures():
        one = measured[figure.code]
        assert figure.title
        assert figure.definition
        assert one.value == 0 or one.cells, figure.code
        assert (one.whole is not None) is figure.is_rate, figure.code
        for cell in (*one.cells[:2], *one.base[:2]):
            place = locator.at(cell)
            assert place is not None, (figure.code, cell)
            assert place.model in figure.sheets, (figure.code, cell)


def test_every_figure_has_a_worked_example_of_its_own() -> None:
    examples = {one.code: one.example for one in all_figures()}
    assert len(set(examples.values())) == len(examples)
    for figure in all_figures():
        told = figure.example.rpartition("：")[2]
        assert "\n" not in figure.example
        shape = r"\d[\d,]*/\d[\d,]*" if figure.is_rate else r"计 \d[\d,]*"
        assert re.search(f"{shape} {figure.unit}$", told), (figure.code, told)


def test_counts_have_as_many_cells_as_they_count(measured: dict[str, Measured]) -> None:
    for code in ("patrol.households", "allocation.households", "tickets.handled"):
        assert count_cells(measured[code].cells) == measured[code].value


def test_a_cell_leads_to_the_figures_it_enters_and_to_no_others(sample: Loaded) -> None:
    locator = Locator(sample)
    for code in ("rent.received", "cases.special_resolved", "allocation.people"):
        (figure,) = find_figures(code)
        cell = figure.of(Scope(sample, HALF_YEAR, LAST_DAY)).cells[-1]
        place = locator.at(cell)
        assert place is not None
        periods = periods_of(place, LAST_DAY)
        assert HALF_YEAR in periods
        figures = figures_about(place.model)
        found = {one.figure.code: one for one in entering(cell, figures, periods, sample, LAST_DAY)}
        assert found[code].exactly
        assert "tickets.handled" not in found
    header = Cell("arrears.xlsx", "实收", "D3")
    received = find_figures("rent.received")
    assert entering(header, received, [HALF_YEAR], sample, LAST_DAY) == []


def test_a_figure_is_found_by_code_group_title_and_target() -> None:
    assert [one.code for one in find_figures("XC")] == ["patrol.households"]
    assert find_figures("配租户数") == find_figures("Allocation.Households")
    assert len(find_figures("approval")) > 5
    with pytest.raises(UsageError) as fault:
        find_figures("patrol.hous")
    assert "patrol.households" in fault.value.advice


def test_a_range_covers_its_cells_and_no_others() -> None:
    block = Cell("a.xlsx", "巡查", "A2:A40")
    assert covers(block, Cell("a.xlsx", "巡查", "A40"))
    assert not covers(block, Cell("a.xlsx", "巡查", "A41"))
    assert not covers(block, Cell("a.xlsx", "巡查", "B40"))
    assert not covers(block, Cell("b.xlsx", "巡查", "A40"))
