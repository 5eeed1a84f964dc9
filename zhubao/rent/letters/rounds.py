"""Who gets which letter: demand, instalment agreement, notice to vacate; and who gets none, why."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell, Finding
from zhubao.core.period import Month
from zhubao.ledger.addresses import Address
from zhubao.ledger.arrears import LetterKind, PlanRhythm, RentLetter
from zhubao.ledger.tenants import Household, Lease
from zhubao.rent.addresses import read_addresses
from zhubao.rent.arrears import ArrearsResult
from zhubao.rent.arrears_tables import DebtSources
from zhubao.rent.bad_rows import bad_accounts
from zhubao.rent.letters.findings import (
    ACCOUNT_FAULTY,
    ADDRESS_MISSING,
    BUREAU_MISSING,
    CONTACT_MISSING,
    RECIPIENT_MISSING,
)
from zhubao.rent.letters.numbers import LetterNumbers
from zhubao.rent.letters.rules import LetterRules
from zhubao.rent.plan_making import Part, plan_in_force, split_debt
from zhubao.rent.receipts.household import resolve_household
from zhubao.rent.steps import Advice, Step

KIND_OF_STEP: Mapping[Step, LetterKind] = {
    Step.NOTICE: LetterKind.DEMAND,
    Step.INSTALMENT: LetterKind.INSTALMENT,
    Step.VACATE: LetterKind.VACATE,
}


_NO_LETTER = (Step.NONE, Step.REMIND)  # nothing anybody would expect a letter for


@dataclass(frozen=True, slots=True)
class MonthOwed:
    """A month not paid in full; money in fen. `brought_over`: some of it is opening debt."""

    month: Month
    payable: int
    unpaid: int
    brought_over: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. `number` is empty in a draft; the months' unpaid amounts sum to `owed`."""

    kind: LetterKind
    number: str
    bureau: str
    household_no: str
    account: int
    recipient: str
    address: Address
    issued_on: dt.date
    as_of: dt.date
    months: tuple[MonthOwed, ...]
    owed: int
    reason: str
    rhythm: str = ""
    parts: tuple[Part, ...] = ()
    sources: tuple[Cell, ...] = ()

    @property
    def file_name(self) -> str:
        """CJ2020-0001_催缴通知书_JT000123.docx; no name, so that a list of files tells nobody's."""
        safe = re.sub(r'[\\/:*?"<>|\s]+', "-", self.household_no)
        return f"{self.number or '草稿'}_{self.kind.value}_{safe}.docx"


@dataclass(frozen=True, slots=True)
class Withheld:
    """A household in debt that gets no letter, and why; `group` is the reason in a word."""

    account: int
    step: Step
    reason: str
    group: str


@dataclass(frozen=True, slots=True)
class LetterOrder:
    """What is asked for. Empty means: every kind, estate, household.

    `kind` together with `households` is the clerk's own decision: those households get that letter
    whatever the ladder suggests.
    """

    kind: LetterKind | None = None
    estate: str = ""
    households: tuple[str, ...] = ()
    bureau: str = ""

    @property
    def by_hand(self) -> bool:
        """True when the clerk has named both the letter and the households."""
        return self.kind is not None and bool(self.households)


@dataclass(frozen=True, slots=True)
class LetterRound:
    """The letters of one run, in walking order, who gets none, and what is missing."""

    result: ArrearsResult
    rules: LetterRules
    order: LetterOrder
    letters: tuple[Letter, ...]
    withheld: tuple[Withheld, ...]
    findings: tuple[Finding, ...]


def write_round(
    result: ArrearsResult, rules: LetterRules, order: LetterOrder, *, numbered: bool = True
) -> LetterRound:
    """Decide for every household in debt, and compose the letters.

    The step of the dated ladder (`steps.next_step`) names the letter. None for: a household in
    hardship (a visit and a plan first), one written to with the same kind of letter less than
    `rules.repeat_days` days ago, an account with faulty cells, and no address, name or bureau. A
    notice to vacate needs the months of art. 29 even when the clerk asks for it by hand. Numbers
    continue the ledger's, per kind and year. Raises `UsageError` for an unknown estate or
    household.
    """
    return _Writer(result, rules, order).round(numbered=numbered)


class _Writer:
    """One run: the decisions share what was looked up once."""

    def __init__(self, result: ArrearsResult, rules: LetterRules, order: LetterOrder) -> None:
        self._result, self._rules, self._order = result, rules, order
        self._addresses = read_addresses(result.loaded, result.homes)
        self._faulty = bad_accounts(result)
        self._last = _last_letters(result.loaded.get(RentLetter))
        self._withheld: list[Withheld] = []
        self._findings: list[Finding] = []

    def round(self, *, numbered: bool) -> LetterRound:
        accounts = sorted(self._scope(), key=lambda one: self._addresses[one].walk_key)
        chosen = [(account, kind) for account in accounts if (kind := self._decide(account))]
        sources = DebtSources(self._result, [account for account, _ in chosen])
        letters = [self._compose(account, kind, sources) for account, kind in chosen]
        if letters and not self._order.bureau:
            self._findings.append(BUREAU_MISSING.at(Cell("zhubao.toml"), count=len(letters)))
            letters = []
        if letters:
            self._note_blanks()
        if numbered:
            known = self._result.loaded.get(RentLetter).column("letter_no")
            numbers = LetterNumbers(known)
            letters = [
                replace(one, number=numbers.next(one.kind, one.issued_on.year)) for one in letters
            ]
        return LetterRound(
            self._result,
            self._rules,
            self._order,
            tuple(letters),
            tuple(self._withheld),
            tuple(self._findings),
        )

    def _scope(self) -> Iterable[int]:
        result, order = self._result, self._order
        if order.estate and order.estate not in result.homes.estate:
            raise UsageError(f"没有名为“{order.estate}”的小区", advice="请核对小区名称。")
        account_of = {number: account for account, number in enumerate(result.books.numbers)}
        named = {
            account_of[number if number in account_of else resolve_household(number, result.loaded)]
            for number in order.households
        }
        for account in range(result.books.size):
            if named and account not in named:
                continue
            if order.estate and result.homes.estate[account] != order.estate:
                continue
            if named or result.figures.owed[account] > 0:
                yield account

    def _decide(self, account: int) -> LetterKind | None:
        """The letter the household gets; None with its reason kept."""
        advice = self._result.advice(account)
        kind = KIND_OF_STEP.get(advice.step)
        wanted = self._order.kind
        if self._order.by_hand:
            kind = wanted
        elif kind is None:
            if advice.step not in _NO_LETTER or self._order.households:
                self._withhold(account, advice, advice.reason, advice.step.value)
            return None
        elif wanted is not None and kind is not wanted:
            if self._order.households:
                self._withhold(account, advice, advice.reason, f"应出{kind.value}")
            return None
        assert kind is not None
        obstacle = self._obstacle(account, kind)
        if obstacle:
            self._withhold(account, advice, *obstacle)
            return None
        return kind

    def _obstacle(self, account: int, kind: LetterKind) -> tuple[str, str] | None:
        """Why this letter cannot be written to this household, at length and in a word."""
        months = int(self._result.figures.unpaid_months[account])
        if int(self._result.figures.owed[account]) <= 0:
            return "没有欠租", "没有欠租"
        if kind is LetterKind.VACATE and months < self._result.ladder.vacate:
            limit = self._result.ladder.vacate
            return f"累计欠租{months}个月，未达到{limit}个月，不能出{kind.value}", "未达到腾退月数"
        last = self._last.get((self._result.books.numbers[account], kind))
        if last and (self._result.as_of - last[1]).days < self._rules.repeat_days:
            days = self._rules.repeat_days
            text = f"{last[1].isoformat()} 已出{kind.value} {last[0]}，未满{days}日"
            return text, "近期已出同种文书"
        missing = self._missing(account, kind)
        return (missing, "资料不全") if missing else None

    def _missing(self, account: int, kind: LetterKind) -> str:
        """A finding for what the letter lacks, and the same as a reason."""
        result = self._result
        words = {"household": result.books.numbers[account], "kind": kind.value}
        if account in self._faulty:
            self._findings.append(ACCOUNT_FAULTY.at(self._faulty[account], **words))
            return "账目里有错误的单元格"
        if not (result.household_field(account, "applicant") or "").strip():
            self._findings.append(RECIPIENT_MISSING.at(self._household_cell(account), **words))
            return "缺承租人姓名"
        if not self._addresses[account].is_complete:
            self._findings.append(ADDRESS_MISSING.at(self._lease_cell(account), **words))
            return "缺地址"
        return ""

    def _withhold(self, account: int, advice: Advice, reason: str, group: str) -> None:
        self._withheld.append(Withheld(account, advice.step, reason, group))

    def _compose(self, account: int, kind: LetterKind, sources: DebtSources) -> Letter:
        result = self._result
        owed = int(result.figures.owed[account])
        parts: tuple[Part, ...] = ()
        rhythm = PlanRhythm.MONTHLY
        if kind is LetterKind.INSTALMENT:
            parts, rhythm = self._parts(account, owed)
        reason = "经办人指定" if self._order.by_hand else result.advice(account).reason
        return Letter(
            kind=kind,
            number="",
            bureau=self._order.bureau,
            household_no=result.books.numbers[account],
            account=account,
            recipient=result.household_field(account, "applicant").strip(),
            address=self._addresses[account],
            issued_on=result.as_of,
            as_of=result.as_of,
            months=months_owed(result, sources.slots(account)),
            owed=owed,
            reason=reason,
            rhythm=rhythm.value if parts else "",
            parts=parts,
            sources=(self._household_cell(account), *sources.cells(account)),
        )

    def _parts(self, account: int, owed: int) -> tuple[tuple[Part, ...], PlanRhythm]:
        """The parts of the plan in force, as booked; without one, a proposal for the whole debt."""
        booked = plan_in_force(self._result, self._result.books.numbers[account])
        if booked is not None and booked[0]:
            return booked
        count = min(self._rules.plan_parts, owed)
        return split_debt(owed, count, self._rules.first_due(self._result.as_of)), (
            PlanRhythm.MONTHLY
        )

    def _note_blanks(self) -> None:
        for key, what in (("phone", "联系电话"), ("channels", "缴款方式")):
            if not getattr(self._rules, key):
                where = Cell("zhubao.toml")
                self._findings.append(CONTACT_MISSING.at(where, what=what, key=key))

    def _household_cell(self, account: int) -> Cell:
        row = self._result.books.household_rows[account]
        return self._result.loaded.get(Household).row_cell(row)

    def _lease_cell(self, account: int) -> Cell:
        row = self._result.homes.lease_row[account]
        if row < 0:
            return self._household_cell(account)
        return self._result.loaded.get(Lease).cell(row, "unit_no")


def months_owed(result: ArrearsResult, slots: Sequence[int]) -> tuple[MonthOwed, ...]:
    """The unpaid months of one account's slots, oldest first; a month's two debts are one line."""
    position = result.settled.now
    found: dict[int, MonthOwed] = {}
    for slot in slots:
        month = int(result.slots.month[slot])
        before = found.get(month, MonthOwed(Month(month), 0, 0))
        found[month] = MonthOwed(
            Month(month),
            before.payable + int(position.payable[slot]),
            before.unpaid + int(position.unpaid[slot]),
            before.brought_over or bool(result.slots.opening[slot]),
        )
    return tuple(found[month] for month in sorted(found))


def _last_letters(table: Any) -> dict[tuple[str, LetterKind], tuple[str, dt.date]]:
    """(household, kind) → number and day of the latest letter on record."""
    numbers, days = table.column("letter_no"), table.column("issued_on")
    households, kinds = table.column("household_no"), table.column("kind")
    found: dict[tuple[str, LetterKind], tuple[str, dt.date]] = {}
    for row in table.usable("household_no", "kind", "issued_on"):
        key = households[row], kinds[row]
        if key not in found or days[row] > found[key][1]:
            found[key] = str(numbers[row] or ""), days[row]
    return found
