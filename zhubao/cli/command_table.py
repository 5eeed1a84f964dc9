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
SUBSIDY = CommandGroup(
    "补贴：租赁补贴的核定、签到、发放、停发、统计，职工住房补贴",
    {
        "entitle": "subsidy:entitle",
        "signin": "subsidy:signin",
        "roll": "subsidy_roll:roll",
        "stop": "subsidy:stop",
        "report": "subsidy:report",
        "staff": CommandGroup(
            "职工住房补贴：统计、补正清单、审批、补齐、退回",
            {
                "report": "subsidy_staff:report",
                "incomplete": "subsidy_staff:incomplete",
                "approve": "subsidy_staff:approve",
                "complete": "subsidy_staff:complete",
                "return": "subsidy_staff:give_back",
            },
        ),
    },
)
PATROL = CommandGroup(
    "动态管理：巡查、重点对象、违规与变动、专项整治、空置核查、安全",
    {
        "plan": "patrol:plan",
        "record": "patrol:record",
        "import": "patrol:import_visits",
        "key": "patrol:key",
        "report": "patrol:report",
        "cases": "patrol_cases:cases",
        "case": "patrol_cases:case",
        "campaigns": "patrol_cases:campaigns",
        "vacancy": "patrol_vacancy:vacancy",
        "safety": "patrol_vacancy:safety",
    },
)
APPROVAL = CommandGroup(
    "审批：时限、超期、统计、单件经过、工作日推算",
    {
        "list": "approval:list_approvals",
        "overdue": "approval:overdue",
        "report": "approval:report",
        "show": "approval:show_one",
        "workdays": "approval:workdays",
    },
)
REVIEW = CommandGroup(
    "年审：名单、录入、建议、结论、告知、统计",
    {
        "list": "review:list_households",
        "enter": "review:enter",
        "propose": "review:propose",
        "decide": "review_decide:decide",
        "notices": "review_decide:notices",
        "report": "review:report",
    },
)
CONTRACTOR = CommandGroup(
    "购买服务考核：评分、汇总", {"score": "contractor:score", "report": "contractor:report"}
)
OFFICE = CommandGroup(
    "综合：工单、个案、报件、培训、宣传、慰问、考勤",
    {
        "report": "office:report",
        "overdue": "office:overdue",
        "tickets": "office:tickets",
        "cases": "office:cases",
        "deliveries": "office:deliveries",
        "training": "office:training",
        "publicity": "office:publicity",
        "care": "office:care",
        "attendance": "office:attendance",
    },
)
AUDIT = CommandGroup(
    "审计：规则检查、清单比对、疑点到销号、整改清单、取证",
    {
        "check": "audit:check",
        "list": "audit:list_checks",
        "match": "audit_match:match",
        "verify": "audit_rectify:verify",
        "clear": "audit_rectify:clear",
        "open": "audit_rectify:open_findings",
        "progress": "audit_rectify:progress",
        "follow-up": "audit_rectify:follow_up",
        "close": "audit_rectify:close",
        "checklist": "audit_checklist:checklist",
        "evidence": "audit_evidence:evidence",
    },
)
SUMMARY = CommandGroup(
    "总结：月、半年、年度工作总结，两期比较",
    {
        "half-year": "summary:half_year",
        "month": "summary:month",
        "year": "summary:year",
        "compare": "summary_compare:compare",
    },
)
BATCH = CommandGroup(
    "批处理：月末的活一次做完",
    {"run": "batch:run", "example": "batch:example", "show": "batch:show_runs"},
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
    "record": "registers:record",
    "list": "registers:list_rows",
    "rent": RENT,
    "allocate": ALLOCATE,
    "supply": SUPPLY,
    "dispatch": DISPATCH,
    "units": UNITS,
    "subsidy": SUBSIDY,
    "patrol": PATROL,
    "approval": APPROVAL,
    "review": REVIEW,
    "contractor": CONTRACTOR,
    "office": OFFICE,
    "audit": AUDIT,
    "summary": SUMMARY,
    "targets": "targets:targets",
    "trace": "trace:trace",
    "batch": BATCH,
}
