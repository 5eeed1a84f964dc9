"""Quarters, however a clerk writes them."""

from __future__ import annotations

from functools import lru_cache

from zhubao.core.errors import UsageError
from zhubao.core.period import Month, Period

_MONTHS = 3


@lru_cache(maxsize=4096)
def span_of(text: str | None) -> Period | None:
    """The period a cell speaks of (quarter, month, half-year); None when it cannot be read."""
    try:
        return Period.parse(text) if text else None
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def label_of(span: Period) -> str:
    """`span.label`, worked out once per period: ledgers ask for it row by row."""
    return span.label


@lru_cache(maxsize=4096)
def months_of(span: Period) -> tuple[Month, ...]:
    """`span.months()`, made once per period."""
    return span.months()


@lru_cache(maxsize=4096)
def quarter_label(text: str | None) -> str | None:
    """2020-Q2 for any spelling of that quarter; None for what is no quarter."""
    span = span_of(text)
    return span.label if span is not None and "-Q" in span.label else None


def parse_quarter(text: str) -> Period:
    """The quarter named on the command line; `UsageError` for anything else."""
    span = span_of(text)
    if span is None or "-Q" not in span.label:
        raise UsageError(f"季度“{text}”看不懂", advice="请写成 2020-Q2 这样的季度。")
    return span


def quarter_of_month(month: Month) -> Period:
    """The quarter a month lies in."""
    return Period.spanning(month.plus(-((month.month - 1) % _MONTHS)), _MONTHS)


def quarters_within(period: Period) -> list[Period]:
    """The quarters that end within the period, in order."""
    found = dict.fromkeys(quarter_of_month(month) for month in period.months())
    return [quarter for quarter in found if period.contains(quarter.end)]
