"""How long a match against a long vehicle list takes, beside merely reading the list.

Run: python tests/bench/bench_match.py [rows] [households]
The list is made once as csv (GB18030) and xlsx; each measurement runs in a process of its own, so
that its peak of memory is its own. Merely reading: csv.reader for text; for the workbook the parser
row by row, and the ledger reader that holds the sheet whole.
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
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from zhubao.audit.match.external_list import read_list
from zhubao.audit.match.kinds import MatchKind
from zhubao.audit.match.matching import match
from zhubao.audit.match.members import Members
from zhubao.core.identity import to_18
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household, Member, ProtectionStatus, Relation, Tier

AS_OF = dt.date(2020, 6, 30)
HEAD = ["序号", "机动车所有人", "身份证明号码", "号牌号码", "品牌型号", "初次登记日期", "状态"]
SHARE = 200  # one row in so many is one of our people


def main(rows: int = 1_000_000, households: int = 20_000) -> None:
    """Time every way of going through the list and print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        text, book = Path(folder) / "车辆.csv", Path(folder) / "车辆.xlsx"
        make_lists(text, book, rows, households)
        print(f"{rows:,} rows, {households:,} households of 2.5 people")
        plain = line("csv: csv.reader alone", apart(read_text, text, households))
        line("csv: match", apart(compare, text, households), plain)
        streamed = line("xlsx: parser row by row", apart(read_rows, book, households))
        line("xlsx: ledger reader, sheet held whole", apart(read_whole, book, households), streamed)
        line("xlsx: match", apart(compare, book, households), streamed)


def make_lists(text: Path, book: Path, rows: int, households: int) -> None:
    """The same rows as text and as a workbook."""
    import xlsxwriter

    ours, draw = numbers(households), random.Random(2)
    workbook = xlsxwriter.Workbook(book, {"constant_memory": True})
    sheet = workbook.add_worksheet("车辆")
    with text.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.writer(stream)
        for place in range(rows + 1):
            row = HEAD if place == 0 else vehicle(place, draw, ours)
            writer.writerow(row)
            sheet.write_row(place, 0, row)
    workbook.close()


def vehicle(place: int, draw: random.Random, ours: list[str]) -> list[Any]:
    """One row of the list."""
    owner = draw.choice(ours) if draw.randrange(SHARE) == 0 else made_number(draw, "43011")
    day = f"20{draw.randint(5, 20):02d}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
    plate = f"湘A{draw.randrange(100_000):05d}"
    return [place, "王小明", owner, plate, "大众牌SVW7148", day, "正常"]


@cache
def numbers(households: int) -> list[str]:
    """The identity numbers of the members, 2.5 to a household."""
    draw = random.Random(1)
    return [made_number(draw, "43010") for _ in range(households * 5 // 2)]


def made_number(draw: random.Random, district: str) -> str:
    """A sound number of somebody born in the twentieth century."""
    born = f"{draw.randint(40, 99):02d}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}"
    return to_18(f"{district}{draw.randint(1, 9)}{born}{draw.randrange(1000):03d}")


def bureau(households: int) -> Loaded:
    """Households in force since 2015, and their members."""
    ours = numbers(households)
    homes = [
        {
            "household_no": f"JT{place:06d}",
            "applicant": f"王{place % 997}",
            "identity_no": ours[place],
            "size": 2,
            "tier": Tier.LOW_INCOME,
            "approved_on": dt.date(2015, 1, 1),
            "status": ProtectionStatus.IN_FORCE,
        }
        for place in range(households)
    ]
    people = [
        {
            "household_no": f"JT{place % households:06d}",
            "name": f"王{place % 997}",
            "identity_no": number,
            "relation": Relation.SELF if place < households else Relation.CHILD,
        }
        for place, number in enumerate(ours)
    ]
    tables = LedgerTable.from_rows(Household, homes), LedgerTable.from_rows(Member, people)
    return Loaded.of(*tables)


def read_text(path: Path, _: int) -> str:
    """Merely reading: every record of the text."""
    with path.open(encoding="gb18030", newline="") as stream:
        return f"{sum(1 for _ in csv.reader(stream)):,} records"


def read_rows(path: Path, _: int) -> str:
    """Merely reading: the parser alone, row by row."""
    import python_calamine

    workbook = python_calamine.load_workbook(str(path))
    return f"{sum(1 for _ in workbook.get_sheet_by_index(0).iter_rows()):,} rows"


def read_whole(path: Path, _: int) -> str:
    """Merely reading, as ledgers are read: guarded, and the sheet held in memory."""
    from zhubao.excel.book import open_book

    return f"{len(open_book(path).sheets[0].rows):,} rows"


def compare(path: Path, households: int) -> str:
    """Index the members and go through the list."""
    loaded = bureau(households)
    begin = time.perf_counter()
    members = Members(loaded, AS_OF)
    made = time.perf_counter() - begin
    kind = MatchKind.VEHICLES
    found = match(members, read_list(path, kind), kind, path.name)
    return f"{len(found.hits):,} hits; members indexed in {made:.1f} s of it"


def apart(work: Callable[[Path, int], str], path: Path, households: int) -> tuple[float, int, str]:
    """Seconds, peak megabytes and what came of it, in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, path, households))


def _measured(
    work: Callable[[Path, int], str], path: Path, households: int
) -> tuple[float, int, str]:
    numbers(households)
    begin = time.perf_counter()
    told = work(path, households)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return time.perf_counter() - begin, peak, told


def line(name: str, measured: tuple[float, int, str], base: float | None = None) -> float:
    """Print one measurement, with its ratio to `base`; returns its seconds."""
    seconds, peak, told = measured
    ratio = f"  ×{seconds / base:.2f}" if base else ""
    print(f"{name:40s} {seconds:7.2f} s {peak:6,} MB{ratio}  {told}")
    return seconds


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
