"""`zhubao targets`: 目标任务 against what is done."""

from __future__ import annotations

from dataclasses import replace

import typer

from zhubao.cli.options import (
    AsOf,
    Json,
    PeriodText,
    ReportFile,
    ShowAll,
    chosen_bureau,
    cut_off,
    parse_period,
)
from zhubao.cli.output import save_report, say, show


def targets(
    context: typer.Context,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """目标任务进度：半年目标、年度目标各完成多少，时间过去多少，哪些落后。

    从 1 月 1 日算到截止日期（写了期间的，算到期间的最后一天）；落后于时间进度的标出来。
    指标编号不认识的、计量单位对不上的列为发现。只读台账，不改动台账。
    """
    from zhubao.ledger.office import Target
    from zhubao.ledger.unread import absent
    from zhubao.ledger.work_calendar import calendar_of
    from zhubao.summary.targets.board import compute_targets, models_of_targets
    from zhubao.summary.targets.report import targets_report

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    day = parse_period(period, day).end
    loaded = bureau.load(*models_of_targets(bureau.load(Target), day))
    board = compute_targets(
        loaded, day, overrides=bureau.config.policy, calendar=calendar_of(bureau)
    )
    made = targets_report(board, bureau=bureau.name, origin=origin)
    made = replace(made, findings=(*absent(loaded), *made.findings))
    show(made, as_json=as_json, show_all=show_all)
    if out is not None:
        say(f"目标任务进度：{save_report(made, out, bureau.root)}", as_json=as_json)
