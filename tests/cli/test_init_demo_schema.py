"""`init`, `demo`, `schema`, `explain` as a new user runs them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zhubao.core.width import display_width

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao


def test_a_blank_bureau_is_made_and_checks_clean(zhubao: Zhubao, tmp_path: Path) -> None:
    answer = zhubao("init", tmp_path / "新局", "--name", "示范区住保局")
    assert answer.code == 0
    assert len(list((tmp_path / "新局" / "ledgers").glob("*.xlsx"))) == 8
    checked = zhubao("-C", tmp_path / "新局", "check", "--json")
    assert checked.code == 0
    assert checked.json["bureau"] == "示范区住保局"


def test_nothing_is_ever_overwritten(zhubao: Zhubao, tmp_path: Path) -> None:
    zhubao("init", tmp_path)
    path = tmp_path / "ledgers" / "units.xlsx"
    before = path.read_bytes()
    for words in (["init", tmp_path], ["init", tmp_path, "--demo"], ["demo", tmp_path]):
        answer = zhubao(*words)
        assert answer.code == 3
        assert "units.xlsx" in answer.err
    assert path.read_bytes() == before


def test_the_demo_bureau_is_the_sample(zhubao: Zhubao, sample: Path, tmp_path: Path) -> None:
    assert zhubao("init", tmp_path / "局", "--demo").code == 0
    for made in (tmp_path / "局" / "ledgers").iterdir():
        assert made.read_bytes() == (sample / "ledgers" / made.name).read_bytes()


def test_a_synthetic_bureau_is_clean_and_repeatable(zhubao: Zhubao, tmp_path: Path) -> None:
    size = ("--households", "60", "--months", "3", "--seed", "5")
    assert zhubao("demo", tmp_path / "甲", *size).code == 0
    assert zhubao("demo", tmp_path / "乙", *size).code == 0
    checked = zhubao("-C", tmp_path / "甲", "check", "--json").json["facts"]
    assert (checked["error"], checked["warning"]) == (0, 0)
    first, second = (
        zhubao("-C", tmp_path / name, "rent", "arrears", "--json").json["facts"]
        for name in ("甲", "乙")
    )
    assert first == second
    assert first["proved"]


def test_schema_lists_sheets_and_columns(zhubao: Zhubao) -> None:
    everything = zhubao("schema")
    assert everything.code == 0
    assert "应收" in everything.out
    one = zhubao("schema", "应收", columns=140)
    assert "账单期" in one.out
    assert max(map(display_width, zhubao("schema", "应收").out.splitlines())) <= 80


def test_explain_says_what_and_what_to_do(zhubao: Zhubao) -> None:
    answer = zhubao("explain", "lg-304")
    assert answer.code == 0
    assert "LG-304" in answer.out
    assert "怎么办" in answer.out
    assert "依据" in answer.out
