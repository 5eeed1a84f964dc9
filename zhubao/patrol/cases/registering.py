"""`zhubao patrol case --new`: one case more in 违规与变动."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.core.errors import UsageError
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import (
    Campaign,
    CaseCategory,
    CaseKind,
    CaseSource,
    RectificationStatus,
    TenancyCase,
)
from zhubao.ledger.registers.numbers import next_number
from zhubao.ledger.tenants import Household
from zhubao.ledger.units import Unit
from zhubao.ledger.unread import refuse_unread
from zhubao.patrol.cases.book import SETTLED, Places
from zhubao.patrol.cases.checks import CATEGORY_OF
from zhubao.patrol.cases.law import Ruling, ruling_of
from zhubao.patrol.cases.words import choice, dated, household_index

_FIRST = "WG00001"


@dataclass(frozen=True, slots=True)
class CaseOrder:
    """A case as the clerk gives it; "" and None where nothing was said.

    `category` is needed for the kind 其他 only; `again` allows a second open case of one kind.
    """

    household: str
    kind: str
    found: dt.date
    facts: str
    evidence: str = ""
    source: str = ""
    deadline: dt.date | None = None
    happened: dt.date | None = None
    unit: str = ""
    category: str = ""
    article: str = ""
    campaign: str = ""
    responsible: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class NewCase:
    """The row as it will stand in the sheet, what the law says, and what the clerk should know."""

    row: dict[str, Any]
    ruling: Ruling
    household_index: int
    notes: tuple[str, ...]


def register_case(
    order: CaseOrder,
    loaded: Loaded,
    latest: dt.date,
    *,
    overrides: Mapping[str, Any] | None = None,
) -> NewCase:
    """The new row: number continued, unit from the lease, deadline and legal basis proposed.

    The deadline is 发现日期 + patrol.case_days where none is given. Raises `UsageError` for an
    unknown household, kind, source, unit or campaign, no facts, dates out of order or after
    `latest`, and while the household has an open case of the same kind (but for `again`).
    """
    refuse_unread(loaded, TenancyCase)
    kind = choice(CaseKind, order.kind, "--kind")
    if not order.facts.strip():
        raise UsageError("没有写事实", advice="请用 --facts 写明发现了什么。")
    found = dated(order.found, "发现日期", latest)
    happened = dated(order.happened, "发生日期", found) if order.happened else None
    place = household_index(order.household, loaded)
    household = loaded.get(Household).column("household_no")[place]
    _refuse_double(order, household, kind, loaded)
    ruling = ruling_of(kind, found, overrides, article=order.article.strip())
    unit, notes = _unit(order.unit.strip(), household, loaded, found)
    row = {
        "case_no": next_number(loaded.get(TenancyCase).column("case_no")) or _FIRST,
        "category": _category(kind, order.category),
        "kind": kind,
        "household_no": household,
        "unit_no": unit or None,
        "found_on": found,
        "happened_on": happened,
        "source": choice(CaseSource, order.source, "--source") if order.source else None,
        "campaign_no": _campaign(order.campaign.strip(), loaded),
        "facts": order.facts.strip(),
        "evidence": order.evidence.strip() or None,
        "basis": ruling.basis or None,
        "deadline": _deadline(order, found, overrides),
        "responsible": order.responsible.strip() or None,
        "status": RectificationStatus.OPEN,
    }
    kept = {name: value for name, value in row.items() if value is not None}
    if not order.evidence.strip():
        notes.append("没有写证据：销号之前要补上")
    if happened is None and ruling.article:
        notes.append("没有写发生日期（--happened）：按市场租金补缴要从违规之日算起")
    if not ruling.article:
        notes.append("这个类型没有对应的条款：核实是否影响保障资格；隐瞒不报的加 --article 35")
    return NewCase(kept, ruling, place, tuple(notes))


def new_case_change(new: NewCase, loaded: Loaded, formats: Formats) -> Change:
    """One row of 违规与变动."""
    row = new.row
    title = f"登记{row['category'].value}：{row['household_no']} {row['kind'].value}"
    plan = Plan(title, loaded, formats)
    plan.add(loaded.get(TenancyCase), [row])
    return plan.build()


def _category(kind: CaseKind, said: str) -> CaseCategory:
    own = CATEGORY_OF.get(kind)
    if not said:
        if own is None:
            raise UsageError(
                f"类型“{kind.value}”要写明类别", advice="请加 --category 日常违规 或 情况变动。"
            )
        return own
    category = choice(CaseCategory, said, "--category")
    if own not in (None, category):
        raise UsageError(
            f"类型“{kind.value}”属于{own.value if own else ''}，不是{category.value}",
            advice="请去掉 --category，或改 --kind。",
        )
    return category


def _deadline(order: CaseOrder, found: dt.date, overrides: Mapping[str, Any] | None) -> dt.date:
    if order.deadline is None:
        return found + dt.timedelta(days=int(policy.at("patrol.case_days", found, overrides)))
    if order.deadline < found:
        raise UsageError("整改时限早于发现日期", advice="请核对 --deadline 和 --found。")
    return order.deadline


def _unit(wanted: str, household: str, loaded: Loaded, day: dt.date) -> tuple[str, list[str]]:
    """The unit named or leased; notes where it is not the leased one, or there is none."""
    leased = Places(loaded, day).unit_of(household)
    if wanted and wanted not in loaded.get(Unit).column("unit_no"):
        raise UsageError(f"房源台账里没有编号“{wanted}”", advice="请核对 --unit。")
    if wanted and wanted != leased:
        return wanted, [f"{household} 在 {day} 租的是 {leased or '（没有合同）'}，不是 {wanted}"]
    if not leased:
        return "", [f"{household} 在 {day} 没有履行中的合同，房源编号空着"]
    return leased, []


def _campaign(wanted: str, loaded: Loaded) -> str | None:
    numbers = loaded.get(Campaign).column("campaign_no")
    if wanted and wanted not in numbers:
        known = "、".join(number for number in numbers if number) or "（还没有）"
        raise UsageError(f"没有整治编号“{wanted}”", advice=f"台账里有：{known}。")
    return wanted or None


def _refuse_double(order: CaseOrder, household: str, kind: CaseKind, loaded: Loaded) -> None:
    table = loaded.get(TenancyCase)
    over = {*SETTLED, RectificationStatus.UNFOUNDED}
    for index in table.usable("case_no", "household_no", "kind", "status"):
        same = table.column("household_no")[index] == household
        if same and table.column("kind")[index] is kind and not order.again:
            if table.column("status")[index] in over:
                continue
            number = table.column("case_no")[index]
            raise UsageError(
                f"{household} 已有没有整改的“{kind.value}” {number}",
                where=str(table.row_cell(index)),
                advice=f"请在 {number} 上继续办理；确是另一起的，加 --again。",
            )
