"""Who is due for a year's review: the protected households of a day, and how they are protected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import (
    AnnualReview,
    Household,
    Member,
    ProtectionStatus,
    ReviewDecision,
)
from zhubao.services.review.benefits import Benefits, benefits_on

NONE_KIND = "在保（无房源、补贴、轮候）"

HOUSEHOLD_UNREAD = declare(
    "RV-101",
    "保障家庭读不出编号或状态，没有列入年审",
    Severity.WARNING,
    "这一户的“{header}”读不出或空着，没有列入年审",
    "补正家庭编号和保障状态后重新运行；zhubao check 会列出全部这样的单元格",
    bad="保障状态写成“在”",
    good="保障状态写“在保”“已退出”或“暂停”",
)
REVIEW_TWICE = declare(
    "RV-102",
    "同一户同一年有两行年审",
    Severity.WARNING,
    "{household} 在 {year} 年有 {count} 行年审（{places}），认不准以哪一行为准，一律列为待定",
    "只留一行，其余删去，再重新运行",
    bad="年审表里 2020 年 JT000012 有两行",
    good="每户每年一行",
)
HOUSEHOLD_TWICE = declare(
    "RV-103",
    "家庭编号重复",
    Severity.WARNING,
    "保障家庭里 {household} 有 {count} 行（{places}），认不准是哪一户，一律列为待定",
    "核对编号，改正或删去多余的一行，再重新运行",
    bad="两个家庭都编为 JT000012",
    good="家庭编号各不相同",
)


@dataclass(frozen=True, slots=True)
class Due:
    """One household of the year's review.

    `household` and `review` are rows of 保障家庭 and 年审 (None: no row for the year yet).
    `in_force` is False for one that is on the year's list but has left since. `doubled`: several
    rows of 保障家庭 or of 年审 claim to be this one, so nothing is concluded for it.
    """

    number: str
    household: int
    review: int | None
    in_force: bool
    benefits: Benefits
    doubled: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """实物配租, 租赁补贴, 轮候; something to be looked at when it is none of them."""
        return self.benefits.kinds or (NONE_KIND,)

    @property
    def kind_words(self) -> str:
        """The kinds in one text."""
        return "、".join(self.kinds)


@dataclass(frozen=True, slots=True)
class ReviewYear:
    """The population of one year's review as of a day, sorted by household number."""

    loaded: Loaded
    year: int
    as_of: dt.date
    due: tuple[Due, ...]
    members: Mapping[str, tuple[int, ...]]
    suspended: int
    findings: tuple[Finding, ...]

    @property
    def households(self) -> LedgerTable[Household]:
        """The sheet 保障家庭."""
        return self.loaded.get(Household)

    @property
    def reviews(self) -> LedgerTable[AnnualReview]:
        """The sheet 年审."""
        return self.loaded.get(AnnualReview)

    def field(self, due: Due, name: str) -> Any:
        """A field of the household."""
        return self.households.column(name)[due.household]

    def said(self, due: Due, name: str) -> Any:
        """A field of the household's row in 年审; None without a row."""
        return None if due.review is None else self.reviews.column(name)[due.review]

    def decision(self, due: Due) -> ReviewDecision | None:
        """The decision taken by the day; None while it is 待定, empty, or dated after the day.

        A decision without a date counts as taken.
        """
        taken, on = self.said(due, "decision"), self.said(due, "decided_on")
        if taken in (None, ReviewDecision.PENDING) or (on is not None and on > self.as_of):
            return None
        return ReviewDecision(taken)

    def is_open(self, due: Due) -> bool:
        """True when a decision may be written: there is a row, and it says 待定 or nothing.

        A word that cannot be read is somebody's decision too.
        """
        if due.review is None or due.review in self.reviews.bad.get("decision", ()):
            return False
        return self.said(due, "decision") in (None, ReviewDecision.PENDING)

    def cell(self, due: Due, name: str = "") -> Cell:
        """The cell in 年审 where there is a row, else the household's."""
        if due.review is None:
            return self.households.row_cell(due.household)
        return self.reviews.cell(due.review, name or "household_no")

    def find(self, number: str) -> Due | None:
        """The household of this number, if it is on the list."""
        return next((one for one in self.due if one.number == number), None)


def review_year(loaded: Loaded, year: int, as_of: dt.date) -> ReviewYear:
    """The households due for the year, seen on the day.

    Due: 在保 on the day (已退出 only later, or approved by then), or already on the year's list.
    暂停 is not due, and is counted. Rows whose number or status cannot be read are findings.
    """
    table = loaded.get(Household)
    reviews, findings = _reviews(loaded, year)
    grouped = _grouped(table)
    benefits = benefits_on(loaded, as_of)
    due: list[Due] = []
    suspended = 0
    for number in sorted(grouped):
        rows = grouped[number]
        if len(rows) > 1:
            words = {"household": number, "count": len(rows), "places": _places(table, rows)}
            findings.append(HOUSEHOLD_TWICE.at(table.row_cell(rows[0]), **words))
        row = next((one for one in rows if _in_force(table, one, as_of)), rows[0])
        in_force, listed = _in_force(table, row, as_of), reviews.get(number, [])
        suspended += table.column("status")[row] is ProtectionStatus.SUSPENDED
        if in_force or listed:
            doubled = len(rows) > 1 or len(listed) > 1
            kinds = benefits.get(number, Benefits())
            review = listed[0] if listed else None
            due.append(Due(number, row, review, in_force, kinds, doubled))
    findings += _unread(table)
    findings.sort(key=lambda one: one.sort_key)
    members = _members(loaded)
    return ReviewYear(loaded, year, as_of, tuple(due), members, suspended, tuple(findings))


def _grouped(table: LedgerTable[Household]) -> dict[str, list[int]]:
    numbers = table.column("household_no")
    found: dict[str, list[int]] = {}
    for row in table.usable("household_no", "status"):
        found.setdefault(numbers[row], []).append(row)
    return found


def _in_force(table: LedgerTable[Household], row: int, day: dt.date) -> bool:
    """在保 on the day; one that left later was still in force."""
    approved, left = table.column("approved_on")[row], table.column("exited_on")[row]
    if approved is not None and approved > day:
        return False
    status = table.column("status")[row]
    if status is ProtectionStatus.EXITED:
        return left is not None and left > day
    return status is ProtectionStatus.IN_FORCE


def _reviews(loaded: Loaded, year: int) -> tuple[dict[str, list[int]], list[Finding]]:
    """Household → its rows of the year; a finding for every household with more than one."""
    table = loaded.get(AnnualReview)
    years, numbers = table.column("year"), table.column("household_no")
    found: dict[str, list[int]] = {}
    for row in table.usable("year", "household_no"):
        if years[row] == year:
            found.setdefault(numbers[row], []).append(row)
    findings = [
        REVIEW_TWICE.at(
            table.row_cell(rows[0]),
            household=number,
            year=year,
            count=len(rows),
            places=_places(table, rows),
        )
        for number, rows in found.items()
        if len(rows) > 1
    ]
    return found, findings


def _places(table: LedgerTable[Any], rows: list[int]) -> str:
    return "、".join(str(table.row_cell(row)) for row in rows[:3])


def _unread(table: LedgerTable[Household]) -> Iterator[Finding]:
    for name, header in (("household_no", "家庭编号"), ("status", "保障状态")):
        for row in sorted(table.bad.get(name, ())):
            yield HOUSEHOLD_UNREAD.at(table.cell(row, name), header=header)


def _members(loaded: Loaded) -> dict[str, tuple[int, ...]]:
    table = loaded.get(Member)
    found: dict[str, list[int]] = {}
    numbers = table.column("household_no")
    for row in table.usable("household_no"):
        found.setdefault(numbers[row], []).append(row)
    return {number: tuple(rows) for number, rows in found.items()}
