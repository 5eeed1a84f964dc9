"""`zhubao convert`: workbooks that can only be read become .xlsx, checked cell by cell."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from zhubao.cli.options import Json
from zhubao.cli.output import complain, say, show
from zhubao.core.errors import EXIT_CLEAN, UsageError, ZhubaoError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zhubao.core.report import Report
    from zhubao.excel.convert import Conversion

_INDENT = 6


def convert(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="文件", help="要转换的工作簿：.xls、.et、.ods、.xlsb"),
    ],
    out: Annotated[
        Optional[Path],  # noqa: UP045  (typer reads this at run time)
        typer.Option(
            "--out", metavar="位置", help="放结果的文件夹，或 .xlsx 文件名；默认放在原文件旁边"
        ),
    ] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="不用 LibreOffice，只取数据，不保留格式")
    ] = False,
    as_json: Json = False,
) -> None:
    """把 .xls、.et、.ods、.xlsb 转成能写入的 .xlsx。

    装有 LibreOffice 时由它转换，保留格式和公式；否则用自带方式转换全部数据，公式只留下算好的数值。
    转换后重新读出，与原表逐格核对，不一致的不保留。不改动原文件，也不覆盖已有的文件。
    有文件没有转成时退出码为 3，其余文件照常转换。
    """
    from zhubao.core.theme import load_theme
    from zhubao.excel.convert import convert as convert_workbook

    targets = [target_of(path, out, alone=len(files) == 1) for path in files]
    theme = load_theme()
    done: list[Conversion] = []
    failed: list[tuple[Path, ZhubaoError]] = []
    for path, target in zip(files, targets, strict=True):
        try:
            done.append(convert_workbook(path, target, theme, plain=plain))
        except ZhubaoError as error:
            failed.append((path, error))
            complain(error)
        else:
            _tell(done[-1], as_json=as_json)
    if as_json:
        show(_report(done, failed), as_json=True)
    elif any(one.target for one in done):
        say("原文件没有改动。核对后请把原文件移到别处，免得同一本台账有两个文件。")
    raise typer.Exit(max((error.exit_code for _, error in failed), default=EXIT_CLEAN))


def target_of(source: Path, out: Path | None, *, alone: bool) -> Path:
    """Where the .xlsx goes; UsageError when `out` names one file for several, or another format."""
    name = f"{source.stem}.xlsx"
    if out is None:
        return source.with_name(name)
    suffix = out.suffix.lower()
    if out.is_dir() or suffix not in (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".xlsb"):
        return out / name
    if suffix != ".xlsx":
        raise UsageError(
            f"只能转换成 .xlsx，不能是 {suffix}", advice="请把 --out 写成 .xlsx 文件名或文件夹。"
        )
    if not alone:
        raise UsageError(f"有几个文件，不能都写到 {out.name}", advice="请把 --out 写成一个文件夹。")
    return out


def _tell(one: Conversion, *, as_json: bool) -> None:
    """One line per file, and below it what was not kept and what is worth knowing."""
    if as_json:
        return
    if one.target is None:
        say(f"{one.source.name}：{one.method.title}")
    else:
        say(
            f"{one.source.name} → {one.target}：{one.method.title}，"
            f"{one.sheets:,} 张表、{one.cells:,} 个单元格，逐格核对一致"
        )
    if one.lost:
        _say_below(f"没有保留：{'；'.join(one.lost)}")
    for note in one.notes:
        _say_below(note)


def _say_below(text: str) -> None:
    from zhubao.core.width import wrap

    width = min(100, shutil.get_terminal_size((80, 24)).columns)
    for line in wrap(text, width, indent=_INDENT):
        say(line)


def _report(done: Sequence[Conversion], failed: Sequence[tuple[Path, ZhubaoError]]) -> Report:
    """The same for scripts."""
    from zhubao.core.report import Column, Report, Row, Table, ValueKind

    rows = [
        Row(
            (
                str(one.source),
                str(one.target) if one.target else None,
                one.method.value,
                one.sheets,
                one.cells,
                list(one.lost),
                list(one.notes),
                None,
            )
        )
        for one in done
    ]
    rows += [
        Row((str(path), None, None, 0, 0, [], [], f"{error.code} {error.message}"))
        for path, error in failed
    ]
    columns = (
        Column("source", "原文件"),
        Column("target", "转换成"),
        Column("method", "方式"),
        Column("sheets", "表", ValueKind.COUNT),
        Column("cells", "单元格", ValueKind.COUNT),
        Column("lost", "没有保留"),
        Column("notes", "说明"),
        Column("error", "错误"),
    )
    facts = {"converted": sum(one.target is not None for one in done), "failed": len(failed)}
    table = Table("files", "文件", columns, rows)
    return Report("convert", "转换工作簿", "", tables=(table,), facts=facts)
