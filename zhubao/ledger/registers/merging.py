"""Rows handed in against a ledger: new ones are added, known ones updated, nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhubao.core.finding import Cell, Finding, FindingKind
from zhubao.excel.kinds import CellKind
from zhubao.ledger.change import Plan
from zhubao.ledger.registers.findings import (
    COLUMN_NOT_IN_LEDGER,
    COLUMNS_NEEDED,
    KEY_EMPTY,
    KEY_TWICE,
    LEDGER_KEY_TWICE,
    NUMBER_UNKNOWN,
    REQUIRED_LACKING,
    ROW_FAULTY,
    VALUE_CONTRADICTS,
    VALUE_KEPT,
)
from zhubao.ledger.registers.numbers import next_numbers
from zhubao.ledger.registers.values import key_words, rules_of, spelled
from zhubao.ledger.table import LedgerTable, key_fields

Key = tuple[Any, ...]
_LISTED = 4


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the rows handed in, by their index among them; every row is in one place.

    `refused` and `kept` have the findings, with both cells: a row refused changes nothing, a value
    kept (fill_only) stays in the ledger while the row's other cells are filled.
    """

    added: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    same: tuple[int, ...] = ()
    refused: tuple[Finding, ...] = ()
    kept: tuple[Finding, ...] = ()
    refused_rows: tuple[int, ...] = ()
    new_rows: tuple[Mapping[str, Any], ...] = ()  # the rows added, as written: field → value
    updates: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    # record of the ledger → what is written into it, in the order of `changed`

    @property
    def cells(self) -> int:
        """Cells written into known records."""
        return sum(map(len, self.updates.values()))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything to be told, in the order of the file."""
        return tuple(sorted((*self.refused, *self.kept), key=lambda one: one.sort_key))


def merge_rows(
    plan: Plan,
    table: LedgerTable[Any],
    incoming: LedgerTable[Any],
    *,
    fill_only: bool = False,
    overwrite: bool = False,
    numbered: bool = False,
    refuse: Mapping[int, Finding] | None = None,
    absent: Collection[str] = (),
) -> Merged:
    """Put the rows of `incoming` into `plan` by the model's key; a second run changes nothing.

    A key the ledger lacks: a new row, if its required cells are filled. A known key: cells that
    are empty in the ledger are filled; an empty cell of `incoming` says nothing. A cell that holds
    something else refuses the whole row, with both cells named; `overwrite` writes it instead, and
    `fill_only` leaves it (in `kept`) and fills the rest. A row with a cell in error is refused. Of
    two rows with one key the second is refused, or is `same` when it says the same.

    `numbered` (single code keys): rows without a key get the sheet's next numbers; one that says
    the same as a record of the ledger is that record, as often as it is there. `refuse` names rows
    of `incoming` that others have judged, each with its finding. `absent` names columns the file
    does not have: new rows that lack nothing else share one finding.
    """
    merge = _Merge(plan, table, incoming, fill_only=fill_only, overwrite=overwrite)
    merge.absent = frozenset(absent)
    if numbered and _is_numbered(incoming):
        merge.number_rows()
    return merge.run(refuse or {})


def _is_numbered(incoming: LedgerTable[Any]) -> bool:
    keys = key_fields(incoming.model)
    return len(keys) == 1 and rules_of(incoming.model)[keys[0]].kind is CellKind.CODE


@dataclass(slots=True)
class _Outcome:
    added: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    same: list[int] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)
    kept: list[Finding] = field(default_factory=list)
    refused_rows: list[int] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    updates: dict[int, dict[str, Any]] = field(default_factory=dict)


class _Merge:
    """One file against one sheet."""

    def __init__(
        self,
        plan: Plan,
        table: LedgerTable[Any],
        incoming: LedgerTable[Any],
        *,
        fill_only: bool,
        overwrite: bool,
    ) -> None:
        self._plan, self._table, self._incoming = plan, table, incoming
        self._fill_only, self._overwrite = fill_only, overwrite
        self._rules = rules_of(incoming.model)
        self._keys = key_fields(incoming.model)
        self._known = _index(table, self._keys)
        self._seen: dict[Key, int] = {}
        self._numbers: Iterator[str] | None = None
        self._records: dict[tuple[str, ...], Counter[Key]] = {}
        self._out = _Outcome()
        self.absent: frozenset[str] = frozenset()
        self._unfinished: dict[tuple[str, ...], int] = {}

    def number_rows(self) -> None:
        """Give rows without a key the sheet's next numbers."""
        key = self._keys[0]
        taken = [*self._table.column(key), *self._incoming.column(key)]
        self._numbers = next_numbers(taken)

    def run(self, refuse: Mapping[int, Finding]) -> Merged:
        for index in range(len(self._incoming)):
            if index in refuse:
                self._out.refused.append(refuse[index])
                self._out.refused_rows.append(index)
            else:
                self._take(index)
        out = self._out
        self._tell_absent()
        self._plan.add(self._table, out.rows)
        return Merged(
            added=tuple(out.added),
            changed=tuple(out.changed),
            same=tuple(out.same),
            refused=tuple(out.refused),
            kept=tuple(out.kept),
            refused_rows=tuple(out.refused_rows),
            new_rows=tuple(out.rows),
            updates=out.updates,
        )

    def _take(self, index: int) -> None:
        given = self._given(index)
        bad = [name for name in self._rules if self._is_faulty(index, name)]
        if bad:
            self._refuse(index, ROW_FAULTY, bad[0], headers=self._headers(bad))
            return
        lacking = [name for name in self._keys if name not in given]
        if lacking and not self._identified(index, given, lacking):
            return
        key = tuple(given[name] for name in self._keys)
        if self._said_before(index, key):
            return
        self._seen[key] = index
        found = self._known.get(key, [])
        if len(found) > 1:
            places = "、".join(str(self._table.row_cell(row)) for row in found[:_LISTED])
            words = {"count": len(found), "places": places}
            self._refuse(index, LEDGER_KEY_TWICE, self._keys[0], **words)
        elif found:
            self._update(index, found[0], given)
        else:
            self._add(index, given)

    def _given(self, index: int) -> dict[str, Any]:
        values = self._incoming.values(index)
        return {name: value for name, value in values.items() if value is not None}

    def _is_faulty(self, index: int, name: str) -> bool:
        """The cell has something in it that cannot be taken; an empty one is no fault here."""
        if index not in self._incoming.bad.get(name, ()):
            return False
        written = self._incoming.original(index, name) not in (None, "")
        return written or not self._rules[name].required

    def _identified(self, index: int, given: dict[str, Any], lacking: list[str]) -> bool:
        """Number a row without a key; False when the row is dealt with otherwise."""
        if self._numbers is None:
            self._refuse(index, KEY_EMPTY, lacking[0], headers=self._headers(lacking))
            return False
        if self._is_on_record(given):
            self._out.same.append(index)
            return False
        if self._lacks_required(index, {**given, lacking[0]: ""}):
            return False
        number = next(self._numbers, None)
        if number is None:
            self._refuse(index, NUMBER_UNKNOWN, lacking[0], header=self._headers(lacking))
            return False
        given[lacking[0]] = number
        return True

    def _is_on_record(self, given: Mapping[str, Any]) -> bool:
        """A record of the ledger says all this; each record stands for one row handed in."""
        names = tuple(sorted(given))
        if not names:
            return False
        if names not in self._records:
            columns = [self._table.column(name) for name in names]
            self._records[names] = Counter(zip(*columns, strict=True))
        left = self._records[names]
        said = tuple(given[name] for name in names)
        if left[said] <= 0:
            return False
        left[said] -= 1
        return True

    def _said_before(self, index: int, key: Key) -> bool:
        first = self._seen.get(key)
        if first is None:
            return False
        if self._given(first) == self._given(index):
            self._out.same.append(index)
        else:
            place = self._incoming.row_cell(first)
            self._refuse(index, KEY_TWICE, self._keys[0], first=place)
        return True

    def _add(self, index: int, given: dict[str, Any]) -> None:
        if self._lacks_required(index, given):
            return
        if self._table.segments and self._no_column(index, given, len(self._table) - 1):
            return
        self._out.added.append(index)
        self._out.rows.append(given)

    def _lacks_required(self, index: int, given: Mapping[str, Any]) -> bool:
        """Refuse a new row that has not all it must have."""
        required = (name for name, rule in self._rules.items() if rule.required)
        lacking = [name for name in required if name not in given]
        if lacking and self.absent.issuperset(lacking):
            self._unfinished[tuple(lacking)] = self._unfinished.get(tuple(lacking), 0) + 1
            self._out.refused_rows.append(index)
        elif lacking:
            self._refuse(index, REQUIRED_LACKING, lacking[0], headers=self._headers(lacking))
        return bool(lacking)

    def _tell_absent(self) -> None:
        """One finding for all rows that lack only columns the file does not have."""
        for lacking, count in self._unfinished.items():
            place = self._incoming.segments[0]
            where, headers = Cell(place.file, place.sheet), self._headers(list(lacking))
            self._out.refused.append(COLUMNS_NEEDED.at(where, count=f"{count:,}", headers=headers))

    def _no_column(self, index: int, given: Mapping[str, Any], row: int) -> bool:
        """Refuse values the sheet has no column for."""
        segment = self._table.locate(row)[0] if row >= 0 else self._table.segments[-1]
        absent = [name for name in given if name not in segment.letters]
        if absent:
            words = {"sheet": self._table.model.SHEET.name, "headers": self._headers(absent)}
            self._refuse(index, COLUMN_NOT_IN_LEDGER, absent[0], **words)
        return bool(absent)

    def _update(self, index: int, row: int, given: Mapping[str, Any]) -> None:
        changes = {name: given[name] for name in given if self._differs(row, name, given[name])}
        against = [name for name in changes if not self._is_empty(row, name)]
        if against and not (self._overwrite or self._fill_only):
            for name in against:
                self._clash(VALUE_CONTRADICTS, index, row, name, self._out.refused)
            self._out.refused_rows.append(index)
            return
        if self._fill_only and not self._overwrite:
            for name in against:
                self._clash(VALUE_KEPT, index, row, name, self._out.kept)
                del changes[name]
        if not changes:
            self._out.same.append(index)
            return
        if self._no_column(index, changes, row):
            return
        for name, value in changes.items():
            self._plan.put(self._table, row, name, value)
        self._out.changed.append(index)
        self._out.updates[row] = changes

    def _differs(self, row: int, name: str, value: Any) -> bool:
        return bool(self._table.column(name)[row] != value)

    def _is_empty(self, row: int, name: str) -> bool:
        """Nothing in the ledger's cell; one that cannot be read does hold something."""
        if self._table.column(name)[row] is not None:
            return False
        bad = row in self._table.bad.get(name, ())
        return not bad or (
            self._rules[name].required and self._table.original(row, name) in (None, "")
        )

    def _clash(
        self, kind: FindingKind, index: int, row: int, name: str, into: list[Finding]
    ) -> None:
        rule = self._rules[name]
        old = self._table.column(name)[row]
        words = {
            "key": key_words(self._incoming.model, self._table.values(row)),
            "header": rule.column.header,
            "new": spelled(rule, self._incoming.column(name)[index]),
            "old": spelled(rule, old) if old is not None else "读不出的内容",
            "place": self._table.cell(row, name),
            "outcome": "整行没有改动",
        }
        into.append(kind.at(self._incoming.cell(index, name), **words))

    def _refuse(self, index: int, kind: FindingKind, name: str, **words: Any) -> None:
        key = key_words(self._incoming.model, self._incoming.values(index))
        where = self._incoming.cell(index, name)
        self._out.refused.append(kind.at(where, **{"key": key, **words}))
        self._out.refused_rows.append(index)

    def _headers(self, names: list[str]) -> str:
        return "、".join(self._rules[name].column.header for name in names)


def _index(table: LedgerTable[Any], keys: tuple[str, ...]) -> dict[Key, list[int]]:
    """Key → its rows; rows with an empty part of the key are nobody's."""
    found: dict[Key, list[int]] = {}
    for row, key in enumerate(zip(*(table.column(name) for name in keys), strict=True)):
        if None not in key:
            found.setdefault(key, []).append(row)
    return found
