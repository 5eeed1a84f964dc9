"""Approvals, rental subsidy and staff subsidy, counted by their definitions."""

from __future__ import annotations

import datetime as dt

import chinese_calendar

from tests.summary.second_period.counting import Asked, Counted
from tests.summary.second_period.ledgers import Ledgers, Row, fen, in_period, within

_KINDS = {
    "rental_housing": "公租房资格",
    "rental_subsidy": "租赁补贴资格",
    "affordable_purchase": "经济适用房购房资格",
    "resettlement_subsidy": "棚改安置补贴",
    "purchase_reward": "购房奖励",
    "half_couple": "半边户",
}
_MORNING, _AFTERNOON = dt.time(9), dt.time(13)  # a half day has begun from then on
_LIMIT = 5  # half days: 2.5 working days, of the district since 2020
_APPROVED = ("已审批", "已发放")


def approvals(books: Ledgers, asked: Asked) -> Counted:
    """Files that passed, by 办结日期; the district's decisions and those within the limit."""
    rows = books.rows("审批")
    found: Counted = {}
    for name, kind in _KINDS.items():
        passed = [row for row in rows if row["审批事项"] == kind and row["审批结果"] == "通过"]
        found[f"approval.{name}"] = (len(in_period(passed, "办结日期", asked.days)), None)
    taken = [
        halves
        for row in in_period(rows, "区办结时间", asked.days)
        if (halves := half_days(row)) is not None
    ]
    in_time = sum(halves <= _LIMIT for halves in taken)
    return found | {"approval.district_in_time": (in_time, len(taken))}


def half_days(row: Row) -> float | None:
    """Half days of working days that began after receipt and by the decision.

    A date without a time is the end of that day. Days the applicant took to complete the papers
    do not count. None without a receipt, or where the decision came before it.
    """
    received, decided = row["区收件时间"], row["区办结时间"]
    if received is None:
        return None
    start, end = _moment(received), _moment(decided)
    if end < start:
        return None
    halves = 0
    on = start.date()
    while on <= end.date():
        if chinese_calendar.is_workday(on):
            halves += sum(
                start < dt.datetime.combine(on, opens) <= end for opens in (_MORNING, _AFTERNOON)
            )
        on += dt.timedelta(days=1)
    return max(0.0, halves - 2 * float(row["补正天数"] or 0))


def _moment(value: dt.datetime) -> dt.datetime:
    return value if value.time() != dt.time() else value.replace(hour=23, minute=59)


def subsidies(books: Ledgers, asked: Asked) -> Counted:
    """Households with a grant approved; households paid, and how much."""
    grants = in_period(books.rows("租赁补贴"), "批准日期", asked.days)
    paid = [
        row
        for row in in_period(books.rows("发放"), "发放日期", asked.days)
        if row["发放状态"] in ("已发放", "已追回")
    ]
    return {
        "subsidy.new_grants": (len({row["家庭编号"] for row in grants}), None),
        "subsidy.households_paid": (len({row["家庭编号"] for row in paid}), None),
        "subsidy.amount_paid": (sum(fen(row["发放金额"]) for row in paid), None),
    }


def staff(books: Ledgers, asked: Asked) -> Counted:
    """Approved households and their employers; against the half-year target of January to June."""
    rows = [row for row in books.rows("职工住房补贴") if row["办理状态"] in _APPROVED]
    approved = in_period(rows, "审批日期", asked.days)
    year = asked.day.year
    half = (dt.date(year, 1, 1), min(asked.day, dt.date(year, 6, 30)))
    done = sum(within(row["审批日期"], half) for row in rows)
    target = [
        row["半年目标"]
        for row in books.rows("目标任务")
        if row["年度"] == year and row["指标编号"] == "ZB"
    ]
    return {
        "staff.employers": (len({row["单位名称"] for row in approved}), None),
        "staff.households": (len(approved), None),
        "staff.half_year_progress": (done, int(target[0])) if target else (0, 0),
    }
