"""Reads filled-in review lists: every sheet of a workbook, as the ledger reader reads 年审."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.load import (
    COLUMN_MISSING,
    COLUMNS_UNKNOWN,
    REQUIRED_EMPTY,
    SHEET_EMPTY,
    load_sheet,
)
from zhubao.ledger.reading import specs_for
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import AnnualReview
from zhubao.services.review.gathering import DECLARED
from zhubao.services.review.list_file import read_list_file

if TYPE_CHECKING:
    from zhubao.excel.table import TypedTable
    from zhubao.ledger.load import SheetLoad

NOT_A_LIST = declare(
    "RV-110",
    "文件里没有年审申报",
    Severity.ERROR,
    "没有找到同时有“家庭编号”和申报列（申报月收入、申报人口、申报住房面积）的表",
    "请用 zhubao review list --out 生成的清单填写，不要改表头",
    bad="清单的表头改成“编号、收入、人数”",
    good="表头有“家庭编号”“申报月收入”“申报人口”“申报住房面积”",
)
SHEET_NOT_READ = declare(
    "RV-111",
    "这张表没有当作申报读取",
    Severity.NOTICE,
    "“{sheet}”里没有“家庭编号”和申报列，没有读取",
    "它是申报清单的，请改正表头；不是的，不用处理",
    bad="清单工作簿里另有一张“填表说明”",
    good="每张表都是申报清单",
)

_REPLACED = frozenset({COLUMN_MISSING.code, COLUMNS_UNKNOWN.code, SHEET_EMPTY.code})


@dataclass(frozen=True, slots=True)
class DeclaredFile:
    """The rows of all lists in the file; `findings` say what could not be read."""

    name: str
    table: LedgerTable[AnnualReview]
    findings: tuple[Finding, ...]


def read_declared(path: Path, config: LedgerConfig) -> DeclaredFile:
    """Read a filled-in list; a list printed per community has one sheet for each.

    Title rows, aliases and messy values are normal; 年度 may be missing. Raises the Workbook* error
    that says why the file cannot be read.
    """
    from zhubao.excel.table import read_table

    file = read_list_file(path)
    findings, loads = list(file.findings), []
    for sheet in file.sheets:
        typed = read_table(sheet, specs_for(AnnualReview, config))
        if typed is None or not _is_list(typed):
            findings.append(SHEET_NOT_READ.at(Cell(path.name, sheet.name), sheet=sheet.name))
            continue
        loads.append(load_sheet(AnnualReview, typed))
        findings += _judged(loads[-1], typed)
    if not loads:
        findings = [*file.findings, NOT_A_LIST.at(Cell(path.name))]
        return DeclaredFile(path.name, LedgerTable.empty(AnnualReview), tuple(findings))
    table = LedgerTable.joined(AnnualReview, [load.table for load in loads])
    findings.sort(key=lambda one: one.sort_key)
    return DeclaredFile(path.name, table, tuple(findings))


def _is_list(typed: TypedTable) -> bool:
    return "household_no" in typed.columns and any(name in typed.columns for name in DECLARED)


def _judged(load: SheetLoad[AnnualReview], typed: TypedTable) -> Sequence[Finding]:
    """The loader's findings but for what a list may lack, and its columns that are only shown."""
    years = typed.columns.get("year")
    free = set()
    if years is not None:
        empty = (index for index, value in enumerate(years.values) if value is None)
        free = {typed.address(index, "year") for index in empty if index not in years.bad}
    return [
        one
        for one in load.findings
        if one.code not in _REPLACED and not (one.code == REQUIRED_EMPTY.code and one.where in free)
    ]
