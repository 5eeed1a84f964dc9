"""A command of a job file, judged without running it: against the table of commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhubao.fleet.batch.commands import Effect, Verdict


def judged(words: Sequence[str]) -> Verdict:
    """A command looked at without running it: does it exist, are its options right, does it write.

    A batch within a batch and a request for help are refused.
    """
    from zhubao.cli.app import command
    from zhubao.fleet.batch.commands import Verdict

    advice = "用 zhubao --help 看有哪些命令。"
    if list(words) == ["--version"]:
        return Verdict()
    node, names = command(), list[str]()
    context = node.context_class(node, info_name="zhubao")
    while hasattr(node, "commands"):
        place = len(names)
        if place == len(words) or words[place] not in node.commands:
            return Verdict(problem=_no_command(words[: place + 1], node), advice=advice)
        names.append(words[place])
        node = node.commands[words[place]]
        context = node.context_class(node, info_name=words[place], parent=context)
    return _judged_options(node, context.parent, names, list(words[len(names) :]))


def _no_command(words: Sequence[str], group: object) -> str:
    import difflib

    known = list(getattr(group, "commands", {}))
    asked = " ".join(words) or "（空）"
    close = difflib.get_close_matches(words[-1] if words else "", known, n=1)
    if words and words[-1] == getattr(group, "name", None):
        return f"命令 zhubao {asked} 还缺一个词，可以是：{'、'.join(known)}"
    return f"没有命令 zhubao {asked}" + (f"，是不是 {close[0]}？" if close else "")


def _judged_options(leaf: Any, parent: Any, names: list[str], rest: list[str]) -> Verdict:
    from zhubao.cli.help import usage_message
    from zhubao.fleet.batch.commands import Verdict

    shown = " ".join(names)
    advice = f"用 zhubao {shown} --help 看用法。"
    if names[0] == "batch":
        return Verdict(problem="批处理里不能再运行 batch", advice="把那些任务写进这个文件。")
    if {"-h", "--help"} & {*rest}:
        return Verdict(problem="命令里写了 --help", advice="请去掉 --help。")
    try:
        parsed = leaf.make_context(names[-1], rest, parent=parent)
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        return Verdict(problem=f"zhubao {shown}：{usage_message(error)}", advice=advice)
    return Verdict(effect=_effect(shown, parsed.params))


# Commands that write only with one of these parameters; others with --write only with that one.
_TRIGGERS = {
    "check": ("fix",),
    "rent visits": ("enter",),
    "rent suspense": ("claim",),
    "subsidy signin": ("enter",),
    "patrol vacancy": ("write", "close"),
    "patrol safety": ("new", "fix", "report"),
}
# Parameters with which a command that would write only shows or prints.
_QUIETERS = {
    "allocate freeze": ("reprint",),
    "allocate select": ("only_show",),
    "subsidy roll": ("files",),
}


def _effect(shown: str, given: Mapping[str, object]) -> Effect:
    """What the command does to the ledgers, by its parameters; `--dry-run` wins over `--yes`."""
    from zhubao.fleet.batch.commands import Effect

    triggers = _TRIGGERS.get(shown, ("write",) if "write" in given else ())
    writes = "yes" in given and not any(given.get(name) for name in _QUIETERS.get(shown, ()))
    if triggers and not any(given.get(name) for name in triggers):
        writes = False
    if given.get("dry_run"):
        return Effect.PREVIEWS
    if not writes:
        return Effect.READS
    return Effect.WRITES if given["yes"] else Effect.UNDECIDED
