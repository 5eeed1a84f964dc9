"""`zhubao patrol …` as a clerk runs it: on a small bureau, and the figures on the sample."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.patrol.visits.town import home, key, town, visit
from zhubao.core.theme import load_theme
from zhubao.ledger.blank import RowsByModel, write_ledger
from zhubao.ledger.model import LedgerRow

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao

COMMON = ("--as-of", "2020-07-31")


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    """Four households in two buildings, one of them a key one; one visit so far."""
    ledgers = tmp_path / "示范局" / "ledgers"
    ledgers.mkdir(parents=True)
    (ledgers / "zhubao.toml").write_text('bureau = "示范局"\n', encoding="utf-8")
    homes = [home(f"JT00000{n}", at=(f"{1 + n // 3}栋", f"0{n}01")) for n in range(1, 5)]
    loaded = town(homes, [visit("JT000001", "2020-06-01")], [key("JT000002")])
    books: dict[str, dict[type[LedgerRow], list[dict[str, object]]]] = defaultdict(dict)
    for model, table in loaded.tables.items():
        books[model.SHEET.workbook][model] = [table.values(i) for i in range(len(table))]
    for name, rows in books.items():
        typed: RowsByModel = rows
        write_ledger(ledgers / f"{name}.xlsx", name, typed, load_theme(tmp_path))
    return ledgers.parent


def test_the_half_year_counts_1983_households_and_658_key_ones_visited_repeatedly(
    zhubao: Zhubao, sample: Path
) -> None:
    facts = zhubao("-C", sample, "patrol", "report", "--period", "2020-H1", "--json").json["facts"]
    assert (facts["households_patrolled"], facts["key_households_revisited"]) == (1983, 658)


def test_a_printed_plan_is_filled_in_entered_once_and_lowers_what_is_due(
    zhubao: Zhubao, bureau: Path
) -> None:
    path = bureau / "七月.xlsx"
    plan = ("patrol", "plan", "--month", "2020-07", "--by-building")
    before = zhubao("-C", bureau, *plan, "--json", "--out", path, *COMMON).json["facts"]
    fill(path)
    entered = zhubao("-C", bureau, "patrol", "import", path, "--yes", "--json", *COMMON)
    assert entered.code == 1
    assert [one["code"] for one in entered.json["findings"]].count("PA-133") == 1
    counts = entered.json["facts"]
    assert (counts["new"], counts["refused"], counts["applied"]) == (3, 1, True)
    after = zhubao("-C", bureau, *plan, "--json", *COMMON).json["facts"]
    assert (before["due_visits"], after["due_visits"]) == (5, 2)
    again = zhubao("-C", bureau, "patrol", "import", path, "--yes", "--json", *COMMON)
    assert (again.json["facts"]["new"], again.json["facts"]["known"]) == (0, 3)


def fill(path: Path) -> None:
    """Two doors of each building; one answer that nobody can read."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        rows = [[str(cell.value or "").strip("　") for cell in row] for row in sheet.iter_rows()]
        top = next(place for place, row in enumerate(rows, 1) if "家庭编号" in row)
        answers = {"巡查日期": "2020.7.8", "是否见到": "是", "居住情况": "本人居住"}
        for row in (top + 1, top + 2):
            for header, answer in answers.items():
                sheet.cell(row, rows[top - 1].index(header) + 1, answer)
    sheet.cell(row, rows[top - 1].index("居住情况") + 1, "住着")
    book.save(path)


def test_a_visit_is_previewed_written_and_not_taken_twice(zhubao: Zhubao, bureau: Path) -> None:
    words = ("patrol", "record", "--household", "JT000002", "--date", "2020-07-09", "--met")
    preview = zhubao("-C", bureau, *words, "--dry-run", *COMMON)
    assert "XC000002" in preview.out
    assert "王大2" not in preview.out
    assert zhubao("-C", bureau, *words, "--yes", "--json", *COMMON).json["facts"]["applied"]
    refused = zhubao("-C", bureau, *words, "--yes", *COMMON)
    assert (refused.code, "--again" in refused.err) == (2, True)
    listed = zhubao("-C", bureau, "patrol", "key", *COMMON)
    assert "病痛户（1 户）" in listed.out
    assert "2020-07-09" in listed.out
