"""`zhubao audit checklist` and `zhubao audit evidence` on the sample bureau."""

from __future__ import annotations

import hashlib
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
    for name in ("audit.xlsx", "tenants.xlsx", "arrears.xlsx", "zhubao.toml"):
        shutil.copy(sample / "ledgers" / name, ledgers)
    return ledgers.parent


def test_the_thirteen_findings_of_the_half_year_are_closed_and_the_rates_say_of_how_many(
    zhubao: Zhubao, bureau: Path
) -> None:
    out = bureau / "整改清单.xlsx"
    answer = zhubao(
        *("-C", bureau, "audit", "checklist", "--period", "2020-H1", "--json"),
        *("--unmasked", "--out", out),
    )
    assert answer.code == 0
    facts = answer.json["facts"]
    assert (facts["findings"], facts["overdue"], facts["stages"]["closed"]) == (13, 0, 13)
    for name, both in (("by_count", (13, 13)), ("by_household", (13, 13))):
        assert (facts[name]["numerator"], facts[name]["denominator"]) == both
    sheet = openpyxl.load_workbook(out)["整改清单"]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    kinds = [sheet.cell(row, 2).value for row in range(4, 17)]
    counts = {kind: kinds.count(kind) for kind in set(kinds)}
    assert counts == {"违规转租转借": 2, "不符合条件享受": 5, "未按规定退出": 6}
    assert "*" not in str(sheet["C4"].value)
    assert "*" in answer.out


def test_names_go_into_a_file_only(zhubao: Zhubao, bureau: Path) -> None:
    answer = zhubao("-C", bureau, "audit", "checklist", "--unmasked")
    assert answer.code == 2
    assert "--out" in answer.err


def test_an_evidence_folder_is_complete_made_again_alike_and_never_written_over_foreign_files(
    zhubao: Zhubao, bureau: Path
) -> None:
    folder = bureau / "证据"
    words = ("-C", bureau, "audit", "evidence", "WT0001", "--out", folder)
    assert zhubao(*words).code == 0
    names = {path.name for path in folder.iterdir()}
    assert {"00_索引.html", "00_索引.xlsx", "02_台账原始行.xlsx", "SHA256SUMS"} <= names
    assert any(name.startswith("04_租金对账单_") for name in names)
    sums = (folder / "SHA256SUMS").read_text(encoding="utf-8")
    for line in sums.splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert zhubao(*words).code == 0
    assert (folder / "SHA256SUMS").read_text(encoding="utf-8") == sums
    (folder / "笔记.txt").write_text("审计组的笔记", encoding="utf-8")
    assert zhubao(*words).code == 2
    assert (folder / "笔记.txt").exists()
