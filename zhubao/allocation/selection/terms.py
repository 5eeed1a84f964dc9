"""The dates of a lease: term and filing.

Source: 公共租赁住房管理办法 art. 17 (filing within 30 days), art. 18 (term of five years at most).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.core.errors import UsageError
from zhubao.core.period import Month
from zhubao.core.spans import years_later


@dataclass(frozen=True, slots=True)
class Terms:
    """The dates of the leases; `filing_by` is the last day for filing them."""

    signed_on: dt.date
    starts_on: dt.date
    ends_on: dt.date
    filing_by: dt.date
    years: int


def terms_of(
    signed_on: dt.date,
    starts_on: dt.date | None,
    years: int | None,
    overrides: Mapping[str, Any] | None = None,
) -> Terms:
    """The terms asked for: from the first of the month after signing, for the longest term allowed.

    The last day is that before the same day `years` later. UsageError for a term below one year or
    above `lease.max_years`, and for a start before the day of signing.
    """
    most = int(policy.at("lease.max_years", signed_on, overrides))
    length = most if years is None else years
    if not 1 <= length <= most:
        basis = policy.in_force("lease.max_years", signed_on, overrides).citation
        raise UsageError(
            f"租期 {length} 年不行：应是 1 至 {most} 年（{basis}）", advice="请改 --years。"
        )
    start = starts_on or Month.containing(signed_on).plus(1).first_day
    if start < signed_on:
        raise UsageError(
            f"起租日期 {start} 早于签约日期 {signed_on}", advice="请改 --start 或 --date。"
        )
    days = int(policy.at("lease.filing_days", signed_on, overrides))
    end = years_later(start, length) - dt.timedelta(days=1)
    return Terms(signed_on, start, end, signed_on + dt.timedelta(days=days), length)
