"""Joins external lists to every member of every household due, by identity number only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from zhubao.core.finding import Cell
from zhubao.core.identity import check_identity, normalise_identity, to_18
from zhubao.core.masking import mask_name
from zhubao.ledger.change import Plan
from zhubao.ledger.tenants import Household, Member, Tier
from zhubao.services.review.foreign_list import ForeignList, ListRow
from zhubao.services.review.leads import LISTED, NO_RECORD, ListKind, joined
from zhubao.services.review.population import Due, ReviewYear

MISSING = "名单上没有本户成员"
_CERTIFIED = (Tier.LOW_SUBSISTENCE, Tier.DESTITUTE)
_APPLICANT = "本人"


@dataclass(frozen=True, slots=True)
class Person:
    """A member, or an applicant who is not among the members."""

    due: Due
    name: str
    relation: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Hit:
    """A row of a list that is a member by identity number."""

    person: Person
    row: ListRow
    text: str


@dataclass(frozen=True, slots=True)
class Coincidence:
    """A row without a usable number whose name is a member's: to be looked at, never a hit."""

    person: Person
    row: ListRow


@dataclass(slots=True)
class Matched:
    """What one list gave. `namesakes` have another number: other people, only counted."""

    listed: ForeignList
    rows: int = 0
    hits: list[Hit] = field(default_factory=list)
    coincidences: list[Coincidence] = field(default_factory=list)
    namesakes: int = 0
    unread: int = 0
    blank: int = 0

    @property
    def kind(self) -> ListKind:
        """What the list is of."""
        return self.listed.kind

    @property
    def households(self) -> int:
        """Households with at least one hit."""
        return len({hit.person.due.number for hit in self.hits})


class People:
    """Everybody due for the year by identity number and by name, built once for all lists."""

    def __init__(self, view: ReviewYear) -> None:
        self.view = view
        self.by_identity: dict[str, list[Person]] = {}
        self.by_name: dict[str, list[Person]] = {}
        self.unread = 0
        for due in view.due:
            if due.in_force:
                self._add(due)

    def _add(self, due: Due) -> None:
        seen: set[str] = set()
        for identity, person in _people_of(self.view, due):
            forms = _forms(identity)
            self.unread += not forms
            if not forms or forms[0] not in seen:
                seen.update(forms[:1])
                for form in forms:
                    self.by_identity.setdefault(form, []).append(person)
                self.by_name.setdefault("".join(person.name.split()), []).append(person)


def match_list(people: People, listed: ForeignList) -> Matched:
    """Go through the list once; 15 and 18 digits of one person are the same, a blank is nobody's.

    A row whose number is another's is never joined by its name.
    """
    found = Matched(listed)
    known, named = people.by_identity, people.by_name
    for row in listed.rows():
        found.rows += 1
        persons = known.get(row.identity) if row.identity else None
        if persons is not None:
            found.hits += [Hit(one, row, _text(listed, one, row)) for one in persons]
            continue
        if not row.identity:
            found.blank += row.identity is None
            found.unread += row.identity == ""
        namesakes = named.get(row.name) if row.name else None
        if namesakes and row.identity:
            found.namesakes += 1
        elif namesakes:
            found.coincidences += [Coincidence(one, row) for one in namesakes]
    return found


def put_matches(plan: Plan, people: People, matches: list[Matched]) -> int:
    """Write what the lists say to 比对情况; the households changed. A second time none is.

    A hit is quoted with its source; a household no list knows gets 无记录 for each list. On the
    低保 list it is the other way round: 低保 or 特困 and not on it is what must be looked at.
    """
    view, changed = people.view, 0
    said = [_by_household(one) for one in matches]
    for due in view.due:
        if due.review is None or not due.in_force:
            continue
        parts = [
            part
            for one, texts in zip(matches, said, strict=True)
            for part in _parts(view, due, one, texts.get(due.number, []))
        ]
        old = view.said(due, "matched")
        new = joined(old, parts)
        if new != (old or ""):
            plan.put(view.reviews, due.review, "matched", new)
            changed += 1
    return changed


def _by_household(one: Matched) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for hit in sorted(one.hits, key=lambda hit: (hit.row.sheet, hit.row.row, hit.text)):
        found.setdefault(hit.person.due.number, []).append(hit.text)
    return found


def _parts(view: ReviewYear, due: Due, one: Matched, texts: list[str]) -> list[str]:
    if texts:
        return texts
    source = f"〔{one.listed.name}〕"
    if one.kind.expects_listing:
        certified = view.field(due, "tier") in _CERTIFIED
        return [f"{one.kind.value}：{MISSING}{source}"] if certified else []
    return [f"{one.kind.value}：{NO_RECORD}{source}"]


def _text(listed: ForeignList, person: Person, row: ListRow) -> str:
    """不动产：配偶 李*，建筑面积 89.5，登记日期 2018-03-02〔房产.xlsx!Sheet1!A12〕."""
    details = listed.details(row)
    word = f"{LISTED} " if listed.kind.expects_listing else ""
    who = f"{person.relation} {mask_name(person.name)}"
    said = f"，{details}" if details else ""
    return f"{listed.kind.value}：{word}{who}{said}〔{row.cell}〕"


def _people_of(view: ReviewYear, due: Due) -> Iterator[tuple[str, Person]]:
    """The living members, and the applicant where the members' sheet lacks that number."""
    table, households = view.loaded.get(Member), view.loaded.get(Household)
    names, identities = table.column("name"), table.column("identity_no")
    relations, deaths = table.column("relation"), table.column("died_on")
    listed: set[str] = set()
    for row in view.members.get(due.number, ()):
        listed.update(_forms(identities[row] or "")[:1])
        if deaths[row] is None or deaths[row] > view.as_of:
            relation = str(relations[row] or "成员")
            person = Person(due, names[row] or "", relation, table.cell(row, "identity_no"))
            yield identities[row] or "", person
    identity = households.column("identity_no")[due.household] or ""
    if not listed or not listed.issuperset(_forms(identity)[:1]):
        name = households.column("applicant")[due.household] or ""
        cell = households.cell(due.household, "identity_no")
        yield identity, Person(due, name, _APPLICANT, cell)


def _forms(identity: str) -> tuple[str, ...]:
    """The number as lists may have it: eighteen digits, and the old fifteen of who was born 19xx.

    Nothing for a blank; a number with a fault is compared as it is written.
    """
    number = normalise_identity(identity)
    if not number:
        return ()
    if check_identity(number) is not None:
        return (number,)
    full = to_18(number)
    return (full, full[:6] + full[8:17]) if full[6:8] == "19" else (full,)
