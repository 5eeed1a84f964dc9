"""The change that signing makes, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhubao import policy
from zhubao.allocation.selection.signing import Signing
from zhubao.allocation.selection.signing_desk import Signed
from zhubao.core.finding import Finding
from zhubao.core.money import format_yuan, yuan
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.core.theme import Formats
from zhubao.ledger.allocation import DrawEvent, DrawStatus, UnitSelection
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household, Lease, LeaseStatus, Tier, WaitingEntry, WaitingStatus
from zhubao.ledger.units import Unit, UnitStatus


def signing_change(signing: Signing, loaded: Loaded, formats: Formats) -> Change:
    """租赁合同 rows; 房源 在租, no longer vacant; 轮候册 已配租; 选房 with lease and day.

    The event becomes 已结束 once everybody has decided and signed, else 选房中.
    """
    event = signing.basis.event
    plan = Plan(f"签约：{event.row.event_no} {len(signing.signed)} 户", loaded, formats)
    choices, terms = loaded.get(UnitSelection), signing.terms
    if not signing.resettled:
        plan.add(loaded.get(Lease), [_lease(one, signing) for one in signing.signed])
    for one in signing.signed:
        plan.put(choices, one.entry.index, "signed_on", terms.signed_on)
        if signing.resettled:
            continue
        plan.put(choices, one.entry.index, "lease_no", one.lease_no)
        units, waiting = loaded.get(Unit), loaded.get(WaitingEntry)
        plan.put(units, one.unit_index, "status", UnitStatus.OCCUPIED)
        plan.put(units, one.unit_index, "vacant_since", None)
        if one.waiting_index >= 0:
            plan.put(waiting, one.waiting_index, "status", WaitingStatus.HOUSED)
            plan.put(waiting, one.waiting_index, "closed_on", terms.signed_on)
    if signing.signed or signing.is_finished:
        status = DrawStatus.FINISHED if signing.is_finished else DrawStatus.SELECTING
        plan.put(loaded.get(DrawEvent), event.index, "status", status)
        plan.note(_status_note(signing))
    return plan.build()


def signing_report(
    signing: Signing,
    loaded: Loaded,
    *,
    bureau: str = "",
    overrides: Mapping[str, Any] | None = None,
    more: Sequence[Finding] = (),
) -> Report:
    """Who signs on what terms, and who does not; the reasons are among the findings."""
    terms, total = signing.terms, sum(one.rent_fen for one in signing.signed)
    row = signing.basis.event.row
    tables = [_days(signing, loaded) if signing.resettled else _leases(signing, loaded)]
    tables += [_refused(signing, loaded)] if signing.refused else []
    notes = [f"{row.event_no} {row.name}", *signing.basis.queue.notes]
    if not (signing.signed or signing.refused):
        notes.append("没有选定了房源而还没有签约的家庭")
    if not signing.resettled:
        notes += [
            f"签约日期 {terms.signed_on}，租期 {terms.starts_on} 至 {terms.ends_on}"
            f"（{terms.years} 年）；请在 {terms.filing_by} 前备案",
            "月租金＝计租面积×起租之日的租金标准，按保障家庭台账现在的保障类型",
        ]
    references = [
        policy.basis(code, terms.signed_on, overrides)
        for code in ("lease.max_years", "lease.filing_days", "rent.price")
    ]
    return Report(
        "allocate.sign",
        "签约",
        bureau,
        terms.signed_on,
        tables=tuple(tables),
        notes=tuple(notes),
        references=() if signing.resettled else tuple(references),
        findings=(*more, *signing.findings),
        facts={
            "event": row.event_no,
            "signed": len(signing.signed),
            "refused": len(signing.refused),
            "monthly_rent": yuan(total),
            "filing_by": terms.filing_by.isoformat(),
            "finished": signing.is_finished,
        },
    )


def _lease(one: Signed, signing: Signing) -> dict[str, Any]:
    terms = signing.terms
    return {
        "lease_no": one.lease_no,
        "household_no": one.candidate.household_no,
        "unit_no": one.unit_no,
        "starts_on": terms.starts_on,
        "ends_on": terms.ends_on,
        "monthly_rent": one.rent_fen,
        "area_m2": one.area_m2,
        "tier": Tier(one.tier),
        "signed_on": terms.signed_on,
        "status": LeaseStatus.IN_FORCE,
    }


def _status_note(signing: Signing) -> str:
    if signing.is_finished:
        return "选房和签约都已办完，活动状态改为“已结束”"
    return "还有家庭没有选房或签约，活动状态为“选房中”"


def _leases(signing: Signing, loaded: Loaded) -> Table:
    units, households = loaded.get(Unit), loaded.get(Household)
    choices = loaded.get(UnitSelection)
    rows = [
        Row(
            (
                one.lease_no,
                one.candidate.rank,
                one.candidate.masked,
                one.unit_no,
                one.area_m2,
                one.tier,
                one.rent_fen,
                one.candidate.household_no,
            ),
            (
                choices.cell(one.entry.index, "unit_no"),
                units.cell(one.unit_index, "billed_area_m2"),
                households.cell(one.household_index, "tier"),
            ),
        )
        for one in signing.signed
    ]
    total = sum(one.rent_fen for one in signing.signed)
    columns = (
        Column("lease_no", "合同编号"),
        Column("rank", "顺序号", ValueKind.COUNT),
        Column("name", "家庭"),
        Column("unit", "房源编号"),
        Column("area", "计租面积", ValueKind.NUMBER, 2),
        Column("tier", "保障类型", level=2),
        Column("rent", "月租金", ValueKind.MONEY),
        Column("household", "家庭编号", level=2),
    )
    title = f"签约 {len(rows)} 户，月租金合计 {format_yuan(total)} 元"
    totals = ("合计", None, None, None, None, None, total, None)
    return Table("leases", title, columns, rows, totals, frozenset({"rent"}), shown=20)


def _days(signing: Signing, loaded: Loaded) -> Table:
    choices = loaded.get(UnitSelection)
    rows = [
        Row(
            (one.candidate.rank, one.candidate.masked, one.unit_no, signing.terms.signed_on),
            (choices.cell(one.entry.index, "unit_no"),),
        )
        for one in signing.signed
    ]
    columns = (
        Column("rank", "顺序号", ValueKind.COUNT),
        Column("name", "被征收户"),
        Column("unit", "房源编号"),
        Column("signed_on", "签约日期", ValueKind.DATE),
    )
    return Table("signed", f"签约 {len(rows)} 户", columns, rows, shown=20)


def _refused(signing: Signing, loaded: Loaded) -> Table:
    table = loaded.get(UnitSelection)
    rows = [
        Row(
            (one.rank, one.masked, one.entrant_no),
            (table.cell(entry.index, "entrant_no"),),
            "error",
        )
        for one, entry in signing.refused
    ]
    columns = (
        Column("rank", "顺序号", ValueKind.COUNT),
        Column("name", "家庭"),
        Column("entrant", "参摇编号"),
    )
    title = f"没有签约 {len(rows)} 户（原因见下面的问题）"
    return Table("refused", title, columns, rows)
