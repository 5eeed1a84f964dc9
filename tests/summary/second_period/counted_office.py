"""Tickets, special cases, the office, the annual review, the contractor: by their definitions."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from decimal import Decimal

import chinese_calendar

from tests.summary.second_period.counting import Asked, Counted
from tests.summary.second_period.ledgers import Ledgers, Row, covered, day, in_period

_A_WEEK = 2  # deliveries
_DAY = dt.timedelta(days=1)


def office(books: Ledgers, asked: Asked) -> Counted:
    """Each by its own day: tickets handled, cases resolved, trainings, news, visits."""

    def rows(sheet: str, header: str) -> list[Row]:
        return in_period(books.rows(sheet), header, asked.days)

    tickets, cases = rows("12345工单", "办结日期"), rows("个案", "解决日期")
    trainings, care = rows("培训", "培训日期"), rows("慰问", "慰问日期")
    in_hospital = [row for row in care if row["慰问类型"] == "住院慰问" and row["是否退休"] == "是"]
    return {
        "tickets.handled": (sum(row["工单状态"] == "已办结" for row in tickets), None),
        "cases.special_resolved": (sum(row["办理状态"] == "已解决" for row in cases), None),
        "deliveries.count": (len(rows("报件", "报件日期")), None),
        "training.sessions": (len(trainings), None),
        "training.attendees": (sum(row["参加人数"] or 0 for row in trainings), None),
        "publicity.news": (
            sum(row["宣传类型"] == "信息动态" for row in rows("宣传", "发布日期")),
            None,
        ),
        "care.hospital": (len({row["慰问对象"] for row in in_hospital}), None),
        "care.memorial": (sum(row["慰问类型"] == "追悼会" for row in care), None),
    }


def delivery_weeks(books: Ledgers, asked: Asked) -> Counted:
    """Weeks whose Monday lies in the period and whose Sunday is past, from the first delivery on.

    Two deliveries are asked for, of a shorter week one a working day, of a week of holidays none.
    """
    made = Counter(day(row["报件日期"]) for row in books.rows("报件"))
    began = min(one for one in made if one is not None)
    monday, kept, due = asked.first, 0, 0
    while monday.weekday():
        monday += _DAY
    while monday <= asked.last and monday + 6 * _DAY <= asked.as_of:
        week = [monday + number * _DAY for number in range(7)]
        wanted = min(_A_WEEK, sum(chinese_calendar.is_workday(one) for one in week))
        if wanted and week[-1] >= began:
            due += 1
            kept += sum(made[one] for one in week) >= wanted
        monday += 7 * _DAY
    return {"deliveries.weeks_kept": (kept, due)}


def review(books: Ledgers, asked: Asked) -> Counted:
    """Households due in the year of the last day, those decided in the period, those that leave."""
    year = asked.day.year
    rows = {row["家庭编号"]: row for row in books.rows("年审") if row["年度"] == year}
    due = {row["家庭编号"] for row in books.rows("保障家庭") if _is_protected(row, asked.day)}
    due |= set(rows)
    decided = [
        row
        for row in in_period(list(rows.values()), "结论日期", asked.days)
        if row["年审结论"] not in (None, "待定")
    ]
    left = sum(row["年审结论"] == "退出" for row in decided)
    return {
        "review.decided": (len(decided), len(due)),
        "review.exited": (left, len(decided)),
    }


def _is_protected(row: Row, on: dt.date) -> bool:
    """在保 on the day: approved by then, not left by then."""
    approved, left = day(row["批准日期"]), day(row["退出日期"])
    if approved is not None and approved > on:
        return False
    if row["保障状态"] == "已退出":
        return left is not None and left > on
    return bool(row["保障状态"] == "在保")


def contractor(books: Ledgers, asked: Asked) -> Counted:
    """An operator's rows of just this period, else of the shorter ones in it; scores ÷ full."""
    rows: dict[str, list[Row]] = defaultdict(list)
    exact: dict[str, list[Row]] = defaultdict(list)
    for row in books.rows("购买服务考核"):
        first, last = covered(row["考核期间"])
        if asked.first <= first and last <= asked.last:
            rows[row["运营单位"]].append(row)
            if (first, last) == (asked.first, asked.last):
                exact[row["运营单位"]].append(row)
    whole, score, full = 0, Decimal(0), Decimal(0)
    for operator, found in rows.items():
        counted = exact[operator] or found
        scored = [row for row in counted if row["得分"] is not None]
        whole += len(scored) == len(counted)
        score += sum(Decimal(str(row["得分"])) for row in scored)
        full += sum(Decimal(str(row["满分"])) for row in scored)
    half = Decimal("0.5")
    return {
        "contractor.scored": (whole, len(rows)),
        "contractor.points": (int(score * 100 + half), int(full * 100 + half)),
    }
