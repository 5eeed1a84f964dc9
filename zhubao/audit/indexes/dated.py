"""Policy values by day, looked up once; a day before a value begins has none."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from zhubao import policy
from zhubao.audit.facts import Facts
from zhubao.core.money import parse_yuan


class Dated:
    """The values of parameters on days; `now` those of the cut-off date."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._found: dict[tuple[str, dt.date], Any] = {}

    def on(self, code: str, day: dt.date) -> Any:
        """The value in force on the day; None before the first one."""
        key = code, day
        if key not in self._found:
            try:
                self._found[key] = policy.at(code, day, self._facts.overrides)
            except policy.PolicyUnknown:
                self._found[key] = None
        return self._found[key]

    def now(self, code: str) -> Any:
        """The value on the cut-off date; raises `PolicyUnknown` where there is none."""
        return policy.at(code, self._facts.as_of, self._facts.overrides)

    def count(self, code: str) -> int:
        """A whole number on the cut-off date; raises `PolicyInvalid` for anything else."""
        value = self.now(code)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        raise _invalid(code, "应是不小于 0 的整数", value)

    def fen(self, code: str) -> int:
        """An amount in yuan on the cut-off date, in fen; raises `PolicyInvalid` for no amount."""
        value = self.now(code)
        try:
            return parse_yuan(Decimal(str(value)))
        except (InvalidOperation, ValueError):
            raise _invalid(code, "应是金额（元）", value) from None

    def words(self, code: str) -> tuple[str, ...]:
        """A list of words on the cut-off date; raises `PolicyInvalid` for anything else."""
        value = self.now(code)
        if isinstance(value, list) and all(isinstance(word, str) and word for word in value):
            return tuple(value)
        raise _invalid(code, "应是词的列表", value)


def dated(facts: Facts) -> Dated:
    """The look-up of these facts."""
    return Dated(facts)


def _invalid(code: str, fault: str, value: object) -> policy.PolicyInvalid:
    return policy.PolicyInvalid(
        f"政策参数 {code} {fault}，现在是 {value!r}",
        where=f"[policy.{code}]",
        advice="请在 zhubao.toml 里改正这个值",
    )
