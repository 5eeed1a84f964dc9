"""How long the arrears calculation takes, beside a minimal numpy version and a pandas version.

Run: python tests/bench/bench_arrears.py [households] [months]
All versions get the same ledger columns in memory (Python lists, as reading delivers them); turning
lists into arrays is timed on its own and counted in each version that needs it.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge, Receipt
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household, Lease, LeaseStatus, Tier
from zhubao.ledger.units import Ownership, Unit, UnitStatus
from zhubao.rent.arrears import compute_arrears
from zhubao.rent.arrears_report import arrears_report
from zhubao.rent.exceptions import Evidence, find_exceptions
from zhubao.rent.figures import account_figures, settle_twice
from zhubao.rent.postings import read_books
from zhubao.rent.settlement import lay_out

AS_OF = dt.date(2020, 6, 30)
START = dt.date(2020, 1, 1)
ROUNDS = 5
Arrays = dict[str, Any]


def main(households: int = 20_000, months: int = 24) -> None:
    """Time every version on one synthetic bureau and print the ratios."""
    loaded = synthetic(households, months)
    charges, receipts = loaded.get(Charge), loaded.get(Receipt)
    print(
        f"{households:,} households × {months} months: {len(charges):,} charges, "
        f"{len(receipts):,} receipts; best of {ROUNDS}"
    )
    convert, arrays = best(lambda: to_arrays(charges, receipts))
    minimal, expected = best(lambda: minimal_numpy(arrays, households))
    frame, by_pandas = best(lambda: pandas_version(charges, receipts))
    books_time, books = best(lambda: read_books(loaded))
    core_time, figures = best(lambda: engine(books))
    whole, result = best(lambda: compute_arrears(loaded, AS_OF))
    report_time, _ = best(lambda: arrears_report(result))
    evidence = Evidence(loaded, result.books, result.slots, result.settled, result.figures, {})
    exceptions_time, _ = best(lambda: find_exceptions(evidence))
    assert np.array_equal(figures.owed, expected["owed"])
    assert np.array_equal(result.figures.owed, expected["owed"])
    assert int(by_pandas.sum()) == int(expected["owed"].sum())
    line("lists → arrays, minimal set of columns", convert)
    line("minimal numpy, arrays → figures", minimal)
    line("minimal numpy, lists → figures", convert + minimal)
    line("pandas groupby, lists → figures", frame, frame / (convert + minimal))
    line("zhubao, lists → arrays (read_books)", books_time, books_time / convert)
    line("zhubao, arrays → figures (two dates, rates)", core_time, core_time / minimal)
    line(
        "zhubao, lists → figures",
        books_time + core_time,
        (books_time + core_time) / (convert + minimal),
    )
    line("  of which exceptions (in the next line)", exceptions_time)
    line("zhubao, compute_arrears whole", whole, whole / (convert + minimal))
    line("zhubao, report of all tables", report_time)


def best(run: Callable[[], Any]) -> tuple[float, Any]:
    """The shortest of some runs, and the last result."""
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - begin)
    return min(times), result


def line(title: str, seconds: float, ratio: float | None = None) -> None:
    """One result; the ratio is to the minimal numpy version of the same span."""
    print(f"  {title:46s} {seconds * 1000:8.1f} ms" + (f"   × {ratio:.2f}" if ratio else ""))


def engine(books: Any) -> Any:
    """The arithmetic alone."""
    slots = lay_out(books.debts, books.money, books.size)
    return account_figures(books, slots, settle_twice(books, slots, START), START, AS_OF)


def to_arrays(charges: LedgerTable[Charge], receipts: LedgerTable[Receipt]) -> Arrays:
    """What a hand-written script would convert: numbers to codes, months, amounts, days."""
    numbers = charges.column("household_no")
    code = {number: index for index, number in enumerate(dict.fromkeys(numbers))}
    return {
        "account": np.array([code[number] for number in numbers]),
        "month": np.array(charges.column("month")),
        "amount": np.array(charges.column("amount")),
        "payer": np.array([code[number] for number in receipts.column("household_no")]),
        "named": np.array([-1 if m is None else int(m) for m in receipts.column("month")]),
        "paid": np.array(receipts.column("amount")),
        "day": np.array([day.toordinal() for day in receipts.column("received_on")]),
    }


def minimal_numpy(a: Arrays, households: int) -> Arrays:
    """Named months first, then oldest first, at one date; owed, credit, months, ages, flows."""
    key = a["account"] * 100_000 + a["month"]
    order = np.argsort(key, kind="stable")
    slot_key, due = key[order], a["amount"][order]
    account = slot_key // 100_000
    named = np.zeros(len(due), np.int64)
    with_month = a["named"] >= 0
    place = np.searchsorted(slot_key, a["payer"][with_month] * 100_000 + a["named"][with_month])
    np.add.at(named, place, a["paid"][with_month])
    settled = np.minimum(named, due)
    total = np.zeros(households, np.int64)
    np.add.at(total, a["payer"], a["paid"])
    starts = np.searchsorted(account, np.arange(households))
    pool = total - np.add.reduceat(settled, starts)
    room = due - settled
    running = np.cumsum(room)
    before = running - room
    before -= before[starts][account]
    unpaid = room - np.clip(pool[account] - before, 0, room)
    owed = np.add.reduceat(unpaid, starts)
    credit = np.maximum(pool - np.add.reduceat(room, starts), 0)
    late = np.flatnonzero(unpaid)
    age = (AS_OF.year * 12 + AS_OF.month - 1) - slot_key[late] % 100_000 + 1
    ages = np.zeros(households * 5, np.int64)
    np.add.at(ages, account[late] * 5 + np.searchsorted([1, 2, 5, 11], age), unpaid[late])
    months = np.bincount(account[late], minlength=households)
    in_period = a["day"] >= START.toordinal()
    received = np.zeros(households, np.int64)
    np.add.at(received, a["payer"][in_period], a["paid"][in_period])
    charged = np.zeros(households, np.int64)
    current = a["month"] >= START.year * 12
    np.add.at(charged, a["account"][current], a["amount"][current])
    return {
        "owed": owed,
        "credit": credit,
        "months": months,
        "ages": ages,
        "received": received,
        "charged": charged,
    }


def pandas_version(charges: LedgerTable[Charge], receipts: LedgerTable[Receipt]) -> pd.Series[Any]:
    """The same owed amount with data frames: merge, groupby, cumsum."""
    due = (
        pd.DataFrame(
            {
                "household": charges.column("household_no"),
                "month": np.array(charges.column("month")),
                "due": charges.column("amount"),
            }
        )
        .groupby(["household", "month"], as_index=False)["due"]
        .sum()
    )
    paid = pd.DataFrame(
        {
            "household": receipts.column("household_no"),
            "month": pd.array(receipts.column("month"), dtype="Int64"),
            "paid": receipts.column("amount"),
        }
    )
    named = paid.dropna().groupby(["household", "month"])["paid"].sum().reset_index()
    due = due.merge(
        named.assign(month=named["month"].astype("int64")), how="left", on=["household", "month"]
    )
    due["settled"] = np.minimum(due["paid"].fillna(0).astype("int64"), due["due"])
    due["room"] = due["due"] - due["settled"]
    by_household = due.groupby("household")
    pool = paid.groupby("household")["paid"].sum() - by_household["settled"].sum()
    before = by_household["room"].cumsum() - due["room"]
    left = due["household"].map(pool).fillna(0) - before
    due["unpaid"] = due["room"] - np.minimum(np.maximum(left, 0), due["room"])
    owed: pd.Series[Any] = due.groupby("household")["unpaid"].sum()
    return owed


def synthetic(households: int, months: int) -> Loaded:
    """A bureau in which one household in five falls behind; the same every time."""
    rng = np.random.default_rng(20200630)
    first = Month.of(2020, 6).plus(1 - months)
    numbers = [f"H{index:06d}" for index in range(households)]
    rents = (rng.integers(60, 400, households) * 100).tolist()
    lapse = np.where(rng.random(households) < 0.2, 0.35, 0.01)
    skipped = rng.random((months, households)) < lapse
    named = rng.random((months, households)) < 0.5
    charges: list[dict[str, Any]] = []
    receipts: list[dict[str, Any]] = []
    for offset in range(months):
        month = first.plus(offset)
        for index, number in enumerate(numbers):
            charges.append(
                {
                    "charge_no": f"C{len(charges)}",
                    "household_no": number,
                    "lease_no": f"L{index}",
                    "month": month,
                    "amount": rents[index],
                    "charged_on": month.first_day,
                }
            )
            if not skipped[offset, index]:
                receipts.append(
                    {
                        "receipt_no": f"R{len(receipts)}",
                        "household_no": number,
                        "received_on": month.first_day.replace(day=1 + index % 28),
                        "amount": rents[index],
                        "month": month if named[offset, index] else None,
                    }
                )
    return Loaded.of(
        LedgerTable.from_rows(Charge, charges),
        LedgerTable.from_rows(Receipt, receipts),
        LedgerTable.from_rows(Household, (household_row(n) for n in numbers)),
        LedgerTable.from_rows(Lease, (lease_row(i, n, rents[i]) for i, n in enumerate(numbers))),
        LedgerTable.from_rows(Unit, (unit_row(i) for i in range(households))),
    )


def household_row(number: str) -> dict[str, Any]:
    return {"household_no": number, "applicant": "测试户", "tier": Tier.LOW_INCOME, "size": 2}


def lease_row(index: int, number: str, rent: int) -> dict[str, Any]:
    return {
        "lease_no": f"L{index}",
        "household_no": number,
        "unit_no": f"U{index}",
        "starts_on": dt.date(2017, 1, 1),
        "ends_on": dt.date(2021, 12, 31),
        "monthly_rent": rent,
        "status": LeaseStatus.IN_FORCE,
    }


def unit_row(index: int) -> dict[str, Any]:
    return {
        "unit_no": f"U{index}",
        "estate": f"小区{index % 12}",
        "building": "1",
        "room": str(index),
        "ownership": Ownership.DISTRICT,
        "status": UnitStatus.OCCUPIED,
    }


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
