"""The sentence on 目标任务: what is reached at the end of its time, before then what is behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhubao.summary.problems.due import all_of, held_to
from zhubao.summary.words.telling import FACT, Telling

if TYPE_CHECKING:
    from zhubao.summary.summary import Summary

COUNTED, KEPT, BEHIND = "fact.targets", "fact.targets_kept", "fact.targets_behind"
MISSED = "fact.targets_missed"


def target_facts(summary: Summary) -> dict[str, str]:
    """Number of targets with progress, of those reached and missed, and the titles of these."""
    held = held_to(summary)
    count, behind = len(held.dues), held.behind
    if not count:
        return {}
    facts = {COUNTED: f"{count}项", KEPT: f"{count - len(behind)}项"}
    if not behind:
        return facts
    titles = "、".join(one.figure.title for one in behind)
    return facts | {MISSED: f"{len(behind)}项", BEHIND: titles}


def progress(telling: Telling) -> str | None:
    """半年目标9项全部完成; before that 9项目标任务中1项落后于时间进度, by name."""
    if telling.text(COUNTED, FACT) is None:
        return None
    held = held_to(telling.summary)
    count, is_over = telling.n(COUNTED, FACT), held.is_over
    if telling.text(BEHIND, FACT) is None:
        if is_over:
            return f"{held.title}{count}全部完成。"
        return f"{count}目标任务没有一项落后于时间进度。"
    missed, names = telling.n(MISSED, FACT), telling.n(BEHIND, FACT)
    number = len(held.dues)
    is_all = len(held.behind) == number
    if not is_over:
        late = all_of(number) if is_all else f"中{missed}"
        return f"{count}目标任务{late}落后于时间进度：{names}。"
    ended = "（全年已结束）" if not held.dues[0].is_half else ""
    state = f"{all_of(number)}未完成" if is_all else f"中{missed}没有完成"
    return f"{held.title}{count}{state}{ended}：{names}。"
