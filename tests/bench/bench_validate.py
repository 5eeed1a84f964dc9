"""100,000 leases × 16 columns: columnar validation against pydantic row by row, in one run.

python tests/bench/bench_validate.py [rows]
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter

from zhubao.core.background import paused_gc
from zhubao.excel.sheet import RawSheet
from zhubao.excel.table import TypedTable, read_table
from zhubao.ledger.catalog import specs_of
from zhubao.ledger.load import load_sheet
from zhubao.ledger.units import Unit

WIDTH = 16  # of the columns of a unit, the first sixteen


def raw_sheet(rows: int) -> RawSheet:
    """Units as a parser gives them: text, floats, dates; one cell in a thousand is wrong."""
    header = [spec.header for spec in specs_of(Unit)[:WIDTH]]
    return RawSheet("units.xlsx", "房源", [header, *(_row(index) for index in range(rows))])


def _row(index: int) -> list[Any]:
    area = 28.0 + index % 900 / 100
    return [
        f"FY{index:06d}",
        f"第{index % 12}小区",
        f"{index % 30}栋",
        f"{index % 4}单元",
        float(index % 33),
        f"{index % 33}0{index % 8}",
        "开福区",
        "开福区",
        "市级" if index % 3 else "区级",
        "一室一厅",
        area + 4,
        area if index % 1000 else -1.0,
        "二级",
        "是" if index % 2 else "否",
        "在租" if index % 30 else "空置",
        dt.date(2015, 1 + index % 12, 1 + index % 28),
    ]


def seconds(action: Callable[[], object], times: int = 3) -> float:
    """The best of some runs."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - start)
    return best


def rows_of(typed: TypedTable) -> list[dict[str, Any]]:
    """The same typed values as dictionaries, for pydantic."""
    names = list(typed.columns)
    columns = [typed.columns[name].values for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def one_by_one(records: list[dict[str, Any]]) -> int:
    """A model per row, errors counted."""
    bad = 0
    for record in records:
        try:
            Unit.model_validate(record)
        except ValueError:
            bad += 1
    return bad


def as_list(adapter: TypeAdapter[list[Unit]], records: list[dict[str, Any]]) -> int:
    """All rows in one call, errors counted."""
    try:
        adapter.validate_python(records)
    except ValueError as fault:
        return fault.error_count()  # type: ignore[attr-defined, no-any-return]
    return 0


def ours(typed: TypedTable) -> int:
    """The columnar way, errors counted."""
    with paused_gc():
        return len(load_sheet(Unit, typed).findings)


def main(rows: int) -> None:
    """Print the times and ratios."""
    sheet = raw_sheet(rows)
    typed = read_table(sheet, specs_of(Unit))
    assert typed is not None
    typed.findings.clear()
    records = rows_of(typed)
    adapter = TypeAdapter(list[Unit])
    expected = rows // 1000 or 1
    assert ours(typed) == one_by_one(records) == as_list(adapter, records) == expected
    columnar = seconds(lambda: ours(typed))
    listed = seconds(lambda: as_list(adapter, records))
    single = seconds(lambda: one_by_one(records))
    reading = seconds(lambda: read_table(sheet, specs_of(Unit)), 1)
    print(f"{rows} rows x {WIDTH} columns, {expected} wrong cells, all found by each")
    print(f"read_table (for comparison)      {reading:7.3f} s")
    print(f"columnar validation              {columnar:7.3f} s  {rows / columnar:12,.0f} rows/s")
    print(f"TypeAdapter(list[Model])         {listed:7.3f} s  {listed / columnar:6.1f} x as long")
    print(f"a model per row                  {single:7.3f} s  {single / columnar:6.1f} x as long")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
