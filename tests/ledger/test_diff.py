"""Two copies of a ledger by business key: what differs, where, and what is no difference."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from zhubao.core.errors import UsageError, WorkbookDamaged, WorkbookMissing
from zhubao.core.report import Report
from zhubao.excel.sheet import RawSheet
from zhubao.ledger.arrears import Charge, OpeningDebt
from zhubao.ledger.diff import (
    FileDiff,
    TableDiff,
    compare_grids,
    diff_files,
    diff_records,
    key_of,
)
from zhubao.ledger.diff_pairing import longest_rising
from zhubao.ledger.diff_reading import (
    Part,
    Records,
    SheetRead,
    Side,
    common_root,
    pair_files,
    side_of,
)
from zhubao.ledger.diff_report import Comparison, diff_report

Rows = list[list[Any]]
Write = Callable[..., Side]

CHARGES = ["应收编号", "家庭编号", "账单期", "应收金额", "入账日期", "备注"]
FIRST: Rows = [
    ["YS1", "JT1", "2020-06", 102.5, dt.date(2020, 6, 1), None],
    ["YS2", "JT2", "2020-06", 88, dt.date(2020, 6, 1), "补"],
    ["YS3", "JT3", "2020-06", 60, dt.date(2020, 6, 2), None],
]
HOUSEHOLDS = ["家庭编号", "申请人", "身份证号", "联系电话", "家庭人口", "保障类型", "保障状态"]
ZHANG = ["JT1", "张三丰", "11010519491231002X", "13812345678", 2, "低保", "在保"]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write sheets (name → rows) to a workbook of its own folder."""

    def build(name: str, **sheets: Rows) -> Side:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        book.close()
        return side_of(path, tmp_path)

    return build


def charges(*rows: list[Any]) -> Rows:
    return [CHARGES, *rows]


def only_table(diff: FileDiff) -> TableDiff:
    (table,) = diff.tables
    return table


def places(table: TableDiff) -> list[tuple[str, str, str, Any, Any]]:
    """(cell in A, cell in B, field, old, new) of each changed cell."""
    return [
        (
            table.a.cell(one.a, one.column).ref,
            table.b.cell(one.b, one.column).ref,
            one.column,
            one.old,
            one.new,
        )
        for one in table.changes
    ]


def test_rows_added_removed_and_changed_are_found_at_their_cells(write: Write) -> None:
    changed = [["YS3", "JT3", "2020-06", 61.5, dt.date(2020, 6, 2), None], *FIRST[:1]]
    new = ["YS9", "JT9", "2020-07", 70, dt.date(2020, 7, 1), None]
    diff = diff_files(
        write("a/arrears.xlsx", 应收=charges(*FIRST)),
        write("b/arrears.xlsx", 应收=charges(*changed, new)),
    )
    table = only_table(diff)
    assert places(table) == [("D4", "D2", "amount", 6000, 6150)]
    assert [str(table.a.cell(one, "charge_no")) for one in table.removed] == [
        "a/arrears.xlsx!应收!A3"
    ]
    assert [table.b.values["charge_no"][one] for one in table.added] == ["YS9"]
    assert table.moved == 1
    assert diff.differs


def test_a_row_that_only_moved_is_no_difference(write: Write) -> None:
    diff = diff_files(
        write("a.xlsx", 应收=charges(*FIRST)),
        write("b.xlsx", 应收=charges(FIRST[2], FIRST[0], FIRST[1])),
    )
    assert not diff.differs
    assert only_table(diff).moved == 1


def test_inserted_rows_do_not_make_others_moved(write: Write) -> None:
    new = ["YS0", "JT0", "2020-06", 1, None, None]
    table = only_table(
        diff_files(
            write("a.xlsx", 应收=charges(*FIRST)), write("b.xlsx", 应收=charges(new, *FIRST))
        )
    )
    assert (table.moved, len(table.added), table.changes) == (0, 1, [])


def test_values_are_compared_with_their_types_and_spelling_is_counted(write: Write) -> None:
    spelled: Rows = [
        ["YS1", "JT１", "2020年6月", "102.50元", "2020.6.1", "/"],
        ["YS2", "JT2", "2020-06", "88.00元", dt.date(2020, 6, 1), "补"],
        FIRST[2],
    ]
    diff = diff_files(
        write("a.xlsx", 应收=charges(*FIRST)), write("b.xlsx", 应收=charges(*spelled))
    )
    assert not diff.differs
    assert only_table(diff).respelled == 6


def test_what_cannot_be_read_is_compared_as_it_stands(write: Write) -> None:
    def with_amount(amount: Any) -> Rows:
        return charges(["YS1", "JT1", "2020-06", amount, None, None])

    first = write("a.xlsx", 应收=with_amount("约一百"))
    assert not diff_files(first, write("b.xlsx", 应收=with_amount("约一百 "))).differs
    table = only_table(diff_files(first, write("c.xlsx", 应收=with_amount(100))))
    assert places(table) == [("D2", "D2", "amount", "约一百", 10000)]


def test_totals_titles_and_notes_are_not_compared(write: Write) -> None:
    title: Rows = [["应收台账"], CHARGES, *FIRST, ["合计", None, None, 250.5]]
    diff = diff_files(
        write("a.xlsx", 应收=title), write("b.xlsx", 应收=charges(*FIRST, ["备注：六月"]))
    )
    assert not diff.differs


def test_columns_of_one_side_are_named_with_what_they_hold(write: Write) -> None:
    more = [[*CHARGES, "网格员"], *([*row, "王五"] for row in FIRST)]
    less = [CHARGES[:5], *(row[:5] for row in FIRST)]
    table = only_table(diff_files(write("a.xlsx", 应收=more), write("b.xlsx", 应收=less)))
    assert [(one.side, one.column, one.filled) for one in table.only] == [
        ("A", "remark", 1),
        ("A", "?网格员", 3),
    ]
    assert table.differs
    assert table.changes == []


def test_unknown_and_headless_columns_are_compared_raw(write: Write) -> None:
    def extended(note: Any, loose: Any) -> Rows:
        return [[*CHARGES, "网格员", None], *([*row, note, loose] for row in FIRST[:1])]

    first = write("a.xlsx", 应收=extended("王五", 1))
    table = only_table(diff_files(first, write("b.xlsx", 应收=extended("赵六", "1"))))
    assert places(table) == [
        ("G2", "G2", "?网格员", "王五", "赵六"),
        ("H2", "H2", "?H 列（无表头）", 1, "1"),
    ]


def test_values_that_look_alike_say_their_types(write: Write) -> None:
    def extended(loose: Any) -> Rows:
        return [[*CHARGES, "序列"], [*FIRST[0], loose]]

    diff = diff_files(write("a.xlsx", 应收=extended(1)), write("b.xlsx", 应收台账=extended("1")))
    report = diff_report(Comparison("a", "b", [diff]))
    (row,) = report.table("details").rows
    assert row.values[4:6] == ("1（数字）", "1（文字）")
    assert any("应收台账" in note for note in report.notes)


def test_error_cells_are_compared_by_their_error() -> None:
    def notes(error: str) -> SheetRead:
        return SheetRead(RawSheet("a", "随手记", [["甲", ""]], errors={(3, 3): error}), "a")

    same = compare_grids(notes("#N/A"), notes("#N/A"))
    assert not same.differs
    other = compare_grids(notes("#N/A"), notes("#REF!"))
    assert [tuple(change) for change in other.changes] == [(3, 3, "#N/A", "#REF!")]


def test_repeated_keys_pair_equal_rows_first_then_in_order(write: Write) -> None:
    one, two, three = (["YS1", "JT1", "2020-06", money, None, None] for money in (1, 2, 3))
    table = only_table(
        diff_files(
            write("a.xlsx", 应收=charges(one, two)), write("b.xlsx", 应收=charges(three, one))
        )
    )
    assert places(table) == [("D3", "D2", "amount", 200, 300)]
    assert table.repeated == (1, 1)


def test_rows_without_key_pair_only_when_equal(write: Write) -> None:
    one, two = ([None, "JT1", "2020-06", money, None, None] for money in (1, 2))
    table = only_table(
        diff_files(
            write("a.xlsx", 应收=charges(one, FIRST[0])),
            write("b.xlsx", 应收=charges(FIRST[0], one, two)),
        )
    )
    assert table.keyless == (1, 2)
    assert (table.removed, table.added, table.changes) == ([], [2], [])


def test_a_key_of_several_columns(write: Write) -> None:
    header = ["家庭编号", "账单期", "欠租金额"]
    diff = diff_files(
        write("a.xlsx", 期初欠租=[header, ["JT1", "2019-01", 5], ["JT1", "2019-02", 6]]),
        write("b.xlsx", 期初欠租=[header, ["JT1", "2019年2月", 7], ["JT1", "2019-01", 5]]),
    )
    table = only_table(diff)
    assert table.key == ("household_no", "month")
    assert places(table) == [("C3", "C2", "amount", 600, 700)]


def test_without_the_key_column_the_required_ones_serve() -> None:
    def with_columns(*names: str) -> Records:
        return Records("a.xlsx", values={name: [] for name in names})

    full = with_columns("charge_no", "household_no", "month", "amount")
    bare = with_columns("household_no", "month", "amount")
    assert key_of(Charge, full, full) == ("charge_no",)
    assert key_of(Charge, full, bare) == ("household_no", "month", "amount")
    assert key_of(Charge, full, with_columns("remark")) == ()


def test_a_sheet_split_in_two_is_still_one_table(write: Write) -> None:
    diff = diff_files(
        write("a.xlsx", 应收=charges(*FIRST)),
        write("b.xlsx", 应收=charges(*FIRST[:2]), 应收2=charges(FIRST[2])),
    )
    assert not diff.differs
    notes = " ".join(diff_report(Comparison("a", "b", [diff])).notes)
    assert "应收2" in notes


def test_rows_of_sheets_with_one_name_pair_before_others(write: Write) -> None:
    def year(money: int) -> Rows:
        return charges(["YS1", "JT1", "2020-06", money, None, None])

    diff = diff_files(
        write("a.xlsx", 应收2019=year(1), 应收2020=year(2)),
        write("b.xlsx", 应收2018=year(9), 应收2019=year(1), 应收2020=year(3)),
    )
    table = only_table(diff)
    assert places(table) == [("D2", "D2", "amount", 200, 300)]
    assert [table.b.sheet_of(one) for one in table.added] == ["应收2018"]


def test_other_sheets_are_compared_by_place(write: Write) -> None:
    diff = diff_files(
        write("a.xlsx", 应收=charges(*FIRST), 随手记=[["甲", 1], ["乙", dt.date(2020, 1, 1)]]),
        write(
            "b.xlsx", 应收=charges(*FIRST), 随手记=[["甲", 2], ["乙", dt.date(2020, 1, 1), "丙"]]
        ),
    )
    (grid,) = diff.grids
    assert [tuple(change) for change in grid.changes] == [(1, 2, 1, 2), (2, 3, None, "丙")]


def test_sheets_of_one_side_are_differences_unless_blank(write: Write) -> None:
    first = write("a.xlsx", 应收=charges(*FIRST))
    assert not diff_files(first, write("b.xlsx", 应收=charges(*FIRST), Sheet2=[])).differs
    diff = diff_files(first, write("c.xlsx", 应收=charges(*FIRST), 随手记=[["甲"]]))
    assert [(side, sheet.name) for side, sheet in diff.only] == [("B", "随手记")]
    assert diff.differs


def test_one_sheet_by_its_name_or_its_ledgers(write: Write) -> None:
    first = write("a.xlsx", 应收台账=charges(*FIRST), 随手记=[["甲"]])
    second = write("b.xlsx", 应收台账=charges(*FIRST[:2]), 随手记=[["乙"]])
    for name in ("应收台账", "应收"):
        diff = diff_files(first, second, name)
        assert (len(diff.tables), diff.grids) == (1, [])
    assert diff_files(first, second, "随手记").tables == []
    with pytest.raises(UsageError) as caught:
        diff_files(first, second, "实收")
    assert "应收台账" in caught.value.advice


def test_folders_are_compared_by_file_name(write: Write, tmp_path: Path) -> None:
    for name in ("a/ledgers/arrears.xlsx", "b/ARREARS.xlsx", "a/ledgers/~$x.xlsx", "b/new.xlsx"):
        write(name, 应收=charges(*FIRST))
    pairs = pair_files(tmp_path / "a", tmp_path / "b")
    found = [tuple(one.name if one else "" for one in pair) for pair in pairs]
    assert found == [("arrears.xlsx", "ARREARS.xlsx"), ("", "new.xlsx")]
    file = tmp_path / "b" / "ARREARS.xlsx"
    assert pair_files(tmp_path / "a", file) == [(tmp_path / "a/ledgers/arrears.xlsx", file)]
    with pytest.raises(UsageError):
        pair_files(tmp_path / "b" / "new.xlsx", tmp_path / "a")
    (tmp_path / "empty").mkdir()
    with pytest.raises(WorkbookMissing):
        pair_files(tmp_path / "a", tmp_path / "empty")
    with pytest.raises(WorkbookMissing):
        pair_files(tmp_path / "a", tmp_path / "没有")


def test_labels_tell_both_sides_apart(tmp_path: Path) -> None:
    paths = tmp_path / "2019" / "a.xlsx", tmp_path / "2020" / "a.xlsx"
    root = common_root(*paths)
    assert [side_of(path, root).label for path in paths] == ["2019/a.xlsx", "2020/a.xlsx"]


def test_a_damaged_file_is_an_error(write: Write, tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").write_bytes(b"\0" * 100)
    with pytest.raises(WorkbookDamaged):
        diff_files(write("a.xlsx", 应收=charges(*FIRST)), side_of(tmp_path / "b.xlsx", tmp_path))


def household_report(write: Write, *, show_personal: bool) -> Report:
    other = ["JT1", "张大丰", "11010519501231002X", "13812345679", 2, "低保", "在保"]
    second = ["JT2", "李四", "430104199003071239", None, 1, "低保", "在保"]
    diff = diff_files(
        write("a.xlsx", 保障家庭=[HOUSEHOLDS, ZHANG], 名单=[["姓名", "证号"], ["王小五", "甲"]]),
        write(
            "b.xlsx",
            保障家庭=[HOUSEHOLDS, other, second],
            名单=[["姓名", "证号"], ["王老五", "乙"]],
        ),
    )
    return diff_report(Comparison("a", "b", [diff]), show_personal=show_personal)


def test_personal_data_is_masked_everywhere(write: Write) -> None:
    report = household_report(write, show_personal=False)
    rows = [row.values for row in report.table("details").rows]
    assert [row[3:6] for row in rows] == [
        ("申请人", "张*丰", "已改动 张*丰"),
        ("身份证号", "110105********002X", "已改动 110105********002X"),
        ("联系电话", "138****5678", "138****5679"),
        (
            "整行新增",
            None,
            "申请人 李*，身份证号 430104********1239，家庭人口 1，保障类型 低保",
        ),
        (None, "王*五", "已改动 王*五"),
        (None, "甲", "乙"),
    ]
    for secret in ("张三丰", "张大丰", "11010519491231002X", "13812345678", "430104199003071239"):
        assert secret not in repr(report)


def test_personal_data_is_shown_when_asked_for(write: Write) -> None:
    report = household_report(write, show_personal=True)
    assert [row.values[4:6] for row in report.table("details").rows[:2]] == [
        ("张三丰", "张大丰"),
        ("11010519491231002X", "11010519501231002X"),
    ]


def test_the_report_counts_by_sheet_and_names_the_cells(write: Write) -> None:
    changed = [FIRST[1], [*FIRST[0][:3], 1234.5, *FIRST[0][4:]]]
    diff = diff_files(
        write("a/arrears.xlsx", 应收=charges(*FIRST)),
        write("b/arrears.xlsx", 应收=charges(*changed)),
    )
    report = diff_report(Comparison("a", "b", [diff]))
    (row,) = report.table("sheets").rows
    assert row.values[:8] == ("应收", 3, 2, 0, 1, 1, 1, 1)
    change, removed = report.table("details").rows
    assert change.values[2:8] == ("YS1", "应收金额", "102.50", "1,234.50", "D2", "D3")
    assert [str(cell) for cell in change.sources] == [
        "b/arrears.xlsx!应收!D3",
        "a/arrears.xlsx!应收!D2",
    ]
    assert removed.values[2:8] == (
        "YS3",
        "整行删除",
        "家庭编号 JT3，账单期 2020-06，应收金额 60.00",
        None,
        "A4",
        None,
    )
    assert report.facts["equal"] is False
    assert report.facts["changed_cells"] == 1


def test_equal_files_say_so(write: Write) -> None:
    sides = write("a.xlsx", 应收=charges(*FIRST)), write("b.xlsx", 应收=charges(*FIRST))
    report = diff_report(Comparison("a", "b", [diff_files(*sides)]))
    assert report.facts["equal"] is True
    assert [table.key for table in report.tables] == ["sheets"]
    assert "两边内容相同" in report.notes


FIELDS = ("household_no", "month", "amount")
keys = st.one_of(st.none(), st.sampled_from(["JT1", "JT2", "JT3"]))
row_values = st.tuples(keys, st.sampled_from([None, 1, 2]), st.sampled_from([None, 1, 2, 3]))
tables = st.lists(row_values, max_size=9)
Table = list[tuple[Any, ...]]


def as_records(rows: Table) -> Records:
    values = {name: [row[at] for row in rows] for at, name in enumerate(FIELDS)}
    part = Part("期初欠租", range(2, 2 + len(rows)), dict(zip(FIELDS, "ABC", strict=True)))
    return Records("a.xlsx", [part], values, {name: {} for name in FIELDS}, [len(rows)])


def compared(a: Table, b: Table) -> TableDiff:
    return diff_records(OpeningDebt, "期初欠租", as_records(a), as_records(b), FIELDS[:2])


def applied(diff: TableDiff, a: Table, b: Table) -> Table:
    """A's rows with the differences reported made in them."""
    rows = [dict(zip(FIELDS, row, strict=True)) for row in a]
    for change in diff.changes:
        assert rows[change.a][change.column] == change.old
        rows[change.a][change.column] = change.new
    kept = [row for index, row in enumerate(rows) if index not in set(diff.removed)]
    return [tuple(row.values()) for row in kept] + [b[index] for index in diff.added]


@given(tables)
def test_a_table_does_not_differ_from_itself(a: Table) -> None:
    diff = compared(a, a)
    assert not diff.differs
    assert diff.moved == 0


@given(tables, st.randoms(use_true_random=False))
def test_a_shuffled_table_differs_by_moves_only(a: Table, random: Any) -> None:
    b = list(a)
    random.shuffle(b)
    assert not compared(a, b).differs


@given(tables, tables)
def test_the_differences_made_in_a_give_b(a: Table, b: Table) -> None:
    diff = compared(a, b)
    assert Counter(applied(diff, a, b)) == Counter(b)
    assert len(diff.pairs) + len(diff.removed) == len(a)
    assert len(diff.pairs) + len(diff.added) == len(b)
    back = compared(b, a)
    assert (len(back.added), len(back.removed)) == (len(diff.removed), len(diff.added))


@given(st.permutations(range(8)))
def test_the_longest_rising_run_is_the_longest(numbers: list[int]) -> None:
    best = [1] * len(numbers)
    for at, number in enumerate(numbers):
        best[at] = 1 + max((best[i] for i in range(at) if numbers[i] < number), default=0)
    assert longest_rising(numbers) == max(best)


def test_a_hundred_thousand_rows_take_moments() -> None:
    a = [(f"JT{number}", number % 60, number) for number in range(100_000)]
    b = [*a[50_000:], *a[:49_990], ("JTX", 1, 1)]
    begun = time.perf_counter()
    diff = compared(a, b)
    assert time.perf_counter() - begun < 5
    assert (len(diff.removed), len(diff.added), diff.moved) == (10, 1, 49_990)
