"""A number of the summary's indicator tables as a report: what is printed, and what it is now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from zhubao.audit.trace.adding import rate_agrees
from zhubao.audit.trace.journal_rows import Touch
from zhubao.core.finding import Finding
from zhubao.core.report import Report
from zhubao.summary.trace.companion import Companion, told
from zhubao.summary.trace.figure_report import Asked, figure_report
from zhubao.summary.trace.touch_table import SINCE, made_words, touch_table


def companion_report(
    companion: Companion,
    now: Asked,
    *,
    bureau: str = "",
    findings: Sequence[Finding] = (),
    notes: Sequence[str] = (),
    made_at: dt.datetime | None = None,
    touches: Sequence[Touch] = (),
) -> Report:
    """What is printed, the figure as it is now, its cells, and the changes since where it differs.

    `notes` go behind the verdict.
    """
    printed, same = companion.printed, companion.is_same(now.measured)
    rate_words, _ = rate_agrees(printed)
    report = figure_report(
        [now],
        companion.period,
        companion.day,
        bureau=bureau,
        findings=findings,
        part=companion.part_title,
        notes=(*_notes(companion, now, made_at), *((rate_words,) if rate_words else ()), *notes),
    )
    tables = (touch_table(SINCE, touches),) if touches and not same else ()
    own = {
        "cell": str(printed.where),
        "header": printed.header,
        "differs": not same or bool(rate_words),
        "changes_since": len(touches),
    }
    return replace(
        report,
        code="trace.companion",
        tables=(*report.tables, *tables),
        facts={**report.facts, **own},
    )


def _notes(companion: Companion, now: Asked, made_at: dt.datetime | None) -> Iterator[str]:
    printed = companion.printed
    shown = "空的" if printed.value in ("", None) else told(printed)
    yield (
        f"报表这一格是“{printed.header}”：{shown}；"
        f"按 {companion.period.title} 的指标重算，截止 {companion.day}"
    )
    if not companion.is_same(now.measured):
        yield f"报表上的数与台账现在的内容不同：按台账重算是 {now.words}；需要时重新生成"
        if made_at is not None:
            yield made_words(made_at)
        return
    subject = "" if now.measured is None else "报表上的数"
    yield f"{subject}与台账现在的内容一致"
