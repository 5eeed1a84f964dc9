"""A hit about a debtor, said the same way by every check of arrears."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.debts import Debtor, debt_cells
from zhubao.audit.indexes.households import households
from zhubao.audit.registry import Hit
from zhubao.core.finding import Cell
from zhubao.core.money import format_yuan


def debt_hit(
    facts: Facts,
    one: Debtor,
    words: Mapping[str, object],
    *,
    first: tuple[Cell, ...] = (),
    more: tuple[Cell, ...] = (),
    amount: int | None = None,
    key: tuple[str, ...] = (),
) -> Hit:
    """A lead on a debtor: cells `first`, those of the debt, then `more`.

    The debt is the amount unless another is given; {who} and {amount} are added to the words.
    """
    people = facts.once(households)
    found = one.owed if amount is None else amount
    return Hit(
        cells=(*first, *debt_cells(facts, one), *more),
        words={"who": people.label(one.number), "amount": format_yuan(found), **words},
        amount=found,
        key=key,
        **people.subject(one.number),
    )


def days_ago(facts: Facts, code: str) -> dt.date:
    """The day so many days before the cut-off, by a policy parameter."""
    return facts.as_of - dt.timedelta(days=facts.once(dated).count(code))
