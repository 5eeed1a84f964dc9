"""Reading begins early for the command that is coming, and is taken over only when it fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhubao.cli.background import Reading, begin_early, being_read
from zhubao.ledger.bureau import open_bureau
from zhubao.rent.needs import ARREARS_MODELS


@pytest.mark.parametrize(
    "options", [["-C", "{}"], ["--bureau={}"], ["-C", "没有", "--bureau", "{}"]]
)
def test_the_sheets_of_a_known_command_are_read_early(sample: Path, options: list[str]) -> None:
    named = [option.format(sample) for option in options]
    early = begin_early(named, ["rent", "arrears", "--json"])
    assert early is not None
    assert early.bureau == open_bureau(sample)
    assert being_read(early, open_bureau(sample), ARREARS_MODELS) is early.loading
    assert early.loading.result().has(*ARREARS_MODELS)


def test_an_early_reading_of_something_else_is_not_used(sample: Path) -> None:
    bureau = open_bureau(sample)
    early = begin_early(["-C", str(sample)], ["rent", "arrears"])
    assert isinstance(early, Reading)
    few = ARREARS_MODELS[:1]
    other = being_read(early, bureau, few)
    assert other is not early.loading
    assert other.result().has(*few)
    assert being_read(None, bureau, few).result().has(*few)
    early.loading.result()


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["rent"],
        ["check"],
        ["rent", "arears"],
        ["rent", "arrears", "--write"],
        ["rent", "arrears", "--dry-run"],
    ],
)
def test_nothing_is_read_early_for_other_words(sample: Path, words: list[str]) -> None:
    assert begin_early(["-C", str(sample)], words) is None


def test_a_folder_that_is_no_bureau_is_left_to_the_command(tmp_path: Path) -> None:
    assert begin_early(["-C", str(tmp_path / "没有")], ["rent", "arrears"]) is None
