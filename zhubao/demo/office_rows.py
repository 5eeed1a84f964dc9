"""Rows of services.xlsx that concern the office: deliveries, publicity, staff, targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from zhubao.demo.blueprint import Blueprint
from zhubao.demo.contractor_results import Results
from zhubao.demo.names import STREETS, full_name
from zhubao.demo.office_calendar import is_office_day, office_days
from zhubao.demo.streams import sorted_days, stream
from zhubao.demo.tenancy import Town
from zhubao.ledger import office

Row = dict[str, Any]
_STAFF = 18
_DEPARTMENTS = ("综合科", "保障科", "房源科", "租金科")
_TOPICS = ("配租工作", "动态管理", "租金收缴", "补贴发放", "安全检查", "政策宣传")
_SCORED = (
    ("QZ", "欠缴租金收回", "万元", "6", "30"),
    ("TF", "违规住房腾退", "套", "8", "30"),
    ("XC", "巡查户数", "户", "980", "20"),
    ("TS", "投诉处理及时率", "%", "95", "20"),
)
# code, indicator, unit, half-year target, annual target
_TARGETS = (
    ("PZ", "公租房配租", "户", "300", "600"),
    ("ZJ", "租金收缴", "万元", "110", "220"),
    ("HJ", "市级产权租金汇缴", "万元", "115", "230"),
    ("RZ", "公租房入住率", "%", "90", "90"),
    ("ZB", "职工住房补贴", "户", "900", "1800"),
    ("BT", "租赁补贴发放", "户", "880", "900"),
    ("CJ", "房源筹集", "套", "1800", "3500"),
    ("DP", "房源调配", "套", "450", "900"),
    ("XC", "动态巡查", "户", "1900", "2000"),
)


def delivery_rows(plan: Blueprint) -> Iterator[Row]:
    """Rows of 报件: every Tuesday and Friday on which offices are open."""
    rng = stream(plan.seed, "deliveries")
    days = [day for day in office_days(plan.months) if day.weekday() in (1, 4)]
    for number, day in enumerate(days, 1):
        yield {
            "delivery_no": f"BJ{number:04d}",
            "delivered_on": day,
            "destination": "市住房保障服务局",
            "subject": "资格审批",
            "file_count": rng.randint(8, 40),
            "returned_count": 0,
        }


def training_rows(plan: Blueprint) -> Iterator[Row]:
    """Rows of 培训: by area, for the officers of streets and communities."""
    rng = stream(plan.seed, "training")
    days = sorted_days(rng, plan.counts.trainings, plan.start.first_day, plan.as_of)
    for number, day in enumerate(days, 1):
        yield {
            "training_no": f"PX{number:03d}",
            "held_on": day,
            "subject": "住房保障业务审批",
            "area": STREETS[number % len(STREETS)][0],
            "audience": "街道、社区住房保障专干",
            "attendees": rng.randint(18, 42),
            "materials": "政策汇编、申请表范本、房源手册",
        }


def publicity_rows(plan: Blueprint) -> Iterator[Row]:
    """Rows of 宣传: news items, two press articles, and a questionnaire."""
    rng = stream(plan.seed, "publicity")
    days = sorted_days(rng, plan.counts.articles, plan.start.first_day, plan.as_of)
    items = [(day, "信息动态", _TOPICS[i % len(_TOPICS)] + "动态") for i, day in enumerate(days)]
    second = plan.start.plus(min(1, len(plan.months) - 1)).first_day.replace(day=9)
    fourth = plan.start.plus(min(3, len(plan.months) - 1)).first_day.replace(day=10)
    items += [
        (second, "新闻稿", "公租房摇号选房启动"),
        (fourth, "新闻稿", "摇号选房服务棚改"),
        (second, "媒体报道", "电视台采访公租房摇号选房"),
        (plan.as_of - dt.timedelta(days=12), "问卷调查", "审批窗口服务问卷"),
    ]
    for number, (day, kind, title) in enumerate(sorted(items), 1):
        yield {
            "item_no": f"XX{number:04d}",
            "kind": kind,
            "title": title,
            "published_on": day,
            "outlet": "区信息平台" if kind == "信息动态" else None,
            "copies": 200 if kind == "问卷调查" else None,
        }


def care_rows(plan: Blueprint) -> Iterator[Row]:
    """Rows of 慰问: six retired colleagues in hospital, four memorial meetings."""
    rng = stream(plan.seed, "care")
    kinds = ["住院慰问"] * 6 + ["追悼会"] * 4
    rng.shuffle(kinds)
    days = sorted_days(rng, len(kinds), plan.start.first_day, plan.as_of)
    for number, (day, kind) in enumerate(zip(days, kinds, strict=True), 1):
        yield {
            "care_no": f"WW{number:03d}",
            "kind": kind,
            "person": full_name(rng),
            "is_retired": True,
            "visited_on": day,
            "visitors": "退休办",
            "amount": 50_000 if kind == "住院慰问" else None,
        }


def staff_rows(plan: Blueprint) -> Iterator[Row]:
    """Rows of 考勤考核: one per staff member and month."""
    rng = stream(plan.seed, "staff-months")
    names = [full_name(rng) for _ in range(_STAFF)]
    for month in plan.months:
        first = month.first_day
        due = sum(is_office_day(first + dt.timedelta(days=n)) for n in range(month.last_day.day))
        for number, name in enumerate(names, 1):
            leave = rng.choice((0, 0, 0, 1, 2))
            score = 88 + rng.randint(0, 11)
            yield {
                "month": month,
                "staff_no": f"GH{number:03d}",
                "name": name,
                "department": _DEPARTMENTS[number % len(_DEPARTMENTS)],
                "due_days": Decimal(due),
                "present_days": Decimal(due - leave),
                "leave_days": Decimal(leave),
                "absent_days": Decimal(0),
                "late_count": 0,
                "score": Decimal(score),
                "grade": "优秀" if score >= 97 else "称职",
            }


def contractor_rows(plan: Blueprint, results: Results) -> Iterator[Row]:
    """Rows of 购买服务考核: one operator, every whole quarter of the period.

    Results are counted from the other ledgers. A quarter of which the period holds a part only is
    not scored.
    """
    for month in plan.months:
        if month.month % 3 or month.plus(-2) < plan.start:
            continue
        for code, indicator, measure, target, full in _SCORED:
            actual = results.of(code, month.plus(-2))
            places = 2 if measure in ("万元", "%") else 0
            yield {
                "operator": "星河物业服务中心",
                "period": f"{month.year}-Q{month.month // 3}",
                "indicator_code": code,
                "indicator": indicator,
                "measure": measure,
                "target": Decimal(target),
                "actual": None if actual is None else _rounded(actual, places),
                "full_score": Decimal(full),
                "score": _rounded(_score(actual, Fraction(target), Fraction(full), measure), 1),
                "scored_on": month.last_day,
            }


def _score(actual: Fraction | None, target: Fraction, full: Fraction, measure: str) -> Fraction:
    """In proportion to the target; rates lose half a point for each point they fall short.

    Full where there was nothing to do.
    """
    if actual is None:
        return full
    if measure == "%":
        return max(Fraction(0), full - max(Fraction(0), target - actual) / 2)
    return full * min(Fraction(1), actual / target)


def _rounded(value: Fraction, places: int) -> Decimal:
    """Half up; never below zero here."""
    scaled = value * 10**places
    return Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)).scaleb(
        -places
    )


def target_rows(plan: Blueprint) -> Iterator[Row]:
    """Rows of 目标任务: the bureau's targets of the year; rates are not scaled with the size."""
    for code, indicator, measure, half, annual in _TARGETS:
        yield {
            "year": plan.end.year,
            "indicator_code": code,
            "indicator": indicator,
            "measure": measure,
            "half_year_target": Decimal(half),
            "annual_target": Decimal(annual),
            "department": _DEPARTMENTS[len(code) % len(_DEPARTMENTS)],
        }


def office_rows(town: Town, results: Results) -> dict[type, Any]:
    """Row model → rows of the office part of services.xlsx."""
    plan = town.plan
    return {
        office.FileDelivery: delivery_rows(plan),
        office.Training: training_rows(plan),
        office.Publicity: publicity_rows(plan),
        office.CareVisit: care_rows(plan),
        office.StaffAssessment: staff_rows(plan),
        office.ContractorScore: contractor_rows(plan, results),
        office.Target: target_rows(plan),
    }
