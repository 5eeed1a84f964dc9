"""`zhubao check`: every finding of every sheet at once, and an annotated copy on request."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from zhubao.cli.options import AsOf, Json, ShowAll, chosen_bureau, cut_off
from zhubao.cli.output import complain, finish, say, show
from zhubao.core.errors import EXIT_INPUT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zhubao.core.finding import Finding


def check(
    context: typer.Context,
    files: Annotated[
        Optional[list[Path]],  # noqa: UP045  (typer reads this at run time)
        typer.Argument(metavar="文件", help="要检查的工作簿；不写则检查本局全部台账"),
    ] = None,
    annotate: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--annotate", metavar="文件", help="另存一份标红、带批注和问题清单的副本"),
    ] = None,
    as_of: AsOf = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """检查台账，一次列出全部问题。

    检查表头、每个单元格、编号是否重复、表与表能否对上。
    只读台账，不改动台账。有“错误”级问题时退出码为 1，文件读不了时为 3。
    """
    from zhubao.ledger.bureau import load_files
    from zhubao.ledger.check_report import check_report
    from zhubao.ledger.checks import check_integrity
    from zhubao.ledger.config import CONFIG_NAME, load_config

    if files:
        config = load_config(files[0].parent / CONFIG_NAME)  # its aliases, when there is one
        loaded = load_files(files, config)
    else:
        bureau = chosen_bureau(context)
        config = bureau.config
        loaded = bureau.load_all()
    day, _ = cut_off(as_of, config.as_of)
    findings = sorted(
        [*loaded.findings, *check_integrity(loaded, day)], key=lambda finding: finding.sort_key
    )
    show(check_report(loaded, findings, config.bureau, day), as_json=as_json, show_all=show_all)
    if annotate is not None:
        _annotate(annotate, [source.path for source in loaded.sources], findings, whole=bool(files))
        say(f"带批注的副本：{annotate}", as_json=as_json)
    for error in loaded.unreadable:
        complain(error)
    if loaded.unreadable:
        raise typer.Exit(EXIT_INPUT)
    finish(findings)


def _annotate(
    target: Path, paths: Sequence[Path], findings: Sequence[Finding], *, whole: bool
) -> None:
    """A copy with the findings marked: `whole` workbooks, or the sheets that have findings."""
    from zhubao.core.theme import load_theme
    from zhubao.excel.annotate import write_annotated
    from zhubao.excel.book import open_book

    marked = {(one.where.file, one.where.sheet) for one in findings if one.where}
    sheets = [
        sheet
        for path in paths
        for sheet in open_book(path).sheets
        if whole or (sheet.file, sheet.name) in marked
    ]
    write_annotated(target, sheets, findings, load_theme())
