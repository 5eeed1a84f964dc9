"""A span of time day by day: every half day that counts, and why others do not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.policy import PolicyInvalid
from zhubao.services.approval.halfdays import (
    DayCount,
    HalfDayClock,
    has_time,
    in_days,
    is_before,
    say_days,
    say_moment,
)
from zhubao.services.approval.rules import RULE_NOTE, half_days

DAY_COLUMNS = (
    Column("day", "日期"),
    Column("weekday", "星期"),
    Column("morning", "上午", ValueKind.COUNT, note="计入的第几个半天；空白不计"),
    Column("afternoon", "下午", ValueKind.COUNT, note="计入的第几个半天；空白不计"),
    Column("days", "累计", ValueKind.NUMBER, note="工作日"),
    Column("note", "说明"),
)


def span_report(
    clock: HalfDayClock, start: dt.datetime, end: dt.datetime, *, bureau: str = ""
) -> Report:
    """The working half days from a receipt to a decision. UsageError when they cross."""
    if is_before(end, start):
        raise UsageError(
            f"办结 {say_moment(end)} 早于收件 {say_moment(start)}", advice="请核对两个时间的先后。"
        )
    halves = clock.count(start, end)
    told = (
        f"{say_moment(start)} 收件（{say_receipt(clock, start)}），{say_moment(end)} 办结："
        f"{halves} 个半天，{say_days(halves)}"
    )
    facts = {"to": say_moment(end), "half_days": halves, "days": in_days(halves)}
    return _workdays_report(clock, start, clock.end_of(end), told, facts, bureau)


def due_report(clock: HalfDayClock, start: dt.datetime, days: str, *, bureau: str = "") -> Report:
    """The half day on which a limit of so many working days ends. UsageError for odd days."""
    try:
        limit = half_days(days, "--days")
    except PolicyInvalid:
        raise UsageError(
            f"天数“{days}”不行", advice="请写 0.5 的整倍数，如 2.5、7.5、15。"
        ) from None
    due = clock.due(start, limit)
    told = (
        f"{say_moment(start)} 收件（{say_receipt(clock, start)}），时限 {say_days(limit)}："
        f"{due.long_title}到期，这个半天之内办结不算超期"
    )
    until = dt.datetime.combine(due.day, clock.rules.hours(due.day).closing(due.half))
    facts = {"limit_half_days": limit, "limit_days": in_days(limit), "due": due.long_title}
    return _workdays_report(clock, start, until, told, facts, bureau)


def _workdays_report(
    clock: HalfDayClock,
    start: dt.datetime,
    until: dt.datetime,
    told: str,
    facts: dict[str, Any],
    bureau: str,
) -> Report:
    rows = [Row(row) for row in day_rows(clock, start, until)]
    return Report(
        code="approval.workdays",
        title="工作日推算",
        bureau=bureau,
        tables=(Table("days", "逐日半天计数", DAY_COLUMNS, rows, shown=40),),
        notes=(told, RULE_NOTE),
        references=clock.rules.references(start.date()),
        facts={"from": say_moment(start), **facts},
    )


def day_rows(
    clock: HalfDayClock, received: dt.datetime, until: dt.datetime
) -> Iterator[tuple[Any, ...]]:
    """One row per working day; days off in a row are one row."""
    days = clock.explain(received, until)
    for works, group in groupby(days, key=lambda day: day.works):
        if works:
            yield from (_working_day(clock, day, received) for day in group)
        else:
            yield _days_off(list(group))


def _working_day(clock: HalfDayClock, day: DayCount, received: dt.datetime) -> tuple[Any, ...]:
    note = ""
    if day.day == received.date():
        note = say_receipt(clock, received)
    last = max((number for number in (day.morning, day.afternoon) if number), default=None)
    return (day.day.isoformat(), day.weekday, day.morning, day.afternoon, in_days(last), note)


def _days_off(days: Iterable[DayCount]) -> tuple[Any, ...]:
    group = list(days)
    first, last = group[0], group[-1]
    if first is last:
        return (first.day.isoformat(), first.weekday, None, None, None, "休息")
    span = f"{first.day.isoformat()} 至 {last.day:%m-%d}"
    weekdays = f"{first.weekday[:2]}至{last.weekday[:2]}"
    return (span, weekdays, None, None, None, f"休息 {len(group)} 天")


def say_receipt(clock: HalfDayClock, received: dt.datetime) -> str:
    """How a receipt is counted, in words."""
    if not has_time(received):
        return f"只有日期，按当日{clock.rules.date_only('received', received.date())}计"
    if clock.is_outside(received):
        return "不在上班时间，从下一个半天起计"
    half = clock.half_of(received)
    return f"{half.half}，不计" if half else "不计"
