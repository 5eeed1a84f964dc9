"""资金: charges off their formula, receipts of nobody, doubled, reversed, not remitted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tests.audit.seeding.clean import Row, facts_of
from tests.audit.seeding.fault import Subjects, fault
from tests.audit.seeding.town import Home, Place, Town
from zhubao.core.period import Month
from zhubao.ledger.arrears import (
    ArrearsLine,
    Charge,
    Receipt,
    Remittance,
    SuspenseReceipt,
    SuspenseStatus,
)
from zhubao.ledger.tenants import Household, Lease
from zhubao.ledger.units import Ownership, Unit
from zhubao.rent.arrears import compute_arrears

_MAY = dt.date(2020, 5, 18)
_DAY = dt.timedelta(days=1)


def pays(home: Home) -> bool:
    """Owes nothing, with a receipt and a charge of each month."""
    return not home.owes and len(home.receipts) > 4 and len(home.charges) > 5


def _due(one: Place, day: dt.date) -> bool:
    """The thirty days after the month are over."""
    return Month.parse(one["period"]).last_day + 30 * _DAY < day


def _remittances(town: Town, owner: Ownership, percent: int) -> Iterator[Subjects]:
    """So much of what was remitted; a little is explained by households that moved."""
    for one in town.all_rows(Remittance):
        row = town.rows[Remittance][one.index]
        if row is None or row["ownership"] is not owner or not _due(one, town.as_of):
            continue
        town.change(one, amount=row["amount"] * percent // 100)
        yield (f"{owner.value} {one['period']}",)


@fault("AU-801", last=True)
def month_remitted_short(town: Town) -> Iterator[Subjects]:
    yield from _remittances(town, Ownership.CITY, 60)


@fault("AU-802", last=True)
def month_remitted_too_much(town: Town) -> Iterator[Subjects]:
    yield from _remittances(town, Ownership.DISTRICT, 140)


@fault("AU-803")
def charge_is_not_standard_less_reduction(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(pays):
        town.change(home.charges[1], amount=home.charges[1]["amount"] + town.pick(1, -1, 200))
        yield home.subjects


@fault("AU-806")
def month_charged_twice(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(pays):
        row = town.pick(*home.charges).row
        town.add(Charge, **{**row, "charge_no": town.number("ZY")})
        yield home.subjects


@fault("AU-811", implies=("AU-957",))
def receipt_of_an_unknown_household(town: Town) -> Iterator[Subjects]:
    while True:
        number, receipt = town.number("ZN"), town.number("ZS")
        row = {"receipt_no": receipt, "household_no": number, "received_on": _MAY}
        town.add(Receipt, **row, amount=12_345)
        yield (number,)


@fault("AU-812")
def receipt_number_used_again(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(pays):
        number = home.receipts[2]["receipt_no"]
        other = next(town.tenants(pays))
        town.receive(other, home.receipts[2]["received_on"], 4_321, receipt_no=number)
        yield (number,)


@fault("AU-813")
def receipt_of_another_year(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(pays):
        made = town.receive(home, dt.date(2026, 6, 12), 20_000)
        yield made["receipt_no"], *home.subjects


@fault("AU-814")
def paid_months_before_moving_in(town: Town) -> Iterator[Subjects]:
    units = {row["unit_no"]: Place(Unit, 0, row) for row in town.sheets()[Unit]}
    late = town.places(Lease, lambda row: row["starts_on"] >= dt.date(2020, 3, 1), "household_no")
    for lease in late:
        unit = units[lease["unit_no"]]
        household = Place(Household, 0, {"household_no": lease["household_no"]})
        home = Home(household, (), lease, unit, None, (), (), False, (), False, False)
        first = town.pick(lease["starts_on"] - 31 * _DAY, dt.date(2020, 1, 14))
        if _is_first(town, lease):
            made = town.receive(home, first, 10_000)
            yield made["receipt_no"], *home.subjects


def _is_first(town: Town, lease: Place) -> bool:
    own = [one for one in town.all_rows(Lease) if one["household_no"] == lease["household_no"]]
    return len(own) == 1


@fault("AU-815")
def reversed_without_a_reason(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(pays):
        made = town.receive(home, _MAY, -1_000)
        yield made["receipt_no"], *home.subjects


@fault("AU-816", implies=("AU-401",))
def reversed_more_than_was_paid(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(pays):
        paid = sum(one["amount"] for one in home.receipts)
        town.receive(home, _MAY, -paid - 3_000, remark="冲正，重复入账")
        yield home.subjects


@fault("AU-817")
def money_left_in_suspense(town: Town) -> Iterator[Subjects]:
    while True:
        number, day = town.number("ZG"), town.pick(town.as_of - 31 * _DAY, dt.date(2020, 3, 10))
        row = {"suspense_no": number, "received_on": day, "amount": 48_050}
        town.add(SuspenseReceipt, **row, payer="祝某某", status=SuspenseStatus.OPEN)
        yield (number,)


@fault("AU-818")
def receipt_entered_twice(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(pays):
        row = home.receipts[3].row
        given = {name: row.get(name) for name in ("month", "method")}
        town.receive(home, row["received_on"], row["amount"], **given)
        yield home.subjects


def _lines(town: Town) -> Iterator[Place]:
    """欠租明细 as the ledgers now make it; debtors' rows at random, each once."""
    if ArrearsLine not in town.rows:
        for row in _computed(town):
            town.add(ArrearsLine, **row)
    rows = list(enumerate(town.rows[ArrearsLine]))
    town.rng.shuffle(rows)
    for index, found in rows:
        if found is not None and town.take(f"欠租明细 {found['household_no']}"):
            yield Place(ArrearsLine, index, found)


def _computed(town: Town) -> Iterator[Row]:
    loaded = facts_of(town.sheets(), town.as_of).loaded
    result = compute_arrears(loaded, town.as_of)
    owed, months = result.figures.owed, result.figures.unpaid_months
    for account in range(result.books.known):
        debt = int(owed[account])
        if debt > 0:
            yield {
                "household_no": result.books.numbers[account],
                "as_of": town.as_of,
                "opening": debt,
                "charged": 0,
                "received": 0,
                "written_off": 0,
                "owed": debt,
                "unpaid_months": int(months[account]),
            }


@fault("AU-804", last=True)
def arrears_line_does_not_add_up(town: Town) -> Iterator[Subjects]:
    for line in _lines(town):
        town.change(line, charged=10_000)
        yield (line["household_no"],)


@fault("AU-805", last=True)
def arrears_line_changed_by_hand(town: Town) -> Iterator[Subjects]:
    for line in _lines(town):
        town.change(line, opening=line["opening"] + 5_000, owed=line["owed"] + 5_000)
        yield (line["household_no"],)
