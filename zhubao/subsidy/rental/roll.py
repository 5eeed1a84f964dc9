"""The payment roll of a quarter: who is paid how much, and who is not and why."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding
from zhubao.core.period import Month, Period
from zhubao.ledger import unread
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.registers.numbers import next_numbers
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyPayment, SubsidySignIn
from zhubao.ledger.tenants import Household, Lease, Member
from zhubao.subsidy.rental.exclusions import Exclusion, Judge, Reason
from zhubao.subsidy.rental.months_cap import MonthsCap, UsedMonths
from zhubao.subsidy.rental.quarters import months_of
from zhubao.subsidy.rental.rules import Overrides, PaymentRules, last_payment_day
from zhubao.subsidy.rental.standing import Standing

_BLANKS = re.compile(r"[\s\-]+")
_NEEDED = (SubsidyGrant, SubsidySignIn, SubsidyPayment, Household, Member, Lease)
_ZEROTH_PAYMENT = "FF000000"  # the number before the very first one


@dataclass(frozen=True, slots=True)
class RollOrder:
    """What is asked for. `on` is the day of the roll; `late` is why it is after the deadline."""

    quarter: Period
    on: dt.date
    roll_no: str = ""
    late: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One household paid: its months, the fen, and the months of the quarter it does not get."""

    index: int  # row in 租赁补贴
    payment_no: str
    months: tuple[Month, ...]
    monthly: int
    cut: tuple[Exclusion, ...] = ()

    @property
    def amount(self) -> int:
        """月补贴额 × months, fen."""
        return self.monthly * len(self.months)


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account: the holder's name, the number without blanks, the bank."""

    payee: str
    number: str
    bank: str


@dataclass(frozen=True, slots=True)
class Refused:
    """One grant not paid, with every reason."""

    index: int
    reasons: tuple[Exclusion, ...]


@dataclass(frozen=True, slots=True)
class Roll:
    """The roll; lines and refusals as the grants stand in the ledger."""

    loaded: Loaded
    order: RollOrder
    standing: Standing
    roll_no: str
    lines: tuple[Line, ...]
    refused: tuple[Refused, ...]
    used: dict[int, UsedMonths] = field(default_factory=dict)  # of the capped tiers, by row
    months_cap: int = 0
    deadline: dt.date | None = None
    citations: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def total(self) -> int:
        """The sum of the roll, fen."""
        return sum(line.amount for line in self.lines)

    def account_of(self, line: Line) -> Account:
        """Where the line's money goes; the applicant stands in for an empty 领取人."""
        grants = self.loaded.get(SubsidyGrant)
        payee, number, bank, household = (
            grants.column(name)[line.index] or ""
            for name in ("payee", "bank_account", "bank", "household_no")
        )
        payee = payee or self.standing.text(household, "applicant") or ""
        return Account(payee, digits_of(number), bank)

    @property
    def is_late(self) -> bool:
        """True when the day is after the last day of payment of the year."""
        return self.deadline is not None and self.order.on > self.deadline


def refuse_missing(loaded: Loaded) -> None:
    """`UsageError` when a sheet that keeps people out of a roll was not found or not recognised.

    Without 租赁合同 nobody is known to be housed, without 发放 nobody to have been paid.
    """
    unread.refuse_missing(loaded, "不能造发放表", *_NEEDED)


def make_roll(loaded: Loaded, order: RollOrder, *, overrides: Overrides = None) -> Roll:
    """Work out the roll of one quarter.

    Paid are the months of the quarter that nothing bars: a grant in force and signed in, a living
    household in protection that holds no unit (nor any of its members elsewhere), with a bank
    account, within its months in all, not paid for the quarter yet; one grant per household and
    per person. A month is barred when something bars any day of it. Amount: 月补贴额 × months.

    Raises `UsageError` for a quarter that has not begun, a roll number in use, and a day after the
    year's last day of payment unless `late` says why.
    """
    quarter = order.quarter
    if order.on < quarter.start:
        raise UsageError(
            f"{quarter.title}还没有开始（日期 {order.on}）", advice="请核对 --quarter 和 --date。"
        )
    deadline = last_payment_day(quarter, overrides)
    if deadline is not None and order.on > deadline and not order.late.strip():
        raise UsageError(
            f"{quarter.title}的补贴应在 {deadline} 前发放，现在的日期是 {order.on}",
            advice="确需发放的，用 --late 写明原因，原因记入发放的备注。",
        )
    rules = PaymentRules.load(order.on, overrides)
    judge = Judge(loaded, quarter, order.on, rules)
    maker = _Maker(judge)
    maker.run()
    return Roll(
        loaded=loaded,
        order=order,
        standing=judge.standing,
        roll_no=_roll_number(loaded, order),
        lines=_numbered(maker.lines, loaded),
        refused=tuple(maker.refused),
        used=maker.used,
        months_cap=rules.months_cap,
        deadline=deadline,
        citations=rules.citations,
    )


def digits_of(account: str) -> str:
    """The account number as a bank takes it: half-width, without blanks and dashes."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", account))


def reasons_of(refused: Iterable[Refused]) -> dict[Reason, int]:
    """How many grants each reason keeps out; one with two reasons counts under both."""
    counts = dict.fromkeys(Reason, 0)
    for one in refused:
        for reason in {exclusion.reason for exclusion in one.reasons}:
            counts[reason] += 1
    return {reason: count for reason, count in counts.items() if count}


class _Maker:
    """Goes through the grants in the order of the ledger."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._grants = judge.grants
        self._cap = MonthsCap(judge.grants, judge.paid, judge.rules, judge.term)
        self._taken: dict[str, int] = {}  # household → row already in this roll
        self.lines: list[Line] = []
        self.refused: list[Refused] = []
        self.used: dict[int, UsedMonths] = {}

    def run(self) -> None:
        for index in range(len(self._grants)):
            self._take(index)

    def _take(self, index: int) -> None:
        unreadable = self._judge.unreadable(index)
        if unreadable is not None:
            self.refused.append(Refused(index, (unreadable,)))
            return
        term = self._judge.term(index)
        found = [*self._judge.against_all(index), *self._judge.against_months(index, term)]
        found += self._second_grant(index)
        left = self._months_left(found)
        if left:
            over = self._over_cap(index, left)
            if over is not None:
                found.append(over)
                left = tuple(month for month in left if month not in over.months)
        if not left or any(not one.months for one in found):
            self.refused.append(Refused(index, tuple(found)))
            return
        household, monthly = (
            self._grants.column(name)[index] for name in ("household_no", "monthly_amount")
        )
        self._taken[household] = index
        self.lines.append(Line(index, "", left, monthly, tuple(found)))

    def _months_left(self, found: Iterable[Exclusion]) -> tuple[Month, ...]:
        barred = {month for one in found for month in one.months}
        return tuple(one for one in months_of(self._judge.quarter) if one not in barred)

    def _second_grant(self, index: int) -> list[Exclusion]:
        """Another grant of the household, or of one of its people elsewhere, is in this roll."""
        household = self._grants.column("household_no")[index]
        for other in (household, *self._judge.standing.kin(household)):
            row = self._taken.get(other)
            if row is not None:
                number = self._grants.column("grant_no")[row]
                words = f"家庭 {other} 的补贴 {number} 已在本次发放"
                return [Exclusion(Reason.TWO_GRANTS, words, (self._grants.row_cell(row),))]
        return []

    def _over_cap(self, index: int, left: tuple[Month, ...]) -> Exclusion | None:
        """The months beyond the limit, counted from the end of those left."""
        tier, household = (self._grants.column(name)[index] for name in ("tier", "household_no"))
        if not self._cap.is_capped(tier):
            return None
        used = self._cap.used(household, self._judge.quarter)
        cap = self._judge.rules.months_cap
        self.used[index] = used
        room = max(0, cap - used.total)
        if room >= len(left):
            return None
        guessed = "（推算）" if used.estimated else ""
        words = (
            f"此前 {used.before} 个月{guessed}，台账已发 {used.recorded} 个月，累计以 {cap} 为限"
        )
        return Exclusion(Reason.MONTHS_CAP, words, used.cells, left[room:])


def _numbered(lines: list[Line], loaded: Loaded) -> tuple[Line, ...]:
    """The lines with payment numbers that continue the ledger's series, or begin one."""
    taken = loaded.get(SubsidyPayment).column("payment_no")
    numbers = list(islice(next_numbers(taken), len(lines)))
    if len(numbers) < len(lines):
        numbers = list(islice(next_numbers([_ZEROTH_PAYMENT]), len(lines)))
    pairs = zip(lines, numbers, strict=True)
    return tuple(Line(one.index, number, one.months, one.monthly, one.cut) for one, number in pairs)


def _roll_number(loaded: Loaded, order: RollOrder) -> str:
    """The number given, or FP and the month of the roll; -2, -3 where that is in use."""
    used = set(loaded.get(SubsidyPayment).column("roll_no"))
    if order.roll_no:
        if order.roll_no in used:
            raise UsageError(
                f"发放批次 {order.roll_no} 已经用过", advice="请换一个 --roll-no，或不写。"
            )
        return order.roll_no
    number, count = f"FP{order.on:%Y%m}", 1
    while number in used:
        count += 1
        number = f"FP{order.on:%Y%m}-{count}"
    return number
