"""Workbooks full of features, by three programs: the planned cells change, all else stays."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.excel.patch.workbooks import (
    BUILDERS,
    COUNT,
    FIRST,
    LAST,
    TOTAL,
    by_openpyxl,
    cells_of,
    changed_parts,
    parts_of,
    record,
    without_results,
)
from zhubao.excel.patch.apply import patch_workbook
from zhubao.excel.patch.plan import CellSet, NewRows, PatchResult, SheetPatch, WorkbookPatch
from zhubao.excel.patch.verify import verify

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")

DAY = dt.date(2021, 1, 5)
SETS = SheetPatch(
    sets=(
        CellSet(5, 4, Decimal("222.5")),
        CellSet(6, 7, "=1+1 只是文字"),
        CellSet(7, 3, DAY, "yyyy-mm-dd"),
        CellSet(8, 2, None),
    )
)
NEW: tuple[dict[int, Any], ...] = (
    {1: "H100", 2: "新户", 3: DAY, 4: Decimal("50.5"), 5: Decimal(1)},
    {1: "H101", 2: "又一户", 3: DAY, 4: Decimal("60.5")},
)
GROWN = SheetPatch(new_rows=NewRows(TOTAL, LAST, NEW, block=FIRST))
SHRUNK = SheetPatch(removed=(LAST - 1, LAST))
WHOLE = sum(record(i)[3] - record(i)[4] for i in range(COUNT))


@pytest.fixture(params=["xlsxwriter", "openpyxl", "libreoffice"])
def source(
    request: pytest.FixtureRequest, tmp_path: Path, soffice: Callable[[Path, str], Path]
) -> Path:
    if request.param != "libreoffice":
        return BUILDERS[request.param](tmp_path / "台账.xlsx")
    (tmp_path / "made").mkdir()
    return soffice(by_openpyxl(tmp_path / "made" / "台账.xlsx"), "xlsx")


def patched(source: Path, sheet: SheetPatch) -> tuple[Path, PatchResult]:
    target = source.with_name("改后.xlsx")
    patch = WorkbookPatch({"应收": sheet})
    with target.open("w+b") as stream:
        result = patch_workbook(source, stream, patch)
    verify(source, target, patch, frozenset(result.changed_parts))
    return target, result


def differing(
    source: Path, target: Path, row_after: Callable[[int], int]
) -> set[tuple[str, int, int]]:
    """(sheet, row, column) after the change of every cell that is not as it was."""
    before, after = cells_of(source), cells_of(target)
    moved = {
        name: {(row_after(r) if name == "应收" else r, c): v for (r, c), v in cells.items()}
        for name, cells in before.items()
    }
    return {
        (name, *place)
        for name in moved
        for place in moved[name].keys() | after[name].keys()
        if moved[name].get(place) != after[name].get(place)
    }


def test_cells_that_are_set_differ_and_no_other(source: Path) -> None:
    target, result = patched(source, SETS)
    assert changed_parts(source, target) <= set(result.changed_parts)
    assert {Path(name).name for name in result.changed_parts} <= {
        "sheet1.xml",
        "sheet2.xml",
        "styles.xml",
        "workbook.xml",
    }
    assert differing(source, target, lambda row: row) <= {
        ("应收", 5, 4),
        ("应收", 6, 7),
        ("应收", 7, 3),
        ("应收", 8, 2),
    }
    cells = cells_of(target)["应收"]
    assert cells[5, 4] == ("222.5", cells_of(source)["应收"][5, 4][1])
    assert cells[6, 7][0] == "=1+1 只是文字"
    assert cells[7, 3] == (f"{DAY} 00:00:00", cells_of(source)["应收"][7, 3][1])
    assert cells.get((8, 2), ("None", ""))[0] == "None"


def test_records_put_in_land_above_the_total_which_grows(source: Path) -> None:
    target, _ = patched(source, GROWN)

    def after(row: int) -> int:
        return row + 2 if row >= TOTAL else row

    changed = differing(source, target, after)
    inserted = {place for place in changed if place[0] == "应收" and place[1] in (TOTAL, TOTAL + 1)}
    assert changed - inserted == {
        ("应收", TOTAL + 2, 6),
        ("汇总", 2, 2),
        ("汇总", 3, 2),
        ("汇总", 4, 2),
    }
    cells = cells_of(target)
    assert cells["应收"][TOTAL + 2, 6][0] == f"=SUM(F{FIRST}:F{TOTAL + 1})"
    assert cells["应收"][TOTAL, 6] == (f"=D{TOTAL}-E{TOTAL}", "#,##0.00")
    assert cells["应收"][TOTAL, 3] == (f"{DAY} 00:00:00", cells["应收"][LAST, 3][1])
    assert cells["汇总"][2, 2][0].replace("$应收.", "应收!") == f"=应收!F{TOTAL + 2}"
    assert cells["汇总"][4, 2][0] == f"=COUNTA(应收!A{FIRST}:A{TOTAL + 1})"


def test_ranges_grow_with_the_records(source: Path) -> None:
    target, _ = patched(source, GROWN)
    parts = {name: data.decode("utf-8", "replace") for name, data in parts_of(target).items()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    for expected in (f"G{FIRST}:G{TOTAL + 1}", f"D{FIRST}:D{TOTAL + 1}"):
        assert f'sqref="{expected}"' in sheet
    assert re.search(rf'<dimension ref="A1:[A-Z]+{TOTAL + 3}"', sheet)
    workbook = parts["xl/workbook.xml"]
    assert f"$F${FIRST}:$F${TOTAL + 1}" in workbook
    assert re.search(rf"Print_Area[^>]*>[^<]*\$A\$1:\$G\${TOTAL + 3}<", workbook)
    tables = [text for name, text in parts.items() if "/tables/" in name and "A3:G" in text]
    filters = re.findall(r'<autoFilter ref="A3:G(\d+)"', sheet + "".join(tables))
    assert set(filters) == {str(TOTAL + 1)}
    row = re.search(rf'<row [^>]*r="{TOTAL}"[^>]*>', sheet)
    assert row is not None
    assert re.search(r'ht="2[01]', row[0])


def test_rows_taken_out_take_the_total_along(source: Path) -> None:
    target, _ = patched(source, SHRUNK)
    cells = cells_of(target)["应收"]
    assert cells[TOTAL - 2, 1][0] == "合计"
    assert cells[TOTAL - 2, 6][0] == f"=SUM(F{FIRST}:F{LAST - 2})"
    assert (TOTAL - 1, 1) in cells
    assert cells[TOTAL - 1, 1][0].startswith("注")


@pytest.mark.parametrize("patch", [SETS, GROWN, SHRUNK], ids=["sets", "grown", "shrunk"])
def test_libreoffice_opens_the_result_and_computes_the_same(
    source: Path, patch: SheetPatch, soffice: Callable[[Path, str], Path]
) -> None:
    target, result = patched(source, patch)
    stripped = without_results(target, target.with_name("无结果.xlsx"))
    computed = cells_of(soffice(stripped, "xlsx"), values=True)
    cached = cells_of(target, values=True)
    formulas = {
        (name, place)
        for name, cells in cells_of(target).items()
        for place, (text, _) in cells.items()
        if text.startswith("=") and "只是文字" not in text
    }
    assert len(formulas) > COUNT - 3
    compared = 0
    for name, place in formulas:
        if cached[name].get(place, ("None",))[0] == "None":  # openpyxl caches nothing
            continue
        compared += 1
        assert float(cached[name][place][0]) == pytest.approx(float(computed[name][place][0]))
    if not result.uncached:
        assert compared == len(formulas)


def test_every_feature_is_still_there(tmp_path: Path) -> None:
    source = BUILDERS["xlsxwriter"](tmp_path / "台账.xlsx")
    target, _ = patched(source, GROWN)
    before, after = parts_of(source), parts_of(target)
    assert before.keys() == after.keys()
    kept = ("media/", "theme/", "customXml/", "vbaProject", "sharedStrings", "docProps/", "_rels/")
    for name in before:
        if any(word in name for word in kept):
            assert before[name] == after[name], name
    sheet = after["xl/worksheets/sheet1.xml"].decode()
    for word in ("x14:dataBar", "x14:sparkline", "legacyDrawingHF", "controls", "hyperlink "):
        assert (word in before["xl/worksheets/sheet1.xml"].decode()) == (word in sheet), word
    pivot = after["xl/pivotCache/pivotCacheDefinition1.xml"].decode()
    assert f'ref="A3:G{TOTAL + 1}"' in pivot
    assert f"$F${FIRST}:$F${TOTAL + 1}" in after["xl/charts/chart1.xml"].decode()
    assert f'ref="F{TOTAL + 2}"' in after["xl/comments1.xml"].decode()
