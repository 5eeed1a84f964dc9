"""Any file a list comes in, as raw sheets, with findings in words that suit a list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from zhubao.core.finding import Finding
from zhubao.ledger.registers.findings import HIDDEN_PASSED_OVER
from zhubao.ledger.statement_file import (
    HIDDEN_SHEET_PASSED_OVER,
    StatementFile,
    read_statement_file,
)


def read_list_file(path: Path) -> StatementFile:
    """The sheets of a workbook or text file; hidden ones are passed over, and that is said.

    Raises the Workbook* error that says why the file cannot be read.
    """
    file = read_statement_file(path)
    return replace(file, findings=tuple(_reworded(one) for one in file.findings))


def _reworded(finding: Finding) -> Finding:
    if finding.code != HIDDEN_SHEET_PASSED_OVER.code:
        return finding
    sheet = finding.where.sheet if finding.where else ""
    return HIDDEN_PASSED_OVER.at(finding.where, sheet=sheet)
