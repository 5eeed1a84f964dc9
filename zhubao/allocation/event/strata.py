"""分层: what a household competes for. Households and units of one stratum belong together."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from zhubao.allocation.draw.texts import clean
from zhubao.allocation.entitlement import same_layout

EVERYTHING = "全部房源"
_LIST = re.compile(r"[、,，;；/]+")
_SPELLINGS = str.maketrans("0123456789二房", "〇一两三四五六七八九两室")


class Strata(StrEnum):
    """How finely units and households are parted."""

    ESTATE_LAYOUT = "小区户型"
    LAYOUT = "户型"
    WHOLE = "全部"

    @property
    def needs_estate(self) -> bool:
        """True when a stratum names the estate."""
        return self is Strata.ESTATE_LAYOUT

    @property
    def needs_layout(self) -> bool:
        """True when a stratum names the layout."""
        return self is not Strata.WHOLE

    def text(self, estate: str | None, layout: str | None) -> str:
        """The stratum as published; "" when what it needs is not known."""
        estate, layout = clean(estate), clean(layout)
        if self is Strata.WHOLE:
            return EVERYTHING
        if not layout or (self.needs_estate and not estate):
            return ""
        return f"{estate} {layout}" if self.needs_estate else layout


def estates_of(text: str | None) -> tuple[str, ...]:
    """The estates an event names, parted by 、; none when it names none."""
    return tuple(dict.fromkeys(name for part in _LIST.split(text or "") if (name := clean(part))))


def one_spelling(layouts: Iterable[str]) -> Mapping[str, str]:
    """Spelling → the commonest one of the same 户型: 2室1厅 and 二房一厅 are 两室一厅.

    Numbers of rooms and of halls must agree; of equally common ones the first in order counts.
    """
    counts = Counter(layouts)
    best: dict[str, str] = {}
    for layout in sorted(counts, key=lambda one: (-counts[one], one)):
        best.setdefault(_folded(layout), layout)
    return {layout: best[_folded(layout)] for layout in counts}


def spelt_like(layout: str, offered: Iterable[str]) -> str:
    """The offered 户型 that a household's means; as it stands when none or several could be.

    The same spelling first, then the same rooms and halls, then as many rooms.
    """
    known = tuple(dict.fromkeys(offered))
    if layout in known:
        return layout
    folded = _folded(layout)
    exact = [one for one in known if _folded(one) == folded]
    meant = exact or [one for one in known if same_layout(one, layout)]
    return meant[0] if len(meant) == 1 else layout


def _folded(layout: str) -> str:
    return unicodedata.normalize("NFKC", layout).translate(_SPELLINGS)
