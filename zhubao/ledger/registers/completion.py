"""What the shell offers to complete: sheets, columns and the words that columns allow."""

from __future__ import annotations

from zhubao.core.errors import UsageError
from zhubao.ledger.catalog import all_models
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.registers.columns import choices_for, column_named, sheet_named, split_word
from zhubao.ledger.registers.values import rules_of

_PLAIN = LedgerConfig()


def sheets(incomplete: str) -> list[tuple[str, str]]:
    """(name, what it holds) of the sheets that begin with the text, else of those that hold it."""
    titles = {model.SHEET.name: model.SHEET.title for model in all_models()}
    return [(name, titles[name]) for name in _matching(list(titles), incomplete)]


def columns(sheet: str, incomplete: str) -> list[str]:
    """The sheet's headers that fit; the part after the last comma is what is completed."""
    model = _model(sheet)
    if model is None:
        return []
    done, comma, rest = incomplete.rpartition(",")
    headers = [rule.column.header for rule in rules_of(model).values()]
    return [f"{done}{comma}{header}" for header in _matching(headers, rest)]


def words(sheet: str, incomplete: str) -> list[str]:
    """列= for the headers that fit; after the equals sign the words the column allows."""
    model = _model(sheet)
    if model is None:
        return []
    column, value = split_word(incomplete)
    if not column:
        headers = [rule.column.header for rule in rules_of(model).values()]
        return [f"{header}=" for header in _matching(headers, incomplete)]
    try:
        rule = column_named(model, column, _PLAIN)
    except UsageError:
        return []
    return [f"{column}={word}" for word in _matching(list(choices_for(rule)), value)]


def _model(sheet: str) -> type[LedgerRow] | None:
    try:
        return sheet_named(sheet, _PLAIN) if sheet else None
    except UsageError:
        return None


def _matching(names: list[str], text: str) -> list[str]:
    """Names that begin with the text; where none does, those that hold it."""
    return [n for n in names if n.startswith(text)] or [n for n in names if text in n]
