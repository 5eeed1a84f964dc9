"""Frozen texts beside the ledgers: what was frozen, and what the draw gives when done again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from zhubao.allocation.draw.algorithm import Drawn, Place, draw
from zhubao.allocation.draw.texts import clean, parse_ticket, sha256
from zhubao.allocation.event.frozen import (
    RESULT,
    TICKET,
    Frozen,
    read_draw,
    read_frozen,
)
from zhubao.audit.facts import Facts
from zhubao.audit.indexes.draws import draws


@dataclass(frozen=True)
class FrozenDraw:
    """An event's frozen texts. `frozen` is None where `fault` says that they cannot be used."""

    event: str
    texts: Mapping[str, str]
    frozen: Frozen | None
    fault: str = ""

    @cached_property
    def drawn(self) -> Drawn | None:
        """The draw of these texts carried out again; None without a ticket in form."""
        if self.frozen is None or TICKET not in self.texts:
            return None
        try:
            ticket = parse_ticket(self.texts[TICKET])
        except ValueError:
            return None
        frozen = self.frozen
        return draw(ticket, frozen.entrants, frozen.units, frozen.rules.mode)

    @cached_property
    def result_fault(self) -> str:
        """What is wrong with the texts of the draw; "" when nothing is, or there are none."""
        if self.frozen is None or TICKET not in self.texts:
            return ""
        try:
            read_draw(self.frozen, self.texts)
        except KeyError:
            return "存档里没有摇号结果"
        except ValueError as wrong:
            return str(wrong)
        return ""

    @cached_property
    def result_hash(self) -> str:
        """SHA-256 of the kept result; "" without one."""
        return sha256(self.texts[RESULT]) if RESULT in self.texts else ""

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Receipt → place in the draw done again."""
        return {place.receipt: place for place in self.drawn.places} if self.drawn else {}

    @cached_property
    def units(self) -> frozenset[str]:
        """The numbers on the frozen list of units."""
        return frozenset(unit.unit_no for unit in self.frozen.units) if self.frozen else frozenset()

    def receipt_of(self, entrant: str, receipt: str | None) -> str:
        """The receipt behind an entrant's number, where the people are kept; else the one given."""
        person = self.frozen.by_entrant_no.get(entrant) if self.frozen else None
        return person.receipt if person else receipt or ""

    def takes_part(self, entrant: str, receipt: str | None) -> bool:
        """True when the household is on the frozen roster.

        By 参摇编号 where the people behind the receipts are kept, else by the receipt.
        """
        if self.frozen is None:
            return True
        if self.frozen.people:
            return entrant in self.frozen.by_entrant_no
        return receipt in self.frozen.by_receipt

    def lists(self, unit: str) -> bool:
        """True when the unit is on the frozen list (or there is none to look at)."""
        return self.frozen is None or clean(unit) in self.units


def frozen_draws(facts: Facts) -> Mapping[str, FrozenDraw]:
    """活动编号 → its frozen texts, for the events drawn by the day."""
    found = {}
    for number in facts.once(draws):
        texts = facts.drawn.get(number)
        if texts:
            found[number] = _read(number, texts)
    return found


def _read(number: str, texts: Mapping[str, str]) -> FrozenDraw:
    try:
        frozen = read_frozen(texts)
    except KeyError as missing:
        return FrozenDraw(number, texts, None, f"存档里没有 {missing.args[0]}")
    except (TypeError, ValueError) as wrong:
        return FrozenDraw(number, texts, None, f"存档读不通（{wrong}）")
    if frozen.rules.event != clean(number):
        return FrozenDraw(number, texts, None, f"存档是活动 {frozen.rules.event} 的")
    return FrozenDraw(number, texts, frozen)
