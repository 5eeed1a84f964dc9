"""`zhubao trace FILE!SHEET!CELL` as reports: from a made workbook to the ledgers, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhubao.audit.trace.journal_rows import Touch
from zhubao.audit.trace.places import Locator, Place, count_cells
from zhubao.audit.trace.present import Compared, Present, compare_row, described, present, sums_to
from zhubao.audit.trace.printed import Printed
from zhubao.core.finding import Cell
from zhubao.core.report import Column, Report, Row, Table
from zhubao.ledger.history import shown_time
from zhubao.ledger.registers.values import key_words, rules_of
from zhubao.summary.trace.companion import told
from zhubao.summary.trace.entering import Entering
from zhubao.summary.trace.figure_report import worded

_SHOWN, _MOST = 20, 2000  # rows on a terminal, cells looked up
_TOUCHES = (
    Column("when", "时间", width=16),
    Column("cell", "单元格"),
    Column("old", "原内容"),
    Column("new", "新内容"),
    Column("command", "命令", level=2),
    Column("user", "操作人", level=2),
    Column("id", "改动编号", level=2),
)


@dataclass(frozen=True, slots=True)
class Traced:
    """A printed cell with the source cells as they are now and where the report differs."""

    printed: Printed
    made_at: dt.datetime | None
    cells: tuple[Present, ...]
    compared: tuple[Compared, ...]
    sum_words: str
    adds_up: bool | None
    touches: tuple[Touch, ...]  # of the source rows, since the report was made

    @property
    def differs(self) -> bool:
        """True when something the report shows is no longer what the ledgers say."""
        changed = any(not one.same for one in self.compared)
        return changed or self.adds_up is False or any(one.gone for one in self.cells)

    @property
    def compares_itself(self) -> bool:
        """True when the very cell asked about is compared with a ledger cell."""
        return any(one.header == self.printed.header for one in self.compared)


def trace_printed(
    printed: Printed,
    locator: Locator,
    *,
    made_at: dt.datetime | None = None,
    touches: Sequence[Touch] = (),
) -> Traced:
    """The present values of the sources, and the comparison of the report's row with them."""
    words, adds_up = sums_to(printed, locator)
    return Traced(
        printed=printed,
        made_at=made_at,
        cells=tuple(present(locator, printed.sources, _MOST)),
        compared=tuple(compare_row(printed, locator)),
        sum_words=words,
        adds_up=adds_up,
        touches=tuple(touches),
    )


def printed_report(traced: Traced, as_of: dt.date, *, bureau: str = "") -> Report:
    """The sources with their present values, the columns compared, the changes since."""
    printed = traced.printed
    tables = [_sources(traced)]
    if traced.compared:
        tables.append(_compared(traced.compared))
    if traced.touches:
        tables.append(_touches("changes", "报表生成之后的改动", traced.touches))
    return Report(
        code="trace.report",
        title=f"数字溯源：{printed.where}",
        bureau=bureau,
        as_of=as_of,
        tables=tuple(tables),
        notes=tuple(_printed_notes(traced)),
        facts={
            "cell": str(printed.where),
            "header": printed.header,
            "value": printed.value if isinstance(printed.value, int | float | str) else None,
            "sources": count_cells(printed.sources),
            "unnamed": printed.unnamed,
            "differs": traced.differs,
            "changes_since": len(traced.touches),
        },
    )


def ledger_report(
    cell: Cell,
    place: Place,
    entered: Sequence[Entering],
    as_of: dt.date,
    *,
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
            _entered(entered),
            _workbooks(printed_in),
            *((_touches("changes", "这一行的改动记录", touches),) if touches else ()),
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
            "workbooks": [str(one) for one in printed_in],
        },
    )


def _printed_notes(traced: Traced) -> Iterator[str]:
    printed = traced.printed
    value = "" if printed.value in ("", None) else f"：{told(printed)}"
    yield f"报表这一格是“{printed.header}”{value}；按{printed.via}追溯"
    if traced.made_at is not None:
        yield f"报表文件的时间是 {traced.made_at:%Y-%m-%d %H:%M}（文件复制、另存会改变它）"
    if not printed.sources:
        yield "追不到单元格；请看同一工作簿的其他表"
        return
    yield from _sum_notes(traced)
    yield _verdict(traced)
    if printed.unnamed:
        yield f"报表只写明了前面的来源，另有 {printed.unnamed:,} 处没有写明"


def _sum_notes(traced: Traced) -> Iterator[str]:
    """How the number follows from its cells, where it does."""
    printed = traced.printed
    if traced.sum_words:
        yield f"报表上的数{traced.sum_words}" if traced.adds_up else traced.sum_words
    elif any(not cell.ref for cell in printed.sources):
        yield "这一行是按整张表算的，没有写明单元格；逐户、逐行的来源看同一工作簿的明细、依据表"
    elif isinstance(printed.value, int | float) and not traced.compares_itself:
        yield "报表上的数由来源单元格算出，不是简单合计；要按今天的台账重算，请重新运行原命令"


def _verdict(traced: Traced) -> str:
    if traced.differs:
        return "台账与报表不一致：见标“不同”和“没有数据”的各格；报表按当时的台账做，需要时重新生成"
    if traced.adds_up or traced.compares_itself:
        return "台账现在的内容与报表一致"
    if traced.touches:
        return "来源的行在报表生成之后改过，见“报表生成之后的改动”"
    return "来源的行在报表生成之后没有由 zhubao 改过；用 Excel 改的不在日志里"


def _sources(traced: Traced) -> Table:
    columns = (
        Column("cell", "来源", width=40),
        Column("header", "列"),
        Column("now", "现在的内容", width=30),
    )
    rows = [
        Row(
            (str(one.cell), one.header or None, one.said),
            (one.cell,),
            "warning" if one.gone else "",
        )
        for one in traced.cells
    ]
    total = count_cells(traced.printed.sources)
    cut = len(rows) < total and len(rows) == _MOST
    notes = (f"只列出前 {_MOST:,} 个单元格，共 {total:,} 个",) if cut else ()
    return Table("sources", "来源单元格", columns, rows, notes=notes, shown=_SHOWN)


def _compared(compared: Sequence[Compared]) -> Table:
    columns = (
        Column("header", "列"),
        Column("printed", "报表上"),
        Column("now", "台账现在"),
        Column("same", "比较"),
        Column("cell", "单元格", level=2),
    )
    rows = [
        Row(
            (
                one.header,
                one.printed,
                one.now.said,
                "一致" if one.same else "不同",
                str(one.now.cell),
            ),
            (one.now.cell,),
            "" if one.same else "error",
        )
        for one in compared
    ]
    return Table("compared", "报表与台账逐列比较", columns, rows)


def _touches(key: str, title: str, touches: Sequence[Touch]) -> Table:
    rows = [
        Row(
            (
                shown_time(one.entry.time),
                str(one.now),
                one.old or "（空）",
                one.new or "（空）",
                one.entry.command,
                one.entry.user,
                one.entry.id,
            ),
            (one.now,),
        )
        for one in touches
    ]
    return Table(key, title, _TOUCHES, rows, shown=_SHOWN)


def _entered(entered: Sequence[Entering]) -> Table:
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
    notes = () if rows else ("没有用到它的指标",)
    return Table("figures", "进入的指标", columns, rows, notes=notes)


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
