"""`zhubao review` from the year's list to the notices, as a clerk works through it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao

_HUSBAND, _WIFE = "11010519491231002X", "430103195503074528"
_GONE = "43010319550307400X"
_TENANTS: dict[str, list[list[Any]]] = {
    "保障家庭": [
        ["家庭编号", "申请人", "身份证号", "家庭人口", "保障类型", "街道", "社区", "保障状态",
         "退出日期", "退出原因"],
        ["H1", "张小明", _HUSBAND, 2, "低收入", "甲街道", "乙社区", "在保", None, None],
        ["H2", "李红梅", _WIFE, 1, "中等偏下收入", "甲街道", "丙社区", "在保", None, None],
        ["H3", "王五", _GONE, 1, "低收入", "甲街道", "丙社区", "已退出", "2019-05-01", "主动放弃"],
    ],
    "家庭成员": [["家庭编号", "姓名", "身份证号", "与申请人关系", "死亡日期"]],
    "租赁合同": [
        ["合同编号", "家庭编号", "房源编号", "起租日期", "到期日期", "月租金", "合同状态"],
        ["L1", "H1", "U1", "2018-01-01", "2022-12-31", 200, "履行中"],
    ],
    "年审": [
        ["年度", "家庭编号", "申报月收入", "申报人口", "申报住房面积", "比对情况", "年审结论",
         "结论日期", "是否告知", "备注"],
        [2019, "H1", 2000, 2, 0, "无异常", "继续保障", "2019-11-27", "是", None],
    ],
}  # fmt: skip


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    folder = tmp_path / "局" / "ledgers"
    folder.mkdir(parents=True)
    (folder / "zhubao.toml").write_text('bureau = "示范局"\nas_of = 2020-06-30\n', "utf-8")
    book = openpyxl.Workbook()
    del book[book.active.title]  # type: ignore[union-attr]
    for name, rows in _TENANTS.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(folder / "tenants.xlsx")
    return folder.parent


def reviews(bureau: Path) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(bureau / "ledgers" / "tenants.xlsx")["年审"]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]


def fill(path: Path, said: dict[str, tuple[Any, ...]]) -> None:
    """Write the declarations into a printed list, on whatever sheet the household is."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        places: dict[str, int] = {}
        for row in sheet.iter_rows():
            texts = {str(cell.value).strip("　"): cell.column for cell in row if cell.value}
            if "家庭编号" in texts:
                places = texts
            number = row[places["家庭编号"] - 1].value if places else None
            for name, value in zip(
                ("申报月收入", "申报人口", "申报住房面积", "备注"), said.get(str(number), ())
            , strict=False):  # fmt: skip
                row[places[name] - 1].value = value
    book.save(path)


def test_a_year_from_the_list_to_the_notices(zhubao: Zhubao, bureau: Path, tmp_path: Path) -> None:
    paper = tmp_path / "清单.xlsx"
    go = ("-C", bureau, "review")
    answer = zhubao(*go, "list", "--year", "2020", "--out", paper, "--write", "--yes")
    assert answer.code == 0, answer.err
    assert "张小明" not in answer.out
    assert openpyxl.load_workbook(paper).sheetnames == ["丙社区", "乙社区"]
    assert [row[:2] for row in reviews(bureau)] == [[2020, "H1"], [2020, "H2"]]
    assert "没有需要改动" in zhubao(*go, "list", "--year", "2020", "--write", "--yes").out

    fill(paper, {"H1": ("2,000元", 2, 0, "无变化"), "H2": (3000, 1, 20)})
    homes = tmp_path / "房产.csv"
    homes.write_text(f"权利人,证件号码,建筑面积\n李红梅,{_WIFE},20\n", "utf-8")
    entering = (*go, "enter", paper, "--year", "2020", "--matches", homes, "--yes", "--json")
    assert zhubao(*entering).json["facts"]["entered"] == 2
    before = reviews(bureau)
    again = zhubao(*entering).json["facts"]
    assert (again["entered"], again["same"], again["applied"]) == (0, 2, False)
    assert reviews(bureau) == before
    assert before[0][2:6] == [2000, 2, 0, "不动产：无记录〔房产.csv〕"]
    assert before[1][5] == "不动产：本人 李*梅，建筑面积 20〔房产.csv!B2〕"

    proposals = zhubao(*go, "propose", "--year", "2020")
    assert "收入标准未配置" in proposals.out
    assert proposals.code == 0
    decided = zhubao(*go, "decide", "--year", "2020", "--accept-proposals", "--yes", "--json")
    assert decided.json["facts"]["exits_not_accepted"] == 1
    leaving = ("--decision", "退出", "--exit-reason", "自购继承", "--reason", "人均 20 m²")
    one = zhubao(*go, "decide", "H2", "--year", "2020", *leaving, "--apply-to-households", "--yes")
    assert one.code == 0, one.err
    assert zhubao(*go, "decide", "H2", "--year", "2020", *leaving, "--yes").code == 2
    assert [row[6] for row in reviews(bureau)] == ["继续保障", "退出"]

    told = zhubao(*go, "notices", "--year", "2020", "--write", "--yes")
    assert told.code == 0, told.err
    assert sorted(path.name for path in (bureau / "reports").rglob("*.docx")) == [
        "丙社区.docx",
        "乙社区.docx",
    ]
    assert [row[8] for row in reviews(bureau)] == ["是", "是"]
    facts = zhubao(*go, "report", "--year", "2020", "--json").json["facts"]
    assert (facts["due"], facts["reviewed"], facts["notified"]) == (2, 2, 2)


def test_what_a_list_gets_wrong_is_located_and_changes_nothing(
    zhubao: Zhubao, bureau: Path, tmp_path: Path
) -> None:
    listed = tmp_path / "申报.csv"
    listed.write_text(
        "年度,家庭编号,申报月收入,申报人口,申报住房面积\n2019,H1,1,2,0\n,H9,1,1,0\n2020,H2,1,1,0\n",
        "utf-8",
    )
    answer = zhubao("-C", bureau, "review", "enter", listed, "--year", "2020", "--yes", "--json")
    assert answer.code == 1
    found = {one["code"]: one["where"]["ref"] for one in answer.json["findings"]
             if one["code"].startswith("RV")}  # fmt: skip
    assert found == {"RV-112": "A2", "RV-113": "B3", "RV-114": "B4"}
    assert reviews(bureau) == []
    empty = tmp_path / "别的.csv"
    empty.write_text("编号,收入\n1,2\n", "utf-8")
    wrong = zhubao("-C", bureau, "review", "enter", empty, "--year", "2020", "--yes", "--json")
    assert [one["code"] for one in wrong.json["findings"]][-1] == "RV-110"
