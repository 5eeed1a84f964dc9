"""How a sheet is declared: a pydantic row model whose fields say header, aliases and rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where the rows live: the workbook's stem as declared ("arrears"), and the sheet."""

    workbook: str
    name: str
    title: str  # what the sheet holds, one line, Chinese
    aliases: tuple[str, ...] = ()  # other sheet names seen in practice
    computed: bool = False  # written by zhubao, not typed in by a clerk


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """The declaration of one column; `references` is "SheetModel.field" of a foreign key."""

    header: str
    aliases: tuple[str, ...] = ()
    unit: str = ""
    key: bool = False  # part of the sheet's unique key
    references: str = ""
    note: str = ""
    personal: bool = False  # masked in messages and in anything public


class LedgerRow(BaseModel):
    """Base of every row model. Frozen; built from validated columns on demand."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)
    SHEET: ClassVar[Sheet]


def column(
    header: str,
    *,
    aliases: tuple[str, ...] = (),
    unit: str = "",
    key: bool = False,
    references: str = "",
    note: str = "",
    personal: bool = False,
    default: Any = ...,
    **constraints: Any,
) -> Any:
    """A model field with its Chinese header as alias; a field without default is required."""
    info = ColumnInfo(header, aliases, unit, key, references, note, personal)
    return Field(
        default,
        alias=header,
        description=note or header,
        json_schema_extra={"column": info},  # type: ignore[dict-item]
        **constraints,
    )


def column_info(field: FieldInfo) -> ColumnInfo:
    """The column declaration behind a model field."""
    extra = field.json_schema_extra
    assert isinstance(extra, dict)
    info = extra["column"]
    assert isinstance(info, ColumnInfo)
    return info
