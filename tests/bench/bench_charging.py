"""How long a month's charges take beside reading the ledgers alone; time and memory.

Run: python tests/bench/bench_charging.py [households, or a bureau folder] [month]
A number makes a demo bureau of that size with three months of charges first (not timed). Every step
is processor time in a process of its own, the best of some rounds, so that memory is its own too.
"""

from __future__ import annotations

import gc
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zhubao.core.period import Month
from zhubao.core.theme import load_theme
from zhubao.demo.synthetic import write_demo
from zhubao.ledger.bureau import open_bureau
from zhubao.rent.charge.charging import CHARGE_MODELS, compute_charges
from zhubao.rent.charge.report import charge_report
from zhubao.rent.charge.write import charge_change

ROUNDS = 3
STEPS = ("read", "compute", "report", "plan")


def main(where: str = "5000", month: str = "2020-07") -> None:
    """Measure reading alone, then reading and charging; print times, memory and ratios."""
    if not where.isdigit():
        compare(Path(where), month)
        return
    with tempfile.TemporaryDirectory() as folder:
        write_demo(Path(folder), households=int(where), months=3, seed=1)
        compare(Path(folder), month)


def compare(folder: Path, month: str) -> None:
    """Both ways in turns, each in a fresh process."""
    rounds = [(measured(folder, month, "read"), measured(folder, month, "all"))
              for _ in range(ROUNDS)]  # fmt: skip
    alone = best([one for one, _ in rounds])
    whole = best([one for _, one in rounds])
    print(f"{whole['charges']:,.0f} charges of {month}; best of {ROUNDS}, processor time")
    print(f"  reading alone          {alone['read']:7.2f} s   {alone['memory']:5.0f} MB")
    for step in STEPS[1:]:
        print(f"  {step:<22} {whole[step]:7.2f} s")
    total = sum(whole[step] for step in STEPS)
    ratio = total / alone["read"]
    print(f"  reading and all steps  {total:7.2f} s   {whole['memory']:5.0f} MB   {ratio:.2f} ×")


def best(found: list[dict[str, float]]) -> dict[str, float]:
    """The least of every figure."""
    return {name: min(one[name] for one in found) for name in found[0]}


def measured(folder: Path, month: str, what: str) -> dict[str, float]:
    """The figures one process prints of itself."""
    words = [sys.executable, __file__, "--one", str(folder), month, what]
    lines = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    return {name: float(value) for name, value in (line.split() for line in lines)}


def one(folder: str, month: str, what: str) -> None:
    """Read, and unless only reading is wanted, compute, report and plan."""
    gc.set_threshold(100_000, 50, 50)  # as the command line has it
    bureau = open_bureau(Path(folder))
    loaded = timed("read", lambda: bureau.load(*CHARGE_MODELS))
    if what == "all":
        run = timed("compute", lambda: compute_charges(loaded, Month.parse(month)))
        timed("report", lambda: charge_report(run))
        timed("plan", lambda: charge_change(run, load_theme(bureau.root).formats))
        print("charges", len(run.new))
    print("memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def timed(name: str, step: Callable[[], Any]) -> Any:
    """Print how long a step took."""
    begun = time.process_time()
    result = step()
    print(name, time.process_time() - begun)
    return result


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
