"""One raw column → typed values, originals and faults; each distinct raw value is read once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from zhubao.excel.amounts import read_decimal, read_integer, read_money
from zhubao.excel.cleaning import (
    EMPTY_MARKS,
    UNCLEAN_CODE,
    UNCLEAN_IDENTITY,
    UNCLEAN_TEXT,
)
from zhubao.excel.dates import DateReader
from zhubao.excel.kinds import CellKind
from zhubao.excel.outcome import MARKED_EMPTY, Fault, Outcome
from zhubao.excel.words import (
    choice_reader,
    read_code,
    read_identity,
    read_text,
    read_yes_no,
)

Reader = Callable[[Any], Outcome]

_SEPARATOR = "\x1f"
_UNCLEAN: dict[CellKind, re.Pattern[str]] = {
    CellKind.TEXT: UNCLEAN_TEXT,
    CellKind.CODE: UNCLEAN_CODE,
    CellKind.IDENTITY: UNCLEAN_IDENTITY,
}


@dataclass(slots=True)
class Normalised:
    """A column after reading; faults and originals by index; `marks`: where 无, / … stood."""

    values: list[Any]
    originals: dict[int, Any] = field(default_factory=dict)
    faults: dict[int, Fault] = field(default_factory=dict)
    marks: list[int] = field(default_factory=list)


def reader_for(kind: CellKind, *, choices: tuple[str, ...] = (), date1904: bool = False) -> Reader:
    """The function that reads one raw value of this kind."""
    if kind is CellKind.CHOICE:
        return choice_reader(choices)
    dates = DateReader(date1904=date1904)
    readers: dict[CellKind, Reader] = {
        CellKind.TEXT: read_text,
        CellKind.CODE: read_code,
        CellKind.IDENTITY: read_identity,
        CellKind.MONEY: read_money,
        CellKind.DATE: dates.read_date,
        CellKind.MOMENT: dates.read_moment,
        CellKind.MONTH: dates.read_month,
        CellKind.YES_NO: read_yes_no,
        CellKind.INTEGER: read_integer,
        CellKind.DECIMAL: read_decimal,
    }
    return readers[kind]


def normalise(
    raws: list[Any],
    kind: CellKind,
    *,
    choices: tuple[str, ...] = (),
    date1904: bool = False,
) -> Normalised:
    """Read a whole column. One of clean text is recognised in one sweep and kept as it is."""
    types = set(map(type, raws))
    if types <= {str} and _is_clean(raws, kind):
        return Normalised([raw or None for raw in raws] if "" in raws else raws)
    memo = _Memo(reader_for(kind, choices=choices, date1904=date1904))
    keys: Iterable[Any] = raws
    if len(types & {bool, int, float}) > 1:  # True == 1 == 1.0 would share one entry
        memo.unwrap = True
        keys = [(type(raw), raw) for raw in raws]
    values = list(map(memo.__getitem__, keys))
    column = Normalised(values)
    if memo.odd:
        _keep_odd(column, raws, keys, memo)
    return column


def _is_clean(raws: list[str], kind: CellKind) -> bool:
    unclean = _UNCLEAN.get(kind)
    if unclean is None:
        return False
    joined = _SEPARATOR.join(raws)
    if joined.count(_SEPARATOR) != max(len(raws) - 1, 0):
        return False
    if unclean.search(f"{_SEPARATOR}{joined}{_SEPARATOR}"):
        return False
    return EMPTY_MARKS.isdisjoint(raws)


def _keep_odd(column: Normalised, raws: list[Any], keys: Iterable[Any], memo: _Memo) -> None:
    odd = memo.odd
    plain = not any(one.fault is not None or one is MARKED_EMPTY for one in odd.values())
    if plain:
        pairs = enumerate(zip(keys, raws, strict=True))
        column.originals = {index: raw for index, (key, raw) in pairs if key in odd}
        return
    for index, key in enumerate(keys):
        outcome = odd.get(key)
        if outcome is None:
            continue
        if outcome.odd:
            column.originals[index] = raws[index]
        if outcome.fault is not None:
            column.faults[index] = outcome.fault
        elif outcome is MARKED_EMPTY:
            column.marks.append(index)


class _Memo(dict[Any, Any]):
    """Raw value → typed value, filled on first sight; whatever is odd is remembered apart."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader
        self.unwrap = False
        self.odd: dict[Any, Outcome] = {}

    def __missing__(self, key: Any) -> Any:
        outcome = self._reader(key[1] if self.unwrap else key)
        if outcome.odd or outcome.fault is not None:
            self.odd[key] = outcome
        self[key] = outcome.value
        return outcome.value
