"""Refusing to write where what is there already cannot be read."""

from __future__ import annotations

from zhubao.core.errors import LedgerNotWritable
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import PatrolVisit
from zhubao.ledger.unread import UNREAD


def refuse_unread(loaded: Loaded) -> None:
    """LedgerNotWritable when 巡查 is there but its header was not recognised.

    Its visits would be unknown, numbers given twice and visits entered twice.
    """
    sheet = PatrolVisit.SHEET
    if len(loaded.get(PatrolVisit)):
        return
    for one in loaded.findings:
        if one.code in UNREAD and one.where and one.where.sheet in (sheet.name, *sheet.aliases):
            raise LedgerNotWritable(
                f"“{one.where.sheet}”表没有读出来，不能写入：{one.message}",
                where=str(one.where),
                advice=one.advice,
            )
