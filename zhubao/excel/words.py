"""Texts, codes, identity numbers, yes/no words and choices."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable

from zhubao.core.finding import FindingKind
from zhubao.core.identity import normalise_identity
from zhubao.excel.cleaning import clean_symbols, clean_text, is_empty_mark
from zhubao.excel.faults import (
    CHOICE_UNKNOWN,
    CODE_LOST,
    IDENTITY_LOST,
    TEXT_BECAME_DATE,
    YES_NO_UNREADABLE,
)
from zhubao.excel.outcome import EMPTY, MARKED_EMPTY, Fault, Outcome, refuse, shown

_EXACT_LIMIT = 1e15
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]{1,3}")
_LONG_CHOICES = 12

YES_WORDS = frozenset(
    ("是", "有", "√", "✓", "✔", "☑", "Y", "YES", "TRUE", "T", "1", "已", "对", "真")
)
NO_WORDS = frozenset(
    (
        "否",
        "无",
        "没有",
        "×",
        "✗",
        "✘",
        "✕",
        "X",
        "N",
        "NO",
        "FALSE",
        "F",
        "0",
        "未",
        "不是",
        "假",
        "非",
    )
)


def read_text(raw: object) -> Outcome:
    """Cleaned text; numbers as they are written, dates as 2020-06-30 with a warning."""
    if not isinstance(raw, str):
        return _from_other(raw, None)
    text = clean_text(raw)
    if not text:
        return EMPTY
    return MARKED_EMPTY if is_empty_mark(text) else Outcome(text, odd=text != raw)


def read_code(raw: object) -> Outcome:
    """A number that names something: 1001.0 → "1001", leading zeros kept, blanks gone."""
    if not isinstance(raw, str):
        return _from_other(raw, CODE_LOST)
    text = clean_symbols(raw)
    if not text:
        return EMPTY
    if is_empty_mark(text):
        return MARKED_EMPTY
    if _SCIENTIFIC.fullmatch(text):
        return refuse(CODE_LOST, raw)
    return Outcome(text, odd=text != raw)


def read_identity(raw: object) -> Outcome:
    """An identity number as text; one that became a number of 16 digits or more is lost."""
    if not isinstance(raw, str):
        return _from_other(raw, IDENTITY_LOST)
    text = normalise_identity(clean_symbols(raw))
    if not text:
        return EMPTY
    if is_empty_mark(text):
        return MARKED_EMPTY
    if _SCIENTIFIC.fullmatch(text):
        return refuse(IDENTITY_LOST, raw)
    return Outcome(text, odd=text != raw)


def read_yes_no(raw: object) -> Outcome:
    """是/否, 有/无, √/×, Y/N, 1/0 and their like; 无 means no here."""
    if isinstance(raw, bool):
        return Outcome(raw)
    if isinstance(raw, float):
        return Outcome(raw == 1, odd=True) if raw in (0, 1) else refuse(YES_NO_UNREADABLE, raw)
    text = clean_symbols(str(raw)).upper()
    if not text:
        return EMPTY
    if text in YES_WORDS:
        return Outcome(True, odd=text != "是")
    if text in NO_WORDS:
        return Outcome(False, odd=text != "否")
    return MARKED_EMPTY if is_empty_mark(text) else refuse(YES_NO_UNREADABLE, raw)


def choice_reader(choices: tuple[str, ...]) -> Callable[[object], Outcome]:
    """A reader for one of `choices`; near ones are suggested, never taken."""
    exact = {clean_symbols(choice).casefold(): choice for choice in choices}

    def read_choice(raw: object) -> Outcome:
        plain = _from_other(raw, None).value if not isinstance(raw, str) else raw
        text = clean_symbols(plain)
        if not text:
            return EMPTY
        choice = exact.get(text.casefold())
        if choice is not None:
            return Outcome(choice, odd=choice != raw)
        return MARKED_EMPTY if is_empty_mark(text) else _unknown_choice(text, raw, choices)

    return read_choice


def _unknown_choice(text: str, raw: object, choices: tuple[str, ...]) -> Outcome:
    near = difflib.get_close_matches(text, choices, n=2, cutoff=0.5)
    hint = f"，是不是“{'”或“'.join(near)}”" if near else ""
    listed = "、".join(choices[:_LONG_CHOICES]) + ("……" if len(choices) > _LONG_CHOICES else "")
    return refuse(CHOICE_UNKNOWN, raw, near=hint, choices=listed)


def _from_other(raw: object, lost: FindingKind | None) -> Outcome:
    """Numbers, dates and truth values where text belongs."""
    if isinstance(raw, bool):
        return Outcome("TRUE" if raw else "FALSE", odd=True)
    if isinstance(raw, (int, float)):
        return _from_number(raw, lost)
    if isinstance(raw, dt.datetime):
        text = str(raw.date()) if raw.time() == dt.time() else raw.isoformat(" ")
    else:
        text = str(raw)
    return Outcome(text, odd=True, fault=Fault(TEXT_BECAME_DATE, {"shown": shown(text)}))


def _from_number(raw: float, lost: FindingKind | None) -> Outcome:
    if abs(raw) >= _EXACT_LIMIT and lost is not None:
        return refuse(lost, "（数字）")
    whole = float(raw).is_integer() and abs(raw) < _EXACT_LIMIT
    return Outcome(str(int(raw)) if whole else repr(raw), odd=True)
