"""`zhubao allocate waitlist` and `conflicts` as a clerk runs them on the sample bureau."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from zhubao.core.width import display_width

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao

WAITLIST = ("allocate", "waitlist")


@pytest.fixture(scope="module")
def bureau(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's ledgers that the waiting list is read from."""
    ledgers = tmp_path_factory.mktemp("示范局") / "ledgers"
    ledgers.mkdir()
    names = ("tenants.xlsx", "patrol.xlsx", "subsidies.xlsx", "allocation.xlsx", "zhubao.toml")
    for name in names:
        shutil.copy(sample / "ledgers" / name, ledgers)
    return ledgers.parent


def test_322_waited_at_the_end_of_2019(zhubao: Zhubao, bureau: Path) -> None:
    answer = zhubao("-C", bureau, *WAITLIST, "--as-of", "2019-12-31", "--json")
    assert answer.code == 0, answer.err
    assert answer.json["facts"]["waiting"] == 322


def test_42_wait_now_and_it_is_proved_how_322_became_42(zhubao: Zhubao, bureau: Path) -> None:
    """362 households housed, 850 people, as the half-year summary says."""
    out = bureau / "轮候.xlsx"
    answer = zhubao("-C", bureau, *WAITLIST, "--out", out)
    assert answer.code == 0, answer.err
    assert max(map(display_width, answer.out.splitlines())) <= 80
    words = "期初 322 ＋ 批准 96 － 配租 362 － 放弃 10 － 取消资格 4 ＝ 42 户"
    assert words in answer.out.replace("\n      ", "")
    assert "配租 850" in answer.out
    book = openpyxl.load_workbook(out, read_only=True)
    values = [v for row in book["低收入（31 户）"].iter_rows(values_only=True) for v in row]
    assert "排序依据" in values
    assert any(str(value).startswith("组序 2（孤老病残）") for value in values)


def test_namesakes_and_relatives_of_a_draw_are_told_apart(zhubao: Zhubao, bureau: Path) -> None:
    answer = zhubao("-C", bureau, "allocate", "conflicts", "--event", "YH202001", "--json")
    assert answer.code == 0, answer.err
    facts = answer.json["facts"]
    assert (facts["households"], facts["people"] > 337, facts["register"] > 0) == (337, True, True)
    assert zhubao("-C", bureau, "allocate", "conflicts", "--event", "没有").code == 2
    assert zhubao("-C", bureau, *WAITLIST, "--status", "在册").code == 2
