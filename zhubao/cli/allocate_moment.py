"""The option --at of freeze, announce and draw: when it was done, never a time still to come.

Whole minutes, as the published texts write them: what is done within one minute is in order.
"""

from __future__ import annotations

import datetime as dt

from zhubao.core.errors import UsageError

_SLACK = dt.timedelta(minutes=10)  # two clocks in one hall


def done_at(text: str | None) -> dt.datetime:
    """A date with time as clerks type it, to the minute; now where none is given.

    UsageError when it cannot be read, or lies more than ten minutes ahead: with times of the
    future a draw could be entered as made after a publication that has not taken place yet.
    """
    from zhubao.excel.dates import DateReader

    now = dt.datetime.now().replace(second=0, microsecond=0)
    if text is None:
        return now
    value = DateReader().read_moment(text.strip()).value
    if not isinstance(value, dt.datetime):
        raise UsageError(
            f"选项 --at 的时间“{text}”看不懂", advice="请写成 2020-05-12 09:30 这样的时间。"
        )
    if value > now + _SLACK:
        raise UsageError(
            f"选项 --at 的时间 {value:%Y-%m-%d %H:%M} 还没有到",
            where="--at",
            advice="--at 写实际办理的时间；请改正，或等到那时再运行（不写 --at 就是现在）。",
        )
    return value.replace(second=0, microsecond=0)
