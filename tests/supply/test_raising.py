"""房源筹集: counts by channel and month, terms of cooperation, new batches."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.supply.sheets import Rows, batch, day, loaded
from zhubao.core.errors import UsageError
from zhubao.core.period import Month, Period
from zhubao.core.spans import term_months, whole_months
from zhubao.ledger.units import Developer, SupplyBatch, SupplyChannel
from zhubao.supply.adding import BatchOrder, add_batch
from zhubao.supply.raising import TermStage, compute_raised, stage_of
from zhubao.supply.raising_report import raised_report

AS_OF = day("2020-06-30")
HALF = Period.parse("2020-H1")


def developer(number: str, start: str, end: str, status: str = "合作中") -> dict[str, object]:
    return {
        "developer_no": number,
        "name": f"{number}置业",
        "cooperation_start": day(start),
        "cooperation_end": day(end),
        "status": status,
    }


def test_a_batch_counts_in_the_period_it_was_raised_in_up_to_the_day() -> None:
    rows: Rows = {
        SupplyBatch: [
            batch("B1", 10, "2019-12-31"),
            batch("B2", 20, "2020-01-01"),
            batch("B3", 30, "2020-06-30", channel=SupplyChannel.PUBLIC_RENTAL),
            batch("B4", 40, "2020-07-01"),
        ]
    }
    raised = compute_raised(loaded(rows), HALF, AS_OF)
    assert raised.units(raised.batches) == 50
    june = Month.parse("2020-06")
    assert raised.by_month()[june, SupplyChannel.PUBLIC_RENTAL] == 30
    report = raised_report(raised)
    assert report.table("months").totals == ("合计", 0, 20, 0, 30, 50)
    assert report.facts["by_channel"]["公租房"] == 30


@pytest.mark.parametrize(
    ("end", "stage"),
    [
        ("2020-06-29", TermStage.EXPIRED),
        ("2020-06-30", TermStage.EXPIRING),  # the last day still is cooperation
        ("2020-07-30", TermStage.EXPIRING),  # 30 days, 含本数
        ("2020-07-31", TermStage.RUNNING),
    ],
)
def test_a_term_is_about_to_expire_thirty_days_before_its_last_day(
    end: str, stage: TermStage
) -> None:
    assert stage_of(day("2020-05-01"), day(end), AS_OF, 30) is stage


def test_developers_whose_term_holds_are_cooperating_and_words_at_odds_are_found() -> None:
    rows: Rows = {
        Developer: [
            developer("K1", "2020-06-03", "2020-08-02"),
            developer("K2", "2020-01-08", "2020-04-07"),
            developer("K3", "2020-06-03", "2020-08-02", "已到期"),
            developer("K4", "2020-07-01", "2020-09-30"),
            developer("K5", "2020-06-03", "2020-05-02"),
        ]
    }
    raised = compute_raised(loaded(rows), HALF, AS_OF)
    assert raised.cooperating == 2
    assert [(str(f.where), f.code) for f in raised.findings] == [
        ("units.xlsx!合作开发商!F3", "SU-101"),
        ("units.xlsx!合作开发商!F4", "SU-101"),
        ("units.xlsx!合作开发商!D6", "SU-102"),
    ]


@pytest.mark.parametrize(
    ("first", "until", "months"),
    [
        ("2019-12-30", "2020-06-30", 6),
        ("2019-12-31", "2020-06-30", 6),  # June has no 31st
        ("2019-08-31", "2020-02-28", 5),  # 2020 has a 29th
        ("2019-08-31", "2020-02-29", 6),
        ("2020-01-01", "2020-06-30", 5),
        ("2020-06-30", "2020-06-01", 0),
    ],
)
def test_whole_months_run_from_day_to_the_same_day(first: str, until: str, months: int) -> None:
    assert whole_months(day(first), day(until)) == months


def test_a_term_counts_its_first_and_last_day() -> None:
    assert term_months(day("2020-06-03"), day("2020-08-02")) == 2
    assert term_months(day("2020-06-04"), day("2020-09-03")) == 3


def order(
    channel: str = "团购商品房",
    count: int = 30,
    developer: str = "K1置业",
    start: dt.date | None = None,
    number: str = "",
) -> BatchOrder:
    return BatchOrder(channel, count, AS_OF, developer, start=start, number=number)


def test_a_new_batch_continues_the_numbers_and_knows_its_developer() -> None:
    rows: Rows = {
        SupplyBatch: [batch("CJ0099", 5), batch("旧批", 5)],
        Developer: [developer("K1", "2020-01-08", "2020-04-07")],
    }
    new = add_batch(order(), loaded(rows))
    assert (new.row["batch_no"], new.row["developer_no"]) == ("CJ0100", "K1")
    assert "2020-04-07 截止" in new.notes[0]
    for refused in (
        order(channel="自建房"),
        order(count=0),
        order(developer="没有这家"),
        order(start=AS_OF),
        order(number="CJ0099"),
    ):
        with pytest.raises(UsageError):
            add_batch(refused, loaded(rows))
