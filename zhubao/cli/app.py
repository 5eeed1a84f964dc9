"""Puts the commands together. Command modules import their work inside the command bodies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Optional

import typer
import typer.main

from zhubao import __version__
from zhubao.cli import (
    allocate_draw,
    allocate_freeze,
    allocate_publish,
    allocate_schedule,
    allocate_select,
    allocate_waitlist,
    check,
    convert,
    demo,
    diff,
    dispatch,
    history,
    init,
    rent,
    rent_charge,
    rent_import,
    rent_month,
    rent_notices,
    rent_plan,
    rent_receive,
    rent_statement,
    rent_visits,
    schema,
    supply,
    units,
)
from zhubao.cli.help import ChineseCommand, ChineseGroup

_EXAMPLES = """示例：
  zhubao init 示范局 --demo              建一个带示例数据的局目录
  zhubao rent arrears                    列出欠租，并生成工作簿
  zhubao check                           检查全部台账
不写 -C 时，使用当前目录（或环境变量 ZHUBAO_BUREAU 指定的目录）。"""


def _group(help_text: str) -> typer.Typer:
    return typer.Typer(
        help=help_text, cls=ChineseGroup, rich_markup_mode=None, no_args_is_help=True
    )


app = typer.Typer(
    help="住房保障台账工具：在 Excel 台账上检查数据、计算欠租、安全写回，并生成报表。",
    epilog=_EXAMPLES,
    cls=ChineseGroup,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
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


def _add(group: typer.Typer, name: str, body: Any) -> None:
    group.command(name, cls=ChineseCommand)(body)


_add(app, "init", init.init)
_add(app, "demo", demo.demo)
_add(app, "check", check.check)
_add(app, "schema", schema.schema)
_add(app, "explain", schema.explain)
_add(app, "convert", convert.convert)
_add(app, "diff", diff.diff)
_add(app, "history", history.history)
_add(app, "undo", history.undo)
_add(app, "verify-journal", history.verify_journal)

rent_app = _group("租金：计租、收款、欠租、分期、走访、文书、月报、汇缴")
_add(rent_app, "charge", rent_charge.charge)
_add(rent_app, "receive", rent_receive.receive)
_add(rent_app, "import", rent_import.import_statement)
_add(rent_app, "suspense", rent_import.suspense)
_add(rent_app, "write-off", rent_receive.write_off)
_add(rent_app, "arrears", rent.arrears)
_add(rent_app, "statement", rent_statement.statement)
plan_app = _group("分期协议：订立、列表、检查")
_add(plan_app, "make", rent_plan.make)
_add(plan_app, "list", rent_plan.list_plans)
_add(plan_app, "check", rent_plan.check)
rent_app.add_typer(plan_app, name="plan")
_add(rent_app, "visits", rent_visits.visits)
_add(rent_app, "notices", rent_notices.notices)
_add(rent_app, "month", rent_month.month)
_add(rent_app, "remit", rent_month.remit)
app.add_typer(rent_app, name="rent")

allocate_app = _group("配租：轮候、冻结、摇号、验证、选房安排、选房签约、公示")
_add(allocate_app, "waitlist", allocate_waitlist.waitlist)
_add(allocate_app, "conflicts", allocate_waitlist.conflicts)
_add(allocate_app, "freeze", allocate_freeze.freeze)
_add(allocate_app, "announce", allocate_freeze.announce)
_add(allocate_app, "draw", allocate_draw.draw)
_add(allocate_app, "verify", allocate_draw.verify)
_add(allocate_app, "schedule", allocate_schedule.schedule)
_add(allocate_app, "select", allocate_select.select)
_add(allocate_app, "sign", allocate_select.sign)
_add(allocate_app, "publish", allocate_publish.publish)
_add(allocate_app, "statistics", allocate_publish.statistics)
_add(allocate_app, "report", allocate_publish.report)
app.add_typer(allocate_app, name="allocate")

supply_app = _group("房源筹集：统计、登记")
_add(supply_app, "report", supply.report)
_add(supply_app, "add", supply.add)
app.add_typer(supply_app, name="supply")

dispatch_app = _group("房源调配：冻结、调配、退回、列表、统计")
_add(dispatch_app, "freeze", dispatch.freeze)
_add(dispatch_app, "make", dispatch.make)
_add(dispatch_app, "return", dispatch.give_back)
_add(dispatch_app, "list", dispatch.list_dispatches)
_add(dispatch_app, "report", dispatch.report)
app.add_typer(dispatch_app, name="dispatch")

units_app = _group("房源：入住率、空置、单套经过、统计")
_add(units_app, "occupancy", units.occupancy)
_add(units_app, "vacant", units.vacant)
_add(units_app, "show", units.show_unit)
_add(units_app, "report", units.report)
app.add_typer(units_app, name="units")


def command() -> Any:
    """The app as the parser's command object."""
    return typer.main.get_command(app)
