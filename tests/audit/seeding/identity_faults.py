"""身份: numbers that cannot be, persons twice, the dead counted on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tests.audit.seeding.fault import Subjects, fault
from tests.audit.seeding.town import Home, Place, Town
from zhubao.core.identity import check_identity, to_18
from zhubao.ledger.tenants import Member, Relation, Sex

_DIED = dt.date(2020, 5, 2)


def family(home: Home) -> bool:
    """Owes nothing, and is not alone."""
    return not home.owes and bool(home.others)


def _can_be_two(home: Home) -> bool:
    """A name that is not too common, born in the twentieth century."""
    return len(home.head["name"]) > 2 and home.head["identity_no"][6:8] == "19"


def join(town: Town, home: Home, **fields: object) -> None:
    """One more member, counted."""
    given = {"household_no": home.number, "relation": Relation.OTHER, **fields}
    town.add(Member, **given)
    town.change(home.household, size=home.household["size"] + 1)


def other_number(number: str) -> str:
    """A sound number with the same district, birth date and sex."""
    serial = (int(number[14:17]) + 100) % 900
    return to_18(f"{number[:6]}{number[8:14]}{serial:03d}")


@fault("AU-001")
def check_character_wrong(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(family):
        place = home.others[0]
        number = place["identity_no"]
        wrong = "1" if number[-1] != "1" else "2"
        town.change(place, identity_no=number[:-1] + wrong)
        yield home.subjects


@fault("AU-002")
def number_went_through_a_number_cell(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(family):
        number = f"{home.others[0]['identity_no'][:15]}000"
        if check_identity(number) is not None:
            town.change(home.others[0], identity_no=number)
            yield home.subjects


@fault("AU-003")
def sex_entered_wrong(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        sexes = {Sex.MALE: Sex.FEMALE, Sex.FEMALE: Sex.MALE}
        if home.head["sex"] in sexes:
            town.change(home.head, sex=sexes[home.head["sex"]])
            yield home.subjects


@fault("AU-003")
def birth_date_entered_wrong(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        if home.head["birth_date"] is not None:
            town.change(home.head, birth_date=home.head["birth_date"] + dt.timedelta(days=1))
            yield home.subjects


@fault("AU-004")
def one_person_with_two_numbers(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(lambda home: not home.owes and _can_be_two(home)):
        other = next(town.tenants())
        head = home.head
        again = {"name": head["name"], "sex": head["sex"], "birth_date": head["birth_date"]}
        join(town, other, identity_no=other_number(head["identity_no"]), **again)
        yield home.number, other.number


@fault("AU-011")
def person_of_two_applicants(town: Town) -> Iterator[Subjects]:
    while True:
        first, second = town.new_household(size=2), town.new_household(size=2)
        number = town.identity_no()
        for household in (first, second):
            town.add(
                Member,
                household_no=household["household_no"],
                name="祝小",
                identity_no=number,
                relation=Relation.PARENT,
            )
        yield first["household_no"], second["household_no"]


@fault("AU-012")
def household_died_out(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        for member in home.members:
            town.change(member, died_on=_DIED)
        yield home.subjects


@fault("AU-013")
def dead_member_not_taken_off(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(family):
        town.change(home.others[0], died_on=_DIED)
        yield home.subjects


@fault("AU-014")
def size_too_large(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        town.change(home.household, size=home.household["size"] + 2)
        yield home.subjects


@fault("AU-015")
def applicant_with_a_number_of_nobody(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        town.change(home.household, identity_no=town.identity_no())
        yield home.subjects


def bury(town: Town, home: Home) -> Place:
    """The applicant has died, and the size is right."""
    town.change(home.head, died_on=_DIED)
    town.change(home.household, size=home.household["size"] - 1)
    return home.head


@fault("AU-016")
def applicant_died_and_stays(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(family):
        bury(town, home)
        yield home.subjects
