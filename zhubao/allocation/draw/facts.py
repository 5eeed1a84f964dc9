"""What is kept of a draw beside its public texts: when, before whom, and why a second time."""

from __future__ import annotations

import datetime as dt
import json
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
    """The facts kept with a draw."""
    record: dict[str, Any] = json.loads(texts[FACTS])
    witnesses, approved = tuple(record["witnesses"]), tuple(record["approved_by"])
    return DrawFacts(record["drawn_at"], witnesses, record["reason"], approved)


def split_names(words: Sequence[str]) -> tuple[str, ...]:
    """Names parted by 、 or commas, each once, in order."""
    parts = (
        part for word in words for part in word.replace("，", "、").replace(",", "、").split("、")
    )
    return tuple(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))
