"""The figures of the rental subsidy for the summaries, each with its source cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import PaymentStatus, SubsidyGrant, SubsidyPayment, SubsidyStatus
from zhubao.subsidy.rental.paid import Paid
from zhubao.subsidy.rental.quarters import quarter_label, quarters_within, span_of
from zhubao.subsidy.rental.rules import Overrides
from zhubao.subsidy.rental.signin import NO_COMMUNITY, sign_in_list
from zhubao.subsidy.rental.standing import Standing

_WAS_PAID = (PaymentStatus.PAID, PaymentStatus.RECOVERED)
_ENDED = (SubsidyStatus.SUSPENDED, SubsidyStatus.STOPPED, SubsidyStatus.EXPIRED)


@dataclass(frozen=True, slots=True)
class Figure:
    """Households (distinct), rows and fen; `cells` are the rows' places in the ledger."""

    households: int
    rows: tuple[int, ...]
    amount: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SignInRate:
    """One quarter's sign-in: signed ÷ due, and those who signed after its end."""

    quarter: Period
    rate: Ratio
    late: int
    cells: tuple[Cell, ...]


def paid(loaded: Loaded, period: Period) -> Figure:
    """Households paid and money paid, by 发放日期 in the period.

    已发放, and 已追回 (it was paid, and came back later: see `recovered`); neither 待发放 nor
    银行退回.
    """
    return _figure(loaded, paid_rows(loaded, period))


def paid_rows(loaded: Loaded, period: Period) -> list[int]:
    """The rows of 发放 paid in the period."""
    table = loaded.get(SubsidyPayment)
    days, states = table.column("paid_on"), table.column("status")
    return [
        row
        for row in table.usable("household_no", "amount", "status", "paid_on")
        if states[row] in _WAS_PAID and days[row] is not None and period.contains(days[row])
    ]


def paid_by_tier(loaded: Loaded, period: Period) -> dict[str, Figure]:
    """`paid` by the 保障类型 of the grant; "" where the grant is not in 租赁补贴."""
    grants, table = loaded.get(SubsidyGrant), loaded.get(SubsidyPayment)
    tiers = dict(zip(grants.column("grant_no"), grants.column("tier"), strict=True))
    numbers = table.column("grant_no")
    return _grouped(loaded, period, lambda row: str(tiers.get(numbers[row]) or ""))


def paid_by_community(loaded: Loaded, period: Period) -> dict[str, Figure]:
    """`paid` by the 社区 of the household."""
    standing, table = Standing(loaded), loaded.get(SubsidyPayment)
    numbers = table.column("household_no")
    return _grouped(
        loaded, period, lambda row: standing.text(numbers[row], "community") or NO_COMMUNITY
    )


def paid_by_quarter(loaded: Loaded, period: Period) -> dict[str, Figure]:
    """`paid` by 所属季度, in one spelling where it can be read."""
    texts = loaded.get(SubsidyPayment).column("quarter")
    return _grouped(loaded, period, lambda row: quarter_label(texts[row]) or texts[row] or "")


def new_grants(loaded: Loaded, period: Period) -> Figure:
    """Grants approved in the period (批准日期); `amount` is their 月补贴额 together."""
    table = loaded.get(SubsidyGrant)
    days = table.column("approved_on")
    rows = [
        row
        for row in table.usable("approved_on", "household_no")
        if days[row] is not None and period.contains(days[row])
    ]
    return _of_grants(loaded, rows)


def stopped(loaded: Loaded, period: Period) -> Figure:
    """Grants that are 暂停, 终止 or 到期 by a 状态变更日期 in the period."""
    table = loaded.get(SubsidyGrant)
    days, states = table.column("status_changed_on"), table.column("status")
    rows = [
        row
        for row in table.usable("status", "status_changed_on")
        if states[row] in _ENDED and days[row] is not None and period.contains(days[row])
    ]
    return _of_grants(loaded, rows)


def recovered(loaded: Loaded, period: Period) -> Figure:
    """Money paid back: 追回金额 by 追回日期 in the period."""
    table = loaded.get(SubsidyPayment)
    days = table.column("recovered_on")
    rows = [
        row
        for row in table.usable("household_no", "recovered", "recovered_on")
        if days[row] is not None and period.contains(days[row]) and table.column("recovered")[row]
    ]
    return _figure(loaded, rows, "recovered")


def bounced(loaded: Loaded) -> Figure:
    """Payments that are 银行退回 now, whatever their date, and not paid anew for the quarter."""
    table, again = loaded.get(SubsidyPayment), Paid(loaded)
    names = ("quarter", "household_no", "grant_no")
    states, columns = table.column("status"), [table.column(name) for name in names]
    rows = []
    for row in table.usable("household_no", "amount"):
        text, household, grant = (column[row] for column in columns)
        span = span_of(text)
        back = states[row] is PaymentStatus.BOUNCED
        if back and (span is None or not again.rows_for(span, household, grant)):
            rows.append(row)
    return _figure(loaded, rows)


def sign_in_rates(
    loaded: Loaded, period: Period, as_of: dt.date, *, overrides: Overrides = None
) -> tuple[SignInRate, ...]:
    """The sign-in rate of every quarter that ends in the period, as of the day."""
    return tuple(_rates(loaded, period, as_of, overrides))


def _rates(
    loaded: Loaded, period: Period, as_of: dt.date, overrides: Overrides
) -> Iterator[SignInRate]:
    grants = loaded.get(SubsidyGrant)
    for quarter in quarters_within(period):
        listed = sign_in_list(loaded, quarter, as_of, overrides=overrides)
        cells = tuple(grants.row_cell(one.index) for one in listed.due)
        yield SignInRate(quarter, listed.rate, sum(one.late for one in listed.due), cells)


def _grouped(loaded: Loaded, period: Period, name: Callable[[int], str]) -> dict[str, Figure]:
    groups: dict[str, list[int]] = {}
    for row in paid_rows(loaded, period):
        groups.setdefault(name(row), []).append(row)
    return {key: _figure(loaded, groups[key]) for key in sorted(groups)}


def _figure(loaded: Loaded, rows: list[int], field: str = "amount") -> Figure:
    table = loaded.get(SubsidyPayment)
    households, amounts = table.column("household_no"), table.column(field)
    return Figure(
        households=len({households[row] for row in rows}),
        rows=tuple(rows),
        amount=sum(amounts[row] or 0 for row in rows),
        cells=tuple(table.cell(row, field) for row in rows),
    )


def _of_grants(loaded: Loaded, rows: list[int]) -> Figure:
    table = loaded.get(SubsidyGrant)
    households, amounts = table.column("household_no"), table.column("monthly_amount")
    return Figure(
        households=len({households[row] for row in rows}),
        rows=tuple(rows),
        amount=sum(amounts[row] or 0 for row in rows),
        cells=tuple(table.row_cell(row) for row in rows),
    )
