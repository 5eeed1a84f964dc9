"""Receipts and charges against the closing of months: numbers and dates (AU-951 to AU-953)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.households import households
from zhubao.audit.indexes.sequence import misplaced
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Severity
from zhubao.core.money import format_yuan
from zhubao.core.period import Month, Period
from zhubao.ledger.arrears import Charge, Receipt, Remittance
from zhubao.ledger.audit import IssueKind

_DIGITS = "0123456789"
_FEWEST = 20  # numbers of a series that is long enough to be judged
_STRAY = 20  # one number in so many may be out of place; more, and the series has no such order
_MONTHLY = "审计惯例：月结以后不得补录、倒签，更正另作一笔"


@audit_check(
    "AU-951",
    "收据号在后，收款日期在前",
    Family.HYGIENE,
    IssueKind.RECORDS,
    Severity.WARNING,
    "收据 {receipt}（{amount} 元）写 {day} 收款，号码在前的 {other} 却是 {after}{closed}",
    "调阅收据存根和银行回单：补录的在备注写明，倒签的改回实际日期并重报当月",
    basis=_MONTHLY,
    needs=(Receipt,),
    bad="SJ0000500 写 1 月收款，SJ0000499 是 3 月收款",
    good="收据号和收款日期的先后一致",
)
def receipt_dated_back(facts: Facts) -> Iterator[Hit]:
    """A receipt whose number follows one of a later month: entered after its month was over.

    Judged within numbers that differ in their last digits only, and only where these follow the
    dates (at most one in twenty out of place). As few receipts as possible are named.
    """
    table, known = facts.loaded.get(Receipt), facts.once(households)
    days, numbers = table.column("received_on"), table.column("receipt_no")
    closed = facts.once(_closed)
    for series in facts.once(_series).values():
        found = misplaced([one.day for one in series])
        if len(found) * _STRAY > len(series):
            continue
        for one in found:
            row, other = series[one.place].row, series[one.against].row
            month = Month.containing(days[row])
            if not one.late or month >= Month.containing(days[other]):
                continue
            paid_on = closed.get(month)
            words = {"receipt": numbers[row], "day": days[row], "other": numbers[other]}
            words |= {"after": days[other], "amount": format_yuan(table.column("amount")[row])}
            told = paid_on is not None and paid_on <= days[other]
            yield Hit(
                (table.cell(row, "received_on"), table.cell(other, "received_on")),
                {**words, "closed": f"，{month.title}的租金 {paid_on} 已经汇缴" if told else ""},
                **known.subject(table.column("household_no")[row]),
                amount=abs(table.column("amount")[row]),
                key=(numbers[row],),
            )


def _closed(facts: Facts) -> dict[Month, dt.date]:
    """Month → the day its rent was first paid on (租金汇缴)."""
    table = facts.loaded.get(Remittance)
    found: dict[Month, dt.date] = {}
    texts, days = table.column("period"), table.column("remitted_on")
    for row in table.usable("period", "remitted_on"):
        try:
            months = Period.parse(texts[row]).months()
        except ValueError:
            continue
        for month in months:
            found[month] = min(days[row], found.get(month, days[row]))
    return found


@audit_check(
    "AU-952",
    "应收在账单月以后很久才入账",
    Family.HYGIENE,
    IssueKind.RECORDS,
    Severity.WARNING,
    "{home} {month} 的应收 {charge}（{amount} 元）{day} 才入账，账单月终了后 {days} 天{closed}",
    "查明为什么补记：漏记的在备注写明，已经报过的月份重报差额",
    basis=_MONTHLY,
    needs=(Charge,),
    bad="2020-01 的应收 2020-06-10 才入账",
    good="当月入账",
)
def charge_posted_late(facts: Facts) -> Iterator[Hit]:
    """入账日期 more than `audit.posting_days` after the last day of 账单期."""
    limit = facts.once(dated).count("audit.posting_days")
    table, known, closed = facts.loaded.get(Charge), facts.once(households), facts.once(_closed)
    months, days = table.column("month"), table.column("charged_on")
    latest = {month: month.last_day for month in set(months) if month is not None}
    for row in table.usable("charge_no", "household_no", "month", "amount", "charged_on"):
        day: dt.date | None = days[row]
        if day is None or day > facts.as_of or (day - latest[months[row]]).days <= limit:
            continue
        month, household = months[row], table.column("household_no")[row]
        paid_on = closed.get(month)
        told = paid_on is not None and paid_on <= day
        words = {"home": known.label(household), "month": month, "day": day}
        words |= {"charge": table.column("charge_no")[row], "days": (day - latest[month]).days}
        yield Hit(
            (table.cell(row, "charged_on"), table.cell(row, "month"), table.cell(row, "amount")),
            {
                **words,
                "amount": format_yuan(table.column("amount")[row]),
                "closed": f"，{paid_on} 已经汇缴" if told else "",
            },
            **known.subject(household),
            amount=abs(table.column("amount")[row]),
            key=(table.column("charge_no")[row],),
        )


@audit_check(
    "AU-953",
    "收据号不连续",
    Family.HYGIENE,
    IssueKind.RENT_UNREMITTED,
    Severity.WARNING,
    "收据 {before} 之后是 {after}，缺 {count} 个号（{first}{last}）",
    "找回缺号的存根：作废的登记作废，已收款没有入账的补登并上缴",
    basis="财政票据管理惯例：收据连续编号，作废的保存存根",
    needs=(Receipt,),
    bad="SJ0000100 之后是 SJ0000103",
    good="收据号一个接一个",
)
def receipt_numbers_missing(facts: Facts) -> Iterator[Hit]:
    """A hole in a series of receipt numbers that otherwise has at most one in twenty missing."""
    table = facts.loaded.get(Receipt)
    numbers = table.column("receipt_no")
    for (prefix, width), series in facts.once(_series).items():
        span = series[-1].number - series[0].number + 1
        if (span - len({one.number for one in series})) * _STRAY > span:
            continue
        for one, following in pairwise(series):
            count = following.number - one.number - 1
            if count > 0:
                first, last = (
                    f"{prefix}{number:0{width}d}" for number in (one.number + 1, one.number + count)
                )
                words = {"before": numbers[one.row], "after": numbers[following.row]}
                yield Hit(
                    (table.cell(one.row, "receipt_no"), table.cell(following.row, "receipt_no")),
                    {
                        **words,
                        "count": count,
                        "first": first,
                        "last": f" 至 {last}" if count > 1 else "",
                    },
                    key=(first, last),
                )


class _Numbered(NamedTuple):
    """A receipt: its last digits as a number, its day (ordinal), its row. Sorts by number."""

    number: int
    day: int
    row: int


def _series(facts: Facts) -> Mapping[tuple[str, int], list[_Numbered]]:
    """(what stands before the last digits, how many) → receipts by the day, by number.

    Short series are left out.
    """
    table = facts.loaded.get(Receipt)
    numbers, days = table.column("receipt_no"), table.column("received_on")
    found: defaultdict[tuple[str, int], list[_Numbered]] = defaultdict(list)
    for row in table.usable("receipt_no", "received_on", "amount"):
        prefix = numbers[row].rstrip(_DIGITS)
        digits = numbers[row][len(prefix) :]
        if digits and days[row] <= facts.as_of:
            one = _Numbered(int(digits), days[row].toordinal(), row)
            found[prefix, len(digits)].append(one)
    for series in found.values():
        series.sort()
    return {key: series for key, series in found.items() if len(series) >= _FEWEST}
