"""配租: draws held in secret, entrants who should not be there, choices out of order, bans."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.audit.seeding.fault import Subjects, fault
from tests.audit.seeding.town import Place, Town
from zhubao.core.period import Month
from zhubao.ledger.allocation import (
    DrawEvent,
    DrawMode,
    DrawOutcome,
    DrawPurpose,
    DrawResult,
    DrawStatus,
    RelatedPerson,
    RosterEntry,
    RosterStatus,
    SelectionAction,
    UnitSelection,
)
from zhubao.ledger.patrol import CaseCategory, CaseKind, RectificationStatus, TenancyCase
from zhubao.ledger.tenants import WaitingStatus
from zhubao.ledger.units import UnitStatus

_AT = dt.datetime(2020, 3, 4, 9, 30)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Entrant:
    """A household in a public rental draw: roster, result, and what it did at the counter."""

    roster: Place
    result: Place
    choice: Place | None

    @property
    def number(self) -> str:
        """参摇编号."""
        return str(self.roster["entrant_no"])

    @property
    def chose(self) -> bool:
        """True when it took a unit."""
        return self.choice is not None and self.choice["action"] is SelectionAction.CHOSEN

    @property
    def subjects(self) -> tuple[str, ...]:
        """What its leads are about."""
        return self.number, str(self.roster["household_no"])


def entrants(town: Town, where: Callable[[Entrant], bool]) -> Iterator[Entrant]:
    """Free entrants in random order, each household once."""
    results = {one["entrant_no"]: one for one in town.all_rows(DrawResult)}
    choices = {one["entrant_no"]: one for one in town.all_rows(UnitSelection)}
    kin = {one["name"] for one in town.all_rows(RelatedPerson)}
    found = [
        Entrant(one, results[one["entrant_no"]], choices.get(one["entrant_no"]))
        for one in town.all_rows(RosterEntry)
        if one["waiting_no"] and one["entrant_no"] in results and one["applicant"] not in kin
    ]
    town.rng.shuffle(found)
    for one in found:
        if where(one) and town.take(*one.subjects):
            yield one


def chosen(one: Entrant) -> bool:
    """Took a unit."""
    return one.chose


def declined(one: Entrant) -> bool:
    """Was drawn and took none."""
    return one.choice is not None and not one.chose


def in_reserve(one: Entrant) -> bool:
    """Was not drawn; no priority."""
    return one.choice is None and not one.roster["group"]


def _event(town: Town, number: str, draw: int, **fields: object) -> None:
    given: dict[str, object] = {
        "event_no": number,
        "draw_no": draw,
        "name": "补充摇号",
        "purpose": DrawPurpose.PUBLIC_RENTAL,
        "mode": DrawMode.ORDER,
        "frozen_at": _AT - 2 * _DAY,
        "published_at": _AT - _DAY,
        "drawn_at": _AT + draw * dt.timedelta(hours=1),
        "status": DrawStatus.FINISHED,
    }
    town.add(DrawEvent, **{**given, **fields})


@fault("AU-701")
def drawn_before_it_was_published(town: Town) -> Iterator[Subjects]:
    while True:
        number = town.number("ZY")
        _event(town, number, 1, published_at=_AT + _DAY)
        yield (number,)


@fault("AU-702")
def drawn_again_without_a_reason(town: Town) -> Iterator[Subjects]:
    while True:
        number = town.number("ZY")
        _event(town, number, 1)
        _event(town, number, 2, redraw_approvers="祝一、祝二")
        yield (number,)


@fault("AU-703")
def refused_entrant_in_the_result(town: Town) -> Iterator[Subjects]:
    for one in entrants(town, in_reserve):
        town.change(one.roster, status=RosterStatus.REFUSED)
        yield one.subjects


@fault("AU-704")
def ranked_in_the_wrong_group(town: Town) -> Iterator[Subjects]:
    for one in entrants(town, lambda one: in_reserve(one) and one.result["rank"] > 40):
        town.change(one.roster, group_order=1)
        yield one.subjects


@fault("AU-705")
def registered_after_the_deadline(town: Town) -> Iterator[Subjects]:
    for one in entrants(town, in_reserve):
        town.change(one.roster, registered_at=one.roster["registered_at"] + 2 * _DAY)
        yield one.subjects


@fault("AU-706")
def priority_nobody_registered(town: Town) -> Iterator[Subjects]:
    for one in entrants(town, in_reserve):
        town.change(one.roster, group="优抚对象")
        yield one.subjects


def _household(one: Place) -> str:
    return str(one["household_no"])


def _was_drawn(one: Place) -> bool:
    return one["outcome"] is DrawOutcome.SELECTED


@fault("AU-710")
def kin_of_staff_drawn(town: Town) -> Iterator[Subjects]:
    drawn = Counter(_household(one) for one in town.all_rows(DrawResult) if _was_drawn(one))
    for one in entrants(town, lambda one: one.chose and drawn[_household(one.result)] == 1):
        row = {"identity_no": one.roster["identity_no"], "name": one.roster["applicant"]}
        town.add(RelatedPerson, **row, staff="祝某某", relation="兄弟")
        yield one.subjects


@fault("AU-711")
def chose_before_those_ahead(town: Town) -> Iterator[Subjects]:
    for one in entrants(town, lambda one: one.chose and one.result["rank"] >= 12):
        assert one.choice is not None
        early = one.choice["selected_at"].replace(hour=8, minute=30)
        town.change(one.choice, selected_at=early)
        yield one.subjects


@fault("AU-712")
def passed_over(town: Town) -> Iterator[Subjects]:
    for one in entrants(town, declined):
        assert one.choice is not None
        town.drop(one.choice)
        yield one.subjects


@fault("AU-713")
def chose_without_being_drawn(town: Town) -> Iterator[Subjects]:
    for one in entrants(town, chosen):
        town.change(one.result, outcome=DrawOutcome.NOT_SELECTED)
        yield one.subjects


@fault("AU-714", implies=("AU-726",))
def unit_chosen_by_two(town: Town) -> Iterator[Subjects]:
    for one in entrants(town, chosen):
        other = next(entrants(town, _chose_like(one)), None)
        if other is not None and one.choice is not None and other.choice is not None:
            town.change(other.choice, unit_no=one.choice["unit_no"])
            yield one.choice["unit_no"], *one.subjects, *other.subjects


def _chose_like(one: Entrant) -> Callable[[Entrant], bool]:
    layout = one.roster["layout"]
    return lambda other: other.chose and other.roster["layout"] == layout


@fault("AU-715")
def unit_too_small_for_the_household(town: Town) -> Iterator[Subjects]:
    for one in entrants(town, chosen):
        size = 4 if one.roster["size"] <= 2 else 1
        town.change(one.roster, size=size)
        yield one.subjects


@fault("AU-716")
def chose_and_never_signed(town: Town) -> Iterator[Subjects]:
    for one in entrants(town, in_reserve):
        rank, event = one.result["rank"], one.roster["event_no"]
        unit = town.new_unit(status=UnitStatus.RESERVED, layout=one.roster["layout"])
        town.change(one.result, outcome=DrawOutcome.SELECTED, reserve_rank=None)
        days = [
            row["selected_at"] for row in town.all_rows(UnitSelection) if row["event_no"] == event
        ]
        late = max(days).replace(hour=14, minute=0)
        town.add(
            UnitSelection,
            selection_no=town.number("ZU"),
            event_no=event,
            entrant_no=one.number,
            household_no=one.roster["household_no"],
            action=SelectionAction.CHOSEN,
            unit_no=unit["unit_no"],
            selected_at=late + rank * dt.timedelta(seconds=1),
        )
        yield unit["unit_no"], *one.subjects


@fault("AU-726")
def leased_another_unit_than_chosen(town: Town) -> Iterator[Subjects]:
    for one in entrants(town, chosen):
        assert one.choice is not None
        unit = town.new_unit(status=UnitStatus.RESERVED, layout=one.roster["layout"])
        town.change(one.choice, unit_no=unit["unit_no"])
        yield one.subjects


@fault("AU-721", leads=2)
def housed_during_a_ban(town: Town) -> Iterator[Subjects]:
    for one in entrants(town, chosen):
        town.add(
            TenancyCase,
            case_no=town.number("ZW"),
            category=CaseCategory.VIOLATION,
            kind=CaseKind.SUBLET,
            household_no=one.roster["household_no"],
            found_on=dt.date(2015, 4, 1),
            rectified_on=dt.date(2015, 4, 20),
            checked_on=dt.date(2015, 4, 22),
            household_exits=False,
            banned_until=dt.date(2020, 6, 20),
            status=RectificationStatus.RECTIFIED,
        )
        yield one.subjects


@fault("AU-722")
def lease_without_waiting(town: Town) -> Iterator[Subjects]:
    while True:
        household = town.new_household()
        unit = town.new_unit()
        town.new_lease(household, unit, dt.date(2020, 6, 10))
        yield household["household_no"], unit["unit_no"]


@fault("AU-723")
def waits_for_five_years(town: Town) -> Iterator[Subjects]:
    while True:
        since = town.pick(dt.date(2015, 6, 30), dt.date(2014, 5, 6))
        household = town.new_household(approved_on=since)
        made = town.waiting(household, approved_on=since, status=WaitingStatus.WAITING)
        yield made["waiting_no"], household["household_no"]


@fault("AU-724")
def rechecked_after_a_month(town: Town) -> Iterator[Subjects]:
    for one in entrants(town, in_reserve):
        day = one.roster["registered_at"].date() + 35 * _DAY
        town.change(one.roster, checked_on=day)
        yield one.subjects


@fault("AU-725")
def housed_on_paper_only(town: Town) -> Iterator[Subjects]:
    while True:
        household = town.new_household()
        day = Month.of(2020, 6).first_day
        made = town.waiting(household, status=WaitingStatus.HOUSED, closed_on=day)
        yield made["waiting_no"], household["household_no"]
