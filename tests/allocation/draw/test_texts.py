"""The canonical texts: one spelling only; any other is refused, with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.allocation.draw.events import draws_of, frozen_texts
from zhubao.allocation.draw.texts import (
    DrawUnit,
    Entrant,
    TextInvalid,
    clean,
    parse_roster,
    parse_rules,
    parse_ticket,
    parse_units,
    receipt_of,
    roster_text,
    rules_text,
    ticket_text,
    units_text,
)

TEXTS = frozen_texts()
PARSERS = {"roster.txt": parse_roster, "units.txt": parse_units, "rules.txt": parse_rules}
FIELDS = st.text(max_size=12)


@given(st.dictionaries(st.binary(min_size=16, max_size=16), st.tuples(FIELDS, FIELDS), max_size=8))
def test_what_is_written_is_read_back_whatever_the_names(
    rows: dict[bytes, tuple[str, str]],
) -> None:
    entrants = [
        Entrant(key.hex(), 1 + number, group, number, stratum)
        for number, (key, (group, stratum)) in enumerate(rows.items())
    ]
    text = roster_text("E", entrants)
    event, read = parse_roster(text)
    assert (event, roster_text("E", reversed(read))) == ("E", text)
    assert {one.receipt for one in read} == {one.receipt for one in entrants}


@given(st.sets(FIELDS.map(clean).filter(lambda name: name not in ("", "-")), max_size=8))
def test_units_stand_in_the_order_of_their_bytes(names: set[str]) -> None:
    text = units_text("E", [DrawUnit(name, "甲", "", "50") for name in names])
    _, units = parse_units(text)
    assert [one.unit_no for one in units] == sorted(names, key=str.encode)


@given(FIELDS)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_rules_and_tickets_are_read_back() -> None:
    assert rules_text(parse_rules(TEXTS["rules.txt"])) == TEXTS["rules.txt"]
    for texts in draws_of(TEXTS, "01 02 03 04 05 06", "11 12 13 14 15 16"):
        assert ticket_text(parse_ticket(texts["draw.txt"])) == texts["draw.txt"]


@pytest.mark.parametrize(
    ("name", "old", "new", "line"),
    [
        ("roster.txt", "\n", "\r\n", 1),
        ("roster.txt", "zhubao", "\ufeffzhubao", 1),
        ("roster.txt", "优抚对象", "优抚\u3000对象", 0),
        ("roster.txt", "优抚对象", "优抚对象 ", 0),
        ("roster.txt", "\t1\t优", "\t01\t优", 0),
        ("roster.txt", "优抚对象\t", "优抚对象\t\t", 0),
        ("units.txt", "01-1-0000", "-", 0),
        ("units.txt", "01-1-0001", "01-1-0000", 0),
        ("rules.txt", "mode\tunit", "mode\trandom", 3),
        ("rules.txt", "观众报数", "现场摇球", 7),
        ("rules.txt", "source\t现场摇球\t6\t2\nsource\t观众报数\t3\t1\n", "", 6),
        ("rules.txt", "\t6\t2", "\t0\t2", 6),
    ],
)
def test_another_spelling_is_another_text(name: str, old: str, new: str, line: int) -> None:
    text = TEXTS[name]
    assert old in text
    with pytest.raises(TextInvalid) as caught:
        PARSERS[name](text.replace(old, new, 1))
    assert caught.value.line == line or line == 0


def test_a_roster_out_of_order_or_cut_off_is_refused() -> None:
    head, first, second, *rest = TEXTS["roster.txt"].split("\n")
    for lines in ([head, second, first, *rest], [head, first, first, second, *rest]):
        with pytest.raises(TextInvalid):
            parse_roster("\n".join(lines))
    with pytest.raises(TextInvalid):
        parse_roster(TEXTS["roster.txt"].rstrip("\n"))


def test_a_receipt_is_the_same_however_the_number_is_typed() -> None:
    one = receipt_of("E", "C1", "11010519491231002X", "s")
    assert one == receipt_of(" E ", "C1", "11010519491231002x ", "s")
    assert one != receipt_of("E", "C1", "11010519491231002X", "t")
