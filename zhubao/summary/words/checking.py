"""Compares what a made document prints with the values again, number by number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhubao.core.errors import OutputError
from zhubao.summary.words.outline import Paragraph
from zhubao.summary.words.telling import Telling

_NAMED = 5
Printed = tuple[str, str, str]  # code, part, text


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A number that the document prints otherwise than the value says, or not at all ("")."""

    code: str
    part: str
    printed: str
    value: str

    def __str__(self) -> str:
        printed = f"印成“{self.printed}”" if self.printed else "没有印出"
        return f"{self.code} 应为“{self.value}”，{printed}"


def mismatches(
    telling: Telling, paragraphs: Sequence[Paragraph], printed: Iterable[Printed]
) -> tuple[Mismatch, ...]:
    """Numbers printed wrongly, then those of the paragraphs that are missing, in order.

    Every printed number is formed anew from its value; the attachment may be left out by a
    bureau's own template, a number of a sentence may not.
    """
    read = list(printed)
    wrong = []
    for code, part, text in read:
        value = telling.text(code, part)
        if value != text:
            wrong.append(Mismatch(code, part, text, value or "—"))
    wanted = Counter((p.code, p.part) for one in paragraphs for p in one.pieces if p.code)
    lost = wanted - Counter((code, part) for code, part, _ in read)
    missing = [Mismatch(code, part, "", telling.text(code, part) or "—") for code, part in lost]
    return (*wrong, *missing)


def refuse_mismatches(found: Sequence[Mismatch], name: str) -> None:
    """OutputError naming the first few numbers that differ; nothing for none."""
    if not found:
        return
    shown = "；".join(map(str, found[:_NAMED]))
    more = f"；等 {len(found)} 处" if len(found) > _NAMED else ""
    raise OutputError(
        f"{name} 里的数字与台账算出的不一致，没有写出：{shown}{more}",
        advice="多半是本局的模板改动了正文部分：请对照自带的模板改正，或先移走本局的模板。",
    )
