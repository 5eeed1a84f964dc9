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
