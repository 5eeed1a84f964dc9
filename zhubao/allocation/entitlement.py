"""Which layout a household is entitled to, and in which priority group it stands."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from zhubao import policy

_ROOMS = re.compile(r"([0-9一二两三四五])(?:室|房|居)")
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_NARROW = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}


def layout_for(size: int, on: dt.date, overrides: Mapping[str, Any] | None = None) -> str:
    """The 户型 for so many people, by the dated table `allocation.layout_by_size`.

    The first row whose `max_people` is not below `size`; the last row for larger households.
    Raises `PolicyUnknown` when the bureau's own table cannot be understood.
    """
    table = policy.at("allocation.layout_by_size", on, overrides)
    try:
        rows = sorted((int(row["max_people"]), str(row["layout"])) for row in table)
        return next((layout for most, layout in rows if size <= most), rows[-1][1])
    except (KeyError, TypeError, ValueError, IndexError) as fault:
        raise policy.PolicyUnknown(
            "家庭人口与应配户型的对照表看不懂",
            where="[policy.allocation.layout_by_size]",
            advice='请写成 value = [ { max_people = 2, layout = "一室一厅" }, … ]',
        ) from fault


def group_order(group: str | None, on: dt.date, overrides: Mapping[str, Any] | None = None) -> int:
    """1 for the group that comes first; the ordinary group (empty) comes last.

    By `allocation.priority_groups`; a priority group that is not listed comes after those listed
    and before the ordinary group. Source: 公共租赁住房管理办法 art. 15.
    """
    known = [str(name) for name in policy.at("allocation.priority_groups", on, overrides)]
    if not group:
        return len(known) + 2
    return known.index(group) + 1 if group in known else len(known) + 1


@lru_cache(maxsize=1024)
def rooms_in(layout: str) -> int | None:
    """How many rooms a 户型 has: 一室一厅, 1房1厅, 一居室 → 1; None when the text does not say."""
    match = _ROOMS.search(layout.translate(_NARROW))
    if match is None:
        return None
    return _DIGITS.get(match[1]) or int(match[1])


def same_layout(first: str, second: str) -> bool:
    """True when both mean the same 户型: as many rooms, or, where that is not said, equal text.

    Halls are not compared: the entitlement is in rooms.
    """
    rooms = rooms_in(first), rooms_in(second)
    return first.strip() == second.strip() or (rooms[0] is not None and rooms[0] == rooms[1])
