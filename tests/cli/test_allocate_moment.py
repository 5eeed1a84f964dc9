"""When a freeze, an announcement or a draw was made: whole minutes, none still to come."""

from __future__ import annotations

import datetime as dt

import pytest

from zhubao.cli.allocate_moment import done_at
from zhubao.core.errors import UsageError

NOW = dt.datetime(2020, 7, 6, 9, 0, 48, 120)


class Clock(dt.datetime):
    """A clock that has stopped."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Clock:
        return cls(*NOW.timetuple()[:6], NOW.microsecond, tz)


def test_what_is_announced_and_drawn_within_a_minute_is_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dt, "datetime", Clock)
    minute = NOW.replace(second=0, microsecond=0)
    assert done_at(None) == done_at("2020-07-06 09:00") == done_at("2020-7-6 9:00:59") == minute
    with pytest.raises(UsageError, match="还没有到"):
        done_at("2020-07-06 09:11")
