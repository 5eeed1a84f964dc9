"""Which workbook holds which sheets, and what a row model says about its columns.

Row models are resolved lazily, module by module: a command that needs three sheets of two
workbooks imports two modules, not all of them.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from zhubao.core.errors import UsageError
from zhubao.excel.columns import ColumnSpec
from zhubao.excel.kinds import CellKind
from zhubao.ledger.model import LedgerRow, column_info

# Workbook → modules that declare its sheets, both in the order of the bureau folder.
WORKBOOKS: dict[str, tuple[str, ...]] = {
    "units": ("units",),
    "tenants": ("tenants",),
    "arrears": ("arrears",),
    "subsidies": ("subsidies",),
    "allocation": ("allocation",),
    "patrol": ("patrol",),
    "audit": ("audit",),
    "services": ("services", "office"),
}

ALL_MODELS: tuple[type[LedgerRow], ...]  # every row model, in workbook and sheet order


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key: `field` of one sheet holds values of `target_field` of the sheet `target`."""

    field: str
    target: type[LedgerRow]
    target_field: str


def __getattr__(name: str) -> Any:
    if name == "ALL_MODELS":
        return all_models()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def all_models() -> tuple[type[LedgerRow], ...]:
    """Every row model, in workbook and sheet order; imports all the modules."""
    return tuple(_declared())


@cache
def models_of(workbook: str) -> tuple[type[LedgerRow], ...]:
    """The row models of one workbook ("arrears"), in sheet order; KeyError for another name."""
    return tuple(model for module in WORKBOOKS[workbook] for model in _models_in(module))


def model_named(name: str) -> type[LedgerRow]:
    """The model with this class name or sheet name, else with this sheet alias.

    UsageError, with the nearest names, when there is none.
    """
    wanted = name.strip()
    for model in _declared():
        if wanted in (model.__name__, model.SHEET.name):
            return model
    for model in all_models():
        if wanted in model.SHEET.aliases:
            return model
    raise UsageError(f"没有叫“{wanted}”的表", advice=_suggestion(wanted))


@cache
def specs_of(model: type[LedgerRow]) -> tuple[ColumnSpec, ...]:
    """What the reader of workbooks must know of each column, in field order."""
    return tuple(
        ColumnSpec(
            key=name,
            header=column_info(field).header,
            aliases=column_info(field).aliases,
            kind=kind_of(field),
            required=field.is_required(),
            choices=choices_of(field),
            unit=column_info(field).unit,
        )
        for name, field in model.model_fields.items()
    )


def kind_of(field: FieldInfo) -> CellKind:
    """The kind of cell a field is read from; TypeError when its type declares none."""
    marks = list(all_marks(field))
    for mark in marks:
        if isinstance(mark, CellKind):
            return mark
    if any(isinstance(mark, type) and issubclass(mark, StrEnum) for mark in marks):
        return CellKind.CHOICE
    raise TypeError(f"no cell kind in {field.annotation!r}")


def choices_of(field: FieldInfo) -> tuple[str, ...]:
    """The words a choice column allows, in declaration order; empty for every other column."""
    for mark in all_marks(field):
        if isinstance(mark, type) and issubclass(mark, StrEnum):
            return tuple(member.value for member in mark)
    return ()


def is_required(field: FieldInfo) -> bool:
    """Whether the column must be filled in every row: a field without a default."""
    return field.is_required()


def key_fields(model: type[LedgerRow]) -> tuple[str, ...]:
    """The fields whose values together must be unique in the sheet."""
    return tuple(name for name, field in model.model_fields.items() if column_info(field).key)


@cache
def references_of(model: type[LedgerRow]) -> tuple[Reference, ...]:
    """The foreign keys of a sheet, in field order.

    KeyError when a declaration names a sheet or a field that does not exist.
    """
    return tuple(
        _resolve(name, column_info(field).references)
        for name, field in model.model_fields.items()
        if column_info(field).references
    )


def all_marks(field: FieldInfo) -> Iterator[Any]:
    """The bare type of a field and every annotation on it: kind, limits."""
    return _marks(field.annotation, field.metadata)


def _resolve(field: str, declared: str) -> Reference:
    class_name, _, target_field = declared.partition(".")
    target = next((model for model in _declared() if model.__name__ == class_name), None)
    if target is None or target_field not in target.model_fields:
        raise KeyError(f"{field} references {declared}, which does not exist")
    return Reference(field, target, target_field)


def _declared() -> Iterator[type[LedgerRow]]:
    """Every model in order; a module is imported only when the search gets that far."""
    for modules in WORKBOOKS.values():
        for module in modules:
            yield from _models_in(module)


@cache
def _models_in(module: str) -> tuple[type[LedgerRow], ...]:
    """The row models a module itself declares, in the order of their declaration."""
    loaded = importlib.import_module(f"zhubao.ledger.{module}")
    return tuple(
        item
        for item in vars(loaded).values()
        if isinstance(item, type)
        and issubclass(item, LedgerRow)
        and item.__module__ == loaded.__name__
    )


def _marks(annotation: Any, metadata: Iterable[Any] = ()) -> Iterator[Any]:
    """The bare type and every annotation on the way to it, through Optional and Annotated."""
    yield from metadata
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *marks = get_args(annotation)
        yield from _marks(inner, marks)
    elif origin in (Union, UnionType):
        for part in get_args(annotation):
            if part is not NoneType:
                yield from _marks(part)
    else:
        yield annotation


def _suggestion(name: str) -> str:
    known = [word for model in all_models() for word in (model.SHEET.name, model.__name__)]
    near = get_close_matches(name, known, n=3, cutoff=0.4)
    if near:
        return f"是不是 {'、'.join(near)}？"
    return f"可用的表：{'、'.join(model.SHEET.name for model in all_models())}"
