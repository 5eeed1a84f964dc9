"""Rows of audit.xlsx: two units let on, five subsidies repaid, six car owners gone, all closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from zhubao.core.period import Month
from zhubao.demo.homes import Home
from zhubao.demo.subsidy_rows import Grant
from zhubao.demo.tenancy import Town
from zhubao.ledger import audit

Row = dict[str, Any]
_CAR_OWNERS = 6


class Issue(NamedTuple):
    """One confirmed finding."""

    home: Home
    kind: str
    matter: str
    remedy: str
    amount: int
    recovered: int


class Audit:
    """The audit workbook of a town: found in the second month, closed by the end."""

    def __init__(self, town: Town, grants: list[Grant]) -> None:
        plan = town.plan
        self._found = plan.start.plus(min(1, len(plan.months) - 1)).first_day.replace(day=17)
        self._done = _not_after(Month.containing(self._found).plus(2).first_day, 20, plan.as_of)
        self._closed = _not_after(Month.containing(self._found).plus(3).first_day, 25, plan.as_of)
        self._issues = list(_issues(town, grants))

    def rows(self) -> dict[type, Any]:
        """Row model → rows of audit.xlsx."""
        return {
            audit.Lead: self.lead_rows(),
            audit.AuditFinding: self.finding_rows(),
            audit.RectificationStep: self.step_rows(),
            audit.FollowUp: self.follow_up_rows(),
        }

    def lead_rows(self) -> Iterator[Row]:
        """Rows of 疑点: the confirmed ones."""
        for number, issue in enumerate(self._issues, 1):
            head = issue.home.people[0]
            yield {
                "lead_no": f"YD{number:04d}",
                "kind": issue.kind,
                "source": "审计组",
                "raised_on": self._found,
                "household_no": issue.home.no,
                "unit_no": _unit_no(issue.home),
                "person": head.name,
                "identity_no": head.identity_no,
                "matter": issue.matter,
                "amount": issue.amount or None,
                "verifier": "审计整改专班",
                "verified_on": self._found + dt.timedelta(days=1),
                "verification": "情况属实",
                "status": "已认定",
            }

    def finding_rows(self) -> Iterator[Row]:
        """Rows of 问题清单, all closed."""
        for number, issue in enumerate(self._issues, 1):
            yield {
                "finding_no": _finding_no(number),
                "lead_no": f"YD{number:04d}",
                "kind": issue.kind,
                "subject": issue.home.people[0].name,
                "household_no": issue.home.no,
                "unit_no": _unit_no(issue.home),
                "matter": issue.matter,
                "found_by": "审计组",
                "found_on": self._found,
                "household_count": 1,
                "rectified_households": 1,
                "amount": issue.amount or None,
                "recovered": issue.recovered or None,
                "department": "保障科",
                "responsible": "审计整改专班",
                "deadline": self._closed,
                "remedy": issue.remedy,
                "status": "已销号",
                "rectified_on": self._done,
                "followed_up_on": self._closed,
                "closed_on": self._closed,
            }

    def step_rows(self) -> Iterator[Row]:
        """Rows of 整改记录: one step per finding."""
        for number, issue in enumerate(self._issues, 1):
            yield {
                "step_no": f"ZG{number:04d}",
                "finding_no": _finding_no(number),
                "done_on": self._done,
                "action": f"{issue.remedy}，整改完成",
                "status": "已整改",
                "households": 1,
                "recovered": issue.recovered or None,
                "handler": "审计整改专班",
            }

    def follow_up_rows(self) -> Iterator[Row]:
        """Rows of 回访: one visit per finding."""
        for number in range(1, len(self._issues) + 1):
            yield {
                "follow_up_no": f"HF{number:04d}",
                "finding_no": _finding_no(number),
                "visited_on": self._closed,
                "visitor": "审计整改专班",
                "method": "上门",
                "result": "整改到位",
            }


def _issues(town: Town, grants: list[Grant]) -> Iterator[Issue]:
    tenants = [home for home in town.homes if home.role == "standing" and not home.hardship]
    for home in tenants[:2]:
        yield Issue(home, "违规转租转借", "将承租的公租房出租给他人居住", "恢复原状", 0, 0)
    for grant in grants:
        if grant.state == "repaid":
            sum_paid = grant.monthly * 300
            matter = "不符合条件领取租赁补贴"
            yield Issue(grant.home, "不符合条件享受", matter, "退回资金", sum_paid, sum_paid)
    left = [home for home in town.homes if home.leases and home.exited_on]
    for home in [home for home in left if home.exit_reason == "资格取消"][:_CAR_OWNERS]:
        yield Issue(home, "未按规定退出", "承租期间购买车辆，不再符合条件", "退出保障", 0, 0)


def _unit_no(home: Home) -> str | None:
    return home.lease.unit.no if home.leases else None


def _finding_no(number: int) -> str:
    return f"WT{number:04d}"


def _not_after(month_start: dt.date, day: int, last: dt.date) -> dt.date:
    return min(month_start.replace(day=day), last)
