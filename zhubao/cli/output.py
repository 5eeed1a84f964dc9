"""Where results go: terminal, JSON, workbook. Nothing here calculates."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from zhubao.core.errors import EXIT_CLEAN, EXIT_FINDINGS, OutputError, ZhubaoError
from zhubao.core.finding import Finding, has_errors
from zhubao.core.report import Report


def show(report: Report, *, as_json: bool, show_all: bool = False, notices: bool = True) -> None:
    """Print `report` on the terminal, or as JSON."""
    if as_json:
        from zhubao.render.json import to_json

        sys.stdout.write(to_json(report) + "\n")
        return
    from zhubao.render.terminal import make_console, print_report

    print_report(report, console=make_console(), show_all=show_all, notices=notices)


def save_workbook(report: Report, path: Path, root: Path) -> Path:
    """Write `report` as a workbook whose links lead to the ledgers below `root`."""
    from zhubao.core.theme import load_theme
    from zhubao.render.xlsx import write_xlsx

    if path.suffix.lower() != ".xlsx":
        raise OutputError(
            f"输出文件 {path.name} 不是 .xlsx", advice="请把 --out 写成以 .xlsx 结尾的文件名。"
        )
    write_xlsx(report, path, load_theme(root / "templates"), source_root=root / "ledgers")
    return path


def say(message: str, *, as_json: bool = False) -> None:
    """A line for the person; with JSON on standard output it goes to standard error."""
    (sys.stderr if as_json else sys.stdout).write(message + "\n")


def finish(findings: list[Finding]) -> None:
    """Exit 1 when there are findings of error severity, otherwise 0."""
    raise typer.Exit(EXIT_FINDINGS if has_errors(findings) else EXIT_CLEAN)


def complain(error: ZhubaoError) -> int:
    """Say on standard error what is wrong, where, and what to do; returns the exit code."""
    where = f"{error.where}  " if error.where else ""
    sys.stderr.write(f"{where}{error.code} {error.message}\n")
    if error.advice:
        sys.stderr.write(f"      怎么办：{error.advice}\n")
    return error.exit_code
