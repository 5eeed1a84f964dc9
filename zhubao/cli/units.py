"""`zhubao units …`: occupancy, vacancy, one unit's history, counts."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

import typer

from zhubao.cli.options import AsOf, Json, ReportFile, ShowAll, chosen_bureau, cut_off
from zhubao.cli.output import answer


class SplitBy(StrEnum):
    """What occupancy is split by."""

    ESTATE = "小区"
    OWNERSHIP = "产权"
    LAYOUT = "户型"


By = Annotated[SplitBy, typer.Option("--by", metavar="分类", help="小区、产权或户型")]
Estate = Annotated[str, typer.Option("--estate", metavar="小区", help="只列一个小区")]
MinMonths = Annotated[
    int, typer.Option("--min-months", metavar="月数", help="只列连续空置满这么多个月的", min=0)
]


def occupancy(
    context: typer.Context,
    as_of: AsOf = None,
    by: By = SplitBy.ESTATE,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """入住率：在租套数除以可出租套数，分子分母都列出。

    按租赁合同计算，可以回放过去任何一天；同时列出按房源状态列的算法，不一致的房源逐套列出。
    状态列没有日期，过去的日子只由合同和交付日期回放，也不与状态列对照。
    """
    from zhubao.supply import occupancy as core
    from zhubao.supply.needs import UNIT_MODELS
    from zhubao.supply.units_report import occupancy_report

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    present = day >= (bureau.config.as_of or dt.date.today())
    result = core.compute_occupancy(bureau.load(*UNIT_MODELS), day, reconcile=present)
    made = occupancy_report(
        result,
        core.By(by.value),
        detail=out is not None,
        bureau=bureau.name,
        origin=origin,
    )
    answer(made, bureau, out, show_all=show_all, as_json=as_json)


def vacant(
    context: typer.Context,
    as_of: AsOf = None,
    estate: Estate = "",
    min_months: MinMonths = 0,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """空置房源：空了多少天、整多少个月，满 6 个月的标出。

    月数连续计算，满 6 个月含本数。
    列的是没有租出去的房源；租出去却没人住的（办法第二十七条），见空置核查。
    """
    from zhubao.supply.needs import UNIT_MODELS
    from zhubao.supply.vacancy import compute_vacancies
    from zhubao.supply.vacancy_report import vacancy_report

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    rules = bureau.config.policy
    result = compute_vacancies(
        bureau.load(*UNIT_MODELS), day, estate=estate, min_months=min_months, overrides=rules
    )
    made = vacancy_report(result, bureau=bureau.name, origin=origin, overrides=rules)
    answer(made, bureau, out, show_all=show_all, as_json=as_json)


def show_unit(
    context: typer.Context,
    unit: Annotated[str, typer.Argument(metavar="房源编号", help="房源编号")],
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """一套房源的经过：交付、合同、应收、选房、调配、巡查和空置的日子。"""
    from zhubao.supply.needs import HISTORY_MODELS
    from zhubao.supply.unit_history import unit_history
    from zhubao.supply.units_report import history_report, policy_months

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    limit = policy_months(day, bureau.config.policy)
    history = unit_history(bureau.load(*HISTORY_MODELS), unit, day, limit_months=limit)
    made = history_report(history, bureau=bureau.name, origin=origin)
    answer(made, bureau, out, show_all=show_all, as_json=as_json)


def report(
    context: typer.Context,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """房源统计：各小区、各产权、各户型按状态各有多少套。

    按房源状态列统计台账现状，不能回放过去某一天；过去的入住率见 units occupancy。
    """
    from zhubao.ledger.units import Unit
    from zhubao.supply.units_report import units_report

    bureau = chosen_bureau(context)
    day, _ = cut_off(None, bureau.config.as_of)
    made = units_report(bureau.load(Unit), as_of=day, bureau=bureau.name)
    answer(made, bureau, out, show_all=show_all, as_json=as_json)
