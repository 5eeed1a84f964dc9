"""勾稽 of the rental subsidy: households paid in the period against those in force at its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.core.period import Month
from zhubao.ledger.subsidies import PaymentStatus, SubsidyGrant, SubsidyPayment
from zhubao.subsidy.rental.figures import paid_rows
from zhubao.subsidy.rental.needs import SUBSIDY_MODELS
from zhubao.subsidy.rental.quarters import quarters_within
from zhubao.subsidy.rental.rules import PaymentRules
from zhubao.subsidy.rental.signin import sign_in_list
from zhubao.subsidy.rental.term import term_of
from zhubao.summary.reconcile.checks import Asked, Pair, Side, check


@check(
    "subsidy.in_force",
    "发放补贴户数与期末在享户数",
    needs=(SubsidyGrant, SubsidyPayment),
    reads=SUBSIDY_MODELS,
)
def paid_and_in_force(asked: Asked) -> Pair | None:
    """Paid in the period - no longer in force + in force and not paid = in force at its end.

    Why a household in force was not paid: its grant is of this period, its payment is pending or
    came back, it did not sign in. A household without any of these reasons is an open question,
    and so is one that was paid without a grant. A period in which nothing was paid is not compared.
    """
    paid = asked.side("subsidy.households_paid")
    if paid is None or not paid.number:
        return None
    standing = _standing(asked)
    table = asked.loaded.get(SubsidyPayment)
    numbers = table.column("household_no")
    had = _named(numbers, paid_rows(asked.loaded, asked.scope.span))
    unpaid = standing.live - had
    reasons = _reasons(asked, unpaid)
    strange = len(had - standing.known)
    words = _words(len((had & standing.known) - standing.live), reasons, strange)
    right = Side("期末月份在享的家庭", len(standing.live), standing.cells)
    return Pair(paid, right, "户", words, unexplained=reasons[-1][0] + strange)


@dataclass(frozen=True, slots=True)
class _Standing:
    """Households in force in the last month that counts, those with any grant, and the cells."""

    live: set[str]
    known: set[str]
    cells: tuple[Cell, ...]


def _standing(asked: Asked) -> _Standing:
    grants, scope = asked.loaded.get(SubsidyGrant), asked.scope
    offset = PaymentRules.load(scope.day, scope.overrides).start_offset
    month, numbers = Month.containing(scope.day), grants.column("household_no")
    rows = grants.usable("grant_no", "household_no", "status")
    live = [row for row in rows if term_of(grants, row, offset).bar(month) is None]
    cells = tuple(grants.cell(row, "status") for row in live)
    return _Standing(_named(numbers, live), _named(numbers, rows), cells)


def _reasons(asked: Asked, unpaid: set[str]) -> list[tuple[int, str]]:
    """How many for which reason, each household once; those without any reason last."""
    left, found = set(unpaid), []
    for words, households in (
        ("是本期新批准", _granted(asked)),
        ("的款待发放或被退回", _held_back(asked)),
        ("没有签到", _unsigned(asked)),
    ):
        found.append((len(left & households), words))
        left -= households
    return [*found, (len(left), "没有发放记录，也看不出原因")]


def _granted(asked: Asked) -> set[str]:
    grants = asked.loaded.get(SubsidyGrant)
    days, numbers = grants.column("approved_on"), grants.column("household_no")
    rows = [i for i, day in enumerate(days) if day and asked.scope.span.contains(day)]
    return _named(numbers, rows)


def _held_back(asked: Asked) -> set[str]:
    table = asked.loaded.get(SubsidyPayment)
    held = (PaymentStatus.PENDING, PaymentStatus.BOUNCED)
    rows = [i for i, status in enumerate(table.column("status")) if status in held]
    return _named(table.column("household_no"), rows)


def _unsigned(asked: Asked) -> set[str]:
    """Households that did not sign in for a quarter ending in the period."""
    scope, numbers = asked.scope, asked.loaded.get(SubsidyGrant).column("household_no")
    return _named(
        numbers,
        (
            due.index
            for quarter in quarters_within(scope.span)
            for due in sign_in_list(asked.loaded, quarter, scope.day, overrides=scope.overrides).due
            if not due.signed
        ),
    )


def _words(stopped: int, reasons: list[tuple[int, str]], strange: int) -> str:
    parts = [f"{stopped} 户期间内领过、期末月份已经停发或到期"] if stopped else []
    why = "、".join(f"{count} 户{words}" for count, words in reasons if count)
    if why:
        parts.append(f"{sum(count for count, _ in reasons)} 户期末在享、期间内没有发放（{why}）")
    if strange:
        parts.append(f"{strange} 户领过而租赁补贴表里没有")
    return f"发放户数按发放日期，在享户数按期末月份：{'；'.join(parts)}" if parts else ""


def _named(column: list[str | None], rows: Iterable[int]) -> set[str]:
    return {number for row in rows if (number := column[row])}
