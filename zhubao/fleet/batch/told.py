"""What a job itself reported, in a few words for the table of results: 疑点106条（警告38条）."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

_MOST = 2_000_000  # characters of an output that are looked at
_FOLDED = re.compile(r"\n {6}(?=\S)")  # a long line goes on below, indented
_LEVELS = re.compile(r"(错误|警告) ?([\d,]+) ?条")
_COUNTED = r"（([\d,]+) ?([件条户项套处笔起份])[^（）\n]*）[ \t]*$"


def told_in(output: Path) -> str:
    """The counts a job has printed, "" where it has none: 超期1件，还要补写11段.

    The words are those of the commands' own answers on a terminal; none is worked out here. A count
    of zero is left out. An output that cannot be read (JSON, none at all) tells nothing.
    """
    try:
        with output.open(encoding="utf-8", errors="replace") as stream:
            text = _FOLDED.sub("", stream.read(_MOST))
    except OSError:
        return ""
    return "，".join(dict.fromkeys(_told(text)))


def _told(text: str) -> Iterator[str]:
    for pattern, worded in _PATTERNS:
        for found in pattern.finditer(text):
            words = worded(found)
            if words:
                yield words


def _suspicions(found: re.Match[str]) -> str:
    return f"疑点{found[1]}条{_levels(found[2])}" if found[1] != "0" else ""


def _faults(found: re.Match[str]) -> str:
    """Mere hints are no result of the job."""
    levels = _levels(found[2])
    return f"台账问题{found[1]}条{levels}" if levels else ""


def _levels(text: str) -> str:
    counts = [f"{name}{count}条" for name, count in _LEVELS.findall(text) if count != "0"]
    return f"（{'、'.join(counts)}）" if counts else ""


def _counted(found: re.Match[str]) -> str:
    """The heading of a table that carries its count: 已超期，还没有办结（1 件）."""
    what = found[1].partition("，")[0].removeprefix("已").removeprefix("台账反映的")
    return f"{what}{found[2]}{found[3]}" if found[2] != "0" else ""


def _behind(found: re.Match[str]) -> str:
    named, every, late, how = found.groups()
    return f"{named or ''}{every}项中{late}项{how}" if late != "0" else ""


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"疑点 ?([\d,]+) ?条：(错误[^；。\n]*)"), _suspicions),
    (re.compile(r"^共 ([\d,]+) 条：(.*)$", re.MULTILINE), _faults),
    (
        re.compile(rf"^([^（\n]*(?:超期|逾期|问题|异常|不符))[^（\n]*{_COUNTED}", re.MULTILINE),
        _counted,
    ),
    (
        re.compile(r"(\w*目标)?(\d+) ?项中 ?(\d+) ?项(落后于时间进度|没有完成)"),
        _behind,
    ),
    (re.compile(r"还有 (\d+) 段请补写"), lambda found: f"还要补写{found[1]}段"),
)
