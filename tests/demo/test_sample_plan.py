from __future__ import annotations

import pytest

from zhubao.demo.bureau_rows import live_through
from zhubao.demo.sample import reach_receipts
from zhubao.demo.sample_plan import SAMPLE


def test_the_waiting_list_adds_up() -> None:
    waiting = SAMPLE.waiting
    assert waiting.opening == 322
    assert waiting.opening - waiting.dropped_early + waiting.early == 337
    assert waiting.total - waiting.dropped - SAMPLE.allocated == 42


def test_units_let_and_lettable_are_the_chosen_ones() -> None:
    assert SAMPLE.occupied == 2003
    assert sum(estate.units for estate in SAMPLE.estates) == 2071


def test_receipts_that_cannot_be_reached_are_refused() -> None:
    bureau = live_through(SAMPLE)
    with pytest.raises(ValueError, match="above"):
        reach_receipts(bureau, bureau.history.received - 1)
    with pytest.raises(ValueError, match="below"):
        reach_receipts(bureau, bureau.history.received + 10**9)
