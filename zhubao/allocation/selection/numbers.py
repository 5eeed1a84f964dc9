"""选房编号 and 合同编号: the sheet's own series continued."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SERIES = re.compile(r"(.*?)([0-9]{1,12})")
_SERIAL = re.compile(r"[0-9]{1,6}")
_LEAD, _WIDTH = "XF", 5


@dataclass(frozen=True, slots=True)
class Series:
    """A series of numbers. `shared`: other events number in it too."""

    prefix: str
    width: int
    highest: int = 0
    shared: bool = False

    def top_of(self, taken: Iterable[str]) -> int:
        """The highest serial of the series among these numbers; 0 when none is of the series."""
        return max((self._serial(number) for number in taken), default=0)

    def after(self, top: int) -> str:
        """The number after serial `top` and all those of the sheet."""
        return f"{self.prefix}{max(self.highest, top) + 1:0{self.width}d}"

    def _serial(self, number: str) -> int:
        rest = number.removeprefix(self.prefix)
        return int(rest) if number.startswith(self.prefix) and rest.isdigit() else 0


def selection_series(
    event_no: str, rows: Sequence[tuple[str, str]], events: Iterable[str]
) -> Series:
    """How the selections of an event are numbered; `rows` are (number, event) of the sheet.

    Sheets that number within the event (XF20200100001 of YH202001: letters, the event's digits, a
    serial) go on so. Where another event has the same digits, the whole event number is taken
    instead, unless the event has begun with its digits. Other sheets have one series for all.
    """
    digits = _digits(event_no)
    forms = Counter(form for number, event in rows if (form := _form(number, event)))
    if rows and sum(forms.values()) * 2 < len(rows):
        return _one_for_all([number for number, _ in rows])
    lead, width = max(forms, key=lambda form: (forms[form], form)) if forms else (_LEAD, _WIDTH)
    by_digits, by_event = f"{lead}{digits}", f"{lead}{event_no}"
    own = [number for number, event in rows if event == event_no]
    twins = any(_digits(event) == digits and event != event_no for event in events)
    begun = any(number.startswith(by_digits) for number in own)
    whole = not digits or (twins and not begun) or any(one.startswith(by_event) for one in own)
    prefix = by_event if whole else by_digits
    highest = _highest(prefix, (number for number, _ in rows))
    return Series(prefix, width, highest, shared=twins and not whole)


def next_lease_number(taken: Iterable[str | None], default: str = "HT000001") -> Series:
    """The lease numbers' most used series, with its highest number; begins at `default`."""
    return _one_for_all([number for number in taken if number], default)


def _one_for_all(numbers: Sequence[str], default: str = f"{_LEAD}00001") -> Series:
    matches = [match for number in numbers if (match := _SERIES.fullmatch(number))]
    if not matches:
        first = _SERIES.fullmatch(default)
        assert first is not None
        return Series(first[1], len(first[2]))
    series = Counter((match[1], len(match[2])) for match in matches)
    prefix, width = max(series, key=lambda key: (series[key], key))
    highest = max(int(m[2]) for m in matches if (m[1], len(m[2])) == (prefix, width))
    return Series(prefix, width, highest, shared=True)


def _highest(prefix: str, numbers: Iterable[str]) -> int:
    serials = (number.removeprefix(prefix) for number in numbers if number.startswith(prefix))
    return max((int(one) for one in serials if _SERIAL.fullmatch(one)), default=0)


def _form(number: str, event: str) -> tuple[str, int] | None:
    """(letters, width of the serial) of a number that holds its event's digits."""
    digits = _digits(event)
    match = re.fullmatch(rf"([^0-9]*){digits}([0-9]{{1,6}})", number) if digits else None
    whole = re.fullmatch(rf"([^0-9]*){re.escape(event)}([0-9]{{1,6}})", number)
    found = whole or match
    return (found[1], len(found[2])) if found else None


def _digits(event_no: str) -> str:
    return "".join(ch for ch in event_no if ch.isdigit())
