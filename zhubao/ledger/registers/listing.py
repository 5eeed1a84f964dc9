"""Rows of any sheet: chosen by conditions and period, sorted, counted by a column, summed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.period import Month, Period
from zhubao.excel.kinds import CellKind
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.registers.columns import column_named
from zhubao.ledger.registers.conditions import Condition, day_of, sortable
from zhubao.ledger.registers.values import rules_of, spelled
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.validate import FieldRule

_DATED = frozenset({CellKind.DATE, CellKind.MOMENT, CellKind.MONTH})
_SUMMED = frozenset({CellKind.MONEY, CellKind.INTEGER, CellKind.DECIMAL})
_DESCENDING = ("降", "倒", "desc")
_SPANS: dict[str, Callable[[dt.date], str]] = {
    "日": lambda day: str(day),
    "周": lambda day: f"{day.isocalendar().year}年第{day.isocalendar().week:02d}周",
    "月": lambda day: str(Month.containing(day)),
    "季": lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
    "半年": lambda day: f"{day.year}-H{1 if day.month <= 6 else 2}",
    "年": lambda day: str(day.year),
}


@dataclass(frozen=True, slots=True)
class SortKey:
    """A column to sort by; empty cells come last either way."""

    rule: FieldRule
    descending: bool = False


@dataclass(frozen=True, slots=True)
class GroupKey:
    """A column to count by; dates by `span`: 日 周 月 季 半年 年."""

    rule: FieldRule
    span: str = ""

    @property
    def title(self) -> str:
        """The header, with the span where there is one."""
        return f"{self.rule.column.header}（{self.span}）" if self.span else self.rule.column.header


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a sheet. `dated` is the column the period applies to."""

    conditions: tuple[Condition, ...] = ()
    period: Period | None = None
    dated: FieldRule | None = None
    columns: tuple[FieldRule, ...] = ()
    sort: tuple[SortKey, ...] = ()
    groups: tuple[GroupKey, ...] = ()
    sums: tuple[FieldRule, ...] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The rows that share their words in the columns counted by; `sums` as in the query."""

    words: tuple[str, ...]
    rows: tuple[int, ...]
    sums: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows chosen, in order (before `limit`); how many were looked at; what could not be read.

    `unread` has, by column, the rows whose cell of a condition, the period or a sum is no value.
    """

    table: LedgerTable[Any]
    query: Query
    rows: tuple[int, ...]
    groups: tuple[Group, ...]
    sums: tuple[Any, ...]
    unread: tuple[tuple[FieldRule, tuple[Cell, ...]], ...]

    @property
    def shown(self) -> tuple[int, ...]:
        """The rows within the limit."""
        return self.rows if self.query.limit is None else self.rows[: self.query.limit]


def select(table: LedgerTable[Any], query: Query) -> Listing:
    """Answer a query. Every row that meets all conditions counts, also beyond the limit."""
    rows = list(range(len(table)))
    unread: dict[str, list[Cell]] = {}
    conditions = list(query.conditions)
    if query.period is not None and query.dated is not None:
        period = query.period
        within = Condition("", query.dated, lambda value: period.contains(day_of(value)))
        conditions.append(within)
    for condition in conditions:
        rows, faulty = condition.rows(table, rows)
        name = condition.rule.name
        unread.setdefault(name, []).extend(table.cell(row, name) for row in faulty)
    for rule in query.sums:
        unread.setdefault(rule.name, []).extend(_unread(table, rule.name, rows))
    for key in reversed(query.sort):
        rows = _sorted(table, rows, key)
    rules = rules_of(table.model)
    return Listing(
        table,
        query,
        tuple(rows),
        _groups(table, rows, query),
        tuple(_sum(table, rule, rows) for rule in query.sums),
        tuple((rules[name], tuple(cells)) for name, cells in unread.items() if cells),
    )


def date_column(model: type[LedgerRow], word: str, config: LedgerConfig) -> FieldRule:
    """The column a period applies to: the one named, else the first that must be filled, else
    the first that has dates. UsageError where there is none, or another kind was named."""
    if word:
        rule = column_named(model, word, config)
        if rule.kind in _DATED:
            return rule
        raise UsageError(
            f"“{rule.column.header}”不是日期，不能按期间选", advice="请用 --date-column 写日期列。"
        )
    dated = [rule for rule in rules_of(model).values() if rule.kind in _DATED]
    if not dated:
        raise UsageError(
            f"“{model.SHEET.name}”表里没有日期列，不能按期间选", advice="请不要写 --period。"
        )
    return next((rule for rule in dated if rule.required), dated[0])


def parse_sort(model: type[LedgerRow], word: str, config: LedgerConfig) -> SortKey:
    """列, -列 or 列:降."""
    name, _, direction = word.replace("：", ":").partition(":")
    descending = name.startswith("-") or direction.strip().lower() in _DESCENDING
    return SortKey(column_named(model, name.removeprefix("-"), config), descending)


def parse_group(model: type[LedgerRow], word: str, config: LedgerConfig) -> GroupKey:
    """列, or of a date column 列:月 (日 周 月 季 半年 年; months where nothing is said)."""
    name, _, span = word.replace("：", ":").partition(":")
    rule = column_named(model, name, config)
    if rule.kind not in _DATED:
        if span:
            raise UsageError(f"“{rule.column.header}”不是日期，不能分{span}", advice="请只写列名。")
        return GroupKey(rule)
    span = {"季度": "季", "年度": "年", "月份": "月"}.get(span.strip(), span.strip()) or "月"
    if span not in _SPANS:
        raise UsageError(f"不能按“{span}”分", advice=f"可以写：{'、'.join(_SPANS)}。")
    return GroupKey(rule, span)


def parse_sum(model: type[LedgerRow], word: str, config: LedgerConfig) -> FieldRule:
    """A column of amounts or numbers; UsageError for any other."""
    rule = column_named(model, word, config)
    if rule.kind not in _SUMMED:
        raise UsageError(f"“{rule.column.header}”不是数字，不能合计", advice="请写金额或数字列。")
    return rule


def _sorted(table: LedgerTable[Any], rows: Sequence[int], key: SortKey) -> list[int]:
    values, words = table.column(key.rule.name), list(key.rule.words)
    filled = [row for row in rows if values[row] is not None]
    empty = [row for row in rows if values[row] is None]

    def place(row: int) -> Any:
        value = values[row]
        return words.index(str(value)) if words else sortable(value)

    return [*sorted(filled, key=place, reverse=key.descending), *empty]


def _groups(table: LedgerTable[Any], rows: Sequence[int], query: Query) -> tuple[Group, ...]:
    """The most frequent first; groups by a date in the order of time."""
    if not query.groups:
        return ()
    found: dict[tuple[Any, ...], list[int]] = {}
    for row in rows:
        parts = tuple(_part(table, row, key) for key in query.groups)
        found.setdefault(parts, []).append(row)
    in_time = query.groups[0].span != ""
    worded = [(tuple(map(_word, query.groups, parts)), found[parts]) for parts in found]
    worded.sort(key=lambda one: (0 if in_time else -len(one[1]), one[0]))
    return tuple(
        Group(words, tuple(members), tuple(_sum(table, rule, members) for rule in query.sums))
        for words, members in worded
    )


def _part(table: LedgerTable[Any], row: int, key: GroupKey) -> Any:
    """What makes a row belong to a group: the value itself, or the span its date lies in."""
    value = table.column(key.rule.name)[row]
    return _SPANS[key.span](day_of(value)) if key.span and value is not None else value


def _word(key: GroupKey, part: Any) -> str:
    return str(part) if key.span and part is not None else spelled(key.rule, part)


def _sum(table: LedgerTable[Any], rule: FieldRule, rows: Sequence[int]) -> Any:
    column = table.column(rule.name)
    return sum(column[row] for row in rows if column[row] is not None)


def _unread(table: LedgerTable[Any], name: str, rows: Sequence[int]) -> list[Cell]:
    bad = table.bad.get(name, set())
    return [
        table.cell(row, name)
        for row in rows
        if row in bad and table.original(row, name) not in (None, "")
    ]
