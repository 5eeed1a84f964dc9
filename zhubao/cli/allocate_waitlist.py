"""`zhubao allocate waitlist` and `conflicts`: who waits in which order, and who must step aside."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Optional

import typer

from zhubao.cli.background import being_read, warm_up
from zhubao.cli.options import (
    AsOf,
    Json,
    PeriodText,
    ShowAll,
    chosen_bureau,
    cut_off,
    parse_period,
)
from zhubao.cli.output import finish, save_workbook, say, show


class Standing(StrEnum):
    """The values of --status, as 轮候状态 has them."""

    WAITING = "轮候中"
    PENDING = "待审核"
    HOUSED = "已配租"
    ABANDONED = "已放弃"
    DISQUALIFIED = "取消资格"


Category = Annotated[str, typer.Option("--category", metavar="类别", help="只列一个轮候类别")]
Group = Annotated[
    str,
    typer.Option("--group", metavar="优先类别", help="只列一个优先类别；没有优先类别的写 普通"),
]
Status = Annotated[
    Standing,
    typer.Option(
        "--status",
        metavar="状态",
        help="轮候中（默认）、待审核、已配租、已放弃、取消资格；后三种列截止日期以前出册的",
    ),
]
Event = Annotated[
    str, typer.Option("--event", metavar="活动编号", help="比对这次活动的名册；不写则比对轮候名单")
]
Workbook = Annotated[
    Optional[Path],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--out", metavar="文件", help="另存一份工作簿，每行链接到台账单元格"),
]


def waitlist(
    context: typer.Context,
    as_of: AsOf = None,
    period: PeriodText = None,
    category: Category = "",
    group: Group = "",
    status: Status = Standing.WAITING,
    out: Workbook = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """轮候名单：某一天谁在轮候，各类别里谁先谁后，为什么。

    按优先类别、积分（本局启用的话）、批准日期、轮候号排序；按人口列应配户型，与意向户型对照。
    同时查出：一人两户、重复登记、已经在租、限制申请期未满、在领补贴、轮候满年限、已退出等，逐条列出位置。
    可回放过去任何一天；附本期变动：期初＋批准－配租－放弃－取消资格＝期末，户数、人数都列。
    只读台账，不改动台账。积分公式、优先顺序、户型标准可在 zhubao.toml 的 [policy] 里改。
    """
    from zhubao.allocation.waiting.eligibility import ELIGIBILITY_MODELS

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    span = parse_period(period, day)
    loading = being_read(context.obj, bureau, ELIGIBILITY_MODELS)
    from zhubao.allocation.waiting.waitlist_report import WaitlistOptions, waitlist_report
    from zhubao.ledger.tenants import WaitingStatus

    warm_up(as_json=as_json)
    report = waitlist_report(
        loading.result(),
        span,
        WaitlistOptions(category.strip(), group.strip(), WaitingStatus(status.value)),
        bureau=bureau.name,
        overrides=bureau.config.policy,
        origin=origin if span.end == day else "取自统计期间",
    )
    show(report, as_json=as_json, show_all=show_all, notices=False)
    if out is not None:
        say(f"工作簿：{save_workbook(report, out, bureau.root)}", as_json=as_json)
    finish(list(report.findings))


def conflicts(
    context: typer.Context,
    event: Event = "",
    as_of: AsOf = None,
    out: Workbook = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """回避核对：参加家庭的全部成员，与“利害关系人”表（工作人员和亲属）逐人比对。

    身份证号相同的（15 位与 18 位算同一个）列为“须申报、回避”：只是提醒，不是结论，不影响参加摇号。
    只是姓名相同、号码不同的另列一表，是同名巧合；号码读不出的单列，须当面核对。空着的不与空着的相比。
    """
    from zhubao.allocation.waiting.conflicts import CONFLICT_MODELS

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    loading = being_read(context.obj, bureau, CONFLICT_MODELS)
    from zhubao.allocation.waiting.conflict_report import conflict_report
    from zhubao.allocation.waiting.conflicts import find_conflicts

    warm_up(as_json=as_json)
    loaded = loading.result()
    found = find_conflicts(loaded, day, event.strip())
    report = conflict_report(found, bureau=bureau.name, origin=origin)
    show(report, as_json=as_json, show_all=show_all, notices=False)
    if out is not None:
        say(f"工作簿：{save_workbook(report, out, bureau.root)}", as_json=as_json)
    finish(list(report.findings))
