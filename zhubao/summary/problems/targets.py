"""Problems of targets: what is behind its time (时间过半、任务过半)."""

from __future__ import annotations

from decimal import Decimal

from zhubao.ledger.office import Target
from zhubao.summary.problems.rules import Facts, Found, Weight, rule
from zhubao.summary.summary import Value

_NAMED = 5


@rule("targets.behind", "目标任务落后于时间进度", Weight.HIGH, needs=(Target,))
def behind_time(facts: Facts) -> Found | None:
    """Targets whose share done is below the share of time gone; of a rate, below the target."""
    measured = [one for one in facts.summary.values.values() if one.progress is not None]
    behind = [one for one in measured if one.progress and one.progress.is_behind]
    if not behind:
        return None
    named = "；".join(_words(one) for one in behind[:_NAMED])
    more = "等" if len(behind) > _NAMED else ""
    return Found(
        len(behind),
        "项",
        f"有目标的 {len(measured)} 项任务中，{len(behind)} 项落后于时间进度：{named}{more}。",
        "对落后的任务排出每月计划，明确责任部门，按月通报进度。",
        tuple(cell for one in behind if one.progress for cell in one.progress.cells[:2]),
        len(measured),
    )


def _words(value: Value) -> str:
    """房源筹集完成半年目标 2,000 套的 85.0%."""
    progress = value.progress
    assert progress is not None
    half = progress.is_half_behind
    span, target = ("半年", progress.half_year) if half else ("全年", progress.annual)
    done = progress.half_done if half else progress.done
    rate = progress.half_rate if half else progress.annual_rate
    if progress.is_level:
        return f"{value.figure.title} {_number(done)}，目标 {_number(target)}{progress.unit}"
    share = f"{rate.value:.1%}" if rate and rate.value is not None else "—"
    amount = f"{_number(target)} {progress.unit}"
    return f"{value.figure.title}完成{span}目标 {amount}的 {share}（{_number(done)}）"


def _number(value: Decimal | None) -> str:
    """1,234.5 without trailing zeros."""
    if value is None:
        return "—"
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
