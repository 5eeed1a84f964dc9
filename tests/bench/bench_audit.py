"""The proof of the audit checks at full size, and what they cost beside reading the ledgers.

Run: python -m tests.bench.bench_audit [--households N] [--places N] [--seed N]
     [--no-kinds] [--no-files]
Faults of every kind are made at random places of a clean generated bureau, all in one; per kind:
made, found, and further leads that the same wrong rows truly are. Then the same bureau is written
once as workbooks, and loading them is timed beside running all checks over what was loaded.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.audit.seeding.clean import MONTHS, OVERRIDES, clean_sheets
from tests.audit.seeding.proof import FACTS_OF_LIFE, NOT_SEEDED, Proof, Score, prove
from zhubao.audit.facts import Facts
from zhubao.audit.leads.run import run_checks
from zhubao.audit.registry import all_checks
from zhubao.core.finding import Severity
from zhubao.core.period import Month
from zhubao.demo.blueprint import DEFAULT_END
from zhubao.demo.synthetic import write_demo
from zhubao.ledger.bureau import open_bureau


def main() -> int:
    """Both parts; the exit code is 1 when a fault was missed or a lead is unexplained."""
    options = _options()
    begin = time.perf_counter()
    sheets, as_of = clean_sheets(options.households, options.seed)
    rows = sum(map(len, sheets.values()))
    print(f"{options.households:,} households, {MONTHS} months, {rows:,} rows in memory")
    proof = prove(sheets, as_of, options.places, options.seed)
    show_clean(proof)
    show_kinds(proof, every=options.kinds)
    show_checks(proof)
    faultless = show_totals(proof)
    print(f"in all {time.perf_counter() - begin:.1f} s")
    if not options.no_files:
        show_times(options)
    return 0 if faultless else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Proof and cost of the audit checks.")
    parser.add_argument("--households", type=int, default=20_000)
    parser.add_argument("--places", type=int, default=20, help="faults of each kind")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--no-kinds", dest="kinds", action="store_false", help="totals only")
    parser.add_argument("--no-files", action="store_true", help="without the workbooks")
    return parser.parse_args()


def show_clean(proof: Proof) -> None:
    """The leads of the clean bureau, each with its reason."""
    print("\nleads of the clean bureau")
    found = Counter((lead.code, lead.check.severity) for lead in proof.clean.leads)
    for (code, severity), count in sorted(found.items()):
        reason = FACTS_OF_LIFE.get(code, "")
        if severity is Severity.NOTICE:
            reason = "a notice: worth a look, no fault"
        print(f"  {code} {severity.value:8s} {count:6,}  {reason or 'UNEXPLAINED'}")


def show_kinds(proof: Proof, *, every: bool) -> None:
    """One line per kind of fault; only those not wholly found, unless `every`."""
    print(f"\n{'fault':48s} check   made found  implied")
    for score in proof.scores:
        if every or score.missed:
            print(_line(score))
    print(f"\n{'in order though unusual':48s}         made leads")
    for name, (made, leads) in proof.harmless.items():
        if every or leads:
            print(f"{name:48s}        {made:5,} {leads:5,}")


def _line(score: Score) -> str:
    implied = ", ".join(f"{code} {count}" for code, count in score.implied.items() if count)
    one = score.fault
    return f"{one.name:48s} {one.code} {score.injected:5,} {score.found:5,}  {implied}"


def show_checks(proof: Proof) -> None:
    """Per check with unexplained leads: how many, and the first."""
    for code, count in sorted(Counter(lead.code for lead in proof.extra).items()):
        first = next(lead for lead in proof.extra if lead.code == code)
        print(f"unexplained {code} {count:,}: {first.finding.message}")
    for lead in proof.gone:
        print(f"gone {lead.code}: {lead.finding.message}")


def show_totals(proof: Proof) -> bool:
    """The sums; False where anything was missed, raised in vain, or broke."""
    made = sum(score.injected for score in proof.scores)
    found = sum(score.found for score in proof.scores)
    codes = {score.fault.code for score in proof.scores}
    odd = sum(
        lead.check.severity is not Severity.NOTICE and lead.code not in FACTS_OF_LIFE
        for lead in proof.clean.leads
    )
    broken = len(proof.clean.broken) + len(proof.spoilt.broken)
    changes = sum(count for count, _ in proof.harmless.values())
    print(f"\n{len(proof.scores)} kinds of fault for {len(codes)} of {len(all_checks())} checks")
    print(f"not seeded: {', '.join(sorted(NOT_SEEDED))}")
    print(f"made {made:,}, found {found:,} ({100 * found / made:.2f} %)")
    print(f"harmless changes {changes:,}; new leads without a fault {len(proof.extra):,}")
    print(
        f"leads lost {len(proof.gone):,}; unexplained on the clean bureau {odd:,}; broken {broken}"
    )
    print(f"all checks over the spoilt bureau, in memory: {proof.seconds:.2f} s")
    return made == found and not (proof.extra or proof.gone or odd or broken)


def show_times(options: argparse.Namespace) -> None:
    """Loading the workbooks, and all checks over what was loaded: the best of three."""
    with tempfile.TemporaryDirectory() as folder:
        size = {"households": options.households, "months": MONTHS, "seed": options.seed}
        write_demo(Path(folder), **size)
        end: Month = DEFAULT_END
        bureau = open_bureau(Path(folder))
        reading, loaded = _best(bureau.load_all)
        checking, run = _best(
            lambda: run_checks(Facts(loaded, end.last_day, overrides=OVERRIDES), all_checks())
        )
    print(f"\nloading every sheet of the workbooks {reading:7.2f} s")
    print(f"all {len(all_checks())} checks over them          {checking:7.2f} s", end="  ")
    print(f"×{checking / reading:.2f} of the loading, {len(run.leads):,} leads")


def _best(work: Callable[[], Any]) -> tuple[float, Any]:
    seconds, result = [], None
    for _ in range(3):
        begin = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds), result


if __name__ == "__main__":
    raise SystemExit(main())
