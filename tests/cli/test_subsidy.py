"""`zhubao subsidy …` as a clerk and a script run it, on workbooks as clerks keep them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from zhubao.core.width import display_width

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao

_IDENTITY = "11010519491231002X"
CARDS = ("6222021901000000016", "6222021901000000024", "6222021901000000032")
ROLL = ("subsidy", "roll", "--quarter", "2020-Q2")


def _book(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    book = openpyxl.Workbook()
    del book[book.active.title]  # type: ignore[union-attr]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    """Three households with a grant, in two communities; nobody has signed, nobody is paid."""
    ledgers = tmp_path / "局" / "ledgers"
    ledgers.mkdir(parents=True)
    (ledgers / "zhubao.toml").write_text('bureau = "示范局"\n', encoding="utf-8")
    grants = [
        [f"B{n}", f"H{n}", "中等偏下收入", 1, 550, 300, "2019-05-10", "2019-06", f"张小{n}",
         "工商银行", card, "生效"]
        for n, card in enumerate(CARDS, 1)
    ]  # fmt: skip
    _book(
        ledgers / "subsidies.xlsx",
        {
            "租赁补贴": [
                ["租赁补贴台账"],
                ["补贴编号", "家庭编号", "保障类型", "保障人口", "实际月租金", "月补贴额",
                 "批准日期", "起发月份", "领取人", "开户银行", "银行账号", "补贴状态"],
                *grants,
                ["合计", None, None, 3, None, 900],
            ],
            "签到": [["补贴编号", "季度", "家庭编号", "是否签到", "签到日期"]],
            "发放": [["发放编号", "发放批次", "补贴编号", "家庭编号", "所属季度", "发放月数",
                     "发放金额", "发放日期", "发放状态", "领取人", "银行账号", "备注"]],
        },
    )  # fmt: skip
    homes = [
        [f"H{n}", f"张小{n}", _IDENTITY[:16] + f"{n}X", 1, "中等偏下收入", community, "在保"]
        for n, community in enumerate(("甲社区", "乙社区", "甲社区"), 1)
    ]
    _book(
        ledgers / "tenants.xlsx",
        {
            "保障家庭": [
                ["家庭编号", "申请人", "身份证号", "家庭人口", "保障类型", "社区", "保障状态"],
                *homes,
            ],
            "家庭成员": [["家庭编号", "姓名", "身份证号", "与申请人关系", "死亡日期"]],
            "租赁合同": [
                ["合同编号", "家庭编号", "房源编号", "起租日期", "到期日期", "月租金", "合同状态"],
                ["L3", "H3", "U1", "2020-05-08", "2025-05-07", 120, "履行中"],
            ],
        },
    )
    return ledgers.parent


def fill_in(path: Path) -> None:
    """Everybody signs on the printed list: B1 in words, B2 by a day only, B3 by both."""
    book = openpyxl.load_workbook(path)
    signs = {"B1": ("是", None), "B2": (None, "2020.7.2"), "B3": ("是", "2020-06-11")}
    for sheet in book:
        columns = {cell.value: place for place, cell in enumerate(sheet[3], 1)}
        for row in range(4, sheet.max_row + 1):
            number = sheet.cell(row, columns["补贴编号"]).value
            if number in signs:
                sheet.cell(row, columns["是否签到"]).value, day = signs[str(number)]
                sheet.cell(row, columns["签到日期"]).value = day
    book.save(path)


def payments(bureau: Path) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(bureau / "ledgers" / "subsidies.xlsx", read_only=True)
    return [row[:9] for row in book["发放"].iter_rows(min_row=2, values_only=True)]


def test_a_quarter_from_sign_in_to_the_bank_and_back(zhubao: Zhubao, bureau: Path) -> None:
    """Print, fill in, enter, pay, be refused by the bank, pay again; nobody is paid twice."""
    listed = zhubao("-C", bureau, "subsidy", "signin", "--quarter", "2020-Q2")
    assert (listed.code, "张小1" in listed.out) == (0, False)
    lists = bureau / "reports" / "签到表_2020-Q2.xlsx"
    assert openpyxl.load_workbook(lists, read_only=True).sheetnames == ["乙社区", "甲社区"]
    fill_in(lists)
    enter = ("subsidy", "signin", "--quarter", "2020-Q2", "--enter", lists, "--as-of", "2020-07-10")
    entered = zhubao("-C", bureau, *enter, "--yes", "--json")
    assert (entered.code, entered.json["facts"]["new"]) == (0, 3), entered.out + entered.err
    assert "没有需要改动" in zhubao("-C", bureau, *enter, "--yes").out

    facts = zhubao("-C", bureau, *ROLL, "--date", "2020-07-20", "--yes", "--json").json["facts"]
    assert (facts["households"], facts["amount"]) == (3, "2100.00")
    assert facts["amount_in_capitals"] == "贰仟壹佰元整"
    pending = [("B1", 3, 900), ("B2", 3, 900), ("B3", 1, 300)]  # B3 lives in a unit since May
    assert [(row[2], row[5], row[6]) for row in payments(bureau)] == pending
    folder = bureau / "reports" / "补贴发放_2020-Q2_FP202007"
    bank = (folder / "银行批量_2020-Q2_FP202007.csv").read_bytes().decode("gbk").splitlines()
    assert bank[1] == f"1,张小1,{CARDS[0]},工商银行,900.00,2020-Q2租赁补贴,FF000001"
    amounts = [float(line.split(",")[4]) for line in bank[1:]]
    assert sum(amounts) == 2100
    assert {path.suffix for path in folder.iterdir()} == {".xlsx", ".docx", ".csv"}

    second = zhubao("-C", bureau, *ROLL, "--date", "2020-07-21", "--yes", "--json").json["facts"]
    assert (second["households"], second["applied"]) == (0, False)
    paid = ("subsidy", "roll", "--paid", "FP202007", "--date", "2020-07-24", "--yes")
    assert zhubao("-C", bureau, *paid).code == 0
    bounce = ("subsidy", "roll", "--bounced", "FF000002", "--reason", "户名不符", "--yes")
    assert zhubao("-C", bureau, *bounce, "--date", "2020-07-28").code == 0
    again = zhubao("-C", bureau, *ROLL, "--date", "2020-08-03", "--yes", "--json").json["facts"]
    assert (again["households"], again["roll_no"]) == (1, "FP202008")
    assert [(row[0], row[8]) for row in payments(bureau)] == [
        ("FF000001", "已发放"),
        ("FF000002", "银行退回"),
        ("FF000003", "已发放"),
        ("FF000004", "待发放"),
    ]


@pytest.mark.parametrize("columns", [80, 140])
def test_the_preview_fits_and_writes_nothing(zhubao: Zhubao, bureau: Path, columns: int) -> None:
    before = (bureau / "ledgers" / "subsidies.xlsx").read_bytes()
    answer = zhubao("-C", bureau, *ROLL, "--date", "2020-07-20", "--dry-run", columns=columns)
    assert answer.code == 0
    assert max(map(display_width, answer.out.splitlines())) <= columns
    for words in ("未签到", "已住公租房", "租赁合同!A2", "零元整"):
        assert words in answer.out
    assert (bureau / "ledgers" / "subsidies.xlsx").read_bytes() == before
    assert not (bureau / "reports").exists()


def test_stopping_and_the_amount_shown(zhubao: Zhubao, bureau: Path) -> None:
    stop = ("subsidy", "stop", "stop", "B1", "--reason", "已购房", "--from", "2020-06")
    refused = zhubao("-C", bureau, *stop, "--yes")  # the sheet lacks the column: nothing is changed
    assert (refused.code, "状态变更日期" in refused.err) == (3, True)
    shown = zhubao("-C", bureau, "subsidy", "entitle", "H2", "--as-of", "2020-10-01")
    assert shown.code == 0
    assert "14 元 × 15 m² = 210.00 元" in shown.out
    assert "按下限" in shown.out


def test_the_sample_half_year(zhubao: Zhubao, sample: Path, tmp_path: Path) -> None:
    """909 households and 811,725.00 yuan; three new grants (domain figures of 2020 H1)."""
    folder = tmp_path / "示范局" / "ledgers"
    folder.mkdir(parents=True)
    for name in ("subsidies.xlsx", "tenants.xlsx", "zhubao.toml"):
        shutil.copy(sample / "ledgers" / name, folder)
    words = ("subsidy", "report", "--period", "2020-H1", "--json")
    facts = zhubao("-C", folder.parent, *words).json["facts"]
    assert (facts["households_paid"], facts["amount_paid"]) == (909, "811725.00")
    assert (facts["new_grants"], facts["recovered_households"], facts["leads"]) == (3, 5, 0)
    assert facts["sign_in"]["2020-Q2"] == {"signed": 912, "due": 923}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("roll",), "--quarter"),
        (("roll", "--quarter", "2020-06"), "季度"),
        (("roll", "--quarter", "2020-Q2", "--date", "2020-03-31"), "还没有开始"),
        (("roll", "--quarter", "2020-Q2", "--bank-map", "某行"), "通用"),
        (("roll", "--paid", "FP1"), "FP1"),
        (("signin", "--quarter", "2020-Q2", "--yes"), "--enter"),
        (("stop", "pause", "B1", "--reason", "x", "--from", "2020-06"), "suspend"),
        (("stop", "恢复", "B1", "--reason", "x", "--from", "2020-06"), "不能恢复"),
        (("entitle", "H9"), "H9"),
    ],
)
def test_words_that_make_no_sense_are_exit_code_2(
    zhubao: Zhubao, bureau: Path, words: tuple[str, ...], said: str
) -> None:
    answer = zhubao("-C", bureau, "subsidy", *words)
    assert answer.code == 2
    assert said in answer.err


def test_a_count_says_when_a_row_stands_twice_and_when_its_ledger_is_not_there(
    zhubao: Zhubao, bureau: Path
) -> None:
    path = bureau / "ledgers" / "subsidies.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["租赁补贴"]
    sheet.append([cell.value for cell in sheet[3]])
    book.save(path)
    words = ("-C", bureau, "subsidy", "report", "--as-of", "2020-06-30")
    twice = zhubao(*words, columns=140)
    assert twice.code == 1
    assert "LG-201  补贴编号 B1 与 subsidies.xlsx!租赁补贴!A3 重复" in twice.out
    path.unlink()
    gone = zhubao(*words, columns=140)
    assert gone.code == 0
    assert "找不到 subsidies.xlsx" in gone.out
    assert "截至 2020-06-30（由 --as-of 指定）共发放 0 户、0.00 万元" in gone.out
