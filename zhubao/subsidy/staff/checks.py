"""What does not fit in 职工住房补贴: doubles, couples, dates, papers, amounts, other benefits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from zhubao.core.finding import Finding
from zhubao.ledger.checks.standing import live_leases
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyStatus
from zhubao.ledger.tenants import Household, Lease, Member
from zhubao.subsidy.staff import kinds
from zhubao.subsidy.staff.applications import (
    PENDING,
    Application,
    Applications,
    Stage,
    codes_by_name,
    employer_spelling,
    papers_missing,
    person_key,
)

_DECIDED = (Stage.APPROVED, Stage.UNDATED)


def staff_findings(loaded: Loaded, book: Applications) -> list[Finding]:
    """Every lead in the applications of the book, sorted by place."""
    found: list[Finding] = []
    for row in book.rows:
        found += _row_findings(book, row)
    found += _doubles(book)
    found += _couples(book)
    found += _employers(book)
    found += _other_benefits(loaded, book)
    return sorted(found, key=lambda finding: finding.sort_key)


def _row_findings(book: Applications, row: Application) -> Iterator[Finding]:
    table, index = book.table, row.index
    if row.stage in _DECIDED:
        yield from _approved_findings(book, row)
    status = table.column("status")[index]
    if status in PENDING and row.decided is not None:
        words = {"number": row.number, "approved": row.decided, "status": status}
        yield kinds.STATUS_BEHIND.at(table.cell(index, "status"), **words)
    if row.stage is Stage.INCOMPLETE and not table.column("missing_papers")[index]:
        yield kinds.MISSING_UNSAID.at(table.cell(index, "missing_papers"), number=row.number)
    if row.stage is not Stage.REFUSED:
        yield from _area(book, row)
    yield from _paid_early(book, row)


def _approved_findings(book: Applications, row: Application) -> Iterator[Finding]:
    table, index, number = book.table, row.index, row.number
    if papers_missing(table, index):
        missing = table.column("missing_papers")[index]
        said = f"缺 {missing}" if missing else "资料不齐全"
        where = table.cell(index, "missing_papers" if missing else "is_complete")
        yield kinds.APPROVED_INCOMPLETE.at(where, number=number, said=said)
    if row.decided is None:
        words = {"number": number, "status": table.column("status")[index]}
        yield kinds.UNDATED.at(table.cell(index, "approved_on"), **words)
    elif row.decided < row.submitted:
        days = {"submitted": row.submitted, "approved": row.decided}
        where = table.cell(index, "approved_on")
        yield kinds.APPROVED_EARLY.at(where, number=number, **days)
    if not row.amount:
        yield kinds.AMOUNT_MISSING.at(table.cell(index, "amount"), number=number)


def _area(book: Applications, row: Application) -> Iterator[Finding]:
    standard = book.table.column("standard_area_m2")[row.index]
    held = book.table.column("area_held_m2")[row.index]
    if standard is not None and held is not None and held >= standard > 0:
        where = book.table.cell(row.index, "area_held_m2")
        yield kinds.AREA_ENOUGH.at(where, number=row.number, held=held, standard=standard)


def _paid_early(book: Applications, row: Application) -> Iterator[Finding]:
    if row.paid is None or (row.decided is not None and row.decided <= row.paid):
        return
    said = f"审批日期是 {row.decided}" if row.decided else "没有审批日期"
    where = book.table.cell(row.index, "paid_on")
    yield kinds.PAID_UNAPPROVED.at(where, number=row.number, paid=row.paid, approved=said)


def _doubles(book: Applications) -> Iterator[Finding]:
    """One finding per further application of a person, at the later one; refused ones are free."""
    for rows in _by_person(book).values():
        done = sorted((r for r in rows if r.stage in _DECIDED), key=_by_date)
        for earlier, later in pairwise(done):
            if later.number == earlier.number:
                continue  # a row entered twice: LG-201
            yield kinds.APPROVED_TWICE.at(
                book.table.cell(later.index, "identity_no"), **_pair(later, earlier)
            )
        open_rows = sorted((r for r in rows if r.is_pending), key=_by_date)
        for earlier, later in pairwise([*done[-1:], *open_rows]):
            words = {**_pair(later, earlier), "stage": earlier.stage}
            yield kinds.APPLIED_AGAIN.at(book.table.cell(later.index, "identity_no"), **words)


def _couples(book: Applications) -> Iterator[Finding]:
    """Each couple once, at the application that stands higher in the sheet."""
    people = _by_person(book)
    told: set[frozenset[str]] = set()
    for row in book.rows:
        others = people.get(row.spouse, []) if row.spouse != row.person else []
        pair = frozenset((row.person or row.number, row.spouse))
        if row.stage is Stage.REFUSED or not others or pair in told:
            continue
        told.add(pair)
        where = book.table.cell(row.index, "spouse_identity_no")
        yield kinds.COUPLE_CLAIMS.at(where, **_pair(row, others[-1]))


def _by_person(book: Applications) -> Mapping[str, list[Application]]:
    """The applications not refused, by person; a blank number is nobody's."""
    found: defaultdict[str, list[Application]] = defaultdict(list)
    for row in book.rows:
        if row.person and row.stage is not Stage.REFUSED:
            found[row.person].append(row)
    return found


def _by_date(row: Application) -> tuple[Any, ...]:
    return (row.decided or row.submitted, row.index)


def _pair(row: Application, other: Application) -> dict[str, object]:
    place = f"{other.employer}、{other.round}（{other.cell}）"
    return {"number": row.number, "name": row.shown_name, "other": other.number, "place": place}


def _employers(book: Applications) -> Iterator[Finding]:
    table = book.table
    first = {employer_spelling(row.employer): row for row in reversed(book.rows)}
    names: defaultdict[str, list[str]] = defaultdict(list)
    for name, codes in codes_by_name(table):
        row = first.get(name)
        if row is None:
            continue
        if len(codes) > 1:
            said = f"{row.employer} 写了 {len(codes)} 个单位代码：{'、'.join(sorted(codes))}"
            yield kinds.EMPLOYER_CODES.at(table.cell(row.index, "employer_code"), said=said)
        for code in codes:
            names[code].append(row.employer)
    for code, spellings in names.items():
        if len(spellings) > 1:
            row = first[employer_spelling(spellings[-1])]
            said = f"单位代码 {code} 有 {len(spellings)} 个名称：{'、'.join(sorted(spellings))}"
            yield kinds.EMPLOYER_CODES.at(table.cell(row.index, "employer"), said=said)


def _other_benefits(loaded: Loaded, book: Applications) -> Iterator[Finding]:
    """Employees and spouses who live in public housing or draw a rental subsidy on the day."""
    wanted = {key for row in book.rows for key in (row.person, row.spouse) if key}
    benefits = _benefits(loaded, book, wanted) if wanted else {}
    for row in book.rows:
        if row.stage is Stage.REFUSED:
            continue
        people = (
            ("职工本人", row.person, "identity_no"),
            ("配偶", row.spouse, "spouse_identity_no"),
        )
        for who, key, name in people:
            for what in benefits.get(key, ()) if key else ():
                where = book.table.cell(row.index, name)
                yield kinds.ALSO_PROTECTED.at(where, number=row.number, who=who, what=what)


def _benefits(loaded: Loaded, book: Applications, wanted: set[str]) -> dict[str, list[str]]:
    """Person → what the household has. Numbers are compared as written first, which is cheap."""
    housed = _housed(loaded, book)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for model in (Member, Household):
        table = loaded.get(model)
        numbers, people = table.column("household_no"), table.column("identity_no")
        for index in range(len(table)):
            what = housed.get(numbers[index])
            key = person_key(people[index]) if what else ""
            if key in wanted and what not in found[key]:
                found[key].append(str(what))
    return found


def _housed(loaded: Loaded, book: Applications) -> dict[str, str]:
    """Household → 公租房在租家庭 or 租赁补贴家庭, with the cell."""
    grants, leases = loaded.get(SubsidyGrant), loaded.get(Lease)
    numbers, states = grants.column("household_no"), grants.column("status")
    approved = grants.column("approved_on")
    found: dict[str, str] = {}
    for index in grants.usable("household_no", "status", "approved_on"):
        if states[index] is SubsidyStatus.IN_FORCE and approved[index] <= book.as_of:
            found[numbers[index]] = f"租赁补贴家庭 {numbers[index]}（{grants.row_cell(index)}）"
    homes = leases.column("household_no")
    live: Sequence[int] = live_leases(leases, book.as_of) if len(leases) else ()
    for index in live:
        found[homes[index]] = f"公租房在租家庭 {homes[index]}（{leases.row_cell(index)}）"
    return found
