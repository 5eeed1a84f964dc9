"""Money coming in, as a clerk and a script book it: import, suspense, receive, write-off."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests.ledger.bureaus import make_bureau

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao

LIST = """交易日期,贷方金额,对方户名,摘要,流水号
2020-01-20,200,王小1,H1房租,90000001
2020-01-20,50.5,李　2,房租,90000002
2020-01-20,77,无名氏,,90000003
2020-01-20,壹元,无名氏,,90000004
"""


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    return make_bureau(tmp_path / "局").root


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    path = tmp_path / "流水.csv"
    path.write_bytes(LIST.encode("gb18030"))
    return path


def sheet(root: Path, name: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(root / "ledgers" / "arrears.xlsx")
    rows: Iterator[tuple[Any, ...]] = book[name].iter_rows(values_only=True)
    return list(rows)


def test_a_list_is_booked_once_and_the_rest_is_kept(
    zhubao: Zhubao, bureau: Path, statement: Path
) -> None:
    preview = zhubao("-C", bureau, "rent", "import", statement, "--dry-run", columns=140)
    assert "只是预览，没有写入" in preview.out
    assert (bureau / "reports").is_dir()
    assert not (bureau / ".zhubao").exists()
    answer = zhubao("-C", bureau, "rent", "import", statement, "--yes", columns=140)
    assert answer.code == 1  # one line could not be read
    assert "流水.csv!B5  错误 XL-108" in answer.out
    assert "改动编号 C0001" in answer.out
    receipts = {row[0]: row for row in sheet(bureau, "实收")}
    assert receipts["90000001"][1] == "H1"
    assert float(receipts["90000001"][3]) == 200
    assert receipts["90000001"][6] == "H1房租；导入 流水.csv!B2"
    assert "90000002" not in receipts  # the amount is not natural for 李2
    (header, waiting) = sheet(bureau, "待认款")
    assert header[:3] == ("挂账编号", "收款日期", "金额")
    assert (waiting[0], float(waiting[2]), waiting[5]) == (
        "GZ0001",
        77,
        "流水.csv!B4 流水号 90000003",
    )
    again = zhubao("-C", bureau, "rent", "import", statement, "--yes", "--json")
    facts = again.json["facts"]
    assert (facts["booked"], facts["suspense"], facts["skipped"]) == (0, 0, 2)
    assert (facts["doubtful"], facts["unreadable"], facts["applied"]) == (1, 1, False)
    assert zhubao("-C", bureau, "undo", "--yes").code == 0
    assert not any(row[0] == "90000001" for row in sheet(bureau, "实收"))


def test_the_review_workbook_has_every_line(zhubao: Zhubao, bureau: Path, statement: Path) -> None:
    target = bureau / "核对.xlsx"
    zhubao("-C", bureau, "rent", "import", statement, "--dry-run", "--out", target)
    book = openpyxl.load_workbook(target)
    text = "\n".join(
        str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row
    )
    assert all(word in text for word in ("90000001", "90000002", "90000003", "流水合计"))
    assert "王小1" not in text


def test_suspense_is_listed_and_claimed(zhubao: Zhubao, bureau: Path, statement: Path) -> None:
    zhubao("-C", bureau, "rent", "import", statement, "--yes")
    assert "GZ0001" in zhubao("-C", bureau, "rent", "suspense").out
    words = ("rent", "suspense", "--claim", "GZ0001")
    assert zhubao("-C", bureau, *words).code == 2
    claimed = zhubao("-C", bureau, *words, "--household", "H3", "--yes", "--json")
    assert claimed.json["facts"]["applied"] is True
    assert any(row[:2] == ("90000003", "H3") for row in sheet(bureau, "实收"))
    assert sheet(bureau, "待认款")[1][7:9] == ("已认领", "H3")
    assert zhubao("-C", bureau, *words, "--household", "H3", "--yes").code == 2
    again = zhubao("-C", bureau, "rent", "import", statement, "--yes", "--json")
    assert again.json["facts"]["skipped"] == 2


def test_a_receipt_is_shown_asked_for_and_written(zhubao: Zhubao, bureau: Path) -> None:
    words: tuple[str | Path, ...] = (
        "-C",
        bureau,
        "rent",
        "receive",
        "--household",
        "H4",
        "--amount",
        "50",
    )
    words += ("--date", "2020-02-01", "--as-of", "2020-02-28", "--method", "")
    assert "只是预览" in zhubao(*words, "--dry-run").out
    assert zhubao(*words).code == 2  # nobody to ask
    answer = zhubao(*words, "--yes")
    assert answer.code == 0, answer.err
    assert "R6" in answer.out
    assert "欠租" in answer.out
    assert any(row[:2] == ("R6", "H4") for row in sheet(bureau, "实收"))
    wrong = zhubao("-C", bureau, "rent", "receive", "--household", "H44", "--amount", "50")
    assert wrong.code == 2
    assert "H4" in wrong.err


def test_a_write_off_needs_its_words_and_stays_below_the_debt(
    zhubao: Zhubao, sample: Path, tmp_path: Path
) -> None:
    ledgers = tmp_path / "示范局" / "ledgers"
    ledgers.mkdir(parents=True)
    for name in ("arrears.xlsx", "tenants.xlsx", "units.xlsx", "zhubao.toml"):
        shutil.copy(sample / "ledgers" / name, ledgers)
    words: tuple[str | Path, ...] = (
        "-C",
        ledgers.parent,
        "rent",
        "write-off",
        "--household",
        "JT001156",
    )
    words += ("--authority", "局务会议纪要", "--reason", "承租人死亡")
    assert zhubao(*words).code == 2
    assert "只欠 7,582.88 元" in zhubao(*words, "--amount", "7582.89").err
    answer = zhubao(*words, "--all", "--yes", columns=140)
    assert answer.code == 0, answer.err
    assert "欠租 7,582.88 → 0.00 元" in answer.out
    report = zhubao("-C", ledgers.parent, "rent", "arrears", "--json").json
    assert report["facts"]["owed"] == "113140.59"  # 120,723.47 - 7,582.88
