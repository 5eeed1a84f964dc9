"""What stands in the way of each registration on a day; asked for at the freeze of a draw."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from zhubao import policy
from zhubao.allocation.entitlement import layout_for, same_layout
from zhubao.allocation.waiting import faults
from zhubao.allocation.waiting.people import Holders, People, Person
from zhubao.allocation.waiting.replay import Registration, read_waiting_list
from zhubao.allocation.waiting.rights import bans_on, grants_held, leases_held
from zhubao.core.finding import Finding, FindingKind
from zhubao.core.masking import mask_name
from zhubao.core.spans import months_later
from zhubao.ledger.checks.standing import exited_households
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import TenancyCase
from zhubao.ledger.subsidies import SubsidyGrant
from zhubao.ledger.tenants import (
    Household,
    Lease,
    Member,
    ProtectionStatus,
    WaitingEntry,
    WaitingStatus,
)

ELIGIBILITY_MODELS = (WaitingEntry, Household, Member, Lease, TenancyCase, SubsidyGrant)

Faults = dict[str, tuple[Finding, ...]]
Words = dict[str, object]


def eligibility_faults(
    loaded: Loaded, as_of: dt.date, overrides: Mapping[str, Any] | None = None
) -> Mapping[str, tuple[Finding, ...]]:
    """Waiting number → what is found against it on `as_of`, worst first; clean ones are absent.

    A finding of error severity bars the registration from a draw, the others are to be looked at.
    A number of 轮候册 that was not waiting on the day has AL-117 or AL-118 with the reason; a
    number that is not in 轮候册 at all is absent, which the caller must check. Status, household
    and members are today's; dates decide what was so on the day. One pass over every table.
    """
    found = live_faults(loaded, as_of, overrides)
    for one in read_waiting_list(loaded).registrations:
        if not one.is_live(as_of) and one.waiting_no not in found:
            found[one.waiting_no] = (_absence(one, as_of),)
    return found


def live_faults(
    loaded: Loaded, as_of: dt.date, overrides: Mapping[str, Any] | None = None
) -> Faults:
    """The same for the registrations that were waiting on the day only."""
    return _Examination(loaded, as_of, overrides).run()


def contradictions(loaded: Loaded) -> list[Finding]:
    """AL-117 for every row whose status and dates exclude each other."""
    rows = read_waiting_list(loaded).registrations
    return [_contradiction(one) for one in rows if one.contradiction]


class _Examination:
    """Every live registration against what is known of its household and its people."""

    def __init__(self, loaded: Loaded, as_of: dt.date, overrides: Mapping[str, Any] | None) -> None:
        self._loaded, self._as_of, self._overrides = loaded, as_of, overrides
        self._live = read_waiting_list(loaded).live(as_of)
        self._people = People(loaded)
        self._leases, self._grants = leases_held(loaded, as_of), grants_held(loaded, as_of)
        self._bans = bans_on(loaded, as_of, overrides)
        self._years = int(policy.at("allocation.max_waiting_years", as_of, overrides))
        self._homes = loaded.get(Household)
        self._home_of = {no: i for i, no in enumerate(self._homes.column("household_no")) if no}
        self._exits = exited_households(self._homes, as_of)
        self._by_household: dict[str, list[Registration]] = defaultdict(list)
        self._by_number: dict[str, list[Registration]] = defaultdict(list)
        for one in self._live:
            self._by_household[one.household_no].append(one)
            self._by_number[one.waiting_no].append(one)
        self._entitled: dict[int, str] = {}
        self._holdings = self._holders()

    def run(self) -> Faults:
        found: dict[str, list[Finding]] = defaultdict(list)
        for one in self._live:
            for finding in (*self._of_row(one), *self._of_household(one), *self._of_people(one)):
                found[one.waiting_no].append(finding)
        order = ["error", "warning", "notice"]
        return {
            number: tuple(sorted(some, key=lambda f: (order.index(f.severity), f.sort_key)))
            for number, some in found.items()
        }

    def _of_row(self, one: Registration) -> Iterator[Finding]:
        words = _words(one)
        for rows, kind in (
            (self._by_number[one.waiting_no], faults.NUMBER_TWICE),
            (self._by_household[one.household_no], faults.HOUSEHOLD_TWICE),
        ):
            if len(rows) > 1:
                other = rows[0] if rows[0] is not one else rows[1]
                told = {"other": other.waiting_no, "place": other.cell(), "count": len(rows)}
                yield kind.at(one.cell(), **told, **words)
        if months_later(one.approved_on, 12 * self._years) <= self._as_of:
            where, day = one.cell("approved_on"), one.approved_on
            yield faults.WAITING_LONG.at(where, approved=day, years=self._years, **words)
        yield from self._layout(one)

    def _layout(self, one: Registration) -> Iterator[Finding]:
        home = self._home_of.get(one.household_no)
        size = None if home is None else self._homes.column("size")[home]
        if size is None or not one.desired_layout:
            return
        entitled = self._entitled.get(size)
        if entitled is None:
            entitled = layout_for(size, self._as_of, self._overrides)
            self._entitled[size] = entitled
        if not same_layout(entitled, one.desired_layout):
            words = {"size": size, "entitled": entitled, "desired": one.desired_layout}
            yield faults.LAYOUT_DIFFERS.at(one.cell("desired_layout"), **words, **_words(one))

    def _of_household(self, one: Registration) -> Iterator[Finding]:
        household, words = one.household_no, _words(one)
        yield from self._standing(one)
        if household in self._leases:
            yield faults.HOUSED.at(one.cell(), **self._lease(household), **words)
        if household in self._bans:
            yield faults.BANNED.at(one.cell(), **self._ban(household), **words)
        if household in self._grants:
            yield faults.SUBSIDISED.at(one.cell(), **self._grant(household), **words)

    def _standing(self, one: Registration) -> Iterator[Finding]:
        home, words = self._home_of.get(one.household_no), _words(one)
        if home is None:
            yield faults.HOUSEHOLD_UNKNOWN.at(one.cell("household_no"), **words)
            return
        place = self._homes.cell(home, "status")
        if one.household_no in self._exits:
            day = self._exits[one.household_no]
            reason = self._homes.column("exit_reason")[home] or "没有填退出原因"
            told = {"day": f"于 {day} " if day else "", "reason": reason, "place": place}
            yield faults.HOUSEHOLD_EXITED.at(one.cell(), **told, **words)
        elif self._homes.column("status")[home] == ProtectionStatus.SUSPENDED:
            yield faults.HOUSEHOLD_SUSPENDED.at(one.cell(), place=place, **words)

    def _of_people(self, one: Registration) -> Iterator[Finding]:
        for person in self._people.of_household.get(one.household_no, ()):
            if not person.is_dead(self._as_of):
                yield from self._elsewhere(one, person)
            elif person.is_applicant:
                name, died = mask_name(person.name), person.died_on
                words = {"person": name, "died": died, **_words(one)}
                yield faults.APPLICANT_DEAD.at(person.table.cell(person.index, "died_on"), **words)

    def _elsewhere(self, one: Registration, person: Person) -> Iterator[Finding]:
        """The same person in other households, and what those hold; one finding of each kind."""
        if person.key not in self._people.shared:
            return
        for holders, kind, told in self._holdings:
            found = holders.others(person)
            if found is not None:
                other, more = found
                words = {
                    "person": person.shown,
                    "other_household": other.household_no,
                    "more": f"，另有 {more} 户也是" if more else "",
                    **told(other.household_no),
                    **_words(one),
                }
                yield kind.at(person.cell, **words)

    def _holders(self) -> tuple[tuple[Holders, FindingKind, Callable[[str], Words]], ...]:
        """Who holds what, the finding it makes against the same person here, and its words."""
        people, day, bans = self._people, self._as_of, self._bans

        def of(households: Iterable[str], *, is_applicant: bool | None = None) -> Holders:
            return Holders(people, households, day, is_applicant=is_applicant)

        return (
            (of(self._by_household), faults.PERSON_TWICE, self._rival),
            (of(self._leases), faults.MEMBER_HOUSED, self._lease),
            (of(self._grants), faults.MEMBER_SUBSIDISED, self._grant),
            (of(bans, is_applicant=True), faults.MEMBER_BANNED, self._ban),
            (of(bans, is_applicant=False), faults.RELATIVE_OF_BANNED, self._ban),
        )

    def _rival(self, household: str) -> Words:
        rival = self._by_household[household][0]
        return {"other": rival.waiting_no, "place": rival.cell()}

    def _lease(self, household: str) -> Words:
        table, index = self._loaded.get(Lease), self._leases[household]
        number = table.column("lease_no")[index] or "（没有编号）"
        return {"lease": number, "place": table.row_cell(index)}

    def _grant(self, household: str) -> Words:
        table, index = self._loaded.get(SubsidyGrant), self._grants[household]
        number = table.column("grant_no")[index] or "（没有编号）"
        return {"grant": number, "place": table.row_cell(index)}

    def _ban(self, household: str) -> Words:
        ban = self._bans[household]
        return {"why": ban.why, "until": ban.until, "place": ban.cell}


def _words(one: Registration) -> dict[str, object]:
    return {"waiting": one.waiting_no, "household": one.household_no}


def _absence(one: Registration, as_of: dt.date) -> Finding:
    if one.contradiction:
        return _contradiction(one)
    if one.status is WaitingStatus.PENDING:
        what, name = "还在待审核", "status"
    elif one.approved_on > as_of:
        what, name = f"于 {one.approved_on} 才批准，{as_of} 还不在册", "approved_on"
    else:
        what, name = f"已于 {one.closed_on} 出册（{one.status}）", "closed_on"
    return faults.NOT_WAITING.at(one.cell(name), what=what, **_words(one))


def _contradiction(one: Registration) -> Finding:
    where = one.cell("closed_on")
    return faults.STATUS_AGAINST_DATES.at(where, what=one.contradiction, **_words(one))
