"""The internal and the auditor's edition of a list, and what all editions say alike."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from zhubao.allocation.publication.entrants import Entrant
from zhubao.allocation.publication.lines import Line
from zhubao.allocation.publication.listing import Listing
from zhubao.allocation.publication.overview import counts_table, hashes_table, moment, title_of
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.allocation import DrawEvent

INTERNAL_MARK = "内部资料　不得外传"


class Edition(StrEnum):
    """The three editions of one list."""

    PUBLIC = "公开版"
    INTERNAL = "内部版"
    AUDITOR = "审计版"


_COUNT, _ID, _DATE = ValueKind.COUNT, ValueKind.IDENTITY, ValueKind.DATE


def internal_edition(listing: Listing, *, bureau: str, day: dt.date) -> Report:
    """Full names and numbers, household and waiting numbers; marked as internal."""
    tables = (counts_table(listing), _internal(listing))
    return _report(listing, Edition.INTERNAL, bureau, day, tables)


def auditor_edition(listing: Listing, *, bureau: str, day: dt.date) -> Report:
    """Everything: who registered and was checked when, cells, hashes, salts, refusals, re-draws."""
    tables = (
        counts_table(listing),
        _audited(listing),
        _refusals(listing),
        _incidents(listing),
        _chain(listing),
        hashes_table(listing),
    )
    return _report(listing, Edition.AUDITOR, bureau, day, tables)


def _report(
    listing: Listing, edition: Edition, bureau: str, day: dt.date, tables: tuple[Table, ...]
) -> Report:
    return Report(
        code=f"allocate.publish.{edition.name.lower()}",
        title=f"{title_of(listing)}（{edition.value}　{INTERNAL_MARK}）",
        bureau=bureau,
        as_of=day,
        tables=tables,
        notes=(
            f"{INTERNAL_MARK}：含姓名、身份证号，不得张贴、上网或转给无关人员",
            f"与公开版同一次生成，名单校验值 {listing.digest}",
            *_no_hashes(listing),
        ),
        findings=listing.findings if edition is Edition.AUDITOR else (),
    )


def _moment(value: dt.datetime | None) -> str | None:
    return moment(value) if value else None


def _no_hashes(listing: Listing) -> tuple[str, ...]:
    if listing.is_verifiable:
        return ()
    return ("这次摇号之前没有冻结校验值，名次取自台账，不能用校验值核验",)


def _internal(listing: Listing) -> Table:
    rows = [
        Row((*_standing(number, line), *_person(line.entrant), *_outcome(line)), line.sources)
        for number, line in enumerate(listing.lines, 1)
    ]
    return Table("list", "名单", (*_STANDING, *_PERSON, *_OUTCOME), rows, shown=0)


def _audited(listing: Listing) -> Table:
    rows = [
        Row(
            (
                *_standing(number, line),
                *_person(line.entrant),
                *_outcome(line),
                _moment(line.entrant.registered_at),
                line.entrant.checked_on,
                line.entrant.receipt or None,
                line.entrant.salt or None,
                line.entrant.row_hash or None,
                line.digest or None,
            ),
            line.sources,
        )
        for number, line in enumerate(listing.lines, 1)
    ]
    return Table("list", "名单", (*_STANDING, *_PERSON, *_OUTCOME, *_EVIDENCE), rows, shown=0)


def _standing(number: int, line: Line) -> tuple[object, ...]:
    one = line.entrant
    return line.rank or number, one.group, line.group_rank or None, one.stratum, one.size


def _person(one: Entrant) -> tuple[object, ...]:
    return (
        one.household_no or None,
        one.waiting_no or None,
        one.entrant_no,
        one.name,
        one.identity_no,
    )


def _outcome(line: Line) -> tuple[object, ...]:
    return (
        line.outcome or None,
        line.reserve_rank or None,
        line.decision or None,
        line.unit_no or None,
    )


def _refusals(listing: Listing) -> Table:
    rows = [
        Row(
            (
                one.entrant_no,
                one.household_no or None,
                one.waiting_no or None,
                one.name,
                one.identity_no,
                _moment(one.registered_at),
                one.status,
                one.reason or "没有写原因",
            ),
            (one.place,),
            "" if one.reason else "warning",
        )
        for one in listing.refusals
    ]
    return Table("refusals", "不予参加的登记", _REFUSAL, rows, shown=0)


def _incidents(listing: Listing) -> Table:
    rows = [
        Row(
            (
                moment(one.at),
                one.order,
                one.entrant.entrant_no,
                one.entrant.name,
                one.action,
                one.unit_no or None,
                one.reason or "没有写原因",
                one.clerk or None,
                one.witness or None,
            ),
            (one.place,),
        )
        for one in listing.incidents
    ]
    return Table("incidents", "放弃、未到场和撤销", _INCIDENT, rows, shown=0)


def _chain(listing: Listing) -> Table:
    rows = [Row(_link(one.row)) for one in listing.known.chain]
    return Table("chain", "历次摇号", _CHAIN, rows, shown=0)


def _link(row: DrawEvent) -> tuple[object, ...]:
    return (
        row.draw_no,
        moment(row.frozen_at),
        moment(row.drawn_at),
        row.status.value,
        row.redraw_reason or None,
        row.redraw_approvers or None,
        row.witnesses or None,
        row.rules_hash or None,
        row.earlier_hash or None,
        row.result_hash or None,
    )


_STANDING = (
    Column("rank", "名次", _COUNT, note="摇号之前是序号"),
    Column("group", "组别"),
    Column("group_rank", "组内名次", _COUNT),
    Column("stratum", "小区、户型"),
    Column("size", "人口", _COUNT),
)
_PERSON = (
    Column("household_no", "家庭编号", _ID),
    Column("waiting_no", "轮候号", _ID),
    Column("entrant_no", "参摇编号", _ID),
    Column("name", "申请人"),
    Column("identity_no", "身份证号", _ID),
)
_OUTCOME = (
    Column("outcome", "结果"),
    Column("reserve_rank", "递补名次", _COUNT),
    Column("decision", "选房情况"),
    Column("unit_no", "房源编号", _ID),
)
_EVIDENCE = (
    Column("registered_at", "登记时间", _ID),
    Column("checked_on", "复核日期", _DATE),
    Column("receipt", "凭证号", _ID),
    Column("salt", "凭证盐值", _ID, 3),
    Column("row_hash", "名册行校验值", _ID, 3),
    Column("digest", "摇号值", _ID, 3),
)
_REFUSAL = (
    Column("entrant_no", "参摇编号", _ID),
    Column("household_no", "家庭编号", _ID),
    Column("waiting_no", "轮候号", _ID),
    Column("name", "申请人"),
    Column("identity_no", "身份证号", _ID),
    Column("registered_at", "登记时间", _ID),
    Column("status", "名册状态"),
    Column("reason", "原因"),
)
_INCIDENT = (
    Column("at", "时间", _ID),
    Column("order", "选房顺序号", _COUNT),
    Column("entrant_no", "参摇编号", _ID),
    Column("name", "申请人"),
    Column("action", "情况"),
    Column("unit_no", "房源编号", _ID),
    Column("reason", "原因"),
    Column("clerk", "经办人"),
    Column("witness", "见证人"),
)
_CHAIN = (
    Column("draw_no", "次序", _COUNT),
    Column("frozen_at", "冻结时间", _ID),
    Column("drawn_at", "摇号时间", _ID),
    Column("status", "状态"),
    Column("reason", "重摇原因"),
    Column("approvers", "重摇批准人"),
    Column("witnesses", "见证人"),
    Column("rules_hash", "总校验值", _ID, 3),
    Column("earlier_hash", "前次结果校验值", _ID, 3),
    Column("result_hash", "结果校验值", _ID, 3),
)
