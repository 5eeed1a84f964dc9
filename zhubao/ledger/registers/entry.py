"""One row typed in: a new record of a sheet, or a known one changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from zhubao.core.errors import LedgerNotWritable, UsageError
from zhubao.core.finding import Finding
from zhubao.core.theme import Formats
from zhubao.excel.kinds import CellKind
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.load import SHEET_EMPTY
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.recognise import HEADER_UNKNOWN, SHEET_AMBIGUOUS
from zhubao.ledger.registers.closed import is_sealed, kind_refusal, tool_fields
from zhubao.ledger.registers.columns import choices_for, read_value
from zhubao.ledger.registers.numbers import next_number
from zhubao.ledger.registers.references import reference_targets, unknown_references
from zhubao.ledger.registers.trial import checked_with, new_findings, table_after
from zhubao.ledger.registers.values import key_words, rules_of, spelled
from zhubao.ledger.table import LedgerTable, key_fields
from zhubao.ledger.validate import FieldRule

_NEAR = 3
_NO_HEADER = frozenset({HEADER_UNKNOWN.code, SHEET_AMBIGUOUS.code, SHEET_EMPTY.code})


@dataclass(frozen=True, slots=True)
class Entry:
    """A row ready to be written; `row` is the record changed, None for a new one.

    `values` has what is written (field → value; None empties the cell), `numbered` the key field
    that was continued, "" where it was given. `findings` come from the checks between sheets.
    """

    model: type[LedgerRow]
    values: Mapping[str, Any]
    row: int | None
    numbered: str
    change: Change
    findings: tuple[Finding, ...]


def models_needed(model: type[LedgerRow]) -> tuple[type[LedgerRow], ...]:
    """The sheets to load before a row of this one is judged."""
    return tuple(dict.fromkeys((model, *reference_targets(model), *checked_with(model))))


def refuse_unrecognised(loaded: Loaded, model: type[LedgerRow]) -> None:
    """LedgerNotWritable where the sheet is there, but without a header that can be read."""
    sheet = model.SHEET.name
    for found in loaded.findings:
        where = found.where
        if found.code in _NO_HEADER and where and where.sheet:
            raise LedgerNotWritable(
                f"“{where.sheet}”表里没有认得出的表头，写不进“{sheet}”",
                where=str(where),
                advice=f"请照 zhubao schema {sheet} 补上表头；空白的表也可以删去，写入时会新建",
            )


def missing_fields(
    loaded: Loaded,
    model: type[LedgerRow],
    values: Mapping[str, Any],
    unread: Collection[str] = (),
) -> list[str]:
    """Required fields of a new row that have no value; a key the sheet can number is not missing.

    `unread` names fields that were given in words nobody can read: a fault of their own.
    """
    free = numbered_key(loaded, model)
    return [
        name
        for name, rule in rules_of(model).items()
        if rule.required and name not in (free, *unread) and values.get(name) is None
    ]


def demanded(rule: FieldRule) -> str:
    """A column that must be filled, with the words it allows: 工单状态（待办、办理中、已办结）."""
    choices = choices_for(rule)
    return f"{rule.column.header}（{'、'.join(choices)}）" if choices else rule.column.header


def numbered_key(loaded: Loaded, model: type[LedgerRow]) -> str:
    """The key field the sheet numbers by itself; "" where the key must be given.

    A single code column that refers to no other sheet, with a series to continue.
    """
    keys = key_fields(model)
    rule = rules_of(model)[keys[0]]
    if len(keys) > 1 or rule.kind is not CellKind.CODE or rule.column.references:
        return ""
    return keys[0] if next_number(loaded.get(model).column(keys[0])) else ""


def new_faults(loaded: Loaded, model: type[LedgerRow], values: Mapping[str, Any]) -> list[str]:
    """What speaks against a new row with these values, apart from missing ones: all at once."""
    given = {name: value for name, value in values.items() if value is not None}
    faults = [kind_refusal(model, given)] if kind_refusal(model, given) else []
    faults += _tool_faults(model, given)
    faults += unknown_references(model, given, loaded)
    table, keys = loaded.get(model), key_fields(model)
    key = tuple(given.get(name) for name in keys)
    rows = _rows_of(table, key) if None not in key else []
    if rows:
        words = key_words(model, given)
        command = f"--update {','.join(map(str, key))}"
        faults.append(f"{words} 已经有了（{table.row_cell(rows[0])}），要改它请用 {command}")
    return faults


def make_new(
    loaded: Loaded,
    model: type[LedgerRow],
    values: Mapping[str, Any],
    day: dt.date,
    formats: Formats,
) -> Entry:
    """A new row behind the sheet's last one; its key continued where it is left out.

    The values have passed `new_faults` and lack none of `missing_fields`.
    """
    written = {name: value for name, value in values.items() if value is not None}
    numbered = numbered_key(loaded, model)
    if numbered and numbered not in written:
        number = next_number(loaded.get(model).column(numbered))
        written = {numbered: number, **written}
    else:
        numbered = ""
    table = loaded.get(model)
    plan = Plan(f"录入{model.SHEET.name}：{key_words(model, written)}", loaded, formats)
    plan.add(table, [written])
    change = plan.build()
    first = change.added[0].at if change.added else 2
    found = new_findings(loaded, table_after(table, {}, [written], first), day)
    return Entry(model, written, None, numbered, change, tuple(found))


def find_row(loaded: Loaded, model: type[LedgerRow], key_text: str) -> int:
    """The record a key names; its parts are separated by commas or blanks.

    UsageError for an unknown key (with near ones), for a wrong number of parts, and for a key that
    stands in several rows.
    """
    table, keys, rules = loaded.get(model), key_fields(model), rules_of(model)
    headers = "、".join(rules[name].column.header for name in keys)
    parts = [key_text] if len(keys) == 1 else key_text.replace("，", ",").replace(",", " ").split()
    if len(parts) != len(keys):
        raise UsageError(
            f"“{model.SHEET.name}”按 {headers} 认一行，写了 {len(parts)} 项",
            advice=f"请写成 --update {','.join(rules[name].column.header for name in keys)}",
        )
    key = tuple(_key_part(rules[name], part) for name, part in zip(keys, parts, strict=True))
    rows = _rows_of(table, key)
    if not rows:
        raise UsageError(
            f"“{model.SHEET.name}”表里没有 {headers} 为 {_shown_key(rules, keys, key)} 的一行",
            advice=_near_keys(table, keys, key, rules),
        )
    if len(rows) > 1:
        places = "、".join(str(table.row_cell(row)) for row in rows[:_NEAR])
        raise UsageError(
            f"{_shown_key(rules, keys, key)} 有 {len(rows)} 行：{places}",
            advice="请先在台账里改正重复的编号。",
        )
    return rows[0]


def update_faults(
    loaded: Loaded, model: type[LedgerRow], row: int, values: Mapping[str, Any]
) -> list[str]:
    """What speaks against writing these values into the record: all at once."""
    table, rules = loaded.get(model), rules_of(model)
    now = table.values(row)
    faults = _tool_faults(model, values)
    if is_sealed(table, row):
        faults.append(f"{key_words(model, now)} 已由摇号冻结或写入，不能改动")
    for refused in {kind_refusal(model, now), kind_refusal(model, {**now, **values})} - {""}:
        faults.append(refused)
    for name in key_fields(model):
        if name in values and values[name] != now[name]:
            faults.append(f"“{rules[name].column.header}”是认这一行的编号，不能改")
    for name, value in values.items():
        if value is None and rules[name].required:
            faults.append(f"“{rules[name].column.header}”必填，不能清空")
    return faults + unknown_references(model, values, loaded)


def make_update(
    loaded: Loaded,
    model: type[LedgerRow],
    row: int,
    values: Mapping[str, Any],
    day: dt.date,
    formats: Formats,
) -> Entry:
    """The record with these values; None empties a cell."""
    table = loaded.get(model)
    plan = Plan(f"修改{model.SHEET.name}：{key_words(model, table.values(row))}", loaded, formats)
    for name, value in values.items():
        plan.put(table, row, name, value)
    found = new_findings(loaded, table_after(table, {row: values}, (), 0), day)
    return Entry(model, dict(values), row, "", plan.build(), tuple(found))


def _tool_faults(model: type[LedgerRow], values: Mapping[str, Any]) -> list[str]:
    rules = rules_of(model)
    return [
        f"“{rules[name].column.header}”由 zhubao 写入，不能手工填写"
        for name in tool_fields(model)
        if values.get(name) is not None
    ]


def _rows_of(table: LedgerTable[Any], key: tuple[Any, ...]) -> list[int]:
    columns = [table.column(name) for name in key_fields(table.model)]
    return [row for row, one in enumerate(zip(*columns, strict=True)) if one == key]


def _key_part(rule: FieldRule, text: str) -> Any:
    value, reason = read_value(rule, text)
    if value is None:
        raise UsageError(
            reason or f"“{rule.column.header}”空着", advice="请照台账里的写法写这一行的编号。"
        )
    return value


def _shown_key(rules: Mapping[str, FieldRule], keys: tuple[str, ...], key: tuple[Any, ...]) -> str:
    return " ".join(spelled(rules[name], part) for name, part in zip(keys, key, strict=True))


def _near_keys(
    table: LedgerTable[Any],
    keys: tuple[str, ...],
    key: tuple[Any, ...],
    rules: Mapping[str, FieldRule],
) -> str:
    """The keys nearest to the one asked for; none where a part of it is personal."""
    if any(rules[name].column.personal for name in keys):
        return "请核对编号。"
    columns = [table.column(name) for name in keys]
    known = [",".join(map(str, one)) for one in zip(*columns, strict=True) if None not in one]
    near = get_close_matches(",".join(map(str, key)), known, _NEAR, 0.7)
    return (
        f"是不是 {'、'.join(near)}？"
        if near
        else f"请用 zhubao list {table.model.SHEET.name} 查编号。"
    )
