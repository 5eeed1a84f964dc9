"""Decisions at the desk: papers completed, a file returned, an application approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding
from zhubao.core.money import format_yuan, yuan
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import column_info
from zhubao.ledger.subsidies import StaffSubsidy, StaffSubsidyStatus
from zhubao.ledger.table import LedgerTable
from zhubao.subsidy.staff import kinds
from zhubao.subsidy.staff.applications import (
    PENDING,
    Application,
    Applications,
    Stage,
    papers_missing,
    read_applications,
)

_FIRST_DAY = dt.date(1990, 1, 1)
_OPTIONAL = ("is_complete", "missing_papers", "remark", "amount")  # written where there is a column


class Action(StrEnum):
    """What is done with the applications named."""

    APPROVE = "审批"
    COMPLETE = "登记资料齐全"
    RETURN = "退回补正"


@dataclass(frozen=True, slots=True)
class Order:
    """A decision as the clerk states it. `missing` for a return; `amount` (fen) and `reason`, why
    a second approval is right, for an approval."""

    action: Action
    numbers: tuple[str, ...]
    day: dt.date
    missing: str = ""
    amount: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One application that is changed: its row, and the fields with their new values."""

    row: Application
    values: dict[str, Any]
    amount: int | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What the order amounts to; refused applications are findings and stay as they are."""

    order: Order
    decisions: tuple[Decision, ...]
    findings: tuple[Finding, ...]


def decide(order: Order, loaded: Loaded) -> Decided:
    """Work out the order against the sheet as it is now.

    Approve: a file under review with all its papers, an amount, a day not before 申报日期, and no
    other approval of the employee or the spouse (or a `reason`). Complete: a pending file becomes
    审核中, its papers complete; what was missing goes into the remark. Return: a pending file
    becomes 资料不全 with the text given. Raises `UsageError` for numbers that are not in the sheet
    or stand there twice, a return without text, and a day before 1990.
    """
    table = loaded.get(StaffSubsidy)
    rows = _rows_of(_clean(order.numbers), table)
    _refuse_words(order, len(rows))
    book = read_applications(loaded, dt.date.max)
    desk = _Desk(order, book)
    return Decided(order, tuple(desk.decisions(rows)), tuple(desk.findings))


def decision_change(decided: Decided, loaded: Loaded, formats: Formats) -> Change:
    """The cells of every decision; columns the sheet lacks are left out and named."""
    order, table = decided.order, loaded.get(StaffSubsidy)
    plan = Plan(f"职工住房补贴{order.action}：{len(decided.decisions)} 份", loaded, formats)
    absent: dict[str, None] = {}
    for one in decided.decisions:
        letters = table.locate(one.row.index)[0].letters
        for name, value in one.values.items():
            if name in _OPTIONAL and name not in letters:
                absent[name] = None
                continue
            plan.put(table, one.row.index, name, value)
    if absent:
        headers = "、".join(column_info(StaffSubsidy.model_fields[name]).header for name in absent)
        plan.note(f"职工住房补贴表没有这些列，没有写：{headers}")
    if order.action is Action.APPROVE and decided.decisions:
        total = sum(one.amount or 0 for one in decided.decisions)
        plan.note(f"审批 {len(decided.decisions)} 户，补贴金额合计 {format_yuan(total)} 元")
    return plan.build()


def decision_report(decided: Decided, *, as_of: dt.date, bureau: str = "") -> Report:
    """The applications and what becomes of them; the refused ones are the findings."""
    order = decided.order
    rows = [
        Row(
            (
                one.row.number,
                one.row.employer,
                one.row.round,
                one.row.shown_name,
                one.row.stage.value,
                str(one.values.get("status", one.row.stage.value)),
                one.amount,
            ),
            (one.row.cell,),
        )
        for one in decided.decisions
    ]
    late = order.day > as_of
    return Report(
        code=f"subsidy.staff.{order.action.name.lower()}",
        title=f"职工住房补贴：{order.action}",
        bureau=bureau,
        as_of=max(as_of, order.day),
        tables=(Table("decisions", f"{order.action}（{order.day}）", _COLUMNS, rows),),
        notes=(f"日期 {order.day} 晚于截止日期 {as_of}，请核对",) if late else (),
        findings=decided.findings,
        facts={
            "action": order.action.name.lower(),
            "changed": len(decided.decisions),
            "refused": len(_clean(order.numbers)) - len(decided.decisions),
            "amount": yuan(sum(one.amount or 0 for one in decided.decisions)),
        },
    )


def _clean(numbers: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(number.strip() for number in numbers if number.strip()))


def _rows_of(numbers: Sequence[str], table: LedgerTable[StaffSubsidy]) -> list[tuple[str, int]]:
    places: dict[str, list[int]] = {}
    for index, number in enumerate(table.column("application_no")):
        places.setdefault(number or "", []).append(index)
    unknown = [number for number in numbers if number not in places]
    if unknown or not numbers:
        raise UsageError(
            f"职工住房补贴表里没有申报编号 {'、'.join(unknown) or '（没有写）'}",
            advice="请核对编号；编号之间用空格隔开。",
        )
    twice = [number for number in numbers if len(places[number]) > 1]
    if twice:
        where = "、".join(str(table.row_cell(index)) for index in places[twice[0]])
        raise UsageError(
            f"申报编号 {'、'.join(twice)} 在台账里不止一行",
            where=where,
            advice="请先改正重复的编号。",
        )
    return [(number, places[number][0]) for number in numbers]


def _refuse_words(order: Order, count: int) -> None:
    if order.action is Action.RETURN and not order.missing.strip():
        raise UsageError("退回补正要写明缺什么", advice="请加 --missing，如 --missing 购房发票。")
    if order.amount is not None and count != 1:
        raise UsageError("--amount 只能用于一份申报", advice="请一次审批一份，或先在台账填金额。")
    if order.amount is not None and order.amount <= 0:
        raise UsageError("补贴金额要大于 0", advice="请写元数，如 --amount 26400。")
    if order.day < _FIRST_DAY:
        raise UsageError(f"日期 {order.day} 不对", advice="请核对 --date 的年份。")


class _Desk:
    """One order being carried out; approvals of the order itself count for the next one."""

    def __init__(self, order: Order, book: Applications) -> None:
        self._order, self._book = order, book
        self._by_index = {row.index: row for row in book.rows}
        self._by_person: dict[str, Application] = {}
        self._by_spouse: dict[str, Application] = {}
        self.findings: list[Finding] = []
        for row in book.rows:
            if row.stage in (Stage.APPROVED, Stage.UNDATED):
                self._remember(row)

    def decisions(self, rows: Sequence[tuple[str, int]]) -> Iterator[Decision]:
        for number, index in rows:
            row = self._by_index.get(index)
            faults = list(self._faults(number, index, row))
            self.findings += faults
            if row is None or faults:
                continue
            if self._order.action is Action.APPROVE:
                self._remember(row)
            yield self._decision(row)

    def _faults(self, number: str, index: int, row: Application | None) -> Iterator[Finding]:
        table, action = self._book.table, self._order.action
        if row is None:
            bad = [name for name in StaffSubsidy.model_fields if index in table.bad.get(name, ())]
            headers = "、".join(column_info(StaffSubsidy.model_fields[n]).header for n in bad)
            where = table.cell(index, bad[0])
            yield kinds.ROW_UNREADABLE.at(where, number=number, headers=headers)
            return
        status = table.column("status")[index]
        if status not in PENDING:
            words = {"number": number, "status": status, "action": action.value}
            yield kinds.WRONG_STAGE.at(table.cell(index, "status"), **words)
            return
        if self._order.day < row.submitted:
            days = {"submitted": row.submitted, "day": self._order.day}
            yield kinds.DAY_BEFORE.at(table.cell(index, "submitted_on"), number=number, **days)
        if action is Action.APPROVE:
            yield from self._approval_faults(row)

    def _approval_faults(self, row: Application) -> Iterator[Finding]:
        table, index, number = self._book.table, row.index, row.number
        status = table.column("status")[index]
        if papers_missing(table, index) or status is StaffSubsidyStatus.INCOMPLETE:
            said = table.column("missing_papers")[index] or "没有写缺什么"
            where = table.cell(index, "missing_papers")
            yield kinds.PAPERS_MISSING.at(where, number=number, said=said)
        if not (row.amount or self._order.amount):
            yield kinds.AMOUNT_NEEDED.at(table.cell(index, "amount"), number=number)
        other = None if self._order.reason.strip() else self._other_approval(row)
        if other is not None:
            who, found = other
            words = {"who": who, "other": found.number, "place": found.cell}
            where = table.cell(index, "identity_no")
            yield kinds.WOULD_DOUBLE.at(where, number=number, name=row.shown_name, **words)

    def _other_approval(self, row: Application) -> tuple[str, Application] | None:
        for who, found, key in (
            ("本人", self._by_person, row.person),
            ("配偶", self._by_spouse, row.person),
            ("配偶", self._by_person, row.spouse),
        ):
            if key and key in found:
                return who, found[key]
        return None

    def _remember(self, row: Application) -> None:
        """An approval that a later one is compared with."""
        if row.person:
            self._by_person.setdefault(row.person, row)
        if row.spouse:
            self._by_spouse.setdefault(row.spouse, row)

    def _decision(self, row: Application) -> Decision:
        order, table = self._order, self._book.table
        missing = table.column("missing_papers")[row.index]
        if order.action is Action.RETURN:
            values = {
                "status": StaffSubsidyStatus.INCOMPLETE,
                "is_complete": False,
                "missing_papers": order.missing.strip(),
            }
            return Decision(row, values, row.amount)
        if order.action is Action.COMPLETE:
            said = f"{order.day} 补齐" + (f"：{missing}" if missing else "")
            values = {
                "status": StaffSubsidyStatus.IN_REVIEW,
                "is_complete": True,
                "missing_papers": None,
                "remark": self._remark(row, said),
            }
            return Decision(row, values, row.amount)
        values = {"status": StaffSubsidyStatus.APPROVED, "approved_on": order.day}
        if order.amount is not None:
            values["amount"] = order.amount
        if order.reason.strip():
            values["remark"] = self._remark(row, f"准予审批的依据：{order.reason.strip()}")
        return Decision(row, values, order.amount or row.amount)

    def _remark(self, row: Application, said: str) -> str:
        """The remark with a sentence more."""
        before = self._book.table.column("remark")[row.index]
        return f"{before}；{said}" if before else said


_COLUMNS = (
    Column("application_no", "申报编号", ValueKind.IDENTITY),
    Column("employer", "单位"),
    Column("round", "轮次", level=2),
    Column("name", "职工"),
    Column("before", "原状态"),
    Column("after", "改为"),
    Column("amount", "补贴金额", ValueKind.MONEY),
)
