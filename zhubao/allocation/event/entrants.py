"""The lines of the roster: stratum, group and receipt of everybody who takes part."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

from zhubao.allocation.draw.texts import Entrant, clean, receipt_of
from zhubao.allocation.entitlement import group_order, layout_for
from zhubao.allocation.event.admission import Candidate
from zhubao.allocation.event.frozen import Person
from zhubao.allocation.event.households import Households, comparable
from zhubao.allocation.event.kinds import (
    ESTATE_OUTSIDE,
    GROUP_ORDER_MIXED,
    GROUP_ORDER_UNUSUAL,
    STRATUM_UNKNOWN,
)
from zhubao.allocation.event.strata import Strata, estates_of, spelt_like
from zhubao.core.finding import Finding
from zhubao.ledger.allocation import DrawEvent, DrawPurpose, RosterEntry
from zhubao.ledger.table import LedgerTable

ORDINARY = "普通组"  # as reports call the group whose name is "" in roster and ledger
_ORDINARY_WORDS = frozenset({ORDINARY, "普通", "普通家庭", "无"})


@dataclass(frozen=True, slots=True)
class Basis:
    """What the lines follow from; `layouts` are those of the units, as the strata spell them."""

    table: LedgerTable[RosterEntry]
    event: DrawEvent
    strata: Strata
    layouts: frozenset[str]
    households: Households
    as_of: dt.date
    overrides: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Lines:
    """Row index → entrant and person; `stopping` findings must be put right first.

    `placed` has (group order, group, stratum) of everybody whose stratum is known, stopped or not.
    """

    entrants: dict[int, Entrant] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    placed: dict[int, tuple[int, str, str]] = field(default_factory=dict)
    stopping: list[Finding] = field(default_factory=list)
    doubtful: list[Finding] = field(default_factory=list)
    respelt: Counter[tuple[str, str]] = field(default_factory=Counter)  # 户型 written → used

    @property
    def by_stratum(self) -> Counter[str]:
        """Stratum → number of households."""
        return Counter(stratum for _, _, stratum in self.placed.values())

    @property
    def by_group(self) -> Counter[tuple[int, str]]:
        """(order, group) → number of households."""
        return Counter((order, group) for order, group, _ in self.placed.values())


def roster_lines(
    admitted: Sequence[Candidate], basis: Basis, fresh_salt: Callable[[], str]
) -> Lines:
    """One line per household that takes part.

    Estate: the roster's, else the event's when it has only one. Layout: the roster's in the units'
    spelling, else, for public rental, what the size entitles to. Group order: the roster's 组序,
    else by policy; one group must not have two of them, and an order that is not that of policy is
    told. The receipt is made with a fresh salt.

    Salts keep receipts from being guessed; the draw does not rest on them. Whoever chooses salts
    chooses receipts, but which receipt comes first depends on randomness that exists only
    afterwards, from sources fixed in the same freeze and with so many outcomes that no choice of
    salts is better than any other.
    """
    lines = Lines()
    maker = _Maker(basis, lines)
    for one in admitted:
        maker.place(one)
    lines.stopping += _mixed_orders(admitted, maker.orders, basis.table)
    lines.doubtful += _unusual_orders(admitted, maker, basis.table)
    if not lines.stopping:
        for one in admitted:
            maker.make(one, fresh_salt())
    return lines


def group_of(text: str | None) -> str:
    """The priority group as frozen; "" for the ordinary one, however the roster calls it."""
    name = clean(text)
    return "" if name in _ORDINARY_WORDS else name


class _Maker:
    """Makes the lines one by one."""

    def __init__(self, basis: Basis, lines: Lines) -> None:
        self._basis, self._lines = basis, lines
        self._estates = estates_of(basis.event.estate)
        self._places: dict[int, tuple[str, str]] = {}
        self._policy_orders: dict[str, int] = {}
        self.orders: dict[int, int] = {}

    def place(self, one: Candidate) -> None:
        """Estate, layout and group order of a household, or what stops the freeze."""
        row, basis = one.row, self._basis
        only = self._estates[0] if len(self._estates) == 1 else ""
        estate, layout = clean(row.estate) or only, self._layout(row)
        self._places[one.index] = estate, layout
        group = group_of(row.group)
        self.orders[one.index] = row.group_order or self.policy_order(group)
        if estate and self._estates and estate not in self._estates:
            where = basis.table.cell(one.index, "estate")
            named = "、".join(self._estates)
            words = {"entrant": row.entrant_no, "estate": estate, "estates": named}
            self._lines.stopping.append(ESTATE_OUTSIDE.at(where, **words))
            return
        stratum = basis.strata.text(estate, layout)
        if stratum:
            self._lines.placed[one.index] = self.orders[one.index], group, stratum
        else:
            self._lines.stopping.append(self._unknown(one, estate, layout))

    def make(self, one: Candidate, salt: str) -> None:
        """The line and the person behind it."""
        row, basis = one.row, self._basis
        estate, layout = self._places[one.index]
        identity = comparable(row.identity_no)
        receipt = receipt_of(clean(basis.event.event_no), row.entrant_no, identity, salt)
        order, group, stratum = self._lines.placed[one.index]
        self._lines.entrants[one.index] = Entrant(receipt, order, group, row.size, stratum)
        home_no = row.household_no or basis.households.waiting(row.waiting_no, "household_no") or ""
        born = basis.households.oldest_born_on(home_no, row.identity_no)
        self._lines.people[one.index] = Person(
            receipt=receipt,
            entrant_no=row.entrant_no,
            salt=salt,
            applicant=clean(row.applicant),
            identity_no=identity,
            household_no=home_no,
            waiting_no=row.waiting_no or "",
            category=clean(row.category),
            estate=estate,
            layout=layout,
            hardship=clean(basis.households.home(home_no, "hardship")),
            oldest_born_on=born.isoformat() if born is not None else "",
        )

    def _layout(self, row: RosterEntry) -> str:
        basis, layout = self._basis, clean(row.layout)
        if not layout and basis.event.purpose is DrawPurpose.PUBLIC_RENTAL:
            layout = layout_for(row.size, basis.as_of, basis.overrides)
        used = spelt_like(layout, basis.layouts) if layout else ""
        if used != layout:
            self._lines.respelt[layout, used] += 1
        return used

    def policy_order(self, group: str) -> int:
        """Where policy puts the group, 1 first."""
        if group not in self._policy_orders:
            basis = self._basis
            self._policy_orders[group] = group_order(group, basis.as_of, basis.overrides)
        return self._policy_orders[group]

    def _unknown(self, one: Candidate, estate: str, layout: str) -> Finding:
        strata, row = self._basis.strata, one.row
        missing = ["小区"] if strata.needs_estate and not estate else []
        missing += [] if layout else ["户型"]
        where = self._basis.table.cell(one.index, "layout" if not layout else "estate")
        headers = "、".join(missing)
        return STRATUM_UNKNOWN.at(where, entrant=row.entrant_no, headers=headers)


def _mixed_orders(
    admitted: Sequence[Candidate], orders: Mapping[int, int], table: LedgerTable[RosterEntry]
) -> Iterator[Finding]:
    """Groups with more than one order, located at a row of the rarer one."""
    found: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for one in admitted:
        group = group_of(one.row.group) or ORDINARY
        found[group][orders[one.index]].append(one.index)
    for group, rows in found.items():
        if len(rows) > 1:
            rarest = min(rows, key=lambda order: (len(rows[order]), order))
            told = "，".join(f"{order}：{len(rows[order])} 户" for order in sorted(rows))
            where = table.cell(rows[rarest][0], "group_order")
            yield GROUP_ORDER_MIXED.at(where, group=f"“{group}”", orders=told)


def _unusual_orders(
    admitted: Sequence[Candidate], maker: _Maker, table: LedgerTable[RosterEntry]
) -> Iterator[Finding]:
    """Groups put before, or level with, a group that policy has before them; at their first row."""
    first: dict[str, int] = {}
    for one in admitted:
        first.setdefault(group_of(one.row.group), one.index)
    for (group, index), (other, at) in permutations(first.items(), 2):
        order, ahead = maker.orders[index], maker.orders[at]
        if maker.policy_order(other) < maker.policy_order(group) and order <= ahead:
            where = table.cell(index, "group_order")
            words = {"group": f"“{group or ORDINARY}”", "other": f"“{other or ORDINARY}”"}
            yield GROUP_ORDER_UNUSUAL.at(where, **words, order=order, ahead=ahead)
