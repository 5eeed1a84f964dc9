from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from zhubao.excel.rows import Reason
from zhubao.excel.sheet import Merge
from zhubao.excel.table import TypedTable

Read = Callable[..., TypedTable]

HEADER = ["家庭编号", "姓名", "账单期", "应收金额", "小区", "备注"]
FIRST = ["JT001", "张三", "2020-06", 50.0, "粟塘小区", None]
SECOND = ["JT002", "李四", "2020-06", 60.0, "粟塘小区", None]


@pytest.mark.parametrize(
    "row",
    [
        ["合计", None, None, 110.0],
        ["合 计", None, None, 110.0],
        ["合计：", None, None, 110.0],
        [None, "小计", None, 110.0],
        ["总计", None, None, 110.0],
        ["累计", None, None, 110.0],
        ["本页合计", None, None, 110.0],
        ["粟塘小区小计", None, None, 110.0],
        ["合计（2户）", None, None, 110.0],
        ["粟塘小区", "小计", None, 110.0],
        [None, None, None, 110.0, "合计"],
    ],
)
def test_total_rows_are_left_out_and_listed(row: list[Any], read: Read) -> None:
    table = read([HEADER, FIRST, row, SECOND])
    assert table.rows == [2, 4]
    assert [(out.row, out.reason) for out in table.left_out] == [(3, Reason.SUBTOTAL)]


@pytest.mark.parametrize(
    "row",
    [
        ["JT003", "小计", "2020-06", 1.0],
        ["JT003", "王五", "2020-06", 1.0, None, "合计多收一元"],
        ["JT003", "王五", "2020-06", None, None, "合计"],
        ["JT003", None, "2020-06", 1.0, None, "小计"],
        ["合计户", "王五", "2020-06", 1.0],
        ["JT003", "王五", None, None, None, "注：金额待核"],
        ["JT003"],
    ],
)
def test_records_that_merely_mention_such_words_stay(row: list[Any], read: Read) -> None:
    assert read([HEADER, FIRST, row, SECOND]).rows == [2, 3, 4]


@pytest.mark.parametrize(
    "row",
    [
        ["注：本表按月填报"],
        ["说明: 金额单位为元"],
        ["备注：略"],
        ["制表人：王五", None, None, "审核：赵六"],
        ["审核人：", None, "填表日期：2020-06-30"],
        ["填报单位（盖章）", None, None],
        ["1、以上数据截至2020年6月30日，由各社区上报汇总形成。"],
    ],
)
def test_notes_are_left_out_and_listed(row: list[Any], read: Read) -> None:
    table = read([HEADER, FIRST, SECOND, row])
    assert table.rows == [2, 3]
    assert [(out.row, out.reason) for out in table.left_out] == [(4, Reason.FOOTNOTE)]


def test_a_band_title_merged_across_the_sheet_is_left_out(read: Read) -> None:
    rows = [HEADER, ["一、粟塘小区"], FIRST, SECOND]
    table = read(rows, merged=[Merge(2, 1, 2, 6)])
    assert table.rows == [3, 4]


def test_blank_bands_are_one_entry_and_blanks_at_the_end_are_none(read: Read) -> None:
    blank = ["", " ", "\u3000"]
    table = read([HEADER, FIRST, blank, blank, SECOND, blank, blank])
    assert table.rows == [2, 5]
    assert [(out.row, out.last, out.reason) for out in table.left_out] == [(3, 4, Reason.BLANK)]


def test_a_header_repeated_in_the_middle_is_left_out(read: Read) -> None:
    table = read([HEADER, FIRST, HEADER, SECOND])
    assert table.rows == [2, 4]
    assert [out.reason for out in table.left_out] == [Reason.HEADER]


def test_what_is_left_out_is_said_in_one_notice_with_rows(read: Read) -> None:
    total = ["小计", None, None, 50.0]
    table = read([HEADER, FIRST, total, [None], SECOND, total, ["合计", None, None, 110.0]])
    found = [finding for finding in table.findings if finding.code == "XL-203"]
    assert len(found) == 1
    assert "合计行 3 行（第 3、6、7 行）" in found[0].message
    assert "空行 1 行（第 4 行）" in found[0].message


def test_an_incomplete_record_is_a_record(read: Read) -> None:
    table = read([HEADER, ["JT009", None, None, 50.0], [None, "王五", "2020-06", 5.0]])
    assert table.rows == [2, 3]


def test_a_row_of_error_cells_only_is_not_blank(read: Read) -> None:
    table = read([HEADER, FIRST, [None], SECOND], errors={(3, 4): "#REF!"})
    assert table.rows == [2, 3, 4]


def test_a_merged_estate_is_filled_down_and_said(read: Read) -> None:
    rows = [HEADER, FIRST, [*SECOND[:4], None, None], ["JT003", "王五", "2020-06", 5.0, "甲苑"]]
    table = read(rows, merged=[Merge(2, 5, 3, 5)])
    assert table.columns["estate"].values == ["粟塘小区", "粟塘小区", "甲苑"]
    assert table.columns["estate"].originals == {1: ""}
    assert [finding.code for finding in table.findings] == ["XL-206"]


def test_a_merged_required_cell_does_not_make_the_rows_below_a_total(read: Read) -> None:
    rows = [HEADER, FIRST, [None, "李四", "2020-06", 60.0]]
    table = read(rows, merged=[Merge(2, 1, 3, 1)])
    assert table.columns["household"].values == ["JT001", "JT001"]


def test_a_total_inside_a_merged_band_is_still_a_total(read: Read) -> None:
    rows = [HEADER, FIRST, SECOND, ["小计", None, None, 110.0, None]]
    table = read(rows, merged=[Merge(2, 5, 4, 5)])
    assert table.rows == [2, 3]


def test_a_merged_amount_is_counted_once_and_warned_of(read: Read) -> None:
    rows = [HEADER, FIRST, [*SECOND[:3], None, "粟塘小区"]]
    table = read(rows, merged=[Merge(2, 4, 3, 4)])
    assert table.columns["amount"].values == [5000, None]
    found = [(f.code, str(f.where)) for f in table.findings]
    assert found == [("XL-207", "欠租.xlsx!应收!D2")]


def test_a_repeated_header_of_two_rows_is_left_out_whole(read: Read) -> None:
    upper = ["家庭编号", "姓名", "租金情况", None, "所在"]
    lower = [None, None, "账单期", "应收金额", "小区"]
    rows = [upper, lower, [*FIRST[:4], "甲苑"], upper, lower, [*SECOND[:4], "甲苑"]]
    merged = [Merge(1, 1, 2, 1), Merge(1, 2, 2, 2), Merge(1, 3, 1, 4)]
    table = read(rows, merged=merged)
    assert table.rows == [3, 6]
    assert [item.reason for item in table.left_out] == [Reason.HEADER, Reason.HEADER]


def test_groups_above_a_header_are_left_out_when_they_come_again(read: Read) -> None:
    groups = ["户", "人", "期", "金额"]
    table = read([groups, HEADER[:4], FIRST[:4], groups, HEADER[:4], SECOND[:4]])
    assert table.rows == [3, 6]


def test_the_name_of_a_block_is_no_record(read: Read) -> None:
    rows = [["序号", *HEADER], ["粟塘小区"], [1, *FIRST], ["一、甲苑"], [2, *SECOND]]
    table = read(rows)
    assert table.rows == [3, 5]
    assert [item.row for item in table.left_out] == [2, 4]


def test_a_block_name_in_a_required_column_must_look_like_one(read: Read) -> None:
    assert read([HEADER, ["粟塘小区"], FIRST]).rows == [3]
    assert read([HEADER, ["张三"], FIRST]).rows == [2, 3]


def test_a_total_with_dashes_for_what_it_does_not_add_is_a_total(read: Read) -> None:
    total = ["合计", "—", "—", 110.0]
    assert read([HEADER, FIRST, SECOND, total]).rows == [2, 3]
    assert read([HEADER, FIRST, ["小 计", "1户", "6月", 50.0], SECOND, *[FIRST] * 9]).rows == [
        2,
        *range(4, 14),
    ]


@pytest.mark.parametrize("text", ["以下空白", "（以下无正文）", "——以下空白——", "合计2户"])
def test_words_at_the_end_of_a_sheet_are_no_record(text: str, read: Read) -> None:
    assert read([HEADER, FIRST, SECOND, [text]]).rows == [2, 3]


def test_signatures_in_every_column_are_a_note(read: Read) -> None:
    assert read([HEADER, FIRST, ["制表人：", "张三", "审核人：", "李四"]]).rows == [2]


@pytest.mark.parametrize("numbers", [["甲", "乙", 1, 2], [1, 2, 3, 4], ["1", "2", "3", "4"]])
def test_numbers_of_the_columns_under_the_header_are_no_record(
    numbers: list[object], read: Read
) -> None:
    table = read([HEADER[:4], numbers, FIRST[:4]])
    assert table.rows == [3]
    assert [item.reason for item in table.left_out] == [Reason.NUMBERING]
