"""`zhubao audit checklist`: the rectification checklist on the terminal and on paper."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Optional

import typer

from zhubao.cli.options import AsOf, Json, ReportFile, ShowAll, chosen_bureau, cut_off, parse_period
from zhubao.cli.output import finish, save_report, say, show
from zhubao.core.errors import UsageError

OpenOnly = Annotated[bool, typer.Option("--open", help="清单只列没有销号的；整改率仍按全部计")]
OfPeriod = Annotated[
    Optional[str],  # noqa: UP045  (typer reads this at run time)
    typer.Option(
        "--period",
        metavar="期间",
        help="只看这个期间的（期间内发现，或期初还没有销号），如 2020-H1；不写看全部",
    ),
]
Unmasked = Annotated[
    bool, typer.Option("--unmasked", help="写进文件的姓名、证件号不遮盖（内部资料）；只用于 --out")
]


def checklist(
    context: typer.Context,
    period: OfPeriod = None,
    as_of: AsOf = None,
    open_only: OpenOnly = False,
    out: ReportFile = None,
    unmasked: Unmasked = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """审计整改清单：按整改时限排，逾期的标红；整改率按件、按户、按金额，分类型和部门。

    内容取自 audit.xlsx 的问题清单、整改记录和回访，按截止日期当天的情况列，互相矛盾的一并指出。
    --out 写 .xlsx、.docx 或 .html，A4 横向，带签字栏；姓名默认遮盖。只读台账，不改动台账。
    """
    from zhubao.audit.checklist.report import checklist_report, compute_checklist
    from zhubao.audit.checklist.standing import CHECKLIST_MODELS

    if unmasked and out is None:
        raise UsageError("--unmasked 只用于写文件", advice="请用 --out 写明文件名。")
    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    span = parse_period(period, day) if period else None
    loaded = bureau.load(*CHECKLIST_MODELS)
    made = compute_checklist(loaded, day, period=span, open_only=open_only)
    told = partial(
        checklist_report, made, bureau=bureau.name, origin=origin, findings=loaded.findings
    )
    report = told()
    show(report, as_json=as_json, show_all=show_all)
    if out is not None:
        whole = told(unmasked=unmasked)
        path = save_report(whole, out, bureau.root, landscape=True)
        marked = "（内部资料，含未遮盖的个人信息）" if unmasked else ""
        say(f"整改清单：{path}{marked}", as_json=as_json)
    finish(list(report.findings))
