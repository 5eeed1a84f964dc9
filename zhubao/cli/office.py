"""`zhubao office …`: tickets, special cases, deliveries, training, publicity, care, attendance."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from zhubao.cli.options import AsOf, Json, PeriodText, ShowAll, chosen_bureau, cut_off, parse_period
from zhubao.cli.output import finish, save_report, say, show

ReportFile = Annotated[
    Optional[Path],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--out", metavar="文件", help="另存为 .xlsx、.docx 或 .html"),
]


def tickets(
    context: typer.Context,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """12345 工单：收到、办结、在办、超期，按期办结率和满意率。

    办结按办结日期归期间；超期指期限早于截止日期还没有办结的，期限当天不算。
    """
    _topic(context, "tickets", period, as_of, out, show_all, as_json)


def cases(
    context: typer.Context,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """项目个案：收到、解决、在办、超期，按期办结率。

    “无法解决”的算办结，不算解决。
    """
    _topic(context, "cases", period, as_of, out, show_all, as_json)


def deliveries(
    context: typer.Context,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """报件：次数、件数、退件，并列出次数不够的周。

    每周应报几次可在 zhubao.toml 的 [policy.office.deliveries_per_week] 里改，默认两次。
    工作日少于这个次数的周，按工作日数要求；还没有过完的周不评。
    """
    _topic(context, "deliveries", period, as_of, out, show_all, as_json)


def training(
    context: typer.Context,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """培训：场次和人次。"""
    _topic(context, "training", period, as_of, out, show_all, as_json)


def publicity(
    context: typer.Context,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """宣传：信息、新闻稿、媒体报道、问卷，并按平台列出篇数。"""
    _topic(context, "publicity", period, as_of, out, show_all, as_json)


def care(
    context: typer.Context,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """慰问：看望住院退休干部、追悼会和其他慰问。"""
    _topic(context, "care", period, as_of, out, show_all, as_json)


def attendance(
    context: typer.Context,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """考勤考核：逐月的出勤率、请假、平均得分和等次。"""
    _topic(context, "attendance", period, as_of, out, show_all, as_json)


def report(
    context: typer.Context,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """一个期间的综合业务：以上各项的合计、逐月数和要注意的清单。

    每个数都附台账单元格；用 --out 存成表格、Word 或网页。
    """
    _topic(context, "", period, as_of, out, show_all, as_json)


def overdue(
    context: typer.Context,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """超期未办结：工单、个案、违规与变动、安全隐患、审计问题，按期限从早到晚。"""
    from zhubao.ledger.checks.keys import with_repeats
    from zhubao.services.office.deadlines import REGISTERS
    from zhubao.services.office.report import overdue_report

    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    loaded = with_repeats(bureau.load(*(register.model for register in REGISTERS)))
    made = overdue_report(loaded, day, bureau=bureau.name, findings=loaded.findings)
    _answer(made, bureau, out, show_all, as_json)


def _topic(
    context: typer.Context,
    topic: str,
    period: str | None,
    as_of: str | None,
    out: Path | None,
    show_all: bool,
    as_json: bool,
) -> None:
    """One topic; all of them for ""."""
    from zhubao.ledger.checks.keys import with_repeats
    from zhubao.ledger.work_calendar import calendar_of
    from zhubao.services.office.report import TOPICS, Asked, office_report, topic_report

    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    span = parse_period(period, day)
    topics = [TOPICS[topic]] if topic else list(TOPICS.values())
    loaded = with_repeats(bureau.load(*(model for one in topics for model in one.models)))
    calendar = calendar_of(bureau)
    asked = Asked(loaded, span, day, calendar.is_workday, bureau.config.policy)
    common: dict[str, Any] = {"bureau": bureau.name, "findings": loaded.findings}
    made = topic_report(topic, asked, **common) if topic else office_report(asked, **common)
    _answer(made, bureau, out, show_all, as_json)


def _answer(made: Any, bureau: Any, out: Path | None, show_all: bool, as_json: bool) -> None:
    show(made, as_json=as_json, show_all=show_all, notices=False)
    if out is not None:
        say(f"文件：{save_report(made, out, bureau.root)}", as_json=as_json)
    finish(list(made.findings))
