"""A register of applications for the tests: one complete file, changed where a test says so."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhubao.core.finding import Finding
from zhubao.core.workdays import WorkCalendar
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.services import Approval, ApprovalKind, ApprovalResult
from zhubao.ledger.table import LedgerTable
from zhubao.services.approval.files import Files
from zhubao.services.approval.halfdays import HalfDayClock, end_of_day
from zhubao.services.approval.reading import read_files
from zhubao.services.approval.rules import Rules

AS_OF = dt.date(2020, 6, 30)


def row(number: str, **changes: Any) -> dict[str, Any]:
    """An approved 购房奖励, without any fault, district 1.5 working days; texts become moments."""
    values: dict[str, Any] = {
        "approval_no": number,
        "kind": "购房奖励",
        "applicant": "王小明",
        "street": "甲街道",
        "community": "乙社区",
        "amount": 100,
        "community_received_at": "2020-06-01 10:00",
        "community_decided_at": "2020-06-03 10:00",
        "street_received_at": "2020-06-04 10:00",
        "street_decided_at": "2020-06-05 10:00",
        "district_received_at": "2020-06-08 10:00",
        "district_decided_at": "2020-06-09 15:00",
        "result": "通过",
        "decided_on": "2020-06-09",
        "visits": 1,
        "is_online": True,
        **changes,
    }
    return {name: _typed(name, value) for name, value in values.items()}


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "kind":
        return ApprovalKind(value)
    if name == "result":
        return ApprovalResult(value)
    if name.endswith("_at"):
        return dt.datetime.fromisoformat(value)
    if isinstance(value, str) and name in ("decided_on", "notice_from", "notice_to"):
        return dt.date.fromisoformat(value)
    return dt.date.fromisoformat(value) if name == "refused_in_writing_on" else value


def field_of(finding: Finding) -> str:
    """The field whose cell the finding is at, and its row: "decided_on 2"."""
    assert finding.where is not None
    line, place = finding.where.position
    return f"{list(Approval.model_fields)[place - 1]} {line}"


def loaded(*rows: dict[str, Any]) -> Loaded:
    return Loaded.of(LedgerTable.from_rows(Approval, rows))


def clock(overrides: dict[str, Any] | None = None) -> HalfDayClock:
    return HalfDayClock(WorkCalendar(), Rules(overrides))


def read(
    *rows: dict[str, Any],
    at: str | None = None,
    overrides: dict[str, Any] | None = None,
) -> Files:
    """The files at a moment, or at the end of the cut-off day."""
    moment = dt.datetime.fromisoformat(at) if at else end_of_day(AS_OF)
    return read_files(loaded(*rows), moment, clock(overrides))
