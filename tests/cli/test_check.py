"""`zhubao check`: everything at once, located; an annotated copy; foreign and broken files."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl

from zhubao.core.width import display_width

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao


def test_the_sample_has_warnings_and_no_errors(zhubao: Zhubao, sample: Path) -> None:
    answer = zhubao("-C", sample, "check", "--json")
    assert answer.code == 0
    facts = answer.json["facts"]
    assert (facts["error"], facts["warning"]) == (0, 6)
    assert facts["rows"] > 40_000


def test_findings_name_file_sheet_and_cell(zhubao: Zhubao, sample: Path) -> None:
    findings = zhubao("-C", sample, "check", "--json").json["findings"]
    where = next(one["where"] for one in findings if one["code"] == "LG-304")
    assert where == {"file": "tenants.xlsx", "sheet": "租赁合同", "ref": "E186"}


def test_the_answer_fits_80_columns(zhubao: Zhubao, sample: Path) -> None:
    answer = zhubao("-C", sample, "check")
    assert max(map(display_width, answer.out.splitlines())) <= 80
    assert "怎么办" in answer.out


def test_a_mistyped_cell_is_found_and_marked_in_the_copy(
    zhubao: Zhubao, sample: Path, tmp_path: Path
) -> None:
    path = tmp_path / "units.xlsx"
    shutil.copy(sample / "ledgers" / "units.xlsx", path)
    book = openpyxl.load_workbook(path)
    sheet = book["房源"]
    headers = {cell.value: cell.coordinate[:-1] for cell in sheet[1]}
    cell = f"{headers['计租面积']}7"
    sheet[cell] = "约四十平"
    book.save(path)

    answer = zhubao("check", path, "--annotate", tmp_path / "副本.xlsx")
    assert answer.code == 1
    assert f"units.xlsx!房源!{cell}" in answer.out
    copy = openpyxl.load_workbook(tmp_path / "副本.xlsx")
    assert copy.sheetnames[0] == "问题清单"
    marked = copy["房源"][cell]
    assert marked.value == "约四十平"
    assert marked.fill.fill_type == "solid"
    assert "怎么办" in marked.comment.text
    links = [one.hyperlink.location for row in copy["问题清单"] for one in row if one.hyperlink]
    assert any(cell in str(location) for location in links)


def test_a_foreign_workbook_is_never_all_fine(zhubao: Zhubao, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["商品", "单价"])  # type: ignore[union-attr]
    book.active.append(["苹果", 3])  # type: ignore[union-attr]
    book.save(tmp_path / "水果.xlsx")
    answer = zhubao("check", tmp_path / "水果.xlsx")
    assert answer.code == 1
    assert "没有认出任何台账表" in answer.out


def test_every_unreadable_file_is_named_and_the_others_are_checked(
    zhubao: Zhubao, sample: Path, tmp_path: Path
) -> None:
    (tmp_path / "空.xlsx").write_bytes(b"")
    (tmp_path / "假.xls").write_text("姓名,金额\n", encoding="utf-8")
    good = sample / "ledgers" / "units.xlsx"
    answer = zhubao("check", tmp_path / "空.xlsx", good, tmp_path / "假.xls")
    assert answer.code == 3
    assert "空.xlsx" in answer.err
    assert "假.xls" in answer.err
    assert "units.xlsx" in answer.out
    assert "Traceback" not in answer.err


def test_a_missing_file_is_exit_code_3(zhubao: Zhubao, tmp_path: Path) -> None:
    answer = zhubao("check", tmp_path / "没有.xlsx")
    assert answer.code == 3
    assert "没有.xlsx" in answer.err
