"""Filled-in sign-in lists read back: good rows go to 签到, the others are findings."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from zhubao.core.finding import Finding
from zhubao.core.period import Period
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.registers.merging import Merged, merge_rows
from zhubao.ledger.subsidies import SubsidyGrant, SubsidySignIn
from zhubao.ledger.table import Columns, LedgerTable, Segment
from zhubao.subsidy.rental import kinds
from zhubao.subsidy.rental.paid import SignIns
from zhubao.subsidy.rental.quarters import quarter_label
from zhubao.subsidy.rental.rules import Overrides, PaymentRules
from zhubao.subsidy.rental.term import quarter_months, term_of

_SAID = ("signed", "signed_on", "method", "signed_by", "change_note")


@dataclass(frozen=True, slots=True)
class SignInEntry:
    """What a filled-in list amounts to. `empty` rows have nothing written on them."""

    change: Change
    new: int
    changed: int
    known: int
    late: int
    empty: int
    findings: tuple[Finding, ...]


def enter_sign_ins(
    loaded: Loaded,
    incoming: LedgerTable[SubsidySignIn],
    quarter: Period,
    as_of: dt.date,
    formats: Formats,
    *,
    overwrite: bool = False,
    overrides: Overrides = None,
) -> SignInEntry:
    """Enter the rows of one quarter; the same list a second time changes nothing.

    A row with nothing written on it is passed over; a day without 是否签到 means signed. A row of
    another quarter, of an unknown grant, of another household, or with a day before the quarter or
    after `as_of` is a finding. Somebody on record as not signed who now is has signed late: the row
    is changed. Any other contradiction with the ledger is refused, unless `overwrite`.
    """
    reader = _Reader(loaded, incoming, quarter, as_of, overrides)
    reader.run()
    table = loaded.get(SubsidySignIn)
    plan = Plan(f"录入 {quarter.label} 签到", loaded, formats)
    plain = merge_rows(plan, table, _kept(incoming, reader.plain), overwrite=overwrite)
    later = merge_rows(plan, table, _kept(incoming, reader.later), overwrite=True)
    new, changed, known = _count(plain, later, "added", "changed", "same")
    plan.note(f"新录入 {new} 户，更改 {changed} 户，已在台账里的 {known} 户没有重复录入")
    findings = [*reader.findings, *plain.findings, *later.findings]
    return SignInEntry(
        change=plan.build(),
        new=new,
        changed=changed,
        known=known,
        late=reader.late,
        empty=reader.empty,
        findings=tuple(sorted(findings, key=lambda one: one.sort_key)),
    )


def _count(one: Merged, other: Merged, *names: str) -> list[int]:
    return [len(getattr(one, name)) + len(getattr(other, name)) for name in names]


class _Reader:
    """Judges the rows handed in and puts right what they leave unsaid."""

    def __init__(
        self,
        loaded: Loaded,
        incoming: LedgerTable[SubsidySignIn],
        quarter: Period,
        as_of: dt.date,
        overrides: Overrides,
    ) -> None:
        self._grants, self._incoming = loaded.get(SubsidyGrant), incoming
        self._quarter, self._as_of = quarter, as_of
        self._row = {
            number: row for row, number in enumerate(self._grants.column("grant_no")) if number
        }
        self._signs = SignIns(loaded, quarter)
        self._offset = PaymentRules.load(as_of, overrides).start_offset
        self._spelling = _spelling(self._signs, quarter)
        self.plain: dict[int, dict[str, Any]] = {}
        self.later: dict[int, dict[str, Any]] = {}
        self.findings: list[Finding] = []
        self.late = self.empty = 0

    def run(self) -> None:
        for index in range(len(self._incoming)):
            self._take(index)

    def _take(self, index: int) -> None:
        bad = any(index in self._incoming.bad.get(name, ()) for name in _SAID[1:])
        values = self._incoming.values(index)
        unread = self._unread(index, "signed")
        if not (bad or unread or any(values[name] is not None for name in _SAID)):
            self.empty += 1
            return
        fault = self._fault(index, values)
        if fault is not None:
            self.findings.append(fault)
            return
        given: dict[str, Any] = {"quarter": self._quarter_text(values["grant_no"])}
        if values["signed"] is None and values["signed_on"] is not None and not unread:
            given["signed"] = True
        self._not_due(index, values["grant_no"])
        self._keep(index, values, given)

    def _keep(self, index: int, values: dict[str, Any], given: dict[str, Any]) -> None:
        signed = given.get("signed", values["signed"])
        day = values["signed_on"]
        self.late += bool(signed and day and day > self._quarter.end)
        rows, table = self._signs.rows(values["grant_no"]), self._signs.table
        was_absent = len(rows) == 1 and table.column("signed")[rows[0]] is False
        (self.later if signed and was_absent else self.plain)[index] = given

    def _fault(self, index: int, values: dict[str, Any]) -> Finding | None:
        """What keeps a row out; a row without number, or with bad cells, is left to the merge."""
        number, text, day = values["grant_no"], values["quarter"], values["signed_on"]
        if number is None:
            return None
        row = self._row.get(number)
        if row is None:
            return kinds.SIGN_IN_UNKNOWN.at(self._incoming.cell(index, "grant_no"), grant=number)
        if text is not None and quarter_label(text) != self._quarter.label:
            where, quarter = self._incoming.cell(index, "quarter"), self._quarter.label
            return kinds.SIGN_IN_OTHER_QUARTER.at(where, grant=number, text=text, quarter=quarter)
        right, wrong = self._grants.column("household_no")[row], values["household_no"]
        if wrong is not None and right is not None and wrong != right:
            where = self._incoming.cell(index, "household_no")
            return kinds.SIGN_IN_HOUSEHOLD.at(where, grant=number, right=right, wrong=wrong)
        why = self._odd_day(day)
        if why:
            where = self._incoming.cell(index, "signed_on")
            return kinds.SIGN_IN_DAY_ODD.at(where, grant=number, day=day, why=why)
        return None

    def _odd_day(self, day: dt.date | None) -> str:
        if day is None:
            return ""
        if day > self._as_of:
            return f"晚于 {self._as_of}"
        return f"早于 {self._quarter.title}" if day < self._quarter.start else ""

    def _not_due(self, index: int, number: str | None) -> None:
        """Somebody who signs though no month of the quarter is theirs."""
        row = self._row.get(number or "")
        if row is None:
            return
        term = term_of(self._grants, row, self._offset)
        if not quarter_months(term, self._quarter):
            bar = term.bar(self._quarter.months()[0])
            where, why = self._incoming.cell(index, "grant_no"), bar.words if bar else "没有月份"
            quarter = self._quarter.label
            found = kinds.SIGN_IN_NOT_DUE.at(where, grant=number, quarter=quarter, why=why)
            self.findings.append(found)

    def _unread(self, index: int, name: str) -> bool:
        """Something stands in the cell that could not be read."""
        bad = index in self._incoming.bad.get(name, ())
        return bad and self._incoming.original(index, name) not in (None, "")

    def _quarter_text(self, number: str | None) -> str:
        """The quarter as the ledger spells it for this grant, or in general."""
        rows = self._signs.rows(number)
        if rows:
            return str(self._signs.table.column("quarter")[rows[0]])
        return self._spelling


def _spelling(signs: SignIns, quarter: Period) -> str:
    """How the ledger mostly writes this quarter."""
    texts = signs.table.column("quarter")
    counts = Counter(texts[row] for grant in signs.grants() for row in signs.rows(grant))
    return counts.most_common(1)[0][0] if counts else quarter.label


def _kept(
    table: LedgerTable[SubsidySignIn], rows: dict[int, dict[str, Any]]
) -> LedgerTable[SubsidySignIn]:
    """Some rows of a table, their cells unchanged, with values put in."""
    indexes = sorted(rows)
    new = {old: place for place, old in enumerate(indexes)}
    columns = Columns(
        {
            name: [rows[one].get(name, table.column(name)[one]) for one in indexes]
            for name in table.model.model_fields
        }
    )
    for name, bad in table.bad.items():
        columns.bad[name] = {new[one] for one in bad if one in new and name not in rows[one]}
    for name, kept in table.originals.items():
        columns.originals[name] = {new[one]: raw for one, raw in kept.items() if one in new}
    return LedgerTable(SubsidySignIn, columns, _segments(table, indexes))


def _segments(table: LedgerTable[SubsidySignIn], indexes: Iterable[int]) -> list[Segment]:
    """The places of the rows kept, sheet by sheet."""
    found: dict[int, tuple[Segment, list[int]]] = {}
    for index in indexes:
        segment, offset = table.locate(index)
        found.setdefault(id(segment), (segment, []))[1].append(segment.rows[offset])
    return [
        Segment(one.file, one.sheet, rows, one.letters, one.header_row, one.units)
        for one, rows in found.values()
    ]
