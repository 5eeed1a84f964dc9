"""冻结公告: what is published before the draw, so that nobody can change anything unnoticed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from zhubao.allocation.draw.texts import UNIT
from zhubao.allocation.event.entrants import ORDINARY
from zhubao.allocation.event.freeze_report import groups_table, hash_table
from zhubao.allocation.event.frozen import Frozen
from zhubao.allocation.event.record import EventRow
from zhubao.allocation.event.sources import sources_in_words
from zhubao.core.masking import mask_identity, mask_name
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.allocation import DrawPurpose

_BASIS = "《公共租赁住房管理办法》（住房和城乡建设部令第11号）第十一条至第十四条"
_MINUTE = "%Y年%m月%d日 %H:%M"


def notice_report(event: EventRow, frozen: Frozen, *, bureau: str = "") -> Report:
    """The notice of one freeze, made from the frozen texts; the lists are its annex."""
    row = event.row
    rental = row.purpose is DrawPurpose.PUBLIC_RENTAL
    return Report(
        code="allocation.notice",
        title=f"{frozen.rules.name}名册和房源冻结公告",
        bureau=bureau,
        as_of=row.frozen_at.date() if row.frozen_at is not None else None,
        tables=(
            hash_table(frozen),
            _strata_table(frozen),
            groups_table(Counter((one.group_order, one.group) for one in frozen.entrants)),
        ),
        notes=tuple(f"{note}。" for note in _notes(event, frozen)),
        references=(_BASIS,) if rental else (),
        facts={
            "event": row.event_no,
            "rules_hash": frozen.rules_hash,
            "roster_hash": frozen.rules.roster_hash,
            "units_hash": frozen.rules.units_hash,
        },
    )


def annex_report(event: EventRow, frozen: Frozen, *, bureau: str = "") -> Report:
    """The lists that belong to the notice: who takes part, and which units there are."""
    at = event.row.frozen_at
    return Report(
        code="allocation.notice.annex",
        title=f"{frozen.rules.name}冻结公告附件：名册和房源",
        bureau=bureau,
        as_of=at.date() if at is not None else None,
        tables=(_roster_table(frozen), _unit_table(frozen)),
        notes=("名册按凭证号从小到大排列，与选房先后无关", f"总校验值：{frozen.rules_hash}"),
    )


def _roster_table(frozen: Frozen) -> Table:
    """Everybody who takes part, by receipt: masked name and number, group, size, stratum."""
    people = frozen.people
    rows = [
        Row(
            (
                one.receipt,
                mask_name(people[one.receipt].applicant),
                mask_identity(people[one.receipt].identity_no),
                one.group or ORDINARY,
                one.size,
                one.stratum,
            )
        )
        for one in frozen.entrants
    ]
    return Table(
        "roster",
        "冻结的名册",
        (
            Column("receipt", "凭证号", ValueKind.IDENTITY, width=40),
            Column("applicant", "申请人", width=8),
            Column("identity", "身份证号", ValueKind.IDENTITY),
            Column("group", "优先类别"),
            Column("size", "人口", ValueKind.COUNT),
            Column("stratum", "分层"),
        ),
        rows,
    )


def _unit_table(frozen: Frozen) -> Table:
    """Every unit drawn for."""
    rows = [Row((one.unit_no, one.stratum, one.place, one.area)) for one in frozen.units]
    return Table(
        "units",
        "冻结的房源",
        (
            Column("unit", "房源编号", ValueKind.IDENTITY),
            Column("stratum", "分层"),
            Column("place", "位置"),
            Column("area", "面积（m²）"),
        ),
        rows,
    )


def _strata_table(frozen: Frozen) -> Table:
    wanted = Counter(one.stratum for one in frozen.entrants)
    offered = Counter(one.stratum for one in frozen.units)
    rows = [Row((name, wanted[name], offered[name])) for name in sorted({*wanted, *offered})]
    return Table(
        "strata",
        "每一层的户数和套数",
        (
            Column("stratum", "分层"),
            Column("households", "参加户数", ValueKind.COUNT),
            Column("units", "房源套数", ValueKind.COUNT),
        ),
        rows,
        totals=("合计", len(frozen.entrants), len(frozen.units)),
        summable=frozenset({"households", "units"}),
    )


def _notes(event: EventRow, frozen: Frozen) -> Iterator[str]:
    row = event.row
    yield f"活动编号 {frozen.rules.event}。{_moment('名册和房源已于', row.frozen_at, '冻结')}"
    if row.planned_at is not None:
        place = f"，地点：{row.place}" if row.place else ""
        yield f"{_moment('计划于', row.planned_at, '公开摇号')}{place}"
    yield (
        "校验值好比文件的指纹：文件改动一个字，算出的校验值就完全不同。总校验值由名册、房源、"
        "摇号方式和随机源的约定一起算出；记住总校验值，就能查出公布以后有没有人改动过"
    )
    yield (
        f"约定的随机源：{sources_in_words(frozen.rules.sources)}。"
        "这些数字在摇号当天由见证人当场给出，在此以前没有人知道；各数按产生的先后登记"
        "（公开发布的号码按发布的次序），不得重新排列，次序不同，结果就不同"
    )
    yield from _method(frozen)
    yield (
        "核对本户：凭本户的摇号凭证，在附件的名册里按凭证号查找，核对组别和分层；有误的，请在摇号"
        "以前提出。姓名和身份证号已遮盖"
    )
    yield (
        "核对文件：对 roster.txt、units.txt、rules.txt 计算 SHA-256，应与上表相同；"
        "在 Windows 上可用命令 certutil -hashfile rules.txt SHA256"
    )


def _method(frozen: Frozen) -> Iterator[str]:
    yield (
        "摇号方法：总校验值与当天的随机数一起算出种子；种子与每户的凭证号一起算出该户的摇号值"
        "（SHA-256）；先按组序、组内再按摇号值从小到大排出名次。按名次，本层还有房源的中签，"
        "没有的按名次列入本层的递补"
    )
    if frozen.rules.mode == UNIT:
        yield "房源：种子与每套房源的编号同样算出摇号值；各层第几名中签的，配本层摇号值第几小的房源"
    else:
        yield "中签的家庭按名次先后选房；放弃的，由本层递补的家庭按名次接替"
    yield "同样的名册、房源和随机数，任何人用任何程序计算，结果都相同"


def _moment(before: str, at: dt.datetime | None, after: str) -> str:
    return f"{before} {at:{_MINUTE}} {after}" if at is not None else f"{before.rstrip('于')}{after}"
