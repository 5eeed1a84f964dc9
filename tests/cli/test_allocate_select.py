"""`zhubao allocate select` and `sign` as a clerk and a script run them, on a small bureau."""

from __future__ import annotations

import builtins
import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from zhubao.core.width import display_width

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao

EVENT = "YH202004"
SELECT = ("allocate", "select", EVENT, "--at", "2020-06-15 09:30")
SIGN = ("allocate", "sign", EVENT, "--date", "2020-06-20")
_IDENTITY = "11010519491231002X"


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    """Four households, three units: H1, H2 and H3 are selected, H4 is in reserve."""
    ledgers = tmp_path / "局" / "ledgers"
    ledgers.mkdir(parents=True)
    (ledgers / "zhubao.toml").write_text('bureau = "示范局"\n', encoding="utf-8")
    event = [EVENT, 1, "甲小区摇号选房", "公租房配租", "选房顺序", "甲小区", "已摇号"]
    roster = _words("活动编号 参摇编号 家庭编号 轮候号 申请人 身份证号 家庭人口 户型 名册状态")
    results = ["活动编号", "摇号次序", "参摇编号", "户型", "总名次", "结果", "递补名次"]
    selections = _words(
        "选房编号 活动编号 参摇编号 选房顺序号 选房情况 房源编号 选房时间 放弃原因"
        " 合同编号 签约日期"
    )
    one = "一室一厅"
    _book(
        ledgers / "allocation.xlsx",
        {
            "摇号活动": [
                ["活动编号", "摇号次序", "活动名称", "活动类型", "摇号方式", "小区", "活动状态"],
                event,
            ],
            "摇号名册": [
                roster,
                *(
                    [EVENT, f"E{n}", f"H{n}", f"W{n}", "张小明", _IDENTITY, 2, one, "已冻结"]
                    for n in range(1, 5)
                ),
            ],
            "摇号结果": [
                results,
                *([EVENT, 1, f"E{n}", one, n, "中签", None] for n in range(1, 4)),
                [EVENT, 1, "E4", one, 4, "递补", 1],
            ],
            "选房": [selections],
        },
    )
    headers = _words("房源编号 小区 楼栋 房号 产权单位 户型 计租面积 地段等级 电梯 状态 空置起始日")
    slips = _words("调配编号 棚改项目 房源类型 房源编号 套数 调配日期 调配状态")
    vacant = ["市级", one, 40, "二级", "无", "空置", dt.date(2020, 5, 1)]
    units = [[f"05-0{n}", "甲小区", "5栋", f"0{n}", *vacant] for n in (1, 2, 3)]
    _book(ledgers / "units.xlsx", {"房源": [headers, *units], "房源调配": [slips]})
    _book(
        ledgers / "tenants.xlsx",
        {
            "保障家庭": [
                ["家庭编号", "申请人", "身份证号", "家庭人口", "保障类型", "保障状态"],
                *([f"H{n}", "张小明", _IDENTITY, 2, "低收入", "在保"] for n in range(1, 5)),
            ],
            "轮候册": [
                ["轮候号", "家庭编号", "批准日期", "轮候状态", "出册日期"],
                *([f"W{n}", f"H{n}", dt.date(2018, 1, 1), "轮候中"] for n in range(1, 5)),
            ],
            "租赁合同": [
                ["合同编号", "家庭编号", "房源编号", "起租日期", "到期日期", "月租金", "计租面积",
                 "保障类型", "签订日期", "合同状态"],
                ["HT0009", "H4", "99-01", dt.date(2018, 1, 1), dt.date(2022, 12, 31), 40, 40,
                 "低收入", dt.date(2017, 12, 1), "履行中"],
            ],
        },
    )  # fmt: skip
    return ledgers.parent


def _words(text: str) -> list[Any]:
    return list(text.split())


def _book(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    book = openpyxl.Workbook()
    del book[book.active.title]  # type: ignore[union-attr]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def rows_of(bureau: Path, file: str, sheet: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(bureau / "ledgers" / file, read_only=True)
    return list(book[sheet].iter_rows(min_row=2, values_only=True))


def script(bureau: Path, *lines: str) -> tuple[str | Path, ...]:
    path = bureau / "登记.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return ("--entries", path)


def test_a_script_is_recorded_signed_and_can_be_undone(zhubao: Zhubao, bureau: Path) -> None:
    entries = script(bureau, "5-02", "放弃 太远", "05-01", "@4 放弃 已配租", "撤销 3 看错房号")
    answer = zhubao("-C", bureau, *SELECT, *entries, "--yes")
    assert answer.code == 0, answer.err
    assert max(map(display_width, answer.out.splitlines())) <= 80
    written = rows_of(bureau, "allocation.xlsx", "选房")
    assert [(row[0], row[2], row[4], row[5]) for row in written] == [
        ("XF20200400001", "E1", "选定", "05-02"),
        ("XF20200400002", "E2", "放弃", None),
        ("XF20200400003", "E3", "选定", "05-01"),
        ("XF20200400004", "E4", "放弃", None),
        ("XF20200400005", "E3", "撤销", "05-01"),
    ]
    assert rows_of(bureau, "allocation.xlsx", "摇号活动")[0][6] == "选房中"
    signed = zhubao("-C", bureau, *SIGN, "--yes", "--json").json
    assert (signed["facts"]["signed"], signed["facts"]["monthly_rent"]) == (1, "40.00")
    lease = rows_of(bureau, "tenants.xlsx", "租赁合同")[1]
    assert lease[:3] == ("HT0010", "H1", "05-02")
    assert rows_of(bureau, "tenants.xlsx", "轮候册")[0][3] == "已配租"
    unit = rows_of(bureau, "units.xlsx", "房源")[1]
    assert (unit[9], unit[10]) == ("在租", None)
    assert zhubao("-C", bureau, "undo", "--yes").code == 0
    assert len(rows_of(bureau, "tenants.xlsx", "租赁合同")) == 1


def test_a_script_with_a_wrong_line_records_nothing(zhubao: Zhubao, bureau: Path) -> None:
    answer = zhubao("-C", bureau, *SELECT, *script(bureau, "05-01", "", "05-01"), "--yes")
    assert (answer.code, answer.out) == (1, "")
    assert "第 3 行“05-01”" in answer.err
    assert "一条也没有登记" in answer.err
    assert not list((bureau / ".zhubao").glob("draws/**/*.jsonl"))
    rehearsal = zhubao("-C", bureau, *SELECT, *script(bureau, "05-01"), "--dry-run")
    assert "只是预览" in rehearsal.out
    assert not list((bureau / ".zhubao").glob("draws/**/*.jsonl"))


def test_one_entry_by_options_and_how_it_stands(zhubao: Zhubao, bureau: Path) -> None:
    one = ("--entrant", "E1", "--unit", "05-03")
    assert zhubao("-C", bureau, *SELECT, *one).code == 2  # nobody to ask
    assert zhubao("-C", bureau, *SELECT, *one, "--json", "--yes").json["facts"]["applied"]
    shown = zhubao("-C", bureau, "allocate", "select", EVENT, "--show", columns=80)
    assert max(map(display_width, shown.out.splitlines())) <= 80
    assert "张*明" in shown.out
    assert "张小明" not in shown.out
    facts = zhubao("-C", bureau, "allocate", "select", EVENT, "--json").json["facts"]
    assert (facts["chosen"], facts["left"], facts["pending"]) == (1, 2, 0)


def test_the_counter_at_a_terminal_writes_when_it_closes(
    zhubao: Zhubao, bureau: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second session goes on where the first was cut off before it wrote anything."""
    said = _at_terminal(monkeypatch, ["5-01", KeyboardInterrupt()])
    assert zhubao("-C", bureau, *SELECT).code == 130
    assert rows_of(bureau, "allocation.xlsx", "选房") == []
    said = _at_terminal(monkeypatch, ["帮助", "5-01", "剩余", "未到", "状态", EOFError()])
    answer = zhubao("-C", bureau, *SELECT, "--yes")
    assert answer.code == 0, answer.err
    assert next(said, None) is None
    for words in ("第 2 号 张*明", "05-01 已由第 1 号 张*明选定", "剩 2 套", "第 3 号"):
        assert words in answer.out
    written = rows_of(bureau, "allocation.xlsx", "选房")
    assert [(row[2], row[4]) for row in written] == [("E1", "选定"), ("E2", "未到场")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--unit", "05-01"), "--entrant"),
        (("--entrant", "E1", "--unit", "05-01", "--absent"), "只写一样"),
        (("--show", "--stratum", "三室"), "三室"),
        (("--show", "--batch", "P9"), "P9"),
        (("--show", "--at", "2020-06-15 25:00"), "--at"),
    ],
)
def test_words_that_make_no_sense_are_exit_code_2(
    zhubao: Zhubao, bureau: Path, words: tuple[str, ...], said: str
) -> None:
    answer = zhubao("-C", bureau, "allocate", "select", EVENT, *words)
    assert answer.code == 2
    assert said in answer.err


class _Terminal:
    def isatty(self) -> bool:
        return True


def _at_terminal(
    monkeypatch: pytest.MonkeyPatch, lines: list[str | BaseException]
) -> Iterator[str | BaseException]:
    """Standard input becomes a terminal on which these lines are typed; `zhubao` undoes it."""
    typed = iter(lines)

    def type_next(_: str = "") -> str:
        line = next(typed)
        if isinstance(line, BaseException):
            raise line
        return line

    monkeypatch.setattr(sys, "stdin", _Terminal())
    monkeypatch.setattr(builtins, "input", type_next)
    return typed
