"""The columns of a worksheet: a ratio stands with both its numbers, each in its own row's kind."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.core.theme import load_theme
from zhubao.render.lanes import Lane, lanes_of
from zhubao.render.xlsx import write_xlsx

THEME = load_theme()
OF_BOTH = (
    Row(("租金收缴率", Ratio(106_000, 115_000, money=True))),
    Row(("入住率", Ratio(2003, 2071))),
    Row(("没有数", None)),
)


def table(*rows: Row) -> Table:
    columns = (Column("title", "指标"), Column("rate", "本期", ValueKind.RATIO))
    return Table("rates", "比率指标", columns, rows)


def lanes(*rows: Row) -> list[Lane]:
    return lanes_of(table(*rows), THEME.widths)


def test_a_ratio_is_followed_by_its_two_numbers_which_need_not_be_printed() -> None:
    made = lanes(*OF_BOTH)
    assert [lane.title for lane in made] == ["指标", "本期", "本期\n分子", "本期\n分母"]
    assert [lane.essential for lane in made] == [True, True, False, False]
    assert [lane.of(OF_BOTH[1].values) for lane in made] == [
        "入住率",
        Ratio(2003, 2071),
        2003,
        2071,
    ]
    assert [lane.of(OF_BOTH[2].values) for lane in made[1:]] == [None, None, None]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (OF_BOTH[0], ValueKind.MONEY),
        (OF_BOTH[1], ValueKind.COUNT),
        (OF_BOTH[2], ValueKind.MONEY),  # nothing to show: the column's own kind
    ],
)
def test_each_number_of_a_ratio_has_the_kind_of_its_own_row(row: Row, kind: ValueKind) -> None:
    made = lanes(*OF_BOTH)
    assert [lane.kind_of(row.values) for lane in made[2:]] == [kind, kind]
    assert [lane.kind_of(row.values) for lane in made[:2]] == [ValueKind.TEXT, ValueKind.RATIO]


def test_money_is_written_in_yuan_beside_counts_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "比率.xlsx"
    write_xlsx(Report("t", "比率", "某区", tables=(table(*OF_BOTH),)), path, THEME)
    sheet = openpyxl.load_workbook(path)["比率指标"]
    cells = [[sheet.cell(row, column) for column in (3, 4)] for row in (4, 5, 6)]
    assert [[cell.value for cell in row] for row in cells] == [
        [1060, 1150],
        [2003, 2071],
        [None, None],
    ]
    assert [row[0].number_format for row in cells[:2]] == ["#,##0.00", "#,##0"]
