"""The dated parameters of this line (`approval.*`), read into exact values."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from zhubao import policy
from zhubao.ledger.model import column_info
from zhubao.ledger.services import Approval, ApprovalKind
from zhubao.policy import PolicyInvalid

_SPAN = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-—–~至]\s*(\d{1,2}):(\d{2})\s*")
BASES = ("working_hours", "date_only", "limit_days", "soon_days")
RULE_NOTE = (
    "用时按半个工作日计：收件所在的半天不计，办结所在的半天计入，法定节假日和调休按国务院安排；"
    "补正天数不计入区级用时；时限按收件当日的规定"
)


class Half(StrEnum):
    """The two halves of a working day."""

    MORNING = "上午"
    AFTERNOON = "下午"


class Stage(StrEnum):
    """The offices an application passes through, in order."""

    COMMUNITY = "社区"
    STREET = "街道"
    DISTRICT = "区"
    CITY = "市"

    @property
    def received(self) -> str:
        """Field of the moment of receipt."""
        return _RECEIVED[self]

    @property
    def decided(self) -> str:
        """Field of the moment of decision."""
        return _DECIDED[self]

    @property
    def officer(self) -> str | None:
        """Field of the officer; the city's is not kept."""
        return _OFFICERS[self]


_RECEIVED = {stage: f"{stage.name.lower()}_received_at" for stage in Stage}
_DECIDED = {stage: f"{stage.name.lower()}_decided_at" for stage in Stage}
_OFFICERS = {
    stage: None if stage is Stage.CITY else f"{stage.name.lower()}_officer" for stage in Stage
}


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When the two halves of a day open and close."""

    morning: tuple[dt.time, dt.time]
    afternoon: tuple[dt.time, dt.time]

    def is_open(self, time: dt.time) -> bool:
        """True within working time, both ends included."""
        (opens, closes), (reopens, ends) = self.morning, self.afternoon
        return opens <= time <= closes or reopens <= time <= ends

    def closing(self, half: Half) -> dt.time:
        """When that half of the day ends."""
        return (self.afternoon if half is Half.AFTERNOON else self.morning)[1]


@dataclass(slots=True)
class Rules:
    """`approval.*` by day, each day looked up once. Raises PolicyInvalid for unusable values."""

    overrides: Mapping[str, Any] | None = None
    _hours: dict[dt.date, OfficeHours] = field(default_factory=dict)
    _limits: dict[tuple[Stage, str | None, dt.date], int | None] = field(default_factory=dict)
    _date_only: dict[dt.date, Mapping[str, Any]] = field(default_factory=dict)
    _spouse: dict[dt.date, dict[str, str]] = field(default_factory=dict)

    def hours(self, day: dt.date) -> OfficeHours:
        """The office hours of the day."""
        found = self._hours.get(day)
        if found is None:
            found = self._hours[day] = _office_hours(self._at("working_hours", day))
        return found

    def limit(self, stage: Stage, kind: str | None, day: dt.date) -> int | None:
        """The limit in half days for a file received on the day; None without one.

        "区/购房奖励" comes before "区".
        """
        key = stage, kind, day
        if key not in self._limits:
            table = self._table("limit_days", day)
            value = table.get(f"{stage}/{kind}", table.get(stage.value))
            found = None if value is None else half_days(value, "approval.limit_days")
            self._limits[key] = found
        return self._limits[key]

    def date_only(self, what: str, day: dt.date) -> Half:
        """How a date without time is read; `what` is "received" or "decided"."""
        table = self._date_only.get(day)
        if table is None:
            table = self._date_only[day] = self._table("date_only", day)
        try:
            return Half(table.get(what, Half.AFTERNOON))
        except ValueError:
            raise _unusable("approval.date_only", "应写上午或下午") from None

    def soon(self, day: dt.date) -> int:
        """How many half days before its end a limit is about to be reached."""
        return half_days(self._at("soon_days", day), "approval.soon_days")

    def final_stage(self, kind: str, day: dt.date) -> Stage:
        """The stage that ends a file of this kind."""
        try:
            return Stage(self._table("final_stage", day).get(kind, Stage.DISTRICT))
        except ValueError:
            raise _unusable("approval.final_stage", "应写社区、街道、区或市") from None

    def notice_days(self, kind: str, day: dt.date) -> int | None:
        """Days of public notice; None where it is not checked."""
        value = self._table("notice_days", day).get(kind)
        if value is not None and (type(value) is not int or value < 1):
            raise _unusable("approval.notice_days", "天数应是正整数")
        return value

    def pays(self, kind: str, day: dt.date) -> bool:
        """True when an approved file of this kind has an amount."""
        return kind in self._at("paying_kinds", day)

    def half_couple_fields(self, day: dt.date) -> dict[str, str]:
        """Field → header of the spouse's data that a 半边户 file needs."""
        if day in self._spouse:
            return self._spouse[day]
        fields = Approval.model_fields.items()
        known = {column_info(info).header: name for name, info in fields}
        headers = self._at("half_couple_fields", day)
        unknown = [header for header in headers if header not in known]
        if unknown:
            raise _unusable("approval.half_couple_fields", f"审批表没有“{unknown[0]}”列")
        found = self._spouse[day] = {known[header]: header for header in headers}
        return found

    def references(self, day: dt.date) -> tuple[str, ...]:
        """Legal basis of the figures, for reports."""
        return tuple(policy.basis(f"approval.{name}", day, self.overrides) for name in BASES)

    def _at(self, name: str, day: dt.date) -> Any:
        return policy.at(f"approval.{name}", day, self.overrides)

    def _table(self, name: str, day: dt.date) -> Mapping[str, Any]:
        value = self._at(name, day)
        if not isinstance(value, Mapping):
            raise _unusable(f"approval.{name}", '应写成表，如 { 区 = "2.5" }')
        _check_keys(name, value)
        return value


def half_days(value: Any, code: str) -> int:
    """Working days as half days, exactly: "2.5" is 5. PolicyInvalid for anything else."""
    try:
        halves = Fraction(str(value)) * 2
    except (ValueError, ZeroDivisionError):
        halves = Fraction(-1)
    if halves < 0 or halves.denominator != 1:
        raise _unusable(code, f"“{value}”应是 0.5 的整倍数，如 2.5")
    return int(halves)


def _check_keys(name: str, table: Mapping[str, Any]) -> None:
    """A mistyped stage or kind would silently be no limit at all."""
    kinds, stages = {*ApprovalKind}, {*Stage}
    for key in table:
        stage, _, kind = key.partition("/")
        if name == "limit_days" and (stage not in stages or (kind and kind not in kinds)):
            raise _unusable("approval.limit_days", f"不认识“{key}”，应写社区、街道、区、市")
        if name in ("final_stage", "notice_days") and key not in kinds:
            raise _unusable(f"approval.{name}", f"没有“{key}”这个审批事项")


def _office_hours(value: Any) -> OfficeHours:
    spans = [_span(text) for text in value] if isinstance(value, list) else []
    times = [time for span in spans for time in span]
    if len(spans) != 2 or times != sorted(set(times)):
        raise _unusable("approval.working_hours", '应写成 ["09:00-12:00", "13:00-17:00"]')
    return OfficeHours(spans[0], spans[1])


def _span(text: Any) -> tuple[dt.time, dt.time]:
    match = _SPAN.fullmatch(str(text))
    try:
        first, second, third, fourth = map(int, match.groups()) if match else (24, 0, 0, 0)
        return dt.time(first, second), dt.time(third, fourth)
    except ValueError:
        raise _unusable("approval.working_hours", f"“{text}”看不懂，应写成 09:00-12:00") from None


def _unusable(code: str, fault: str) -> PolicyInvalid:
    return PolicyInvalid(
        f"政策参数 {code} 写法有误：{fault}",
        where=f"[policy.{code}]",
        advice=f"在 zhubao.toml 里改正 [policy.{code}]",
    )
