"""勾稽 of rent: receipts against what was paid on to the city, and against what they settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from zhubao.core.money import format_yuan
from zhubao.core.period import Period
from zhubao.ledger.arrears import Charge, Receipt, Remittance
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Ownership, Unit
from zhubao.rent.arrears import ArrearsResult
from zhubao.rent.monthly.month import Owners, takings_of
from zhubao.rent.monthly.remit import REMIT_MODELS, OwnerLine, Payment, is_within
from zhubao.rent.needs import ARREARS_MODELS
from zhubao.summary.indicators.figures import Scope
from zhubao.summary.reconcile import made
from zhubao.summary.reconcile.checks import Asked, Pair, check


@check(
    "rent.remitted",
    "市级租金汇缴与租金收缴",
    needs=(Receipt, Remittance),
    reads=REMIT_MODELS,
)
def remitted_and_received(asked: Asked) -> Pair | None:
    """Remitted = received - of other owners - not yet remitted - remitted later + other periods.

    That closes whatever was paid on, so each term has a bound: no more can be remitted for a period
    than was received in it. What exceeds it is an open question, and so is a remittance whose
    period cannot be read. For a period before the first receipt on record nothing can be said.
    A household that moved between units of two owners may have paid an old debt of the other: no
    more than such households paid is taken for that.
    """
    remitted, received = asked.side("rent.remitted_city"), asked.side("rent.received")
    if remitted is None or received is None or not (remitted.number or received.number):
        return None
    lines = asked.once(made.remitted).lines
    city = next((one for one in lines if one.owner == Ownership.CITY), None)
    other = sum(one.received for one in lines if one.owner != Ownership.CITY)
    if city is None or received.number - other - _kept(city) + city.other_paid != remitted.number:
        return Pair(remitted, received, "元")
    earlier = _other_periods(asked.scope)
    words = f"{_remittance_words(city, other)}{earlier.words}"
    beyond = max(0, city.own - city.received) + earlier.excess + earlier.unread
    return Pair(remitted, received, "元", words, unexplained=beyond)


@check(
    "rent.settled",
    "租金收缴与当期应收的收缴",
    needs=(Receipt, Charge),
    reads=(*ARREARS_MODELS, *REMIT_MODELS),
)
def received_and_settled(asked: Asked) -> Pair | None:
    """Received = paid for the period's charges + for older debts + what prepayments grew by
    - corrections below zero - reversals beyond all money.

    What is left is written off beyond what was charged: an open question.
    """
    received, current = asked.side("rent.received"), asked.side("rent.collection_current")
    if received is None or current is None or not (received.number or current.number):
        return None
    rent = asked.once(made.rent)
    figures = rent.figures
    old, overdrawn = int(figures.old_received.sum()), int(figures.overdrawn.sum())
    grown = int((figures.credit - figures.opening_debt + figures.opening).sum())
    below = _corrected(rent)
    left = current.number + old + grown - below - overdrawn - received.number
    words = (
        f"租金收缴按收款日期，不分缴的是哪个月；其中抵当期应收 {_yuan(current.number)}，"
        f"抵期初欠租 {_yuan(old)}，预缴余额{_grown(grown)}"
    )
    words += f"，另减应收冲减 {_yuan(below)}" if below else ""
    words += f"，另减冲正超额 {_yuan(overdrawn)}" if overdrawn else ""
    words += f"，还剩 {_yuan(abs(left))}，多半是减免多于那个月的应收" if left else ""
    return Pair(received, current, "元", words, unexplained=abs(left))


def _corrected(rent: ArrearsResult) -> int:
    """What months charged below zero gave back in the period."""
    before, now = rent.settled.due_before, rent.settled.due_now
    return int(np.minimum(before, 0).sum() - np.minimum(now, 0).sum())


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Days that city remittances cover together; `others` of them were paid within the period for
    another one. `received` is what the city's units paid in those days, in fen; None where the
    receipts on record begin later. `moved` is what households paid then that lived in one of the
    city's units at another time: an old debt of such a unit may be among it."""

    covered: int
    others: tuple[Payment, ...]
    received: int | None
    moved: int

    @property
    def amount(self) -> int:
        """What was paid on within the period for these days."""
        return sum(one.amount for one in self.others)

    @property
    def over(self) -> int:
        """What was paid on beyond the receipts."""
        return 0 if self.received is None else max(0, self.covered - self.received)

    @property
    def excess(self) -> int:
        """Of `amount`, what no receipt can account for."""
        return min(self.amount, self.over) if self.over > self.moved else 0


@dataclass(frozen=True, slots=True)
class _Others:
    """What the city was paid within the period for other periods, and for unreadable ones."""

    stretches: tuple[_Stretch, ...]
    unread: int

    @property
    def excess(self) -> int:
        """Paid on beyond the receipts of those periods."""
        return sum(one.excess for one in self.stretches)

    @property
    def words(self) -> str:
        """What is to be said of them; "" for none."""
        dark = [one for one in self.stretches if one.received is None]
        over = [one for one in self.stretches if one.excess]
        moved = [one for one in self.stretches if one.over and not one.excess]
        parts = []
        if dark:
            amount = _yuan(sum(one.amount for one in dark))
            parts.append(f"所属 {_periods(dark)} 的 {amount}，那时的收款台账没有，无法核对")
        if over:
            parts.append(f"所属 {_periods(over)} 的比那时的市级收缴多 {_yuan(self.excess)}")
        if moved:
            beyond, paid = sum(one.over for one in moved), sum(one.moved for one in moved)
            parts.append(
                f"所属 {_periods(moved)} 的比那时的市级收缴多 {_yuan(beyond)}，"
                f"在换过市级、区级房源的家庭所缴 {_yuan(paid)}之内"
            )
        if self.unread:
            parts.append(f"{_yuan(self.unread)}的所属期间看不懂")
        if not parts and self.stretches:
            parts.append("都没有超过所属期间的市级收缴")
        return f"。其他期间的汇缴：{'；'.join(parts)}" if parts else ""


def _other_periods(scope: Scope) -> _Others:
    city = [one for one in scope.once(made.remitted).payments if one.owner == Ownership.CITY]
    unread = [one for one in city if one.covers is None and scope.span.contains(one.paid_on)]
    days = (day for day in scope.loaded.get(Receipt).column("received_on") if day is not None)
    first = min(days, default=dt.date.max)
    found = (_stretch(scope, span, own, first) for span, own in _together(city))
    return _Others(tuple(one for one in found if one is not None), sum(o.amount for o in unread))


def _stretch(
    scope: Scope, span: Period, payments: list[Payment], first: dt.date
) -> _Stretch | None:
    """None where nothing was paid within the period for these days as another period's."""
    others = tuple(
        one
        for one in payments
        if scope.span.contains(one.paid_on) and not is_within(one.covers, scope.span)
    )
    if not others:
        return None
    received, moved = None, 0
    if (first.year, first.month) <= (span.start.year, span.start.month):
        known = scope.once(_city_at_any_time)
        takings = list(takings_of(scope.loaded, span, scope.shared(Owners)))
        own = [one for one in takings if one.owner == Ownership.CITY]
        rest = [one for one in takings if one.owner != Ownership.CITY]
        received = sum(one.amount for one in own)
        moved = sum(one.amount for one in rest if one.household_no in known)
    return _Stretch(sum(one.amount for one in payments), others, received, moved)


def _city_at_any_time(scope: Scope) -> frozenset[str]:
    """The households with a lease of one of the city's units, whenever it was."""
    units, leases = scope.loaded.get(Unit), scope.loaded.get(Lease)
    owners = dict(zip(units.column("unit_no"), units.column("ownership"), strict=True))
    rows = zip(leases.column("household_no"), leases.column("unit_no"), strict=True)
    return frozenset(number for number, unit in rows if owners.get(unit) is Ownership.CITY)


def _together(payments: Iterable[Payment]) -> Iterator[tuple[Period, list[Payment]]]:
    """The payments by stretches of days that do not overlap, the earliest first."""
    covering = [(one.covers, one) for one in payments if one.covers is not None]
    found: list[tuple[Period, list[Payment]]] = []
    for span, one in sorted(covering, key=lambda pair: pair[0]):
        if found and span.start <= found[-1][0].end:
            last, own = found.pop()
            found.append((Period(last.start, max(last.end, span.end)), [*own, one]))
        else:
            found.append((span, [one]))
    return iter(found)


def _periods(stretches: Iterable[_Stretch]) -> str:
    return "、".join(dict.fromkeys(one.text for each in stretches for one in each.others))


def _kept(city: OwnerLine) -> int:
    """Of the period's receipts what was not paid on within it."""
    return city.received - city.own_paid


def _remittance_words(city: OwnerLine, other: int) -> str:
    later, left = city.own - city.own_paid, city.received - city.own
    parts = [f"减其他产权 {_yuan(other)}"] if other else []
    parts += [f"减所属本期、尚未汇缴 {_yuan(left)}"] if left >= 0 else []
    parts += [f"加所属本期、比本期市级收缴多汇 {_yuan(-left)}"] if left < 0 else []
    parts += [f"减所属本期、期后汇缴 {_yuan(later)}"] if later else []
    parts += [f"加所属其他期间、本期汇缴 {_yuan(city.other_paid)}"] if city.other_paid else []
    return (
        "收缴是全部产权、按收款日期，汇缴只是市级产权、按汇缴日期，可以是以前期间的租金："
        f"由收缴{'，'.join(parts)}，得汇缴数"
    )


def _yuan(fen: int) -> str:
    return f"{format_yuan(fen)} 元"


def _grown(fen: int) -> str:
    return f"{'增加' if fen >= 0 else '减少'} {_yuan(abs(fen))}"
