from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from zhubao.core.finding import Severity
from zhubao.core.resources import packaged_dir
from zhubao.demo.mistakes import MISTAKES, STRAY_COLUMN
from zhubao.demo.sample import write_sample
from zhubao.ledger.bureau import Bureau
from zhubao.ledger.catalog import WORKBOOKS
from zhubao.ledger.checks import check_integrity
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.units import Unit


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder)
    return folder


def cells(path: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(path)
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


@pytest.mark.parametrize("workbook", WORKBOOKS)
def test_writing_the_sample_again_gives_the_committed_cells(again: Path, workbook: str) -> None:
    committed = packaged_dir("ledgers") / f"{workbook}.xlsx"
    assert cells(again / committed.name) == cells(committed)


def test_configuration_is_the_committed_one(again: Path) -> None:
    committed = packaged_dir("ledgers") / "zhubao.toml"
    assert (again / "zhubao.toml").read_text("utf-8") == committed.read_text("utf-8")


def test_exactly_the_deliberate_mistakes_are_found(sample_bureau: Bureau, sample: Loaded) -> None:
    assert sample_bureau.config.as_of
    found = check_integrity(sample, sample_bureau.config.as_of)
    assert Counter(f.code for f in found) == Counter(mistake.code for mistake in MISTAKES)


def test_nothing_in_the_sample_is_an_error(sample_bureau: Bureau, sample: Loaded) -> None:
    assert sample_bureau.config.as_of
    found = [*sample.findings, *check_integrity(sample, sample_bureau.config.as_of)]
    assert not [f for f in found if f.severity is Severity.ERROR]
    assert sum(f.severity is Severity.WARNING for f in found) >= 5


def test_the_clerks_own_column_is_kept(sample: Loaded) -> None:
    assert STRAY_COLUMN in sample[Unit].extras


def test_money_typed_as_text_is_read_and_its_original_kept(sample: Loaded) -> None:
    from zhubao.ledger.arrears import Receipt

    originals = sample[Receipt].originals["amount"]
    assert len(originals) == 3
    assert all(str(text).endswith("元") for text in originals.values())
    assert any("," in str(text) for text in originals.values())
