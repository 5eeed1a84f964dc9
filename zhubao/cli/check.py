"""`zhubao check`: every finding of every sheet at once, and an annotated copy on request."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from zhubao.cli.options import AsOf, Json, ShowAll, chosen_bureau, cut_off
from zhubao.cli.output import complain, finish, say, show
from zhubao.cli.writing import Asked, DryRun, Yes
from zhubao.core.errors import EXIT_INPUT, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zhubao.core.finding import Finding
    from zhubao.core.report import Report
    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.loaded import Loaded

Fix = Annotated[bool, typer.Option("--fix", help="把意思确定的不规范写法改规范，先预览再写")]


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
    fix: Fix = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """检查台账，一次列出全部问题。

    检查表头、每个单元格、编号是否重复、表与表能否对上。
    不加 --fix 时只读台账，不改动台账。有“错误”级问题时退出码为 1，文件读不了时为 3。
    加 --fix 时，把写法不规范但意思确定的单元格改规范：多余的空格、全角字符、写成文字的日期和金额、
    存成数字的编号。先预览，问一次，再写。有问题的、有公式的单元格不动。
    """
    bureau = _bureau_of(files) if files else chosen_bureau(context)
    loaded = _load(bureau, files or [])
    if fix or dry_run:
        _fix(loaded, bureau, Asked(dry_run, yes, as_json, show_all))
        return
    findings, report = _judged(loaded, bureau, as_of)
    show(report, as_json=as_json, show_all=show_all)
    if annotate is not None:
        _annotate(annotate, [source.path for source in loaded.sources], findings, whole=bool(files))
        say(f"带批注的副本：{annotate}", as_json=as_json)
    for error in loaded.unreadable:
        complain(error)
    if loaded.unreadable:
        raise typer.Exit(EXIT_INPUT)
    finish(findings)


def _fix(loaded: Loaded, bureau: Bureau, asked: Asked) -> None:
    """Correct the spelling of what is certain."""
    from zhubao.cli.writing import carry_out, formats_of
    from zhubao.excel.patch.formula_places import formula_places
    from zhubao.ledger.normalising import normalising_change

    for error in loaded.unreadable:
        raise error
    names = [source.name for source in loaded.sources]
    if len(set(names)) < len(names):
        raise UsageError("两个文件同名，不能一起改", advice="请分两次运行，每次一个文件。")
    touched = {segment.file for table in loaded.tables.values() for segment in table.segments}
    formulas = {
        (source.name, sheet): places
        for source in loaded.sources
        if source.name in touched
        for sheet, places in formula_places(source.path).items()
    }
    change = normalising_change(loaded, loaded.findings, formulas, formats_of(bureau))
    carry_out(change, bureau, "check --fix", asked)


def _load(bureau: Bureau, files: Sequence[Path]) -> Loaded:
    from zhubao.ledger.bureau import load_files

    return load_files(files, bureau.config) if files else bureau.load_all()


def _judged(loaded: Loaded, bureau: Bureau, as_of: str | None) -> tuple[list[Finding], Report]:
    """All findings, those between sheets too, and their report."""
    from zhubao.ledger.check_report import check_report
    from zhubao.ledger.checks import check_integrity

    day, _ = cut_off(as_of, bureau.config.as_of)
    findings = sorted(
        [*loaded.findings, *check_integrity(loaded, day)], key=lambda finding: finding.sort_key
    )
    return findings, check_report(loaded, findings, bureau.config.bureau, day)


def _bureau_of(files: Sequence[Path]) -> Bureau:
    """The folder of these files as a bureau: its configuration, its backups and journal."""
    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.config import CONFIG_NAME, load_config

    folder = files[0].resolve().parent
    root = folder.parent if folder.name == "ledgers" else folder
    return Bureau(root, folder, load_config(folder / CONFIG_NAME))


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
