"""Rows of arrears.xlsx from the rent history."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from zhubao.core.period import Month
from zhubao.demo.accounts import Plan
from zhubao.demo.names import CLERKS
from zhubao.demo.rent_history import RentHistory, Visit, charges
from zhubao.demo.tenancy import Town, tenants
from zhubao.ledger import arrears

Row = dict[str, Any]


def opening_rows(history: RentHistory) -> Iterator[Row]:
    """Rows of 期初欠租."""
    for household_no, month, amount in history.opening:
        yield {"household_no": household_no, "month": month, "amount": amount}


def receipt_rows(history: RentHistory) -> Iterator[Row]:
    """Rows of 实收, in the order of the days."""
    for number, payment in enumerate(history.payments, 1):
        yield {
            "receipt_no": f"SJ{number:07d}",
            "household_no": payment.household_no,
            "received_on": payment.day,
            "amount": payment.amount,
            "month": payment.month,
            "method": payment.method,
            "remark": payment.remark,
        }


def reduction_rows(history: RentHistory) -> Iterator[Row]:
    """Rows of 减免."""
    for number, relief in enumerate(sorted(history.reliefs), 1):
        yield {
            "reduction_no": f"JM{number:05d}",
            "household_no": relief.household_no,
            "month": relief.month,
            "kind": "核销" if relief.written_off else "减免",
            "amount": relief.amount,
            "approved_on": relief.day,
            "reason": "承租人死亡，无人继承" if relief.written_off else "困难家庭临时减免",
        }


def plan_rows(history: RentHistory, as_of: dt.date) -> Iterator[Row]:
    """Rows of 分期协议."""
    for number, plan in enumerate(history.plans, 1):
        settled = plan.kept and plan.parts[-1][0] <= as_of
        yield {
            "plan_no": _plan_no(number),
            "household_no": plan.home.no,
            "signed_on": plan.signed_on,
            "rhythm": "分季度" if plan.quarterly else "分月",
            "total": plan.total,
            "parts": len(plan.parts),
            "status": "已结清" if settled else "履行中",
            "reason": _plan_reason(plan),
        }


def instalment_rows(history: RentHistory) -> Iterator[Row]:
    """Rows of 分期计划."""
    for number, plan in enumerate(history.plans, 1):
        for part, (due_on, amount) in enumerate(plan.parts, 1):
            yield {"plan_no": _plan_no(number), "part": part, "due_on": due_on, "amount": amount}


def visit_rows(history: RentHistory) -> Iterator[Row]:
    """Rows of 收租走访."""
    for number, visit in enumerate(history.visits, 1):
        met = visit.luck < 0.78
        yield {
            "visit_no": f"ZF{number:06d}",
            "household_no": visit.household_no,
            "visited_on": visit.day,
            "visitor": f"收租{CLERKS[number % len(CLERKS)]}",
            "met": met,
            "result": _outcome(visit, met=met),
            "promised": visit.owed if met and visit.luck < 0.2 else None,
        }


def remittance_rows(town: Town, history: RentHistory) -> Iterator[Row]:
    """Rows of 租金汇缴: each month's receipts by ownership, paid on in the month after."""
    number = 0
    for (month, ownership), amount in sorted(received_by_owner(town, history).items()):
        remitted_on = month.plus(1).first_day.replace(day=12)
        if remitted_on > town.plan.as_of or amount <= 0:
            continue
        number += 1
        yield remittance_row(number, ownership, str(month), remitted_on, amount)


def remittance_row(
    number: int, ownership: str, period: str, remitted_on: dt.date, amount: int
) -> Row:
    """One row of 租金汇缴."""
    return {
        "remittance_no": f"HJ{number:04d}",
        "ownership": ownership,
        "period": period,
        "remitted_on": remitted_on,
        "amount": amount,
        "voucher_no": f"PZ{remitted_on:%Y%m}{number:03d}",
    }


def received_by_owner(town: Town, history: RentHistory) -> Mapping[tuple[Month, str], int]:
    """Receipts by month and by ownership of the household's (latest) unit."""
    owner = {
        home.no: "市级" if home.lease.unit.plan.city_owned else "区级" for home in tenants(town)
    }
    sums: dict[tuple[Month, str], int] = defaultdict(int)
    for payment in history.payments:
        sums[Month.containing(payment.day), owner[payment.household_no]] += payment.amount
    return sums


def arrears_rows(town: Town, history: RentHistory) -> dict[type, Any]:
    """Row model → rows; the charges are made while they are written."""
    return {
        arrears.OpeningDebt: opening_rows(history),
        arrears.Charge: charges(town),
        arrears.Receipt: receipt_rows(history),
        arrears.Reduction: reduction_rows(history),
        arrears.InstalmentPlan: plan_rows(history, town.plan.as_of),
        arrears.Instalment: instalment_rows(history),
        arrears.CollectionVisit: visit_rows(history),
        arrears.Remittance: remittance_rows(town, history),
    }


def _plan_no(number: int) -> str:
    return f"FQ{number:05d}"


def _plan_reason(plan: Plan) -> str:
    return f"家庭困难（{plan.home.hardship}）" if plan.home.hardship else "一次缴清有困难"


def _outcome(visit: Visit, *, met: bool) -> str:
    if not met:
        return "未见到人，已留上户告知单"
    if visit.luck < 0.2:
        return "承诺缴清"
    return "说明情况，答应分次缴纳" if visit.luck < 0.5 else "已当面催缴"
