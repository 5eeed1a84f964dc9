"""Which layout a household is entitled to, and in which priority group it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from zhubao import policy


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
