"""Links from a report to ledger cells: addresses that every program reads."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest

from zhubao.core.finding import Cell
from zhubao.core.report import Column, Report, Row, Table
from zhubao.core.theme import load_theme
from zhubao.render.sources import Links
from zhubao.render.xlsx import write_xlsx

UNITS, OWN = Cell("units.xlsx", "房源", "A2"), Cell("台账 #1.xlsx", "it's", "B3")


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A workbook in a folder of the reports, with a link to each of the two."""
    path = tmp_path / "局" / "reports" / "总结" / "r.xlsx"
    path.parent.mkdir(parents=True)
    rows = [Row(("甲",), (UNITS,)), Row(("乙",), (OWN,))]
    report = Report("t", "题", "局", tables=(Table("t", "表", (Column("a", "列"),), rows),))
    write_xlsx(report, path, load_theme(), source_root=tmp_path / "局" / "ledgers")
    return path


def test_the_target_of_a_link_is_a_relative_uri_and_the_cell_its_location(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as package:
        relations = package.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r'Target="([^"]*)" TargetMode="External"', relations) == [
        "../../ledgers/units.xlsx",
        "../../ledgers/台账%20%231.xlsx",
    ]
    assert re.findall(r' location="([^"]*)"', sheet) == ["'房源'!A2", "'it''s'!B3"]


@pytest.mark.libreoffice
def test_libreoffice_finds_the_ledgers_in_a_folder_that_has_moved(
    workbook: Path, soffice: Callable[[Path, str], Path]
) -> None:
    moved = workbook.parents[2].rename(workbook.parents[3] / "搬走的局")
    page = soffice(moved / "reports" / "总结" / "r.xlsx", "html").read_text(encoding="utf-8")
    ledgers = unquote((moved / "ledgers").as_uri())
    links = re.findall(r'href="([^"]*)"', page, re.IGNORECASE)
    assert [unquote(link.partition("#")[0]) for link in links] == [
        f"{ledgers}/units.xlsx",
        f"{ledgers}/台账 #1.xlsx",
    ]


def test_there_is_no_link_without_a_place_for_the_ledgers(tmp_path: Path) -> None:
    assert Links(tmp_path / "r.xlsx", None).to(UNITS) is None
    assert Links(tmp_path / "r.xlsx", tmp_path).to(Cell("")) is None
