"""Entries from a file: tried first, and recorded only when every line stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from zhubao.allocation.selection.judging import Refused, Wish
from zhubao.allocation.selection.session import Session
from zhubao.allocation.selection.typed import Verb, understand

_VIEWS = (Verb.NOTHING, Verb.HELP, Verb.LEFT, Verb.STATUS, Verb.END)


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that does not stand; `line` counts from 1."""

    line: int
    text: str
    message: str


@dataclass(frozen=True, slots=True)
class Played:
    """What a script did: a confirmation per entry, and the lines that were refused."""

    said: tuple[str, ...]
    faults: tuple[Fault, ...]


def play(lines: Iterable[str], session: Session, at: dt.datetime) -> Played:
    """Take the lines in order; empty ones, those that begin with # and views are passed over.

    After a refused line only lines that name their household are still judged: of the others it
    is not certain any more whom they mean.
    """
    said: list[str] = []
    faults: list[Fault] = []
    for number, line in enumerate(lines, 1):
        typed = understand(line)
        if line.lstrip().startswith("#") or typed.verb in _VIEWS:
            if typed.verb is Verb.END:
                break
            continue
        if faults and not typed.rank:
            continue
        answer = session.take(line, at)
        if answer.refused:
            faults.append(Fault(number, line.strip(), answer.lines[0]))
        else:
            said += answer.lines
    return Played(tuple(said), tuple(faults))


def play_one(wish: Wish, session: Session, at: dt.datetime) -> Played:
    """One entry given with options; the line of its fault is 0."""
    try:
        return Played(session.record(wish, at).lines, ())
    except Refused as reason:
        return Played((), (Fault(0, wish.entrant_no, f"没有登记：{reason}"),))
