"""What was owed on earlier days, asked of one settlement, agrees with a settlement of each day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from zhubao.ledger.loaded import Loaded
from zhubao.rent.arrears import compute_arrears, owed_on

Make = Callable[..., Loaded]
AS_OF = dt.date(2020, 6, 30)
_MONTHS = ("2019-11", "2019-12", "2020-01", "2020-03", "2020-05", "2020-08")


def histories(count: int) -> list[dict[str, list[tuple[Any, ...]]]]:
    """Few months and households: named months, opening debts, corrections and reversals meet."""
    random = Random(20200630)

    def household() -> str:
        return random.choice(("H1", "H2", "未登记"))

    def month() -> str:
        return random.choice(_MONTHS)

    def day() -> str:
        return str(dt.date(2019, 9, 1) + dt.timedelta(days=random.randrange(390)))

    def rows(make: Callable[[], tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return [make() for _ in range(random.randrange(12))]

    return [
        {
            "opening": rows(lambda: (household(), month(), random.randrange(300))),
            "charges": rows(
                lambda: (
                    household(),
                    month(),
                    random.randrange(-60, 300),
                    random.choice(("", day())),
                )
            ),
            "receipts": rows(
                lambda: (
                    household(),
                    day(),
                    random.randrange(-250, 400),
                    random.choice(("", month())),
                )
            ),
            "reductions": rows(
                lambda: (household(), day(), random.randrange(150), random.choice(("", month())))
            ),
        }
        for _ in range(count)
    ]


def test_an_earlier_day_is_settled_as_if_its_books_had_ended_there(make_loaded: Make) -> None:
    days = [dt.date(2019, 9, 1), dt.date(2019, 12, 31), dt.date(2020, 2, 29), AS_OF]
    for history in histories(100):
        loaded = make_loaded(households=("H1", "H2"), **history)
        result = compute_arrears(loaded, AS_OF)
        alone = [int(compute_arrears(loaded, day).figures.owed.sum()) for day in days]
        assert [owed_on(result, day) for day in days] == alone


def test_a_day_after_the_books_is_refused(make_loaded: Make) -> None:
    result = compute_arrears(make_loaded(charges=[("H1", "2020-01", 100)]), AS_OF)
    with pytest.raises(ValueError, match="2020-07-01 is after 2020-06-30"):
        owed_on(result, dt.date(2020, 7, 1))
