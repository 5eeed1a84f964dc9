"""Who stands behind a drawn entrant, and who needs an accessible room: from freeze or ledgers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.allocation.event.frozen import Frozen
from zhubao.core.identity import birth_date_of
from zhubao.ledger.allocation import RosterEntry
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household, Member

OLD, HARDSHIP = "高龄", "困难"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an entrant. Personal: name and identity number only leave masked."""

    name: str
    identity_no: str = ""
    household_no: str = ""
    waiting_no: str = ""
    estate: str = ""
    need: str = ""  # "", 高龄, 困难 or both


@dataclass(frozen=True, slots=True)
class NeedRule:
    """Who is to have an accessible room: `age` or more on the day, or one of the hardships."""

    day: dt.date
    age: int
    hardships: tuple[str, ...]

    @classmethod
    def load(cls, day: dt.date, overrides: Mapping[str, Any] | None = None) -> NeedRule:
        """By the dated parameters `schedule.accessible_age` and `schedule.accessible_hardships`."""
        age = policy.at("schedule.accessible_age", day, overrides)
        words = policy.at("schedule.accessible_hardships", day, overrides)
        if type(age) is not int or not isinstance(words, list):
            raise policy.PolicyInvalid(
                "无障碍的年龄或困难标识看不懂",
                where="[policy.schedule]",
                advice='年龄写整数，如 value = 70；困难标识写列表，如 value = ["残疾", "孤老"]',
            )
        return cls(day, age, tuple(str(word) for word in words))

    def need(self, hardship: str, oldest: dt.date | None) -> str:
        """高龄, 困难, both parted by 、, or "". The birthday itself counts."""
        old = oldest is not None and years_old(oldest, self.day) >= self.age
        hard = any(word and word in hardship for word in self.hardships)
        return "、".join(word for word, holds in ((OLD, old), (HARDSHIP, hard)) if holds)


def years_old(born: dt.date, day: dt.date) -> int:
    """Whole years on the day; born on 29 February, a year is full on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def frozen_people(frozen: Frozen, rule: NeedRule) -> dict[str, Known]:
    """Entrant number → what the freeze says; {} for an archive that keeps no people."""
    return {
        person.entrant_no: Known(
            person.applicant,
            person.identity_no,
            person.household_no,
            person.waiting_no,
            person.estate,
            rule.need(person.hardship, _day(person.oldest_born_on)),
        )
        for person in frozen.people.values()
    }


def ledger_people(loaded: Loaded, event_no: str, rule: NeedRule) -> dict[str, Known]:
    """Entrant number → what 摇号名册, 保障家庭 and 家庭成员 say, for events without a freeze."""
    table = loaded.get(RosterEntry)
    events = table.column("event_no")
    rows = [table.row(i) for i in range(len(table)) if events[i] == event_no]
    homes = {row.household_no for row in rows if row.household_no}
    hardships, oldest = _hardships(loaded, homes), _oldest(loaded, homes, rule.day)
    found: dict[str, Known] = {}
    for row in rows:
        if row.entrant_no is None:
            continue
        home = row.household_no or ""
        born = [one for one in (oldest.get(home), _born(row.identity_no)) if one is not None]
        found[row.entrant_no] = Known(
            row.applicant or "",
            row.identity_no or "",
            home,
            row.waiting_no or "",
            row.estate or "",
            rule.need(hardships.get(home, ""), min(born, default=None)),
        )
    return found


def _hardships(loaded: Loaded, homes: set[str]) -> dict[str, str]:
    table = loaded.get(Household)
    pairs = zip(table.column("household_no"), table.column("hardship"), strict=True)
    return {home: words for home, words in pairs if home in homes and words}


def _oldest(loaded: Loaded, homes: set[str], day: dt.date) -> dict[str, dt.date]:
    """Household → birth date of its oldest member alive on the day."""
    oldest: dict[str, dt.date] = {}
    for home, born in _births(loaded, homes, day):
        oldest[home] = min(born, oldest.get(home, born))
    return oldest


def _births(loaded: Loaded, homes: set[str], day: dt.date) -> Iterator[tuple[str, dt.date]]:
    table = loaded.get(Member)
    names: Iterable[str] = ("household_no", "birth_date", "identity_no", "died_on")
    for home, birth, identity, died in zip(*(table.column(n) for n in names), strict=True):
        if home in homes and (died is None or died > day):
            born = birth or _born(identity)
            if born is not None:
                yield home, born


def _born(identity_no: str | None) -> dt.date | None:
    try:
        return birth_date_of(identity_no) if identity_no else None
    except ValueError:
        return None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None
