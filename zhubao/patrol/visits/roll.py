"""The households and the list of key households, by number."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhubao.core.masking import mask_name, mask_phone
from zhubao.core.period import Month, Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import KeyHousehold
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household
from zhubao.patrol.visits.rules import VisitRules


@dataclass(frozen=True, slots=True)
class People:
    """The sheet 保障家庭 by number; the first row where a number is there twice."""

    table: LedgerTable[Household]
    rows: Mapping[str, int]

    @classmethod
    def of(cls, loaded: Loaded) -> People:
        """The households of the ledger."""
        table = loaded.get(Household)
        rows: dict[str, int] = {}
        for row, number in enumerate(table.column("household_no")):
            if number:
                rows.setdefault(number, row)
        return cls(table, rows)

    def field(self, household_no: str, name: str) -> str:
        """A text of the household; "" where there is none."""
        row = self.rows.get(household_no)
        return str(self.table.column(name)[row] or "") if row is not None else ""

    def name(self, household_no: str, *, full: bool = False) -> str:
        """The applicant's name, masked unless it is for paper."""
        name = self.field(household_no, "applicant")
        return name if full else mask_name(name)

    def phone(self, household_no: str, *, full: bool = False) -> str | None:
        """The telephone number, masked unless it is for paper."""
        phone = self.field(household_no, "phone")
        return (phone if full else mask_phone(phone)) or None


@dataclass(frozen=True, slots=True)
class KeyRoll:
    """The sheet 重点对象: household → its rows, one per kind.

    A row counts from 列入日期 to the day before 移出日期. Rows whose household or day of listing
    cannot be read are left out.
    """

    table: LedgerTable[KeyHousehold]
    rows: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, loaded: Loaded) -> KeyRoll:
        """The key households of the ledger, past ones too."""
        table = loaded.get(KeyHousehold)
        numbers = table.column("household_no")
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for row in table.usable("household_no", "kind", "listed_on", "removed_on"):
            rows[numbers[row]].append(row)
        return cls(table, dict(rows))

    def is_listed(self, row: int, day: dt.date) -> bool:
        """True when the row counts on the day."""
        listed, removed = self.table.column("listed_on")[row], self.table.column("removed_on")[row]
        return bool(listed <= day and (removed is None or removed > day))

    def on(self, day: dt.date) -> dict[str, tuple[int, ...]]:
        """Household → its rows that count on the day."""
        found = {
            number: tuple(row for row in rows if self.is_listed(row, day))
            for number, rows in self.rows.items()
        }
        return {number: rows for number, rows in found.items() if rows}

    def during(self, period: Period) -> dict[str, tuple[int, ...]]:
        """Household → its rows that count on at least one day of the period."""
        listed, removed = self.table.column("listed_on"), self.table.column("removed_on")
        found: dict[str, tuple[int, ...]] = {}
        for number, rows in self.rows.items():
            kept = tuple(
                row
                for row in rows
                if listed[row] <= period.end
                and (removed[row] is None or removed[row] > max(listed[row], period.start))
            )
            if kept:
                found[number] = kept
        return found

    def due_in(self, rows: Sequence[int], month: Month, rules: VisitRules) -> int:
        """Visits due to a household in a whole month: the most that any of its rows asks for.

        A row asks for nothing in a month it does not count in from the first day to the last.
        """
        whole = [
            row
            for row in rows
            if self.is_listed(row, month.first_day) and self.is_listed(row, month.last_day)
        ]
        return self.a_month(whole, rules)

    def a_month(self, rows: Sequence[int], rules: VisitRules) -> int:
        """Visits a month: the most that any of the rows asks for; 0 without rows."""
        kinds, own = self.table.column("kind"), self.table.column("visits_per_month")
        return max((rules.visits_a_month(kinds[row], own[row]) for row in rows), default=0)

    def kinds(self, rows: Sequence[int]) -> tuple[str, ...]:
        """The kinds of these rows, without repetition."""
        column = self.table.column("kind")
        return tuple(dict.fromkeys(str(column[row]) for row in rows))

    def responsible(self, rows: Sequence[int]) -> str:
        """Who looks after the household, by the first row that says so."""
        column = self.table.column("responsible")
        return next((str(column[row]) for row in rows if column[row]), "")


def whole_months(period: Period) -> tuple[Month, ...]:
    """The months that lie in the period from their first day to their last."""
    return tuple(
        month
        for month in period.months()
        if period.start <= month.first_day and month.last_day <= period.end
    )
