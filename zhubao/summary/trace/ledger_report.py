"""`zhubao trace LEDGER!SHEET!CELL` as a report: what a ledger cell holds and what it bears on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from zhubao.audit.trace.journal_rows import Touch
from zhubao.audit.trace.places import Place
from zhubao.audit.trace.present import described
from zhubao.core.finding import Cell
from zhubao.core.report import Column, Report, Row, Table
from zhubao.ledger.registers.values import key_words, rules_of
from zhubao.summary.trace.entering import Entering, Indirect
from zhubao.summary.trace.figure_report import worded
from zhubao.summary.trace.touch_table import touch_table

_SHOWN = 20  # rows on a terminal


def ledger_report(
    cell: Cell,
    place: Place,
    entered: Sequence[Entering],
    as_of: dt.date,
    *,
    indirect: Sequence[Indirect] = (),
    printed_in: Sequence[Cell] = (),
    touches: Sequence[Touch] = (),
    notes: Sequence[str] = (),
    bureau: str = "",
) -> Report:
    """What the cell holds, the figures it enters, the made workbooks that name its row."""
    return Report(
        code="trace.cell",
        title=f"单元格去向：{cell}",
        bureau=bureau,
        as_of=as_of,
        tables=(
            _entered(entered, indirect),
            *((_indirect(indirect),) if indirect else ()),
            _workbooks(printed_in),
            *((touch_table("这一行的改动记录", touches),) if touches else ()),
        ),
        notes=(_holding(cell, place), *notes),
        facts={
            "cell": str(cell),
            "figures": [
                {
                    "code": one.figure.code,
                    "period": one.period.label,
                    "part": one.part,
                    "exactly": one.exactly,
                }
                for one in entered
            ],
            "indirect": [one.figure.code for one in indirect],
            "workbooks": [str(one) for one in printed_in],
        },
    )


def _entered(entered: Sequence[Entering], indirect: Sequence[Indirect]) -> Table:
    columns = (
        Column("period", "期间"),
        Column("code", "指标编号"),
        Column("title", "指标"),
        Column("part", "用在"),
        Column("value", "指标数值"),
        Column("how", "怎么用到", level=2),
        Column("command", "由哪个命令统计", level=2),
    )
    rows = [
        Row(
            (
                one.period.title,
                one.figure.code,
                one.figure.title,
                one.part,
                worded(one.figure, one.measured),
                "这个单元格" if one.exactly else "这一行",
                one.figure.command,
            )
        )
        for one in entered
    ]
    none = "没有把这一行列为来源的指标，见间接影响" if indirect else "没有用到它的指标"
    notes = () if rows else (none,)
    return Table("figures", "进入的指标", columns, rows, notes=notes)


def _indirect(indirect: Sequence[Indirect]) -> Table:
    columns = (Column("code", "指标编号"), Column("title", "指标"), Column("how", "怎么影响"))
    rows = [Row((one.figure.code, one.figure.title, one.how)) for one in indirect]
    return Table("indirect", "间接影响的指标", columns, rows, shown=_SHOWN)


def _workbooks(cells: Sequence[Cell]) -> Table:
    columns = (Column("file", "工作簿"), Column("sheet", "表"), Column("row", "行"))
    rows = [Row((one.file, one.sheet, one.ref)) for one in cells]
    notes = () if rows else ("reports 文件夹里没有写明用到它的工作簿",)
    return Table("workbooks", "写明用到这一行的工作簿", columns, rows, notes=notes, shown=_SHOWN)


def _holding(cell: Cell, place: Place) -> str:
    """What the cell is, in words."""
    sheet = place.model.SHEET.name
    record = key_words(place.model, place.table.values(place.index))
    if not place.field:
        return f"{cell}：{sheet} {record}，这一列没有用到"
    header = rules_of(place.model)[place.field].column.header
    return f"{cell}：{sheet} {record} 的“{header}”，现在是 {described(place)}"
