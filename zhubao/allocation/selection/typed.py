"""What a line typed at the counter means."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum


class Verb(Enum):
    """What the clerk wants."""

    CHOOSE = "选定"
    CONFIRM = "确认"
    ABANDON = "放弃"
    ABSENT = "未到"
    WITHDRAW = "撤销"
    GO_TO = "跳到"
    LEFT = "剩余"
    STATUS = "状态"
    HELP = "帮助"
    END = "结束"
    NOTHING = ""


_WORDS = {
    **{verb.value: verb for verb in Verb if verb.value},
    "未到场": Verb.ABSENT,
    "未来": Verb.ABSENT,
    "是": Verb.CONFIRM,
    "?": Verb.HELP,
    "退出": Verb.END,
}
_WITH_TEXT = (Verb.CHOOSE, Verb.ABANDON, Verb.WITHDRAW, Verb.GO_TO)
_ADDRESSED = re.compile(r"(?:第\s*([0-9]+)\s*号|@([0-9]+))[\s,:]+(.+)", re.S)
_NUMBERED = re.compile(r"(?:第\s*)?([0-9]+)(?:\s*号)?(?:\s+(.*))?", re.S)


@dataclass(frozen=True, slots=True)
class Typed:
    """A line understood: `rank` names a household, 0 is the one whose turn it is."""

    verb: Verb
    text: str = ""
    rank: int = 0


def understand(line: str) -> Typed:
    """A bare text is a unit number; 放弃, 撤销 and 跳到 take what follows.

    `第73号 …` or `@73 …` in front speaks of that household, wherever the line stands. Full-width
    digits and signs are read as plain ones.
    """
    text = unicodedata.normalize("NFKC", line).strip()
    addressed = _ADDRESSED.fullmatch(text)
    rank = int(addressed[1] or addressed[2]) if addressed else 0
    if addressed:
        text = addressed[3].strip()
    verb, rest = _split(text)
    if verb in (Verb.WITHDRAW, Verb.GO_TO):
        numbered = _NUMBERED.fullmatch(rest)
        if numbered:
            return Typed(verb, (numbered[2] or "").strip(), int(numbered[1]))
    return Typed(verb, rest, rank)


def _split(text: str) -> tuple[Verb, str]:
    if not text:
        return Verb.NOTHING, ""
    for word in sorted(_WORDS, key=len, reverse=True):
        verb = _WORDS[word]
        if text == word:
            return verb, ""
        rest = text[len(word) :]
        if text.startswith(word) and verb in _WITH_TEXT:
            return verb, rest.strip(" ,:：，、")
    return Verb.CHOOSE, text
