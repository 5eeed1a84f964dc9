"""What is kept of a draw beside its public texts: when, before whom, and why a second time."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

FACTS = "facts.json"


@dataclass(frozen=True, slots=True)
class DrawFacts:
    """What is kept of a draw beside its public texts."""

    drawn_at: str  # ISO, to the minute
    witnesses: tuple[str, ...] = ()
    reason: str = ""
    approved_by: tuple[str, ...] = ()

    @property
    def moment(self) -> dt.datetime:
        """The time of the draw."""
        return dt.datetime.fromisoformat(self.drawn_at)


def facts_text(facts: DrawFacts) -> str:
    """One JSON object, as it is kept in the archive."""
    return f"{json.dumps(asdict(facts), ensure_ascii=False)}\n"


def read_facts(texts: Mapping[str, str]) -> DrawFacts:
    """The facts kept with a draw; ValueError when they are none."""
    try:
        record: dict[str, Any] = json.loads(texts[FACTS])
        witnesses, approved = tuple(record["witnesses"]), tuple(record["approved_by"])
        facts = DrawFacts(str(record["drawn_at"]), witnesses, str(record["reason"]), approved)
        dt.datetime.fromisoformat(facts.drawn_at)
    except (KeyError, TypeError) as fault:
        raise ValueError(f"{FACTS} 读不通") from fault
    return facts


def split_names(words: Sequence[str]) -> tuple[str, ...]:
    """Names parted by 、 or commas, each once, in order.

    张 三, 张三 and the same in full width are one name: two spellings are no two persons.
    """
    names: dict[str, str] = {}
    for word in words:
        for part in word.replace("，", "、").replace(",", "、").split("、"):
            if part.strip():
                folded = "".join(unicodedata.normalize("NFKC", part).split()).casefold()
                names.setdefault(folded, " ".join(part.split()))
    return tuple(names.values())
