"""A step from lead to closure as a report: what it does, or all that stands in its way."""

from __future__ import annotations

import datetime as dt

from zhubao.audit.rectify.book import Taken
from zhubao.core.masking import mask_numbers
from zhubao.core.report import Report


def step_report(taken: Taken, latest: dt.date, *, bureau: str = "") -> Report:
    """The report of a command from `verify` to `close`."""
    refused = (f"没有办理：有 {len(taken.refusals)} 处要先解决",) if taken.refusals else ()
    return Report(
        code="audit.step",
        title=taken.title,
        bureau=bureau,
        as_of=latest,
        notes=(*refused, *map(mask_numbers, taken.notes)),
        findings=taken.refusals,
        facts={**taken.facts, "day": taken.day, "refused": len(taken.refusals)},
    )
