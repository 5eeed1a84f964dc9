"""Rows of patrol.xlsx: visits, key households, cases, campaigns, vacancy checks, safety."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhubao.demo.homes import Home
from zhubao.demo.names import CLERKS
from zhubao.demo.office_calendar import office_days
from zhubao.demo.streams import day_between, sorted_days, stream, working_day
from zhubao.demo.tenancy import Town
from zhubao.ledger import patrol

Row = dict[str, Any]
_CAMPAIGNS = ("粟塘小区", "鄱阳小区", "凤凰佳园", "凤凰苑")
_KEY_KINDS = {"孤老": "孤寡老人", "三无": "三无人员", "重病": "病痛户", "重病、残疾": "病痛户"}
_VIOLATIONS = ("转租转借", "安装防盗门", "违规装修", "安装防盗门", "转租转借")
_CHANGES = ("购房", "购车", "购车", "工商登记", "死亡", "购房")
_ACTIONS = {
    "转租转借": "责令清退转租人员，恢复自住",
    "安装防盗门": "已拆除并恢复原状",
    "违规装修": "已恢复原状",
    "购房": "核实房产后按规定处理",
    "购车": "核实车辆后按规定处理",
    "工商登记": "核实经营收入，重新认定保障类型",
    "死亡": "变更承租人或调整家庭人口",
}
_SAFETY_ESTATES = ("天凯南苑", "天悦鑫苑", "粟塘小区")


class Patrol:
    """The patrol workbook of a town."""

    def __init__(self, town: Town) -> None:
        self._plan = town.plan
        self._rng = stream(town.plan.seed, "patrol")
        self._days = office_days(town.plan.months)
        living = [home for home in town.homes if home.leases and not home.exited_on]
        self._visited = living[: town.plan.counts.patrolled]
        self._keys = [home for home in living if home.hardship and home.role == "standing"]
        self._gone = [home for home in town.homes if home.leases and home.exited_on]
        self._estates = [estate.name for estate in town.plan.estates]

    def rows(self) -> dict[type, Any]:
        """Row model → rows of patrol.xlsx."""
        hazards = list(self.hazard_rows())
        return {
            patrol.PatrolVisit: self.visit_rows(),
            patrol.KeyHousehold: self.key_rows(),
            patrol.TenancyCase: self.case_rows(),
            patrol.Campaign: self.campaign_rows(),
            patrol.VacancyCheck: self.vacancy_rows(),
            patrol.SafetyInspection: self.inspection_rows(hazards),
            patrol.SafetyHazard: iter(hazards),
        }

    def visit_rows(self) -> Iterator[Row]:
        """Rows of 巡查: one for everybody, two to four for key households, by day."""
        calls = [(self._day(home), home, False) for home in self._visited]
        key_numbers = {home.no for home in self._keys}
        for home in self._visited:
            if home.no in key_numbers:
                again = self._rng.choice((1, 2, 2, 3))
                calls += [(self._day(home), home, True) for _ in range(again)]
        calls.sort(key=lambda call: (call[0], call[1].no, call[2]))
        for number, (day, home, repeated) in enumerate(calls, 1):
            yield self._visit_row(number, day, home, repeated=repeated)

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
                "responsible": f"巡查{CLERKS[len(home.no) % len(CLERKS)]}",
            }

    def case_rows(self) -> Iterator[Row]:
        """Rows of 违规与变动: all found and put right within the period."""
        counts, rng = self._plan.counts, self._rng
        quiet = [home for home in self._visited if home.role == "standing" and not home.hardship]
        total = min(counts.violations + counts.changes, len(quiet))
        homes = rng.sample(quiet, total)
        days = sorted_days(rng, total, self._plan.start.first_day, self._plan.as_of)
        kinds = [("日常违规", _VIOLATIONS[i % 5]) for i in range(counts.violations)]
        kinds += [("情况变动", _CHANGES[i % 6]) for i in range(counts.changes)]
        kinds = kinds[:total]
        rng.shuffle(kinds)
        for number, (home, day, kind) in enumerate(zip(homes, days, kinds, strict=True), 1):
            yield self._case_row(number, home, day, kind)

    def campaign_rows(self) -> Iterator[Row]:
        """Rows of 专项整治: one per estate, finished within the period."""
        plan = self._plan
        for number, estate in enumerate(self._campaign_estates(), 1):
            month = plan.months[min(number, len(plan.months)) - 1]
            found = 2 + number % 3
            yield {
                "campaign_no": f"ZZ{number:03d}",
                "estate": estate,
                "subject": "转租转借专项整治",
                "started_on": month.first_day.replace(day=6),
                "ended_on": month.last_day,
                "publicity_count": 3,
                "visited_households": sum(
                    home.lease.unit.plan.name == estate for home in self._visited
                ),
                "watch_count": 4 + number,
                "violations_before": found,
                "violations_after": 0,
                "result": "已全部整改",
                "status": "已完成",
            }

    def vacancy_rows(self) -> Iterator[Row]:
        """Rows of 空置核查: units let to tenants who were not seen for long."""
        rng, count = self._rng, self._plan.counts.vacancy_checks
        homes = [home for home in self._visited if home.role == "standing"]
        chosen = rng.sample(homes, min(count, len(homes)))
        days = sorted_days(rng, len(chosen), self._plan.start.first_day, self._plan.as_of)
        for number, (home, day) in enumerate(zip(chosen, days, strict=True), 1):
            feared = len(home.people) == 1 and rng.random() < 0.4
            yield {
                "check_no": f"KZ{number:04d}",
                "unit_no": home.lease.unit.no,
                "household_no": home.no,
                "reason": "疑似死亡" if feared else "空置六个月以上",
                "idle_since": day - dt.timedelta(days=rng.randint(190, 420)),
                "checked_on": day,
                "checker": f"巡查{CLERKS[number % len(CLERKS)]}",
                "utilities": "水电表六个月以上无读数变化",
                "result": "暂未查清",
                "community_contacted_on": day,
                "action": "通过街道、社区联系住户家属",
                "status": "联系家属中",
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
                result.append((name, month.first_day.replace(day=day)))
        return result

    def _campaign_estates(self) -> list[str]:
        return [name for name in _CAMPAIGNS if name in self._estates]

    def _day(self, home: Home) -> dt.date:
        first = max(self._plan.start.first_day, home.lease.starts_on)
        day = working_day(self._rng, min(first, self._days[-1]), self._days[-1])
        return max(day, self._plan.start.first_day)

    def _visit_row(self, number: int, day: dt.date, home: Home, *, repeated: bool) -> Row:
        rng, estates = self._rng, self._campaign_estates()
        estate = home.lease.unit.plan.name
        in_campaign = estate in estates and not repeated and rng.random() < 0.4
        kind = "重点走访" if repeated else "专项巡查" if in_campaign else "日常巡查"
        met = rng.random() < 0.85
        return {
            "visit_no": f"XC{number:06d}",
            "household_no": home.no,
            "unit_no": home.lease.unit.no,
            "kind": kind,
            "visited_on": day,
            "visitor": f"巡查{CLERKS[number % len(CLERKS)]}",
            "met": met,
            "occupancy": "本人居住" if met else "未见到人",
            "condition": "正常",
            "has_problem": False,
            "campaign_no": f"ZZ{estates.index(estate) + 1:03d}" if in_campaign else None,
        }

    def _case_row(self, number: int, home: Home, day: dt.date, kind: tuple[str, str]) -> Row:
        rng, last = self._rng, self._plan.as_of
        fixed = min(last, day + dt.timedelta(days=rng.randint(5, 25)))
        changed = kind[0] == "情况变动"
        return {
            "case_no": f"WG{number:05d}",
            "category": kind[0],
            "kind": kind[1],
            "household_no": home.no,
            "unit_no": home.lease.unit.no,
            "found_on": day,
            "happened_on": day_between(rng, day - dt.timedelta(days=60), day),
            "source": "数据比对" if changed else "日常巡查",
            "notified_on": min(fixed, day + dt.timedelta(days=2)),
            "deadline": day + dt.timedelta(days=30),
            "action": _ACTIONS[kind[1]],
            "rectified_on": fixed,
            "household_exits": False,
            "status": "已整改",
        }
