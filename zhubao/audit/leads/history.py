"""Earlier runs: what each one found, and what of a run is new, continuing or gone since."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhubao.audit.leads.run import CheckRun, Spotted

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Remembered:
    """A lead of an earlier run; nothing personal."""

    code: str
    fingerprint: str
    household: str = ""
    unit: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run as it is kept. `state` tells ledgers and rules apart, `at` is when it was made."""

    as_of: dt.date
    at: str  # ISO moment
    state: str
    complete: frozenset[str]
    leads: tuple[Remembered, ...]

    @property
    def order(self) -> tuple[dt.date, str]:
        """By cut-off date, then by when it was made."""
        return self.as_of, self.at


class Course(StrEnum):
    """Where a lead stands against the earlier run."""

    NEW = "新增"
    CONTINUING = "持续"


@dataclass(frozen=True, slots=True)
class Compared:
    """A run against earlier ones: `course` by fingerprint, and what is no longer found.

    `baseline` is the earlier run compared with, code → run; a check that ran never before is not
    in it, and all its leads are new.
    """

    course: Mapping[str, Course]
    gone: tuple[Remembered, ...]
    baseline: Mapping[str, RunRecord]

    def new(self, lead: Spotted) -> bool:
        """True when the earlier run did not find it."""
        return self.course[lead.fingerprint] is Course.NEW


def state_of(sources: Iterable[tuple[str, str]], rules: Mapping[str, Any], version: str) -> str:
    """A digest of the ledgers read (name, hash), the bureau's own rules and the tool's version."""
    facts = [sorted(sources), json.dumps(rules, sort_keys=True, default=str), version]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()[:32]


def record_of(run: CheckRun, at: str, state: str) -> RunRecord:
    """The run as it is kept."""
    leads = tuple(_remembered(lead) for lead in run.leads)
    return RunRecord(run.facts.as_of, at, state, run.complete, leads)


def is_repetition(record: RunRecord, earlier: RunRecord) -> bool:
    """The same ledgers as of the same day, and no check beyond the earlier ones."""
    return _same_state(record, earlier) and record.complete <= earlier.complete


def compare(
    run: CheckRun, record: RunRecord, kept: Sequence[RunRecord], since: dt.date | None = None
) -> Compared:
    """The run against, for each check, the last kept run that had this check run to its end.

    Counted are runs as of `since` or before; without it, as of the run's own day or before. A run
    over the same ledgers as of the same day does not count, nor what came after it: asked again,
    the answer stays what it was.
    A lead is gone only if its check ran to its end now.
    """
    limit = since or record.as_of
    earlier = [one for one in _before(record, kept) if one.as_of <= limit]
    baseline: dict[str, RunRecord] = {}
    for one in sorted(earlier, key=lambda one: one.order):
        baseline.update(dict.fromkeys(one.complete & {c.code for c in run.checks}, one))
    known = {
        lead.fingerprint: lead
        for one in {record.order: record for record in baseline.values()}.values()
        for lead in one.leads
        if baseline.get(lead.code) is one
    }
    now = {lead.fingerprint for lead in run.leads}
    course = {key: Course.CONTINUING if key in known else Course.NEW for key in now}
    gone = [lead for key, lead in known.items() if key not in now and lead.code in run.complete]
    gone.sort(key=lambda lead: (lead.code, lead.household, lead.unit, lead.fingerprint))
    return Compared(course, tuple(gone), baseline)


def to_text(record: RunRecord) -> str:
    """The run as JSON, in a fixed order."""
    document = {
        "version": _VERSION,
        "as_of": record.as_of.isoformat(),
        "at": record.at,
        "state": record.state,
        "complete": sorted(record.complete),
        "leads": [
            [one.code, one.fingerprint, one.household, one.unit, one.place] for one in record.leads
        ],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def from_text(text: str) -> RunRecord:
    """The run that `to_text` wrote; ValueError when it is none."""
    try:
        document = json.loads(text)
        if document["version"] != _VERSION:
            raise ValueError("another version")
        return RunRecord(
            dt.date.fromisoformat(document["as_of"]),
            str(document["at"]),
            str(document["state"]),
            frozenset(map(str, document["complete"])),
            tuple(Remembered(*map(str, one)) for one in document["leads"]),
        )
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError("not a run of the checks") from fault


def _before(record: RunRecord, kept: Sequence[RunRecord]) -> list[RunRecord]:
    """The kept runs that the run is compared with: those before the first over these ledgers."""
    same = [one.order for one in kept if _same_state(record, one)]
    first = min(same, default=None)
    return [one for one in kept if first is None or one.order < first]


def _same_state(record: RunRecord, other: RunRecord) -> bool:
    return (record.as_of, record.state) == (other.as_of, other.state)


def _remembered(lead: Spotted) -> Remembered:
    hit = lead.lead.hit
    place = str(hit.cells[0]) if hit.cells else ""
    return Remembered(lead.code, lead.fingerprint, hit.household, hit.unit, place)
