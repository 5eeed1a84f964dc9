"""What a new sheet tells the clerk and lets her enter: header comments and data validations."""

from __future__ import annotations

import datetime as dt
from typing import Any

import annotated_types as at
from pydantic.fields import FieldInfo

from zhubao.excel.kinds import CellKind
from zhubao.ledger.catalog import all_marks, choices_of, key_fields, kind_of, references_of
from zhubao.ledger.model import LedgerRow, column_info

YES_NO_WORDS = ("是", "否")
_NO_LIMIT = 10**12
_FIRST_DAY, _LAST_DAY = dt.date(1900, 1, 1), dt.date(2100, 12, 31)
_LENGTHS = {
    CellKind.IDENTITY: (15, 18, "身份证号应为 18 位（旧证 15 位）"),
    CellKind.MONTH: (6, 8, "月份写成 2020-06"),
}
_EXAMPLES = {
    CellKind.MONTH: "写成 2020-06",
    CellKind.DATE: "写成 2020-06-30",
    CellKind.MOMENT: "写成 2020-06-30 09:30",
    CellKind.IDENTITY: "按文本填写",
}


def comment_of(model: type[LedgerRow], name: str) -> str:
    """The comment on a column's header: whether it must be filled, how, and its other names."""
    field = model.model_fields[name]
    info = column_info(field)
    target = next((one.target for one in references_of(model) if one.field == name), None)
    lines = [
        "由 zhubao 计算写入，请勿手工填写" if model.SHEET.computed else _demand(model, name),
        f"单位：{info.unit}" if info.unit else "",
        info.note,
        _EXAMPLES.get(kind_of(field), ""),
        f"应是“{target.SHEET.name}”表里已有的编号" if target else "",
        f"表头也可写作：{'、'.join(info.aliases)}" if info.aliases else "",
    ]
    return "\n".join(line for line in lines if line)


def validation_of(field: FieldInfo) -> dict[str, Any] | None:
    """The data validation of a column in xlsxwriter's words; None where anything may be typed."""
    kind = kind_of(field)
    words = YES_NO_WORDS if kind is CellKind.YES_NO else choices_of(field)
    if words:
        return {
            "validate": "list",
            "source": list(words),
            "error_title": "不在可选项内",
            "error_message": _shortened(f"请从下拉列表中选择：{'、'.join(words)}"),
        }
    if kind in _LENGTHS:
        low, high, message = _LENGTHS[kind]
        return _between("length", low, high, message)
    if kind in (CellKind.DATE, CellKind.MOMENT):
        return _between("date", _FIRST_DAY, _LAST_DAY, f"请填日期，{_EXAMPLES[kind]}")
    return _number_validation(field, kind)


def _number_validation(field: FieldInfo, kind: CellKind) -> dict[str, Any] | None:
    if kind not in (CellKind.MONEY, CellKind.INTEGER, CellKind.DECIMAL):
        return None
    scale = 100 if kind is CellKind.MONEY else 1
    low, high = _limits(field)
    demand = "请填整数" if kind is CellKind.INTEGER else "请填数字"
    if low is not None:
        demand += f"，不小于 {low / scale:g}"
    if high is not None:
        demand += f"，不大于 {high / scale:g}"
    return _between(
        "integer" if kind is CellKind.INTEGER else "decimal",
        -_NO_LIMIT if low is None else low / scale,
        _NO_LIMIT if high is None else high / scale,
        demand,
    )


def _limits(field: FieldInfo) -> tuple[float | None, float | None]:
    """The declared bounds, inclusive; the reader judges an exclusive one, a warning is enough."""
    low = high = None
    for mark in all_marks(field):
        if isinstance(mark, at.Ge | at.Gt):
            low = float(mark.ge if isinstance(mark, at.Ge) else mark.gt)  # type: ignore[arg-type]
        if isinstance(mark, at.Le | at.Lt):
            high = float(mark.le if isinstance(mark, at.Le) else mark.lt)  # type: ignore[arg-type]
    return low, high


def _between(what: str, low: Any, high: Any, message: str) -> dict[str, Any]:
    """A validation that warns and lets the clerk go on: real ledgers have odd values."""
    return {
        "validate": what,
        "criteria": "between",
        "minimum": low,
        "maximum": high,
        "error_type": "warning",
        "error_title": "请核对",
        "error_message": message,
    }


def _demand(model: type[LedgerRow], name: str) -> str:
    keys = key_fields(model)
    if keys == (name,):
        return "必填，不得重复"
    if name in keys:
        headers = "、".join(column_info(model.model_fields[key]).header for key in keys)
        return f"必填；{headers}合起来不得重复"
    return "必填" if model.model_fields[name].is_required() else "可不填"


def _shortened(message: str) -> str:
    """Excel cuts off the message of a validation at 255 characters."""
    return message if len(message) <= 255 else f"{message[:254]}…"
