"""Tables of the office's reports: figures, months, open and overdue rows, weeks, attendance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from zhubao.core.masking import mask_numbers
from zhubao.core.period import Month, Period
from zhubao.core.report import Chart, Column, Ratio, Row, Table, ValueKind
from zhubao.ledger.loaded import Loaded
from zhubao.services.office.attendance import AttendanceMonth
from zhubao.services.office.counting import Figure, Rate
from zhubao.services.office.deadlines import Item
from zhubao.services.office.weeks import Weeks

Monthly = tuple[str, Callable[[Loaded, Period, dt.date], Figure]]
_SHOWN = 20
_WEEKDAYS = "一二三四五六日"


def figures_table(figures: Sequence[Figure | Rate]) -> Table:
    """One line a figure: a count with its unit, or a rate with both numbers.

    Without any rate the column of rates is left out.
    """
    columns = [
        Column("figure", "指标"),
        Column("value", "数量", ValueKind.COUNT, width=8),
        Column("unit", "单位"),
        Column("span", "口径", level=2),
    ]
    rated = any(isinstance(one, Rate) for one in figures)
    if rated:
        columns.insert(3, Column("rate", "比率", ValueKind.RATIO, width=18))
    rows = tuple(_figure_row(one, rated=rated) for one in figures)
    return Table("figures", "合计", tuple(columns), rows)


def months_table(
    loaded: Loaded, period: Period, as_of: dt.date, monthly: Sequence[Monthly]
) -> Table:
    """The figures month by month; the months add up to the period."""
    columns = (
        Column("month", "月份", ValueKind.MONTH),
        *(Column(f"c{n}", title, ValueKind.COUNT) for n, (title, _) in enumerate(monthly)),
    )
    rows = []
    for month in period.months():
        span = _within(month, period)
        if span.start <= as_of:
            found = [count(loaded, span, as_of) for _, count in monthly]
            cells = tuple(cell for one in found for cell in one.cells)
            rows.append(Row((month, *(one.value for one in found)), cells))
    totals = ("合计", *(sum(row.values[n + 1] for row in rows) for n in range(len(monthly))))
    keys = tuple(f"c{n}" for n in range(len(monthly)))
    charts = (Chart("column", "逐月", "month", keys),) if len(rows) > 1 else ()
    return Table("months", "逐月", columns, tuple(rows), totals, frozenset(keys), charts=charts)


def items_table(
    loaded: Loaded, items: Sequence[Item], as_of: dt.date, *, key: str, title: str
) -> Table:
    """Rows with their deadline: days past it, or days left."""
    columns = (
        Column("register", "登记表"),
        Column("number", "编号"),
        Column("due", "期限", ValueKind.DATE),
        Column("late", "超期天数", ValueKind.COUNT),
        Column("left", "剩余天数", ValueKind.COUNT),
        Column("subject", "事由", width=24),
        Column("responsible", "责任", level=2),
        Column("received", "收到", ValueKind.DATE, level=2),
        Column("status", "状态", level=2),
    )
    rows = tuple(_item_row(loaded, item, as_of) for item in items)
    return Table(key, f"{title}（{len(items):,} 件）", columns, rows, shown=_SHOWN)


def outlets_table(figures: Sequence[Figure]) -> Table:
    """Published items by outlet."""
    columns = (
        Column("outlet", "发布平台"),
        Column("items", "篇数", ValueKind.COUNT),
        Column("share", "占比", ValueKind.RATIO),
    )
    total = sum(one.value for one in figures)
    rows = tuple(
        Row((one.title or "（未填写）", one.value, Ratio(one.value, total)), one.cells)
        for one in figures
    )
    return Table(
        "outlets",
        "信息、新闻稿和媒体报道，按平台",
        columns,
        rows,
        ("合计", total, None),
        frozenset({"items"}),
    )


def weeks_table(weeks: Weeks) -> Table:
    """The weeks that fell short."""
    columns = (
        Column("monday", "周一", ValueKind.DATE),
        Column("sunday", "周日", ValueKind.DATE),
        Column("workdays", "工作日", ValueKind.COUNT),
        Column("due", "应报", ValueKind.COUNT),
        Column("made", "实报", ValueKind.COUNT),
        Column("days", "报件日"),
    )
    rows = tuple(
        Row(
            (week.monday, week.sunday, week.workdays, week.due, week.made, _said(week.days)),
            week.cells,
        )
        for week in weeks.short
    )
    return Table("short_weeks", f"次数不够的周（{len(rows)} 周）", columns, rows, shown=_SHOWN)


def attendance_table(months: Sequence[AttendanceMonth]) -> Table:
    """Attendance and assessment, a line a month."""
    columns = (
        Column("month", "月份", ValueKind.MONTH),
        Column("people", "人数", ValueKind.COUNT),
        Column("rate", "出勤率", ValueKind.RATIO, note="实出勤天数 ÷ 应出勤天数"),
        Column("leave", "请假天数", ValueKind.NUMBER),
        Column("absent", "旷工天数", ValueKind.NUMBER, level=2),
        Column("late", "迟到早退", ValueKind.COUNT, level=2),
        Column("score", "平均得分", ValueKind.NUMBER),
        Column("excellent", "优秀", ValueKind.COUNT),
        Column("competent", "称职", ValueKind.COUNT),
        Column("basic", "基本称职", ValueKind.COUNT, level=2),
        Column("poor", "不称职", ValueKind.COUNT, level=2),
    )
    rows = tuple(
        Row(
            (
                one.month,
                one.people,
                one.rate,
                one.leave_days,
                one.absent_days,
                one.late,
                one.score,
                *(count for _, count in one.grades),
            ),
            one.cells,
        )
        for one in months
    )
    return Table("attendance", "考勤考核", columns, rows)


def _figure_row(one: Figure | Rate, *, rated: bool) -> Row:
    if isinstance(one, Rate):
        what = f"{one.counted.title} ÷ {one.whole.title}"
        values = (one.title, None, "", one.ratio, what)
        return Row(values, (*one.counted.cells, *one.whole.cells))
    span = one.period.title if one.period else f"截至 {one.as_of}"
    return Row((one.title, one.value, one.unit, *([None] if rated else []), span), one.cells)


def _item_row(loaded: Loaded, item: Item, as_of: dt.date) -> Row:
    table, register = loaded.get(item.register.model), item.register
    late = item.days_late(as_of)
    left = (item.due - as_of).days if item.due is not None and not late else None
    values: tuple[Any, ...] = (
        register.title,
        item.number,
        item.due,
        late or None,
        left,
        mask_numbers(str(table.column(register.subject)[item.index] or "")),
        table.column(register.responsible)[item.index],
        item.received,
        item.status,
    )
    return Row(values, (table.cell(item.index, register.due),), "error" if late else "")


def _within(month: Month, period: Period) -> Period:
    return Period(max(month.first_day, period.start), min(month.last_day, period.end))


def _said(days: Sequence[dt.date]) -> str:
    return "、".join(f"{day.month}月{day.day}日周{_WEEKDAYS[day.weekday()]}" for day in days)
