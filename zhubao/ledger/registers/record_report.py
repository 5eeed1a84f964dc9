"""What a row typed in, or a file, amounts to: for the clerk before anything is written."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhubao.core.masking import mask_numbers
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.registers.entry import Entry
from zhubao.ledger.registers.importing import Imported
from zhubao.ledger.registers.values import key_words, rules_of, spelled

_COLUMNS = (Column("header", "列"), Column("value", "内容"), Column("note", "说明"))


def entry_report(entry: Entry, loaded: Loaded, day: dt.date, *, bureau: str = "") -> Report:
    """One row, column by column, with what stands there now; personal data masked."""
    table, rules = loaded.get(entry.model), rules_of(entry.model)
    rows = []
    for name, rule in rules.items():
        if name in entry.values:
            now = None if entry.row is None else table.column(name)[entry.row]
            sources = () if entry.row is None else (table.cell(entry.row, name),)
            value = mask_numbers(spelled(rule, entry.values[name]))
            note = "接续编号" if name == entry.numbered else _note(entry, rule, now)
            rows.append(Row((rule.column.header, value, note), sources))
    known = table.values(entry.row) if entry.row is not None else entry.values
    what = "录入" if entry.row is None else "修改"
    key = key_words(entry.model, known)
    return Report(
        code="record",
        title=f"{what}{entry.model.SHEET.name}",
        bureau=bureau,
        as_of=day,
        tables=(Table("row", key, _COLUMNS, tuple(rows)),),
        findings=entry.findings,
        facts={
            "sheet": entry.model.SHEET.name,
            "key": key,
            "added": int(entry.row is None),
            "changed": int(entry.row is not None and not entry.change.is_empty),
        },
    )


def import_report(
    made: Imported, sheet: str, file: str, day: dt.date, *, bureau: str = ""
) -> Report:
    """How many rows of a file are new, changed, the same, refused; they add up to its rows."""
    merged, total = made.merged, len(made.incoming.table)
    counts = {
        "added": len(merged.added),
        "changed": len(merged.changed),
        "same": len(merged.same),
        "refused": len(merged.refused_rows),
    }
    words = {"added": "新增", "changed": "补充或改动", "same": "台账里已有", "refused": "没有导入"}
    rows = tuple(Row((words[key], count)) for key, count in counts.items())
    columns = (Column("what", "结果"), Column("rows", "行数", ValueKind.COUNT))
    table = Table("counts", f"{file} 里的行", columns, rows, ("合计", total), frozenset({"rows"}))
    return Report(
        code="record.import",
        title=f"导入{sheet}",
        bureau=bureau,
        as_of=day,
        tables=(table,),
        findings=made.findings,
        facts={"sheet": sheet, "file": file, "rows": total, **counts, "cells": merged.cells},
    )


def _note(entry: Entry, rule: Any, now: Any) -> str:
    if entry.row is None:
        return rule.column.unit if rule.column.unit else ""
    return f"原来：{mask_numbers(spelled(rule, now))}"
