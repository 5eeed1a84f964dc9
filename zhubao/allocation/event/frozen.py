"""A frozen event in memory: the published texts, and the people behind the receipts.

`people.jsonl` is private: one JSON object per entrant with name, identity number and salt, as they
were on the day of the freeze. Everything that names people afterwards takes them from here, never
from today's ledgers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property

from zhubao.allocation.draw.algorithm import Drawn, draw, result_text
from zhubao.allocation.draw.texts import (
    DrawUnit,
    Entrant,
    Rules,
    parse_roster,
    parse_rules,
    parse_ticket,
    parse_units,
    sha256,
)

ROSTER, UNITS, RULES, PEOPLE = "roster.txt", "units.txt", "rules.txt", "people.jsonl"
TICKET, RESULT = "draw.txt", "result.txt"


@dataclass(frozen=True, slots=True)
class Person:
    """The household behind a receipt, as frozen. Personal: never in anything public unmasked."""

    receipt: str
    entrant_no: str
    salt: str
    applicant: str
    identity_no: str  # 18 digits where the ledger had 15
    household_no: str = ""
    waiting_no: str = ""
    category: str = ""
    estate: str = ""
    layout: str = ""
    hardship: str = ""
    oldest_born_on: str = ""  # ISO date of birth of the oldest member, "" when unknown


@dataclass(frozen=True)
class Frozen:
    """A freeze: rules, roster, units, and the people by receipt."""

    texts: Mapping[str, str]
    rules: Rules
    rules_hash: str
    entrants: tuple[Entrant, ...]
    units: tuple[DrawUnit, ...]
    people: Mapping[str, Person]

    @cached_property
    def by_receipt(self) -> Mapping[str, Entrant]:
        """Receipt → entrant."""
        return {entrant.receipt: entrant for entrant in self.entrants}

    @cached_property
    def by_entrant_no(self) -> Mapping[str, Person]:
        """Entrant number → person."""
        return {person.entrant_no: person for person in self.people.values()}


def read_frozen(texts: Mapping[str, str]) -> Frozen:
    """The freeze these texts say; TextInvalid or ValueError where they are not in form or at odds.

    Roster and units must have the hashes that the rules name.
    """
    rules = parse_rules(texts[RULES])
    hashes = sha256(texts[ROSTER]), sha256(texts[UNITS])
    if hashes != (rules.roster_hash, rules.units_hash):
        raise ValueError("名册或房源清单与规则里的校验值不符")
    roster_event, entrants = parse_roster(texts[ROSTER])
    units_event, units = parse_units(texts[UNITS])
    if {roster_event, units_event} != {rules.event}:
        raise ValueError("名册、房源清单和规则不是同一次活动的")
    people = read_people(texts.get(PEOPLE, ""))
    return Frozen(texts, rules, sha256(texts[RULES]), entrants, units, people)


def read_draw(frozen: Frozen, texts: Mapping[str, str]) -> Drawn:
    """The draw these texts say, carried out again; ValueError when the kept result differs."""
    ticket = parse_ticket(texts[TICKET])
    if ticket.rules_hash != frozen.rules_hash:
        raise ValueError("这次摇号不是按这份冻结的规则摇的")
    drawn = draw(ticket, frozen.entrants, frozen.units, frozen.rules.mode)
    if result_text(drawn) != texts[RESULT]:
        raise ValueError("存档的结果与按规则重新计算的结果不一致")
    return drawn


def people_text(people: Iterable[Person]) -> str:
    """The private lines, by receipt."""
    ordered = sorted(people, key=lambda person: person.receipt)
    names = [field.name for field in fields(Person)]
    records = ({name: getattr(person, name) for name in names} for person in ordered)
    return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)


def read_people(text: str) -> dict[str, Person]:
    """Receipt → person, of `people_text`."""
    known = {field.name for field in fields(Person)}
    records = (json.loads(line) for line in text.splitlines() if line)
    people = (Person(**{k: v for k, v in record.items() if k in known}) for record in records)
    return {person.receipt: person for person in people}
