"""The look of workbooks, and where packaged files are."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhubao.core.errors import BureauError
from zhubao.core.resources import packaged_dir
from zhubao.core.theme import load_theme


def test_the_packaged_look_is_complete() -> None:
    theme = load_theme()
    assert theme.fonts.body[0] == "宋体"
    assert theme.print.paper == "A4"


def test_the_packaged_folders_are_there() -> None:
    assert (packaged_dir("templates") / "workbook.toml").is_file()
    with pytest.raises(BureauError):
        packaged_dir("nowhere")


def test_a_bureau_changes_only_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "workbook.toml").write_text(
        '[fonts]\nbody = ["仿宋"]\n[print]\npaper = "A3"\n', encoding="utf-8"
    )
    theme = load_theme(tmp_path)
    assert theme.fonts.body == ("仿宋",)
    assert theme.fonts.title == load_theme().fonts.title
    assert theme.print.paper == "A3"
    assert theme.colours == load_theme().colours


def test_a_bureau_without_its_own_look_gets_the_packaged_one(tmp_path: Path) -> None:
    assert load_theme(tmp_path) == load_theme(tmp_path / "none") == load_theme()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ('[colours]\nborder = "grey"\n', "colours.border"),
        ("[sizes]\nbody = true\n", "sizes.body"),
        ('[fonts]\nbody = "宋体"\n', "fonts.body"),
        ('[print]\npaper = "B5"\n', "print.paper"),
        ("[sizes]\nbdoy = 9\n", "sizes.bdoy"),
        ("[colors]\n", "[colors]"),
        ("sizes = 3\n", "[sizes]"),
        ("[sizes\n", ""),
    ],
)
def test_an_item_that_cannot_be_used_is_named(tmp_path: Path, content: str, word: str) -> None:
    (tmp_path / "workbook.toml").write_text(content, encoding="utf-8")
    with pytest.raises(BureauError) as caught:
        load_theme(tmp_path)
    assert word in caught.value.message
    assert caught.value.where.endswith("workbook.toml")
