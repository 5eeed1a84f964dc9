"""The three sheets of audit.xlsx from a few rows, with what a test does not say filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from zhubao.audit.checklist.standing import Standing, read_standings
from zhubao.ledger.audit import (
    AuditFinding,
    FindingStatus,
    FollowUp,
    FollowUpResult,
    IssueKind,
    RectificationStep,
)
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable

Row = Mapping[str, Any]
DAY = dt.date(2020, 6, 30)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2020-{text}")


def ledgers(
    findings: Iterable[Row], steps: Iterable[Row] = (), visits: Iterable[Row] = ()
) -> Loaded:
    return Loaded.of(
        LedgerTable.from_rows(
            AuditFinding, [_finding(number, row) for number, row in _at(findings)]
        ),
        LedgerTable.from_rows(
            RectificationStep,
            [
                {"step_no": f"ZG{number}", "finding_no": "WT1", "action": "整改", **row}
                for number, row in _at(steps)
            ],
        ),
        LedgerTable.from_rows(
            FollowUp,
            [
                {
                    "follow_up_no": f"HF{number}",
                    "finding_no": "WT1",
                    "result": FollowUpResult.DONE,
                    **row,
                }
                for number, row in _at(visits)
            ],
        ),
    )


def standing(loaded: Loaded, as_of: dt.date = DAY) -> Standing:
    return read_standings(loaded, as_of)[0]


def _at(rows: Iterable[Row]) -> Iterable[tuple[int, Row]]:
    return enumerate(rows, 1)


def _finding(number: int, row: Row) -> Row:
    return {
        "finding_no": f"WT{number}",
        "kind": IssueKind.SUBLET,
        "subject": "王小明",
        "household_no": f"JT{number}",
        "matter": "出租给他人居住",
        "found_on": day("02-17"),
        "department": "保障科",
        "responsible": "李四",
        "deadline": day("05-25"),
        "status": FindingStatus.OPEN,
        **row,
    }
