"""How long an import takes, step by step, beside reading the ledgers alone; and its memory.

Run by hand: `python tests/bench/bench_importing.py [households] [lines] [months]`. Makes its own
bureau and its own list (a tenth each by number, lease, address; the rest by name; some unknown).
Every step runs once in a fresh process; the peak is the process's resident memory.
"""

from __future__ import annotations

import csv
import datetime as dt
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from zhubao.core.money import yuan
from zhubao.demo.synthetic import write_demo
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.statement_file import read_statement_file
from zhubao.ledger.tenants import Household, Lease
from zhubao.ledger.units import Unit
from zhubao.rent.receipts.needs import IMPORT_MODELS

DAY = dt.date(2020, 6, 29)
AS_OF = dt.date(2020, 6, 30)


def main(households: int = 20_000, lines: int = 20_000, months: int = 6) -> None:
    """Make the bureau and the list, then measure in processes of their own."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "局"
        write_demo(root, households=households, months=months, seed=1, progress=lambda _: None)
        statement = Path(folder) / "流水.csv"
        write_list(root, statement, lines)
        print(f"{households:,} households, {months} months; a list of {lines:,} lines")
        for work in (read_alone, whole_import):
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                steps, peak = pool.apply(work, (root, statement))
            print(f"{work.__name__:14s} peak {peak:,.0f} MB")
            for title, seconds in steps.items():
                print(f"    {title:34s} {seconds:7.2f} s")


def write_list(root: Path, path: Path, lines: int) -> None:
    """Payments of a month's rent by live leases, the words turning with the place."""
    loaded = open_bureau(root).load(Household, Lease, Unit)
    people = dict(zip(*(loaded[Household].column(n) for n in ("household_no", "applicant"))))  # noqa: B905
    names = ("unit_no", "estate", "building", "entrance", "room")
    homes = {unit: "".join(parts) for unit, *parts in zip(*map(loaded[Unit].column, names))}  # noqa: B905
    fields = ("household_no", "lease_no", "unit_no", "monthly_rent")
    leases = list(zip(*map(loaded[Lease].column, fields)))  # noqa: B905
    rng = random.Random(1)
    with path.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["交易日期", "贷方金额", "对方户名", "对方账号", "摘要", "交易流水号"])
        for place in range(lines):
            number, lease, unit, rent = rng.choice(leases)
            way = place % 10
            memo = [f"{number}房租", f"合同{lease}", f"{homes.get(unit, '')}租金"][way : way + 1]
            payer = people[number] if way < 9 else f"路人{place}"
            words = [DAY, yuan(rent), payer, f"62284800{place:011d}", "".join(memo) or "房租"]
            writer.writerow([*words, f"20200629{place:08d}"])


def read_alone(root: Path, statement: Path) -> tuple[dict[str, float], float]:
    """The ledgers and the list read, nothing else."""
    clock = Clock()
    open_bureau(root).load(*IMPORT_MODELS)
    clock.took("ledgers read")
    read_statement_file(statement)
    clock.took("list read")
    return clock.steps, peak_megabytes()


def whole_import(root: Path, statement: Path) -> tuple[dict[str, float], float]:
    """Everything the command does, up to the written and verified ledger."""
    from zhubao.core.theme import load_theme
    from zhubao.ledger.change_apply import Order, apply_change
    from zhubao.rent.receipts.lines import read_statement
    from zhubao.rent.receipts.report import import_report
    from zhubao.rent.receipts.rows import import_change
    from zhubao.rent.receipts.statement_import import Outcome, sort_lines

    clock, bureau = Clock(), open_bureau(root)
    loaded = bureau.load(*IMPORT_MODELS)
    clock.took("ledgers read")
    lines = read_statement(read_statement_file(statement))
    clock.took("list read and typed")
    result = sort_lines(lines, loaded, AS_OF)
    clock.took("lines matched and sorted")
    report = import_report(result)
    change = import_change(result, loaded, load_theme().formats)
    clock.took("report and change made")
    _save(report, root)
    clock.took("review workbook written")
    before_writing = peak_megabytes()
    order = Order("rent import", "bench", dt.datetime.now().astimezone())
    apply_change(root, change, bureau.config, order)
    clock.took("ledger written and verified")
    counts = {outcome.value: len(result.of(outcome)) for outcome in Outcome}
    print(f"    {counts}; peak before writing {before_writing:,.0f} MB")
    return clock.steps, peak_megabytes()


def _save(report: Any, root: Path) -> None:
    from zhubao.core.theme import load_theme
    from zhubao.render.xlsx import write_xlsx

    write_xlsx(report, root / "核对.xlsx", load_theme(), source_root=root / "ledgers")


class Clock:
    """Seconds of one step after the other."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}
        self._last = time.perf_counter()

    def took(self, title: str) -> None:
        """The step that ends now."""
        now = time.perf_counter()
        self.steps[title], self._last = now - self._last, now


def peak_megabytes() -> float:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
