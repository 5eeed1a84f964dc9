from __future__ import annotations

import datetime as dt
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.core.errors import LedgerNotWritable
from zhubao.excel.patch.cells import cell_xml, number_text, serial_of, text_xml
from zhubao.excel.patch.plan import CellValue


@pytest.mark.parametrize(
    ("value", "xml"),
    [
        (None, '<c r="B2" s="3"/>'),
        ("", '<c r="B2" s="3"/>'),
        (True, '<c r="B2" s="3" t="b"><v>1</v></c>'),
        (False, '<c r="B2" s="3" t="b"><v>0</v></c>'),
        (12, '<c r="B2" s="3"><v>12</v></c>'),
        (Decimal("12.00"), '<c r="B2" s="3"><v>12</v></c>'),
        (Decimal("0.10"), '<c r="B2" s="3"><v>0.1</v></c>'),
        (Decimal("-1234567.89"), '<c r="B2" s="3"><v>-1234567.89</v></c>'),
        (dt.date(2020, 1, 1), '<c r="B2" s="3"><v>43831</v></c>'),
        (dt.datetime(2020, 1, 1, 12), '<c r="B2" s="3"><v>43831.5</v></c>'),
        ("甲", '<c r="B2" s="3" t="inlineStr"><is><t>甲</t></is></c>'),
        ("=1+1", '<c r="B2" s="3" t="inlineStr"><is><t>=1+1</t></is></c>'),
        (" a", '<c r="B2" s="3" t="inlineStr"><is><t xml:space="preserve"> a</t></is></c>'),
        ("a\nb", '<c r="B2" s="3" t="inlineStr"><is><t xml:space="preserve">a\nb</t></is></c>'),
        ("<&>", '<c r="B2" s="3" t="inlineStr"><is><t>&lt;&amp;&gt;</t></is></c>'),
    ],
)
def test_every_kind_of_value_has_its_xml(value: CellValue, xml: str) -> None:
    assert cell_xml("B2", ' s="3"', value, date1904=False) == xml


def test_elements_take_the_prefix_of_the_sheet() -> None:
    xml = '<x:c r="A1" t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c>'
    assert cell_xml("A1", "", "甲", prefix="x:", date1904=False) == xml


@pytest.mark.parametrize(
    ("text", "xml"),
    [
        ("a\rb", "a_x000D_b"),
        ("\x01", "_x0001_"),
        ("_x0041_", "_x005F_x0041_"),
        ("_x41_", "_x41_"),
        ("\ud800", "_xD800_"),
        ("\uffff", "_xFFFF_"),
        ("😀", "😀"),
    ],
)
def test_what_xml_cannot_hold_is_written_as_excel_does(text: str, xml: str) -> None:
    assert text_xml(text) == xml


@given(st.text(st.characters(codec=None), max_size=40))
def test_every_text_is_well_formed_and_comes_back(text: str) -> None:
    import re

    element = ElementTree.fromstring(f"<t>{text_xml(text)}</t>".encode())
    back = re.sub(r"_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), element.text or "")
    assert back == text


def test_a_text_may_have_as_many_characters_as_excel_counts() -> None:
    assert len(text_xml("长" * 32_767)) == 32_767
    assert len(text_xml("😀" * 16_383)) == 16_383
    for text in ("长" * 32_768, "😀" * 16_384):
        with pytest.raises(LedgerNotWritable) as caught:
            cell_xml("B2", "", text, date1904=False, where="a.xlsx!应收")
        assert caught.value.where == "a.xlsx!应收!B2"
        assert caught.value.advice


@pytest.mark.parametrize(
    ("day", "date1904", "serial"),
    [
        (dt.date(1900, 1, 1), False, 1),
        (dt.date(1900, 2, 28), False, 59),
        (dt.date(1900, 3, 1), False, 61),
        (dt.date(2020, 2, 29), False, 43_890),
        (dt.date(1904, 1, 1), True, 0),
        (dt.date(2020, 2, 29), True, 42_428),
        (dt.datetime(2020, 2, 29, 6), False, 43_890.25),
    ],
)
def test_serials_are_those_of_excel(day: dt.date, date1904: bool, serial: float) -> None:
    assert serial_of(day, date1904=date1904) == serial


def test_days_before_the_first_have_no_serial() -> None:
    with pytest.raises(ValueError, match="first day"):
        serial_of(dt.date(1899, 12, 30), date1904=False)
    with pytest.raises(ValueError, match="first day"):
        serial_of(dt.date(1903, 12, 31), date1904=True)


@given(
    st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.floats(-1e300, 1e300)
)
def test_numbers_come_back_as_the_nearest_double(value: float | Decimal) -> None:
    try:
        text = number_text(value, date1904=False)
    except LedgerNotWritable:
        assert abs(float(value)) > 9e307
    else:
        assert float(text) == float(value)
