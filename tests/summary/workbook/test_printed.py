"""A workbook read back: a number doctored beside a rate is found, in the cell where it stands."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.core.theme import load_theme
from zhubao.render.xlsx import write_xlsx
from zhubao.summary.workbook.printed import compare_printed

MIXED = Table(
    "shares",
    "比率",
    (Column("title", "指标"), Column("rate", "本期", ValueKind.RATIO)),
    (
        Row(("租金收缴率", Ratio(106_012, 115_000, money=True))),
        Row(("入住率", Ratio(2003, 2071))),
        Row(("没有分母", Ratio(0, 0))),
        Row(("没有数", None)),
    ),
)


@pytest.mark.parametrize(
    ("ref", "value"),
    [("C4", 10.6012), ("D4", 115_000), ("D5", 20.71), ("C5", None), ("D6", 1), ("C7", 3)],
)
def test_a_doctored_numerator_or_denominator_is_found(
    tmp_path: Path, ref: str, value: float | None
) -> None:
    path = tmp_path / "指标.xlsx"
    report = Report("t", "比率", "某区", tables=(MIXED,), facts={"values": {}})
    write_xlsx(report, path, load_theme())
    assert compare_printed(report, path) == ()

    book = openpyxl.load_workbook(path)
    book["比率"][ref].value = value
    book.save(path)

    (found,) = compare_printed(report, path)
    assert (found.code, str(found.where)) == ("SM-301", f"指标.xlsx!比率!{ref}")
