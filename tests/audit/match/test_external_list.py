"""Lists as they come: messy workbooks, large ones row by row, text in its encodings."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from tests.audit.checks.ledgers import facts
from tests.audit.checks.persons import LI, WANG, household, member
from zhubao.audit.match.external_list import BATCH, read_list
from zhubao.audit.match.kinds import MatchKind
from zhubao.audit.match.list_text import text_records
from zhubao.audit.match.matching import match
from zhubao.audit.match.members import Members
from zhubao.core.errors import WorkbookDamaged, WorkbookMissing
from zhubao.core.finding import Finding
from zhubao.excel import row_stream

DAY = dt.date(2020, 6, 30)
CARS = ["序号", "机动车所有人", "身份证明号码", "号牌号码", "初次登记日期"]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A title, a note, two sheets and a hidden one, a serial date, a destroyed number."""
    path, book = tmp_path / "车辆.xlsx", openpyxl.Workbook()
    first = book.worksheets[0]
    first.title = "甲表"
    for row in (["车辆登记"], [None, "制表：车管所"], CARS, [1, "王小明", WANG, "湘A1", 43586]):
        first.append(row)
    first.append([2, "李四", 430102198001010000, "湘A2", "2019-05-01"])
    second = book.create_sheet("乙表")
    for row in (["车主", "车主身份证号"], ["李四", f" {LI}"]):
        second.append(row)
    hidden = book.create_sheet("旧表")
    for row in (["车主", "车主身份证号"], ["王小明", WANG]):
        hidden.append(row)
    hidden.sheet_state = "hidden"
    book.save(path)
    return path


@pytest.mark.parametrize("smallest", [0, 1 << 30])
def test_a_messy_workbook_gives_the_same_whole_or_row_by_row(
    workbook: Path, smallest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_stream, "_LARGE", smallest)
    loaded = facts(
        DAY, household=[household()], member=[member(), member(identity=LI, name="李四")]
    )
    members, kind = Members(loaded.loaded, DAY), MatchKind.VEHICLES
    left: list[Finding] = []
    found = match(members, read_list(workbook, kind, left), kind, workbook.name)
    assert [str(one.where) for one in left] == ["车辆.xlsx!旧表"]
    assert [(str(hit.cells[0]), hit.begun) for hit in found.hits] == [
        ("车辆.xlsx!甲表!C4", dt.date(2019, 5, 1)),
        ("车辆.xlsx!乙表!B2", None),
    ]
    assert [str(one.cell) for one in found.unusable] == ["车辆.xlsx!甲表!C5"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", "\t", ";", "|"])
def test_text_in_any_encoding_and_with_any_delimiter(
    encoding: str, sign: str, tmp_path: Path
) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(f"姓名{sign}身份证号\n王小明{sign}{WANG}\n", encoding=encoding)
    assert list(text_records(path)) == [["姓名", "身份证号"], ["王小明", WANG]]


def test_rows_are_numbered_on_over_batches(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    lines = [f"路人{n},{LI}" for n in range(BATCH + 3)]
    path.write_text("\n".join(["车主,身份证号", *lines]) + "\n", encoding="utf-8")
    batches = list(read_list(path, MatchKind.VEHICLES))
    assert [(batch.first, len(batch.rows)) for batch in batches] == [(2, BATCH), (BATCH + 2, 3)]


def test_a_cell_of_two_lines_is_one_record(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(f'姓名,身份证号,地址\n王小明,{WANG},"一栋\n二号"\n', encoding="utf-8")
    assert [record[-1] for record in text_records(path)] == ["地址", "一栋\n二号"]


def test_bytes_in_no_encoding_and_missing_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes("姓名,身份证号\n".encode("gb18030") + b"\xff\xff\xff,1\n")
    with pytest.raises(WorkbookDamaged):
        list(text_records(path))
    with pytest.raises(WorkbookMissing):
        list(read_list(tmp_path / "没有.xlsx", MatchKind.DEATH))
