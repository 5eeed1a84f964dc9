"""`zhubao history`, `undo`, `verify-journal`: what was written, taking it back, proving it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from zhubao.cli.options import Json, ShowAll, chosen_bureau
from zhubao.cli.output import say, show
from zhubao.cli.writing import Asked, DryRun, Yes, confirmed, user_name
from zhubao.core.errors import EXIT_FINDINGS, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.history import Target

_Target = Annotated[
    str,
    typer.Argument(
        metavar="文件或单元格", help="如 arrears.xlsx、arrears.xlsx!应收!F123；不写则全部"
    ),
]
_Change = Annotated[str, typer.Argument(metavar="编号", help="改动编号，如 C0003；不写则最近一次")]


def history(
    context: typer.Context, target: _Target = "", show_all: ShowAll = False, as_json: Json = False
) -> None:
    """查看台账的改动记录：谁、何时、用什么命令、改了什么。

    写明单元格时，从新到旧列出它的每一次改动；行移动过也能跟上。
    只列由 zhubao 写入的改动；在 Excel 或 WPS 里的手工修改不在其中。
    """
    from zhubao.ledger.history import history_report

    bureau = chosen_bureau(context)
    _refuse_unknown(bureau, target)
    report = history_report(bureau.root, target, bureau=bureau.name)
    show(report, as_json=as_json, show_all=show_all)


def _refuse_unknown(bureau: Bureau, text: str) -> None:
    """UsageError for a workbook, or a sheet of one, that neither the bureau nor its journal has.

    A ledger by its usual name counts as the bureau's, also while its file is missing.
    """
    from zhubao.ledger.catalog import WORKBOOKS
    from zhubao.ledger.history import parse_target
    from zhubao.ledger.store.journal import read_journal

    entries = read_journal(bureau.root).entries
    target = parse_target(text, entries)
    ledgers = [bureau.path_of(workbook) for workbook in WORKBOOKS]
    files = {path.name for path in ledgers} | {one.name for e in entries for one in e.files}
    if target.file and target.file.lower() not in {*map(str.lower, files), *_stems(ledgers)}:
        raise UsageError(
            f"没有叫“{target.file}”的台账，操作日志里也没有", advice=_near(target.file, files)
        )
    told = {str(cell["sheet"]) for entry in entries for cell in entry.cells}
    if target.sheet and target.sheet not in told:
        _refuse_sheet(target, ledgers)


def _refuse_sheet(target: Target, ledgers: list[Path]) -> None:
    """UsageError when none of the workbooks that are meant has the sheet."""
    from zhubao.excel.book import open_book

    name = target.file.lower()
    meant = [one for one in ledgers if name in ("", one.name.lower(), one.stem.lower())]
    books = [open_book(path, sheets=()) for path in meant if path.exists()]
    sheets = {sheet for book in books for sheet in book.sheet_names}
    if sheets and target.sheet not in sheets:
        where = f"{target.file} " if target.file else "台账"
        raise UsageError(
            f"{where}里没有“{target.sheet}”表，操作日志里也没有",
            advice=_near(target.sheet, sheets),
        )


def _stems(paths: list[Path]) -> set[str]:
    return {path.stem.lower() for path in paths}


def _near(word: str, known: set[str]) -> str:
    """The names most like the word, whatever their suffix; all of them where none is."""
    from difflib import get_close_matches

    by_stem = {name.rpartition(".")[0] or name: name for name in sorted(known)}
    asked = word.rpartition(".")[0] or word
    near = [by_stem[stem] for stem in get_close_matches(asked, by_stem, n=3, cutoff=0.5)]
    return f"是不是 {'、'.join(near)}？" if near else f"可以写：{'、'.join(by_stem.values())}"


def undo(
    context: typer.Context,
    change: _Change = "",
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """撤销一次改动。

    工作簿在那次改动之后没有动过的，整本恢复原样；动过的，只改回内容仍是那次写入的单元格，其余列出来，保持现状。
    撤销本身也是一次改动，可以再撤销。有没能撤销的，退出码为 1。
    """
    from zhubao.ledger.change_apply import Order
    from zhubao.ledger.change_report import change_report
    from zhubao.ledger.undo import apply_undo, plan_undo

    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    bureau = chosen_bureau(context)
    plan = plan_undo(bureau.root, change)
    show(change_report(plan.change, bureau=bureau.name), as_json=as_json, show_all=show_all)
    if plan.restored:
        say(f"{'、'.join(plan.restored)} 将整本恢复成改动前的样子。", as_json=as_json)
    for line in plan.left:
        say(f"不撤销　{line}", as_json=as_json)
    if plan.change.is_empty and not plan.restored:
        say("没有可以撤销的单元格，没有写入。", as_json=as_json)
    elif confirmed(plan.change.files or tuple(plan.restored), asked):
        order = Order(
            f"undo {plan.entry.id}",
            user_name(),
            dt.datetime.now().astimezone(),
            undoes=plan.entry.id,
        )
        applied = apply_undo(bureau.root, plan, bureau.config, order)
        say(f"已撤销 {plan.entry.id}，这次的改动编号 {applied.id}。", as_json=as_json)
    if plan.left:
        raise typer.Exit(EXIT_FINDINGS)


def verify_journal(context: typer.Context, as_json: Json = False) -> None:
    """核对操作日志有没有被改动、删减或损坏。

    每条记录都带着上一条的校验值，改一个字、删一行都会被发现。备份被改过的也会列出。
    台账在 zhubao 之外被改过，只作提示。有问题时退出码为 1。
    """
    from zhubao.ledger.history import verification_report

    bureau = chosen_bureau(context)
    report, broken = verification_report(bureau.root, bureau=bureau.name)
    show(report, as_json=as_json)
    if broken:
        raise typer.Exit(EXIT_FINDINGS)
