"""Households that changed their home, from a unit of the city to one of the district and back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.summary.second_period.drawing import Drawing, Ledger

_DAY = dt.timedelta(days=1)
_OWNERS = ("市级", "区级")


def moves(ledger: Ledger, draw: Drawing) -> None:
    """Two leases a household, one after the other, or one beside the other that ends first.

    Rent is paid on the day of the move, the day before and the day after.
    """
    leases: list[dict[str, Any]] = []
    receipts: list[dict[str, Any]] = []
    long_ago = draw.first - 700 * _DAY
    for number in range(8):
        who, moved = f"JX{number + 1:03d}", draw.inside()
        one, other = (number * 2 + 1, number * 2 + 2)
        beside = number % 2
        # beside: the later lease ends on the day and the earlier goes on; else the earlier ends
        ends = (None, moved) if beside else (moved, None)
        starts = (long_ago, long_ago + 90 * _DAY) if beside else (long_ago, moved)
        for home, start, end in zip((one, other), starts, ends, strict=True):
            leases.append(_lease(home, who, start, end))
        receipts += [
            {"家庭编号": who, "收款日期": on, "实收金额": draw.yuan(500)}
            for on in (moved - _DAY, moved, moved + _DAY)
        ]
    ledger.add("房源", (_unit(home, _OWNERS[home // 2 % 2]) for home in range(1, 17)))
    ledger.add("租赁合同", leases)
    for number, row in enumerate(receipts, 1):
        row["收据号"] = f"SY{number:05d}"
    ledger.add("实收", receipts)


def _unit(number: int, owner: str) -> dict[str, Any]:
    return {
        "房源编号": f"XM-{number:03d}",
        "小区": "新桥小区",
        "楼栋": "1栋",
        "房号": f"{number:03d}",
        "产权单位": owner,
        "计租面积": 41.2,
        "地段等级": "二级",
        "电梯": "否",
        "状态": "在租",
    }


def _lease(home: int, who: str, start: dt.date, end: dt.date | None) -> dict[str, Any]:
    return {
        "合同编号": f"HM{home:04d}",
        "家庭编号": who,
        "房源编号": f"XM-{home:03d}",
        "起租日期": start,
        "到期日期": start + 1825 * _DAY,
        "退租日期": end,
        "月租金": 66.6,
        "合同状态": "履行中" if end is None else "已终止",
    }


ADDED = (moves,)
