"""Integrity within and across sheets (LG-2xx keys and references, LG-3xx rules across cells)."""

from zhubao.ledger.checks import dates, households, keys, leases, money, people, subsidies
from zhubao.ledger.checks.check import CHECKS, Check, check_integrity

__all__ = [
    "CHECKS",
    "Check",
    "check_integrity",
    "dates",
    "households",
    "keys",
    "leases",
    "money",
    "people",
    "subsidies",
]
