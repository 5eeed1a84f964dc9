from __future__ import annotations

from collections.abc import Callable

from zhubao.core.period import Month
from zhubao.excel.kinds import CellKind
from zhubao.excel.normalise import normalise
from zhubao.excel.sheet import RawSheet
from zhubao.excel.table import ColumnSpec, TypedTable, read_table

Read = Callable[..., TypedTable]

HEADER = ["家庭编号", "姓名", "账单期", "应收金额", "小区", "备注"]


def test_every_value_knows_its_cell(read: Read) -> None:
    table = read(
        [["台账"], HEADER, ["JT1", "张三", "2020-06", "50元"], ["JT2", "李四", 202007.0, 6]]
    )
    assert table.rows == [3, 4]
    assert table.columns["month"].values == [Month.of(2020, 6), Month.of(2020, 7)]
    assert table.columns["amount"].values == [5000, 600]
    assert table.columns["amount"].originals == {0: "50元"}
    assert str(table.address(1, "amount")) == "欠租.xlsx!应收!D4"
    assert table.findings == []


def test_a_fault_is_found_at_its_cell_and_the_others_stay(read: Read) -> None:
    table = read([HEADER, ["JT1", "张三", "2020-06", "约50"], ["JT2", "李四", "2020-06", 6]])
    column = table.columns["amount"]
    assert column.values == [None, 600]
    assert column.originals == {0: "约50"}
    assert column.bad == {0}
    found = [(f.code, str(f.where)) for f in table.findings]
    assert found == [("XL-108", "欠租.xlsx!应收!D2")]
    assert "约50" in table.findings[0].message


def test_the_same_fault_in_many_cells_is_reported_for_each(read: Read) -> None:
    rows = [HEADER, *(["JT1", "张三", "2020-13", 5] for _ in range(500))]
    table = read(rows)
    assert len({str(finding.where) for finding in table.findings}) == 500


def test_a_mark_in_a_required_column_is_a_finding_in_another_it_is_empty(read: Read) -> None:
    table = read([HEADER, ["JT1", "/", "2020-06", 5, "—", "无"]])
    assert table.columns["name"].bad == {0}
    assert table.columns["estate"].values == [None]
    assert [(f.code, str(f.where)) for f in table.findings] == [("XL-101", "欠租.xlsx!应收!B2")]


def test_error_cells_and_formulas_without_result_are_findings(read: Read) -> None:
    rows = [HEADER, ["JT1", "张三", "2020-06", None], ["JT2", "李四", "2020-06", None]]
    table = read(rows, errors={(2, 4): "#N/A"}, uncached={(3, 4)})
    assert table.rows == [2, 3]
    assert table.columns["amount"].bad == {0, 1}
    found = [(f.code, str(f.where)) for f in table.findings]
    assert found == [("XL-102", "欠租.xlsx!应收!D2"), ("XL-103", "欠租.xlsx!应收!D3")]
    assert "保存一次" in table.findings[1].advice


def test_error_cells_outside_the_declared_columns_are_nobodys_business(read: Read) -> None:
    rows = [[*HEADER, "别的"], ["JT1", "张三", "2020-06", 5, None, None, None]]
    assert read(rows, errors={(2, 7): "#N/A"}).findings == []


def test_an_identity_number_is_masked_in_its_finding(raw: Callable[..., RawSheet]) -> None:
    specs = (
        ColumnSpec("name", "姓名", (), CellKind.TEXT, required=True),
        ColumnSpec("identity", "身份证号", (), CellKind.IDENTITY, required=True),
    )
    table = read_table(raw([["姓名", "身份证号"], ["张三", 1.1010119900307e17]]), specs)
    assert table is not None
    (finding,) = table.findings
    assert finding.code == "XL-116"
    assert "1990" not in finding.message
    assert "无法恢复" in finding.message


def test_the_1904_date_system_reaches_the_columns(raw: Callable[..., RawSheet]) -> None:
    specs = (ColumnSpec("no", "编号"), ColumnSpec("day", "日期", (), CellKind.DATE))
    table = read_table(raw([["编号", "日期"], ["1", 42550.0]], date1904=True), specs)
    assert table is not None
    assert str(table.columns["day"].values[0]) == "2020-06-30"


def test_a_sheet_without_the_header_is_none(
    raw: Callable[..., RawSheet], specs: tuple[ColumnSpec, ...]
) -> None:
    assert read_table(raw([["甲", "乙"], [1, 2]]), specs) is None


def test_an_empty_sheet_is_none(specs: tuple[ColumnSpec, ...]) -> None:
    assert read_table(RawSheet("f.xlsx", "空", []), specs) is None


def test_a_header_without_rows_is_an_empty_table(read: Read) -> None:
    table = read([HEADER])
    assert table.rows == []
    assert table.columns["amount"].values == []


def test_true_one_and_one_point_zero_are_read_apart() -> None:
    column = normalise([True, 1.0, 1, "1"], CellKind.MONEY)
    assert column.values == [None, 100, 100, 100]
    assert set(column.faults) == {0}


def test_clean_columns_are_the_raw_list_itself() -> None:
    raws = ["JT001", "JT002"]
    assert normalise(raws, CellKind.CODE).values is raws


def test_the_sweep_and_the_reader_agree_on_what_is_clean() -> None:
    awkward = ["a b", "A", " x", "x ", "x  y", "x\ny", "１", "'x", "无", "", "\u200b", "6.2E+18"]
    for kind in (CellKind.TEXT, CellKind.CODE, CellKind.IDENTITY):
        for text in awkward:
            alone = normalise([text], kind)
            mixed = normalise([text, 1.5], kind)
            assert alone.values[0] == mixed.values[0]
            assert alone.originals.get(0) == mixed.originals.get(0)
            assert set(alone.faults) == set(mixed.faults) & {0}
