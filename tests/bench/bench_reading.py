"""Reading a 100,000 × 16 sheet: ratios to a plain parse and to what most people would write.

Run by hand: `python tests/bench/bench_reading.py [--full]`. Makes its own file, prints one table.
The way most people would write (pandas with openpyxl, a pydantic model per row) is measured on a
tenth of the rows and scaled, unless --full is given.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import xlsxwriter

from zhubao.core.background import paused_gc
from zhubao.excel.book import open_book
from zhubao.excel.kinds import CellKind
from zhubao.excel.table import read_table
from zhubao.ledger.catalog import specs_of
from zhubao.ledger.fields import (
    BillingMonth,
    Code,
    Day,
    Fen,
    Identity,
    Number,
    Text,
    Whole,
    YesNo,
)
from zhubao.ledger.load import load_sheet
from zhubao.ledger.model import LedgerRow, Sheet, column

ROWS = 100_000
RUNS = 5  # a plain parse and ours in turns
HOUSEHOLDS = 20_000
ESTATES = ("甲苑", "乙苑", "丙佳园", "丁小区")


class Line(LedgerRow):
    """A row of the measured sheet: every kind of column."""

    SHEET: ClassVar[Sheet] = Sheet("bench", "应收", "测速用的表")

    charge_no: Code = column("应收编号", key=True)
    household_no: Code = column("家庭编号")
    lease_no: Code | None = column("合同编号", default=None)
    unit_no: Code | None = column("房源编号", default=None)
    month: BillingMonth = column("账单期")
    standard: Fen | None = column("标准租金", default=None, ge=0)
    reduction: Fen | None = column("减免租金", default=None, ge=0)
    amount: Fen = column("应收金额")
    charged_on: Day | None = column("入账日期", default=None)
    remark: Text | None = column("备注", default=None)
    name: Text = column("姓名", personal=True)
    identity: Identity | None = column("身份证号", default=None, personal=True)
    estate: Text | None = column("小区", default=None)
    area: Number | None = column("计租面积", default=None, gt=Decimal(0))
    has_lift: YesNo | None = column("电梯", default=None)
    persons: Whole | None = column("人口", default=None, ge=1, le=20)


SPECS = specs_of(Line)


def write_sample(path: Path, rows: int) -> None:
    """A charges sheet with texts, dates, amounts, areas; every row has its own number."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("应收")
    sheet.write_row(0, 0, [spec.header for spec in SPECS])
    for number in range(1, rows + 1):
        sheet.write_row(number, 0, sample_row(number))
    book.close()


def sample_row(number: int) -> list[object]:
    """The values of one row; deterministic."""
    home = number % HOUSEHOLDS
    standard, reduction = 5000 + home % 977 * 37, home % 50 * 50
    return [
        f"YS{number:08d}",
        f"JT{home:06d}",
        f"HT{home:06d}",
        f"FY{home % 3000:06d}",
        f"2020-{number // HOUSEHOLDS % 6 + 1:02d}",
        standard / 100,
        reduction / 100,
        (standard - reduction) / 100,
        dt.date(2020, 1, 1) + dt.timedelta(days=number % 180),
        "已核对" if number % 10 == 0 else "",
        f"某{home % 500}",
        f"000000198{home % 10}0101{home % 10_000:04d}",
        ESTATES[home % 4],
        30 + home % 400 / 10,
        "是" if home % 3 else "否",
        home % 5 + 1,
    ]


def plain_parse(path: Path) -> None:
    """What the parser alone takes."""
    import python_calamine

    python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()


def our_way(path: Path) -> None:
    """Guard, parse, header, rows, typed columns, and every value held against its field.

    Garbage collection pauses, as it does while `Bureau.load` reads.
    """
    with paused_gc():
        typed = read_table(open_book(path).sheets[0], SPECS)
        assert typed is not None
        loaded = load_sheet(Line, typed)
    assert len(loaded.table) > 0
    assert not loaded.findings


def usual_way(path: Path) -> None:
    """pandas with openpyxl, then a model per row."""
    import pandas
    from pydantic import BaseModel, create_model

    kinds = {CellKind.MONEY: float, CellKind.DATE: dt.date, CellKind.DECIMAL: float}
    kinds[CellKind.INTEGER] = int
    fields: dict[str, Any] = {s.header: (kinds.get(s.kind, str) | None, None) for s in SPECS}
    model: type[BaseModel] = create_model("Row", **fields)
    raw = pandas.read_excel(path, engine="openpyxl", dtype={"身份证号": str})
    frame = raw.astype(object)
    frame = frame.where(frame.notna(), None)
    for record in frame.to_dict("records"):
        model.model_validate(record)


def seconds(work: Callable[[Path], None], path: Path) -> float:
    """How long it takes once, without the garbage of earlier work."""
    gc.collect()
    begun = time.perf_counter()
    work(path)
    return time.perf_counter() - begun


def peak_megabytes(path: Path) -> float:
    """Peak memory of our way in a process of its own (Linux and macOS)."""
    code = (
        "import sys, resource, runpy; from pathlib import Path;"
        f"bench = runpy.run_path({str(Path(__file__))!r});"
        f"bench['our_way'](Path({str(path)!r}));"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(done.stdout) / (1024 if sys.platform != "darwin" else 1024 * 1024)


def main() -> None:
    """Make the files, measure, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--full", action="store_true", help="the usual way on every row, unscaled")
    full = options.parse_args().full
    with tempfile.TemporaryDirectory() as folder:
        path, small = Path(folder, "big.xlsx"), Path(folder, "small.xlsx")
        write_sample(path, ROWS)
        write_sample(small, ROWS if full else ROWS // 10)
        pairs = [(seconds(plain_parse, path), seconds(our_way, path)) for _ in range(RUNS)]
        plain, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median(one / other for other, one in pairs)
        usual = seconds(usual_way, small) * (1 if full else 10)
        print(f"plain calamine parse        {plain:7.2f} s   1.00")
        print(f"reading and validating      {ours:7.2f} s   {ratio:.2f} × the plain parse")
        note = "" if full else "  (10,000 rows × 10)"
        print(f"pandas+openpyxl+model/row   {usual:7.2f} s   {usual / ours:.1f} × our way{note}")
        print(f"peak memory of our way      {peak_megabytes(path):7.0f} MB")


if __name__ == "__main__":
    main()
