"""Key households on a day: visits had and due, needs; who is missing, and who has left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhubao.core.finding import Finding
from zhubao.core.period import Month, Period
from zhubao.ledger.loaded import Loaded
from zhubao.patrol.visits.candidates import Candidate, candidates
from zhubao.patrol.visits.checks import check_keys, exited_why
from zhubao.patrol.visits.dwellings import Dwelling, Dwellings
from zhubao.patrol.visits.log import VisitLog, read_log
from zhubao.patrol.visits.roll import KeyRoll, People, whole_months
from zhubao.patrol.visits.rules import VisitRules


@dataclass(frozen=True, slots=True)
class MonthsDue:
    """A key household's visits against what was due, month by month.

    `required` and `kept` count visits: in each whole month of the period min(made, due), so that
    a surplus of one month does not make up for another. `months` whole months with visits due,
    `months_kept` those with all of them made.
    """

    required: int = 0
    kept: int = 0
    months: int = 0
    months_kept: int = 0


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One household on the list on the day; `needs` from the list, else from its latest visit."""

    household_no: str
    rows: tuple[int, ...]
    kinds: tuple[str, ...]
    dwelling: Dwelling | None
    visits: tuple[int, ...]  # rows of 巡查 in the period
    last_row: int | None
    last_on: dt.date | None
    last_met_on: dt.date | None
    days_since: int | None
    due: MonthsDue
    needs: str
    responsible: str
    left: str  # why the household is no longer one to be visited; "" when it still is


@dataclass(frozen=True, slots=True)
class KeyList:
    """The list of key households on the day, and what it lacks or has too much."""

    as_of: dt.date
    period: Period
    rules: VisitRules
    people: People
    roll: KeyRoll
    log: VisitLog
    entries: tuple[KeyEntry, ...]
    missing: tuple[Candidate, ...]
    more_kinds: tuple[Candidate, ...]
    findings: tuple[Finding, ...]

    @property
    def left(self) -> tuple[KeyEntry, ...]:
        """Households still listed that have exited or moved out."""
        return tuple(one for one in self.entries if one.left)


def months_due(
    roll: KeyRoll,
    rows: tuple[int, ...],
    made: Mapping[Month, int],
    months: tuple[Month, ...],
    rules: VisitRules,
) -> MonthsDue:
    """Visits made against visits due in these months (see `KeyRoll.due_in`)."""
    required = kept = counted = full = 0
    for month in months:
        wanted = roll.due_in(rows, month, rules)
        if not wanted:
            continue
        got = min(made.get(month, 0), wanted)
        required, kept = required + wanted, kept + got
        counted, full = counted + 1, full + (got == wanted)
    return MonthsDue(required, kept, counted, full)


def key_list(
    loaded: Loaded,
    as_of: dt.date,
    period: Period,
    *,
    kind: str = "",
    overrides: Mapping[str, Any] | None = None,
) -> KeyList:
    """The key households on the day, in walking order; `kind` keeps one 重点类型.

    Visits are those of the period up to the day. Due is counted over whole months only: a month
    the household was not listed in throughout, or that the period cuts, asks for nothing.
    `missing` should be listed and are not at all, `more_kinds` are listed as something else only
    (see `candidates`).
    """
    listing = _Listing(loaded, as_of, period, VisitRules.on(as_of, overrides))
    entries = listing.entries(kind)
    wanted = [
        one
        for one in candidates(loaded, listing.rules, listing.roll, listing.homes, as_of)
        if not kind or one.kind == kind
    ]
    return KeyList(
        as_of,
        period,
        listing.rules,
        listing.people,
        listing.roll,
        listing.log,
        tuple(entries),
        tuple(one for one in wanted if not one.listed_as),
        tuple(one for one in wanted if one.listed_as),
        check_keys(loaded, listing.log, listing.rules, as_of, kind=kind),
    )


class _Listing:
    """The tables that the entries of one list are made from."""

    def __init__(self, loaded: Loaded, as_of: dt.date, period: Period, rules: VisitRules) -> None:
        self.rules, self.roll, self.people = rules, KeyRoll.of(loaded), People.of(loaded)
        self.log, self.homes = read_log(loaded, as_of), Dwellings(loaded)
        self._as_of, self._period = as_of, period
        self._months = whole_months(Period(period.start, min(period.end, as_of)))

    def entries(self, kind: str) -> list[KeyEntry]:
        """The households on the list, of the kind where one is named."""
        kinds = self.roll.table.column("kind")
        found = []
        for number, rows in self.roll.on(self._as_of).items():
            chosen = tuple(row for row in rows if not kind or kinds[row] == kind)
            if chosen:
                found.append(self._entry(number, chosen))
        return sorted(found, key=_walk)

    def _entry(self, number: str, rows: tuple[int, ...]) -> KeyEntry:
        log, roll = self.log, self.roll
        last = log.last(number)
        day = log.table.column("visited_on")[last] if last is not None else None
        every = tuple(roll.rows[number])
        return KeyEntry(
            number,
            rows,
            roll.kinds(rows),
            self.homes.of(number, self._as_of),
            tuple(log.within(number, self._period)),
            last,
            day,
            log.last_met(number),
            (self._as_of - day).days if day else None,
            months_due(roll, every, log.by_month(number), self._months, self.rules),
            self._needs(rows, last),
            roll.responsible(rows),
            exited_why(self.people, self.homes, number, self._as_of),
        )

    def _needs(self, rows: tuple[int, ...], last: int | None) -> str:
        own = self.roll.table.column("needs")
        told = self.log.table.column("needs")[last] if last is not None else None
        return next((str(own[row]) for row in rows if own[row]), "") or str(told or "")


def _walk(entry: KeyEntry) -> tuple[Any, ...]:
    home = entry.dwelling
    return (home is None, home.address.walk_key if home else (), entry.household_no)
