"""台账: dated back, entered late, numbers missing, doubled, empty or of nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tests.audit.seeding.fault import Subjects, fault
from tests.audit.seeding.money_faults import pays
from tests.audit.seeding.town import Place, Town
from zhubao.ledger.arrears import CollectionVisit
from zhubao.ledger.patrol import PatrolVisit
from zhubao.ledger.tenants import WaitingStatus


@fault("AU-951")
def receipt_dated_back(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(pays):
        receipt, day = home.receipts[-1], dt.date(2020, 2, 3)
        paid = {one["received_on"] for one in home.receipts}
        if receipt["received_on"] < dt.date(2020, 5, 1) or day in paid:
            continue
        town.remit(home, receipt["received_on"], -receipt["amount"])
        town.remit(home, day, receipt["amount"])
        town.change(receipt, received_on=day)
        yield (receipt["receipt_no"],)


@fault("AU-952")
def january_charged_much_later(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(pays):
        town.change(
            home.charges[0], charged_on=town.pick(dt.date(2020, 3, 3), dt.date(2020, 6, 20))
        )
        yield (home.charges[0]["charge_no"],)


@fault("AU-953")
def receipt_missing_in_the_series(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(pays):
        receipt = town.pick(*home.receipts)
        number = int(receipt["receipt_no"][2:])
        if town.take(*(f"收据 {one}" for one in (number - 1, number, number + 1))):
            town.remit(home, receipt["received_on"], -receipt["amount"])
            town.drop(receipt)
            yield (receipt["receipt_no"],)


def _visits(town: Town) -> Iterator[Place]:
    return town.places(PatrolVisit, lambda row: row["met"] is True, "visit_no")


@fault("AU-954")
def visit_number_twice(town: Town) -> Iterator[Subjects]:
    for one in _visits(town):
        town.add(PatrolVisit, **one.row)
        yield (one["visit_no"],)


@fault("AU-955")
def visit_of_another_year(town: Town) -> Iterator[Subjects]:
    for one in _visits(town):
        town.change(one, visited_on=dt.date(2026, 5, 2))
        yield (one["visit_no"],)


@fault("AU-956")
def visit_without_a_number(town: Town) -> Iterator[Subjects]:
    for one in _visits(town):
        town.change(one, visit_no=None, remark=(mark := town.number("无号")))
        yield (mark,)


@fault("AU-957")
def visit_to_nobody(town: Town) -> Iterator[Subjects]:
    while True:
        number = town.number("ZN")
        row = {"visit_no": town.number("ZV"), "household_no": number}
        town.add(CollectionVisit, **row, visited_on=dt.date(2020, 4, 8))
        yield (number,)


@fault("AU-958")
def gave_up_waiting_without_a_day(town: Town) -> Iterator[Subjects]:
    while True:
        made = town.waiting(town.new_household(), status=WaitingStatus.ABANDONED)
        yield made["waiting_no"], made["household_no"]


@fault("AU-959")
def phone_number_in_a_remark(town: Town) -> Iterator[Subjects]:
    for one in _visits(town):
        town.change(one, remark="其子 13800000000，打不通")
        yield (one["visit_no"],)
