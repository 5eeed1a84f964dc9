"""Words of the command line as the ledgers' own: choices, households, dates, texts joined."""

from __future__ import annotations

import datetime as dt
import difflib
from enum import StrEnum
from typing import TypeVar

from zhubao.core.errors import UsageError
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household

E = TypeVar("E", bound=StrEnum)
_EARLIEST = dt.date(1990, 1, 1)
_SEPARATOR = "；"


def choice(kind: type[E], text: str, option: str) -> E:
    """The member with this word; `UsageError` that lists the words otherwise."""
    try:
        return kind(text.strip())
    except ValueError as fault:
        known = "、".join(member.value for member in kind)
        raise UsageError(f"{option} 的“{text}”不认识", advice=f"可以写：{known}。") from fault


def household_index(text: str, loaded: Loaded) -> int:
    """The row of the household named by number, in any case; `UsageError` with near ones."""
    table = loaded.get(Household)
    numbers = table.column("household_no")
    key = text.strip().upper()
    found = [index for index, number in enumerate(numbers) if number and number.upper() == key]
    if len(found) == 1:
        return found[0]
    if found:
        places = "、".join(str(table.row_cell(index)) for index in found)
        raise UsageError(
            f"编号 {key} 在保障家庭台账里有 {len(found)} 行",
            where=places,
            advice="请先改正重复的编号。",
        )
    near = difflib.get_close_matches(key, [number for number in numbers if number], n=3)
    advice = (
        f"是不是 {'、'.join(near)}？请核对后再写。" if near else "请在保障家庭表里查到编号再写。"
    )
    raise UsageError(f"保障家庭台账里没有编号“{text}”", advice=advice)


def dated(day: dt.date, header: str, latest: dt.date, *, after: dt.date | None = None) -> dt.date:
    """The day itself; `UsageError` when it is before `after` (or 1990), or after `latest`."""
    if day > latest:
        raise UsageError(
            f"{header} {day} 晚于 {latest}",
            advice="请核对日期；确实无误的，用 --as-of 写明截止日期。",
        )
    bound = after or _EARLIEST
    if day < bound:
        raise UsageError(f"{header} {day} 早于 {bound}", advice="请核对日期的年份和先后。")
    return day


def joined(before: str | None, words: str) -> str:
    """The text with these words behind it; as it is where it has them already."""
    if before and words in before.split(_SEPARATOR):
        return before
    return f"{before}{_SEPARATOR}{words}" if before else words
