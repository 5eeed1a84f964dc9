"""Where the units of a freeze come from: the ledger, or a workbook given on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    from zhubao.allocation.event.frozen import Frozen
    from zhubao.allocation.event.record import EventRow
    from zhubao.allocation.event.strata import Strata
    from zhubao.allocation.event.unit_list import UnitList
    from zhubao.excel.table import TypedTable
    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.loaded import Loaded


def units_of(
    bureau: Bureau, loaded: Loaded, event: EventRow, path: Path | None, strata: Strata
) -> UnitList:
    """The units of the event, from 房源 or from the file given."""
    from zhubao.allocation.event.record import frozen_of
    from zhubao.allocation.event.unit_list import open_unit_lists, units_of_file, units_of_ledger
    from zhubao.ledger.store.draw_archive import DrawArchive

    def read(other: EventRow) -> Frozen:
        return frozen_of(DrawArchive(bureau.root, other.row.event_no), other)

    promised = open_unit_lists(loaded, event.row.event_no, read)
    if path is None:
        return units_of_ledger(loaded, event, strata, promised)
    tables = _unit_tables(path)
    return units_of_file(tables, loaded, event, strata, promised)


def _unit_tables(path: Path) -> list[TypedTable]:
    """The lists of units in the workbook; UsageError when none of its sheets is one."""
    from zhubao.allocation.event.unit_list import UNIT_FILE_SPECS
    from zhubao.excel.book import open_book
    from zhubao.excel.table import read_table

    tables = [read_table(sheet, UNIT_FILE_SPECS) for sheet in open_book(path).sheets]
    found = [table for table in tables if table is not None and "unit_no" in table.columns]
    if not found:
        raise UsageError(
            f"{path.name} 里没有房源清单（至少要有“房源编号”和“户型”两列）",
            where=str(path),
            advice="请核对表头；可另有 小区、楼栋、单元、房号（或地址）、面积 几列。",
        )
    return found
