"""What the clerk has written, read from TOML text or from an earlier document's paragraphs.

TOML: a key per slot, bare or below [narrative], with text or a list; empty lines part paragraphs.
`drop` and `keep` are lists of problem codes: leave these out, offer these whatever was deleted.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.summary.narrative.offers import Edits

_TABLE = "narrative"
_TAG = re.compile(r"[\[\uff3b【]补写[:：]\s*([A-Za-z_]+)\s*[\]\uff3d】]")
_PARAGRAPHS = re.compile(r"\n\s*\n")
_ASKING = re.compile("（请补写：[^）]*）")


@dataclass(frozen=True, slots=True)
class Notes:
    """Paragraphs by slot code, and what was edited in the sentences offered."""

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    edits: Edits = field(default_factory=Edits)

    def of(self, code: str) -> tuple[str, ...]:
        """The paragraphs written for a slot; empty where nothing is."""
        return self.texts.get(code, ())

    def updated(self, newer: Notes) -> Notes:
        """These notes with those of `newer` in their place, slot by slot."""
        return Notes({**self.texts, **newer.texts}, self.edits.updated(newer.edits))

    def unused(self, asked: Iterable[str]) -> tuple[str, ...]:
        """Codes that have been written but have no place among `asked`, in their order."""
        wanted = set(asked)
        return tuple(code for code in self.texts if code not in wanted)


def notes_from_toml(text: str, name: str) -> Notes:
    """The notes of a TOML file; UsageError with what to do when it cannot be read."""
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise UsageError(
            f"补写文件 {name} 看不懂：{fault}", advice='请写成 supply = "……" 这样，一行一项。'
        ) from fault
    own = data.pop(_TABLE, {})
    if not isinstance(own, dict):
        raise UsageError(f"补写文件 {name} 里的 {_TABLE} 应是一节", advice=f"请写成 [{_TABLE}]。")
    every = {**data, **own}
    drop, keep = (_codes(key, every.pop(key, []), name) for key in ("drop", "keep"))
    texts = {key: _paragraphs(key, value, name) for key, value in every.items()}
    edits = Edits(drop=drop, keep=keep - drop)
    return Notes({key: lines for key, lines in texts.items() if lines}, edits)


def notes_from_paragraphs(
    blocks: Iterable[tuple[str, Iterable[str]]], edits: Edits | None = None
) -> Notes:
    """The notes of an earlier document: (slot code, paragraphs); what still asks is no note.

    Paragraphs of no slot (code "") count where they begin with 【补写:code】 or [补写:code].
    """
    texts: dict[str, tuple[str, ...]] = {}
    for code, lines in blocks:
        for line in lines:
            tagged = _TAG.match(line.strip())
            named = tagged[1] if tagged else code
            words = _ASKING.sub("", _TAG.sub("", line.strip(), count=1) if tagged else line).strip()
            if named and words:
                texts[named] = (*texts.get(named, ()), words)
    return Notes(texts, edits or Edits())


def _codes(key: str, value: Any, name: str) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise UsageError(
            f"补写文件 {name} 里的 {key} 应是问题的编号",
            advice=f'请写成 {key} = ["approval.overdue"]；编号见 指标.xlsx 的问题表。',
        )
    return frozenset(one.strip() for one in value)


def _paragraphs(key: str, value: Any, name: str) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        raise UsageError(
            f"补写文件 {name} 里的 {key} 应是文字", advice='请写成 "……"，或 ["第一段", "第二段"]。'
        )
    parts = [" ".join(part.split()) for text in texts for part in _PARAGRAPHS.split(text)]
    return tuple(part for part in parts if part)
