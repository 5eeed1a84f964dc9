"""What a clerk wrote into paragraphs that the program writes anew: told, for it is not kept there.

A document remembers a mark for every sentence the program wrote into it. A sentence found there
later without a mark is the clerk's, whatever became of the figures since.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator

_ENDS = re.compile(r"(?<=[。！？；!?;])")
_PLACE = re.compile(
    r"^(?:\([〇一二三四五六七八九十]+\)|[〇一二三四五六七八九十]+、|\d{1,3}[.、](?!\d))"
)
_NO_WORDS = re.compile(r"[\s。，、；：！？,;:!?.]+")
_MARK = 6  # characters
_IN_A_LINE = 42  # marks; a word processor keeps 255 characters of a property
_QUOTED = 20  # characters of a sentence that are told
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"


def marks_of(paragraphs: Iterable[str]) -> list[str]:
    """Lines of at most 255 characters with the mark of every sentence, each once."""
    marks = list(dict.fromkeys(mark for text in paragraphs for mark, _ in _sentences(text)))
    return ["".join(marks[at : at + _IN_A_LINE]) for at in range(0, len(marks), _IN_A_LINE)]


def additions(
    paragraphs: Iterable[str], remembered: Iterable[str], kept: Iterable[str] = ()
) -> tuple[str, ...] | None:
    """Of each paragraph the first sentence that is neither remembered nor said in `kept`.

    `remembered` are the lines of `marks_of`, `kept` the paragraphs of the document that comes
    after. The number before a heading or a plan, blanks and punctuation do not count. None for a
    document that remembers nothing: it cannot tell.
    """
    known = {line[at : at + _MARK] for line in remembered for at in range(0, len(line), _MARK)}
    if not known:
        return None
    known |= {mark for text in kept for mark, _ in _sentences(text)}
    firsts = (
        next((words for mark, words in _sentences(text) if mark not in known), "")
        for text in paragraphs
    )
    return tuple(filter(None, firsts))


def additions_line(found: tuple[str, ...], kept_in: str) -> str:
    """What is told of them, each by its first words; `kept_in` is the file that still has them."""
    shown = "；".join(
        f"{circle}{words[:_QUOTED]}{'……' if len(words) > _QUOTED else ''}"
        for circle, words in zip(_CIRCLED, found, strict=False)
    )
    more = f"；等 {len(found)} 处" if len(found) > len(_CIRCLED) else ""
    return (
        f"注：您在标黄段落以外加写、改写的 {len(found)} 处没有保留，原文在 {kept_in}：{shown}{more}"
        "（要保留的，请写在标黄的段落里）"
    )


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """Mark and words of each sentence that has words."""
    for words in _ENDS.split(text):
        plain = _NO_WORDS.sub("", _PLACE.sub("", unicodedata.normalize("NFKC", words.strip())))
        if plain:
            digest = hashlib.sha256(plain.encode("utf-8", "replace")).digest()
            yield base64.b64encode(digest[:6]).decode()[:_MARK], words.strip()
