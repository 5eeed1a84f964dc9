"""How targets stand: one word for one state, at the end of the time otherwise than before it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from zhubao.core.report import Ratio
from zhubao.summary.targets.progress import Progress
from zhubao.summary.targets.standing import Standing, standing, tally

MAY, JUNE, DECEMBER = (dt.date(2020, 5, 31), dt.date(2020, 6, 30), dt.date(2020, 12, 31))


def progress(
    day: dt.date,
    done: int,
    half_done: int | None = None,
    *,
    half_year: int | None = 91,
    annual: int | None = 366,
    is_level: bool = False,
) -> Progress:
    """366 days in 2020, 182 to 30 June: a target of 366 is due one a day."""
    return Progress(
        half_year=None if half_year is None else Decimal(half_year),
        annual=None if annual is None else Decimal(annual),
        done=Decimal(done),
        unit="%" if is_level else "户",
        elapsed=Ratio((day - dt.date(2020, 1, 1)).days + 1, 366),
        cells=(),
        day=day,
        half_done=Decimal(done if half_done is None else half_done),
        is_level=is_level,
    )


@pytest.mark.parametrize(
    ("one", "half", "state"),
    [
        (progress(MAY, 152), False, Standing.EVEN),
        (progress(MAY, 153), False, Standing.AHEAD),
        (progress(MAY, 151), False, Standing.BEHIND),
        (progress(MAY, 91), True, Standing.DONE),
        (progress(JUNE, 90), True, Standing.UNDONE),
        (progress(DECEMBER, 365), False, Standing.UNDONE),
        (progress(DECEMBER, 366), False, Standing.DONE),
        (progress(MAY, 90, annual=90, is_level=True), False, Standing.MET),
        (progress(MAY, 89, annual=90, is_level=True), False, Standing.UNMET),
        (progress(MAY, 89, annual=None), False, Standing.NO_TARGET),
    ],
)
def test_a_target_has_one_state(one: Progress, half: bool, state: Standing) -> None:
    assert standing(one, half=half) is state


def test_after_june_the_year_counts_even_where_the_half_year_was_missed() -> None:
    caught_up = progress(DECEMBER, 366, half_done=80)
    assert standing(caught_up, half=True) is Standing.UNDONE
    assert not caught_up.is_behind
    assert progress(JUNE, 180, half_year=180).is_behind  # the year's, not the half-year's
    assert progress(DECEMBER, 366, half_done=80, annual=None).is_behind


@pytest.mark.parametrize(
    ("day", "done", "half", "said"),
    [
        (DECEMBER, (366, 200), False, "2项中1项没有完成（全年已结束）"),
        (DECEMBER, (366, 366), False, "2项全部完成"),
        (JUNE, (91, 300), True, "2项全部完成"),
        (JUNE, (91, 90), True, "2项中1项没有完成（上半年已结束）"),
        (MAY, (366, 100), False, "2项中1项落后于时间进度"),
        (MAY, (366, 200), False, "2项都没有落后于时间进度"),
        (MAY, (366, 366), False, "2项全部完成"),
    ],
)
def test_all_targets_are_told_in_one_phrase(
    day: dt.date, done: tuple[int, int], half: bool, said: str
) -> None:
    assert tally([progress(day, one) for one in done], half=half) == said
    assert tally([progress(day, 1, half_year=None)], half=True) == ""
