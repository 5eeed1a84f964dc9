"""Refusing to write where what is there already cannot be read."""

from __future__ import annotations

from zhubao.core.errors import LedgerNotWritable
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import PatrolVisit
from zhubao.ledger.unread import unread


def refuse_unread(loaded: Loaded) -> None:
    """LedgerNotWritable when 巡查 is there but its header was not recognised.

    Its visits would be unknown, numbers given twice and visits entered twice.
    """
    found = unread(loaded, PatrolVisit)
    if found is not None and found.where is not None:
        raise LedgerNotWritable(
            f"“{found.where.sheet}”表没有读出来，不能写入：{found.message}",
            where=str(found.where),
            advice=found.advice,
        )
