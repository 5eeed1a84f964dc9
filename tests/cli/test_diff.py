"""`zhubao diff`: exit codes, a readable screen, masked values, links that lead to both copies."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer

from zhubao.cli.diff import diff
from zhubao.core.errors import OutputError, UsageError, WorkbookMissing
from zhubao.core.width import display_width

Run = Callable[..., int]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command; its exit code."""
    monkeypatch.setenv("COLUMNS", "80")

    def call(a: Path, b: Path, **options: Any) -> int:
        with pytest.raises(typer.Exit) as caught:
            diff(a, b, **options)
        return caught.value.exit_code

    return call


@pytest.fixture
def copies(tmp_path: Path, sample: Path) -> tuple[Path, Path]:
    """Two folders with one workbook of the sample; in the second a name and a count differ."""
    for folder in ("旧", "新"):
        (tmp_path / folder).mkdir()
        shutil.copy(sample / "ledgers" / "units.xlsx", tmp_path / folder)
    path = tmp_path / "新" / "units.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["房源"]
    for row in sheet.iter_rows(min_row=1, max_row=5):
        for cell in row:
            if cell.value == "小区":
                sheet.cell(9, cell.column).value = "别的小区"
    book.save(path)
    return tmp_path / "旧" / "units.xlsx", path


def test_equal_copies_are_exit_code_0(
    run: Run, copies: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(copies[0], copies[0]) == 0
    assert "两边内容相同" in capsys.readouterr().out


def test_differences_are_exit_code_1_and_fit_80_columns(
    run: Run, copies: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*copies) == 1
    out = capsys.readouterr().out
    assert max(map(display_width, out.splitlines())) <= 80
    assert "别的小区" in out
    assert "未显示" not in out


def test_the_workbook_links_to_the_copy(
    run: Run, copies: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "比对.xlsx"
    assert run(*copies, out=target) == 1
    assert str(target) in capsys.readouterr().out
    sheet = openpyxl.load_workbook(target)["差别"]
    (link,) = [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert str(link.target).replace("\\", "/") == "新/units.xlsx"
    assert str(link.location).startswith("'房源'!")


def test_json_has_the_same_counts(
    run: Run, copies: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*copies, as_json=True, sheet="房源") == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["code"] == "diff"
    assert answer["facts"]["changed_cells"] == 1
    assert len(answer["tables"][0]["rows"]) == 1
    (change,) = answer["tables"][-1]["rows"]
    assert change["values"]["new"] == "别的小区"
    assert [one["file"] for one in change["sources"]] == ["新/units.xlsx", "旧/units.xlsx"]


def test_folders_name_the_files_of_one_side(
    run: Run, copies: tuple[Path, Path], sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(sample / "ledgers" / "audit.xlsx", copies[1].parent)
    assert run(copies[0].parent, copies[1].parent, as_json=True) == 1
    answer = json.loads(capsys.readouterr().out)
    (row,) = next(one for one in answer["tables"] if one["key"] == "only")["rows"]
    assert (row["values"]["side"], row["values"]["kind"]) == ("B", "文件")
    assert row["sources"] == [{"file": "新/audit.xlsx", "sheet": "", "ref": ""}]


def test_an_unreadable_file_is_exit_code_3_and_the_others_are_compared(
    run: Run, copies: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    for file in copies:
        (file.parent / "坏.xlsx").write_bytes(b"\0" * 99)
    assert run(copies[0].parent, copies[1].parent) == 3
    said = capsys.readouterr()
    assert "坏.xlsx" in said.err
    assert "别的小区" in said.out


def test_a_missing_file_is_exit_code_3(copies: tuple[Path, Path]) -> None:
    with pytest.raises(WorkbookMissing) as caught:
        diff(copies[0], copies[0].with_name("没有.xlsx"))
    assert caught.value.exit_code == 3


def test_a_sheet_that_neither_has_is_a_usage_error(copies: tuple[Path, Path]) -> None:
    with pytest.raises(UsageError):
        diff(*copies, sheet="没有这张表")


@pytest.mark.parametrize("name", ["新/units.xlsx", "比对.pdf"])
def test_the_answer_never_replaces_what_is_compared(
    copies: tuple[Path, Path], tmp_path: Path, name: str
) -> None:
    before = copies[1].read_bytes()
    with pytest.raises(OutputError):
        diff(*copies, out=tmp_path / name)
    assert copies[1].read_bytes() == before
