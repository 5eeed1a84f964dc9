"""What a public notice says beside the list: period of objection, telephone, where to verify."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.allocation.publication.findings import PHONE_BLANK
from zhubao.core.finding import Cell, Finding
from zhubao.policy import PolicyInvalid

AT_THE_COUNTER = "见窗口公示"
_CONFIG = "zhubao.toml"
_DAYS = "allocation_notice.objection_days"
_LONGEST = 3660


@dataclass(frozen=True, slots=True)
class NoticeTerms:
    """The terms of a notice published on `day`. `phone` is empty until the bureau gives one."""

    day: dt.date
    objection_days: int
    phone: str
    advice: str
    references: tuple[str, ...]

    @property
    def ends_on(self) -> dt.date:
        """The last day to object: so many days after the day of the notice."""
        return self.day + dt.timedelta(days=self.objection_days)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """A notice when there is no telephone to call."""
        return () if self.phone else (PHONE_BLANK.at(Cell(_CONFIG)),)


def notice_terms(day: dt.date, overrides: Mapping[str, Any] | None = None) -> NoticeTerms:
    """The terms in force on the day the notice is dated.

    `PolicyInvalid` when the period is no whole number of days from 1 to 3660.
    Source: 公共租赁住房管理办法 arts 9–14 (results are made public); the number of days is the
    bureau's.
    """
    days = policy.at(_DAYS, day, overrides)
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= _LONGEST:
        raise PolicyInvalid(
            f"政策参数 {_DAYS} 应是 1 到 {_LONGEST} 的整数，现在是 {days!r}",
            where=f"[policy.{_DAYS}]",
            advice="请在 zhubao.toml 里改正这个值（不加引号）",
        )
    return NoticeTerms(
        day=day,
        objection_days=days,
        phone=_joined(policy.at("allocation_notice.complaint_phone", day, overrides)),
        advice=_joined(policy.at("allocation_notice.verify_advice", day, overrides)),
        references=(policy.basis(_DAYS, day, overrides),),
    )


def _joined(value: Any) -> str:
    """One text, or several joined."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "、".join(text for one in value if (text := str(one).strip()))
    return str(value).strip("。 ")
