"""`zhubao allocate schedule` as a clerk runs it, on the sample's draw of February 2020."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from docx import Document

from zhubao.core.width import display_width

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao

WORDS = ("allocate", "schedule", "YH202001", "--as-of", "2020-02-09", "--from", "2020-02-10")
HALLS = ("--rooms", "1号厅:20,2号厅:20", "--accessible-room", "1号厅", "--place", "区政务中心")


@pytest.fixture
def bureau(sample: Path, tmp_path: Path) -> Path:
    ledgers = tmp_path / "示范局" / "ledgers"
    ledgers.mkdir(parents=True)
    for name in ("allocation.xlsx", "tenants.xlsx", "zhubao.toml"):
        shutil.copy(sample / "ledgers" / name, ledgers)
    return ledgers.parent


def test_the_draw_is_scheduled_and_written_and_said_again_without_change(
    zhubao: Zhubao, bureau: Path, tmp_path: Path
) -> None:
    """The three old batches of one hundred, not begun on 9 February, are replaced."""
    words = ("-C", bureau, *WORDS, *HALLS, "--days", "6")
    notices, lists = tmp_path / "通知.docx", tmp_path / "名单.xlsx"
    answer = zhubao(*words, "--yes", "--json", "--notices", notices, "--out", lists)
    assert answer.code == 0, answer.err
    facts = answer.json["facts"]
    assert (facts["households"], facts["in_need"], facts["unmet"]) == (300, 69, 0)
    book = openpyxl.load_workbook(bureau / "ledgers" / "allocation.xlsx", read_only=True)
    rows = [row for row in book["批次"].iter_rows(values_only=True) if row[2] == "YH202001"]
    assert len(rows) == 4 * facts["batches"]
    numbers = {row[0] for row in rows}
    results = [row for row in book["摇号结果"].iter_rows(values_only=True) if row[0] == "YH202001"]
    assert {row[12] for row in results if row[9] == "中签"} == numbers
    assert len(Document(str(notices)).tables) == 300
    names = openpyxl.load_workbook(lists, read_only=True).sheetnames
    assert sum(name.startswith("批次 YH202001-") for name in names) == facts["batches"]
    again = zhubao(*words)
    assert (again.code, "没有需要改动" in again.out) == (0, True)


@pytest.mark.parametrize("columns", [80, 140])
def test_what_does_not_fit_is_said_with_what_is_missing_and_nothing_is_written(
    zhubao: Zhubao, bureau: Path, columns: int
) -> None:
    before = (bureau / "ledgers" / "allocation.xlsx").read_bytes()
    answer = zhubao("-C", bureau, *WORDS, *HALLS, "--days", "3", "--yes", columns=columns)
    assert answer.code == 1
    assert "AL-401" in answer.out
    assert "--days 4" in answer.out
    assert max(map(display_width, answer.out.splitlines())) <= columns
    assert (bureau / "ledgers" / "allocation.xlsx").read_bytes() == before


def test_a_plan_file_that_cannot_be_read_and_a_wrong_suffix_are_exit_code_2(
    zhubao: Zhubao, bureau: Path, tmp_path: Path
) -> None:
    plan = tmp_path / "方案.toml"
    plan.write_text("rooms = 1号厅", encoding="utf-8")
    answer = zhubao("-C", bureau, *WORDS, "--plan", plan)
    assert (answer.code, "方案.toml" in answer.err) == (2, True)
    assert zhubao("-C", bureau, *WORDS, "--notices", tmp_path / "通知.pdf").code == 2
