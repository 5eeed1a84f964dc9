"""The computed sheet 欠租明细, made to say what the calculation says now."""

from __future__ import annotations

from typing import Any

from zhubao.core.money import format_yuan
from zhubao.core.period import Month
from zhubao.core.theme import Formats
from zhubao.ledger.arrears import ArrearsLine
from zhubao.ledger.change import Change, Plan
from zhubao.rent.arrears import ArrearsResult
from zhubao.rent.arrears_options import ArrearsOptions
from zhubao.rent.arrears_report import select
from zhubao.rent.postings import NO_MONTH


def arrears_change(result: ArrearsResult, formats: Formats) -> Change:
    """One row for every household in debt, the largest debt first; what stood there goes.

    `result.loaded` needs the sheet `ArrearsLine` besides those of the calculation.
    """
    plan = Plan(f"刷新欠租明细（截止 {result.as_of.isoformat()}）", result.loaded, formats)
    listed = select(result, ArrearsOptions()).listed.tolist()
    plan.replace_all(result.loaded.get(ArrearsLine), [_line(result, one) for one in listed])
    owed = sum(int(result.figures.owed[account]) for account in listed)
    plan.note(f"写入后共 {len(listed)} 户，结欠合计 {format_yuan(owed)} 元")
    return plan.build()


def _line(result: ArrearsResult, account: int) -> dict[str, Any]:
    figures = result.figures
    oldest = int(figures.oldest_month[account])
    return {
        "household_no": result.books.numbers[account],
        "as_of": result.as_of,
        "opening": int(figures.opening[account]),
        "charged": int(figures.charged[account]),
        "received": int(figures.received[account]),
        "written_off": int(figures.written_off[account]),
        "owed": int(figures.owed[account]),
        "unpaid_months": int(figures.unpaid_months[account]),
        "oldest_month": Month(oldest) if oldest != NO_MONTH else None,
    }
