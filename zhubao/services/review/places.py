"""Households by street and community: what is chosen, and how it is grouped for printing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zhubao.core.errors import UsageError
from zhubao.services.review.population import Due, ReviewYear

BLANK = "（未填）"


@dataclass(frozen=True, slots=True)
class Where:
    """The part of the district asked for; empty is all of it."""

    street: str = ""
    community: str = ""

    @property
    def words(self) -> str:
        """For a note: 湖东街道 柳堤社区."""
        return " ".join(part for part in (self.street, self.community) if part)

    def chosen(self, view: ReviewYear, items: Iterable[Due]) -> tuple[Due, ...]:
        """Those that live there; UsageError for a place no household of the year is in."""
        listed = tuple(items)
        for name, wanted, title in (
            ("street", self.street, "街道"),
            ("community", self.community, "社区"),
        ):
            known = {view.field(one, name) for one in view.due}
            if wanted and wanted not in known:
                names = "、".join(sorted(str(one) for one in known if one)[:8])
                raise UsageError(
                    f"年审范围里没有{title}“{wanted}”", advice=f"请照台账写全称，如 {names}。"
                )
        return tuple(
            one
            for one in listed
            if self.street in ("", view.field(one, "street"))
            and self.community in ("", view.field(one, "community"))
        )


def place_of(view: ReviewYear, due: Due) -> tuple[str, str]:
    """(street, community) of a household, a word where the ledger is empty."""
    return view.field(due, "street") or BLANK, view.field(due, "community") or BLANK


def by_community(view: ReviewYear, items: Iterable[Due]) -> dict[tuple[str, str], tuple[Due, ...]]:
    """(street, community) → its households, both in order of name and number."""
    found: dict[tuple[str, str], list[Due]] = {}
    for one in items:
        found.setdefault(place_of(view, one), []).append(one)
    return {place: tuple(found[place]) for place in sorted(found)}


def place_title(place: tuple[str, str], places: Iterable[tuple[str, str]]) -> str:
    """The community's name, with its street where another street has one of the same name."""
    street, community = place
    twice = sum(other[1] == community for other in places) > 1
    return f"{street}{community}" if twice or community == BLANK else community
