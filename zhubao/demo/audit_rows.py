"""Rows of audit.xlsx: two units let on, five subsidies repaid, six car owners gone, all closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from zhubao.demo.audit_cases import (
    audit_day,
    car_owners,
    confirmed_on,
    restored_on,
    sublet_homes,
)
from zhubao.demo.homes import Home
from zhubao.demo.office_calendar import office_day_until
from zhubao.demo.subsidy_rows import Grant, recovery_day
from zhubao.demo.tenancy import Town
from zhubao.ledger import audit

Row = dict[str, Any]
_TEAM = "审计整改专班"
_SUBLET_BASIS = "《公共租赁住房管理办法》第二十七条、第三十六条"


class Issue(NamedTuple):
    """One confirmed finding; `done_on` is the day it was put right."""

    home: Home
    kind: str
    matter: str
    remedy: str
    measures: str
    done_on: dt.date
    amount: int = 0
    basis: str | None = None


class Audit:
    """The audit workbook of a town: found in the first month, closed by the end."""

    def __init__(self, town: Town, grants: list[Grant]) -> None:
        self._last = town.plan.as_of
        self._found = min(audit_day(town.plan), self._last)
        self._confirmed = confirmed_on(town.plan)
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
                "basis": issue.basis,
                "amount": issue.amount or None,
                "verifier": _TEAM,
                "verified_on": self._confirmed,
                "verification": "情况属实",
                "status": "已认定",
            }

    def finding_rows(self) -> Iterator[Row]:
        """Rows of 问题清单, all closed."""
        for number, issue in enumerate(self._issues, 1):
            visited = self._visited_on(issue)
            yield {
                "finding_no": _finding_no(number),
                "lead_no": f"YD{number:04d}",
                "kind": issue.kind,
                "subject": issue.home.people[0].name,
                "household_no": issue.home.no,
                "unit_no": _unit_no(issue.home),
                "matter": issue.matter,
                "basis": issue.basis,
                "found_by": "审计组",
                "found_on": self._confirmed,
                "household_count": 1,
                "rectified_households": 1,
                "amount": issue.amount or None,
                "recovered": issue.amount or None,
                "department": "保障科",
                "responsible": _TEAM,
                "deadline": self._last,
                "remedy": issue.remedy,
                "measures": issue.measures,
                "status": "已销号",
                "rectified_on": issue.done_on,
                "followed_up_on": visited,
                "closed_on": self._after(visited, 3),
            }

    def step_rows(self) -> Iterator[Row]:
        """Rows of 整改记录: the notice, and the day it was put right; sums are on the second."""
        number = 0
        for finding, issue in enumerate(self._issues, 1):
            notice = min(self._after(self._confirmed, 5), issue.done_on)
            for day, action, done in (
                (notice, "下达整改通知", False),
                (issue.done_on, issue.measures, True),
            ):
                number += 1
                yield {
                    "step_no": f"ZG{number:04d}",
                    "finding_no": _finding_no(finding),
                    "done_on": day,
                    "action": action,
                    "status": "已整改" if done else "整改中",
                    "households": 1 if done else 0,
                    "recovered": (issue.amount or None) if done else None,
                    "handler": _TEAM,
                }

    def follow_up_rows(self) -> Iterator[Row]:
        """Rows of 回访: one visit per finding."""
        for number, issue in enumerate(self._issues, 1):
            yield {
                "follow_up_no": f"HF{number:04d}",
                "finding_no": _finding_no(number),
                "visited_on": self._visited_on(issue),
                "visitor": _TEAM,
                "method": "电话" if issue.remedy == "退出保障" else "上门",
                "result": "整改到位",
            }

    def _visited_on(self, issue: Issue) -> dt.date:
        """About two weeks after it was put right."""
        return max(issue.done_on, self._after(issue.done_on, 15))

    def _after(self, day: dt.date, days: int) -> dt.date:
        """So many days later, back to a working day, within the period."""
        later = min(self._last, day + dt.timedelta(days=days))
        return max(day, office_day_until(later))


def _issues(town: Town, grants: list[Grant]) -> Iterator[Issue]:
    last = town.plan.as_of
    for home in sublet_homes(town):
        yield Issue(
            home,
            "违规转租转借",
            "将承租的公租房出租给他人居住",
            "恢复原状",
            "清退转租人员，由承租人恢复自住",
            restored_on(town.plan),
            basis=_SUBLET_BASIS,
        )
    for grant in grants:
        if grant.state == "repaid":
            yield Issue(
                grant.home,
                "不符合条件享受",
                "不符合条件领取租赁补贴",
                "退回资金",
                "停发补贴，领取的补贴全额退回",
                recovery_day(town.plan),
                grant.monthly * 300,
            )
    for home in car_owners(town):
        yield Issue(
            home,
            "未按规定退出",
            "承租期间购买车辆，不再符合条件",
            "退出保障",
            "终止合同，收回住房，退出保障",
            home.exited_on or last,
        )


def _unit_no(home: Home) -> str | None:
    return home.lease.unit.no if home.leases else None


def _finding_no(number: int) -> str:
    return f"WT{number:04d}"
