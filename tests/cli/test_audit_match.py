"""`zhubao audit match` as a clerk and a script run it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from zhubao.core.width import display_width

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao

_WANG, _LI = "11010519491231002X", "430102198001012025"


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    """Two households: one let since 2018, one that left in 2019; an empty ledger of leads."""
    ledgers = tmp_path / "局" / "ledgers"
    ledgers.mkdir(parents=True)
    (ledgers / "zhubao.toml").write_text('bureau = "示范局"\n', encoding="utf-8")
    homes = [
        "家庭编号",
        "申请人",
        "身份证号",
        "家庭人口",
        "保障类型",
        "批准日期",
        "保障状态",
        "退出日期",
    ]
    leases = ["合同编号", "家庭编号", "房源编号", "起租日期", "到期日期", "月租金", "合同状态"]
    _book(
        ledgers / "tenants.xlsx",
        {
            "保障家庭": [
                homes,
                ["H1", "王小明", _WANG, 1, "低收入", "2017-01-01", "在保", None],
                ["H2", "李四", _LI, 1, "低收入", "2015-01-01", "已退出", "2019-06-30"],
            ],
            "租赁合同": [leases, ["L1", "H1", "U1", "2018-01-01", "2022-12-31", 100, "履行中"]],
        },
    )
    leads = ["疑点编号", "疑点类型", "疑点来源", "比对清单", "提出日期", "家庭编号", "房源编号",
             "姓名", "身份证号", "疑点事项", "依据", "证据", "疑点标识", "最近出现日期",
             "疑点状态"]  # fmt: skip
    _book(ledgers / "audit.xlsx", {"疑点": [leads]})
    return ledgers.parent


@pytest.fixture
def cars(tmp_path: Path) -> Path:
    """A list of the vehicle office: one hit inside, one after the exit, one name only."""
    path = tmp_path / "车辆.csv"
    lines = [
        "车主,身份证明号码,号牌号码,初次登记日期",
        f"王小明,{_WANG.lower()},湘A1,2019-05-01",
        f"李四,{_LI},湘A2,2020-01-01",
        "李四,,湘A3,2018-01-01",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="gbk")
    return path


def test_a_hit_is_shown_masked_and_fits_the_terminal(
    zhubao: Zhubao, bureau: Path, cars: Path
) -> None:
    answer = zhubao("-C", bureau, "audit", "match", "车辆", cars, "--as-of", "2020-06-30")
    assert answer.code == 0, answer.err
    assert max(map(display_width, answer.out.splitlines())) <= 80
    assert "命中只是疑点，不是结论" in answer.out
    assert "保障期内" in answer.out
    assert "王小明" not in answer.out
    assert _WANG not in answer.out


def test_leads_are_written_once_and_the_second_list_only_says_they_are_still_there(
    zhubao: Zhubao, bureau: Path, cars: Path
) -> None:
    words = ("-C", bureau, "audit", "match", "vehicles", cars, "--write", "--yes", "--json")
    answer = zhubao(*words, "--as-of", "2020-06-30")
    assert answer.code == 0, answer.err
    told = answer.json["facts"]
    assert (told["rows"], told["leads"], told["after"], told["name_only"]) == (3, 1, 1, 1)
    assert told["applied"]
    (row,) = _leads(bureau)
    assert row[1:6] == ("不符合条件享受", "清单比对", "车辆.csv", row[4], "H1")
    assert (row[7], row[8], row[14]) == ("王小明", _WANG, "待核实")
    assert "车辆.csv!B2" in row[11]
    again = zhubao(*words, "--as-of", "2020-07-31")
    assert again.json["facts"]["applied"]
    (row,) = _leads(bureau)
    assert str(row[13])[:10] == "2020-07-31"


@pytest.mark.parametrize(
    "words", [("飞机", "x.csv"), ("车辆", "没有.csv"), ("车辆", "x.csv", "--yes")]
)
def test_wrong_words_are_refused(zhubao: Zhubao, bureau: Path, words: tuple[str, ...]) -> None:
    answer = zhubao("-C", bureau, "audit", "match", *words)
    assert answer.code in (2, 3)
    assert "怎么办" in answer.err


def _book(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    book = openpyxl.Workbook()
    del book[book.active.title]  # type: ignore[union-attr]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def _leads(bureau: Path) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(bureau / "ledgers" / "audit.xlsx", read_only=True)
    rows = list(book["疑点"].iter_rows(values_only=True))[1:]
    return [row for row in rows if row[0]]
