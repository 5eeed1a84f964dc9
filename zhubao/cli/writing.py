"""Commands that change ledgers: preview, one question, apply; and what interrupted runs left."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhubao.cli.output import say, show
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    from zhubao.core.report import Report
    from zhubao.core.theme import Formats
    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.change import Change
    from zhubao.ledger.change_apply import Outcome

DryRun = Annotated[bool, typer.Option("--dry-run", help="只看将要改动什么，不写入")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="不再询问，直接写入")]


@dataclass(frozen=True, slots=True)
class Asked:
    """How the user wants a change carried out and shown."""

    dry_run: bool = False
    yes: bool = False
    as_json: bool = False
    show_all: bool = False


def carry_out(
    change: Change,
    bureau: Bureau,
    command: str,
    asked: Asked,
    arguments: Mapping[str, Any] | None = None,
) -> bool:
    """Show the change, ask, apply; True when it was applied.

    Without a terminal to ask on, `--yes` or `--dry-run` is demanded (UsageError).
    """
    from zhubao.ledger.change_report import change_report

    report = change_report(change, bureau=bureau.name)
    if asked.as_json:
        return answer_script(report, change, bureau, command, asked, arguments or {})
    if change.is_empty:
        say(f"{change.title}：没有需要改动的单元格。")
        return False
    show(report, as_json=False, show_all=asked.show_all)
    if not confirmed(change.files, asked):
        return False
    outcome = _applied(change, bureau, command, arguments or {})
    say(f"已写入 {'、'.join(change.files)}，改动编号 {outcome.applied.id}。")
    say(f"要撤销，运行 zhubao undo {outcome.applied.id}")
    for note in notes_of(outcome):
        say(f"注意：{note}")
    return True


def carry_out_reported(
    report: Report,
    change: Change,
    bureau: Bureau,
    command: str,
    asked: Asked,
    arguments: Mapping[str, Any],
) -> None:
    """Show the report, then preview, ask and apply; for scripts one JSON document of the report."""
    if asked.as_json:
        answer_script(report, change, bureau, command, asked, arguments)
        return
    show(report, as_json=False, show_all=asked.show_all, notices=False)
    say("")
    carry_out(change, bureau, command, asked, arguments)


def answer_script(
    report: Report,
    change: Change,
    bureau: Bureau,
    command: str,
    asked: Asked,
    arguments: Mapping[str, Any],
) -> bool:
    """For scripts: the report as one JSON document, with the change's id once it was applied."""
    apply_it = not change.is_empty and confirmed(change.files, asked)
    facts: dict[str, Any] = {"applied": apply_it}
    if apply_it:
        outcome = _applied(change, bureau, command, arguments)
        facts |= {"change": outcome.applied.id, "notes": notes_of(outcome)}
    show(replace(report, facts={**report.facts, **facts}), as_json=True)
    return apply_it


def confirmed(files: Sequence[str], asked: Asked) -> bool:
    """True when the change is to be made; what becomes of it otherwise is said."""
    if asked.dry_run:
        say("只是预览，没有写入。", as_json=asked.as_json)
        return False
    if asked.yes or _agreed(files, asked):
        return True
    say("没有写入。", as_json=asked.as_json)
    return False


def _agreed(files: Sequence[str], asked: Asked) -> bool:
    """The one question; no answer is no."""
    if asked.as_json or not sys.stdin.isatty():
        raise UsageError(
            "没有可以询问的终端，没有写入",
            advice="在脚本里请加 --yes（直接写入）或 --dry-run（只看预览）。",
        )
    sys.stderr.write(f"写入 {'、'.join(files)}？写入前会备份。(y/N) ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是")


def _applied(change: Change, bureau: Bureau, command: str, arguments: Mapping[str, Any]) -> Outcome:
    from zhubao.ledger.change_apply import Order, apply_change

    order = Order(command, user_name(), dt.datetime.now().astimezone(), arguments)
    return apply_change(bureau.root, change, bureau.config, order)


def notes_of(outcome: Outcome) -> list[str]:
    """What else the clerk should know of an applied change."""
    from zhubao.ledger.change_apply import unfinished_note

    notes = [*outcome.applied.notes, unfinished_note(outcome.uncached)]
    return [note for note in notes if note]


def formats_of(bureau: Bureau) -> Formats:
    """The number formats of what is written, by the bureau's own look."""
    from zhubao.core.theme import load_theme

    return load_theme(bureau.root / "templates").formats


def user_name() -> str:
    """Who is at the keyboard, as the system knows it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return os.environ.get("USERNAME", "不明")


def finish_interrupted(bureau: Bureau) -> None:
    """Complete or take back what an earlier run left half done, and say so on standard error."""
    from zhubao.ledger.store.places import Places

    if not Places(bureau.root).pending.exists():
        return
    from zhubao.ledger.store.recovery import recover

    recovery = recover(bureau.root)
    if recovery is not None:
        sys.stderr.write(f"注意：{recovery.message}\n")
