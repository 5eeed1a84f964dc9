"""The year's review list: who is on it, the rows 年审 still lacks, and the list on paper."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding
from zhubao.core.masking import mask_name, mask_phone
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import ReviewDecision
from zhubao.services.review.benefits import SUBSIDY, UNIT, WAITING
from zhubao.services.review.gathering import DECLARED
from zhubao.services.review.places import Where, by_community, place_of, place_title
from zhubao.services.review.population import Due, ReviewYear, review_year

_SHOWN = 15


@dataclass(frozen=True, slots=True)
class ReviewList:
    """The households in force of one year and place, by household number."""

    view: ReviewYear
    where: Where
    items: tuple[Due, ...]

    @property
    def missing(self) -> tuple[Due, ...]:
        """Those without a row for the year; doubled household numbers get none."""
        return tuple(one for one in self.items if one.review is None and not one.doubled)


def list_year(loaded: Loaded, year: int, as_of: dt.date, where: Where | None = None) -> ReviewList:
    """Who is to be reviewed in the year, as of the day; UsageError for an unknown place."""
    view, place = review_year(loaded, year, as_of), where or Where()
    return ReviewList(view, place, place.chosen(view, (one for one in view.due if one.in_force)))


def list_change(listed: ReviewList, formats: Formats) -> Change:
    """The rows 年审 lacks, each 待定; none when every household has one."""
    view = listed.view
    plan = Plan(f"{view.year} 年年审名单：新增 {len(listed.missing):,} 户", view.loaded, formats)
    pending = ReviewDecision.PENDING
    rows = [
        {"year": view.year, "household_no": one.number, "decision": pending}
        for one in listed.missing
    ]
    plan.add(view.reviews, rows)
    return plan.build()


def refuse_wrong_year(year: int, as_of: dt.date) -> None:
    """UsageError for a year the ledger cannot hold, or one that has not begun."""
    if not 2000 <= year <= as_of.year:
        raise UsageError(
            f"年审年度 {year} 不对", advice=f"请写 2000 到 {as_of.year} 的年份，或改 --as-of。"
        )


def list_report(
    listed: ReviewList, *, bureau: str = "", origin: str = "", findings: tuple[Finding, ...] = ()
) -> Report:
    """The list for a terminal and for scripts: names masked; counts by community first."""
    rows = [_row(listed, number, one, full=False) for number, one in enumerate(listed.items, 1)]
    table = Table("list", "年审名单", _DOOR, rows, shown=_SHOWN)
    return _report(listed, (_summary(listed), table), bureau, origin, findings)


def paper_report(listed: ReviewList, *, bureau: str = "") -> Report:
    """The list to be printed and filled in: a table per community, full names, room to write."""
    groups = by_community(listed.view, listed.items)
    tables = []
    for place, items in groups.items():
        title = place_title(place, groups)
        rows = [_row(listed, number, one, full=True) for number, one in enumerate(items, 1)]
        key = f"list_{title}"
        tables.append(
            Table(key, title, _ON_PAPER, rows, notes=(_HOW,), signatures=("社区经办人", "日期"))
        )
    return _report(listed, tuple(tables), bureau, "", ())


def _report(
    listed: ReviewList,
    tables: tuple[Table, ...],
    bureau: str,
    origin: str,
    findings: tuple[Finding, ...],
) -> Report:
    view, kinds = listed.view, Counter(kind for one in listed.items for kind in one.kinds)
    return Report(
        code="review.list",
        title=f"{view.year} 年年审名单",
        bureau=bureau,
        as_of=view.as_of,
        period=f"{view.year}年",
        tables=tables,
        notes=_notes(listed, origin),
        findings=(*findings, *view.findings),
        facts={
            "households": len(listed.items),
            "without_row": len(listed.missing),
            "suspended": view.suspended,
            "unit": kinds[UNIT],
            "subsidy": kinds[SUBSIDY],
            "waiting": kinds[WAITING],
        },
    )


def _notes(listed: ReviewList, origin: str) -> tuple[str, ...]:
    view = listed.view
    source = f"（{origin}）" if origin else ""
    notes = [f"截至 {view.as_of}{source}在保的家庭 {len(listed.items):,} 户"]
    if listed.where.words:
        notes.append(f"只列 {listed.where.words}")
    if view.suspended:
        notes.append(f"另有 {view.suspended:,} 户暂停保障，没有列入")
    if listed.missing:
        notes.append(f"年审表里还没有 {view.year} 年的：{len(listed.missing):,} 户")
    return tuple(notes)


def _summary(listed: ReviewList) -> Table:
    groups = by_community(listed.view, listed.items)
    rows = [
        Row((*place, *_counts(listed.view, items)), tuple(listed.view.cell(one) for one in items))
        for place, items in groups.items()
    ]
    return Table(
        "summary",
        "按社区",
        _SUMMARY,
        rows,
        totals=("合计", None, *_counts(listed.view, listed.items)),
        summable=frozenset(column.key for column in _SUMMARY[2:]),
        shown=_SHOWN,
    )


def _counts(view: ReviewYear, items: Sequence[Due]) -> tuple[int, ...]:
    kinds = Counter(kind for one in items for kind in one.kinds)
    declared = sum(any(view.said(one, name) is not None for name in DECLARED) for one in items)
    return len(items), kinds[UNIT], kinds[SUBSIDY], kinds[WAITING], declared


def _row(listed: ReviewList, number: int, due: Due, *, full: bool) -> Row:
    view = listed.view
    name, phone = view.field(due, "applicant") or "", view.field(due, "phone")
    tier, size = view.field(due, "tier"), view.field(due, "size")
    head = (number, due.number, name if full else mask_name(name))
    if full:  # a form to be written on: no column of sources
        said = tuple(view.said(due, field) for field in DECLARED)
        values = (
            *head,
            phone,
            _text(tier),
            due.kind_words,
            size,
            str(view.year),
            *said,
            None,
            None,
        )
        return Row(values)
    known = mask_phone(phone) if phone else None
    values = (*head, known, _text(tier), due.kind_words, size, *place_of(view, due))
    return Row(values, (view.cell(due), view.households.row_cell(due.household)))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


_HOW = (
    "请填申报月收入（全家每月合计，元）、申报人口（人）、申报住房面积（自有住房，m²，无房填 0），"
    "并签名；情况有变化的写在备注里。不要改动表头、年度和家庭编号"
)


def _for_hand(key: str, title: str, kind: ValueKind = ValueKind.TEXT, width: int = 14) -> Column:
    """A column to write in by hand: the header's blanks make it wide enough for a pen."""
    blanks = "　" * max(0, (width - 2 * len(title)) // 2)
    return Column(key, f"{blanks}{title}{blanks}", kind)


_COUNT, _IDENTITY = ValueKind.COUNT, ValueKind.IDENTITY
_HOUSEHOLD = (
    Column("number", "序号", _COUNT, 2),
    Column("household_no", "家庭编号", _IDENTITY),
    Column("applicant", "申请人"),
    Column("phone", "联系电话", _IDENTITY, 2),
    Column("tier", "保障类型"),
    Column("kind", "保障方式", width=14),
    Column("size", "家庭人口", _COUNT, note="保障家庭台账登记的人数"),
)
_DOOR = (*_HOUSEHOLD, Column("street", "街道", level=2), Column("community", "社区"))
_ON_PAPER = (
    *_HOUSEHOLD,
    Column("year", "年度", _IDENTITY),
    _for_hand("declared_income", "申报月收入", ValueKind.MONEY),
    _for_hand("declared_size", "申报人口", _COUNT, 10),
    _for_hand("declared_area_m2", "申报住房面积", ValueKind.NUMBER),
    _for_hand("signature", "签名", width=16),
    _for_hand("remark", "备注", width=24),
)
_SUMMARY = (
    Column("street", "街道"),
    Column("community", "社区"),
    Column("households", "应审户数", _COUNT),
    Column("unit", UNIT, _COUNT),
    Column("subsidy", SUBSIDY, _COUNT),
    Column("waiting", WAITING, _COUNT),
    Column("declared", "已申报", _COUNT, note="申报的三项里至少填了一项"),
)
