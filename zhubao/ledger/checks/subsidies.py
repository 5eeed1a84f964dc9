"""Subsidy payments against households; periods written as text (LG-36x)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from zhubao.core.finding import Severity
from zhubao.core.period import Period
from zhubao.ledger.checks.check import Hit, check
from zhubao.ledger.checks.standing import exited_households
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import PaymentStatus, SubsidyPayment
from zhubao.ledger.tenants import Household

# Sheet model → the column in which a period is written as text.
PERIODS = {"SubsidySignIn": "quarter", "SubsidyPayment": "quarter", "Remittance": "period"}


@check(
    "LG-361",
    "向已退出家庭发放补贴",
    Severity.WARNING,
    "家庭 {household} 已于 {exited} 退出，仍发放 {quarter} 的补贴",
    "核实退出日期；确已退出的，停发并追回",
    needs=(Household, SubsidyPayment),
    bad="2019-12-31 退出，仍发放 2020-Q2 的补贴",
    good="退出之后的季度没有发放",
)
def payment_after_exit(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """A subsidy paid for a quarter that began after the household's exit; not those given back."""
    payments = loaded[SubsidyPayment]
    exited = exited_households(loaded[Household], as_of)
    quarters, states = payments.column("quarter"), payments.column("status")
    for index, household in enumerate(payments.column("household_no")):
        day = exited.get(household)
        if day is None or states[index] not in (PaymentStatus.PAID, PaymentStatus.PENDING):
            continue
        period = _period(quarters[index])
        if period is not None and period.start > day:
            values = {"household": household, "exited": day, "quarter": quarters[index]}
            yield payments.cell(index, "quarter"), values


@check(
    "LG-362",
    "期间认不出",
    Severity.WARNING,
    "期间“{text}”认不出",
    "写成 2020-Q2、2020-H1、2020-03 或 2020年第二季度、2020年上半年、2020年3月",
    bad="所属季度填“二季”",
    good="所属季度填 2020-Q2",
)
def period_unreadable(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """A period column holds words that are no period."""
    for model, table in loaded.tables.items():
        name = PERIODS.get(model.__name__)
        if name is None:
            continue
        texts = table.column(name)
        unreadable = {text for text in set(texts) - {None} if _period(text) is None}
        for index, text in enumerate(texts):
            if text in unreadable:
                yield table.cell(index, name), {"text": text}


def _period(text: str | None) -> Period | None:
    try:
        return Period.parse(text) if text is not None else None
    except ValueError:
        return None
