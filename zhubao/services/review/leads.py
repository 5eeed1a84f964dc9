"""比对情况 read as leads (疑点): one per part of the text, open until somebody has verified it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

SEPARATOR = "；"
NO_RECORD = "无记录"
LISTED = "在册"
_PARTS = re.compile(r"[；;\n]+")
_NOTHING = ("无异常", "未见异常", "未发现异常", "无疑点", "无", "正常")
_HARMLESS = (NO_RECORD, LISTED)


class LeadState(StrEnum):
    """How far a lead is: 疑点 → 核实 → 认定, or cleared with a recorded reason."""

    OPEN = "待核实"
    CONFIRMED = "属实"
    CLEARED = "已排除"


class ListKind(StrEnum):
    """The external lists that households are compared with."""

    PROPERTY = "不动产"
    VEHICLE = "车辆"
    BUSINESS = "工商登记"
    DEATH = "死亡"
    PROVIDENT_FUND = "公积金"
    PENSION = "养老保险"
    PUBLIC_PAYROLL = "财政供养"
    LOW_SUBSISTENCE = "低保"
    OTHER = "其他"

    @property
    def expects_listing(self) -> bool:
        """On the 低保 list, being there is right and missing is what must be looked at."""
        return self is ListKind.LOW_SUBSISTENCE


@dataclass(frozen=True, slots=True)
class Lead:
    """One part of 比对情况 that says something against the household."""

    kind: ListKind
    text: str
    state: LeadState


@dataclass(frozen=True, slots=True)
class Wording:
    """The words by which a clerk marks a lead; cleared words win (不属实 holds 属实)."""

    cleared: tuple[str, ...]
    confirmed: tuple[str, ...]


def leads_of(text: str | None, wording: Wording) -> tuple[Lead, ...]:
    """The leads in a text, in the order written; what says 无记录, 在册 or 无异常 is none."""
    return tuple(
        Lead(_kind(part), part, _state(part, wording))
        for part in parts_of(text)
        if part not in _NOTHING and not any(f"：{word}" in part for word in _HARMLESS)
    )


def parts_of(text: str | None) -> list[str]:
    """The parts of 比对情况, blanks around them off."""
    return [part.strip() for part in _PARTS.split(text or "") if part.strip()]


def joined(text: str | None, new: Sequence[str]) -> str:
    """The text with the new parts behind it; what is there, marked by a clerk or not, stays once.

    A part that is the same but for its row is the one that was there (the list was sorted anew),
    as often as it was there. 无异常 gives way to what a list says; 无记录 of a list gives way to a
    hit of the same list.
    """
    kept = [part for part in parts_of(text) if part not in _NOTHING or not new]
    for part in _unknown(kept, new):
        if f"：{NO_RECORD}" in part and any(_same_list(old, part) for old in kept):
            continue
        kept = [old for old in kept if f"：{NO_RECORD}" not in old or not _same_list(old, part)]
        kept.append(part)
    return SEPARATOR.join(kept)


def _unknown(known: Sequence[str], new: Sequence[str]) -> list[str]:
    """The new parts that are not among the known ones, to the letter or but for the row."""
    left, rest = list(known), []
    for part in dict.fromkeys(new):
        same = next((old for old in left if old.startswith(part)), None)
        if same is None:
            rest.append(part)
        else:
            left.remove(same)
    unknown = []
    for part in rest:
        moved = next((old for old in left if _is_moved(old, part)), None)
        if moved is None:
            unknown.append(part)
        else:
            left.remove(moved)
    return unknown


def _is_moved(old: str, part: str) -> bool:
    words = part.partition("〔")
    return bool(words[1]) and old.startswith(f"{words[0]}〔") and _same_list(old, part)


def _same_list(one: str, other: str) -> bool:
    """Both speak of one kind of list from one file."""
    return _kind(one) is _kind(other) and _file(one) == _file(other)


def _file(part: str) -> str:
    found = re.search(r"〔(.*?)(?:!|〕)", part)
    return found[1] if found else ""


def _kind(part: str) -> ListKind:
    word = part.partition("：")[0].strip()
    return next((kind for kind in ListKind if kind.value == word), ListKind.OTHER)


def _state(part: str, wording: Wording) -> LeadState:
    """By the words behind the source, where there is one: a file's name says nothing."""
    before, source, behind = part.partition("〕")
    part = behind if source else before
    if any(word in part for word in wording.cleared):
        return LeadState.CLEARED
    confirmed = any(word in part for word in wording.confirmed)
    return LeadState.CONFIRMED if confirmed else LeadState.OPEN
