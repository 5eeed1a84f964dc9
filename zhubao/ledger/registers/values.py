"""Typed values of a field as a clerk reads and writes them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from zhubao.core.masking import mask_account, mask_identity, mask_name
from zhubao.core.money import yuan
from zhubao.excel.kinds import CellKind
from zhubao.ledger.guidance import YES_NO_WORDS
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.table import key_fields
from zhubao.ledger.validate import FieldRule, field_rules

EMPTY_WORD = "空"


def rules_of(model: type[LedgerRow]) -> dict[str, FieldRule]:
    """Field → its rule, in field order."""
    return {rule.name: rule for rule in field_rules(model)}


def is_personal(rule: FieldRule) -> bool:
    """True for what is masked on a terminal: declared personal, or an identity number."""
    return rule.column.personal or rule.kind is CellKind.IDENTITY


def spelled(rule: FieldRule, value: Any, *, unmasked: bool = False) -> str:
    """A typed value as the clerk would type it: 否, 1234.50, 2020-06; personal ones masked.

    None is 空.
    """
    if value is None:
        return EMPTY_WORD
    if is_personal(rule) and not unmasked:
        return masked_text(rule, str(value))
    if isinstance(value, bool):
        return YES_NO_WORDS[0] if value else YES_NO_WORDS[1]
    if rule.kind is CellKind.MONEY and isinstance(value, int):
        return f"{yuan(value):f}"
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def masked_text(rule: FieldRule, text: str) -> str:
    """A personal cell's text with most of it starred out, as its kind asks for."""
    if rule.kind is CellKind.IDENTITY:
        return mask_identity(text)
    return mask_account(text) if rule.kind is CellKind.CODE else mask_name(text)


def key_words(model: type[LedgerRow], values: Any) -> str:
    """The key of a record (field → value) in one text, personal parts masked; 这一行 without."""
    rules = rules_of(model)
    parts = [spelled(rules[name], values.get(name)) for name in key_fields(model)]
    known = [part for part in parts if part != EMPTY_WORD]
    return " ".join(known) or "这一行"
