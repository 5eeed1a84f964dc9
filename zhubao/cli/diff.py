"""`zhubao diff`: two copies of a ledger, or two folders of them, compared by business key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from zhubao.cli.options import Json, ShowAll
from zhubao.cli.output import complain, say, show
from zhubao.core.errors import (
    EXIT_CLEAN,
    EXIT_FINDINGS,
    EXIT_INPUT,
    OutputError,
    UsageError,
    WorkbookError,
)

if TYPE_CHECKING:
    from zhubao.core.report import Report
    from zhubao.ledger.diff import FileDiff
    from zhubao.ledger.diff_reading import Pair


def diff(
    a: Annotated[Path, typer.Argument(metavar="A", help="原来的工作簿，或放台账的文件夹")],
    b: Annotated[Path, typer.Argument(metavar="B", help="后来的工作簿，或放台账的文件夹")],
    sheet: Annotated[str, typer.Option("--sheet", metavar="表名", help="只比对一张表")] = "",
    out: Annotated[
        Optional[Path],  # noqa: UP045  (typer reads this at run time)
        typer.Option("--out", metavar="文件", help="另写一份工作簿，每处差别链接到单元格"),
    ] = None,
    show_personal: Annotated[
        bool, typer.Option("--show-personal", help="显示完整的姓名、证件号、电话和账号")
    ] = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """比对同一台账的两个版本，列出新增、删除和改动。

    按编号（如家庭编号、应收编号）逐行比对，与行的先后无关；只挪了位置的行不算差别，另计移动。
    值相同、写法不同的（如 1,234.50 和 1234.5）也不算差别，另计写法不同。
    只读，不改动任何文件。相同时退出码为 0，有差别时为 1，文件读不了时为 3。
    """
    from zhubao.ledger.diff_reading import common_root, pair_files
    from zhubao.ledger.diff_report import Comparison, diff_report

    pairs = pair_files(a, b)
    paths = [path for pair in pairs for path in pair if path is not None]
    _refuse_target(out, paths)
    root = common_root(*paths)
    files, errors = _compared(pairs, root, sheet)
    only = [] if sheet else _unpaired(pairs, root)
    comparison = Comparison(str(a), str(b), files, only)
    report = diff_report(comparison, show_personal=show_personal)
    if files or only:
        show(report, as_json=as_json, show_all=show_all)
        if out is not None:
            _save(report, out, root)
            say(f"工作簿：{out}", as_json=as_json)
    for error in errors:
        complain(error)
    if errors:
        raise typer.Exit(EXIT_INPUT)
    raise typer.Exit(EXIT_FINDINGS if comparison.differs else EXIT_CLEAN)


def _compared(
    pairs: list[Pair], root: Path, sheet: str
) -> tuple[list[FileDiff], list[WorkbookError]]:
    """Every pair of files; with one `sheet` wanted, those pairs that have it."""
    from zhubao.ledger.diff import diff_files
    from zhubao.ledger.diff_reading import side_of

    files: list[FileDiff] = []
    errors: list[WorkbookError] = []
    absent: list[UsageError] = []
    for first, second in pairs:
        if first is None or second is None:
            continue
        try:
            files.append(diff_files(side_of(first, root), side_of(second, root), sheet))
        except WorkbookError as error:
            errors.append(error)
        except UsageError as error:
            absent.append(error)
    if absent and not files and not errors:
        raise absent[0]
    return files, errors


def _unpaired(pairs: list[Pair], root: Path) -> list[tuple[str, str]]:
    """(side, file below `root`) of the files that have no counterpart."""
    from zhubao.ledger.diff_reading import side_of

    found = []
    for first, second in pairs:
        if first is None and second is not None:
            found.append(("B", side_of(second, root).label))
        elif second is None and first is not None:
            found.append(("A", side_of(first, root).label))
    return found


def _refuse_target(out: Path | None, paths: list[Path]) -> None:
    """The answer must be an .xlsx, and none of what is compared."""
    if out is None:
        return
    if out.suffix.lower() != ".xlsx":
        raise OutputError(
            f"输出文件 {out.name} 不是 .xlsx", advice="请把 --out 写成以 .xlsx 结尾的文件名。"
        )
    if out.resolve() in {path.resolve() for path in paths}:
        raise OutputError(f"{out.name} 正是要比对的文件", advice="请给 --out 换一个文件名。")


def _save(report: Report, out: Path, root: Path) -> None:
    """Write the workbook; its links lead to the files below `root`."""
    from zhubao.core.theme import load_theme
    from zhubao.render.xlsx import write_xlsx

    write_xlsx(report, out, load_theme(), source_root=root)
