"""The declaration of a column as the reader needs it; who declares it is not known here."""

from __future__ import annotations

from dataclasses import dataclass

from zhubao.excel.kinds import CellKind


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """`header` and `aliases` are recognised; `choices` are the words of a CHOICE column."""

    key: str
    header: str
    aliases: tuple[str, ...] = ()
    kind: CellKind = CellKind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    unit: str = ""
