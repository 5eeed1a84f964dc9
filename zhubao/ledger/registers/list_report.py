"""A listing as a report; and the sheets there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from zhubao.core.finding import Finding
from zhubao.core.masking import mask_numbers
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.excel.kinds import CellKind
from zhubao.ledger.catalog import all_models
from zhubao.ledger.registers.closed import closed_by
from zhubao.ledger.registers.listing import Group, Listing
from zhubao.ledger.registers.values import is_personal, rules_of, spelled
from zhubao.ledger.table import key_fields
from zhubao.ledger.validate import FieldRule

_KINDS = {
    CellKind.MONEY: ValueKind.MONEY,
    CellKind.DATE: ValueKind.DATE,
    CellKind.MONTH: ValueKind.MONTH,
    CellKind.INTEGER: ValueKind.COUNT,
    CellKind.DECIMAL: ValueKind.NUMBER,
}
_ESSENTIAL = 5  # columns on a narrow terminal, where none were asked for
_SHOWN = 20  # rows on a terminal
_LISTED = 5


def list_report(
    listing: Listing,
    day: dt.date,
    *,
    bureau: str = "",
    findings: Sequence[Finding] = (),
    unmasked: bool = False,
) -> Report:
    """The rows chosen (or the counts by column), how many of how many, and what was not read.

    Personal columns, and numbers of persons in free text, are masked unless `unmasked`.
    """
    table, query = listing.table, listing.query
    sheet = table.model.SHEET.name
    tables = [_groups(listing)] if query.groups else [_rows(listing, unmasked)]
    facts: dict[str, Any] = {
        "sheet": sheet,
        "matched": Ratio(len(listing.rows), len(table)),
        "conditions": [one.text for one in query.conditions],
    }
    if query.sums:
        totals = zip(query.sums, listing.sums, strict=True)
        facts["sums"] = {rule.column.header: spelled(rule, value) for rule, value in totals}
    return Report(
        code="list",
        title=f"{sheet}：符合 {len(listing.rows):,} 行，全表 {len(table):,} 行",
        bureau=bureau,
        as_of=day,
        period=query.period.title if query.period else "",
        tables=tuple(tables),
        notes=tuple(_notes(listing)),
        findings=tuple(findings),
        facts=facts,
    )


def sheets_report(*, bureau: str = "") -> Report:
    """Every sheet: what it holds, and how rows get into it."""
    columns = (
        Column("sheet", "表"),
        Column("title", "内容"),
        Column("record", "录入"),
        Column("workbook", "工作簿", level=2),
    )
    rows = []
    for model in all_models():
        closed = closed_by(model)
        how = closed.commands[0] if closed else "zhubao record"
        rows.append(Row((model.SHEET.name, model.SHEET.title, how, f"{model.SHEET.workbook}.xlsx")))
    return Report(
        code="list.sheets",
        title="台账的表",
        bureau=bureau,
        tables=(Table("sheets", "写 zhubao list 表名 查看", columns, tuple(rows)),),
        facts={"sheets": len(rows)},
    )


def _rows(listing: Listing, unmasked: bool) -> Table:
    table, query = listing.table, listing.query
    rules = _columns_of(listing)
    columns = tuple(
        Column(
            rule.name,
            rule.column.header,
            _kind(rule),
            1 if query.columns or n < _ESSENTIAL or rule in query.sums else 2,
        )
        for n, rule in enumerate(rules)
    )
    rows = tuple(
        Row(
            tuple(_value(rule, table.column(rule.name)[row], unmasked) for rule in rules),
            (table.row_cell(row),),
        )
        for row in listing.shown
    )
    totals = None
    whole = len(listing.shown) == len(listing.rows)
    if query.sums:
        by_name = dict(zip((rule.name for rule in query.sums), listing.sums, strict=True))
        totals = tuple(by_name.get(rule.name) for rule in rules)
        if totals[0] is None:
            totals = ("合计", *totals[1:]) if _kind(rules[0]) is ValueKind.TEXT else totals
    summable = frozenset(rule.name for rule in query.sums) if whole else frozenset[str]()
    shown = query.limit if query.limit is not None else _SHOWN
    return Table("rows", table.model.SHEET.name, columns, rows, totals, summable, shown=shown)


def _columns_of(listing: Listing) -> list[FieldRule]:
    """The columns asked for, and those summed; without any, all, the summed ones behind the key."""
    query, rules = listing.query, rules_of(listing.table.model)
    if query.columns:
        return [*query.columns, *(rule for rule in query.sums if rule not in query.columns)]
    keys = [rules[name] for name in key_fields(listing.table.model)]
    first = [*keys, *(rule for rule in query.sums if rule not in keys)]
    return [*first, *(rule for rule in rules.values() if rule not in first)]


def _groups(listing: Listing) -> Table:
    query, total = listing.query, len(listing.rows)
    columns = (
        *(Column(f"by{n}", key.title) for n, key in enumerate(query.groups)),
        Column("rows", "行数", ValueKind.COUNT),
        Column("share", "占比", ValueKind.RATIO),
        *(Column(rule.name, rule.column.header, _kind(rule)) for rule in query.sums),
    )
    rows = tuple(_group_row(listing, group, total) for group in listing.groups)
    blanks = ("",) * (len(query.groups) - 1)
    totals = ("合计", *blanks, total, Ratio(total, total), *listing.sums)
    summable = frozenset({"rows", *(rule.name for rule in query.sums)})
    title = f"按{'、'.join(key.title for key in query.groups)}"
    return Table("groups", title, columns, rows, totals, summable)


def _group_row(listing: Listing, group: Group, total: int) -> Row:
    values = (*group.words, len(group.rows), Ratio(len(group.rows), total), *group.sums)
    return Row(values, tuple(listing.table.row_cell(row) for row in group.rows))


def _kind(rule: FieldRule) -> ValueKind:
    if is_personal(rule):
        return ValueKind.IDENTITY if rule.kind is CellKind.IDENTITY else ValueKind.TEXT
    if rule.column.key and rule.kind is CellKind.INTEGER:
        return ValueKind.TEXT  # 年度, 期次: names, not counts
    return _KINDS.get(rule.kind, ValueKind.TEXT) if rule.kind else ValueKind.TEXT


def _value(rule: FieldRule, value: Any, unmasked: bool) -> Any:
    if value is None or (_kind(rule) not in (ValueKind.TEXT, ValueKind.IDENTITY)):
        return value
    text = spelled(rule, value, unmasked=unmasked)
    return (
        text
        if unmasked or is_personal(rule) or rule.kind is not CellKind.TEXT
        else mask_numbers(text)
    )


def _notes(listing: Listing) -> list[str]:
    query, notes = listing.query, []
    if query.conditions:
        notes.append(f"条件：{'；'.join(one.text for one in query.conditions)}")
    if query.period is not None and query.dated is not None:
        notes.append(f"期间按“{query.dated.column.header}”选")
    if not query.groups and len(listing.shown) < len(listing.rows):
        whole = f"；合计是全部 {len(listing.rows):,} 行的" if query.sums else ""
        notes.append(f"只列出前 {len(listing.shown):,} 行{whole}")
    for rule, cells in listing.unread:
        listed = "、".join(map(str, cells[:_LISTED])) + ("……" if len(cells) > _LISTED else "")
        notes.append(f"“{rule.column.header}”有 {len(cells):,} 格读不出，没有计入：{listed}")
    return notes
