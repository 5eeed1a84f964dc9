"""The options of `zhubao record` and `zhubao list`, and what the shell completes in them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Optional

import typer


def complete_sheet(incomplete: str) -> list[tuple[str, str]]:
    """Names of sheets that begin with, or contain, what is typed."""
    from zhubao.ledger.registers.completion import sheets

    return sheets(incomplete)


def complete_word(context: typer.Context, incomplete: str) -> list[str]:
    """列= for what is typed, and after the equals sign the words the column allows."""
    from zhubao.ledger.registers.completion import words

    sheet, typed = _sheet_typed(context), list(context.params.get("words") or ())
    broken = typed and "=" not in typed[-1] and typed[-2:-1] != ["="]
    if not incomplete and broken:  # bash breaks words at equals signs
        return [f"={one.partition('=')[2]}" for one in words(sheet, f"{typed[-1]}=")]
    if len(typed) > 1 and typed[-1] == "=":
        return [one.partition("=")[2] for one in words(sheet, f"{typed[-2]}={incomplete}")]
    return words(sheet, incomplete)


def complete_column(context: typer.Context, incomplete: str) -> list[str]:
    """Columns of the sheet that begin with, or contain, what is typed."""
    from zhubao.ledger.registers.completion import columns

    return columns(_sheet_typed(context), incomplete)


def _sheet_typed(context: typer.Context) -> str:
    """The sheet on the line being completed; the parser has none behind an option without value."""
    parsed: str | None = context.params.get("sheet")
    line = os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS", "")
    words = line.split()
    if parsed or context.info_name not in words:
        return parsed or ""
    behind = words[words.index(context.info_name) + 1 :]
    return next((word for word in behind if not word.startswith("-")), "")


Sheet = Annotated[
    str, typer.Argument(metavar="表", help="表名，如 12345工单", autocompletion=complete_sheet)
]
Words = Annotated[
    Optional[list[str]],  # noqa: UP045  (typer reads this at run time)
    typer.Argument(
        metavar="列=值", help="这一行的内容，如 收单日期=2020-07-01", autocompletion=complete_word
    ),
]
FromFile = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--from", metavar="文件", help="从工作簿或 csv 导入多行"),
]
Set = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option(
        "--set",
        metavar="列=值",
        help="导入时，文件里空着的这一列都填这个值；可以写多个",
        autocompletion=complete_word,
    ),
]
Update = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--update", metavar="编号", help="改已有的这一行；编号由几列组成的，用逗号隔开"),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="导入时，与台账不同的以文件为准")]
FillOnly = Annotated[
    bool, typer.Option("--fill-only", help="导入时，已有的行只补空格，不同的留着不改")
]

OptionalSheet = Annotated[
    Optional[str],  # noqa: UP045
    typer.Argument(metavar="表", help="表名；不写则列出有哪些表", autocompletion=complete_sheet),
]
Where = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option(
        "--where",
        metavar="条件",
        help="列=值、列>=值、列~词、列 空、列 非空；可以写多个",
        autocompletion=complete_word,
    ),
]
ShownColumns = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option(
        "--columns", metavar="列", help="只列这些列，逗号隔开", autocompletion=complete_column
    ),
]
Sort = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--sort", metavar="列", help="按这一列排；从大到小写 列:降，可以写多个"),
]
CountBy = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--count-by", metavar="列", help="按这一列计数；日期可写 列:月、列:周、列:季"),
]
SumOf = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--sum", metavar="列", help="合计这一列，可以写多个"),
]
Limit = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--limit", metavar="行数", min=1, help="最多列多少行"),
]
OnlyPeriod = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--period", metavar="期间", help="只列这个期间的，如 2020-H1、2020-06"),
]
DateColumn = Annotated[
    str, typer.Option("--date-column", metavar="列", help="期间按哪个日期列；默认第一个必填的")
]
Unmasked = Annotated[
    bool, typer.Option("--unmasked", help="写进文件的姓名、证件号、电话不遮盖；只用于 --out")
]
ListFile = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--out", metavar="文件", help="另存为 .xlsx、.docx 或 .html"),
]
