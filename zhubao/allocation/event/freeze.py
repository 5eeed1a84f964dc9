"""The freeze of one event: roster, units and rules as canonical texts, and what the ledger notes.

What is frozen never changes again. The texts are kept in the archive; the ledger keeps their
hashes, which are published before the randomness exists.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from zhubao.allocation.draw.texts import (
    ORDER,
    UNIT,
    EntropySource,
    Rules,
    clean,
    roster_text,
    rules_text,
    sha256,
    units_text,
)
from zhubao.allocation.event.admission import Admission, Deadline, admit, roster_rows
from zhubao.allocation.event.comparison import doubts, unknown_waiting_numbers
from zhubao.allocation.event.entrants import Basis, Lines, roster_lines
from zhubao.allocation.event.frozen import PEOPLE, ROSTER, RULES, UNITS, people_text, read_people
from zhubao.allocation.event.households import Households
from zhubao.allocation.event.kinds import (
    EARLIER_FREEZE,
    ISSUE_OPEN,
    REGISTRATION_OPEN,
    STRATUM_WITHOUT_ENTRANTS,
    STRATUM_WITHOUT_UNITS,
)
from zhubao.allocation.event.record import EventRow
from zhubao.allocation.event.sources import sources_text, without_issue
from zhubao.allocation.event.strata import Strata
from zhubao.allocation.event.unit_list import UnitList
from zhubao.allocation.waiting.eligibility import ELIGIBILITY_MODELS, eligibility_faults
from zhubao.core.finding import Finding
from zhubao.ledger.allocation import (
    DrawEvent,
    DrawMode,
    DrawPurpose,
    DrawStatus,
    RosterEntry,
    RosterStatus,
    UnitSelection,
)
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.units import Dispatch, Unit

FREEZE_MODELS: tuple[type[LedgerRow], ...] = tuple(
    dict.fromkeys((DrawEvent, RosterEntry, UnitSelection, Unit, Dispatch, *ELIGIBILITY_MODELS))
)
LEFT_OUT = "refused.jsonl"  # private: who stood on the roster and does not take part


@dataclass(frozen=True, slots=True)
class FreezeOrder:
    """What is to be frozen and how. `known`, `earlier` and `changes` come from an earlier freeze.

    `known`: everybody on the roster of the freeze that is being replaced; None for a first one.
    `earlier`: names of freezes in the archive that the ledger does not name.
    `changes`: what became of the roster since the freeze that is being replaced.
    """

    at: dt.datetime
    as_of: dt.date
    sources: tuple[EntropySource, ...]
    strata: Strata = Strata.ESTATE_LAYOUT
    reason: str = ""
    known: frozenset[str] | None = None
    earlier: tuple[str, ...] = ()
    changes: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Freeze:
    """A freeze worked out. `stopping` findings keep it from being carried out: no texts then."""

    event: EventRow
    order: FreezeOrder
    units: UnitList
    admission: Admission
    lines: Lines
    findings: tuple[Finding, ...]
    stopping: tuple[Finding, ...]
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_possible(self) -> bool:
        """True when nothing stops it, and there are households and units."""
        return bool(self.texts)

    @property
    def hashes(self) -> tuple[str, str, str]:
        """SHA-256 of roster, units and rules; empty texts where there is no freeze."""
        if not self.texts:
            return "", "", ""
        return sha256(self.texts[ROSTER]), sha256(self.texts[UNITS]), sha256(self.texts[RULES])

    @property
    def frozen_event(self) -> EventRow:
        """The event's row as it will be once the freeze is written."""
        roster_hash, units_hash, rules_hash = self.hashes
        values = {
            "frozen_at": self.order.at,
            "roster_count": len(self.lines.entrants),
            "unit_count": len(self.units.units),
            "roster_hash": roster_hash,
            "unit_list_hash": units_hash,
            "rules_hash": rules_hash,
            "entropy_sources": sources_text(self.order.sources),
            "status": DrawStatus.FROZEN,
        }
        return EventRow(self.event.index, self.event.row.model_copy(update=values))


def compute_freeze(
    loaded: Loaded,
    event: EventRow,
    order: FreezeOrder,
    units: UnitList,
    fresh_salt: Callable[[], str],
    overrides: Mapping[str, Any] | None = None,
) -> Freeze:
    """Work out the freeze of an event from today's ledgers; nothing is written.

    `fresh_salt` gives a new secret salt at every call: the only thing here that is not a function
    of the ledgers and the order.
    """
    households = Households(loaded, order.as_of)
    row = event.row
    deadline = Deadline(order.at, row.registration_ends_on, order.known)
    rental = row.purpose is DrawPurpose.PUBLIC_RENTAL
    faults = eligibility_faults(loaded, order.as_of, overrides) if rental else {}
    admission = admit(loaded, row, deadline, faults, households)
    table = loaded.get(RosterEntry)
    basis = Basis(table, row, order.strata, units.layouts, households, order.as_of, overrides)
    stopping = [*admission.stopping, *units.stopping]
    stopping += unknown_waiting_numbers(admission.admitted, basis)
    lines = roster_lines(admission.admitted, basis, fresh_salt)
    stopping += lines.stopping
    findings = [*admission.findings, *lines.doubtful, *doubts(admission.admitted, basis)]
    findings += _of_event(loaded, event, order)
    findings += _of_strata(loaded, event, units, lines)
    found, stops = _sorted(findings), _sorted(stopping)
    freeze = Freeze(event, order, units, admission, lines, found, stops)
    if stops or not (lines.entrants and units.units):
        return freeze
    return replace(freeze, texts=_texts(row, order, units, lines, admission))


def known_entrants(texts: Mapping[str, str]) -> frozenset[str]:
    """Everybody who stood on the roster when these texts were frozen, taking part or not."""
    people = read_people(texts.get(PEOPLE, "")).values()
    refused = (json.loads(line) for line in texts.get(LEFT_OUT, "").splitlines() if line)
    return frozenset(one.entrant_no for one in people) | {
        str(record["entrant_no"]) for record in refused
    }


def marked_entrants(loaded: Loaded, event_no: str) -> frozenset[str]:
    """The same by the marks in the roster, where the archived freeze is lost."""
    table = loaded.get(RosterEntry)
    numbers, statuses = table.column("entrant_no"), table.column("status")
    rows = roster_rows(table, event_no)
    return frozenset(
        numbers[i] for i in rows if numbers[i] and statuses[i] is not RosterStatus.REGISTERED
    )


def _texts(
    row: DrawEvent, order: FreezeOrder, units: UnitList, lines: Lines, admission: Admission
) -> dict[str, str]:
    event = clean(row.event_no)
    roster = roster_text(event, lines.entrants.values())
    listed = units_text(event, units.units)
    mode = UNIT if row.mode is DrawMode.UNIT else ORDER
    rules = Rules(event, clean(row.name), mode, sha256(roster), sha256(listed), order.sources)
    return {
        ROSTER: roster,
        UNITS: listed,
        RULES: rules_text(rules),
        PEOPLE: people_text(lines.people.values()),
        LEFT_OUT: "".join(_left_out_lines(admission)),
    }


def _left_out_lines(admission: Admission) -> Iterator[str]:
    out = [(one.candidate.row, one.status, one.reason) for one in admission.refused]
    before = [(one.row, one.row.status, one.row.refusal_reason) for one in admission.already_out]
    for row, status, reason in [*out, *before]:
        record = {"entrant_no": row.entrant_no, "status": str(status), "reason": reason or ""}
        yield json.dumps(record, ensure_ascii=False) + "\n"


def _of_event(loaded: Loaded, event: EventRow, order: FreezeOrder) -> Iterator[Finding]:
    table, ends = loaded.get(DrawEvent), event.row.registration_ends_on
    if ends is not None and ends == order.at.date():
        yield REGISTRATION_OPEN.at(table.cell(event.index, "registration_ends_on"), ends=ends)
    if order.earlier:
        names, count = "、".join(order.earlier), len(order.earlier)
        yield EARLIER_FREEZE.at(table.row_cell(event.index), names=names, count=count)
    for name in without_issue(order.sources):
        yield ISSUE_OPEN.at(table.cell(event.index, "entropy_sources"), name=name)


def _of_strata(loaded: Loaded, event: EventRow, units: UnitList, lines: Lines) -> Iterator[Finding]:
    if not lines.placed:
        return
    where = loaded.get(DrawEvent).row_cell(event.index)
    offered, wanted = units.by_stratum, lines.by_stratum
    for stratum in sorted(wanted.keys() - offered.keys()):
        yield STRATUM_WITHOUT_UNITS.at(where, stratum=stratum, households=wanted[stratum])
    for stratum in sorted(offered.keys() - wanted.keys()):
        yield STRATUM_WITHOUT_ENTRANTS.at(where, stratum=stratum, units=offered[stratum])


def _sorted(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda finding: finding.sort_key))
