"""The tables of the waiting-list report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from zhubao.allocation.waiting.ranking import Place, RankedList
from zhubao.allocation.waiting.replay import Registration
from zhubao.core.finding import Cell, Severity
from zhubao.core.masking import mask_name
from zhubao.core.report import Column, Row, Table, ValueKind
from zhubao.core.spans import whole_months
from zhubao.ledger.tenants import WaitingStatus

NO_CATEGORY, ORDINARY = "（未填类别）", "普通"
_SHOWN = 12  # rows of each list on a terminal
_SHORT = {
    "AL-101": "一人两户",
    "AL-102": "重复登记",
    "AL-103": "轮候号重复",
    "AL-104": "已在租",
    "AL-105": "成员已租",
    "AL-106": "限制期内",
    "AL-107": "成员受限",
    "AL-108": "亲属受限",
    "AL-109": "领补贴",
    "AL-110": "成员领补贴",
    "AL-111": "满年限",
    "AL-112": "户型不符",
    "AL-113": "查无家庭",
    "AL-114": "已退出",
    "AL-115": "暂停",
    "AL-116": "申请人亡",
}


def flags_of(place: Place) -> str | None:
    """重复登记；领补贴 - every kind of finding once, the worst first."""
    words = dict.fromkeys(_SHORT[one.code] for one in place.faults)
    return "；".join(words) or None


def is_barred(place: Place) -> bool:
    """True when a finding of error severity stands against it."""
    return any(one.severity is Severity.ERROR for one in place.faults)


def summary_table(listed: RankedList, places: Sequence[Place]) -> Table:
    """Per category: households, people, each priority group, how many are flagged or barred."""
    by_category: dict[str, list[Place]] = {}
    for place in places:
        by_category.setdefault(place.registration.category, []).append(place)
    rows = [
        Row((name or NO_CATEGORY, *_counts(listed, some))) for name, some in by_category.items()
    ]
    return Table(
        key="summary",
        title="在册轮候",
        columns=_SUMMARY,
        rows=rows,
        totals=("合计", *_counts(listed, places)),
        summable=frozenset(column.key for column in _SUMMARY[1:]),
    )


def list_tables(listed: RankedList, places: Iterable[Place]) -> list[Table]:
    """One ranked list per category."""
    by_category: dict[str, list[Place]] = {}
    for place in places:
        by_category.setdefault(place.registration.category, []).append(place)
    return [_list(listed, name or NO_CATEGORY, some) for name, some in by_category.items()]


def others_table(
    listed: RankedList, status: WaitingStatus, chosen: Sequence[Registration]
) -> Table:
    """Registrations that were not waiting on the day: 待审核, or closed with this status."""
    return Table(
        key="others",
        title=f"{status}（{len(chosen):,} 户）",
        columns=_OTHERS,
        rows=[_other(listed, one) for one in chosen],
        shown=_SHOWN * 2,
    )


def _counts(listed: RankedList, places: Sequence[Place]) -> tuple[int, ...]:
    people = sum(listed.home_value(place.home, "size") or 0 for place in places)
    counts = Counter[str]()
    for place in places:
        counts["priority"] += bool(place.registration.group)
        counts["flagged"] += bool(place.faults)
        counts["barred"] += is_barred(place)
    return len(places), people, counts["priority"], counts["flagged"], counts["barred"]


def _list(listed: RankedList, title: str, places: Sequence[Place]) -> Table:
    columns = tuple(c for c in _LIST if listed.formula.is_used or c.key != "points")
    rows = [_row(listed, place) for place in places]
    return Table(
        key=f"list_{title}",
        title=f"{title}（{len(places):,} 户）",
        columns=columns,
        rows=rows,
        shown=_SHOWN,
    )


def _row(listed: RankedList, place: Place) -> Row:
    one, home = place.registration, place.home
    points = (place.points.value,) if listed.formula.is_used else ()
    worst = place.faults[0].severity if place.faults else Severity.NOTICE
    return Row(
        (
            place.rank,
            one.waiting_no,
            one.household_no,
            mask_name(listed.home_value(home, "applicant") or "") or None,
            listed.home_value(home, "size"),
            one.group or None,
            one.approved_on,
            place.months,
            *points,
            flags_of(place),
            place.entitled or None,
            one.desired_layout or None,
            listed.home_value(home, "tier"),
            listed.home_value(home, "hardship"),
            _grounds(listed, place),
        ),
        _sources(listed, place),
        "" if worst is Severity.NOTICE else worst.value,
    )


def _grounds(listed: RankedList, place: Place) -> str:
    """Why the household stands where it stands."""
    one = place.registration
    parts = [f"组序 {place.order}（{one.group or ORDINARY}）"]
    if listed.formula.is_used:
        parts.append(f"积分 {place.points.text}")
    parts.append(f"{one.approved_on} 批准")
    return "；".join(parts)


def _sources(listed: RankedList, place: Place) -> tuple[Cell, ...]:
    one, home = place.registration, place.home
    cells = [one.cell(), one.cell("approved_on"), one.cell("priority_group")]
    if listed.formula.from_ledger:
        cells.append(one.cell("points"))
    cells += listed.home_cell(home, "size")
    if listed.formula.is_used:
        cells += [*listed.home_cell(home, "tier"), *listed.home_cell(home, "hardship")]
    return tuple(dict.fromkeys(cells))


def _other(listed: RankedList, one: Registration) -> Row:
    home = listed.home_row(one.household_no)
    end = one.closed_on or listed.as_of
    return Row(
        (
            one.waiting_no,
            one.household_no,
            mask_name(listed.home_value(home, "applicant") or "") or None,
            listed.home_value(home, "size"),
            one.category or None,
            one.group or None,
            one.approved_on,
            one.closed_on,
            whole_months(one.approved_on, end),
        ),
        (one.cell(), one.cell("closed_on"), *listed.home_cell(home, "size")),
    )


_COUNT, _DATE, _ID = ValueKind.COUNT, ValueKind.DATE, ValueKind.IDENTITY
_SUMMARY = (
    Column("category", "类别"),
    Column("households", "户数", _COUNT),
    Column("people", "人数", _COUNT, note="保障家庭表的家庭人口之和"),
    Column("priority", "优先户", _COUNT, note="填了优先类别的"),
    Column("flagged", "有标记", _COUNT, note="至少有一条警告、提示或错误"),
    Column("barred", "须先查清", _COUNT, note="有错误的，查清之前不能参加配租"),
)
_LIST = (
    Column("rank", "名次", _COUNT, note="本类别内的名次"),
    Column("waiting_no", "轮候号", _ID),
    Column("household_no", "家庭编号", _ID, 2),
    Column("name", "申请人"),
    Column("size", "人口", _COUNT),
    Column("group", "优先类别"),
    Column("approved_on", "批准日期", _DATE),
    Column("months", "月数", _COUNT, note="自批准日期起满几个月"),
    Column("points", "积分", ValueKind.NUMBER),
    Column("flags", "标记"),
    Column("entitled", "应配户型", note="按家庭人口"),
    Column("desired", "意向户型", level=2),
    Column("tier", "保障类型", level=3),
    Column("hardship", "困难标识", level=3),
    Column("grounds", "排序依据", level=3),
)
_OTHERS = (
    Column("waiting_no", "轮候号", _ID),
    Column("household_no", "家庭编号", _ID, 2),
    Column("name", "申请人"),
    Column("size", "人口", _COUNT),
    Column("category", "类别"),
    Column("group", "优先类别", level=2),
    Column("approved_on", "批准日期", _DATE),
    Column("closed_on", "出册日期", _DATE),
    Column("months", "月数", _COUNT, note="自批准至出册（待审核的至截止日期）满几个月"),
)
