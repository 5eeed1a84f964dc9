"""What loading returns: tables by model, findings, and the files they were read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zhubao.core.errors import WorkbookError
from zhubao.core.finding import Finding
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.table import LedgerTable, R


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was when it was read."""

    path: Path
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """The file's name, as cells quote it."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class Loaded:
    """The tables asked for; findings sorted by file, sheet, row, column, code."""

    tables: Mapping[type[LedgerRow], LedgerTable[Any]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    sources: tuple[Source, ...] = ()
    unreadable: tuple[WorkbookError, ...] = ()  # only where loading was told to carry on

    @classmethod
    def of(cls, *tables: LedgerTable[Any]) -> Loaded:
        """Tables built in memory, without findings and sources."""
        return cls({table.model: table for table in tables})

    def __getitem__(self, model: type[R]) -> LedgerTable[R]:
        """The table of a model that was asked for; KeyError when it was not."""
        return self.tables[model]

    def get(self, model: type[R]) -> LedgerTable[R]:
        """The table of a model; an empty one when it was not asked for."""
        table = self.tables.get(model)
        return LedgerTable.empty(model) if table is None else table

    def has(self, *models: type[LedgerRow]) -> bool:
        """True when every one of the models has at least one record."""
        return all(len(self.get(model)) > 0 for model in models)
