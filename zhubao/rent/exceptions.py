"""What does not fit: money and debts that must be looked at by a person, each with its cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from zhubao.core.finding import Cell
from zhubao.core.money import format_yuan
from zhubao.core.period import Month
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import column_info
from zhubao.rent.figures import Figures, Settled
from zhubao.rent.plans import PlanView
from zhubao.rent.postings import NO_MONTH, Books, BoolArray, IntArray, Postings, rows_left_out
from zhubao.rent.settlement import Slots
from zhubao.rent.steps import PlanState
from zhubao.rent.tenure import charges_of_unknown_leases, charges_outside_leases


class ExceptionKind(StrEnum):
    """例外类型, in the order they are listed."""

    RECEIPT_UNKNOWN = "实收查无家庭"
    REDUCTION_UNKNOWN = "减免查无家庭"
    CHARGE_UNKNOWN = "应收查无家庭"
    OPENING_UNKNOWN = "期初查无家庭"
    OVERPAID = "多缴（预缴）"
    NAMED_EXCESS = "指定月多缴"
    NAMED_WITHOUT_CHARGE = "指定月无应收"
    OVERDRAWN = "冲正超过已收"
    LEASE_UNKNOWN = "应收合同号不存在"
    NO_LEASE = "应收无合同"
    NEGATIVE_CHARGE = "应收为负"
    PLAN_WITHOUT_PARTS = "分期缺计划"
    LEFT_OUT = "未计入的行"


@dataclass(frozen=True, slots=True)
class ExceptionItem:
    """One thing to look at. `amount` in fen, None where there is no usable amount."""

    kind: ExceptionKind
    household_no: str
    amount: int | None
    detail: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the exceptions are read from; the books hold what counts at the cut-off date."""

    loaded: Loaded
    books: Books
    slots: Slots
    settled: Settled
    figures: Figures
    plans: dict[int, PlanView]


def find_exceptions(evidence: Evidence) -> tuple[ExceptionItem, ...]:
    """Every exception, by kind, household and detail; never filtered."""
    found = [item for finder in _FINDERS for item in finder(evidence)]
    order = {kind: place for place, kind in enumerate(ExceptionKind)}
    found.sort(key=lambda item: (order[item.kind], item.household_no, item.detail))
    return tuple(found)


def _unknown_households(evidence: Evidence) -> Iterator[ExceptionItem]:
    books = evidence.books
    kinds = (
        (books.money, 0, ExceptionKind.RECEIPT_UNKNOWN),
        (books.money, 1, ExceptionKind.REDUCTION_UNKNOWN),
        (books.debts, 1, ExceptionKind.CHARGE_UNKNOWN),
        (books.debts, 0, ExceptionKind.OPENING_UNKNOWN),
    )
    for postings, part, kind in kinds:
        unknown = (postings.account >= books.known) & postings.of_part(part)
        yield from _by_account(books, postings, unknown, kind, "保障家庭台账里没有这个编号")


def _overpaid(evidence: Evidence) -> Iterator[ExceptionItem]:
    """Households in credit, with the latest receipts that make up the credit."""
    books, credit = evidence.books, evidence.figures.credit
    money = books.money
    owing = credit[money.account] > 0
    rows = np.flatnonzero(owing & ~money.of_part(1) & (money.amount > 0))
    latest = rows[np.lexsort((money.row[rows], money.day[rows]))][::-1]
    cells: dict[int, list[int]] = {int(account): [] for account in np.flatnonzero(credit)}
    left = credit.copy()
    for index in latest:
        account = int(money.account[index])
        if left[account] > 0:
            cells[account].append(int(index))
            left[account] -= money.amount[index]
    for account, indexes in cells.items():
        yield ExceptionItem(
            ExceptionKind.OVERPAID,
            books.numbers[account],
            int(credit[account]),
            "缴款多于应缴，留作预缴",
            money.cells(indexes),
        )


def _named_excess(evidence: Evidence) -> Iterator[ExceptionItem]:
    """Months paid by name with more than was due there; the excess went to the oldest debt."""
    slots, settled = evidence.slots, evidence.settled
    due = settled.now.payable.copy()
    early, late = slots.twins
    due[late] += settled.now.payable[early]
    over = np.flatnonzero(settled.named_now > due)
    if not len(over):
        return
    groups = _groups(evidence.slots.of_money, np.isin(evidence.slots.of_money, over))
    for slot, indexes in groups:
        named, payable = int(settled.named_now[slot]), int(due[slot])
        month = Month(int(slots.month[slot]))
        yield ExceptionItem(
            ExceptionKind.NAMED_EXCESS,
            evidence.books.numbers[int(slots.account[slot])],
            named - payable,
            f"{month} 应缴 {format_yuan(payable)}，指定缴 {format_yuan(named)}，多出的抵最早欠租",
            evidence.books.money.cells(indexes),
        )


def _named_without_charge(evidence: Evidence) -> Iterator[ExceptionItem]:
    money = evidence.books.money
    for index in np.flatnonzero((money.month != NO_MONTH) & (evidence.slots.of_money < 0)):
        yield ExceptionItem(
            ExceptionKind.NAMED_WITHOUT_CHARGE,
            evidence.books.numbers[int(money.account[index])],
            int(money.amount[index]),
            f"{Month(int(money.month[index]))} 没有应收，改抵最早欠租",
            money.cells((int(index),)),
        )


def _overdrawn(evidence: Evidence) -> Iterator[ExceptionItem]:
    books, overdrawn = evidence.books, evidence.figures.overdrawn
    short = (overdrawn[books.money.account] > 0) & (books.money.amount < 0)
    for account, indexes in _groups(books.money.account, short):
        yield ExceptionItem(
            ExceptionKind.OVERDRAWN,
            books.numbers[account],
            int(overdrawn[account]),
            "冲正金额超过该户全部已收",
            books.money.cells(indexes),
        )


def _negative_charges(evidence: Evidence) -> Iterator[ExceptionItem]:
    debts = evidence.books.debts
    below = evidence.settled.due_now < 0
    yield from _by_account(
        evidence.books,
        debts,
        below[evidence.slots.of_debt],
        ExceptionKind.NEGATIVE_CHARGE,
        "该月应收合计为负，抵最早欠租",
    )


def _charges_without_lease(evidence: Evidence) -> Iterator[ExceptionItem]:
    books, debts = evidence.books, evidence.books.debts
    unknown = charges_of_unknown_leases(evidence.loaded, books)
    detail = "租赁合同台账里没有所填合同编号"
    yield from _by_account(books, debts, unknown, ExceptionKind.LEASE_UNKNOWN, detail)
    outside, leased = charges_outside_leases(evidence.loaded, books)
    kind = ExceptionKind.NO_LEASE
    yield from _by_account(books, debts, outside & leased, kind, "合同未起租、已到期或已退租")
    yield from _by_account(books, debts, outside & ~leased, kind, "该户没有租赁合同")


def _plans_without_parts(evidence: Evidence) -> Iterator[ExceptionItem]:
    for account, plan in evidence.plans.items():
        if plan.state is PlanState.NO_PARTS:
            yield ExceptionItem(
                ExceptionKind.PLAN_WITHOUT_PARTS,
                evidence.books.numbers[account],
                None,
                f"协议 {plan.plan_no} 在分期计划里没有期次，无法判断是否按期",
                (plan.cell,),
            )


def _left_out(evidence: Evidence) -> Iterator[ExceptionItem]:
    """Rows with a bad or empty cell in a column the calculation needs."""
    books = evidence.books
    for table in (*books.debts.tables, *books.money.tables):
        for row, names in rows_left_out(table):
            headers = [column_info(table.model.model_fields[name]).header for name in names]
            yield ExceptionItem(
                ExceptionKind.LEFT_OUT,
                table.column("household_no")[row] or "",
                table.column("amount")[row],
                f"{table.model.SHEET.name}：{'、'.join(headers)}有误或空着",
                tuple(table.cell(row, name) for name in names),
            )


_FINDERS: tuple[Callable[[Evidence], Iterable[ExceptionItem]], ...] = (
    _unknown_households,
    _overpaid,
    _named_excess,
    _named_without_charge,
    _overdrawn,
    _charges_without_lease,
    _negative_charges,
    _plans_without_parts,
    _left_out,
)


def _by_account(
    books: Books, postings: Postings, mask: BoolArray, kind: ExceptionKind, detail: str
) -> Iterator[ExceptionItem]:
    """One item per account for the postings the mask picks: months, rows, sum."""
    for account, indexes in _groups(postings.account, mask):
        yield ExceptionItem(
            kind,
            books.numbers[account],
            int(postings.amount[indexes].sum()),
            f"{detail}{_months_named(postings.month[indexes])}",
            postings.cells(indexes),
        )


def _months_named(months: IntArray) -> str:
    named = sorted({int(month) for month in months if month != NO_MONTH})
    if not named:
        return ""
    first, last = Month(named[0]), Month(named[-1])
    return f"（{first}）" if len(named) == 1 else f"（{first} 至 {last}，{len(named)} 个月）"


def _groups(places: IntArray, mask: BoolArray) -> Iterator[tuple[int, IntArray]]:
    """The masked postings, gathered by place, in sheet order within."""
    rows = np.flatnonzero(mask)
    if not len(rows):
        return
    rows = rows[np.argsort(places[rows], kind="stable")]
    cuts = np.flatnonzero(np.diff(places[rows])) + 1
    for group in np.split(rows, cuts):
        yield int(places[group[0]]), group
