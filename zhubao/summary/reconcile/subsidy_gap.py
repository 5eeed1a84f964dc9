"""勾稽 of the rental subsidy: households paid in the period against those in force at its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.core.period import Month, Period
from zhubao.ledger.subsidies import PaymentStatus, SubsidyGrant, SubsidyPayment
from zhubao.subsidy.rental.figures import paid_rows
from zhubao.subsidy.rental.needs import SUBSIDY_MODELS
from zhubao.subsidy.rental.quarters import quarter_label, quarters_within
from zhubao.subsidy.rental.rules import PaymentRules
from zhubao.subsidy.rental.signin import sign_in_list
from zhubao.subsidy.rental.term import term_of
from zhubao.summary.indicators.figures import Scope
from zhubao.summary.reconcile.checks import Asked, Pair, Side, check


@check(
    "subsidy.in_force",
    "发放补贴户数与期末在享户数",
    needs=(SubsidyGrant, SubsidyPayment),
    reads=SUBSIDY_MODELS,
)
def paid_and_in_force(asked: Asked) -> Pair | None:
    """Paid in the period - no longer in force + in force and not paid = in force at its end.

    Why a household in force was not paid: its grant is of this period, or begins after the quarters
    that were paid in it; its payment is pending or came back; it did not sign in for such a quarter
    or one that ended in the period. A household without any of these reasons is an open question,
    and so is one that was paid without a grant. A period in which nothing was paid is not compared.
    """
    paid = asked.side("subsidy.households_paid")
    if paid is None or not paid.number:
        return None
    standing = asked.once(standing_grants)
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
class StandingGrants:
    """Households in force in the last month that counts, those with any grant, and the cells."""

    live: set[str]
    known: set[str]
    cells: tuple[Cell, ...]


def standing_grants(scope: Scope) -> StandingGrants:
    """The grants in the month of the last day that counts."""
    grants = scope.loaded.get(SubsidyGrant)
    offset = PaymentRules.load(scope.day, scope.overrides).start_offset
    month, numbers = Month.containing(scope.day), grants.column("household_no")
    rows = grants.usable("grant_no", "household_no", "status")
    live = [row for row in rows if term_of(grants, row, offset).bar(month) is None]
    cells = tuple(grants.cell(row, "status") for row in live)
    return StandingGrants(_named(numbers, live), _named(numbers, rows), cells)


def _reasons(asked: Asked, unpaid: set[str]) -> list[tuple[int, str]]:
    """How many for which reason, each household once; those without any reason last."""
    left, found = set(unpaid), []
    for words, households in (
        ("是本期新批准", _granted(asked)),
        ("在本期发放的季度以后才起发", _begun_later(asked)),
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


def _begun_later(asked: Asked) -> set[str]:
    """Households whose grants all begin after the last quarter paid in the period."""
    scope, grants = asked.scope, asked.loaded.get(SubsidyGrant)
    last = max((quarter.end for quarter in _quarters_paid(asked)), default=None)
    if last is None:
        return set()
    offset = PaymentRules.load(scope.day, scope.overrides).start_offset
    numbers = grants.column("household_no")
    rows = grants.usable("grant_no", "household_no", "status")
    firsts = [(numbers[row], term_of(grants, row, offset).first) for row in rows]
    begun = {number for number, first in firsts if first is None or first.first_day <= last}
    return {number for number, _ in firsts if number and number not in begun}


def _held_back(asked: Asked) -> set[str]:
    table = asked.loaded.get(SubsidyPayment)
    held = (PaymentStatus.PENDING, PaymentStatus.BOUNCED)
    rows = [i for i, status in enumerate(table.column("status")) if status in held]
    return _named(table.column("household_no"), rows)


def _unsigned(asked: Asked) -> set[str]:
    """Households that did not sign in for a quarter paid in the period, or ending in it."""
    scope, numbers = asked.scope, asked.loaded.get(SubsidyGrant).column("household_no")
    quarters = dict.fromkeys((*_quarters_paid(asked), *quarters_within(scope.span)))
    return _named(
        numbers,
        (
            due.index
            for quarter in quarters
            for due in sign_in_list(asked.loaded, quarter, scope.day, overrides=scope.overrides).due
            if not due.signed
        ),
    )


def _quarters_paid(asked: Asked) -> list[Period]:
    """The quarters that were paid in the period; rows of no readable quarter are passed over."""
    texts = asked.loaded.get(SubsidyPayment).column("quarter")
    labels = {quarter_label(texts[row]) for row in paid_rows(asked.loaded, asked.scope.span)}
    return sorted(Period.parse(label) for label in labels if label)


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
