"""One household's rent account: every posting with the running balance, and what paid what."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.period import Month
from zhubao.ledger.arrears import RentLetter
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Unit
from zhubao.rent.account.allotment import Allotment, allot, books_of, moved_since
from zhubao.rent.arrears import ArrearsResult, compute_arrears
from zhubao.rent.needs import ARREARS_MODELS
from zhubao.rent.postings import NO_MONTH, Books, Postings
from zhubao.rent.proof import IdentityBroken

STATEMENT_MODELS = (*ARREARS_MODELS, RentLetter)
_NUMBERS = ({1: "charge_no"}, {0: "receipt_no", 1: "reduction_no"})
_MOST_SUGGESTED = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One posting of the account. `debit` raises what is owed, `credit` lowers it; fen.

    `balance` is what is owed on balance after it (negative: in credit). `money` is its index among
    the payments of the account's books, None for a debt.
    """

    day: dt.date
    kind: str
    number: str | None
    month: Month | None
    debit: int
    credit: int
    balance: int
    note: str
    cell: Cell
    money: int | None


@dataclass(frozen=True, slots=True)
class StatementResult:
    """An account up to `arrears.as_of`. `lines` begin at `start`; `brought` is the balance before.

    `moved` says what a payment paid at first where later postings have moved it. `found_by` says
    how the household was found when it was not named by its own number.
    """

    arrears: ArrearsResult
    account: int
    start: dt.date | None
    books: Books
    brought: int
    lines: tuple[Line, ...]
    allotment: Allotment
    moved: Mapping[int, Mapping[tuple[Month, bool], int]]
    found_by: str

    @property
    def household_no(self) -> str:
        """The account's household number."""
        return self.arrears.books.numbers[self.account]

    def figure(self, name: str) -> int:
        """One of the household's `Figures`."""
        return int(getattr(self.arrears.figures, name)[self.account])


def compute_statement(
    loaded: Loaded,
    word: str,
    as_of: dt.date,
    *,
    start: dt.date | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> StatementResult:
    """The account of the household that `word` names: a household, lease or unit number.

    Postings count from the same days as in the arrears (see `compute_arrears`), up to `as_of`, and
    stand in the order of days, debts before payments. Raises `UsageError` when nothing has that
    number or `start` is after `as_of`, and `IdentityBroken` when the running balance does not end
    at the balance of the arrears (a fault of the program).
    """
    if start is not None and start > as_of:
        raise UsageError(
            f"开始日期 {start} 晚于截止日期 {as_of}", advice="请改 --from 或 --as-of。"
        )
    arrears = compute_arrears(loaded, as_of, overrides=overrides)
    account, found_by = find_account(loaded, arrears.books, word, as_of)
    books = books_of(arrears.books, account)
    lines = tuple(_lines(books))
    balance = int(arrears.settled.now.balance[account])
    if (lines[-1].balance if lines else 0) != balance:
        raise IdentityBroken(f"the account does not end at {balance}")
    kept = tuple(line for line in lines if start is None or line.day >= start)
    before = len(lines) - len(kept)
    return StatementResult(
        arrears=arrears,
        account=account,
        start=start,
        books=books,
        brought=lines[before - 1].balance if before else 0,
        lines=kept,
        allotment=allot(books, as_of),
        moved=moved_since(books, as_of),
        found_by=found_by,
    )


def find_account(loaded: Loaded, books: Books, word: str, as_of: dt.date) -> tuple[int, str]:
    """The account a number names, and how it was found ("" for a household's own number).

    A unit stands for the household whose lease of it began last, up to `as_of` where there is one.
    Full-width signs, spaces and small letters do not matter. Raises `UsageError` with the numbers
    that look alike when there is none.
    """
    wanted = _plain(word)
    account_of = {number: account for account, number in enumerate(books.numbers)}
    households = {_plain(number): number for number in books.numbers}
    if wanted in households:
        return account_of[households[wanted]], ""
    leases = loaded.get(Lease)
    for field, title in (("lease_no", "合同"), ("unit_no", "房源")):
        column = leases.column(field)
        rows = [
            row
            for row, number in enumerate(leases.column("household_no"))
            if number in account_of and _plain(column[row]) == wanted
        ]
        if rows:
            return _holder(leases, rows, account_of, as_of, f"{title} {column[rows[0]]}")
    raise _unknown(word, [*households, *map(_plain, leases.column("lease_no"))], loaded)


def _holder(
    leases: Any, rows: list[int], account_of: Mapping[str, int], as_of: dt.date, title: str
) -> tuple[int, str]:
    starts, numbers = leases.column("starts_on"), leases.column("household_no")

    def rank(row: int) -> tuple[bool, dt.date]:
        begun = starts[row] or dt.date.min
        return begun <= as_of, begun

    chosen = numbers[max(rows, key=rank)]
    others = sorted({numbers[row] for row in rows} - {chosen})
    more = f"；先后还租给过 {'、'.join(others)}" if others else ""
    return account_of[chosen], f"由{title}查到 {chosen}{more}"


def _unknown(word: str, known: list[str], loaded: Loaded) -> UsageError:
    if _plain(word) in map(_plain, loaded.get(Unit).column("unit_no")):
        return UsageError(f"房源 {word} 没有租赁合同", advice="这套房没有出租过，没有租金账户。")
    alike = [number for number in known if _core(number) == _core(_plain(word))]
    alike += difflib.get_close_matches(_plain(word), known, n=_MOST_SUGGESTED, cutoff=0.75)
    alike = list(dict.fromkeys(alike))[:_MOST_SUGGESTED]
    advice = f"是不是：{'、'.join(alike)}" if alike else "请写家庭编号、合同编号或房源编号"
    return UsageError(f"台账里没有编号“{word}”", advice=f"{advice}。")


def _core(number: str) -> str:
    """What is left of JT000123 without letters and leading zeros: 123."""
    return re.sub(r"^[A-Z]*0*", "", number)


def _plain(text: str | None) -> str:
    """A number without the differences that typing makes."""
    return unicodedata.normalize("NFKC", text or "").replace(" ", "").upper()


def _lines(books: Books) -> Iterator[Line]:
    """Every posting by day, debts before payments, in the order of sheets and rows."""
    keys = [
        (int(postings.day[index]), side, int(postings.part[index]), int(postings.row[index]), index)
        for side, postings in enumerate((books.debts, books.money))
        for index in range(len(postings))
    ]
    balance = 0
    for _, side, _, _, index in sorted(keys):
        postings = books.money if side else books.debts
        amount = int(postings.amount[index])
        balance += -amount if side else amount
        yield _line(postings, side, index, balance)


def _line(postings: Postings, side: int, index: int, balance: int) -> Line:
    part, row = int(postings.part[index]), int(postings.row[index])
    table, month = postings.tables[part], int(postings.month[index])
    amount = int(postings.amount[index])
    field = _NUMBERS[side].get(part)
    return Line(
        day=dt.date.fromordinal(int(postings.day[index])),
        kind=_kind(table, side, part, row),
        number=table.column(field)[row] if field else None,
        month=Month(month) if month != NO_MONTH else None,
        debit=0 if side else amount,
        credit=amount if side else 0,
        balance=balance,
        note=_note(table, side, part, row),
        cell=postings.cell(index),
        money=index if side else None,
    )


def _kind(table: Any, side: int, part: int, row: int) -> str:
    if side == 0:
        return ("期初欠租", "应收")[part]
    if part == 0:
        return "冲正" if table.column("amount")[row] < 0 else "实收"
    kind = table.column("kind")[row]
    return kind.value if kind else "减免"


def _note(table: Any, side: int, part: int, row: int) -> str:
    """Way of payment, reason of a reduction, or the unit charged for."""
    if side and part == 0:
        return table.column("method")[row] or ""
    if side:
        return table.column("reason")[row] or ""
    return (table.column("unit_no")[row] or "") if part else ""


def rows_of(loaded: Loaded, model: Any, household_no: str, day: str, as_of: dt.date) -> list[int]:
    """The household's rows of a sheet dated up to `as_of`, in order of date."""
    table = loaded.get(model)
    numbers, days = table.column("household_no"), table.column(day)
    rows = [
        row
        for row in table.usable("household_no", day)
        if numbers[row] == household_no and days[row] <= as_of
    ]
    return sorted(rows, key=lambda row: days[row])


def unpaid_slots(result: StatementResult) -> list[int]:
    """The unpaid slots of the account in the arrears, in the order they are paid."""
    slots = result.arrears.slots
    first, last = int(slots.bounds[result.account]), int(slots.bounds[result.account + 1])
    unpaid = result.arrears.settled.now.unpaid[first:last]
    return [first + int(place) for place in np.flatnonzero(unpaid)]
