"""The cases of 违规与变动 as they stood on the day, read once for all checks."""

from __future__ import annotations

from zhubao.audit.facts import Facts
from zhubao.patrol.cases.book import Case, read_cases


def cases(facts: Facts) -> tuple[Case, ...]:
    """Every case found by the day, in the order of the sheet."""
    return tuple(read_cases(facts.loaded, facts.as_of))
