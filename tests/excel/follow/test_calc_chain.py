from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.excel.follow.calc_chain import follow_calc_chain
from zhubao.excel.guard import Unusual
from zhubao.excel.shift import Shift

HEAD = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
)
END = b"</calcChain>"
INSERTED = Shift("应收", 100, 3, 5)
REMOVED = Shift("应收", 10, -5)
NOTHING = Shift("应收", 1, 0)

Entries = list[tuple[str, int | None]]


def chain(entries: Entries) -> bytes:
    parts = (f'<c r="{ref}"' + (f' i="{i}"/>' if i else "/>") for ref, i in entries)
    return HEAD + "".join(parts).encode() + END


def cells(xml: bytes | None) -> list[tuple[int, str]]:
    """What a reader of the chain understands: sheet id and cell, in order."""
    found: list[tuple[int, str]] = []
    sheet = 0
    for piece in (xml or b"").decode().split("<c ")[1:]:
        values = dict(pair.split("=") for pair in piece.split("/>")[0].split())
        sheet = int(values["i"].strip('"')) if "i" in values else sheet
        found.append((sheet, values["r"].strip('"')))
    return found


def test_formulas_below_move_on_their_sheet_only() -> None:
    xml = chain([("F100", 1), ("F99", None), ("F100", 2), ("G100", None)])
    after = follow_calc_chain(xml, 1, INSERTED, [], set())
    assert after == xml.replace(b'"F100" i="1"', b'"F103" i="1"')


def test_new_formulas_come_at_the_end_once() -> None:
    xml = chain([("F99", 1), ("F100", 2)])
    after = follow_calc_chain(xml, 1, INSERTED, ["F100", "F101", "F100", "F99"], set())
    assert cells(after) == [(1, "F99"), (2, "F100"), (1, "F100"), (1, "F101")]


def test_the_sheet_is_written_out_where_the_entry_it_came_from_goes() -> None:
    xml = chain([("A1", 3), ("F10", 1), ("F11", None), ("F20", None), ("F21", None)])
    after = follow_calc_chain(xml, 1, REMOVED, [], set())
    assert after == HEAD + (b'<c r="A1" i="3"/><c r="F15" i="1"/><c r="F16"/>' + END)


def test_replaced_formulas_leave_by_where_they_stand_afterwards() -> None:
    xml = chain([("F100", 1), ("F99", None)])
    after = follow_calc_chain(xml, 1, INSERTED, [], {"F103"})
    assert cells(after) == [(1, "F99")]


def test_other_attributes_and_spelling_stay() -> None:
    xml = (
        b"<x:calcChain xmlns:x='m'><x:c r='F100' i='1' l=\"1\" />\n <x:c s=\"1\" r='F99'/>"
        b"<x:extLst/></x:calcChain>"
    )
    after = follow_calc_chain(xml, 1, INSERTED, ["F100"], set())
    assert after == xml.replace(b"'F100'", b"'F103'").replace(
        b"<x:extLst/>", b'<x:c r="F100" i="1"/><x:extLst/>'
    )


def test_an_empty_chain_is_dropped() -> None:
    assert follow_calc_chain(chain([("F10", 1)]), 1, REMOVED, [], set()) is None
    assert follow_calc_chain(HEAD + END, 1, REMOVED, [], set()) is None


@pytest.mark.parametrize(
    "inside", [b'<c r="A1" i="1"></c>', b'<!-- x --><c r="A1" i="1"/>', b'<c i="1"/>']
)
def test_an_unusual_chain_is_refused(inside: bytes) -> None:
    with pytest.raises(Unusual):
        follow_calc_chain(HEAD + inside + END, 1, INSERTED, [], set())


entries = st.lists(
    st.tuples(
        st.builds("{}{}".format, st.sampled_from("ABF"), st.integers(1, 30)),
        st.sampled_from([None, 1, 2]),
    ),
    min_size=1,
)


@given(entries, st.integers(1, 30), st.integers(-6, 6), st.sampled_from([1, 2]))
def test_every_entry_keeps_its_sheet_and_order(
    listed: Entries, at: int, count: int, sheet_id: int
) -> None:
    xml = chain(listed)
    expected = []
    for sheet, ref in cells(xml):
        row = int(ref[1:])
        if sheet != sheet_id or row < at:
            expected.append((sheet, ref))
        elif row >= at - min(count, 0):
            expected.append((sheet, f"{ref[0]}{row + count}"))
    after = follow_calc_chain(xml, sheet_id, Shift("应收", at, count), [], set())
    assert cells(after) == expected


@given(entries)
def test_nothing_changes_without_a_shift(listed: Entries) -> None:
    assert follow_calc_chain(chain(listed), 1, NOTHING, [], set()) == chain(listed)
