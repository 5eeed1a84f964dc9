"""A ledger that is not there is never taken for one without rows: commands refuse, or say so."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao

_FREEZE = "dispatch freeze --project 云岭 --type 公租房 --unit 01-01-1-0902 --yes"


def without(sample: Path, missing: str, folder: Path) -> Path:
    """The sample bureau's ledgers but one."""
    ledgers = folder / "示范局" / "ledgers"
    ledgers.mkdir(parents=True)
    for path in (sample / "ledgers").glob("*.xlsx"):
        if path.name != missing:
            shutil.copy(path, ledgers)
    shutil.copy(sample / "ledgers" / "zhubao.toml", ledgers)
    return ledgers.parent


@pytest.mark.parametrize(
    ("missing", "command", "said"),
    [
        ("allocation.xlsx", _FREEZE, "没有读到“摇号活动”表，占用情况算不准"),
        ("tenants.xlsx", _FREEZE, "没有读到“租赁合同”表，占用情况算不准"),
        ("arrears.xlsx", "explain JT001156", "没有读到“应收”表，欠不欠租不能确定"),
        ("tenants.xlsx", "allocate sign YH202001 --dry-run", "没有读到“租赁合同”表"),
        ("units.xlsx", "rent charge --month 2020-07 --dry-run", "没有读到“房源”表，算不出应收"),
    ],
)
def test_a_decision_is_refused_when_a_ledger_it_needs_is_missing(
    zhubao: Zhubao, sample: Path, tmp_path: Path, missing: str, command: str, said: str
) -> None:
    bureau = without(sample, missing, tmp_path)
    kept = {path: path.read_bytes() for path in (bureau / "ledgers").iterdir()}
    answer = zhubao("-C", bureau, *command.split())
    assert answer.code == 2
    assert f"{missing}  ENV-001 {said}" in answer.err
    assert {path: path.read_bytes() for path in (bureau / "ledgers").iterdir()} == kept


@pytest.mark.parametrize(
    ("missing", "command"),
    [
        ("arrears.xlsx", "rent suspense"),
        ("services.xlsx", "targets"),
        ("audit.xlsx", "audit check --only AU-101"),
        ("subsidies.xlsx", "allocate sign YH202001 --dry-run"),
    ],
)
def test_a_list_or_figure_says_which_ledger_is_missing(
    zhubao: Zhubao, sample: Path, tmp_path: Path, missing: str, command: str
) -> None:
    bureau = without(sample, missing, tmp_path)
    answer = zhubao("-C", bureau, *command.split())
    assert f"LG-115  找不到 {missing}" in answer.out, answer.err
    told = zhubao("-C", bureau, *command.split(), "--json").json["findings"]
    assert ("LG-115", missing) in [
        (one["code"], one["where"]["file"]) for one in told if one["where"]
    ]
