"""The values of a comparison in words: exact, and masked where they are personal."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from zhubao.core.masking import (
    IDENTITY_NUMBER,
    PHONE_NUMBER,
    mask_account,
    mask_identity,
    mask_name,
    mask_numbers,
)
from zhubao.core.money import format_yuan
from zhubao.excel.kinds import CellKind
from zhubao.excel.sheet import RawSheet
from zhubao.ledger import catalog
from zhubao.ledger.diff import TableDiff
from zhubao.ledger.diff_reading import UNKNOWN, Records
from zhubao.ledger.model import column_info
from zhubao.ledger.recognise import Model

_SUMMED_UP = 4  # fields named of a row that is added or removed
_HEADER_ROWS = 10
_PERSONAL_WORDS = re.compile(
    "姓名|申请人|户主|承租人|联系人|配偶|身份证|证件号|电话|手机|银行账|账号|卡号|住址|收款人|缴款人"
)


def personal_columns(sheet: RawSheet) -> set[int]:
    """Columns, counted from 1, under a header that tells of personal data."""
    return {
        column
        for row in sheet.rows[:_HEADER_ROWS]
        for column, value in enumerate(row, 1)
        if isinstance(value, str) and len(value) <= 20 and _PERSONAL_WORDS.search(value)
    }


def title_of(model: Model, column: str) -> str:
    """The header of a column."""
    if column.startswith(UNKNOWN):
        return column.removeprefix(UNKNOWN)
    return column_info(model.model_fields[column]).header


@cache
def _traits(model: Model, column: str) -> tuple[CellKind | None, bool]:
    """(kind, personal) of a column; an unknown one is judged by its header."""
    if column.startswith(UNKNOWN):
        return None, bool(_PERSONAL_WORDS.search(column))
    info = model.model_fields[column]
    kind = catalog.kind_of(info)
    return kind, column_info(info).personal or kind is CellKind.IDENTITY


class Words:
    """Values in words, personal ones masked."""

    def __init__(self, show_personal: bool) -> None:
        self._show_personal = show_personal

    def change(self, model: Model, column: str, old: Any, new: Any) -> tuple[str | None, ...]:
        """Both values of a changed cell."""
        kind, personal = _traits(model, column)
        return self.pair(old, new, kind, personal=personal)

    def pair(
        self, old: Any, new: Any, kind: CellKind | None, *, personal: bool
    ) -> tuple[str | None, ...]:
        """Both values; 已改动 where masking would hide the change, the types where they differ."""
        first, second = (self._word(value, kind, personal=personal) for value in (old, new))
        if old is None or new is None:
            return first, second
        if first == second and _text(old, kind) == _text(new, kind):
            return f"{first}（{_type_word(old)}）", f"{second}（{_type_word(new)}）"
        if not self._show_personal and (kind is CellKind.IDENTITY or first == second):
            return first, f"已改动 {second}"
        return first, second

    def key(self, diff: TableDiff, records: Records, index: int) -> str:
        """The key of a record."""
        words = [self._cell(diff.model, records, index, name) for name in diff.key]
        return " ".join(word for word in words if word) or "（没填）"

    def row(self, diff: TableDiff, records: Records, index: int) -> str:
        """What else must be filled in a record: 账单期 2020-06，应收金额 102.00."""
        required: Iterable[str] = (
            name
            for name, info in diff.model.model_fields.items()
            if info.is_required() and name not in diff.key and name in records.values
        )
        words = [
            f"{title_of(diff.model, name)} {word}"
            for name in required
            if (word := self._cell(diff.model, records, index, name))
        ]
        return "，".join(words[:_SUMMED_UP])

    def _cell(self, model: Model, records: Records, index: int, name: str) -> str | None:
        kind, personal = _traits(model, name)
        return self._word(records.values[name][index], kind, personal=personal)

    def _word(self, value: Any, kind: CellKind | None, *, personal: bool) -> str | None:
        if value is None:
            return None
        text = _text(value, kind)
        if self._show_personal:
            return text
        if personal:
            return mask_identity(text) if kind is CellKind.IDENTITY else _masked(text)
        if kind in (None, CellKind.TEXT, CellKind.CODE):
            text = mask_numbers(text)
        return text


def _text(value: Any, kind: CellKind | None) -> str:
    """A typed value exactly: nothing is rounded, or two values might look the same."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if kind is CellKind.MONEY and isinstance(value, int):
        return format_yuan(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _type_word(value: Any) -> str:
    if isinstance(value, str):
        return "文字"
    return "日期" if isinstance(value, dt.date) else "数字"


def _masked(text: str) -> str:
    """Whatever it is, by its look: identity number, phone, account, else a name."""
    if IDENTITY_NUMBER.fullmatch(text) or PHONE_NUMBER.fullmatch(text):
        return mask_numbers(text)
    digits = sum(sign.isdigit() for sign in text)
    return mask_account(text) if digits > 5 and digits * 2 > len(text) else mask_name(text)
