"""Figures of supply, dispatch and units."""

from __future__ import annotations

from collections import Counter

from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import (
    Developer,
    Dispatch,
    DispatchType,
    PipelineProject,
    SupplyBatch,
    SupplyChannel,
    Unit,
)
from zhubao.summary.indicators.figures import Measured, Scope, figure
from zhubao.supply.needs import SUPPLY_MODELS
from zhubao.supply.occupancy import Standing, ratio_of, standings_on
from zhubao.supply.raising import Raised, TermStage, compute_raised
from zhubao.supply.slips import Slip, read_slips
from zhubao.supply.tenancies import tenancies

NO_ESTATE = "（未填小区）"
_RAISED_BY = "zhubao supply report"
_DISPATCHED_BY = "zhubao dispatch report"


def raised_batches(scope: Scope) -> Raised:
    """The batches raised in the period."""
    return compute_raised(scope.loaded, scope.period, scope.as_of, overrides=scope.overrides)


def unit_standings(scope: Scope) -> tuple[Standing, ...]:
    """Every unit on the last day that counts: lettable or not, and the lease it is let under."""
    return tuple(standings_on(scope.loaded, scope.shared(tenancies), scope.day))


@figure(
    "supply.raised",
    "房源筹集",
    "套",
    "筹集日期在期间内的各批套数之和",
    example="6月30日筹集 305 套、7月1日筹集 40 套：上半年计 305 套",
    sheets=(SupplyBatch,),
    reads=SUPPLY_MODELS,
    command=_RAISED_BY,
    target="CJ",
)
def supply_raised(scope: Scope) -> Measured:
    """Σ 套数 of the batches raised in the period, all channels."""
    raised = scope.once(raised_batches)
    return _batches(raised, list(raised.batches))


def _declare_channel(channel: SupplyChannel, name: str) -> None:
    @figure(
        f"supply.raised.{name}",
        f"筹集{channel.value}",
        "套",
        f"筹集日期在期间内、渠道是{channel.value}的各批套数之和",
        example=f"3月筹集{channel.value} 60 套、6月30日 45 套、7月1日 20 套，别的渠道 30 套："
        "上半年计 105 套",
        sheets=(SupplyBatch,),
        reads=SUPPLY_MODELS,
        command=_RAISED_BY,
    )
    def raised_by_channel(scope: Scope) -> Measured:
        """Σ 套数 of the period's batches of one channel."""
        raised = scope.once(raised_batches)
        return _batches(raised, raised.of_channel(channel))


for _channel in SupplyChannel:
    _declare_channel(_channel, _channel.name.lower())


@figure(
    "supply.pipeline",
    "筹建房源",
    "套",
    "市级批准日期不晚于期间最后一天（或截止日）的筹建项目预计套数之和",
    example="甲项目 6月30日市级批准、预计 200 套，乙项目 7月1日批准、预计 100 套，"
    "丙项目还没有批准日期：6月30日计 200 套",
    sheets=(PipelineProject,),
    command=_RAISED_BY,
    is_stock=True,
)
def supply_pipeline(scope: Scope) -> Measured:
    """Σ 预计套数 of the projects the city has approved by the day."""
    table = scope.loaded.get(PipelineProject)
    approved, expected = table.column("city_approved_on"), table.column("expected_units")
    rows = [
        row
        for row in table.usable("expected_units")
        if approved[row] is not None and approved[row] <= scope.day and expected[row]
    ]
    cells = tuple(table.cell(row, "expected_units") for row in rows)
    names, stages = table.column("name"), table.column("stage")
    note = "、".join(f"{names[row]}（{stages[row] or '阶段未填'}）" for row in rows)
    return Measured(sum(expected[row] for row in rows), cells, note=note)


@figure(
    "supply.cooperating",
    "仍在合作的开发商",
    "家",
    "期间最后一天（或截止日）在合作期限之内的合作开发商",
    example="甲公司合作到 6月30日，乙公司到 6月29日，丙公司 7月1日开始：6月30日计 1 家",
    sheets=(Developer,),
    reads=SUPPLY_MODELS,
    command=_RAISED_BY,
    is_stock=True,
)
def supply_cooperating(scope: Scope) -> Measured:
    """Developers whose term of cooperation covers the day; the terms' months in the note."""
    raised = compute_raised(scope.loaded, scope.span, scope.day, overrides=scope.overrides)
    going = [term for term in raised.developers if term.stage is not TermStage.AHEAD]
    going = [term for term in going if term.is_going]
    months = sorted({term.months for term in going})
    note = (
        f"合作期限 {'—'.join(map(str, dict.fromkeys((months[0], months[-1]))))} 个月"
        if months
        else ""
    )
    return Measured(len(going), tuple(term.cell for term in going), note=note)


@figure(
    "dispatch.units",
    "房源调配",
    "套",
    "调配日期在期间内的各单套数之和，后来退回的也计入",
    example="6月30日调配 10 套（7月5日退回），7月1日调配 8 套，另有 3 套冻结、没有调配日期："
    "上半年计 10 套",
    sheets=(Dispatch,),
    command=_DISPATCHED_BY,
    target="DP",
)
def dispatched(scope: Scope) -> Measured:
    """Σ 套数 of the dispatches of the period, all types."""
    return _dispatched(scope, None)


def _declare_type(housing: DispatchType, name: str) -> None:
    @figure(
        f"dispatch.units.{name}",
        f"调配{housing.value}",
        "套",
        f"调配日期在期间内、类型是{housing.value}的各单套数之和，后来退回的也计入",
        example=f"6月30日调配{housing.value} 12 套、3月 2 套（4月退回），3月调配别的类型 5 套："
        "上半年计 14 套",
        sheets=(Dispatch,),
        command=_DISPATCHED_BY,
    )
    def dispatched_of_type(scope: Scope) -> Measured:
        """Σ 套数 of the period's dispatches of one type."""
        return _dispatched(scope, housing)


for _housing in DispatchType:
    _declare_type(_housing, _housing.name.lower())


@figure(
    "units.delivered",
    "新交付房源",
    "套",
    "交付日期在期间内的房源",
    example="6月30日交付 40 套，7月1日交付 20 套，没有填交付日期的 3 套：上半年计 40 套",
    sheets=(Unit,),
    command="zhubao units report",
)
def units_delivered(scope: Scope) -> Measured:
    """Units whose 交付日期 lies in the period; the estates in the note."""
    table, rows = scope.loaded.get(Unit), delivered_rows(scope)
    estates = table.column("estate")
    counts = Counter(estates[row] or NO_ESTATE for row in rows)
    note = "、".join(f"{name} {count} 套" for name, count in sorted(counts.items()))
    return Measured(len(rows), tuple(table.cell(row, "delivered_on") for row in rows), note=note)


@figure(
    "units.occupancy",
    "公租房入住率",
    "套",
    "期间最后一天（或截止日）有在租合同的房源 ÷ 可出租房源（在租和空置；装修中、预留、已处置、"
    "未交付的不算）；房源状态没有历史，过去的日期也按台账现在的状态，交付和租赁按各自的日期",
    example="6月30日在租 90 套，当天退租、状态已是空置的 1 套，原来空置的 7 套，装修中 2 套："
    "90/98 套",
    sheets=(Lease, Unit),
    reads=(Dispatch,),
    command="zhubao units occupancy",
    is_rate=True,
    target="RZ",
    is_stock=True,
)
def units_occupancy(scope: Scope) -> Measured:
    """Occupied ÷ lettable on the last day that counts, replayed from the leases."""
    standings = scope.once(unit_standings)
    leases, units = scope.loaded.get(Lease), scope.loaded.get(Unit)
    let = [one.lease.index for one in standings if one.lease is not None]
    lettable = [one.index for one in standings if one.lettable]
    ratio = ratio_of(standings)
    return Measured(
        ratio.numerator,
        tuple(leases.cell(row, "lease_no") for row in let),
        ratio.denominator,
        tuple(units.cell(row, "status") for row in lettable),
    )


def delivered_rows(scope: Scope) -> list[int]:
    """The rows of 房源 whose 交付日期 lies in the period."""
    table = scope.loaded.get(Unit)
    days = table.column("delivered_on")
    return [
        row
        for row in table.usable("unit_no", "delivered_on")
        if days[row] is not None and scope.span.contains(days[row])
    ]


def dispatched_slips(scope: Scope) -> list[Slip]:
    """The dispatches of the period, of every type."""
    return [
        slip
        for slip in read_slips(scope.loaded)
        if slip.dispatched_on is not None and scope.span.contains(slip.dispatched_on)
    ]


def _batches(raised: Raised, batches: list[int]) -> Measured:
    cells = tuple(raised.table.cell(row, "unit_count") for row in batches)
    return Measured(raised.units(batches), cells)


def _dispatched(scope: Scope, housing: DispatchType | None) -> Measured:
    table = scope.loaded.get(Dispatch)
    every = scope.once(dispatched_slips)
    slips = [slip for slip in every if housing in (None, slip.housing_type)]
    cells = tuple(table.cell(slip.index, "unit_count") for slip in slips)
    return Measured(sum(slip.count for slip in slips), cells)
