"""Payments of rental subsidy that look wrong, searched once for all checks."""

from __future__ import annotations

import datetime as dt

from zhubao.audit.facts import Facts
from zhubao.core.period import Period
from zhubao.subsidy.rental.leads import Lead, wrongly_paid


def wrong_payments(facts: Facts) -> tuple[Lead, ...]:
    """What `wrongly_paid` says of every payment up to the day."""
    everything = Period(dt.date.min, facts.as_of)
    return wrongly_paid(facts.loaded, everything, facts.as_of, overrides=facts.overrides)
