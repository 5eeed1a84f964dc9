"""What a dated parameter is, and how one is made from its TOML table."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from zhubao.core.errors import ZhubaoError

UNVERIFIED = "【出处未核实】"


class PolicyUnknown(ZhubaoError):
    """No value is in force: an unknown code, or a date before the first value."""

    code = "ENV-020"


class PolicyInvalid(ZhubaoError):
    """A parameter is written wrongly (in the bureau's configuration, as a rule)."""

    code = "ENV-021"


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value and the day it comes into force. `unsure`: the source has not been verified."""

    valid_from: dt.date
    value: Any
    source: str
    article: str = ""
    link: str = ""
    unsure: bool = False

    @property
    def citation(self) -> str:
        """Source and article, and a plain mark where the source is unverified."""
        text = f"{self.source} {self.article}".strip()
        return f"{text}{UNVERIFIED}" if self.unsure else text


@dataclass(frozen=True, slots=True)
class Parameter:
    """A quantity of the law or of the bureau's practice; dated values, oldest first."""

    code: str
    title: str
    unit: str
    values: tuple[DatedValue, ...]
    note: str = ""

    def in_force(self, on: dt.date) -> DatedValue | None:
        """The value in force on the day, or None before the first one."""
        index = bisect_right([value.valid_from for value in self.values], on)
        return self.values[index - 1] if index else None


def parse_parameter(code: str, table: Mapping[str, Any], base: Parameter | None) -> Parameter:
    """The parameter a TOML table declares; title and unit may come from `base`.

    Raises `PolicyInvalid` for a table without values, a value without date, value or source,
    and for dates that are not ascending.
    """
    entries = table.get("values") if isinstance(table, Mapping) else None
    if not isinstance(entries, list) or not entries:
        raise _invalid(code, "缺少 values")
    values = tuple(_parse_value(code, entry) for entry in entries)
    dates = [value.valid_from for value in values]
    if any(later <= earlier for earlier, later in pairwise(dates)):
        raise _invalid(code, "各值的 valid_from 没有按先后排列或有重复")
    return Parameter(
        code=code,
        title=str(table.get("title") or (base.title if base else code)),
        unit=str(table.get("unit", base.unit if base else "")),
        values=values,
        note=str(table.get("note", base.note if base else "")),
    )


def _parse_value(code: str, entry: Any) -> DatedValue:
    if not isinstance(entry, Mapping):
        raise _invalid(code, "values 的每一项应当是一个表")
    missing = [key for key in ("valid_from", "value", "source") if entry.get(key, "") == ""]
    if missing:
        raise _invalid(code, f"有一项缺少 {'、'.join(missing)}")
    valid_from = entry["valid_from"]
    if type(valid_from) is not dt.date:
        raise _invalid(code, "valid_from 应当是日期，如 2020-09-17（不加引号）")
    return DatedValue(
        valid_from=valid_from,
        value=entry["value"],
        source=str(entry["source"]),
        article=str(entry.get("article", "")),
        link=str(entry.get("link", "")),
        unsure=bool(entry.get("unsure", False)),
    )


def _invalid(code: str, fault: str) -> PolicyInvalid:
    return PolicyInvalid(
        f"政策参数 {code} 写法有误：{fault}",
        where=f"[policy.{code}]",
        advice=(
            f"在 zhubao.toml 里按这个样子写：[[policy.{code}.values]] 下面三行，"
            'valid_from = 2020-01-01、value = …、source = "文件名称"'
        ),
    )
