"""How a target stands, in one set of words for text, tables, workbook and terminal."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from zhubao.summary.targets.progress import Progress


class Standing(StrEnum):
    """The state of one target on a day; the value is what is said of it."""

    NO_TARGET = "没有定目标"
    MET = "已达标"
    UNMET = "未达标"
    DONE = "已完成"
    UNDONE = "没有完成"
    AHEAD = "快于时间进度"
    EVEN = "与时间进度持平"
    BEHIND = "落后于时间进度"

    @property
    def is_wanting(self) -> bool:
        """True for what is behind, not done at the end, or a rate below its target."""
        return self in (Standing.UNMET, Standing.UNDONE, Standing.BEHIND)


def standing(progress: Progress, *, half: bool) -> Standing:
    """How the half-year's or the year's target stands.

    A rate is met or not (以上含本数), whatever the time. A number is done once the target is
    reached; at the end of its time it is done or not; before that its share done is above, equal
    to or below the share of the time gone, compared exactly.
    """
    target = progress.half_year if half else progress.annual
    done = progress.half_done if half else progress.done
    if target is None:
        return Standing.NO_TARGET
    if progress.is_level:
        return Standing.MET if done >= target else Standing.UNMET
    if done >= target:
        return Standing.DONE
    gone = progress.half_elapsed if half else progress.elapsed
    if gone.numerator >= gone.denominator:
        return Standing.UNDONE
    return _beside_time(done * gone.denominator, target * gone.numerator)


def tally(measured: Iterable[Progress], *, half: bool) -> str:
    """9项全部完成；9项中7项没有完成（全年已结束）；9项中1项落后于时间进度. "" without targets."""
    counted = [one for one in measured if (one.half_year if half else one.annual) is not None]
    if not counted:
        return ""
    states = [standing(one, half=half) for one in counted]
    total = f"{len(states)}项"
    wanting = [one for one in states if one.is_wanting]
    elapsed = counted[0].half_elapsed if half else counted[0].elapsed
    if elapsed.numerator >= elapsed.denominator:
        over = f"（{'上半年' if half else '全年'}已结束）"
        left = f"{total}中{len(wanting)}项{Standing.UNDONE}{over}"
        return left if wanting else f"{total}全部完成"
    return f"{total}{_going(states, wanting)}"


def _going(states: list[Standing], wanting: list[Standing]) -> str:
    """What is to be said while the time runs."""
    if wanting:
        order = (Standing.BEHIND, Standing.UNMET)
        return "中" + "、".join(f"{wanting.count(one)}项{one}" for one in order if one in wanting)
    if all(one in (Standing.DONE, Standing.MET) for one in states):
        return "全部完成"
    return f"都没有{Standing.BEHIND}"


def _beside_time(done: Decimal, due: Decimal) -> Standing:
    if done == due:
        return Standing.EVEN
    return Standing.AHEAD if done > due else Standing.BEHIND
