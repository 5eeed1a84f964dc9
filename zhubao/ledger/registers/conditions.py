"""Conditions on rows as a clerk words them: 列=值, 列>=值, 列~词, 列 空; compared by type."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.period import Month, Period
from zhubao.excel.kinds import CellKind
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.registers.columns import column_named, read_value
from zhubao.ledger.registers.values import spelled
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.validate import FieldRule

Test = Callable[[Any], bool]
HOW = "请写成 列=值、列!=值、列>=值、列<值、列~词、列!~词、列 空 或 列 非空"
_OPERATOR = re.compile(r"!=|<>|!~|>=|<=|≠|≥|≤|=|>|<|~")
_SAME = {"<>": "!=", "≠": "!=", "≥": ">=", "≤": "<="}
_NARROW = {code: code - 0xFEE0 for code in map(ord, "\uff01\uff1c\uff1d\uff1e\uff5c\uff5e")}
_EMPTY, _FILLED = ("空", "为空", "空白"), ("非空", "不空", "不为空")
_DATED = frozenset({CellKind.DATE, CellKind.MOMENT, CellKind.MONTH})
_UNORDERED = frozenset({CellKind.CHOICE, CellKind.YES_NO, CellKind.IDENTITY, None})
_DIGITS = re.compile(r"([0-9]+)")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: `text` as worded, `rule` its column, `test` over typed values.

    `on_empty`: what an empty cell is; `judges_emptiness`: the condition asks just that.
    """

    text: str
    rule: FieldRule
    test: Test
    on_empty: bool = False
    judges_emptiness: bool = False

    def rows(self, table: LedgerTable[Any], among: list[int]) -> tuple[list[int], list[int]]:
        """(rows that meet it, rows whose cell cannot be read and meets nothing)."""
        values, name = table.column(self.rule.name), self.rule.name
        bad = table.bad.get(name, set())
        met, unread = [], []
        for index in among:
            value = values[index]
            if value is not None:
                if self.test(value):
                    met.append(index)
            elif index in bad and table.original(index, name) not in (None, ""):
                unread.append(index)
            elif self.on_empty:
                met.append(index)
        return met, unread


def parse_condition(model: type[LedgerRow], text: str, config: LedgerConfig) -> Condition:
    """A condition on a column of the sheet.

    Dates, moments and months compare with a day, a month, a quarter, a half-year or a year:
    >=2020-06 from its first day on, >2020-06 after its last, =2020-06 within it. Amounts are in
    yuan. = and != take several values divided by |. ~ looks for a text in what the cell shows.
    An empty cell meets only !=, !~ and 空. UsageError, with near names, for anything else.
    """
    text = text.translate(_NARROW)
    found = _OPERATOR.search(text)
    if found is None:
        return _about_emptiness(model, text, config)
    column, word = text[: found.start()].strip(), text[found.end() :].strip()
    operator = _SAME.get(found[0], found[0])
    if not column or not word:
        raise UsageError(f"条件“{text}”看不懂", advice=f"{HOW}。")
    rule = column_named(model, column, config)
    if operator in ("~", "!~"):
        return Condition(text, rule, _contains(rule, word, operator), operator == "!~")
    if operator in ("=", "!="):
        tests = [_compared(rule, operator, part.strip(), text) for part in word.split("|")]
        joined = any if operator == "=" else all
        return Condition(
            text, rule, lambda value: joined(test(value) for test in tests), operator == "!="
        )
    return Condition(text, rule, _compared(rule, operator, word, text))


def _about_emptiness(model: type[LedgerRow], text: str, config: LedgerConfig) -> Condition:
    column, _, word = text.strip().rpartition(" ")
    if not column:
        column, _, word = text.strip().rpartition("　")
    if not column or word not in (*_EMPTY, *_FILLED):
        raise UsageError(f"条件“{text}”看不懂", advice=f"{HOW}。")
    rule, empty = column_named(model, column, config), word in _EMPTY
    return Condition(text, rule, lambda _: not empty, on_empty=empty, judges_emptiness=True)


def _contains(rule: FieldRule, word: str, operator: str) -> Test:
    wanted, negated = word.casefold(), operator == "!~"
    return lambda value: (wanted in spelled(rule, value, unmasked=True).casefold()) != negated


def _compared(rule: FieldRule, operator: str, word: str, text: str) -> Test:
    if rule.kind in _DATED:
        period = _period(word)
        if period is not None:
            return _against_period(operator, period)
    if operator not in ("=", "!=") and (rule.kind in _UNORDERED or rule.words):
        raise UsageError(
            f"条件“{text}”：“{rule.column.header}”分不出大小", advice="请用 = 、!= 或 ~。"
        )
    wanted, reason = read_value(rule, word)
    if wanted is None:
        fault = reason or f"“{word}”表示空，请写 {rule.column.header} 空"
        raise UsageError(f"条件“{text}”看不懂：{fault}", advice=f"{HOW}。")
    return _against(operator, sortable(wanted))


def _period(word: str) -> Period | None:
    """The days a word covers; None for a word with a time of day, or none of these."""
    try:
        return Period.parse(word)
    except ValueError:
        pass
    compact = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", word)
    try:
        day = dt.date(*map(int, compact.groups())) if compact else None
    except ValueError:
        return None
    return Period(day, day) if day else None


def _against_period(operator: str, period: Period) -> Test:
    tests: dict[str, Test] = {
        "=": lambda value: period.contains(day_of(value)),
        "!=": lambda value: not period.contains(day_of(value)),
        ">=": lambda value: day_of(value) >= period.start,
        ">": lambda value: day_of(value) > period.end,
        "<=": lambda value: day_of(value) <= period.end,
        "<": lambda value: day_of(value) < period.start,
    }
    return tests[operator]


def _against(operator: str, wanted: Any) -> Test:
    tests: dict[str, Test] = {
        "=": lambda value: bool(sortable(value) == wanted),
        "!=": lambda value: bool(sortable(value) != wanted),
        ">=": lambda value: bool(sortable(value) >= wanted),
        ">": lambda value: bool(sortable(value) > wanted),
        "<=": lambda value: bool(sortable(value) <= wanted),
        "<": lambda value: bool(sortable(value) < wanted),
    }
    return tests[operator]


def day_of(value: Any) -> dt.date:
    """The day of a date, of a moment, or the first of a month."""
    if isinstance(value, Month):
        return value.first_day
    day: dt.date = value.date() if isinstance(value, dt.datetime) else value
    return day


def sortable(value: Any) -> Any:
    """A value in the order a clerk expects: numbers inside texts count as numbers."""
    if not isinstance(value, str):
        return value
    parts = _DIGITS.split(value.casefold())
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]
