"""AU-00x and AU-01x: numbers that cannot be, persons twice, the dead, sizes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.audit.checks.ledgers import facts, leads, places
from tests.audit.checks.persons import LI, WANG, grant, household, lease, member, number
from zhubao.audit.facts import Facts
from zhubao.core.identity import IdentityFault, check_identity
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import Columns, LedgerTable, Segment
from zhubao.ledger.tenants import Member, Relation


def _full(body: str) -> str:
    """The seventeen digits with their check character."""
    return next(
        body + last
        for last in "0123456789X"
        if check_identity(body + last) is not IdentityFault.CHECK_DIGIT
    )


_WRONG_DIGIT = WANG[:-1] + ("1" if WANG[-1] != "1" else "2")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (_WRONG_DIGIT, "校验位"),
        ("43010219750231101X", "不存在"),
        ("4301021975031", "18位"),
        (_full("43010220210101101"), "之后"),
        (_full("43010218990630101"), "121 岁"),
    ],
)
def test_numbers_that_cannot_be_are_named_by_their_fault(written: str, said: str) -> None:
    (lead,) = leads("AU-001", facts(member=[member(identity=written)]))
    assert said in lead.finding.message
    assert written not in lead.finding.message
    assert lead.hit.identity_no == ""


def test_sound_numbers_old_and_new_are_passed_over() -> None:
    old = WANG[:6] + WANG[8:17]
    day_before = "2020-06-29"  # of the 121st birthday
    assert leads("AU-001", facts(member=[member(), member(identity=old)])) == []
    assert (
        leads("AU-001", facts(day_before, member=[member(identity=_full("43010218990630101"))]))
        == []
    )


def test_a_wrong_number_of_applicant_and_member_is_one_lead_with_both_cells() -> None:
    given = facts(
        household=[household(identity=_WRONG_DIGIT)], member=[member(identity=_WRONG_DIGIT)]
    )
    (lead,) = leads("AU-001", given)
    assert [cell.sheet for cell in lead.hit.cells] == ["家庭成员", "保障家庭"]


@pytest.mark.parametrize(
    "text",
    [430102197503120000.0, "4.30102E+17", 430199197707219000.0, 430199197707219874],
)
def test_a_number_that_excel_rounded_is_told_apart_from_a_wrong_one(text: object) -> None:
    names = list(Member.model_fields)
    values: dict[str, list[Any]] = {name: [None] for name in names}
    values |= {"household_no": ["JT0001"], "name": ["王小明"], "relation": [Relation.SELF]}
    columns = Columns(values, {"identity_no": {0}}, {"identity_no": {0: text}})
    letters = {name: chr(65 + place) for place, name in enumerate(names)}
    table = LedgerTable(Member, columns, (Segment("tenants.xlsx", "家庭成员", [2], letters),))
    given = Facts(Loaded.of(table), facts().as_of)
    assert places("AU-002", given) == ["家庭成员!C2"]
    assert leads("AU-001", given) == []
    assert leads("AU-956", given) == []  # the number is there: it is no empty key


def test_eighteen_digits_ending_in_000_are_destroyed_only_when_the_check_fails() -> None:
    assert len(leads("AU-002", facts(member=[member(identity="430102197503121000")]))) == 1
    assert leads("AU-002", facts(member=[member()])) == []


def test_birth_date_and_sex_against_the_number() -> None:
    wrong = member(birth_date="1975-03-21", sex="女")
    (lead,) = leads("AU-003", facts(member=[wrong]))
    assert len(lead.hit.cells) == 3
    assert leads("AU-003", facts(member=[member(birth_date="1975-03-12", sex="男")])) == []


def test_one_name_and_birth_with_two_numbers_is_a_notice_for_long_names_only() -> None:
    twin = number(sequence=105)
    homes = [household(), household("JT0002", twin)]
    (lead,) = leads("AU-004", facts(household=homes, member=[member(), member("JT0002", twin)]))
    assert lead.finding.severity == "notice"
    short = [member(name="王明"), member("JT0002", twin, name="王明")]
    named = [
        household(applicant="王明"),
        household("JT0002", twin, applicant="王明"),
    ]
    assert leads("AU-004", facts(household=named, member=short)) == []
    assert leads("AU-004", facts(household=homes, member=[member()])) != []


def test_a_person_in_two_households_in_force_by_old_and_new_number() -> None:
    old = WANG[:6] + WANG[8:17]
    homes = [household(), household("JT0002", LI)]
    rows = [member(), member("JT0002", LI, name="李四"), member("JT0002", old, relation="配偶")]
    (lead,) = leads("AU-011", facts(household=homes, member=rows))
    assert "家庭 JT0001、家庭 JT0002" in lead.finding.message
    left = [household(), household("JT0002", LI, status="已退出", exited_on="2019-12-31")]
    assert leads("AU-011", facts(household=left, member=rows)) == []
    gone = [*rows[:2], member("JT0002", old, died_on="2020-01-01")]
    assert leads("AU-011", facts(household=homes, member=gone)) == []


def test_a_household_of_the_dead_that_is_still_protected() -> None:
    dead = member(died_on="2020-02-01")
    (lead,) = leads("AU-012", facts(household=[household()], member=[dead], lease=[lease()]))
    assert lead.hit.unit == "FY0001"
    assert leads("AU-012", facts("2020-01-31", household=[household()], member=[dead])) == []


def test_the_dead_who_are_counted_and_other_wrong_sizes_are_two_things() -> None:
    wife = member(identity=LI, name="李四", relation="配偶", died_on="2020-02-01")
    counted = facts(household=[household(size=2)], member=[member(), wife])
    assert places("AU-013", counted) == ["保障家庭!E2"]
    assert leads("AU-014", counted) == []
    wrong = facts(household=[household(size=4)], member=[member(), wife])
    assert leads("AU-013", wrong) == []
    assert places("AU-014", wrong) == ["保障家庭!E2"]
    right = facts(household=[household(size=1)], member=[member(), wife])
    assert leads("AU-013", right) == leads("AU-014", right) == []


def test_an_applicant_who_is_not_among_the_members() -> None:
    other = facts(household=[household()], member=[member(identity=LI)])
    assert places("AU-015", other) == ["保障家庭!C2"]
    assert leads("AU-015", facts(household=[household()], member=[member()])) == []


def test_a_dead_applicant_in_whose_name_a_benefit_runs_on() -> None:
    rows = [member(died_on="2020-02-01"), member(identity=LI, name="李四", relation="配偶")]
    paid = facts(household=[household()], member=rows, subsidy_grant=[grant()])
    assert places("AU-016", paid) == ["家庭成员!H2"]
    assert leads("AU-016", facts(household=[household()], member=rows)) == []
