"""Every command's name and place: group, command, and the function that is its body.

A body stands as "module:function" below `zhubao.cli` and is imported when it is asked for, so that
a command never pays for the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Union

Entry = Union[str, "CommandGroup"]


@dataclass(frozen=True, slots=True)
class CommandGroup:
    """A group: its help, and its commands in the order of its help."""

    help: str
    commands: Mapping[str, Entry]


RENT = CommandGroup(
    "租金：计租、收款、欠租、分期、走访、文书、月报、汇缴",
    {
        "charge": "rent_charge:charge",
        "receive": "rent_receive:receive",
        "import": "rent_import:import_statement",
        "suspense": "rent_import:suspense",
        "write-off": "rent_receive:write_off",
        "arrears": "rent:arrears",
        "statement": "rent_statement:statement",
        "visits": "rent_visits:visits",
        "notices": "rent_notices:notices",
        "month": "rent_month:month",
        "remit": "rent_month:remit",
        "plan": CommandGroup(
            "分期协议：订立、列表、检查",
            {
                "make": "rent_plan:make",
                "list": "rent_plan:list_plans",
                "check": "rent_plan:check",
            },
        ),
    },
)
ALLOCATE = CommandGroup(
    "配租：轮候、冻结、摇号、验证、选房安排、选房签约、公示",
    {
        "waitlist": "allocate_waitlist:waitlist",
        "conflicts": "allocate_waitlist:conflicts",
        "freeze": "allocate_freeze:freeze",
        "announce": "allocate_freeze:announce",
        "draw": "allocate_draw:draw",
        "verify": "allocate_draw:verify",
        "schedule": "allocate_schedule:schedule",
        "select": "allocate_select:select",
        "sign": "allocate_select:sign",
        "publish": "allocate_publish:publish",
        "statistics": "allocate_publish:statistics",
        "report": "allocate_publish:report",
    },
)
SUPPLY = CommandGroup("房源筹集：统计、登记", {"report": "supply:report", "add": "supply:add"})
DISPATCH = CommandGroup(
    "房源调配：冻结、调配、退回、列表、统计",
    {
        "freeze": "dispatch:freeze",
        "make": "dispatch:make",
        "return": "dispatch:give_back",
        "list": "dispatch:list_dispatches",
        "report": "dispatch:report",
    },
)
UNITS = CommandGroup(
    "房源：入住率、空置、单套经过、统计",
    {
        "occupancy": "units:occupancy",
        "vacant": "units:vacant",
        "show": "units:show_unit",
        "report": "units:report",
    },
)

TABLE: Mapping[str, Entry] = {
    "init": "init:init",
    "demo": "demo:demo",
    "check": "check:check",
    "schema": "schema:schema",
    "explain": "schema:explain",
    "convert": "convert:convert",
    "diff": "diff:diff",
    "history": "history:history",
    "undo": "history:undo",
    "verify-journal": "history:verify_journal",
    "rent": RENT,
    "allocate": ALLOCATE,
    "supply": SUPPLY,
    "dispatch": DISPATCH,
    "units": UNITS,
}
