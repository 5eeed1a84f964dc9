"""The values of a job file, each taken from what TOML gives. ValueError says what is demanded."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from zhubao.fleet.batch.model import OnFailure, PeriodEnd, When
from zhubao.fleet.batch.words import split_words

_UNITS = {"s": 1, "秒": 1, "m": 60, "分": 60, "分钟": 60, "h": 3600, "小时": 3600}
_SECONDS = re.compile(r"(\d+(?:\.\d+)?)\s*(s|秒|m|分钟|分|h|小时)?")
_MOST_SECONDS = 86_400.0
_HIGHEST_EXIT = 255


def text(value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise ValueError("应是带引号的文字")
    return value.strip()


def name(value: Any) -> str:
    """A job's name: one line, not blank, at most forty characters."""
    result = text(value)
    if not result or len(result) > 40 or not result.isprintable():
        raise ValueError("应是一行文字，不能空，不超过 40 个字")
    return result


def texts(value: Any) -> tuple[str, ...]:
    """A text, or a list of texts; none of them blank."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(
        isinstance(one, str) and one.strip() for one in items
    ):
        raise ValueError('应是文字，或文字的列表，如 ["甲", "乙"]')
    return tuple(one.strip() for one in items)


def command(value: Any) -> tuple[str, ...]:
    """Command words: a list, or one text to be split; a leading `zhubao` is dropped."""
    if isinstance(value, str):
        words = list(split_words(value))
    elif isinstance(value, list) and all(isinstance(one, str) for one in value):
        words = list(value)
    else:
        raise ValueError('应是一段文字，如 "rent month"，或文字的列表，如 ["rent", "month"]')
    if words[:1] == ["zhubao"]:
        words = words[1:]
    if not words:
        raise ValueError("是空的，要写 zhubao 的命令，如 rent month")
    if any("\0" in one for one in words):
        raise ValueError("里有不能用的字符")
    return tuple(words)


def on_failure(value: Any) -> OnFailure:
    """stop or continue."""
    try:
        return OnFailure(value)
    except ValueError:
        raise ValueError('应是 "stop"（停下）或 "continue"（继续）') from None


def exit_codes(value: Any) -> frozenset[int]:
    """A number or a list of numbers, 0 to 255."""
    items = value if isinstance(value, list) else [value]
    if not items or not all(type(one) is int and 0 <= one <= _HIGHEST_EXIT for one in items):
        raise ValueError("应是退出码，如 0，或列表 [0, 1]")
    return frozenset(items)


def seconds(value: Any) -> float:
    """Seconds as a number, or a text such as 90s, 10m, 10分钟, 1h; at most a day."""
    found: float | None = None
    if isinstance(value, int | float) and not isinstance(value, bool):
        found = float(value)
    elif isinstance(value, str) and (match := _SECONDS.fullmatch(value.strip().lower())):
        found = float(match[1]) * _UNITS[match[2] or "s"]
    if found is None or not 0 < found <= _MOST_SECONDS:
        raise ValueError('应是大于 0 的秒数，或 "10分钟"、"1小时" 这样的文字，不超过一天')
    return found


def when(value: Any) -> When:
    """Period ends and months; a job is due when any of them fits."""
    months: set[int] = set()
    words: list[str] = []
    for one in value if isinstance(value, list) else [value]:
        if type(one) is int and 1 <= one <= 12:
            months.add(one)
            words.append(f"{one} 月")
            continue
        end = _period_end(one)
        months |= end.months
        words.append(end.title)
    return When(frozenset(months), "、".join(words))


def _period_end(value: Any) -> PeriodEnd:
    try:
        return PeriodEnd(value)
    except ValueError:
        raise ValueError(
            '应是 "quarter_end"（季末）、"half_year_end"（半年末）、"year_end"（年末），'
            "或月份，如 [1, 7]"
        ) from None


def day(value: Any) -> dt.date:
    """A date, as TOML writes it or as a text."""
    if type(value) is dt.date:
        return value
    try:
        return dt.date.fromisoformat(text(value))
    except ValueError:
        raise ValueError("应是日期，如 2020-06-30") from None


def day_or_text(value: Any) -> dt.date | str:
    """A date, or a text that may be a placeholder."""
    return value if type(value) is dt.date else text(value)
