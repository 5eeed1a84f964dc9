"""What can be asked of the arrears report. Light: the command line reads it for its help."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """What the detail list is sorted by; ties by household number."""

    OWED = "owed"
    MONTHS = "months"
    OLDEST = "oldest"
    ESTATE = "estate"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class ArrearsOptions:
    """What to list. An empty estate is all of them."""

    estate: str = ""
    min_months: int = 0
    sort: Sort = Sort.OWED
