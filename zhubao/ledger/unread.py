"""Refusing to write to a sheet that is there but could not be read."""

from __future__ import annotations

from zhubao.core.errors import UsageError
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.recognise import HEADER_UNKNOWN, SHEET_AMBIGUOUS

UNREAD = frozenset({HEADER_UNKNOWN.code, SHEET_AMBIGUOUS.code})  # findings that say so


def refuse_unread(loaded: Loaded, *models: type[LedgerRow]) -> None:
    """`UsageError` when a sheet to be written to is there, but its header was not recognised.

    What it holds would be unknown: numbers given twice, money booked twice.
    """
    faults = [one for one in loaded.findings if one.code in UNREAD and one.where]
    for model in models:
        names = {model.SHEET.name, *model.SHEET.aliases}
        found = [one for one in faults if one.where and one.where.sheet in names]
        if found and not len(loaded.get(model)):
            raise UsageError(
                f"“{model.SHEET.name}”表没有读出来，不能写入：{found[0].message}",
                where=str(found[0].where),
                advice=found[0].advice,
            )
