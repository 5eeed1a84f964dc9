"""Every fault is planted in a sound new version, and must be caught."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from tests.excel.patch.patching import PART, SHEET, new_sheet, patched, with_rows, with_sets
from tests.excel.patch.workbooks import BUILDERS
from zhubao.core.errors import PatchUnsound
from zhubao.excel.patch.plan import CellSet, CellValue, SheetPatch, WorkbookPatch
from zhubao.excel.patch.verify import expected_cells, verify

Build = Callable[..., Path]
ROWS = (
    '<row r="1"><c r="A1" t="str"><v>0</v></c><c r="B1"><v>2</v></c></row>'
    '<row r="3"><c r="A3"><v>3</v></c></row><row r="4"><c r="A4"><f>A3</f><v>3</v></c></row>'
    '<row r="6"><c r="A6"><v>6</v></c></row>'
)
SETS = SheetPatch(
    (
        CellSet(1, 2, Decimal("7.5")),
        CellSet(3, 1, "甲_x0041_"),
        CellSet(3, 2, True),
        CellSet(6, 1, None),
    )
)
INSERT = with_rows(4, {1: "新"}, {1: 9}, like=3)
REMOVE = SheetPatch(removed=(3, 3))


def tampered(path: Path, changes: Mapping[str, Callable[[bytes], bytes] | None]) -> Path:
    """A copy with parts changed, dropped (None) or added."""
    target = path.with_name("tampered.xlsx")
    with (
        zipfile.ZipFile(path) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for info in source.infolist():
            change = changes.get(info.filename, bytes)
            if change is not None:
                copy.writestr(info, change(source.read(info)))
        for name in changes.keys() - set(source.namelist()):
            change = changes[name]
            assert change is not None
            copy.writestr(name, change(b""))
    return target


def swap(old: str, new: str) -> Callable[[bytes], bytes]:
    """Replaces a piece that must be there."""

    def change(data: bytes) -> bytes:
        assert old.encode() in data, data
        return data.replace(old.encode(), new.encode(), 1)

    return change


def judge(
    source: Path,
    patch: SheetPatch | WorkbookPatch,
    changes: dict[str, Callable[[bytes], bytes] | None],
) -> None:
    """Verify the version that was tampered with, all its own changes announced."""
    target, result = patched(source, patch)
    whole = patch if isinstance(patch, WorkbookPatch) else WorkbookPatch({SHEET: patch})
    verify(source, tampered(target, changes), whole, frozenset(result.changed_parts))


FAULTS: dict[str, tuple[SheetPatch, str, str]] = {
    "a wrong number": (SETS, "<v>7.5</v>", "<v>7.25</v>"),
    "a number that is none": (SETS, "<v>7.5</v>", "<v>7,5</v>"),
    "a number lost": (SETS, '<c r="B1"><v>7.5</v></c>', ""),
    "a number in another column": (SETS, '<c r="B1"><v>7.5</v></c>', '<c r="C1"><v>7.5</v></c>'),
    "a number as a text": (SETS, '<c r="B1">', '<c r="B1" t="str">'),
    "a formula instead": (SETS, "<v>7.5</v>", "<f>15/2</f><v>7.5</v>"),
    "a wrong text": (SETS, "甲_x005F_x0041_", "乙"),
    "a text not escaped": (SETS, "甲_x005F_x0041_", "甲_x0041_"),
    "a text that is too long": (SETS, "甲_x005F_x0041_", "长" * 32_768),
    "a wrong truth": (SETS, '<c r="B3" t="b"><v>1</v>', '<c r="B3" t="b"><v>0</v>'),
    "a cell that is not empty": (SETS, '<c r="A6"/>', '<c r="A6"><v>6</v></c>'),
    "a cell twice": (SETS, '<c r="B3"', '<c r="A3"/><c r="B3"'),
    "cells in the wrong order": (SETS, '<c r="A3"', '<c r="D3"/><c r="A3"'),
    "a cell of another row": (SETS, '<c r="B3"', '<c r="B5"'),
    "a cell beyond the last column": (SETS, "</c></row>", '</c><c r="XFE1"/></row>'),
    "a cell without place": (SETS, '<c r="B3"', "<c"),
    "a planned row lost": (SETS, ">甲", "></t></is></c></row><!--"),
    "another row lost": (
        with_sets((1, 2, 5)),
        '<row r="4"><c r="A4"><f>A3</f><v>3</v></c></row>',
        "",
    ),
    "another row changed": (with_sets((1, 2, 5)), "<v>6</v>", "<v>5</v>"),
    "another row's style changed": (with_sets((1, 2, 5)), '<c r="A6">', '<c r="A6" s="1">'),
    "a row from nowhere": (SETS, '<row r="4">', '<row r="2"/><row r="4">'),
    "a row between": (SETS, '<row r="6">', '<row r="5"/><row r="6">'),
    "a row twice": (SETS, '<row r="4">', '<row r="3"/><row r="4">'),
    "a row behind the last": (SETS, "</sheetData>", '<row r="9"/></sheetData>'),
    "a row beyond the last": (SETS, "</sheetData>", '<row r="1048577"/></sheetData>'),
    "rows in the wrong order": (SETS, '<row r="4">', '<row r="40">'),
    "a row without number": (SETS, '<row r="4">', "<row>"),
    "a broken planned row": (SETS, "<v>7.5</v>", "<v>7.5</w>"),
    "broken XML behind the rows": (SETS, "</sheetData>", "</sheetData><x>"),
    "rows without end": (SETS, "</sheetData>", ""),
    "a new row lost": (INSERT, '<row r="4"><c r="A4" t="inlineStr">', '<row r="4"><c r="A4">'),
    "a new row twice": (INSERT, '<row r="6">', '<row r="5"/><row r="6">'),
    "a row not renumbered": (INSERT, '<row r="8">', '<row r="6">'),
    "cells not renumbered": (INSERT, '<c r="A8">', '<c r="A6">'),
    "a moved row lost": (INSERT, '<row r="8"><c r="A8"><v>6</v></c></row>', ""),
    "a row that should have gone": (REMOVE, '<row r="3">', '<row r="2"/><row r="3">'),
    "too many rows gone": (REMOVE, '<row r="5"><c r="A5"><v>6</v></c></row>', ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_sheet_is_caught(package: Build, fault: str) -> None:
    patch, old, new = FAULTS[fault]
    with pytest.raises(PatchUnsound) as caught:
        judge(package(ROWS), patch, {PART: swap(old, new)})
    assert caught.value.where.startswith("台账.xlsx")
    assert "原文件没有改动" in caught.value.advice


@pytest.mark.parametrize("patch", [SETS, INSERT, REMOVE])
def test_a_sound_version_passes(package: Build, patch: SheetPatch) -> None:
    judge(package(ROWS), patch, {})


def test_results_of_formulas_may_differ(package: Build) -> None:
    judge(package(ROWS), SETS, {PART: swap(' t="str"><f>A3</f>', "><f>A3</f>")})


@pytest.mark.parametrize("name", BUILDERS)
def test_a_foreign_part_that_changed_is_caught(tmp_path: Path, name: str) -> None:
    source = BUILDERS[name](tmp_path / "a.xlsx")
    for part in ("xl/vbaProject.bin", "customXml/item1.xml", "xl/theme/theme1.xml"):
        with pytest.raises(PatchUnsound, match=part):
            judge(source, with_sets((5, 2, "x")), {part: lambda data: data + b" "})
        with pytest.raises(PatchUnsound, match=part):
            judge(source, with_sets((5, 2, "x")), {part: None})


def test_a_part_from_nowhere_is_caught(package: Build) -> None:
    with pytest.raises(PatchUnsound, match="多出了部件"):
        judge(package(ROWS), SETS, {"xl/more.xml": lambda _: b"<x/>"})


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet2.xml"])
def test_a_changed_part_that_is_no_xml_is_caught(tmp_path: Path, part: str) -> None:
    source = BUILDERS["xlsxwriter"](tmp_path / "a.xlsx")
    patch = SheetPatch(
        (CellSet(7, 2, dt.date(2021, 1, 5), "yyyy-mm-dd"), CellSet(6, 4, Decimal(1)))
    )
    with pytest.raises(PatchUnsound):
        judge(source, patch, {part: lambda data: data[:-3]})


def test_a_link_to_a_part_that_is_missing_is_caught(tmp_path: Path) -> None:
    source = BUILDERS["openpyxl"](tmp_path / "a.xlsx")
    rels = "xl/_rels/workbook.xml.rels"
    broken = swap(
        "</Relationships>", '<Relationship Id="q" Type="t" Target="gone.xml"/></Relationships>'
    )
    with pytest.raises(PatchUnsound, match=r"gone\.xml"):
        judge(source, WorkbookPatch(new_sheets=(new_sheet(),)), {rels: broken})


def test_a_new_sheet_that_is_not_listed_is_caught(tmp_path: Path) -> None:
    source = BUILDERS["openpyxl"](tmp_path / "a.xlsx")
    unlisted = swap('name="新表"', 'name="别的"')
    with pytest.raises(PatchUnsound, match="新表"):
        judge(source, WorkbookPatch(new_sheets=(new_sheet(),)), {"xl/workbook.xml": unlisted})


def test_a_sheet_that_vanished_is_caught(package: Build) -> None:
    source = package(ROWS)
    target, result = patched(source, SETS)
    renamed = tampered(target, {"xl/workbook.xml": swap('name="应收"', 'name="实收"')})
    changed = frozenset({*result.changed_parts, "xl/workbook.xml"})
    with pytest.raises(PatchUnsound, match="不见了"):
        verify(source, renamed, WorkbookPatch({SHEET: SETS}), changed)


def test_a_damaged_package_is_caught(package: Build) -> None:
    source = package(ROWS)
    target, result = patched(source, SETS)
    data = target.read_bytes()
    for cut in (data[:-30], data[: len(data) // 2], b"", data[:60] + b"\xff\xff" + data[62:]):
        target.write_bytes(cut)
        with pytest.raises(PatchUnsound):
            verify(source, target, WorkbookPatch({SHEET: SETS}), frozenset(result.changed_parts))


def test_array_formulas_may_clear_the_cells_they_fill(package: Build) -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c>'
        '<c r="B1"><f t="array" ref="B1:B2">A1:A2*2</f><v>2</v></c>'
        '</row><row r="2"><c r="A2"><v>2</v></c><c r="B2"><v>4</v></c></row>'
    )
    after, result = patched(package(rows), with_sets((1, 1, 5)))
    assert {"B1", "B2"} <= {ref for _, ref in result.uncached}
    with zipfile.ZipFile(after) as archive:
        assert b'<c r="B2"/>' in archive.read(PART)


@pytest.mark.parametrize(
    ("patch", "wanted"),
    [
        (SETS, {1: {2: Decimal("7.5")}, 3: {1: "甲_x0041_", 2: True}, 6: {1: None}}),
        (INSERT, {4: {1: "新"}, 5: {1: 9}}),
        (REMOVE, {}),
        (
            SheetPatch((CellSet(5, 1, 1), CellSet(2, 1, 2), CellSet(3, 1, 3)), removed=(2, 3)),
            {3: {1: 1}},
        ),
    ],
)
def test_expected_cells_stand_where_the_rows_end_up(
    patch: SheetPatch, wanted: dict[int, dict[int, CellValue]]
) -> None:
    assert expected_cells(patch) == wanted
