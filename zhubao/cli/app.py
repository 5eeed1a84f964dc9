"""Puts the commands together. A command's module is imported when the command is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Optional

import typer
import typer.main

from zhubao import __version__
from zhubao.cli.command_table import TABLE, CommandGroup, Entry
from zhubao.cli.help import ChineseCommand, ChineseGroup

_EXAMPLES = """示例：
  zhubao init 示范局 --demo              建一个带示例数据的局目录
  zhubao rent arrears                    列出欠租，并生成工作簿
  zhubao check                           检查全部台账
不写 -C 时，使用当前目录（或环境变量 ZHUBAO_BUREAU 指定的目录）。"""

_OPTION_HELP = {  # of the options that the parser's library adds
    "install_completion": "给本机的命令行装上补全：按 Tab 补命令、表名和列名",
    "show_completion": "显示补全脚本，供自行安装",
}


class _Commands(dict[str, Any]):
    """Name → command as the parser knows it, made at the first look.

    A dictionary of nothing but names until then; the parser's library reads `commands` only
    through these methods.
    """

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        super().__init__(dict.fromkeys(entries))
        self._entries = entries

    def __getitem__(self, name: str) -> Any:
        made = super().__getitem__(name)
        if made is None:
            made = self[name] = _made(name, self._entries[name])
        return made

    def get(self, name: str, default: Any = None) -> Any:
        """The command, or the default."""
        try:
            return self[name]
        except KeyError:
            return default

    def values(self) -> Any:
        """Every command, made."""
        return [self[name] for name in self]

    def items(self) -> Any:
        """Every name with its command, made."""
        return [(name, self[name]) for name in self]

    def __iter__(self) -> Iterator[str]:
        return super().__iter__()


def _made(name: str, entry: Entry) -> Any:
    if isinstance(entry, CommandGroup):
        return ChineseGroup(
            name=name,
            help=entry.help,
            commands=_Commands(entry.commands),
            rich_markup_mode=None,
            no_args_is_help=True,
        )
    module, _, function = entry.partition(":")
    body = getattr(importlib.import_module(f"zhubao.cli.{module}"), function)
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    single.command(name, cls=ChineseCommand)(body)
    return typer.main.get_command(single)


app = typer.Typer(
    help="住房保障台账工具：在 Excel 台账上检查数据、计算欠租、安全写回，并生成报表。",
    epilog=_EXAMPLES,
    cls=ChineseGroup,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"zhubao {__version__}")
        raise typer.Exit


@app.callback()
def root(
    bureau: Annotated[
        Optional[Path],  # noqa: UP045  (typer reads this at run time)
        typer.Option("-C", "--bureau", metavar="目录", help="局目录（其中有 ledgers 文件夹）"),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", help="显示版本", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """住房保障台账工具：在 Excel 台账上检查数据、计算欠租、安全写回，并生成报表。"""
    del bureau, version  # commands read `bureau` from the context


def command() -> Any:
    """The app as the parser's command object."""
    group: Any = typer.main.get_command(app)
    group.commands = _Commands(TABLE)
    for option in group.params:
        option.help = _OPTION_HELP.get(option.name, option.help)
    return group
