"""The bureau's calendar: published holidays, and the local file where they are not known."""

from __future__ import annotations

from zhubao.core.workdays import WorkCalendar, load_overrides
from zhubao.ledger.bureau import Bureau

CALENDAR_NAME = "workdays.toml"  # beside zhubao.toml


def calendar_of(bureau: Bureau) -> WorkCalendar:
    """Days named in `workdays.toml` first, then the published holidays.

    BureauError when the file cannot be read.
    """
    path = bureau.ledgers / CALENDAR_NAME
    return WorkCalendar(load_overrides(path) if path.exists() else None)
