"""Filled-in sign-in lists as one table: every sheet of the file, one per community as printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.load import COLUMN_MISSING, COLUMNS_UNKNOWN, REQUIRED_EMPTY, load_sheet
from zhubao.ledger.reading import specs_for
from zhubao.ledger.statement_file import StatementFile
from zhubao.ledger.subsidies import SubsidySignIn
from zhubao.ledger.table import LedgerTable

if TYPE_CHECKING:
    from zhubao.excel.table import TypedTable

_WANTED = frozenset({"grant_no", "signed"})
_MAY_BE_EMPTY = ("signed", "quarter")  # not signed yet; the quarter is asked for by the command
_PASSED_OVER = frozenset({COLUMN_MISSING.code, COLUMNS_UNKNOWN.code})


@dataclass(frozen=True, slots=True)
class SignInFile:
    """The rows of all lists in the file, in the order of its sheets, and what is wrong with them.

    Their cells are those of the file.
    """

    table: LedgerTable[SubsidySignIn]
    findings: tuple[Finding, ...]


def read_sign_ins(file: StatementFile, config: LedgerConfig) -> SignInFile:
    """The lists of the file: every sheet with columns 补贴编号 and 是否签到.

    Columns of the printed list that 签到 does not have (name, size, signature) are passed over.
    Raises `UsageError` when no sheet is a list.
    """
    from zhubao.excel.table import read_table

    specs = specs_for(SubsidySignIn, config)
    typed = [table for sheet in file.sheets if (table := read_table(sheet, specs)) is not None]
    lists = [table for table in typed if set(table.columns) >= _WANTED]
    if not lists:
        raise UsageError(
            f"{file.name} 里没有签到表（要有“补贴编号”和“是否签到”两列）",
            advice="请用 zhubao subsidy signin 生成的签到表填写，不要改表头。",
        )
    loads = [load_sheet(SubsidySignIn, table) for table in lists]
    findings = list(file.findings)
    for table, load in zip(lists, loads, strict=True):
        findings += _faults(load.findings, table)
    joined = LedgerTable.joined(SubsidySignIn, [load.table for load in loads])
    return SignInFile(joined, tuple(sorted(findings, key=lambda one: one.sort_key)))


def _faults(findings: Iterable[Finding], table: TypedTable) -> list[Finding]:
    """Without the empty cells of lines not signed yet."""
    empty = {
        table.address(index, name)
        for name in _MAY_BE_EMPTY
        if name in table.columns
        for index, value in enumerate(table.columns[name].values)
        if value is None
    }
    return [
        one
        for one in findings
        if one.code not in _PASSED_OVER
        and not (one.code == REQUIRED_EMPTY.code and one.where in empty)
    ]
