"""Rows added to units.xlsx, tenants.xlsx and allocation.xlsx."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.summary.second_period.drawing import Drawing, Ledger

_DAY = dt.timedelta(days=1)
_YEARS = dt.timedelta(days=1825)
NEW_HOUSEHOLDS = 30


def supply(ledger: Ledger, draw: Drawing) -> None:
    """Batches of every channel at every border; projects approved late or not at all."""
    channels = ("社会合作房", "团购商品房", "限价商品房", "公租房")
    days = [(channel, on) for channel in channels for on in draw.days()]
    ledger.add(
        "房源筹集",
        (
            {
                "筹集批号": f"XC{number:04d}",
                "筹集渠道": channel,
                "套数": draw.rng.randint(1, 40),
                "筹集日期": on,
                "小区": draw.rng.choice((None, "粟塘小区")),
            }
            for number, (channel, on) in enumerate(days, 1)
        ),
    )
    approved = (draw.last, draw.after, None, draw.first - 200 * _DAY)
    ledger.add(
        "筹建项目",
        (
            {
                "项目编号": f"XX{number:04d}",
                "项目名称": f"新地块{number}号",
                "房源类型": "限价商品房",
                "预计套数": draw.rng.randint(50, 400),
                "阶段": "立项办理中",
                "市级批复日期": on,
            }
            for number, on in enumerate(approved, 1)
        ),
    )


def developers(ledger: Ledger, draw: Drawing) -> None:
    """Terms that end on the last day, the day before it, begin on it, begin after it."""
    last, after = draw.last, draw.after
    terms = (
        (draw.first, last),
        (draw.first, last - _DAY),
        (last, last + 90 * _DAY),
        (after, after + 90 * _DAY),
    )
    ledger.add(
        "合作开发商",
        (
            {
                "开发商编号": f"KX{number:03d}",
                "开发商名称": f"新合作公司{number}",
                "合作开始日": start,
                "合作截止日": end,
            }
            for number, (start, end) in enumerate(terms, 1)
        ),
    )


def dispatch(ledger: Ledger, draw: Drawing) -> None:
    """Slips of every type at every border; given back since; only frozen; without a state."""
    states = ("已调配", None, "已退回")
    rows: list[dict[str, Any]] = []
    for housing in ("经适房", "商品房", "公租房"):
        for on in draw.days():
            state = draw.rng.choice(states)
            rows.append(_slip(draw, housing, on, state))
            if state == "已退回":
                rows[-1]["退回日期"] = on + 3 * _DAY
        rows.append(_slip(draw, housing, None, "已冻结") | {"冻结日期": draw.inside()})
    for number, row in enumerate(rows, 1):
        row["调配编号"] = f"DX{number:04d}"
    ledger.add("房源调配", rows)


def _slip(draw: Drawing, housing: str, on: dt.date | None, state: str | None) -> dict[str, Any]:
    return {
        "棚改项目": draw.rng.choice(("新桥棚改项目", "北桥棚改项目")),
        "房源类型": housing,
        "套数": draw.rng.randint(1, 25),
        "调配日期": on,
        "调配状态": state,
    }


def units(ledger: Ledger, draw: Drawing) -> None:
    """Units handed over at every border, let, vacant or out of use; leases that end at a border."""
    households = [f"JX{number:03d}" for number in range(1, NEW_HOUSEHOLDS + 1)]
    _households(ledger, draw, households)
    homes = _units(ledger, draw)
    ends: list[tuple[dt.date | None, str]] = [
        (draw.last, "已终止"),
        (draw.after, "已终止"),
        (draw.last - _DAY, "已终止"),
        (None, "履行中"),
        (None, "已到期"),
        (draw.first, "已终止"),
        (draw.before, "已终止"),
    ]
    rows = []
    for number, (home, who) in enumerate(zip(homes[:-1], households, strict=False), 1):
        back, state = ends[number % len(ends)]
        start = draw.first - draw.rng.randint(200, 900) * _DAY
        # 已到期 without 退租日期: over on the last day of its term, or the day before it
        term = draw.last - number % 2 * _DAY if state == "已到期" else start + _YEARS
        rows.append(_lease(number, who, home, start, term) | {"退租日期": back, "合同状态": state})
    living_on = _lease(90, households[-1], homes[-1], draw.first - 2 * _YEARS, draw.first)
    rows.append(living_on | {"合同状态": "履行中"})
    ledger.add("租赁合同", rows)


def _lease(number: int, who: str, home: str, start: dt.date, end: dt.date) -> dict[str, Any]:
    return {
        "合同编号": f"HX{number:04d}",
        "家庭编号": who,
        "房源编号": home,
        "起租日期": start,
        "到期日期": end,
        "月租金": 88.88,
    }


def _units(ledger: Ledger, draw: Drawing) -> list[str]:
    states = ("在租", "空置", "装修中", "预留", "已处置")
    delivered = [*draw.days(), None, draw.first - 400 * _DAY]
    rows: list[dict[str, Any]] = [
        {
            "房源编号": f"XF-{number:03d}",
            "小区": f"新城{number % 4}区",
            "楼栋": "1栋",
            "房号": f"{number:03d}",
            "产权单位": draw.rng.choice(("市级", "区级")),
            "计租面积": 50.5,
            "地段等级": "二级",
            "电梯": "是",
            "状态": state,
            "交付日期": on,
        }
        for number, (state, on) in enumerate(((s, d) for d in delivered for s in states), 1)
    ]
    ledger.add("房源", rows)
    settled = draw.first - 200 * _DAY
    long_ago = [row["房源编号"] for row in rows if (on := row["交付日期"]) is None or on < settled]
    let = [row["房源编号"] for row in rows if row["状态"] == "在租"]
    return list(dict.fromkeys([*long_ago, *let]))


def _households(ledger: Ledger, draw: Drawing, numbers: list[str]) -> None:
    """Protected, left at every border, suspended, approved after the period."""
    left = [None, draw.before, draw.first, draw.last, draw.after]
    rows = []
    for at, number in enumerate(numbers):
        out = left[at % len(left)]
        state = "已退出" if out else ("暂停" if at % 3 == 1 else "在保")
        rows.append(
            {
                "家庭编号": number,
                "申请人": f"新住户{number[2:]}",
                "身份证号": _identity(draw, at),
                "家庭人口": draw.rng.randint(1, 5),
                "保障类型": "低收入",
                "批准日期": draw.after if number.endswith("6") else draw.first - 1000 * _DAY,
                "保障状态": state,
                "退出日期": out,
                "退出原因": "主动放弃" if out else None,
            }
        )
    ledger.add("保障家庭", rows)


def _identity(draw: Drawing, at: int) -> str:
    body = f"4301991971{at % 12 + 1:02d}{at % 28 + 1:02d}{draw.rng.randint(100, 999)}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * int(digit) for weight, digit in zip(weights, body, strict=True))
    return body + "10X98765432"[total % 11]


def waiting(ledger: Ledger, draw: Drawing) -> None:
    """Approved at every border, and closed at every border; some still under review."""
    numbers = [f"JX{number:03d}" for number in range(1, NEW_HOUSEHOLDS + 1)]
    early = draw.first - 300 * _DAY
    spans: list[tuple[dt.date, dt.date | None, str]] = [
        *((on, None, "轮候中") for on in draw.days()),
        *((early, on, "已放弃") for on in draw.days()),
        *((early, on, "取消资格") for on in draw.days(1)),
        (draw.inside(), None, "待审核"),
    ]
    ledger.add(
        "轮候册",
        (
            {
                "轮候号": f"LX{number:04d}",
                "家庭编号": who,
                "批准日期": approved,
                "轮候状态": state,
                "出册日期": closed,
            }
            for number, (who, (approved, closed, state)) in enumerate(
                zip(numbers, spans, strict=False), 1
            )
        ),
    )


def choices(ledger: Ledger, draw: Drawing) -> None:
    """Signed at every border; given up; people left blank; a draw for homes taken."""
    purposes = dict(
        zip(
            ledger.column("摇号活动", "活动编号"),
            ledger.column("摇号活动", "活动类型"),
            strict=True,
        )
    )
    chosen = set(ledger.column("选房", "参摇编号"))
    events = zip(
        ledger.column("摇号名册", "活动编号"),
        ledger.column("摇号名册", "参摇编号"),
        ledger.column("摇号名册", "家庭编号"),
        strict=True,
    )
    seen: set[str] = set()
    free: dict[str, list[tuple[str, str, str | None]]] = {}
    for event, entrant, who in events:
        if entrant not in chosen and (who is None or who not in seen):
            free.setdefault(purposes[event], []).append((event, entrant, who))
            seen.add(who or "")
    actions = ("选定", "选定", "选定", "放弃", "撤销")
    rows: list[dict[str, Any]] = []
    for (event, entrant, who), on in zip(free["公租房配租"], draw.days(9), strict=False):
        action = actions[len(rows) % len(actions)]
        people = None if len(rows) % 4 == 1 else draw.rng.randint(1, 6)
        rows.append(_choice(event, entrant, who, on, action) | {"入住人数": people})
    rows += [
        _choice(event, entrant, who, on, "选定")
        for (event, entrant, who), on in zip(free["被征收户选房"], draw.days(1), strict=False)
    ]
    for number, row in enumerate(rows, 1):
        row["选房编号"] = f"XX{number:04d}"
    ledger.add("选房", rows)


def _choice(event: str, entrant: str, who: str | None, on: dt.date, action: str) -> dict[str, Any]:
    return {
        "活动编号": event,
        "参摇编号": entrant,
        "家庭编号": who,
        "选房情况": action,
        "选房时间": dt.datetime.combine(on, dt.time(9, 30)),
        "签约日期": on if action in ("选定", "撤销") else None,
        "放弃原因": "面积不合适" if action == "放弃" else None,
    }


ADDED = (supply, developers, dispatch, units, waiting, choices)
