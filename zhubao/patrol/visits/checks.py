"""Checks over the visits and the key households of the ledger."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator

from zhubao.core.finding import Finding
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import Occupancy, PatrolVisit
from zhubao.ledger.tenants import ProtectionStatus
from zhubao.patrol.visits.dwellings import Dwellings
from zhubao.patrol.visits.findings import (
    KEY_DOORLESS,
    KEY_EXITED,
    KEY_UNKNOWN,
    KEY_UNVISITED,
    REMOVED_BEFORE_LISTED,
    VISIT_CONTRADICTS,
    VISIT_IN_FUTURE,
    VISIT_TO_NOBODY,
    VISIT_TWICE,
    VISIT_WITHOUT_LEASE,
)
from zhubao.patrol.visits.log import VisitLog
from zhubao.patrol.visits.roll import KeyRoll, People
from zhubao.patrol.visits.rules import VisitRules

_SEEN = frozenset({Occupancy.TENANT, Occupancy.FAMILY, Occupancy.OTHERS})
_NUMBERS = 4


def check_visits(
    loaded: Loaded, latest: dt.date, homes: Dwellings | None = None
) -> tuple[Finding, ...]:
    """What is wrong with the rows of 巡查; a day after `latest` is in the future.

    PA-101 unknown household, PA-102 in the future, PA-104 the same household, day and kind twice,
    PA-107 no lease on the day, PA-108 met and 居住情况 contradict each other.
    """
    found = [*_of_each(loaded, latest, homes or Dwellings(loaded)), *_twice(loaded)]
    return tuple(sorted(found, key=lambda finding: finding.sort_key))


def check_keys(
    loaded: Loaded, log: VisitLog, rules: VisitRules, as_of: dt.date, *, kind: str = ""
) -> tuple[Finding, ...]:
    """What is wrong with the rows of 重点对象 (of one `kind`) that count on the day.

    PA-103 removed before listed, PA-105 no visit for `silence_days` days (from the last visit, or
    from 列入日期 where there never was one; the number included), PA-106 the household has exited
    or given its unit back, PA-109 unknown household, PA-110 protected but without a lease.
    """
    checks = _KeyChecks(loaded, log, rules, as_of)
    kinds = checks.roll.table.column("kind")
    rows = (row for row in range(len(kinds)) if not kind or kinds[row] == kind)
    found = [one for row in rows for one in checks.of(row)]
    return tuple(sorted(found, key=lambda finding: finding.sort_key))


def exited_why(people: People, homes: Dwellings, number: str, day: dt.date) -> str:
    """Why a household no longer is one to be visited: exited, or moved out; "" when it still is."""
    row = people.rows.get(number)
    if row is not None and people.table.column("status")[row] is ProtectionStatus.EXITED:
        out = people.table.column("exited_on")[row]
        if out is None or out <= day:
            return f"已于 {out.isoformat()} 退出保障" if out else "已退出保障"
    if not homes.is_home(number, day) and homes.has_lived(number, day):
        return "已退租"
    return ""


def is_contradiction(met: bool | None, occupancy: Occupancy | None) -> bool:
    """Somebody met and 未见到人, or nobody met and somebody found living there as 本人居住.

    Nobody met with 家人居住, 他人居住 or 无人居住 may be known from neighbours: no fault.
    """
    if met is None or occupancy is None:
        return False
    return occupancy is (Occupancy.UNKNOWN if met else Occupancy.TENANT)


def _of_each(loaded: Loaded, latest: dt.date, homes: Dwellings) -> Iterator[Finding]:
    table, people = loaded.get(PatrolVisit), People.of(loaded)
    numbers, days = table.column("household_no"), table.column("visited_on")
    visits, met, lived = (table.column(name) for name in ("visit_no", "met", "occupancy"))
    for row in table.usable("household_no", "visited_on"):
        number, day = numbers[row], days[row]
        words: dict[str, object] = {"visit": visits[row] or "", "household": number, "day": day}
        if number not in people.rows:
            yield VISIT_TO_NOBODY.at(table.cell(row, "household_no"), **words)
        elif day > latest:
            words["latest"] = latest.isoformat()
            yield VISIT_IN_FUTURE.at(table.cell(row, "visited_on"), **words)
        elif not homes.is_home(number, day):
            words["hint"] = "当时已经退租" if homes.has_lived(number, day) else "当时还没有起租"
            yield VISIT_WITHOUT_LEASE.at(table.cell(row, "visited_on"), **words)
        if is_contradiction(met[row], lived[row]):
            words |= {"met": "是" if met[row] else "否", "occupancy": lived[row].value}
            yield VISIT_CONTRADICTS.at(table.cell(row, "occupancy"), **words)


def _twice(loaded: Loaded) -> Iterator[Finding]:
    table = loaded.get(PatrolVisit)
    columns = [table.column(name) for name in ("household_no", "visited_on", "kind")]
    occasions = Counter(zip(*columns, strict=True))
    groups: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    if len(occasions) < len(table):
        for row in table.usable("household_no", "visited_on", "kind"):
            occasion = tuple(column[row] for column in columns)
            if occasions[occasion] > 1:
                groups[occasion].append(row)
    visits = table.column("visit_no")
    for (number, day, kind), rows in groups.items():
        named = "、".join(str(visits[row] or "") for row in rows[:_NUMBERS])
        words = {"household": number, "day": day, "kind": kind, "numbers": named}
        yield VISIT_TWICE.at(table.cell(rows[1], "visit_no"), count=len(rows), **words)


class _KeyChecks:
    """The checks of one row of 重点对象."""

    def __init__(self, loaded: Loaded, log: VisitLog, rules: VisitRules, as_of: dt.date) -> None:
        self.roll, self._people = KeyRoll.of(loaded), People.of(loaded)
        self._homes, self._log, self._rules = Dwellings(loaded), log, rules
        self._as_of = as_of
        self._usable = {row for rows in self.roll.rows.values() for row in rows}

    def of(self, row: int) -> Iterator[Finding]:
        """Everything wrong with the row; the first fault hides what follows from it."""
        table = self.roll.table
        number, kind = table.column("household_no")[row], table.column("kind")[row]
        if row not in self._usable:
            return
        name = self._people.name(number)
        words = {"household": number, "kind": kind.value, "name": name}
        words["as_of"] = self._as_of.isoformat()
        listed, removed = table.column("listed_on")[row], table.column("removed_on")[row]
        if removed is not None and removed < listed:
            where = table.cell(row, "removed_on")
            words |= {"listed": listed.isoformat(), "removed": removed.isoformat()}
            yield REMOVED_BEFORE_LISTED.at(where, **words)
        elif number not in self._people.rows:
            yield KEY_UNKNOWN.at(table.cell(row, "household_no"), **words)
        elif self.roll.is_listed(row, self._as_of):
            yield from self._standing(row, number, words)

    def _standing(self, row: int, number: str, words: dict[str, str]) -> Iterator[Finding]:
        table, day = self.roll.table, self._as_of
        why = exited_why(self._people, self._homes, number, day)
        if why:
            yield KEY_EXITED.at(table.cell(row, "removed_on"), why=why, **words)
        elif not self._homes.is_home(number, day):
            yield KEY_DOORLESS.at(table.cell(row, "household_no"), **words)
        else:
            yield from self._silence(row, number, words)

    def _silence(self, row: int, number: str, words: dict[str, str]) -> Iterator[Finding]:
        last = self._log.last(number)
        listed = self.roll.table.column("listed_on")[row]
        day = listed if last is None else self._log.table.column("visited_on")[last]
        days = (self._as_of - day).days
        if days >= self._rules.silence_days:
            what = "从没有走访过，列入于" if last is None else "上次走访"
            yield KEY_UNVISITED.at(
                self.roll.table.row_cell(row),
                since=f"{what} {day.isoformat()}",
                days=days,
                limit=self._rules.silence_days,
                **words,
            )
