"""Problems of targets: what is behind its time, or missed once the time is over."""

from __future__ import annotations

from zhubao.ledger.office import Target
from zhubao.summary.problems.due import Due, Held, all_of, held_to, number
from zhubao.summary.problems.rules import Facts, Found, Weight, rule, share

_NAMED = 5


@rule("targets.behind", "目标任务没有按进度完成", Weight.HIGH, needs=(Target,))
def behind_time(facts: Facts) -> Found | None:
    """Targets whose share done is below the share of time gone; of a rate, below the target.

    A period up to 30 June is held to the half-year targets, a later one to the annual ones.
    """
    held = held_to(facts.summary)
    if not held.behind:
        return None
    named = "；".join(_words(one) for one in held.behind[:_NAMED])
    more = "等" if len(held.behind) > _NAMED else ""
    return Found(
        len(held.behind),
        "项",
        f"{_state(held)}：{named}{more}。",
        f"对{'没有完成' if held.is_over else '落后'}的目标任务排出每月计划，明确责任部门，"
        "按月通报进度。",
        tuple(cell for one in held.behind for cell in one.progress.cells[:2]),
        len(held.dues),
    )


def _state(held: Held) -> str:
    """半年目标 9 项中 7 项没有完成; before the end 9 项目标任务中 1 项落后于时间进度."""
    count, behind = len(held.dues), len(held.behind)
    if held.is_over:
        missed = f"{all_of(count)}未完成" if behind == count else f"中 {behind} 项没有完成"
        return f"{held.title} {count} 项{missed}"
    gone = {one.gone for one in held.behind if not one.progress.is_level}
    time = next(iter(gone)) if len(gone) == 1 else None
    shown = f"（时间已过 {share(time.numerator, time.denominator)}）" if time else ""
    late = all_of(count) if behind == count else f"中 {behind} 项"
    return f"{count} 项目标任务{late}落后于时间进度{shown}"


def _words(one: Due) -> str:
    """租金收缴完成 23.36 万元，为半年目标 110 万元的 21.24%."""
    unit, title = one.progress.unit, one.figure.title
    if one.progress.is_level:
        return f"{title} {one.done:.2f}%，目标 {number(one.target)}%"
    rate = one.rate
    part = share(rate.numerator, rate.denominator) if rate is not None else "—"
    done, target = (f"{number(value, unit)} {unit}" for value in (one.done, one.target))
    return f"{title}完成 {done}，为{one.span}目标 {target}的 {part}"
