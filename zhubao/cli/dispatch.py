"""`zhubao dispatch …`: 房源调配 of units and lots to redevelopment projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from zhubao.cli.options import (
    AsOf,
    Json,
    PeriodText,
    ReportFile,
    ShowAll,
    chosen_bureau,
    cut_off,
    parse_date,
    parse_period,
)
from zhubao.cli.output import answer
from zhubao.cli.supply import DateText
from zhubao.cli.writing import Asked, DryRun, Yes, carry_out_reported, formats_of
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.loaded import Loaded
    from zhubao.supply.dispatch_moves import DispatchOrder, Moves

Project = Annotated[str, typer.Option("--project", metavar="项目", help="棚改项目")]
HousingType = Annotated[
    str, typer.Option("--type", metavar="类型", help="房源类型：经适房、商品房或公租房")
]
Units = Annotated[
    Optional[list[str]],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--unit", metavar="编号", help="房源编号；可以写多个，或用逗号隔开"),
]
BatchNo = Annotated[str, typer.Option("--batch", metavar="批号", help="从哪一批筹集的房源里出")]
Count = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--count", metavar="套数", help="整批调配的套数；写了 --unit 的不用写"),
]
Headquarters = Annotated[
    str, typer.Option("--headquarters", metavar="指挥部", help="不写则沿用该项目上一次的")
]
Remark = Annotated[str, typer.Option("--remark", metavar="说明", help="备注")]


def freeze(
    context: typer.Context,
    project: Project,
    housing_type: HousingType,
    unit: Units = None,
    batch: BatchNo = "",
    count: Count = None,
    headquarters: Headquarters = "",
    remark: Remark = "",
    date: DateText = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """冻结房源，留给一个棚改项目，以后再调配。

    写 --unit 逐套冻结，每套一张调配单，房源状态改为“预留”；写 --batch 和 --count 整批冻结。
    已出租、已调配、在没有结束的摇号活动里、选定没签约、已处置的都不能冻结，占用在哪里会列出。
    整批的不能多于这一批的余量。
    """
    bureau, day, latest = _where_and_when(context, as_of, date)
    words = (project, housing_type, day, _split(unit), batch, count, headquarters, remark)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json)
    _place(bureau, _order(words), latest, asked, frozen=True)


def make(
    context: typer.Context,
    numbers: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Argument(metavar="调配编号", help="已冻结的调配单；可以写多个"),
    ] = None,
    project: Project = "",
    housing_type: HousingType = "",
    unit: Units = None,
    batch: BatchNo = "",
    count: Count = None,
    headquarters: Headquarters = "",
    remark: Remark = "",
    date: DateText = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """调配房源：把冻结的调配单转为已调配，或者不经冻结直接调配。

    写调配编号的，转为已调配；写 --project、--type 的，直接调配，其余选项与 freeze 相同。
    """
    bureau, day, latest = _where_and_when(context, as_of, date)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json)
    direct = (project, housing_type, batch, headquarters, remark, *(unit or ()), count or "")
    if numbers:
        if any(direct):
            raise UsageError(
                "写了调配编号，又写了直接调配的选项",
                advice="转为已调配的只写调配编号和 --date；直接调配的不写调配编号。",
            )
        _make_frozen(bureau, numbers, day, latest, asked)
        return
    if not (project and housing_type):
        raise UsageError(
            "没有说清调配什么", advice="请写调配编号，或写 --project 和 --type 直接调配。"
        )
    words = (project, housing_type, day, _split(unit), batch, count, headquarters, remark)
    _place(bureau, _order(words), latest, asked, frozen=False)


def give_back(
    context: typer.Context,
    numbers: Annotated[list[str], typer.Argument(metavar="调配编号", help="可以写多个")],
    reason: Annotated[str, typer.Option("--reason", metavar="原因", help="退回原因，记入备注")],
    count: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--count", metavar="套数", help="只退一部分：一张调配单里退回的套数"),
    ] = None,
    date: DateText = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """退回调配的房源，或者解除冻结。

    房源状态改回“空置”，空置起始日是退回日期。只退一部分的，退回的另起一行，原来的一行减少套数。
    """
    from zhubao.supply.dispatching import give_back as work_out

    bureau, day, latest = _where_and_when(context, as_of, date)
    loaded, _ = _loaded(bureau)
    moves = work_out(_split(numbers), day, reason, loaded, count=count)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json)
    _carry_out(moves, loaded, bureau, latest, ("dispatch return", asked), {})


def list_dispatches(
    context: typer.Context,
    project: Project = "",
    housing_type: HousingType = "",
    state: Annotated[
        str, typer.Option("--state", metavar="状态", help="已冻结、已调配或已退回")
    ] = "",
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """列出调配单和截止日期那一天的状态，并检查台账里已有的差错。"""
    from zhubao.ledger.units import DispatchStatus, DispatchType
    from zhubao.supply.dispatch_report import Wanted, list_report
    from zhubao.supply.needs import DISPATCH_MODELS

    _refuse_unknown("--type", housing_type, [kind.value for kind in DispatchType])
    _refuse_unknown("--state", state, [status.value for status in DispatchStatus])
    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    wanted = Wanted(project, housing_type, state)
    loaded = bureau.load(*DISPATCH_MODELS)
    made = list_report(loaded, wanted, day, bureau=bureau.name, origin=origin)
    answer(made, bureau, out, show_all=show_all, as_json=as_json)


def report(
    context: typer.Context,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """房源调配统计：按项目和类型，以及各批筹集房源的余量。

    同时检查台账里已有的差错：一套房源在两张调配单上、调配了又出租、调配多于筹集、日期颠倒等。
    """
    from zhubao.supply.dispatch_report import dispatch_report
    from zhubao.supply.needs import DISPATCH_MODELS

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    span = parse_period(period, day)
    loaded = bureau.load(*DISPATCH_MODELS)
    made = dispatch_report(loaded, span, day, bureau=bureau.name, origin=origin)
    answer(made, bureau, out, show_all=show_all, as_json=as_json)


def _where_and_when(
    context: typer.Context, as_of: str | None, date: str | None
) -> tuple[Bureau, dt.date, dt.date]:
    """The bureau, the day of the step, and the cut-off date."""
    bureau = chosen_bureau(context)
    latest, _ = cut_off(as_of, bureau.config.as_of)
    return bureau, parse_date(date, "--date") or latest, latest


def _order(words: tuple[Any, ...]) -> DispatchOrder:
    from zhubao.supply.dispatch_moves import DispatchOrder

    return DispatchOrder(*words)


def _place(
    bureau: Bureau, order: DispatchOrder, latest: dt.date, asked: Asked, *, frozen: bool
) -> None:
    from zhubao.supply.dispatching import place

    loaded, drawn = _loaded(bureau)
    moves = place(order, loaded, drawn, frozen=frozen)
    command = "dispatch freeze" if frozen else "dispatch make"
    arguments = {"project": order.project, "type": order.housing_type}
    _carry_out(moves, loaded, bureau, latest, (command, asked), arguments)


def _make_frozen(
    bureau: Bureau, numbers: Sequence[str], day: dt.date, latest: dt.date, asked: Asked
) -> None:
    from zhubao.supply.dispatching import dispatch_frozen

    loaded, drawn = _loaded(bureau)
    moves = dispatch_frozen(_split(numbers), day, loaded, drawn)
    _carry_out(moves, loaded, bureau, latest, ("dispatch make", asked), {})


def _loaded(bureau: Bureau) -> tuple[Loaded, Any]:
    """The sheets, and the units that open draws hold."""
    from zhubao.ledger.store.frozen_units import units_held_by_draws
    from zhubao.supply.needs import DISPATCH_WRITE_MODELS

    loaded = bureau.load(*DISPATCH_WRITE_MODELS)
    return loaded, units_held_by_draws(bureau.root, loaded)


def _carry_out(
    moves: Moves,
    loaded: Loaded,
    bureau: Bureau,
    latest: dt.date,
    how: tuple[str, Asked],
    arguments: dict[str, str],
) -> None:
    from zhubao.supply.dispatch_moves import dispatch_change
    from zhubao.supply.dispatch_report import moves_report

    command, asked = how
    made = moves_report(moves, as_of=latest, bureau=bureau.name)
    change = dispatch_change(moves, loaded, formats_of(bureau))
    numbers = "、".join(move.number for move in moves.moves)
    said = {"numbers": numbers, "date": moves.day.isoformat(), **arguments}
    carry_out_reported(made, change, bureau, command, asked, said)


def _split(words: Sequence[str] | None) -> tuple[str, ...]:
    """Several numbers in one word, parted by commas, are several words."""
    parts = (part for word in words or () for part in word.replace("，", ",").split(","))
    return tuple(part.strip() for part in parts if part.strip())


def _refuse_unknown(option: str, word: str, known: Sequence[str]) -> None:
    if word and word not in known:
        raise UsageError(f"选项 {option} 没有“{word}”", advice=f"可以写：{'、'.join(known)}。")
