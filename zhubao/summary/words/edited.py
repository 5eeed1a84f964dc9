"""What is said of the clerk's edits of the sentences offered: kept, left out, no longer true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from zhubao.summary.narrative.offers import Settled
from zhubao.summary.words.edited_numbers import changed_numbers
from zhubao.summary.words.offering import MISSING

_QUOTED, _MOST = 20, 10  # characters of a paragraph that are told, and paragraphs
_KINDS = {"problem": "问题", "plan": "计划", MISSING: "没有找到台账的提示"}


def edited_notes(settled: Mapping[str, Settled]) -> Iterator[str]:
    """What stays deleted, what stands in the clerk's own words, and what she has added.

    Numbers in her words that the sentence has otherwise are pointed out.
    """
    gone = [code for code, one in settled.items() if one.is_dropped]
    dropped = [code for code in gone if not _is_missing(code)]
    own = [code for code, one in settled.items() if one.is_reworded]
    if len(gone) > len(dropped):
        yield f"您删去的“没有找到台账”的提示 {len(gone) - len(dropped)} 行，没有再写进"
    if dropped:
        yield (
            f"您删去的 {len(dropped)} 句，台账的数没有变，没有再写进：{_named(dropped)}；要恢复，"
            f'在 --narrative 的 .toml 里写 keep = ["{dropped[0].partition(".")[2]}"]'
        )
    if own:
        yield f"您改过的 {len(own)} 句，台账的数没有变，照您的写法：{_named(own)}"
    changed = [pair for code in own for pair in _changed(settled[code])]
    if changed:
        told = (f"{text}（{f'台账 {other}' if other else '原句没有'}）" for text, other in changed)
        yield f"其中与台账不同的数，请核对：{'；'.join(dict.fromkeys(told))}"
    added = [line for one in settled.values() for line in one.added]
    if added:
        yield f"您加写的 {len(added)} 段已保留：{_quoted(added)}"


def lost_lines(settled: Mapping[str, Settled]) -> Iterator[str]:
    """Each line of the clerk's that is not written any more, word for word, and why."""
    for code, one in settled.items():
        gone = one.is_gone
        left = "台账已经补齐" if _is_missing(code) else "台账里已经没有这一项了"
        why = left if gone else "您改过的这一句里的数已经变了"
        then = "没有写进" if gone else "换成了按新数写的"
        for line in one.lost:
            yield f"{why}，{then}：{_named([code])}：{line}"


def edited_facts(settled: Mapping[str, Settled]) -> dict[str, Any]:
    """For scripts: codes by what became of them, and the lines not written any more."""
    return {
        "dropped": [code for code, one in settled.items() if one.is_dropped],
        "reworded": [code for code, one in settled.items() if one.is_reworded],
        "changed_numbers": {
            code: [{"written": text, "ledger": other} for text, other in _changed(one)]
            for code, one in settled.items()
            if _changed(one)
        },
        "added": {code: list(one.added) for code, one in settled.items() if one.added},
        "lost": {code: list(one.lost) for code, one in settled.items() if one.lost},
    }


def _changed(one: Settled) -> tuple[tuple[str, str], ...]:
    return changed_numbers(one.reworded, one.sentence) if one.is_reworded else ()


def _quoted(lines: list[str]) -> str:
    """The first words of each, of at most so many."""
    words = [f"{one[:_QUOTED]}{'……' if len(one) > _QUOTED else ''}" for one in lines[:_MOST]]
    return f"{'；'.join(words)}{f'；等 {len(lines)} 段' if len(lines) > _MOST else ''}"


def _is_missing(code: str) -> bool:
    return code.startswith(f"{MISSING}.")


def _named(codes: list[str]) -> str:
    from zhubao.summary.indicators.figures import all_figures
    from zhubao.summary.problems.rules import all_rules

    rules = {rule.code: rule.title for rule in all_rules()}
    figures = {one.code: one.title for one in all_figures()}
    parts = [code.partition(".") for code in codes]
    return "、".join(
        f"{(figures if kind == MISSING else rules).get(code, code)}（{_KINDS.get(kind, kind)}）"
        for kind, _, code in parts
    )
