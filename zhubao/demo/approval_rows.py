"""Rows of services.xlsx that concern citizens: approvals, special cases, hotline tickets."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from zhubao.demo.approval_route import NOTICE_DAYS, Route
from zhubao.demo.homes import Home
from zhubao.demo.names import PROJECTS, full_name, home_area
from zhubao.demo.office_calendar import (
    at,
    next_office_day,
    office_day_until,
    office_days,
)
from zhubao.demo.people import Person
from zhubao.demo.streams import ONE_DAY, sorted_days, stream
from zhubao.demo.subsidy_rows import Grant
from zhubao.demo.tenancy import Town
from zhubao.demo.waiting_list import WaitingList

Row = dict[str, Any]
_AMOUNTS = {"棚改安置补贴": (80_000, 160_000), "购房奖励": (10_000, 50_000)}  # yuan
_SPOUSE_WORK = ("务农", "个体经营", "外地务工", "无固定工作")
_CASES = (
    "夫妻一方无本市户籍，安置资格待研究",
    "被征收房屋无产权证，住房面积待认定",
    "继承人之间未达成分配意见",
    "重病，要求优先安置",
)
_TICKETS = (
    ("房屋维修", "厨房渗水，要求维修"),
    ("政策咨询", "咨询公租房申请条件"),
    ("物业服务", "反映电梯停用时间长"),
    ("租金缴纳", "咨询租金缴纳方式"),
    ("投诉举报", "反映邻居疑似转租"),
)


def approval_rows(town: Town, waiting: WaitingList, grants: list[Grant]) -> Iterator[Row]:
    """Rows of 审批 in the order of decision; the four kinds of the summary, then qualifications."""
    rng = stream(town.plan.seed, "approvals")
    days = office_days(town.plan.months)[3:]
    drafts: list[tuple[dt.date, str, Home | None]] = [
        (rng.choice(days), kind, None)
        for kind, count in town.plan.counts.approvals.items()
        for _ in range(count)
    ]
    drafts += _qualifications(town, waiting, grants)
    drafts.sort(key=lambda draft: (draft[0], draft[1], draft[2].no if draft[2] else ""))
    desk = _Desk(town, rng)
    for number, (day, kind, home) in enumerate(drafts, 1):
        yield desk.approval(number, day, kind, home)
    yield from _not_approved(desk, rng, len(drafts), days)


def case_rows(town: Town) -> Iterator[Row]:
    """Rows of 个案: the resolved ones, and two still being studied."""
    plan, count = town.plan, town.plan.counts.special_cases
    rng = stream(plan.seed, "cases")
    last = plan.as_of
    days = sorted_days(rng, count + 2, plan.start.first_day, last - dt.timedelta(days=20))
    for number, day in enumerate(days, 1):
        resolved = number <= count
        person = town.people.family(1)[0]
        yield {
            "case_no": f"GA{number:04d}",
            "project": rng.choice(PROJECTS),
            "applicant": person.name,
            "identity_no": person.identity_no,
            "difficulty": _CASES[number % len(_CASES)],
            "received_on": day,
            "due_on": day + dt.timedelta(days=60),
            "handler": "项目专人",
            "studied_on": day + dt.timedelta(days=7),
            "result": "已按专题研究意见解决" if resolved else None,
            "resolved_on": min(last, day + dt.timedelta(days=18)) if resolved else None,
            "status": "已解决" if resolved else "办理中",
        }


def ticket_rows(town: Town) -> Iterator[Row]:
    """Rows of 12345工单: the handled ones, and two that came in at the end."""
    plan, count = town.plan, town.plan.counts.tickets
    rng, callers = stream(plan.seed, "tickets"), town.people.apart("tickets")
    days = sorted_days(rng, count, plan.start.first_day, plan.as_of - dt.timedelta(days=10))
    for number, day in enumerate([*days, plan.as_of, plan.as_of], 1):
        subject, content = _TICKETS[number % len(_TICKETS)]
        closed = number <= count
        yield {
            "ticket_no": f"GD{number:05d}",
            "received_on": day,
            "due_on": day + dt.timedelta(days=10),
            "caller": full_name(rng),
            "phone": callers.phone(),
            "subject": subject,
            "content": content,
            "department": "综合科",
            "handled_on": day + dt.timedelta(days=rng.randint(1, 6)) if closed else None,
            "result": "已答复来电人" if closed else None,
            "is_satisfied": True if closed else None,
            "status": "已办结" if closed else "办理中",
        }


def _qualifications(
    town: Town, waiting: WaitingList, grants: list[Grant]
) -> list[tuple[dt.date, str, Home | None]]:
    """Households approved in the period: for public rental housing, and for a subsidy."""
    first = town.plan.start.first_day
    found: list[tuple[dt.date, str, Home | None]] = [
        (entry.approved_on, "公租房资格", entry.home)
        for entry in waiting.entries
        if entry.approved_on >= first
    ]
    found += [(g.home.approved_on, "租赁补贴资格", g.home) for g in grants if g.state == "new"]
    return found


class _Desk:
    """Makes the rows of 审批; spouses and the lower stages come from streams of their own."""

    def __init__(self, town: Town, rng: random.Random) -> None:
        self._town, self._rng = town, rng
        self._route = Route(town.plan.seed)
        self._spouses = town.people.apart("spouses")
        self._employers = stream(town.plan.seed, "spouses' employers")
        self.kinds = list(town.plan.counts.approvals)

    def approval(self, number: int, day: dt.date, kind: str, home: Home | None) -> Row:
        """One approved application."""
        rng, town = self._rng, self._town
        family = home.people if home else town.people.family(rng.choice((1, 2, 3, 3, 4)))
        street, community = (home.street, home.community) if home else home_area(rng)
        head = family[0]
        project = rng.choice(PROJECTS) if kind in ("棚改安置补贴", "购房奖励") else None
        amounts = _AMOUNTS.get(kind)
        half = kind == "半边户"
        return {
            "approval_no": f"SP{number:06d}",
            "kind": kind,
            "applicant": head.name,
            "identity_no": head.identity_no,
            "household_no": home.no if home else None,
            "size": max(2, len(family)) if half else len(family),
            "street": street,
            "community": community,
            "project": project,
            **(self._spouse(family) if half else {}),
            "amount": rng.randrange(*amounts, 1000) * 100 if amounts else None,
            **_stages(rng, self._route, day, community, NOTICE_DAYS.get(kind, 0)),
            "street_officer": self._route.officer(street),
            "result": "通过",
            "decided_on": day,
            "visits": 1,
            "is_online": True,
        }

    def _spouse(self, family: list[Person]) -> Row:
        """The spouse without a city hukou: one of the family, or made where it has none."""
        found = next((person for person in family if person.relation == "配偶"), None)
        spouse = found or self._spouses.family(1)[0]
        return {
            "spouse": spouse.name,
            "spouse_identity_no": spouse.identity_no,
            "spouse_hukou": "外省农村户口",
            "spouse_employer": self._employers.choice(_SPOUSE_WORK),
            "benefits_drawn": "双方均未享受",
        }


def _stages(rng: random.Random, route: Route, day: dt.date, community: str, notice: int) -> Row:
    """Community, street and district; the district takes up to two working days."""
    slow = rng.random() < 0.3
    district = office_day_until(day - ONE_DAY)
    if slow:
        district = office_day_until(district - ONE_DAY)
    hours = (14, 16, 9, 10) if slow else (9, 15, 9, 16)
    received, decided, street = (rng.randint(9, 16) for _ in range(3))
    lower = route.days(district, notice)
    return {
        "community_received_at": at(lower.community_received, received),
        "community_decided_at": at(lower.community_decided, decided),
        "community_officer": route.officer(community),
        "street_received_at": at(lower.street_received, 9),
        "street_decided_at": at(lower.street_decided, street),
        "district_received_at": at(district, rng.randint(*hours[:2])),
        "district_decided_at": at(day, rng.randint(*hours[2:])),
        "district_officer": route.district_officer(),
        "notice_from": lower.notice_from,
        "notice_to": lower.notice_to,
    }


def _not_approved(
    desk: _Desk, rng: random.Random, number: int, days: list[dt.date]
) -> Iterator[Row]:
    """A few that were refused in writing, and a few still on the way; one of them for long."""
    refused, last = 5, days[-1]
    for index in range(8):
        day = rng.choice(days)
        if index in (refused, refused + 1):
            day = last
        row = desk.approval(number + index + 1, day, desk.kinds[index % len(desk.kinds)], None)
        if index < refused:
            yield {
                **row,
                "result": "不通过",
                "refusal_reason": "不符合条件",
                "amount": None,
                "refused_in_writing_on": min(last, next_office_day(day)),
            }
        else:
            open_ends = {"decided_on": None, "district_decided_at": None, "amount": None}
            waits = None if day == last else "配偶户籍情况待外省协查"
            yield {**row, "result": "办理中", **open_ends, "remark": waits}
