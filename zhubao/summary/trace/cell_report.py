"""`zhubao trace FILE!SHEET!CELL` as a report: from a made workbook's cell to the ledgers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.audit.trace.adding import ledger_columns, of_column, rate_agrees, sums_to
from zhubao.audit.trace.journal_rows import Touch
from zhubao.audit.trace.places import Locator, count_cells
from zhubao.audit.trace.present import Compared, Present, compare_row, present
from zhubao.audit.trace.printed import Printed
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.summary.trace.companion import told, told_value
from zhubao.summary.trace.recomputed import Again, Recomputed
from zhubao.summary.trace.touch_table import SINCE, made_words, touch_table

_SHOWN, _MOST = 20, 2000  # rows on a terminal, cells looked up


@dataclass(frozen=True, slots=True)
class Traced:
    """A printed cell with the source cells as they are now and where the report differs.

    `again`: the row made from the ledgers now, of a table that can be made again.
    """

    printed: Printed
    made_at: dt.datetime | None
    cells: tuple[Present, ...]
    compared: tuple[Compared, ...]
    sum_words: str
    adds_up: bool | None
    touches: tuple[Touch, ...]  # of the source rows, since the report was made
    rate_words: str = ""  # a rate that is not the quotient of its two numbers
    again: Recomputed | None = None
    is_shared: bool = False  # the sources are those of several columns of the row

    @property
    def differs(self) -> bool:
        """True when something the report shows is no longer what the ledgers say."""
        if self.rate_words or (self.again is not None and self.again.differs):
            return True
        changed = any(not one.same for one in self.compared)
        return changed or self.adds_up is False or any(one.gone for one in self.cells)

    @property
    def compares_itself(self) -> bool:
        """True when the very cell asked about is compared with a ledger cell, or made again."""
        return self.again is not None or any(
            one.header == self.printed.header for one in self.compared
        )


def trace_printed(
    printed: Printed,
    locator: Locator,
    *,
    made_at: dt.datetime | None = None,
    touches: Sequence[Touch] = (),
    again: Recomputed | None = None,
) -> Traced:
    """The present values of the sources, and the comparison of the report's row with them.

    Sources of other columns of the row are left out; the number need not be the sum of those that
    stay. A row made again is not compared with single ledger cells as well, nor with their sum.
    """
    own = of_column(printed, locator)
    words, adds_up = sums_to(own, locator)
    if adds_up is False and own is not printed:
        adds_up = None
    if again is not None and not adds_up:
        words, adds_up = "", None
    return Traced(
        printed=own,
        made_at=made_at,
        cells=tuple(present(locator, own.sources, _MOST)),
        compared=() if again is not None else tuple(compare_row(printed, locator)),
        sum_words=words,
        adds_up=adds_up,
        touches=tuple(touches),
        rate_words=rate_agrees(printed)[0],
        again=again,
        is_shared=len(ledger_columns(own.sources)) > 1,
    )


def printed_report(traced: Traced, as_of: dt.date, *, bureau: str = "") -> Report:
    """The sources with their present values, the columns compared, the changes since."""
    printed = traced.printed
    tables = [_sources(traced)]
    if traced.compared:
        tables.append(_compared(traced.compared))
    if traced.again is not None and traced.again.cells:
        tables.append(_again(traced.again.cells))
    if traced.touches:
        tables.append(touch_table(SINCE, traced.touches))
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


def _printed_notes(traced: Traced) -> Iterator[str]:
    printed = traced.printed
    value = "" if printed.value in ("", None) else f"：{told(printed)}"
    yield f"报表这一格是“{printed.header}”{value}；按{printed.via}追溯"
    if traced.made_at is not None:
        yield made_words(traced.made_at)
    if traced.again is not None and traced.again.missing:
        yield traced.again.missing
    if traced.rate_words:
        yield traced.rate_words
    if not printed.sources and traced.again is None:
        yield "追不到单元格；请看同一工作簿的其他表"
        return
    if traced.is_shared:
        yield "来源在台账的几列里，是这一行各个数的来源，没有再分到这一格"
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
    if traced.differs and traced.again is not None:
        return "按台账现在的内容重算，这一行与报表不同：见标“不同”的各格；需要时重新生成"
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


def _again(cells: Sequence[Again]) -> Table:
    columns = (
        Column("header", "列"),
        Column("printed", "报表上"),
        Column("now", "按台账重算"),
        Column("same", "比较"),
    )
    rows = [
        Row(
            (
                one.header,
                _told(one.printed, one.kind),
                _told(one.now, one.kind),
                "一致" if one.same else "不同",
            ),
            emphasis="" if one.same else "error",
        )
        for one in cells
    ]
    return Table("again", "报表与按台账重算的逐列比较", columns, rows)


def _told(value: Any, kind: ValueKind) -> str:
    """A cell as it is read on paper: 1,185,433.30, 96.72%, 362; （空） for nothing."""
    if isinstance(value, int | float) and kind is ValueKind.MONEY:
        return f"{value:,.2f}"
    if isinstance(value, int | float) and kind is ValueKind.RATIO:
        return f"{value:.2%}"
    return told_value("" if value is None else value) or "（空）"
