"""`zhubao patrol cases|case|campaigns|vacancy|safety` on a copy of the sample bureau."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from zhubao.core.width import display_width

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao


@pytest.fixture
def bureau(sample: Path, tmp_path: Path) -> Path:
    """The sample bureau's ledgers."""
    ledgers = tmp_path / "示范局" / "ledgers"
    ledgers.mkdir(parents=True)
    for name in ("patrol.xlsx", "tenants.xlsx", "units.xlsx", "arrears.xlsx", "zhubao.toml"):
        shutil.copy(sample / "ledgers" / name, ledgers)
    return ledgers.parent


def test_the_figures_of_the_half_year_come_out(zhubao: Zhubao, bureau: Path) -> None:
    cases = zhubao("-C", bureau, "patrol", "cases", "--period", "2020-H1", "--json").json["facts"]
    assert (cases["violations"]["found"], cases["violations"]["rectified"]) == (20, 20)
    assert (cases["changes"]["found"], cases["changes"]["rectified"]) == (66, 66)
    campaigns = zhubao("-C", bureau, "patrol", "campaigns", "--json").json["facts"]
    assert campaigns["estates"] == ["粟塘小区", "鄱阳小区", "凤凰佳园", "凤凰苑"]
    safety = zhubao("-C", bureau, "patrol", "safety", "--json").json["facts"]
    assert [safety[f"hazards_{name}"] for name in ("found", "fixed", "open")] == [3, 2, 1]
    vacancy = zhubao("-C", bureau, "patrol", "vacancy", columns=80)
    assert vacancy.code == 0, vacancy.err
    assert "核查 50 套（50 行）" in vacancy.out
    assert max(map(display_width, vacancy.out.splitlines())) <= 80


def test_a_case_is_registered_carried_through_and_refused_out_of_order(
    zhubao: Zhubao, bureau: Path
) -> None:
    run = ("-C", bureau, "patrol", "case")
    new = ("--household", "JT000767", "--kind", "转租转借", "--facts", "转租", "--yes")
    made = zhubao(*run, "--new", "--found", "2020-06-20", *new)
    assert made.code == 0, made.err
    assert "袁*辉" in made.out
    assert "第二十七条、第三十六条" in made.out
    assert "还没有整改" in zhubao(*run, "WG00087", "--check", "2020-06-25").err
    zhubao(*run, "WG00087", "--notify", "2020-06-22", "--notice-no", "ZG1", "--yes")
    done = zhubao(*run, "WG00087", "--exit", "2020-06-25", "--yes", "--json")
    assert done.json["facts"]["banned_until"] == "2025-06-25"
    book = openpyxl.load_workbook(bureau / "ledgers" / "patrol.xlsx", read_only=True)
    last = list(book["违规与变动"].iter_rows(values_only=True))[-1]
    assert last[0] == "WG00087"
    assert last[-2] == "已整改"


@pytest.mark.parametrize(
    "words",
    [
        ("case",),
        ("case", "WG00001", "--new"),
        ("case", "WG00001", "--household", "JT000001"),
        ("case", "WG00001", "--check", "2020-06-01", "--exit", "2020-06-01"),
        ("case", "WG00001", "--fine", "100"),
        ("case", "WG00001", "--reopen", "", "--yes"),
        ("vacancy", "--write", "--close", "KZ0001"),
        ("vacancy", "--result", "正常居住"),
        ("vacancy", "--close", "KZ0001"),
        ("safety", "--level", "重大"),
        ("safety", "--new", "隐患", "--fix", "YC001"),
        ("cases", "--status", "没整改"),
    ],
)
def test_words_that_do_not_go_together_are_exit_code_2(
    zhubao: Zhubao, bureau: Path, words: tuple[str, ...]
) -> None:
    answer = zhubao("-C", bureau, "patrol", *words)
    assert answer.code == 2
    assert "ENV-001" in answer.err
