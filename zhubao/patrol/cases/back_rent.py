"""补缴租金: market rent from the day of the violation, less the contract rent of those days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from zhubao import policy
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.money import FEN_PER_YUAN, prorate
from zhubao.core.period import Month
from zhubao.ledger.checks.standing import live_leases
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import TenancyCase
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Unit
from zhubao.patrol.cases.book import Case
from zhubao.patrol.cases.law import ACTS, is_restorable, ruling_of

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BackRent:
    """What a case owes by art. 36. `missing` says what is not known, "" when all is.

    `market` and `contract` in fen for the days `first` to `last`, both included.
    """

    first: dt.date | None
    last: dt.date | None
    market: int | None
    contract: int | None
    missing: str
    cells: tuple[Cell, ...]

    @property
    def known(self) -> bool:
        """True when the amount could be worked out."""
        return not self.missing

    @property
    def due(self) -> int | None:
        """Market less contract rent, never negative; None when not known."""
        if self.market is None or self.contract is None:
            return None
        return max(0, self.market - self.contract)


def back_rents(
    loaded: Loaded,
    cases: Iterable[Case],
    as_of: dt.date,
    overrides: Mapping[str, Any] | None = None,
) -> dict[int, BackRent]:
    """Row of 违规与变动 → back rent, for the cases art. 36 applies to.

    Market rent: 计租面积 × patrol.market_rent of the unit's 地段等级, by calendar days within a
    month, half up to the fen; from 发生日期 to the day before 整改日期 (to `as_of` while open).
    Contract rent: 月租金 of the lease of those days, in the same way. An unlawful refit or a
    security door counts only once its deadline has passed without restoring (拒不恢复原状).
    Source: art. 36, 责令按市场价格补缴从违法行为发生之日起的租金.
    """
    table, terms = loaded.get(TenancyCase), _Terms(loaded, as_of, overrides)
    found = {}
    for case in cases:
        basis = table.column("basis")[case.index]
        ruling = ruling_of(case.kind, as_of, overrides, basis=basis)
        if ruling.article == ACTS and (case.overdue or not is_restorable(case.kind)):
            found[case.index] = _back_rent(loaded, case, as_of, terms)
    return found


def rent_of_days(monthly: int, first: dt.date, last: dt.date) -> int:
    """Fen for the days, both included: whole months at `monthly`, parts by days of that month."""
    total = 0
    for month in range(Month.containing(first), Month.containing(last) + 1):
        start, end = Month(month).first_day, Month(month).last_day
        days = (min(last, end) - max(first, start)).days + 1
        total += prorate(monthly, days, end.day)
    return total


class _Terms:
    """Units, leases and prices, looked up once."""

    def __init__(self, loaded: Loaded, as_of: dt.date, overrides: Mapping[str, Any] | None) -> None:
        self.prices = {
            str(grade): _price(value)
            for grade, value in policy.at("patrol.market_rent", as_of, overrides).items()
        }
        numbers = loaded.get(Unit).column("unit_no")
        self.units = {number: index for index, number in enumerate(numbers) if number}
        leases = loaded.get(Lease)
        homes, households = leases.column("unit_no"), leases.column("household_no")
        self.leases = {
            (households[index], homes[index]): index for index in live_leases(leases, as_of)
        }


def _back_rent(loaded: Loaded, case: Case, as_of: dt.date, terms: _Terms) -> BackRent:
    table, units, leases = loaded.get(TenancyCase), loaded.get(Unit), loaded.get(Lease)
    first = table.column("happened_on")[case.index]
    last = case.rectified - _ONE_DAY if case.rectified else as_of
    cells = [table.cell(case.index, "happened_on")]
    unit, lease = terms.units.get(case.unit), terms.leases.get((case.household, case.unit))
    if first is None:
        return BackRent(None, None, None, None, "没有发生日期", tuple(cells))
    if unit is None or lease is None:
        what = "房源" if unit is None else "履行中的合同"
        return BackRent(first, last, None, None, f"找不到{what}", tuple(cells))
    price = terms.prices.get(units.column("location_grade")[unit])
    rent, area = leases.column("monthly_rent")[lease], units.column("billed_area_m2")[unit]
    cells += [units.cell(unit, "billed_area_m2"), leases.cell(lease, "monthly_rent")]
    if price is None or rent is None or area is None:
        missing = "没有配置市场租金" if price is None else "面积或月租金读不出"
        return BackRent(first, last, None, None, missing, tuple(cells))
    if last < first:
        return BackRent(first, last, 0, 0, "", tuple(cells))
    monthly = int((price * area * FEN_PER_YUAN).to_integral_value(ROUND_HALF_UP))
    market, contract = rent_of_days(monthly, first, last), rent_of_days(rent, first, last)
    return BackRent(first, last, market, contract, "", tuple(cells))


def _price(value: Any) -> Decimal:
    try:
        price = Decimal(str(value))
    except ArithmeticError:
        price = Decimal(-1)
    if not price.is_finite() or price < 0:
        raise UsageError(
            f"市场租金“{value}”不是金额", advice="请改 zhubao.toml 的 [policy.patrol.market_rent]。"
        )
    return price
