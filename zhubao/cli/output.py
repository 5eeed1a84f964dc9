"""Where results go: terminal, JSON, workbook. Nothing here calculates."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from zhubao.core.errors import EXIT_CLEAN, EXIT_FINDINGS, OutputError, ZhubaoError
from zhubao.core.finding import Finding, has_errors
from zhubao.core.output_file import replacing
from zhubao.core.report import Report
from zhubao.core.width import wrap

if TYPE_CHECKING:
    from zhubao.ledger.bureau import Bureau

_INDENT = "      "
_USUAL_WIDTH = 80


def show(
    report: Report,
    *,
    as_json: bool,
    show_all: bool = False,
    notices: bool = True,
    hint: bool = False,
) -> None:
    """Print `report` on the terminal, or as JSON; `hint` names columns a wider window shows."""
    if as_json:
        from zhubao.render.json import to_json

        sys.stdout.write(to_json(report) + "\n")
        return
    from zhubao.render.terminal import make_console, print_report

    console = make_console()
    print_report(report, console=console, show_all=show_all, notices=notices, hint=hint)


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


def save_report(report: Report, path: Path, root: Path, *, landscape: bool | None = None) -> Path:
    """Write `report` as workbook, Word document or web page, as the suffix of `path` says.

    `landscape` turns the paper of a Word document; None turns it when a table is wide. A workbook
    and a page decide for themselves. OutputError for any other suffix.
    """
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return save_workbook(report, path, root)
    if suffix not in (".docx", ".html"):
        raise OutputError(
            f"输出文件 {path.name} 的格式不支持",
            advice="请把文件名的结尾写成 .xlsx（表格）、.docx（Word）或 .html（网页）。",
        )
    made = _document(report, landscape) if suffix == ".docx" else _page(report, root)
    with replacing(path) as stream:
        stream.write(made)
    return path


def _document(report: Report, landscape: bool | None) -> bytes:
    from zhubao.render.report_docx import is_wide, report_document

    return report_document(report, landscape=is_wide(report) if landscape is None else landscape)


def _page(report: Report, root: Path) -> bytes:
    from zhubao.render.html import html_page

    return html_page(report, templates=root / "templates").encode("utf-8")


def answer(
    report: Report, bureau: Bureau, out: Path | None, *, show_all: bool, as_json: bool
) -> None:
    """Show a report, save it where asked for, and end with the code of its findings."""
    show(report, as_json=as_json, show_all=show_all, notices=False)
    if out is not None:
        say(f"报表：{save_report(report, out, bureau.root)}", as_json=as_json)
    finish(list(report.findings))


def say(message: str, *, as_json: bool = False) -> None:
    """A line for the person; with JSON on standard output it goes to standard error."""
    (sys.stderr if as_json else sys.stdout).write(message + "\n")


def finish(findings: list[Finding]) -> None:
    """Exit 1 when there are findings of error severity, otherwise 0."""
    raise typer.Exit(EXIT_FINDINGS if has_errors(findings) else EXIT_CLEAN)


def complain(error: ZhubaoError) -> int:
    """Say on standard error what is wrong, where, and what to do; returns the exit code."""
    where = f"{error.where}  " if error.where else ""
    protest(f"{where}{error.code} {error.message}", error.advice)
    return error.exit_code


def protest(message: str, advice: str = "") -> None:
    """A message and what to do about it on standard error.

    On a terminal both are wrapped to its width with the hanging indent of findings. In a file or a
    pipe a message stays on one line, for scripts and logs to search.
    """
    width = _error_width()
    lines = _hanging(message, width, "")
    lines += _hanging(f"怎么办：{advice}", width, _INDENT) if advice else []
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def _error_width() -> int | None:
    """Columns of the terminal that standard error is; None where it is none."""
    if not sys.stderr.isatty():
        return None
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked):
        return int(asked)
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL_WIDTH
    except (OSError, ValueError):
        return _USUAL_WIDTH


def _hanging(text: str, width: int | None, first: str) -> list[str]:
    """Lines of `text`, `first` before the first one, and every further one indented."""
    if width is None:
        return [first + text]
    lines: list[str] = []
    for number, line in enumerate(text.splitlines()):
        before = _INDENT if number else first
        head, *_ = wrap(line, max(20, width - len(before))) or [""]
        lines.append(before + head)
        lines += wrap(line[len(head) :].lstrip(), max(20, width), indent=len(_INDENT))
    return lines
