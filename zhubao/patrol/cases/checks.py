"""What contradicts itself in 违规与变动."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from zhubao import policy
from zhubao.core.finding import Finding
from zhubao.core.money import format_yuan
from zhubao.ledger.patrol import CaseCategory, CaseKind, RectificationStatus, TenancyCase
from zhubao.ledger.table import LedgerTable
from zhubao.patrol.cases.book import SETTLED
from zhubao.patrol.cases.kinds import (
    BAN_TOO_SHORT,
    CATEGORY_UNLIKE_KIND,
    CLOSED_WITHOUT_PROOF,
    FINE_TOO_HIGH,
    OPEN_BUT_DATED,
    SETTLED_UNDATED,
)
from zhubao.patrol.cases.law import ban_until, fine_limit, ruling_of

CATEGORY_OF = {
    CaseKind.SUBLET: CaseCategory.VIOLATION,
    CaseKind.REFITTED: CaseCategory.VIOLATION,
    CaseKind.SECURITY_DOOR: CaseCategory.VIOLATION,
    CaseKind.USE_CHANGED: CaseCategory.VIOLATION,
    CaseKind.LEFT_IDLE: CaseCategory.VIOLATION,
    CaseKind.DAMAGED: CaseCategory.VIOLATION,
    CaseKind.ILLEGAL_ACTIVITY: CaseCategory.VIOLATION,
    CaseKind.HOME_BOUGHT: CaseCategory.CHANGE,
    CaseKind.CAR_BOUGHT: CaseCategory.CHANGE,
    CaseKind.DEATH: CaseCategory.CHANGE,
    CaseKind.BUSINESS: CaseCategory.CHANGE,
    CaseKind.INCOME: CaseCategory.CHANGE,
    CaseKind.MEMBERS: CaseCategory.CHANGE,
}


def case_faults(
    table: LedgerTable[TenancyCase], as_of: dt.date, overrides: Mapping[str, Any] | None = None
) -> list[Finding]:
    """Contradictions between status, dates, kind and money, in the order of the sheet.

    The law in force on `as_of` is taken for every row.
    """
    found: list[Finding] = []
    for index in table.usable():
        row = table.row(index)
        found += _of_status(table, index, row)
        found += _of_law(table, index, row, as_of, overrides)
    return sorted(found, key=lambda finding: finding.sort_key)


def _of_status(table: LedgerTable[TenancyCase], index: int, row: TenancyCase) -> Iterator[Finding]:
    status, cell = row.status.value, table.cell(index, "status")
    if row.status in SETTLED and row.rectified_on is None:
        yield SETTLED_UNDATED.at(cell, case=row.case_no, status=status)
    elif row.status not in SETTLED and row.rectified_on is not None:
        yield OPEN_BUT_DATED.at(cell, case=row.case_no, day=row.rectified_on, status=status)
    if row.status is RectificationStatus.CLOSED:
        proofs = {"复查日期": row.checked_on, "证据": row.evidence}
        missing = "、".join(name for name, value in proofs.items() if not value)
        if missing:
            yield CLOSED_WITHOUT_PROOF.at(cell, case=row.case_no, missing=missing)
    right = CATEGORY_OF.get(row.kind, row.category)
    if right is not row.category:
        where = table.cell(index, "category")
        words = {"kind": row.kind.value, "category": row.category.value}
        yield CATEGORY_UNLIKE_KIND.at(where, case=row.case_no, **words)


def _of_law(
    table: LedgerTable[TenancyCase],
    index: int,
    row: TenancyCase,
    as_of: dt.date,
    overrides: Mapping[str, Any] | None,
) -> Iterator[Finding]:
    if not (row.fine or (row.household_exits and row.banned_until and row.rectified_on)):
        return
    ruling = ruling_of(row.kind, as_of, overrides, basis=row.basis)
    limit = fine_limit(ruling.article, row.illegal_gain, as_of, overrides)
    if row.fine and row.fine > limit.amount:
        yield FINE_TOO_HIGH.at(
            table.cell(index, "fine"),
            case=row.case_no,
            fine=format_yuan(row.fine),
            limit=format_yuan(limit.amount),
            words=limit.words,
        )
    if row.household_exits and row.banned_until and row.rectified_on:
        right = ban_until(ruling, row.rectified_on, overrides)
        if right is not None and row.banned_until < right:
            yield BAN_TOO_SHORT.at(
                table.cell(index, "banned_until"),
                case=row.case_no,
                day=row.rectified_on,
                until=row.banned_until,
                right=right,
                years=policy.at("patrol.ban_years", row.rectified_on, overrides),
            )
