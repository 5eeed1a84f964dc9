"""Help and usage errors in Chinese, laid out by display width."""

from __future__ import annotations

import re
import shutil
from typing import Any

from typer.core import TyperCommand, TyperGroup

from zhubao.core.width import display_width, wrap

_MARGIN = 2


def render_help(command: Any, context: Any) -> str:
    """The whole help text of a command or a group."""
    width = min(100, shutil.get_terminal_size((80, 24)).columns)
    lines = [f"用法：{' '.join([context.command_path, *_usage_words(command, context)])}", ""]
    for paragraph in (command.help or "").strip().split("\n"):
        lines += wrap(paragraph.strip(), width, indent=_MARGIN) if paragraph.strip() else [""]
    parameters = [p for p in command.get_params(context) if not getattr(p, "hidden", False)]
    arguments = [p for p in parameters if p.param_type_name == "argument"]
    options = [p for p in parameters if p.param_type_name == "option"]
    lines += _section("参数", [_argument_row(p) for p in arguments], width)
    lines += _section("选项", [_option_row(p) for p in options], width)
    lines += _section("命令", _command_rows(command), width)
    epilog = (command.epilog or "").strip()
    if epilog:
        lines += ["", *(" " * _MARGIN + line.strip() for line in epilog.split("\n"))]
    return "\n".join(lines)


def requested_help(group: Any, arguments: list[str]) -> str | None:
    """The help text asked for with -h/--help, found without running or parsing anything else.

    None when no help is asked for. Parsing would load the validation library first.
    """
    asked = [place for place, word in enumerate(arguments) if word in ("-h", "--help")]
    if not asked or "--" in arguments[: asked[0]]:
        return None
    command, context = group, group.context_class(group, info_name="zhubao")
    for word in arguments[: asked[0]]:
        if word in getattr(command, "commands", {}):
            command = command.commands[word]
            context = command.context_class(command, info_name=word, parent=context)
    return str(command.get_help(context))


def _usage_words(command: Any, context: Any) -> list[str]:
    words = []
    if any(p.param_type_name == "option" for p in command.get_params(context)):
        words.append("[选项]")
    arguments = [p for p in command.get_params(context) if p.param_type_name == "argument"]
    words += [_argument_word(argument) for argument in arguments]
    if isinstance(command, TyperGroup):
        words.append("命令 …")
    return words


def _argument_word(parameter: Any) -> str:
    word = parameter.metavar or parameter.name.upper()
    word = f"{word} …" if parameter.nargs == -1 else word
    return word if parameter.required else f"[{word}]"


def _argument_row(parameter: Any) -> tuple[str, str]:
    return _argument_word(parameter), parameter.help or ""


def _option_row(parameter: Any) -> tuple[str, str]:
    names = sorted([*parameter.opts, *parameter.secondary_opts], key=lambda name: len(name))
    left = ", ".join(names)
    if not (parameter.is_flag or parameter.count) and parameter.name != "help":
        left += f" {parameter.metavar or '值'}"
    text = "显示本帮助" if parameter.name == "help" else parameter.help or ""
    text += "（必填）" if parameter.required else ""
    return left, text


def _command_rows(command: Any) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    if isinstance(command, TyperGroup):
        for name, sub in command.commands.items():
            if not sub.hidden:
                rows.append((name, (sub.help or "").strip().split("\n")[0]))
    return rows


def _section(title: str, rows: list[tuple[str, str]], width: int) -> list[str]:
    if not rows:
        return []
    left_width = min(30, max(display_width(left) for left, _ in rows))
    lines = ["", f"{title}："]
    for left, text in rows:
        indent = _MARGIN + left_width + 2
        wrapped = wrap(text, width, indent=indent) or [""]
        head = " " * _MARGIN + left
        if display_width(left) > left_width:
            lines += [head, *wrapped]
        else:
            lines += [(head + " " * (indent - display_width(head)) + wrapped[0].lstrip()).rstrip()]
            lines += wrapped[1:]
    return lines


class ChineseCommand(TyperCommand):
    """A command whose help is laid out in Chinese."""

    def get_help(self, ctx: Any) -> str:
        """The help text."""
        return render_help(self, ctx)


class ChineseGroup(TyperGroup):
    """A group whose help is laid out in Chinese, commands in the order they were added."""

    def get_help(self, ctx: Any) -> str:
        """The help text."""
        return render_help(self, ctx)

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in declaration order."""
        del ctx
        return list(self.commands)


def usage_message(error: Any) -> str:
    """A usage error of the command-line parser in Chinese."""
    kind = type(error).__name__
    parameter = getattr(error, "param", None)
    name = _parameter_name(parameter) if parameter is not None else ""
    if kind == "NoSuchOption":
        hint = f"，是不是 {'、'.join(sorted(error.possibilities))}？" if error.possibilities else ""
        return f"没有选项 {error.option_name}{hint}"
    if kind == "MissingParameter":
        return f"缺少 {name or '参数'}"
    if kind == "BadParameter":
        return f"{name} 的值不对：{_reason(str(error.message))}"
    if kind == "BadOptionUsage":
        return f"选项 {error.option_name} 缺少值，或者不该带值"
    message = str(getattr(error, "message", error))
    if message.startswith("No such command"):
        return f"没有这个命令：{message.split(chr(39))[1] if chr(39) in message else message}"
    if message.startswith("Got unexpected extra argument"):
        return f"多出来的参数：{message.rstrip(')').rpartition('(')[2]}"
    if message.startswith("Missing command"):
        return "还缺一个命令"
    return message


_REASONS = (
    (re.compile(r"is not one of (.*?)\.?$"), "可以写：{0}"),
    (re.compile(r"greater than or equal to (-?[0-9.]+)"), "应不小于 {0}"),
    (re.compile(r"less than or equal to (-?[0-9.]+)"), "应不大于 {0}"),
    (re.compile(r"as an integer|valid integer"), "应是整数"),
    (re.compile(r"as a number|valid number|valid float"), "应是数字"),
    (re.compile(r"valid boolean"), "应是是或否"),
    (re.compile(r"does not exist"), "没有这个文件或文件夹"),
)


def _reason(message: str) -> str:
    """The parser's English reason in Chinese, where it is a known one."""
    for pattern, words in _REASONS:
        found = pattern.search(message)
        if found:
            return words.format(*(group.replace("'", "") for group in found.groups()))
    return message


def _parameter_name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"参数 {parameter.metavar or parameter.name}"
    return f"选项 {max(parameter.opts, key=len)}"
