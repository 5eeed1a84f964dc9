"""Sheets, columns and rows that a command of their own writes: typing them in would break books."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.registers.values import rules_of
from zhubao.ledger.table import LedgerTable

_MARK = "由 zhubao 写入"  # in the note of a column that only the tool fills


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a sheet is not typed in, and the commands that write it."""

    why: str
    commands: tuple[str, ...]


# Keyed by the model's class name, so that no ledger module is imported for the table.
_MONEY = "要同时算清这一户的账"
_RECTIFY = "认定、整改、回访、销号要按次序，户数和金额要对得上"
_DRAW = "摇号的每一步要能核对，不能手工录入"
CLOSED: dict[str, Closed] = {
    "Charge": Closed(_MONEY, ("zhubao rent charge",)),
    "Receipt": Closed(_MONEY, ("zhubao rent receive", "zhubao rent import")),
    "SuspenseReceipt": Closed(
        "认不出的收款由导入时挂账", ("zhubao rent import", "zhubao rent suspense")
    ),
    "InstalmentPlan": Closed("协议和分期计划要一起订立", ("zhubao rent plan make",)),
    "Instalment": Closed("协议和分期计划要一起订立", ("zhubao rent plan make",)),
    "RentLetter": Closed("文书编号和留存要对得上", ("zhubao rent notices",)),
    "Dispatch": Closed(
        "同一套房源不能调配两次", ("zhubao dispatch freeze", "zhubao dispatch make")
    ),
    "SubsidyPayment": Closed("发放要经资格核对，不能重复发", ("zhubao subsidy roll",)),
    "Batch": Closed(_DRAW, ("zhubao allocate schedule",)),
    "DrawResult": Closed(_DRAW, ("zhubao allocate draw",)),
    "UnitSelection": Closed(_DRAW, ("zhubao allocate select",)),
    "AuditFinding": Closed(_RECTIFY, ("zhubao audit open", "zhubao audit close")),
    "RectificationStep": Closed(_RECTIFY, ("zhubao audit progress",)),
    "FollowUp": Closed(_RECTIFY, ("zhubao audit follow-up",)),
}
# A sheet that is open but for rows of one kind: (field, word) → the command.
PARTLY: dict[str, tuple[str, str, str]] = {
    "Reduction": ("kind", "核销", "zhubao rent write-off"),
}


def closed_by(model: type[LedgerRow]) -> Closed | None:
    """The commands that write this sheet; None where it may be typed in."""
    if model.SHEET.computed:
        return Closed("由 zhubao 计算写入", ("zhubao rent arrears --write",))
    return CLOSED.get(model.__name__)


def refuse_closed(model: type[LedgerRow]) -> None:
    """UsageError, with the command to use, for a sheet that is not typed in."""
    closed, sheet = closed_by(model), model.SHEET.name
    if closed is not None:
        raise UsageError(
            f"“{sheet}”不能用 record 录入：{closed.why}",
            advice=f"请用 {' 或 '.join(closed.commands)}；只是查看，用 zhubao list {sheet}",
        )


def kind_refusal(model: type[LedgerRow], values: dict[str, Any]) -> str:
    """Why a row of this kind is not typed in; "" where it may be."""
    partly = PARTLY.get(model.__name__)
    if partly is None or values.get(partly[0]) != partly[1]:
        return ""
    return f"“{partly[1]}”要用 {partly[2]} 登记，{_MONEY}"


def tool_fields(model: type[LedgerRow]) -> tuple[str, ...]:
    """The columns that only the tool fills."""
    return tuple(name for name, rule in rules_of(model).items() if _MARK in rule.column.note)


def is_sealed(table: LedgerTable[Any], row: int) -> bool:
    """The tool has written into this row (a draw frozen or drawn): it is not changed by hand."""
    return any(table.column(name)[row] is not None for name in tool_fields(table.model))
