"""What the half-year summary costs beside reading the same ledgers alone; time and memory.

Run: python -m tests.bench.bench_summary [--households N] [--months N] [--seed N] [--rounds N]
     [--bureau FOLDER] [--period 2020-H1]
The sample bureau first, then a generated one (or the folder named), which is made before and not
timed. Every way is a process of its own, from its start to its end, so that imports and memory are
its own too: reading alone; reading and computing figures, problems, 勾稽 and tables; the command
itself, which writes Word document, workbook and page and reads them back. Processor time, the best
of some rounds.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from zhubao.cli.entry import main as command
from zhubao.core.period import Period
from zhubao.demo.synthetic import write_demo
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.work_calendar import calendar_of
from zhubao.summary.summary import Measuring
from zhubao.summary.whole import make_whole, whole_models

_FILES = 3
SAMPLE = Path(__file__).resolve().parents[2] / "ledgers"
WAYS = {
    "load": "reading the sheets alone",
    "compute": "reading and computing",
    "write": "the command, three files written",
}


def main() -> None:
    """Measure the sample and the large bureau; print times, memory and ratios."""
    options = _options()
    show("the sample bureau", SAMPLE, options)
    if options.bureau:
        show(options.bureau, Path(options.bureau), options)
        return
    with tempfile.TemporaryDirectory() as folder:
        size = {"households": options.households, "months": options.months}
        write_demo(Path(folder), **size, seed=options.seed)
        show(f"{options.households:,} households", Path(folder), options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Cost of the half-year summary.")
    parser.add_argument("--households", type=int, default=20_000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bureau", default="", help="measure this bureau, make none")
    parser.add_argument("--period", default="2020-H1")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args()


def show(name: str, bureau: Path, options: argparse.Namespace) -> None:
    """All ways in turns, each in a fresh process; one line per way."""
    rounds = [
        {way: _measured(way, bureau, options.period) for way in WAYS} for _ in range(options.rounds)
    ]
    print(f"{name}, {options.period}; best of {options.rounds}, processor time")
    alone = min(one["load"][0] for one in rounds)
    for way, title in WAYS.items():
        seconds = min(one[way][0] for one in rounds)
        memory = min(one[way][1] for one in rounds)
        print(f"  {title:<34}{seconds:7.2f} s{memory:7.0f} MB  ×{seconds / alone:.2f}")


def _measured(way: str, bureau: Path, period: str) -> tuple[float, float]:
    """Processor seconds and megabytes that one process says of itself."""
    words = [sys.executable, "-m", "tests.bench.bench_summary", "--period", period]
    words += ["--one", way, str(bureau.resolve())]
    answer = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    seconds, memory = map(float, answer.split())
    return seconds, memory


def one(way: str, bureau: str, period: str) -> None:
    """Go one way, and print processor time and the most memory held."""
    gc.set_threshold(500_000, 50, 50)  # as the command line has it
    go = {"load": _load, "compute": _compute, "write": _write}[way]
    go(Path(bureau), period)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(time.process_time(), memory)


def _load(root: Path, period: str) -> Loaded:
    del period  # every row is read, whatever the period
    return open_bureau(root).load(*whole_models())


def _compute(root: Path, period: str) -> None:
    bureau, loaded, span = open_bureau(root), _load(root, period), Period.parse(period)
    policy, day = bureau.config.policy, bureau.config.as_of or span.end
    measuring = Measuring(loaded, policy, calendar_of(bureau))
    make_whole(measuring, span, day, bureau=bureau.name)


def _write(root: Path, period: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        words = ["-C", str(root), "summary", "half-year", "--period", period]
        words += ["--out", str(Path(folder, "summary"))]
        if not open_bureau(root).config.as_of:
            words += ["--as-of", Period.parse(period).end.isoformat()]
        with contextlib.redirect_stdout(io.StringIO()):
            command(words)
        written = sorted(os.listdir(Path(folder, "summary")))
    if len(written) != _FILES:
        raise RuntimeError(f"three files were to be written: {written}")


if __name__ == "__main__":
    chosen = _options().one
    if chosen:
        one(chosen[0], chosen[1], _options().period)
    else:
        main()
