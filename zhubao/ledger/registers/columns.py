"""What a clerk's words mean for a sheet: its name, its columns, and values typed into them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Severity
from zhubao.excel.cleaning import clean_symbols
from zhubao.excel.kinds import CellKind
from zhubao.excel.normalise import reader_for
from zhubao.excel.outcome import shown
from zhubao.ledger.catalog import all_models, model_named
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.guidance import YES_NO_WORDS
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.recognise import Naming
from zhubao.ledger.registers.values import is_personal, masked_text, rules_of
from zhubao.ledger.validate import FieldRule

_NEAR = 3
_EQUALS = "=＝"


def sheet_named(word: str, config: LedgerConfig) -> type[LedgerRow]:
    """The model of a sheet by its name, alias, the bureau's own name, or class name.

    UsageError, with the nearest names, for any other word.
    """
    named = Naming.of(all_models(), config).matches(word)
    return named[0] if len(named) == 1 else model_named(word)


def column_named(model: type[LedgerRow], word: str, config: LedgerConfig) -> FieldRule:
    """The column a word means: header, alias, the bureau's own name, or field name.

    UsageError, with the nearest names, for an unknown word and for one that several columns claim.
    """
    rules, wanted = rules_of(model), _key(word)
    for rule in rules.values():
        if wanted in (_key(rule.column.header), rule.name):
            return rule
    found = [
        rule for rule in rules.values() if wanted in map(_key, _other_names(model, rule, config))
    ]
    if len(found) == 1:
        return found[0]
    sheet = model.SHEET.name
    if found:
        headers = "、".join(rule.column.header for rule in found)
        raise UsageError(
            f"“{sheet}”表里“{word}”可以是几列：{headers}", advice="请写清是其中哪一列。"
        )
    raise UsageError(f"“{sheet}”表里没有“{word}”这一列", advice=_near_columns(model, word, config))


def choices_for(rule: FieldRule) -> tuple[str, ...]:
    """The words a column allows; empty where anything of its kind may be typed."""
    return YES_NO_WORDS if rule.kind is CellKind.YES_NO else tuple(rule.words)


def read_value(rule: FieldRule, text: str) -> tuple[Any, str]:
    """(typed value, "") of a text as clerks type it, or (None, what is wrong with it, Chinese).

    An empty text, and a mark like 无 or /, is None without a fault. The reader and the checks are
    those of the ledger itself.
    """
    kind = rule.kind or CellKind.CHOICE
    outcome = reader_for(kind, choices=tuple(rule.words))(text)
    if outcome.fault is not None and outcome.fault.kind.severity is Severity.ERROR:
        values = dict(outcome.fault.values)
        if is_personal(rule) and "shown" in values:
            values["shown"] = masked_text(rule, text)
        return None, outcome.fault.kind.template.format(header=rule.column.header, **values)
    if outcome.value is None:
        return None, ""
    checked = rule.check([outcome.value])
    if checked.reasons:
        written = masked_text(rule, text) if is_personal(rule) else shown(text)
        return None, f"“{rule.column.header}”{checked.reasons[0]}（填写：{written}）"
    return checked.values[0], ""


@dataclass(slots=True)
class Given:
    """列=值 words understood: field → value (None: left empty), and what is wrong with the rest.

    `unread` has the fields whose text is no value; they are among the faults already.
    """

    values: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)


def read_words(model: type[LedgerRow], words: Iterable[str], config: LedgerConfig) -> Given:
    """Read 列=值 words; every fault is collected, none is raised."""
    given = Given()
    for word in words:
        column, text = split_word(word)
        if not column:
            given.faults.append(f"“{word}”不是 列=值 的写法")
            continue
        try:
            rule = column_named(model, column, config)
        except UsageError as fault:
            given.faults.append(f"{fault.message}（{fault.advice.rstrip('。？')}）")
            continue
        if rule.name in given.values:
            given.faults.append(f"“{rule.column.header}”写了两次")
            continue
        value, reason = read_value(rule, text)
        given.values[rule.name] = value
        if reason:
            given.faults.append(reason)
            given.unread.add(rule.name)
    return given


def split_word(word: str) -> tuple[str, str]:
    """(column, value) of 列=值; ("", "") without an equals sign or a column."""
    places = [word.index(sign) for sign in _EQUALS if sign in word]
    if not places:
        return "", ""
    at = min(places)
    return word[:at].strip(), word[at + 1 :].strip()


def raise_faults(faults: Sequence[str], advice: str, *, what: str = "没有录入") -> None:
    """One UsageError for all faults; nothing without any."""
    if not faults:
        return
    if len(faults) == 1:
        raise UsageError(f"{what}：{faults[0]}", advice=advice)
    lines = "".join(f"\n  {number}. {fault}" for number, fault in enumerate(faults, 1))
    raise UsageError(f"{what}，有 {len(faults)} 处要改：{lines}", advice=advice)


def _other_names(model: type[LedgerRow], rule: FieldRule, config: LedgerConfig) -> tuple[str, ...]:
    own = config.header_aliases(model.SHEET.name, rule.column.header)
    return (*rule.column.aliases, *own)


def _near_columns(model: type[LedgerRow], word: str, config: LedgerConfig) -> str:
    rules = rules_of(model)
    names = {
        name: rule.column.header
        for rule in rules.values()
        for name in (rule.column.header, *_other_names(model, rule, config), rule.name)
    }
    near = get_close_matches(word, names, n=_NEAR, cutoff=0.5)
    headers = dict.fromkeys(names[name] for name in near)
    headers |= {names[n]: None for n in names if len(word) > 1 and word in n and len(headers) < 4}
    if headers:
        return f"是不是 {'、'.join(headers)}？"
    return f"可用的列：{'、'.join(rule.column.header for rule in rules.values())}"


def _key(text: str) -> str:
    return clean_symbols(text).casefold()
