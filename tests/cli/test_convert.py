"""`zhubao convert`: one line per file, errors per file, nothing overwritten."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer
import xlsxwriter

from zhubao.cli import convert as command
from zhubao.cli.convert import convert, target_of
from zhubao.core.errors import UsageError
from zhubao.excel import convert as conversion

Run = Callable[..., int]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command with our own way of conversion; its exit code."""
    monkeypatch.setattr(conversion, "find_converter", lambda: None)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*files: Path, **options: Any) -> int:
        with pytest.raises(typer.Exit) as caught:
            convert(list(files), **options)
        return caught.value.exit_code

    return call


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """An .xlsx that goes by the name of .xls."""
    path = tmp_path / "欠租.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("应收").write_row(0, 0, ["家庭编号", "金额"])
    book.close()
    return path.rename(path.with_suffix(".xls"))


def test_each_file_has_its_line(run: Run, source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(source) == 0
    out = capsys.readouterr().out
    target = source.with_suffix(".xlsx")
    assert f"欠租.xls → {target}：原样复制，1 张表、2 个单元格" in out
    assert "原文件没有改动" in out
    assert openpyxl.load_workbook(target).sheetnames == ["应收"]


def test_every_file_is_tried_and_every_error_is_said(
    run: Run, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "假.xls").write_text("姓名,金额\n", encoding="utf-8")
    assert run(tmp_path / "没有.xls", source, tmp_path / "假.xls", out=tmp_path / "新") == 3
    said = capsys.readouterr()
    assert "没有.xls" in said.err
    assert "假.xls" in said.err
    assert (tmp_path / "新" / "欠租.xlsx").exists()


def test_an_existing_file_is_left_alone(
    run: Run, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source.with_suffix(".xlsx").write_bytes(b"mine")
    assert run(source) == 3
    assert source.with_suffix(".xlsx").read_bytes() == b"mine"
    assert "已经存在" in capsys.readouterr().err


def test_a_writable_workbook_is_no_error(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    openpyxl.Workbook().save(tmp_path / "甲.xlsm")
    assert run(tmp_path / "甲.xlsm") == 0
    assert "不用转换" in capsys.readouterr().out


def test_json_lists_what_was_done_and_what_was_not(
    run: Run, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(source, tmp_path / "没有.xls", as_json=True) == 3
    answer = json.loads(capsys.readouterr().out)
    assert answer["facts"] == {"converted": 1, "failed": 1}
    done, failed = [row["values"] for row in answer["tables"][0]["rows"]]
    assert (done["method"], done["sheets"], done["cells"]) == ("copy", 1, 2)
    assert done["target"] == str(source.with_suffix(".xlsx"))
    assert failed["error"].startswith("ENV-101")


@pytest.mark.parametrize(
    ("out", "alone", "wanted"),
    [
        (None, False, "台账/欠租.xlsx"),
        ("新", False, "新/欠租.xlsx"),
        ("2020.06", True, "2020.06/欠租.xlsx"),
        ("甲.xlsx", True, "甲.xlsx"),
    ],
)
def test_where_the_result_goes(out: str | None, alone: bool, wanted: str) -> None:
    target = target_of(Path("台账/欠租.xls"), Path(out) if out else None, alone=alone)
    assert target == Path(wanted)


@pytest.mark.parametrize(("out", "alone"), [("甲.xlsx", False), ("甲.ods", True)])
def test_a_place_that_cannot_be_is_a_usage_error(out: str, alone: bool) -> None:
    with pytest.raises(UsageError):
        target_of(Path("欠租.xls"), Path(out), alone=alone)


def test_the_help_is_the_docstring() -> None:
    assert "退出码为 3" in (command.convert.__doc__ or "")
