"""What the journal says of the source rows, as a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from zhubao.audit.trace.journal_rows import Touch
from zhubao.core.report import Column, Row, Table
from zhubao.ledger.history import shown_time

SINCE = "报表生成之后的改动"
_SHOWN = 20  # rows on a terminal
_TOUCHES = (
    Column("when", "时间", width=16),
    Column("cell", "单元格"),
    Column("old", "原内容"),
    Column("new", "新内容"),
    Column("command", "命令", level=2),
    Column("user", "操作人", level=2),
    Column("id", "改动编号", level=2),
)


def made_words(made_at: dt.datetime) -> str:
    """When the file was made, and how far that can be relied upon."""
    return f"报表文件的时间是 {made_at:%Y-%m-%d %H:%M}（文件复制、另存会改变它）"


def touch_table(title: str, touches: Sequence[Touch]) -> Table:
    """The changes, each with both contents and the command."""
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
    return Table("changes", title, _TOUCHES, rows, shown=_SHOWN)
