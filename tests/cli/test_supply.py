"""`zhubao supply`, `dispatch` and `units` as a clerk and a script run them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from zhubao.core.width import display_width

if TYPE_CHECKING:
    from tests.cli.conftest import Answer, Zhubao

AS_OF = ("--as-of", "2020-06-30")
_SHEETS: dict[str, list[list[Any]]] = {
    "房源": [
        ["房源编号", "小区", "楼栋", "房号", "产权单位", "户型", "计租面积", "地段等级", "电梯",
         "状态", "交付日期", "空置起始日", "备注"],
        ["U1", "甲小区", "1栋", "101", "市级", "一室一厅", 40, "二级", "无", "空置", "2015-01-01",
         "2019-12-01", "朝南"],
        ["U2", "甲小区", "1栋", "102", "市级", "一室一厅", 40, "二级", "无", "在租", "2015-01-01",
         None, None],
    ],
    "房源筹集": [
        ["筹集批号", "筹集渠道", "开发商编号", "小区", "套数", "筹集日期", "合作开始日",
         "合作截止日", "状态", "备注"],
        ["CJ0012", "团购商品房", "KF1", None, 10, "2020-02-01", None, None, "已落实", None],
        ["合计", None, None, None, 10, None, None, None, None, None],
    ],
    "合作开发商": [
        ["开发商编号", "开发商名称", "合作开始日", "合作截止日", "状态"],
        ["KF1", "云岭地产", "2020-06-04", "2020-07-03", "合作中"],
    ],
    "房源调配": [
        ["调配编号", "棚改项目", "指挥部", "房源类型", "房源编号", "筹集批号", "套数", "冻结日期",
         "调配日期", "退回日期", "调配状态", "备注"],
        ["DP0030", "云岭棚改项目", "云岭指挥部", "商品房", None, "CJ0012", 8, None, "2020-03-01",
         None, None, None],
    ],
}  # fmt: skip


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    """Two units, one of them let; one batch with a total below it; one dispatch."""
    ledgers = tmp_path / "局" / "ledgers"
    ledgers.mkdir(parents=True)
    (ledgers / "zhubao.toml").write_text('bureau = "示范局"\nas_of = 2020-06-30\n', "utf-8")
    _book(ledgers / "units.xlsx", _SHEETS)
    leases: list[list[Any]] = [
        ["合同编号", "家庭编号", "房源编号", "起租日期", "到期日期", "月租金", "合同状态"],
        ["HT1", "JT1", "U2", "2019-01-01", "2022-12-31", 200, "履行中"],
    ]
    _book(ledgers / "tenants.xlsx", {"租赁合同": leases})
    draws: dict[str, list[list[Any]]] = {
        "摇号活动": [["活动编号", "摇号次序", "活动名称", "活动类型", "摇号方式", "活动状态"]],
        "选房": [
            ["选房编号", "活动编号", "参摇编号", "选房顺序号", "选房情况", "房源编号", "选房时间"]
        ],
    }
    _book(ledgers / "allocation.xlsx", draws)
    return ledgers.parent


def test_the_summary_figures_of_the_half_year_come_out(zhubao: Zhubao, sample: Path) -> None:
    half = ("--period", "2020-H1", *AS_OF, "--json")
    raised = zhubao("-C", sample, "supply", "report", *half).json["facts"]
    assert raised["by_channel"] == {
        "社会合作房": 573, "团购商品房": 305, "限价商品房": 520, "公租房": 715,
    }  # fmt: skip
    assert (raised["raised"], raised["developers_cooperating"]) == (2113, 5)
    assert raised["pipeline_units"] == 1200
    dispatched = zhubao("-C", sample, "dispatch", "report", *half).json["facts"]
    assert dispatched["by_type"] == {"经适房": 112, "商品房": 376, "公租房": 12}
    assert dispatched["dispatched"] == 500
    occupied = zhubao("-C", sample, "units", "occupancy", *AS_OF, "--json").json["facts"]
    assert (occupied["occupied"], occupied["lettable"], occupied["differences"]) == (2003, 2071, 0)
    vacant = zhubao("-C", sample, "units", "vacant", *AS_OF)
    assert "68 套" in vacant.out
    assert max(map(display_width, vacant.out.splitlines())) <= 80


def test_a_unit_goes_out_and_comes_back_and_is_held_meanwhile(
    zhubao: Zhubao, bureau: Path, tmp_path: Path
) -> None:
    def run(*words: str) -> Answer:
        return zhubao("-C", bureau, "dispatch", *words, "--yes", "--json")

    frozen = run("freeze", "--project", "云岭棚改项目", "--type", "公租房", "--unit", "U1")
    assert frozen.code == 0, frozen.err
    assert frozen.json["facts"]["dispatches"] == ["DP0031"]
    twice = run("make", "--project", "北桥", "--type", "公租房", "--unit", "U1,U2")
    assert twice.code == 2
    assert "U1　调配单 DP0031（云岭棚改项目）已冻结（units.xlsx!房源调配!A3）" in twice.err
    assert "U2　合同 HT1 还在租（tenants.xlsx!租赁合同!A2）" in twice.err
    assert run("make", "DP0031").code == 0
    home = _row(bureau, "房源", "U1")
    assert (home["状态"], home["空置起始日"]) == ("预留", None)
    assert home["备注"] == "朝南；已调配给云岭棚改项目"
    assert run("return", "DP0031", "--reason", "项目取消").code == 0
    home, row = _row(bureau, "房源", "U1"), _row(bureau, "房源调配", "DP0031")
    assert (home["状态"], home["备注"], row["调配状态"]) == ("空置", "朝南", "已退回")
    shown = tmp_path / "一套.html"
    assert zhubao("-C", bureau, "units", "show", "U1", "--out", shown).code == 0
    assert "DP0031" in shown.read_text(encoding="utf-8")


def test_a_batch_is_added_above_the_total_and_lots_are_measured_against_it(
    zhubao: Zhubao, bureau: Path
) -> None:
    lot = ("dispatch", "make", "--project", "北桥", "--type", "商品房", "--count", "5", "--yes")
    assert "只剩 2 套，不够 5 套" in zhubao("-C", bureau, *lot, "--batch", "CJ0012").err
    words = ("--channel", "团购商品房", "--count", "30", "--developer", "云岭地产")
    added = zhubao("-C", bureau, "supply", "add", *words, "--yes")
    assert added.code == 0, added.err
    assert _row(bureau, "房源筹集", "CJ0013")["开发商编号"] == "KF1"
    assert zhubao("-C", bureau, *lot, "--batch", "CJ0013").code == 0
    report = zhubao("-C", bureau, "dispatch", "report", "--json").json
    assert (report["facts"]["raised"], report["facts"]["left"]) == (40, 27)
    soon = zhubao("-C", bureau, "supply", "report", "--json").json["facts"]
    assert (soon["developers_expiring"], soon["raised"]) == (1, 40)


def _book(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    book = openpyxl.Workbook()
    del book[book.active.title]  # type: ignore[union-attr]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def _row(bureau: Path, sheet: str, key: str) -> dict[str, Any]:
    book = openpyxl.load_workbook(bureau / "ledgers" / "units.xlsx", read_only=True)
    header, *rows = book[sheet].iter_rows(values_only=True)
    return next(dict(zip(map(str, header), row, strict=True)) for row in rows if row[0] == key)
