"""Identity numbers; the numbers are the examples of the standard, or made up."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.core.identity import (
    IdentityFault,
    birth_date_of,
    check_identity,
    normalise_identity,
    same_person,
    sex_of,
    to_18,
)

WOMAN = "11010519491231002X"
MAN = "440524188001010014"
OLD_FORM = st.builds(
    lambda area, day, order: f"{area}{day:%y%m%d}{order:03d}",
    st.sampled_from(["430102", "430105", "430111"]),
    st.dates(dt.date(1900, 1, 1), dt.date(1999, 12, 31)),
    st.integers(0, 999),
)


def test_the_examples_of_the_standard_are_right() -> None:
    """GB 11643-1999, annex: two numbers with their check characters."""
    assert check_identity(WOMAN) is None
    assert check_identity(MAN) is None
    assert (sex_of(WOMAN), birth_date_of(WOMAN)) == ("女", dt.date(1949, 12, 31))
    assert (sex_of(MAN), birth_date_of(MAN)) == ("男", dt.date(1880, 1, 1))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", IdentityFault.LENGTH),
        ("1101051949123100", IdentityFault.LENGTH),
        ("11010519491231O02X", IdentityFault.CHARACTER),
        ("X10105194912310020", IdentityFault.CHARACTER),
        ("110105194913310022", IdentityFault.BIRTH_DATE),
        ("110105190002290022", IdentityFault.BIRTH_DATE),
        ("110105494913310", IdentityFault.BIRTH_DATE),
        ("110105194912310021", IdentityFault.CHECK_DIGIT),
        ("430102200006300000", IdentityFault.CHECK_DIGIT),
    ],
)
def test_each_fault_is_named(text: str, fault: IdentityFault) -> None:
    assert check_identity(text) is fault
    assert fault.title.startswith("身份证号")


def test_a_birth_after_the_day_of_the_check_is_a_fault() -> None:
    assert check_identity(WOMAN, as_of=dt.date(1949, 12, 30)) is IdentityFault.BIRTH_DATE
    assert check_identity(WOMAN, as_of=dt.date(1949, 12, 31)) is None


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002x",
        " 110105 19491231 002X\n",
        "'11010519491231002X",
        "１１０１０５１９４９１２３１００２Ｘ",
    ],
)
def test_clerks_ways_of_typing_become_one(text: str) -> None:
    assert normalise_identity(text) == WOMAN


@given(OLD_FORM)
def test_an_old_number_becomes_a_valid_new_one(old: str) -> None:
    new = to_18(old)
    assert check_identity(old) is None
    assert check_identity(new) is None
    assert new[:6] + new[8:17] == old
    assert same_person(old, new)
    assert sex_of(old) == sex_of(new)


@given(OLD_FORM, st.integers(0, 16), st.integers(1, 9))
def test_any_one_wrong_digit_is_noticed(old: str, place: int, shift: int) -> None:
    new = to_18(old)
    wrong = str((int(new[place]) + shift) % 10)
    assert check_identity(new[:place] + wrong + new[place + 1 :]) is not None


def test_a_blank_never_equals_a_blank() -> None:
    assert not same_person("", "")
    assert not same_person(" ", WOMAN)
    assert not same_person(MAN, WOMAN)


def test_the_same_wrong_number_twice_is_the_same_person() -> None:
    assert same_person("110105194912310021", "110105194912310021 ")


def test_nothing_is_derived_from_a_faulty_number() -> None:
    for derive in (to_18, birth_date_of, sex_of):
        with pytest.raises(ValueError):
            derive("110105194912310021")
