from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from zhubao.excel.header import best_header, header_key, match_score
from zhubao.excel.kinds import CellKind
from zhubao.excel.sheet import Merge, RawSheet
from zhubao.excel.table import ColumnSpec, TypedTable

Build = Callable[..., RawSheet]
Read = Callable[..., TypedTable]
Specs = tuple[ColumnSpec, ...]

HEADER = ["家庭编号", "姓名", "账单期", "应收金额"]
RECORD = ["JT001", "张三", "2020-06", 50.0]


@pytest.mark.parametrize(
    "text",
    [
        "应收金额",
        " 应收\n金额 ",
        "应 收 金 额",
        "*应收金额",
        "应收金额＊",
        "应收金额:",
        "应收金额\u200b",
    ],
)
def test_header_texts_are_compared_without_layout(text: str) -> None:
    assert header_key(text) == "应收金额"


@pytest.mark.parametrize("above", range(10))
def test_the_header_is_found_below_title_and_unit_rows(above: int, read: Read) -> None:
    top = [["2020年6月应收租金台账"], ["单位：元", None, "制表日期：2020-06-30"]]
    rows = [*(top[i % 2] for i in range(above)), HEADER, RECORD]
    table = read(rows)
    assert table.header_rows == (above + 1, above + 1)
    assert table.rows == [above + 2]


@pytest.mark.parametrize(
    "amount", ["应收金额（元）", "应收金额(元)", "应收金额\n（元/月）", "*应收金额【元】"]
)
def test_a_unit_behind_a_header_does_not_matter(amount: str, read: Read) -> None:
    table = read([[*HEADER[:3], amount], RECORD])
    assert table.columns["amount"].values == [5000]


def test_aliases_answer_for_a_column(read: Read) -> None:
    table = read([["户号", "姓名", "所属月份", "应缴租金"], RECORD])
    assert table.columns["household"].header == "户号"
    assert not [spec for spec in table.missing if spec.required]


def two_row_sheet() -> list[list[Any]]:
    return [
        ["欠租台账"],
        ["家庭编号", "姓名", "账单期", "欠租情况", None, "备注"],
        [None, None, None, "本年", "往年", None],
        ["JT001", "张三", "2020-06", 50.0, 20.0, "甲"],
    ]


TWO_ROW_SPECS = (
    ColumnSpec("household", "家庭编号", (), CellKind.CODE, required=True),
    ColumnSpec("name", "姓名", (), CellKind.TEXT),
    ColumnSpec("this_year", "欠租情况本年", (), CellKind.MONEY),
    ColumnSpec("before", "往年欠租", ("欠租情况/往年",), CellKind.MONEY),
    ColumnSpec("remark", "备注"),
)
MERGES = [Merge(1, 1, 1, 6), *(Merge(2, c, 3, c) for c in (1, 2, 3, 6)), Merge(2, 4, 2, 5)]


@pytest.mark.parametrize("merged", [MERGES, []])
def test_a_two_row_merged_header_gives_parent_and_leaf(merged: list[Merge], raw: Build) -> None:
    header = best_header(raw(two_row_sheet(), merged=merged), TWO_ROW_SPECS)
    assert header is not None
    assert (header.first, header.last) == (2, 3)
    columns = {key: cell.column for key, cell in header.matched.items()}
    assert columns == {"household": 0, "name": 1, "this_year": 3, "before": 4, "remark": 5}


def test_the_leaf_text_alone_answers_too(raw: Build) -> None:
    specs = (TWO_ROW_SPECS[0], ColumnSpec("now", "本年"), ColumnSpec("then", "往年"))
    header = best_header(raw(two_row_sheet(), merged=MERGES), specs)
    assert header is not None
    assert {key: cell.column for key, cell in header.matched.items()} == {
        "household": 0,
        "now": 3,
        "then": 4,
    }


def test_a_one_row_header_over_words_stays_one_row(read: Read) -> None:
    table = read([HEADER, ["JT001", "张三", "2020-06", "50元"], ["JT002", "李四", "2020-06", "5"]])
    assert table.header_rows == (1, 1)
    assert table.rows == [2, 3]


def test_a_data_row_is_never_the_header(raw: Build, specs: Specs) -> None:
    rows = [["JT001", "张三", "2020-06", 50.0], ["JT002", "备注", "2020-06", 50.0]]
    assert best_header(raw(rows), specs) is None


def test_the_row_that_answers_best_is_the_header(raw: Build, specs: Specs) -> None:
    rows = [["姓名", "小区", "说明一", "说明二", "说明三"], HEADER, RECORD]
    header = best_header(raw(rows), specs)
    assert header is not None
    assert header.first == 2


def test_of_a_header_that_comes_twice_the_first_is_read(read: Read) -> None:
    table = read([[*HEADER, "姓名"], [*RECORD, "李四"]])
    assert table.columns["name"].values == ["张三"]
    found = [finding for finding in table.findings if finding.code == "XL-204"]
    assert [str(finding.where) for finding in found] == ["欠租.xlsx!应收!E1"]
    assert table.unknown == {"姓名": ("E", ["李四"])}


def test_two_columns_for_one_declaration_are_reported(read: Read) -> None:
    table = read([["家庭编号", "户号", "姓名", "账单期", "应收金额"], ["JT1", "9", *RECORD[1:]]])
    assert table.columns["household"].values == ["JT1"]
    assert [finding.code for finding in table.findings] == ["XL-208"]


def test_the_exact_header_wins_over_an_alias_to_its_left(read: Read) -> None:
    table = read([["户号", "家庭编号", "姓名", "账单期", "应收金额"], ["9", "JT1", *RECORD[1:]]])
    assert table.columns["household"].values == ["JT1"]


def test_unknown_columns_are_kept(read: Read) -> None:
    table = read([[*HEADER, "网格员"], [*RECORD, "王五"]])
    assert table.unknown == {"网格员": ("E", ["王五"])}


def test_data_without_a_header_is_reported(read: Read) -> None:
    table = read([[*HEADER, None], [*RECORD, None], [*RECORD, "谁的"]])
    found = [finding for finding in table.findings if finding.code == "XL-205"]
    assert [str(finding.where) for finding in found] == ["欠租.xlsx!应收!E3"]


def test_the_score_tells_sheets_apart(raw: Build, specs: Specs) -> None:
    charges = raw([HEADER, RECORD])
    units = raw([["房源编号", "小区", "备注"], ["FY1", "粟塘小区", ""]])
    assert match_score(charges, specs) > match_score(units, specs)
    assert match_score(raw([["随便"], ["什么"]]), specs) == 0


def test_a_group_over_a_single_column_is_a_header_of_two_rows(read: Read) -> None:
    rows = [["家庭编号", "姓名", "账单期", "本月租金"], [None, None, None, "应收金额"], RECORD]
    merged = [Merge(1, 1, 2, 1), Merge(1, 2, 2, 2), Merge(1, 3, 2, 3)]
    for found in ({"merged": merged}, {}):
        table = read(rows, **found)
        assert table.header_rows == (1, 2)
        assert table.columns["amount"].values == [5000]


def test_a_unit_behind_the_name_under_a_group_does_not_hide_the_column(read: Read) -> None:
    rows = [
        ["家庭编号", "姓名", "租金", None],
        [None, None, "账单期", "应收金额（元）"],
        RECORD,
    ]
    merged = [Merge(1, 1, 2, 1), Merge(1, 2, 2, 2), Merge(1, 3, 1, 4)]
    table = read(rows, merged=merged)
    assert table.columns["amount"].header == "租金/应收金额（元）"
    assert table.columns["amount"].values == [5000]


def test_a_fuller_header_further_down_does_not_swallow_the_rows_above_it(read: Read) -> None:
    table = read([HEADER, RECORD, [*HEADER, "备注"], [*RECORD, "补录"]])
    assert table.header_rows == (1, 1)
    assert table.columns["household"].values == ["JT001", "JT001"]


def test_the_first_alias_declared_wins_wherever_the_columns_stand(read: Read) -> None:
    table = read([["户号", "租户编号", "姓名", "账单期", "应收金额"], ["9", "JT1", *RECORD[1:]]])
    assert table.columns["household"].values == ["JT1"]


def test_data_above_the_header_is_not_passed_over_in_silence(read: Read) -> None:
    table = read([["星河区"], RECORD, ["JT002", "李四", "2020-06", 1.0], HEADER])
    assert [(str(f.where), f.code) for f in table.findings] == [("欠租.xlsx!应收!A2", "XL-210")]
    assert "第 2、3 行" in table.findings[0].message
