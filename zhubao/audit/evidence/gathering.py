"""The rows of every sheet that concern one finding: its household, unit, persons and own records.

A row belongs when it names the household, when an identity number in it is one of the household's
or the lead's, when it names the unit, when it hangs on such a row (a payment on its grant, a step
on the finding), or when the finding's 证据 names it. Of the unit's rows that belong to another
household only the leases are taken: who lived there when is evidence, their accounts are not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from zhubao.audit.trace.places import Locator
from zhubao.audit.trace.printed import cells_in
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.identity import check_identity, normalise_identity, to_18
from zhubao.excel.kinds import CellKind
from zhubao.ledger.audit import AuditFinding, Lead
from zhubao.ledger.catalog import all_models, kind_of, references_of
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.table import LedgerTable, key_fields
from zhubao.ledger.tenants import Household, Lease, Member
from zhubao.ledger.units import Unit

Model = type[LedgerRow]
_OF_OTHERS = (Lease, Unit)  # sheets whose rows of the unit are taken whoever lives there
_NEAR = 5


@dataclass(frozen=True, slots=True)
class Gathered:
    """A finding with its lead, whom it concerns, and the rows of every sheet (in sheet order).

    `left_out` counts the unit's rows of other households that were not taken.
    """

    loaded: Loaded
    index: int
    row: AuditFinding
    lead: int | None
    households: tuple[str, ...]
    units: tuple[str, ...]
    rows: Mapping[Model, tuple[int, ...]]
    left_out: int

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The key cell of every row."""
        return tuple(
            self.loaded.get(model).row_cell(row) for model, own in self.rows.items() for row in own
        )

    @property
    def count(self) -> int:
        """How many rows."""
        return sum(map(len, self.rows.values()))


def gather(loaded: Loaded, word: str) -> Gathered:
    """The finding with this 问题编号 (or 疑点编号) and its rows; UsageError when there is none."""
    index = _finding(loaded, word)
    row = loaded.get(AuditFinding).row(index)
    lead = _lead(loaded, row)
    about = _About(loaded, row, None if lead is None else loaded.get(Lead).row(lead))
    rows = {model: about.rows_of(loaded.get(model)) for model in all_models()}
    rows = about.with_dependents(rows)
    for model, own in _named(loaded, about.texts).items():
        rows[model] |= own
    return Gathered(
        loaded=loaded,
        index=index,
        row=row,
        lead=lead,
        households=tuple(sorted(about.households)),
        units=tuple(sorted(about.units)),
        rows={model: tuple(sorted(own)) for model, own in rows.items() if own},
        left_out=about.left_out,
    )


class _About:
    """Whom and what the finding concerns."""

    def __init__(self, loaded: Loaded, row: AuditFinding, lead: Lead | None) -> None:
        self._loaded = loaded
        both = [one for one in (row, lead) if one is not None]
        self.households = {one.household_no for one in both if one.household_no}
        self.units = {one.unit_no for one in both if one.unit_no}
        self.texts = [one.evidence for one in both if one.evidence]
        self.numbers = {_plain(lead.identity_no)} if lead and lead.identity_no else set[str]()
        for model in (Household, Member):
            table = loaded.get(model)
            owners, numbers = table.column("household_no"), table.column("identity_no")
            self.numbers |= {
                _plain(number)
                for owner, number in zip(owners, numbers, strict=True)
                if owner in self.households and number
            }
        self.left_out = 0

    def rows_of(self, table: LedgerTable[Any]) -> set[int]:
        """The rows that name the household, a person, or the unit."""
        own = set(self._by_person(table))
        households = _pointing(table, Household, "household_no")
        for name in _pointing(table, Unit, "unit_no"):
            for row, number in enumerate(table.column(name)):
                if number not in self.units or row in own:
                    continue
                if self._is_of_others(table, households, row):
                    self.left_out += 1
                else:
                    own.add(row)
        return own

    def with_dependents(self, rows: Mapping[Model, set[int]]) -> dict[Model, set[int]]:
        """And what hangs on rows of the household: by declared foreign keys, one step further."""
        found = {model: set(own) for model, own in rows.items()}
        keys = {model: self._own_keys(model, own) for model, own in rows.items()}
        for model in found:
            table = self._loaded.get(model)
            for link in references_of(model):
                wanted = keys.get(link.target, set())
                if link.target in (Household, Unit) or not wanted:
                    continue
                if link.target_field != key_fields(link.target)[0]:
                    continue
                values = table.column(link.field)
                found[model] |= {row for row, value in enumerate(values) if value in wanted}
        return found

    def _by_person(self, table: LedgerTable[Any]) -> Iterator[int]:
        for name in _pointing(table, Household, "household_no"):
            yield from _where(table.column(name), self.households.__contains__)
        for name, info in table.model.model_fields.items():
            if kind_of(info) is CellKind.IDENTITY and self.numbers:
                yield from _where(table.column(name), lambda one: _plain(one) in self.numbers)

    def _is_of_others(self, table: LedgerTable[Any], names: Iterable[str], row: int) -> bool:
        """True when the row names households, none of them this one."""
        if not self.households or table.model in _OF_OTHERS:
            return False
        named = {table.column(name)[row] for name in names} - {None}
        return bool(named) and not named & self.households

    def _own_keys(self, model: Model, rows: Iterable[int]) -> set[Any]:
        """The keys of the rows that are the household's (or nobody's in particular)."""
        table = self._loaded.get(model)
        names = _pointing(table, Household, "household_no")
        key = table.column(key_fields(model)[0])
        mine = (
            row
            for row in rows
            if not self.households
            or not names
            or any(table.column(name)[row] in self.households for name in names)
        )
        return {key[row] for row in mine} - {None}


def _pointing(table: LedgerTable[Any], target: Model, field: str) -> list[str]:
    """The fields that hold the target's key: foreign keys, and its own key on its own sheet."""
    model: Model = table.model
    if model is target:
        return [field]
    return [link.field for link in references_of(model) if link.target is target]


def _where(values: Iterable[Any], test: Callable[[Any], bool]) -> Iterator[int]:
    return (row for row, value in enumerate(values) if value is not None and test(value))


def _named(loaded: Loaded, texts: Iterable[str]) -> dict[Model, set[int]]:
    """The rows that the finding's and the lead's 证据 name."""
    locator = Locator(loaded)
    found: defaultdict[Model, set[int]] = defaultdict(set)
    for text in texts:
        for cell in cells_in(text):
            place = locator.at(cell)
            if place is not None:
                found[place.model].add(place.index)
    return dict(found)


def _finding(loaded: Loaded, word: str) -> int:
    table, wanted = loaded.get(AuditFinding), word.strip().upper()
    numbers = table.column("finding_no")
    for names in (numbers, table.column("lead_no")):
        for index, number in enumerate(names):
            if number is not None and number.upper() == wanted and numbers[index]:
                return index
    known = [number for number in numbers if number]
    near = get_close_matches(word.strip(), known, n=_NEAR, cutoff=0.6) or known[:_NEAR]
    advice = f"是不是 {'、'.join(near)}？" if near else "问题清单里还没有问题。"
    raise UsageError(f"问题清单里没有“{word}”", advice=advice)


def _lead(loaded: Loaded, row: AuditFinding) -> int | None:
    if not row.lead_no:
        return None
    numbers = loaded.get(Lead).column("lead_no")
    return next((index for index, one in enumerate(numbers) if one == row.lead_no), None)


def _plain(number: str) -> str:
    """The eighteen-digit form; a number with a fault as it stands."""
    text = normalise_identity(number)
    return text if check_identity(text) is not None else to_18(text)
