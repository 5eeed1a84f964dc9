"""Changing 2,000 cells of a 100,000 × 16 sheet in place, against loading and saving it anew.

Run by hand: `python tests/bench/bench_patching.py [--full]`. Makes its own files, prints one table.
openpyxl, which loads every cell and writes every part anew, is measured on a tenth of the rows
and scaled, unless --full is given.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from zhubao.excel.patch.apply import patch_workbook
from zhubao.excel.patch.plan import CellSet, SheetPatch, WorkbookPatch
from zhubao.excel.patch.verify import verify

ROWS = 100_000
CHANGES = 2_000
RUNS = 5
SHEET = "应收"
COLUMN = 8  # 应收金额


def changed_rows(rows: int) -> range:
    """The rows that change, spread over the whole sheet."""
    step = max(rows // CHANGES, 1)
    return range(2, rows + 2, step)


def plan(rows: int) -> WorkbookPatch:
    """A new amount in every one of them."""
    sets = tuple(CellSet(row, COLUMN, Decimal(row) / 100, "#,##0.00") for row in changed_rows(rows))
    return WorkbookPatch({SHEET: SheetPatch(sets)})


def our_way(source: Path, target: Path, rows: int) -> None:
    """Patch in place, then judge the new version."""
    patch = plan(rows)
    with target.open("w+b") as stream:
        result = patch_workbook(source, stream, patch)
    verify(source, target, patch, frozenset(result.changed_parts))


def usual_way(source: Path, target: Path, rows: int) -> None:
    """Load everything, change the cells, save everything."""
    import openpyxl

    book = openpyxl.load_workbook(source)
    sheet = book[SHEET]
    for row in changed_rows(rows):
        sheet.cell(row, COLUMN, row / 100)
    book.save(target)


def seconds(work: Callable[[Path, Path, int], None], source: Path, rows: int) -> float:
    """How long it takes once, without the garbage of earlier work."""
    gc.collect()
    begun = time.perf_counter()
    work(source, source.with_name("new.xlsx"), rows)
    return time.perf_counter() - begun


def peak_megabytes(source: Path) -> float:
    """Peak memory of our way in a process of its own (Linux and macOS).

    Linux tells it per program (VmHWM); its `ru_maxrss` would count the parent's peak as well.
    """
    code = (
        "import sys, resource, runpy; from pathlib import Path;"
        f"bench = runpy.run_path({str(Path(__file__))!r});"
        f"bench['our_way'](Path({str(source)!r}), Path({str(source) + '.new'!r}), {ROWS});"
        "own = Path('/proc/self/status');"
        "told = own.read_text().split('VmHWM:')[1].split()[0] if own.exists() else 0;"
        "print(told or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(done.stdout) / (1024 if sys.platform != "darwin" else 1024 * 1024)


def write_sample(path: Path, rows: int) -> None:
    """The charges sheet of the reading benchmark."""
    import runpy

    runpy.run_path(str(Path(__file__).with_name("bench_reading.py")))["write_sample"](path, rows)


def main() -> None:
    """Make the files, measure, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--full", action="store_true", help="openpyxl on every row, unscaled")
    full = options.parse_args().full
    with tempfile.TemporaryDirectory() as folder:
        source, small = Path(folder, "big.xlsx"), Path(folder, "small.xlsx")
        write_sample(source, ROWS)
        rows = ROWS if full else ROWS // 10
        write_sample(small, rows)
        ours = statistics.median(seconds(our_way, source, ROWS) for _ in range(RUNS))
        usual = seconds(usual_way, small, rows) * ROWS / rows
        note = "" if full else "  (10,000 rows × 10)"
        print(f"patching {CHANGES:,} cells, checked {ours:7.2f} s")
        print(f"openpyxl load and save      {usual:7.2f} s   {usual / ours:.1f} × our way{note}")
        print(f"peak memory of our way      {peak_megabytes(source):7.0f} MB")


if __name__ == "__main__":
    main()
