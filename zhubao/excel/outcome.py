"""What becomes of one raw value: a typed value, perhaps an original to keep, perhaps a fault."""

from __future__ import annotations

from typing import Any, NamedTuple

from zhubao.core.finding import FindingKind
from zhubao.core.masking import mask_numbers

_SHOWN = 40


class Fault(NamedTuple):
    """A kind of finding with what its template needs besides the header."""

    kind: FindingKind
    values: dict[str, str]


class Outcome(NamedTuple):
    """`odd`: the value is not simply the raw one, so the raw one is kept beside it."""

    value: Any
    odd: bool = False
    fault: Fault | None = None


EMPTY = Outcome(None)
MARKED_EMPTY = Outcome(None, odd=True)


def refuse(kind: FindingKind, raw: object, **values: str) -> Outcome:
    """No value: the cell gets a finding that shows what is written there."""
    return Outcome(None, odd=True, fault=Fault(kind, {"shown": shown(raw), **values}))


def shown(raw: object) -> str:
    """A raw value for a message: short, without line breaks, whole numbers without ".0".

    Identity and mobile numbers typed into another column are masked here as well.
    """
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        raw = int(raw)
    text = mask_numbers(" ".join(str(raw).split()))
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
