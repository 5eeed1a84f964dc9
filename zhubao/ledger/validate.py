"""Whole columns against their pydantic field.

The field is the only declaration. A kernel read off its constraints passes good columns at a
glance; whatever the kernel does not pass or does not understand goes to pydantic, value by
distinct value, and pydantic's errors are what the clerk is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import annotated_types as at
from pydantic import InstanceOf, Strict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from zhubao.core.period import Month
from zhubao.excel.kinds import CellKind
from zhubao.ledger.model import ColumnInfo, LedgerRow, column_info
from zhubao.ledger.wording import error_words

Kernel = Callable[[Sequence[Any]], bool]
_ORDERED = (int, Decimal, dt.date, dt.datetime)
_PLAIN_TYPES = (str, bool, Month, *_ORDERED)


@dataclass(frozen=True, slots=True)
class Checked:
    """A column after validation: values (None where refused) and index → reason in Chinese."""

    values: list[Any]
    reasons: dict[int, str] = field(default_factory=dict)


class FieldRule:
    """What one field of a row model demands of a column of typed values."""

    def __init__(self, name: str, info: FieldInfo) -> None:
        self.name = name
        self.info = info
        self.column: ColumnInfo = column_info(info)
        self.required = info.is_required()
        self.base, metadata = _unwrap(info)
        self.kind = next((item for item in metadata if isinstance(item, CellKind)), None)
        self.words = _words_of(self.base)
        self._kernel = None if self.words else _kernel(self.base, metadata)
        self._adapter: TypeAdapter[Any] | None = None

    def check(self, values: list[Any]) -> Checked:
        """Validate the cells that are not None; emptiness is judged by the caller."""
        if self.passes(values):
            return Checked(values)
        if self.words and set(map(type, values)) <= {str, NoneType}:
            members = [self.words.get(value) for value in values]
            if members.count(None) == values.count(None):
                return Checked(members)
        return self._one_by_one(values)

    def passes(self, values: Sequence[Any]) -> bool:
        """True when the kernel vouches for every value; False means: ask pydantic."""
        return self._kernel is not None and self._kernel(values)

    def ask_pydantic(self, value: Any) -> tuple[Any, str]:
        """(validated value, "") or (None, the reason in Chinese)."""
        if self._adapter is None:
            self._adapter = _adapter(self.info)
        try:
            return self._adapter.validate_python(value), ""
        except ValidationError as fault:
            error = fault.errors(include_url=False, include_input=False)[0]
            context = error.get("ctx", {})
            return None, error_words(error["type"], context, self.kind, tuple(self.words))

    def _one_by_one(self, values: list[Any]) -> Checked:
        """Judge every distinct value once; the types are kept apart only where they are mixed."""
        keys = values if _one_type(values) else [_memo_key(value) for value in values]
        firsts = dict(zip(reversed(keys), reversed(values), strict=True))
        verdicts = {key: self._judge(value) for key, value in firsts.items()}
        checked = Checked([verdicts[key][0] for key in keys])
        refused = {key: reason for key, (_, reason) in verdicts.items() if reason}
        if refused:
            found = ((index, refused.get(key)) for index, key in enumerate(keys))
            checked.reasons.update({index: reason for index, reason in found if reason})
        return checked

    def _judge(self, value: Any) -> tuple[Any, str]:
        if value is None or self.passes((value,)):
            return value, ""
        return self.ask_pydantic(value)


@lru_cache(maxsize=256)
def field_rules(model: type[LedgerRow]) -> tuple[FieldRule, ...]:
    """The rules of a model's columns, in field order."""
    return tuple(FieldRule(name, info) for name, info in model.model_fields.items())


def _one_type(values: Sequence[Any]) -> bool:
    """True when equal values are of one type, and all can be looked up in a dictionary."""
    types = set(map(type, values)) - {NoneType}
    if types == {Decimal}:
        return not any(value is not None and value.is_nan() for value in values)
    return len(types) == 1 and types <= set(_PLAIN_TYPES)


def _memo_key(value: Any) -> Hashable:
    """Equal values of different types stay apart; a signalling NaN has no hash."""
    try:
        hash(value)
    except TypeError:
        return type(value), repr(value)
    return type(value), value


def _unwrap(info: FieldInfo) -> tuple[Any, list[Any]]:
    """The type without Optional and Annotated, and all metadata on the way."""
    annotation, metadata = info.annotation, list(info.metadata)
    while get_origin(annotation) in (Annotated, Union, UnionType):
        if get_origin(annotation) is Annotated:
            metadata += annotation.__metadata__  # type: ignore[union-attr]
            annotation = get_args(annotation)[0]
            continue
        rest = [part for part in get_args(annotation) if part is not NoneType]
        if len(rest) != 1:
            return annotation, metadata
        annotation = rest[0]
    return annotation, metadata


def _words_of(base: Any) -> dict[str, Any]:
    """Word → member of a choice column; empty for every other column."""
    if isinstance(base, type) and issubclass(base, Enum):
        return {member.value: member for member in base}
    return {}


def _adapter(info: FieldInfo) -> TypeAdapter[Any]:
    form: Any = info.annotation
    if info.metadata:
        form = Annotated[(form, *info.metadata)]
    return TypeAdapter(form)


def _kernel(base: Any, metadata: Sequence[Any]) -> Kernel | None:
    """A column test that never passes what pydantic would refuse or change; None: no such test."""
    limits = [item for item in metadata if not isinstance(item, CellKind | Strict | InstanceOf)]
    if base not in _PLAIN_TYPES:
        return None
    tests = [_limit_test(base, limit) for limit in limits]
    if None in tests:
        return None
    known = [test for test in tests if test is not None]
    if base is Decimal:
        known.insert(0, lambda present: all(map(Decimal.is_finite, present)))
    return _column_test(base, known)


def _column_test(base: type, tests: Sequence[Kernel]) -> Kernel:
    def passes(values: Sequence[Any]) -> bool:
        types = set(map(type, values))
        if not types <= {base, NoneType}:
            return False
        if not tests or base not in types:
            return True
        present = values if NoneType not in types else [v for v in values if v is not None]
        return all(test(present) for test in tests)

    return passes


def _limit_test(base: type, limit: Any) -> Kernel | None:
    """The test of one declared limit over non-empty values, or None when it is not understood."""
    if isinstance(limit, at.MinLen) and base is str:
        return lambda present: min(map(len, present)) >= limit.min_length
    if isinstance(limit, at.MaxLen) and base is str:
        return lambda present: max(map(len, present)) <= limit.max_length
    if base not in _ORDERED:
        return None
    return _bound_test(limit)


def _bound_test(limit: Any) -> Kernel | None:
    if isinstance(limit, at.Ge):
        return lambda present: bool(min(present) >= limit.ge)
    if isinstance(limit, at.Gt):
        return lambda present: bool(min(present) > limit.gt)
    if isinstance(limit, at.Le):
        return lambda present: bool(max(present) <= limit.le)
    if isinstance(limit, at.Lt):
        return lambda present: bool(max(present) < limit.lt)
    return None
