"""The sentence on 目标任务: how many keep pace with the time that has passed, and which do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhubao.summary.words.telling import FACT, Telling

if TYPE_CHECKING:
    from zhubao.summary.summary import Summary

COUNTED, KEPT, BEHIND = "fact.targets", "fact.targets_kept", "fact.targets_behind"


def target_facts(summary: Summary) -> dict[str, str]:
    """Number of targets with progress, of those that keep pace, and the titles of the others."""
    values = [v for v in summary.values.values() if v.progress is not None]
    if not values:
        return {}
    behind = [v.figure.title for v in values if v.progress is not None and v.progress.is_behind]
    facts = {COUNTED: f"{len(values)}项", KEPT: f"{len(values) - len(behind)}项"}
    return facts | ({BEHIND: "、".join(behind)} if behind else {})


def progress(telling: Telling) -> str | None:
    """Targets that keep pace ÷ targets that can be counted; those behind by name."""
    if telling.text(COUNTED, FACT) is None:
        return None
    if telling.text(BEHIND, FACT) is None:
        return f"对照年度目标任务，可统计的{telling.n(COUNTED, FACT)}指标全部达到时间进度。"
    return (
        f"对照年度目标任务，可统计的{telling.n(COUNTED, FACT)}指标中{telling.n(KEPT, FACT)}"
        f"达到时间进度，进度落后的是{telling.n(BEHIND, FACT)}。"
    )
