"""A Report, or findings, on a terminal. The only module that knows rich's console."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from zhubao.core.finding import Finding, Severity
from zhubao.core.report import Report, Table
from zhubao.core.width import wrap
from zhubao.render.finding_tables import findings_by_code
from zhubao.render.layout import lay_out
from zhubao.render.wording import plain

FINDINGS_IN_A_REPORT = 20
NOT_READ = frozenset({"LG-115", "LG-116"})  # a workbook, a sheet that was not found
_SEVERITY_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTICE: "cyan"}
_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
_ROW_STYLES = {"error": "red", "warning": "yellow", "total": "bold"}
_QUIET = "dim"
_INDENT = "      "


def make_console(*, stderr: bool = False) -> Console:
    """A console that colours nothing by itself and reads no markup in ledger text."""
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False)


def print_report(
    report: Report,
    *,
    console: Console,
    show_all: bool = False,
    notices: bool = True,
    hint: bool = False,
) -> None:
    """Print the whole report; `show_all` lifts the limits on rows and findings.

    With `hint`, a table says which of its further columns a wider window would show.

    Without `notices`, findings that are mere notices are counted in one line; that a ledger was not
    found is said all the same, for the figures take it as empty.
    """
    _say(console, _heading(report), "bold")
    _say(console, _circumstances(report), _QUIET)
    for table in report.tables:
        if table.shown != 0 or show_all:
            console.print()
            print_table(table, console=console, show_all=show_all, hint=hint)
    _print_notes(report.notes, console)
    wanted = [one for one in report.findings if notices or one.severity is not Severity.NOTICE]
    if wanted:
        console.print()
        limit = None if show_all else FINDINGS_IN_A_REPORT
        print_findings(wanted, console=console, limit=limit)
    absent = [] if notices else [one for one in report.findings if one.code in NOT_READ]
    for finding in absent:
        _print_finding(finding, console)
    passed_over = len(report.findings) - len(wanted) - len(absent)
    if passed_over:
        _say(console, f"读取台账时另有提示 {passed_over:,} 条，可用 zhubao check 查看", _QUIET)


def print_table(
    table: Table, *, console: Console, show_all: bool = False, hint: bool = False
) -> None:
    """Print one table with its totals and notes, as wide as the console at most."""
    rows = table.rows if show_all or table.shown is None else table.rows[: table.shown]
    layout = lay_out(table, rows, console.width)
    rule = ("-" if console.options.ascii_only else "─") * layout.width
    _say(console, table.title, "bold")
    _say(console, layout.header, "bold")
    _say(console, rule, _QUIET)
    for row, line in zip(rows, layout.rows, strict=True):
        _say(console, line, _ROW_STYLES.get(row.emphasis, ""))
    if not table.rows:
        _say(console, "（没有记录）", _QUIET)
    hidden = len(table.rows) - len(rows)
    if hidden:
        _say(console, f"……其余 {hidden:,} 行加 --all 查看", _QUIET)
    if layout.totals is not None:
        _say(console, rule, _QUIET)
        _say(console, layout.totals, "bold")
    if layout.dropped:
        _say(console, f"（屏幕太窄，未显示：{'、'.join(layout.dropped)}）", _QUIET)
    elif hint and layout.hidden:
        titles = "、".join(layout.hidden)
        _say(console, f"（窗口加宽到 {layout.full_width} 列可见：{titles}）", _QUIET)
    _print_notes(table.notes, console)


def print_findings(
    findings: Iterable[Finding], *, console: Console, limit: int | None = None
) -> None:
    """Print findings by file and sheet, each with place, severity, code, message and advice.

    Advice is not repeated under the next finding when it is the same. A summary line ends it.
    Where there are more than `limit`, the worst are shown.
    """
    everything = sorted(findings, key=lambda finding: (_RANKS[finding.severity], finding.sort_key))
    shown = sorted(everything[:limit], key=lambda finding: finding.sort_key)
    for place, group in groupby(shown, key=_sheet_of):
        members = list(group)
        _say(console, f"{place or '全局'}　{_counts(members)}", "bold")
        _print_group(members, console)
    hidden = len(everything) - len(shown)
    if hidden:
        _say(console, f"……其余 {hidden:,} 条加 --all 查看", _QUIET)
    total = f"共 {len(everything):,} 条：{_counts(everything)}"
    _say(console, total if everything else "没有发现问题", "")


def print_findings_summary(findings: Sequence[Finding], *, console: Console) -> None:
    """Print how many findings of each code there are, the worst first."""
    print_table(findings_by_code(findings), console=console)


def _heading(report: Report) -> str:
    return "　".join(part for part in (report.bureau, report.title) if part)


def _circumstances(report: Report) -> str:
    period = f"期间 {report.period}" if report.period else ""
    return "　".join(part for part in (period, report.cut_off("截止 ")) if part)


def _sheet_of(finding: Finding) -> str:
    where = finding.where
    return "!".join(part for part in (where.file, where.sheet) if part) if where else ""


def _counts(findings: Sequence[Finding]) -> str:
    """错误 3 条，警告 2 条."""
    counts = Counter(finding.severity for finding in findings)
    return "，".join(f"{one.title} {counts[one]:,} 条" for one in Severity if counts[one])


def _print_group(findings: Sequence[Finding], console: Console) -> None:
    said = ""
    for finding in findings:
        _print_finding(finding, console)
        if finding.advice and finding.advice != said:
            _wrapped(console, f"怎么办：{finding.advice}", _QUIET, first=_INDENT)
        said = finding.advice


def _print_finding(finding: Finding, console: Console) -> None:
    """One line (or more on a narrow console): place, severity, code, message."""
    place = f"{finding.where}  " if finding.where else ""
    label = f"{finding.severity.title} {finding.code}"
    text = plain(f"{place}{label}  {finding.message}")
    for number, line in enumerate(_indented(text, console.width, "")):
        shown = Text(line)
        if number == 0:
            shown.stylize(_SEVERITY_STYLES[finding.severity], len(place), len(place) + len(label))
        _put(console, shown)


def _print_notes(notes: Sequence[str], console: Console) -> None:
    for note in notes:
        _wrapped(console, f"注：{note}", _QUIET)


def _wrapped(console: Console, text: str, style: str, *, first: str = "") -> None:
    for line in _indented(plain(text), console.width, first):
        _say(console, line, style)


def _indented(text: str, width: int, first: str) -> Iterator[str]:
    """Lines with `first` before the first one and a deeper indent before the others."""
    head, *_ = wrap(text, max(20, width - len(first))) or [""]
    yield first + head
    yield from wrap(text[len(head) :].lstrip(), max(20, width), indent=len(_INDENT))


def _say(console: Console, line: str, style: str) -> None:
    if line:
        _put(console, Text(line, style=style))


def _put(console: Console, text: Text) -> None:
    console.print(text, no_wrap=True, overflow="ignore", crop=False)
