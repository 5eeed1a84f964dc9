"""The rows of one lead or one finding, found by number, and what the numbers on them come to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding
from zhubao.core.report import Ratio
from zhubao.core.theme import Formats
from zhubao.ledger.audit import (
    AuditFinding,
    FindingStatus,
    FollowUp,
    Lead,
    RectificationStep,
)
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household
from zhubao.ledger.units import Unit
from zhubao.ledger.unread import refuse_unread

AUDIT_MODELS: tuple[type[LedgerRow], ...] = (Lead, AuditFinding, RectificationStep, FollowUp)
STEP_MODELS: tuple[type[LedgerRow], ...] = (*AUDIT_MODELS, Household, Unit)


@dataclass(frozen=True, slots=True)
class Edit:
    """New values (field → value) of one row of a sheet."""

    model: type[LedgerRow]
    index: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """What one command does to the sheets; with refusals it does nothing.

    `numbers` are the leads or findings it is about, `notes` what the clerk should know.
    """

    title: str
    numbers: tuple[str, ...]
    day: dt.date
    edits: tuple[Edit, ...] = ()
    added: tuple[tuple[type[LedgerRow], Mapping[str, Any]], ...] = ()
    notes: tuple[str, ...] = ()
    refusals: tuple[Finding, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dossier:
    """A finding with its steps and follow-up visits, by rows of their sheets in order of days."""

    index: int
    row: AuditFinding
    steps: tuple[RectificationStep, ...]
    visits: tuple[tuple[int, FollowUp], ...]

    @property
    def number(self) -> str:
        """The finding's number."""
        return self.row.finding_no

    @property
    def households_done(self) -> int:
        """Σ 本次整改户数."""
        return sum(step.households or 0 for step in self.steps)

    @property
    def money_back(self) -> int:
        """Σ 本次追回金额, fen."""
        return sum(step.recovered or 0 for step in self.steps)

    @property
    def last_step(self) -> dt.date | None:
        """The day of the latest step."""
        return max((step.done_on for step in self.steps), default=None)

    @property
    def last_visit(self) -> tuple[int, FollowUp] | None:
        """(row, visit) of the latest follow-up; of several on one day the last in the sheet."""
        return self.visits[-1] if self.visits else None

    @property
    def is_complete(self) -> bool:
        """True when every household is done and every fen is back, where they are registered."""
        due_households, due_money = self.row.household_count or 0, self.row.amount or 0
        return self.households_done >= due_households and self.money_back >= due_money

    @property
    def has_dues(self) -> bool:
        """True when households or money are registered."""
        return bool(self.row.household_count or self.row.amount)


def lead_index(number: str, loaded: Loaded) -> int:
    """The row of a lead; `UsageError` when there is none, several, or it cannot be read."""
    return _index(loaded.get(Lead), "lead_no", number, "疑点编号")


def dossier_of(number: str, loaded: Loaded) -> Dossier:
    """Everything on one finding. `UsageError` when there is none, several, or it or one of its
    steps or visits cannot be read (the sums would be wrong)."""
    refuse_unread(loaded, *AUDIT_MODELS)
    table = loaded.get(AuditFinding)
    index = _index(table, "finding_no", number, "问题编号")
    key = table.column("finding_no")[index]
    steps = [row for _, row in _rows_of(loaded.get(RectificationStep), key)]
    visits = list(_rows_of(loaded.get(FollowUp), key))
    return Dossier(
        index,
        table.row(index),
        tuple(sorted(steps, key=lambda step: step.done_on)),
        tuple(sorted(visits, key=lambda one: one[1].visited_on)),
    )


def change_of(taken: Taken, loaded: Loaded, formats: Formats) -> Change:
    """The cells and rows of a step; nothing where it is refused."""
    plan = Plan(taken.title, loaded, formats)
    if not taken.refusals:
        for edit in taken.edits:
            table = loaded.get(edit.model)
            for name, value in edit.values.items():
                plan.put(table, edit.index, name, value)
        for model, row in taken.added:
            written = {name: value for name, value in row.items() if value is not None}
            plan.add(loaded.get(model), [written])
    return plan.build()


def standing(loaded: Loaded) -> dict[str, Ratio]:
    """Of all findings: closed by count, households put right, money recovered (fen)."""
    table = loaded.get(AuditFinding)
    rows = [table.row(index) for index in table.usable()]
    closed = sum(row.status is FindingStatus.CLOSED for row in rows)
    households = sum(row.household_count or 0 for row in rows)
    done = sum(row.rectified_households or 0 for row in rows)
    money = sum(row.amount or 0 for row in rows)
    back = sum(row.recovered or 0 for row in rows)
    return {
        "closed": Ratio(closed, len(rows)),
        "households": Ratio(done, households),
        "money": Ratio(back, money, money=True),
    }


def _rows_of(table: LedgerTable[Any], key: str) -> list[tuple[int, Any]]:
    """(index, row) of a finding's rows."""
    readable = set(table.usable(*table.model.model_fields))
    found = [i for i, number in enumerate(table.column("finding_no")) if number == key]
    faulty = [index for index in found if index not in readable]
    if faulty:
        sheet = table.model.SHEET.name
        raise UsageError(
            f"问题 {key} 在“{sheet}”表里有读不出的行，合计算不准",
            where="、".join(str(table.row_cell(index)) for index in faulty),
            advice="请先用 zhubao check 查看并改正。",
        )
    return [(index, table.row(index)) for index in found]


def _index(table: LedgerTable[Any], name: str, number: str, header: str) -> int:
    key, sheet = number.strip().upper(), table.model.SHEET.name
    found = [i for i, one in enumerate(table.column(name)) if one and one.upper() == key]
    if not found:
        raise UsageError(
            f"“{sheet}”表里没有{header}“{number}”", advice=f"用 zhubao list {sheet} 查编号。"
        )
    judged = set(table.model.model_fields) - {"identity_no", "list_name", "remark"}
    if len(found) > 1 or found[0] not in set(table.usable(*judged)):
        fault = "有几行" if len(found) > 1 else "有读不出的单元格"
        raise UsageError(
            f"{key} 在“{sheet}”表里{fault}",
            where="、".join(str(table.row_cell(index)) for index in found),
            advice="请先用 zhubao check 查看并改正。",
        )
    return found[0]
