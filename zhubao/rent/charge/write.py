"""The month's new charges as a Change to the sheet 应收."""

from __future__ import annotations

from typing import Any

from zhubao.core.money import format_yuan
from zhubao.core.theme import Formats
from zhubao.ledger.arrears import Charge
from zhubao.ledger.change import Change, Plan
from zhubao.rent.charge.charging import ChargeRun
from zhubao.rent.charge.drafts import Draft

_OPTIONAL = ("lease_no", "unit_no", "standard", "reduction", "charged_on", "remark")


def charge_change(run: ChargeRun, formats: Formats) -> Change:
    """One row per new charge, in the order of households; existing rows are not touched.

    Where the sheet lacks a column that may be missing (标准租金, 备注 …) the rows do without it,
    and a note says so. Raises `LedgerNotWritable` when a needed column is missing.
    """
    plan = Plan(f"计 {run.month.title}应收", run.loaded, formats)
    table = run.loaded.get(Charge)
    absent = [
        name for name in _OPTIONAL if table.segments and name not in table.segments[-1].letters
    ]
    rows = [_row(run, draft, absent) for draft in run.new]
    plan.add(table, rows)
    total = sum(draft.amount for draft in run.new)
    plan.note(f"新增 {len(rows):,} 笔应收，合计 {format_yuan(total)} 元；已有的行不改动")
    if absent and rows:
        headers = [_header(name) for name in absent]
        plan.note(f"应收表没有这些列，不写：{'、'.join(headers)}")
    return plan.build()


def _row(run: ChargeRun, draft: Draft, absent: list[str]) -> dict[str, Any]:
    stay = draft.stay
    values = {
        "charge_no": draft.charge_no,
        "household_no": stay.household_no,
        "lease_no": stay.lease_no,
        "unit_no": stay.unit_no,
        "month": run.month,
        "standard": draft.standard,
        "reduction": draft.reduction or None,
        "amount": draft.amount,
        "charged_on": run.charged_on,
        "remark": draft.remark or None,
    }
    return {name: value for name, value in values.items() if name not in absent}


def _header(name: str) -> str:
    from zhubao.ledger.model import column_info

    return column_info(Charge.model_fields[name]).header
