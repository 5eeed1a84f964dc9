"""What is already wrong in 房源调配: units in two places, lots above their batch, dates at odds."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from zhubao.core.finding import Finding, Severity, declare
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.units import Dispatch, Unit, UnitStatus
from zhubao.supply.slips import DISPATCHED, FROZEN, RETURNED, Slip
from zhubao.supply.stock import BatchStock, batch_stocks
from zhubao.supply.tenancies import tenancies

UNIT_DISPATCHED_TWICE = declare(
    "SU-110",
    "一套房源在两张调配单上",
    Severity.WARNING,
    "房源 {unit} 同时在调配单 {number}（{project}）和 {first}（{other}）上，两张都没有退回",
    "核对房源给了哪个项目，另一张用 zhubao dispatch return 退回",
    bad="DP0001 和 DP0007 都是房源 08-02-3-0104，都没有退回日期",
    good="DP0001 退回以后，DP0007 再调配同一套",
)
UNIT_DISPATCHED_AND_LET = declare(
    "SU-111",
    "房源调配了又出租",
    Severity.WARNING,
    "房源 {unit} 在调配单 {number}（{project}）上，没有退回，合同 {lease} 也在租",
    "核对房源归谁：归承租人的退回调配，归项目的办理退租",
    bad="房源 08-02-3-0104 在 DP0001 上没有退回，又有履行中的合同",
    good="调配退回以后才签合同",
)
LOT_ABOVE_BATCH = declare(
    "SU-112",
    "调配多于筹集",
    Severity.WARNING,
    "批次 {batch} 筹集 {raised} 套，占用 {used} 套，多出 {over} 套（调配单 {numbers}）",
    "核对这些调配单的筹集批号和套数；确有追加的，补登筹集批次",
    bad="CJ0006 筹集 76 套，调配单合计 251 套",
    good="冻结、调配减去退回不多于筹集的套数",
)
DISPATCH_DATES = declare(
    "SU-113",
    "调配日期先后颠倒",
    Severity.WARNING,
    "调配单 {number} 的{later}（{day}）早于{earlier}（{other}）",
    "对照调配通知改正日期",
    bad="调配日期 2020-03-01，退回日期 2020-02-01",
    good="冻结 2020-02-01，调配 2020-03-01，退回 2020-05-01",
)
DISPATCH_STATUS = declare(
    "SU-114",
    "调配状态与日期不符",
    Severity.WARNING,
    "调配单 {number} 的状态是“{status}”，{fault}",
    "对照调配通知，补日期或改状态；状态空着的算已调配",
    bad="状态“已退回”，退回日期空着",
    good="状态“已退回”，退回日期 2020-05-01",
)
DISPATCH_BEFORE_RAISED = declare(
    "SU-115",
    "调配早于筹集",
    Severity.WARNING,
    "调配单 {number} 于 {day} 占用批次 {batch} 的房源，这一批 {raised_on} 才筹集",
    "核对筹集批号和日期",
    bad="2020-01-10 调配 CJ0008，CJ0008 的筹集日期是 2020-06-23",
    good="筹集日期不晚于冻结日期、调配日期",
)
UNIT_COUNT_ODD = declare(
    "SU-116",
    "写了房源编号，套数不是 1",
    Severity.WARNING,
    "调配单 {number} 写了房源 {unit}，套数是 {count}，按 {count} 套统计",
    "一套房源一行，套数填 1；整批调配的不写房源编号",
    bad="房源编号 08-02-3-0104，套数 12",
    good="房源编号 08-02-3-0104，套数 1",
)
DISPATCHED_NOT_RESERVED = declare(
    "SU-117",
    "调配中的房源不是预留状态",
    Severity.WARNING,
    "房源 {unit} 在调配单 {number}（{project}）上，没有退回，状态却是“{status}”",
    "把房源状态改为“预留”，免得又配租；已退回的补填退回日期",
    bad="DP0001 的房源状态是“空置”",
    good="DP0001 的房源状态是“预留”",
)
_TITLES = {"frozen_on": "冻结日期", "dispatched_on": "调配日期", "returned_on": "退回日期"}


def check_dispatches(loaded: Loaded, slips: Sequence[Slip], as_of: dt.date) -> tuple[Finding, ...]:
    """Every fault of the rows begun by the day, sorted by place."""
    begun = [slip for slip in slips if slip.began_on is None or slip.began_on <= as_of]
    stocks = batch_stocks(loaded, slips, dt.date.max)
    found = [
        *_units_twice(loaded, begun, as_of),
        *_units_let(loaded, begun, as_of),
        *_units_not_reserved(loaded, begun, as_of),
        *_lots_above(stocks),
        *_before_raised(stocks, loaded),
    ]
    for slip in begun:
        found += _row_faults(loaded, slip)
    return tuple(sorted(found, key=lambda finding: finding.sort_key))


def _units_twice(loaded: Loaded, slips: Sequence[Slip], as_of: dt.date) -> Iterator[Finding]:
    """Two rows whose days of holding overlap by the day, each compared with the first of them."""
    by_unit: defaultdict[str, list[Slip]] = defaultdict(list)
    for slip in slips:
        if slip.unit_no and slip.holds_after(as_of):
            by_unit[slip.unit_no].append(slip)
    table = loaded.get(Dispatch)
    for unit, held in by_unit.items():
        for slip in held[1:]:
            yield UNIT_DISPATCHED_TWICE.at(
                table.cell(slip.index, "unit_no"),
                unit=unit,
                number=slip.number,
                project=slip.project,
                first=held[0].number,
                other=held[0].project,
            )


def _units_let(loaded: Loaded, slips: Sequence[Slip], as_of: dt.date) -> Iterator[Finding]:
    leases, table = tenancies(loaded), loaded.get(Dispatch)
    for slip in slips:
        if slip.unit_no is None or not slip.holds_after(as_of):
            continue
        live = next((one for one in leases.get(slip.unit_no, ()) if one.covers(as_of)), None)
        if live is not None:
            yield UNIT_DISPATCHED_AND_LET.at(
                table.cell(slip.index, "unit_no"),
                unit=slip.unit_no,
                number=slip.number,
                project=slip.project,
                lease=live.lease_no,
            )


def _units_not_reserved(loaded: Loaded, slips: Sequence[Slip], as_of: dt.date) -> Iterator[Finding]:
    """The status is the sheet's of today, so only what is held to this day is compared."""
    units = loaded.get(Unit)
    states = dict(zip(units.column("unit_no"), units.column("status"), strict=True))
    fine = (None, UnitStatus.RESERVED, UnitStatus.DISPOSED)
    for slip in slips:
        status = states.get(slip.unit_no)
        if status not in fine and slip.holds_after(max(as_of, slip.returned_on or as_of)):
            yield DISPATCHED_NOT_RESERVED.at(
                loaded.get(Dispatch).cell(slip.index, "unit_no"),
                unit=slip.unit_no,
                number=slip.number,
                project=slip.project,
                status=status.value,
            )


def _lots_above(stocks: Sequence[BatchStock]) -> Iterator[Finding]:
    for stock in stocks:
        if stock.left < 0:
            using = [slip.number for slip in stock.slips if slip.state() in (FROZEN, DISPATCHED)]
            yield LOT_ABOVE_BATCH.at(
                stock.cell,
                batch=stock.batch_no,
                raised=stock.raised,
                used=stock.raised - stock.left,
                over=-stock.left,
                numbers="、".join(using),
            )


def _before_raised(stocks: Sequence[BatchStock], loaded: Loaded) -> Iterator[Finding]:
    table = loaded.get(Dispatch)
    for stock in stocks:
        for slip in stock.slips:
            if slip.began_on is not None and slip.began_on < stock.raised_on:
                name = "frozen_on" if slip.frozen_on == slip.began_on else "dispatched_on"
                yield DISPATCH_BEFORE_RAISED.at(
                    table.cell(slip.index, name),
                    number=slip.number,
                    day=slip.began_on,
                    batch=stock.batch_no,
                    raised_on=stock.raised_on,
                )


def _row_faults(loaded: Loaded, slip: Slip) -> Iterator[Finding]:
    table = loaded.get(Dispatch)
    dated = [(name, getattr(slip, name)) for name in _TITLES if getattr(slip, name) is not None]
    for (before, first), (after, second) in pairwise(dated):
        if second < first:
            words = {"later": _TITLES[after], "earlier": _TITLES[before]}
            where = table.cell(slip.index, after)
            yield DISPATCH_DATES.at(where, number=slip.number, day=second, other=first, **words)
    kept = (
        "status" in table.locate(slip.index)[0].letters
    )  # a sheet without the column says nothing
    fault = _status_fault(slip) if kept or slip.returned_on is None else ""
    if fault:
        word = slip.status.value if slip.status else "（空着）"
        where = table.cell(slip.index, "status")
        yield DISPATCH_STATUS.at(where, number=slip.number, status=word, fault=fault)
    if slip.unit_no and slip.count != 1:
        words = {"number": slip.number, "unit": slip.unit_no}
        yield UNIT_COUNT_ODD.at(table.cell(slip.index, "unit_count"), count=slip.count, **words)


def _status_fault(slip: Slip) -> str:
    """What the word says against the dates; "" when they agree.

    An empty word is 已调配; with a return date it only was not kept up, which is said as well.
    """
    if slip.returned_on is not None:
        return "" if slip.status is RETURNED else f"却有退回日期 {slip.returned_on}"
    if slip.status is RETURNED:
        return "却没有退回日期"
    if slip.status is FROZEN and slip.dispatched_on is not None:
        return f"却有调配日期 {slip.dispatched_on}"
    if slip.status is FROZEN:
        return "" if slip.frozen_on is not None else "却没有冻结日期"
    return "" if slip.dispatched_on is not None else "却没有调配日期"
