from __future__ import annotations

from xml.etree import ElementTree

import pytest

from zhubao.excel.patch.workbook_xml import recalculated_on_load, with_extent, without_part


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<calcPr calcId="1"/>', '<calcPr calcId="1" fullCalcOnLoad="1"/>'),
        ('<calcPr calcId="1" />', '<calcPr calcId="1"  fullCalcOnLoad="1"/>'),
        ("<calcPr></calcPr>", '<calcPr fullCalcOnLoad="1"></calcPr>'),
        ('<calcPr fullCalcOnLoad="0"/>', '<calcPr fullCalcOnLoad="1"/>'),
        ("<calcPr fullCalcOnLoad='false' a='1'/>", "<calcPr fullCalcOnLoad=\"1\" a='1'/>"),
        ("<x:calcPr/>", '<x:calcPr fullCalcOnLoad="1"/>'),
    ],
)
def test_excel_is_told_to_compute(before: str, after: str) -> None:
    xml = "<workbook><sheets><sheet/></sheets>{}<oleSize/></workbook>"
    assert recalculated_on_load(xml.format(before).encode()) == xml.format(after).encode()


@pytest.mark.parametrize(
    "inside",
    [
        "<sheets><sheet/></sheets>",
        "<sheets><sheet/></sheets><definedNames><definedName/></definedNames>",
        "<sheets><sheet/></sheets><definedNames/>",
        "<sheets><sheet/></sheets><externalReferences><a/></externalReferences>",
        "<x:sheets/><x:sheets></x:sheets>",
    ],
)
def test_calculation_settings_come_behind_names(inside: str) -> None:
    xml = f"<workbook>{inside}<oleSize/></workbook>".encode()
    prefix = "x:" if "x:" in inside else ""
    calc = f'<{prefix}calcPr fullCalcOnLoad="1"/><oleSize/>'.encode()
    assert recalculated_on_load(xml) == xml.replace(b"<oleSize/>", calc)


@pytest.mark.parametrize(
    "line",
    [
        '<Relationship Id="rId9" Type="t" Target="calcChain.xml"/>',
        '<Relationship Target="/xl/calcChain.xml" Id="rId9" Type="t" />',
        "<Relationship Target='calcChain.xml' Id='rId9'></Relationship>",
        '<Override PartName="/xl/calcChain.xml" ContentType="t"/>',
        '<x:Override ContentType="t" PartName="/xl/calcChain.xml"></x:Override>',
    ],
)
def test_a_part_that_goes_is_listed_no_more(line: str) -> None:
    listing = '<L xmlns:x="u"><Relationship Target="oldcalcChain.xml"/>{}<Override/></L>'
    after = without_part(listing.format(line).encode(), "xl/calcChain.xml")
    assert after == listing.format("").encode()
    ElementTree.fromstring(after)


@pytest.mark.parametrize(
    ("ref", "cells", "wanted"),
    [
        ("A1:B2", [(5, 4)], "A1:D5"),
        ("B2:C3", [(1, 1)], "A1:C3"),
        ("A1", [(1, 1)], "A1"),
        ("A1", [(2, 1)], "A1:A2"),
        ("A1:D9", [], "A1:D9"),
        ("A1:D9", [(3, 3)], "A1:D9"),
        ("", [(3, 3)], ""),
    ],
)
def test_the_extent_holds_what_was_written(
    ref: str, cells: list[tuple[int, int]], wanted: str
) -> None:
    head = '<worksheet><sheetPr/><dimension ref="{}"/><sheetViews/>'
    assert with_extent(head.format(ref).encode(), cells) == head.format(wanted).encode()


def test_a_head_without_extent_stays() -> None:
    assert with_extent(b"<worksheet>", [(1, 1)]) == b"<worksheet>"
