"""Cells put together as ranges: the same as `compact`, and a shared list only once."""

from __future__ import annotations

from random import Random

import pytest

from zhubao.audit.trace.places import compact
from zhubao.core.finding import Cell
from zhubao.summary.indicators.figures import Measured
from zhubao.summary.workbook import ranges as module
from zhubao.summary.workbook.ranges import Ranges, ranges_of

_ODD = ("", "A", "12", "$A$3", "A2:A40", "B3:C9", "A0", "A03", "f3", "é3")


def cells(random: Random, odd: float) -> list[Cell]:
    def ref() -> str:
        if random.random() < odd:
            return random.choice(_ODD)
        return f"{random.choice(('A', 'B', 'Z', 'AA'))}{random.randrange(1, 15)}"

    def cell() -> Cell:
        return Cell(random.choice(("a.xlsx", "b.xlsx")), random.choice(("x", "y", "")), ref())

    return [cell() for _ in range(random.randrange(40))]


@pytest.mark.parametrize("odd", [0.0, 0.05, 0.5], ids=["single cells", "a few odd ones", "mixed"])
def test_whatever_the_cells_their_ranges_are_those_of_compact(odd: float) -> None:
    random = Random(7)
    for _ in range(1000):
        some = cells(random, odd)
        assert ranges_of(some) == compact(some)


def test_a_list_that_several_figures_share_is_put_together_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[int] = []

    def counted(some: tuple[Cell, ...]) -> tuple[Cell, ...]:
        made.append(len(some))
        return ranges_of(some)

    monkeypatch.setattr(module, "ranges_of", counted)
    receipts = tuple(Cell("arrears.xlsx", "实收", f"E{row}") for row in range(2, 9))
    charges = tuple(Cell("arrears.xlsx", "应收", f"F{row}") for row in (2, 3, 5))
    ranges = Ranges()
    rate = ranges.of_measured(Measured(1, receipts, 2, charges))
    assert [str(one) for one in rate] == [
        "arrears.xlsx!实收!E2:E8",
        "arrears.xlsx!应收!F2:F3",
        "arrears.xlsx!应收!F5",
    ]
    assert ranges.of_measured(Measured(1, receipts, 3, receipts)) == rate[:1]
    assert ranges.of(charges) == rate[1:]
    assert made == [7, 3]
