"""`zhubao summary compare` and `zhubao targets` as a clerk meets them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao


@pytest.fixture
def bureau(sample: Path, tmp_path: Path) -> Path:
    ledgers = tmp_path / "局" / "ledgers"
    ledgers.mkdir(parents=True)
    for name in ("services.xlsx", "zhubao.toml"):
        shutil.copy(sample / "ledgers" / name, ledgers)
    return ledgers.parent


def test_two_quarters_side_by_side_on_screen_in_json_and_in_a_workbook(
    zhubao: Zhubao, bureau: Path
) -> None:
    made = bureau / "对比.xlsx"
    words = ("-C", bureau, "summary", "compare", "2020-Q1", "2020-Q2")
    answer = zhubao(*words, "--out", made, "--json")
    assert answer.code == 0
    facts = {one["code"]: one for one in answer.json["facts"]["figures"]}
    tickets = facts["tickets.handled"]
    assert tickets["first"] + tickets["second"] == 21
    assert tickets["difference"] == tickets["second"] - tickets["first"]
    assert "没有记录" in facts["rent.received"]["missing"]
    assert "数量" in openpyxl.load_workbook(made).sheetnames
    assert zhubao("-C", bureau, "summary", "compare", "2020-Q1", "2021").code == 2


def test_targets_say_what_is_done_and_what_cannot_be_compared(zhubao: Zhubao, bureau: Path) -> None:
    change = ("record", "目标任务", "年度=2020", "指标编号=tickets.handled", "指标名称=工单")
    units = ("计量单位=份", "半年目标=30", "年度目标=60", "--yes")
    assert zhubao("-C", bureau, *change, *units).code == 0
    answer = zhubao("-C", bureau, "targets", "--period", "2020-H1", "--json")
    assert answer.code == 0
    targets = {one["code"]: one for one in answer.json["facts"]["targets"]}
    assert targets["tickets.handled"]["half_behind"] is True
    assert "没有记录" in targets["PZ"]["missing"]
    assert "落后" in zhubao("-C", bureau, "targets").out
