"""Rows of patrol.xlsx: visits, key households, cases, campaigns, vacancy checks, safety."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from zhubao.demo.campaigns import campaigns
from zhubao.demo.homes import Home
from zhubao.demo.idle_homes import Examined
from zhubao.demo.names import CLERKS
from zhubao.demo.office_calendar import next_office_day, office_day_until
from zhubao.demo.patrol_visits import Call, Rounds
from zhubao.demo.streams import day_between, stream
from zhubao.demo.tenancy import Town
from zhubao.demo.tenancy_cases import VIOLATION, Case, CaseBook
from zhubao.ledger import patrol

Row = dict[str, Any]
_KEY_KINDS = {"孤老": "孤寡老人", "三无": "三无人员", "重病": "病痛户", "重病、残疾": "病痛户"}
_ACTIONS = {
    "转租转借": "责令清退转租人员，恢复自住",
    "安装防盗门": "已拆除并恢复原状",
    "违规装修": "已恢复原状",
    "购房": "核实房产后按规定处理",
    "购车": "核实车辆后按规定处理",
    "工商登记": "核实经营收入，重新认定保障类型",
    "死亡": "变更承租人或调整家庭人口",
}
_LEFT = "已退出保障，收回住房"
_VACANCY_ACTIONS = {
    "联系家属中": "通过街道、社区联系住户家属",
    "收回中": "已发腾退通知，办理收回",
    "已收回": "家属办理退租，住房已收回",
    "已排除": "已见到住户，确认居住",
}
_RETURNED = "联系家属后住户已返回居住，并补缴租金"
_SAFETY_ESTATES = ("天凯南苑", "天悦鑫苑", "粟塘小区")


class Patrol:
    """The patrol workbook of a town; `examined` are the homes thought to be idle."""

    def __init__(self, town: Town, examined: list[Examined]) -> None:
        self._plan, self._examined = town.plan, examined
        self._rng = stream(town.plan.seed, "patrol")
        self._estates = [estate.name for estate in town.plan.estates]
        self._campaigns = campaigns(town.plan)
        rounds = Rounds(town, self._campaigns, examined)
        self._keys = rounds.keys
        self.calls = rounds.calls()
        taken = [one.home for one in examined]
        self.cases = CaseBook(town, self.calls, self._campaigns, taken).cases()

    def rows(self) -> dict[type, Any]:
        """Row model → rows of patrol.xlsx."""
        hazards = list(self.hazard_rows())
        return {
            patrol.PatrolVisit: map(self._visit_row, self.calls),
            patrol.KeyHousehold: self.key_rows(),
            patrol.TenancyCase: self.case_rows(),
            patrol.Campaign: self.campaign_rows(),
            patrol.VacancyCheck: self.vacancy_rows(),
            patrol.SafetyInspection: self.inspection_rows(hazards),
            patrol.SafetyHazard: iter(hazards),
        }

    def key_rows(self) -> Iterator[Row]:
        """Rows of 重点对象."""
        for home in self._keys:
            listed = max(home.approved_on, self._plan.start.first_day - dt.timedelta(days=400))
            yield {
                "household_no": home.no,
                "kind": _KEY_KINDS[home.hardship or "重病"],
                "listed_on": listed,
                "visits_per_month": 1,
                "situation": home.hardship,
                "responsible": self._team(home),
            }

    def case_rows(self) -> Iterator[Row]:
        """Rows of 违规与变动: all found and put right within the period."""
        for number, case in enumerate(self.cases, 1):
            yield {"case_no": f"WG{number:05d}", **self._case_row(case)}

    def campaign_rows(self) -> Iterator[Row]:
        """Rows of 专项整治: one per estate, finished within the period."""
        homes = {(call.campaign.no, call.home.no) for call in self.calls if call.campaign}
        visited = Counter(number for number, _ in homes)
        found = Counter(case.campaign.no for case in self.cases if case.campaign)
        for number, campaign in enumerate(self._campaigns, 1):
            yield {
                "campaign_no": campaign.no,
                "estate": campaign.estate,
                "subject": "转租转借专项整治",
                "started_on": campaign.first,
                "ended_on": campaign.last,
                "publicity_count": 3,
                "visited_households": visited[campaign.no],
                "watch_count": 4 + number,
                "violations_before": found[campaign.no],
                "violations_after": 0,
                "result": "已全部整改" if found[campaign.no] else "未发现转租转借",
                "status": "已完成",
            }

    def vacancy_rows(self) -> Iterator[Row]:
        """Rows of 空置核查: units let to tenants who were not seen for long."""
        checks = [one for one in self._examined if one.checked_on]
        for number, one in enumerate(checks, 1):
            lived_in, idle = one.status == "已排除", one.idle_since is not None
            yield {
                "check_no": f"KZ{number:04d}",
                "unit_no": one.home.lease.unit.no,
                "household_no": one.home.no,
                "reason": "疑似死亡" if one.feared else "空置六个月以上",
                "idle_since": one.idle_since,
                "checked_on": one.checked_on,
                "checker": self._team(one.home),
                "utilities": "水电表六个月以上无读数变化" if idle else "水电用量少",
                "neighbours": "长期未见住户",
                "result": one.result,
                "community_contacted_on": one.checked_on,
                "action": _RETURNED if lived_in and idle else _VACANCY_ACTIONS[one.status],
                "status": one.status,
                "closed_on": one.closed_on,
            }

    def inspection_rows(self, hazards: list[Row]) -> Iterator[Row]:
        """Rows of 安全检查."""
        found: dict[str, int] = {}
        for hazard in hazards:
            found[hazard["inspection_no"]] = found.get(hazard["inspection_no"], 0) + 1
        for number, (estate, day) in enumerate(self._inspections(), 1):
            no = f"AJ{number:04d}"
            yield {
                "inspection_no": no,
                "estate": estate,
                "inspected_on": day,
                "leader": "分管领导",
                "inspectors": f"安全{CLERKS[number % len(CLERKS)]}",
                "scope": "消防设施、电梯、用电用气、高空坠物",
                "result": "发现隐患，已上报" if no in found else "未发现较大隐患",
                "hazard_count": found.get(no, 0),
            }

    def hazard_rows(self) -> Iterator[Row]:
        """Rows of 安全隐患: three, two of them put right."""
        words = ("外墙砖松动", "消防水泵不能启动", "地下室积水、配电箱受潮")
        for number, ((estate, day), text) in enumerate(
            zip(self._inspections(), words, strict=False), 1
        ):
            fixed = number < len(words)
            last = self._plan.as_of
            yield {
                "hazard_no": f"YC{number:03d}",
                "inspection_no": f"AJ{number:04d}",
                "estate": estate,
                "description": text,
                "level": "较大",
                "found_on": day,
                "reported_to": "市局、区安委会",
                "reported_on": min(last, day + dt.timedelta(days=1)),
                "deadline": last + dt.timedelta(days=30),
                "action": "已协调维修到位" if fixed else "正在协调维修资金",
                "fixed_on": min(last, day + dt.timedelta(days=20)) if fixed else None,
                "status": "已整改" if fixed else "整改中",
            }

    def _inspections(self) -> list[tuple[str, dt.date]]:
        """Two inspections a month, going round the estates."""
        names = [name for name in _SAFETY_ESTATES if name in self._estates] or self._estates
        result = []
        for month in self._plan.months:
            for half, day in enumerate((9, 22)):
                name = names[(month.month * 2 + half) % len(names)]
                result.append((name, office_day_until(month.first_day.replace(day=day))))
        return result

    def _team(self, home: Home) -> str:
        """The patrol team of the home's estate."""
        return f"巡查{CLERKS[self._estates.index(home.lease.unit.plan.name) % len(CLERKS)]}"

    def _visit_row(self, call: Call) -> Row:
        return {
            "visit_no": call.no,
            "household_no": call.home.no,
            "unit_no": call.home.lease.unit.no,
            "kind": call.kind,
            "visited_on": call.day,
            "visitor": self._team(call.home),
            "met": call.met,
            "occupancy": call.occupancy,
            "condition": call.condition if call.met else None,
            "has_problem": call.has_problem,
            "campaign_no": call.campaign.no if call.campaign else None,
        }

    def _case_row(self, case: Case) -> Row:
        found, fixed = case.found_on, case.rectified_on
        earliest = found - dt.timedelta(days=60)
        notified = min(fixed, next_office_day(found))
        return {
            "category": case.category,
            "kind": case.kind,
            "household_no": case.home.no,
            "unit_no": case.home.lease.unit.no,
            "found_on": found,
            "happened_on": day_between(self._rng, earliest, found - dt.timedelta(days=10)),
            "source": case.source,
            "visit_no": case.call.no if case.call else None,
            "campaign_no": case.campaign.no if case.campaign else None,
            "notified_on": notified,
            "deadline": max(fixed, found + dt.timedelta(days=30)),
            "responsible": self._team(case.home),
            "action": _LEFT if case.leaves else _ACTIONS[case.kind],
            "rectified_on": fixed,
            "checked_on": min(self._plan.as_of, next_office_day(fixed))
            if case.category == VIOLATION
            else None,
            "household_exits": case.leaves,
            "status": "已整改",
        }
