"""Parts beside the worksheets: lists, calculation chain and styles, wherever they lie."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.excel.patch.patching import (
    PART,
    part_of,
    patched,
    reopened,
    rows_of,
    with_rows,
    with_sets,
)
from tests.excel.patch.workbooks import by_openpyxl, changed_parts, parts_of
from zhubao.excel.patch.plan import CellSet, CellValue, SheetPatch, WorkbookPatch

CHAIN = "xl/calcChain.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
TYPES = "[Content_Types].xml"
ROWS = (
    '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1*2</f><v>2</v></c></row>'
    '<row r="2"><c r="A2"><v>2</v></c><c r="B2"><f>A2*2</f><v>4</v></c></row>'
)
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006"


@pytest.fixture
def chained(package: Callable[..., Path]) -> Path:
    """Two formulas and their calculation chain."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return package(
        ROWS,
        replace={
            CHAIN: f'<calcChain xmlns="{main}"><c r="B1" i="1"/><c r="B2" i="1"/></calcChain>',
            RELATIONS: f'<Relationships xmlns="{_P}/relationships">'
            f'<Relationship Id="rId1" Type="{_R}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{_R}/calcChain" Target="calcChain.xml"/>'
            "</Relationships>",
            TYPES: f'<Types xmlns="{_P}/content-types">'
            '<Override PartName="/xl/calcChain.xml" ContentType="t"/></Types>',
        },
    )


def test_a_formula_that_is_replaced_leaves_the_chain(chained: Path) -> None:
    after, _ = patched(chained, SheetPatch((CellSet(1, 2, 9, over_formula=True),)))
    assert b'r="B1"' not in part_of(after, CHAIN)
    assert b'r="B2"' in part_of(after, CHAIN)


def test_a_chain_of_nothing_goes_with_its_lines(chained: Path) -> None:
    sets = tuple(CellSet(row, 2, 9, over_formula=True) for row in (1, 2))
    after, _ = patched(chained, SheetPatch(sets))
    parts = parts_of(after)
    assert CHAIN not in parts
    assert b"calcChain" not in parts[RELATIONS] + parts[TYPES]
    assert rows_of(after) == {1: {1: "1", 2: "9"}, 2: {1: "2", 2: "9"}}


def test_formulas_that_come_and_move_are_in_the_chain(chained: Path) -> None:
    after, _ = patched(chained, with_rows(2, {1: 5}))
    chain = ElementTree.fromstring(part_of(after, CHAIN))
    assert {cell.get("r") for cell in chain} == {"B1", "B2", "B3"}
    assert rows_of(after)[2] == {1: "5", 2: "=A2*2"}
    assert b"<f>A2*2</f><v>10</v>" in part_of(after)


def test_excel_computes_anew_only_when_a_formula_depends_on_the_change(chained: Path) -> None:
    after, _ = patched(chained, with_sets((1, 1, 7)))
    assert b'<calcPr fullCalcOnLoad="1"/>' in part_of(after, "xl/workbook.xml")
    assert b"<f>A1*2</f><v>14</v>" in part_of(after)
    after, result = patched(chained, with_sets((1, 5, 7)))
    assert result.changed_parts == (PART,)


def test_sums_count_all_rows_when_rows_below_them_go(package: Callable[..., Path]) -> None:
    rows = '<row r="1"><c r="A1"><f>SUM(B1:B2)</f></c></row><row r="2"><c r="B2"><v>1</v></c></row>'
    for removed in ((3, 3), (4, 9)):
        after, _ = patched(package(rows), SheetPatch(removed=removed))
        assert b"<v>0</v>" not in part_of(after)


def test_styles_before_or_behind_the_sheets_are_both_found(tmp_path: Path) -> None:
    source = by_openpyxl(tmp_path / "a.xlsx")
    parts = parts_of(source)
    day = SheetPatch((CellSet(5, 2, dt.date(2020, 1, 2), "yyyy-mm-dd"),))
    for name in ("first.xlsx", "last.xlsx"):
        path = tmp_path / name
        order = sorted(parts, key="xl/styles.xml".__ne__, reverse=name.startswith("last"))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in order:
                archive.writestr(part, parts[part])
        after, result = patched(path, day)
        assert set(result.changed_parts) == {PART, "xl/styles.xml"} == changed_parts(path, after)
        cell = reopened(after)["应收"]["B5"]
        assert (cell.value, cell.number_format) == (dt.datetime(2020, 1, 2), "yyyy-mm-dd")


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/workbook.xml", "<sheets>", "<!-- <sheets> --><sheets>"),
        ("xl/styles.xml", "<cellXfs", "<!-- <cellXfs> --><cellXfs"),
    ],
)
def test_comments_in_other_parts_do_no_harm(tmp_path: Path, part: str, old: str, new: str) -> None:
    source = by_openpyxl(tmp_path / "a.xlsx")
    parts = parts_of(source)
    assert old in parts[part].decode()
    parts[part] = parts[part].decode().replace(old, new, 1).encode()
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    day: dict[int, CellValue] = {1: "H99", 3: dt.date(2020, 1, 2), 4: Decimal(5)}
    patch = with_rows(24, day, block=4)
    after, _ = patched(source, WorkbookPatch({"应收": patch}))
    assert reopened(after)["应收"]["F25"].value == "=SUM(F4:F24)"


def test_parts_in_utf_16_are_followed_too(tmp_path: Path) -> None:
    source = by_openpyxl(tmp_path / "a.xlsx")
    parts = parts_of(source)
    text = parts["xl/workbook.xml"].decode()
    parts["xl/workbook.xml"] = ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16")
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    after, _ = patched(source, with_rows(24, {1: "H99"}, block=4))
    assert "应收!$F$4:$F$24" in part_of(after, "xl/workbook.xml").decode()
