"""Free text for the public: names, numbers and household codes of the entrants starred out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from zhubao.core.masking import mask_name, mask_numbers

_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z\-_/]*")
_LANDLINE = re.compile(
    r"(?<![0-9A-Za-z-])(?!(?:19|20)[0-9]{2}[01][0-9][0-3][0-9](?![0-9]))"  # no date like 20210305
    r"(?:0[0-9]{2,3}-?)?[2-8][0-9]{6,7}(?![0-9A-Za-z-])"
)
_GROUP = 4  # digits of a receipt between two spaces


class Scrubber:
    """Knows the entrants of an event. `codes`: household, waiting and entrant numbers."""

    def __init__(self, names: Iterable[str], codes: Iterable[str]) -> None:
        long_first = sorted({name for name in names if len(name) > 1}, key=len, reverse=True)
        pattern = "|".join(re.escape(name) for name in long_first)
        self._names = re.compile(pattern) if pattern else None
        self._codes = frozenset(code for code in codes if code)

    def numbers(self, text: str) -> str:
        """Words the bureau itself publishes: identity and telephone numbers and codes only."""
        return _WORD.sub(self._starred, mask_numbers(text))

    def remark(self, text: str) -> str:
        """Words somebody typed in freely: full names of entrants and any telephone as well."""
        cleaned = _LANDLINE.sub(lambda match: "*" * len(match[0]), self.numbers(text))
        if self._names is None:
            return cleaned
        return self._names.sub(lambda match: mask_name(match[0]), cleaned)

    def _starred(self, match: re.Match[str]) -> str:
        return "*" * len(match[0]) if match[0] in self._codes else match[0]


def grouped(receipt: str) -> str:
    """A receipt as people read it: 1a2b 3c4d …, four digits at a time; "" for none."""
    return " ".join(receipt[start : start + _GROUP] for start in range(0, len(receipt), _GROUP))
