"""What becomes of every line of a list: booked, left to a person, put aside, or passed over."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.core.period import Month
from zhubao.ledger.arrears import Receipt, SuspenseReceipt
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.rent.proof import IdentityBroken
from zhubao.rent.receipts.accounts import RentAccounts
from zhubao.rent.receipts.directory import Directory, Rule
from zhubao.rent.receipts.lines import Statement, StatementLine
from zhubao.rent.receipts.matching import Confidence, Match, match_line
from zhubao.rent.receipts.numbers import IMPORTED, REVERSED, fingerprints, is_fingerprint
from zhubao.rent.receipts.reversals import Booked, OpenReceipts, match_reversal
from zhubao.rent.receipts.signs import names_in

LINES_LATE = declare(
    "RE-225",
    "流水日期晚于截止日期",
    Severity.WARNING,
    "有 {count} 行的日期晚于 {as_of}，最晚是 {day}",
    "核对日期有没有写错；没有错的照常入账，但 {as_of} 的欠租里不含这些收款",
    bad="截止 2020-06-30，有一行是 2020-07-02",
    good="各行日期都不晚于截止日期",
)
LINES_EARLY = declare(
    "RE-226",
    "流水日期早于台账启用",
    Severity.WARNING,
    "有 {count} 行的日期早于台账的第一个账单月（{start}），最早是 {day}",
    "核对这些收款是不是已经在期初欠租里扣过，扣过的不要再入账",
    bad="应收从 2020-01 开始，有一行是 2019-11-03",
    good="各行日期都在台账启用之后",
)
SERIAL_CONFLICT = declare(
    "RE-227",
    "流水号相同，内容不同",
    Severity.ERROR,
    "流水号 {serial} 与 {other} 相同，{difference}不同，没有导入",
    "对照银行回单核对哪一笔对；流水号本来就是批次号、不是每笔一个的，加 --map 流水号= 不用这一列",
    bad="流水号 10023 已按 480.50 入账，又来一行 10023、金额 500.00",
    good="每个流水号只对应一笔款",
)

SOURCE_NUMBER = "流水号 "
_NUMBER_IN_SOURCE = re.compile(rf"{SOURCE_NUMBER}(\S+)")
_YEAR = 12
_FIRST_YEAR = 1990  # no rent ledger is older
_LATE = dt.timedelta(days=366)
_HAND_DAYS = 3  # a receipt typed by hand may carry a day near the bank's


class Outcome(StrEnum):
    """处理结果, in the order they are shown."""

    BOOKED = "确定入账"
    DOUBTFUL = "存疑待核"
    SUSPENSE = "转待认款"
    SKIPPED = "已入过账"
    CONFLICT = "流水号冲突"
    OUTGOING = "支出不入账"


@dataclass(frozen=True, slots=True)
class Sorted:
    """A line and what becomes of it.

    `number` is its receipt number; `overpaid` what it brings beyond all that is owed; `cell` the
    ledger's row it was recognised by or takes back.
    """

    line: StatementLine
    number: str
    outcome: Outcome
    match: Match
    overpaid: int = 0
    cell: Cell | None = None
    names: tuple[str, ...] = ()  # people named in the memo, to be masked wherever it is shown


@dataclass(frozen=True, slots=True)
class ImportResult:
    """All lines in the order of the file, and the findings of reading and sorting."""

    statement: Statement
    as_of: dt.date
    lines: tuple[Sorted, ...]
    findings: tuple[Finding, ...]

    def of(self, outcome: Outcome) -> list[Sorted]:
        """The lines with this outcome."""
        return [one for one in self.lines if one.outcome is outcome]

    def total(self, outcome: Outcome) -> int:
        """Their sum, in fen."""
        return sum(one.line.amount for one in self.of(outcome))


def sort_lines(statement: Statement, loaded: Loaded, as_of: dt.date) -> ImportResult:
    """Decide on every line.

    `loaded` needs Household, Member, Lease, Unit and the sheets of money with SuspenseReceipt.
    Money in is looked at by day, reversals after it, so that a list may be in any order. A line
    already booked or put aside, by its number, is skipped. Money out without words of reversal is
    no rent. What matches for certain is booked, unless a receipt typed by hand looks like the same
    money, or amount, day or billing month look mistyped. What nobody is known for goes to suspense;
    everything else is left to a person.

    Σ lines = Σ of every outcome, or `IdentityBroken`.
    """
    accounts = RentAccounts(loaded, as_of)
    sorter = _Sorter(loaded, accounts)
    numbers = fingerprints(statement.lines)
    places = sorted(range(len(numbers)), key=lambda place: _order(statement.lines[place], place))
    done: dict[int, Sorted] = {}
    for place in places:
        sorted_line = sorter.sort(statement.lines[place], numbers[place])
        done[place] = replace(sorted_line, names=sorter.names_in(statement.lines[place]))
    findings = [*statement.findings, *sorter.findings]
    findings += _odd_days(statement.lines, as_of, accounts.start)
    lines = tuple(done[place] for place in range(len(numbers)))
    result = ImportResult(
        statement, as_of, lines, tuple(sorted(findings, key=lambda one: one.sort_key))
    )
    if sum(result.total(outcome) for outcome in Outcome) != statement.total:
        raise IdentityBroken("the outcomes do not sum to the statement")
    return result


def _order(line: StatementLine, place: int) -> tuple[bool, dt.date, int]:
    return line.amount < 0, line.day, place


@dataclass(frozen=True, slots=True)
class _Known:
    """What stands behind a number already: in the ledger, or further up in the list."""

    amount: int | None
    day: dt.date | None
    table: LedgerTable[Any] | None = None
    row: int = -1
    line: StatementLine | None = None

    @property
    def place(self) -> Cell:
        """Where it stands."""
        if self.line is not None:
            return self.line.place
        assert self.table is not None
        return self.table.row_cell(self.row)


class _Sorter:
    """Decides line by line; what was decided before bears on what follows."""

    def __init__(self, loaded: Loaded, accounts: RentAccounts) -> None:
        self._accounts = accounts
        self._directory = Directory(loaded, accounts)
        self._receipts = OpenReceipts(loaded)
        self._known = dict(_known(loaded))
        self._typed = _typed(loaded)
        self._table = loaded.get(Receipt)
        self._owed: dict[str, int] = {}
        self.findings: list[Finding] = []

    def sort(self, line: StatementLine, number: str) -> Sorted:
        """The line's outcome."""
        known = self._known.get(number)
        if known is not None and line.amount < 0 and known.amount == -line.amount:
            number += REVERSED
            known = self._known.get(number)
        if known is not None:
            return self._met_again(line, number, known)
        self._known[number] = _Known(line.amount, line.day, line=line)
        if line.is_out and not line.reverses:
            match = Match(Confidence.UNKNOWN, reason="支出，摘要没有冲正、退款字样")
            return Sorted(line, number, Outcome.OUTGOING, match)
        if line.amount < 0:
            return self._reversed(line, number)
        match = match_line(line, self._directory)
        twin = self._twin(line, match)
        if twin is not None:
            return self._doubled(line, number, match, twin)
        return self._taken(line, number, match)

    def names_in(self, line: StatementLine) -> tuple[str, ...]:
        """The payer, and whoever of the ledger's people the memo names."""
        return tuple({line.payer, *names_in(line.memo, self._directory.people)} - {""})

    def _met_again(self, line: StatementLine, number: str, known: _Known) -> Sorted:
        difference = _difference(line, number, known)
        where = "本文件 " if known.line else ""
        if not difference:
            # what follows under this number in the list must be this very line, not only like it
            self._known[number] = _Known(known.amount, known.day, line=line)
            match = Match(Confidence.CERTAIN, reason=f"与{where}{known.place} 是同一笔")
            cell = None if known.line else known.place
            return Sorted(line, number, Outcome.SKIPPED, match, cell=cell)
        values = {"serial": number, "other": f"{where}{known.place}", "difference": difference}
        self.findings.append(SERIAL_CONFLICT.at(line.place, **values))
        match = Match(Confidence.DOUBTFUL, reason=f"与{where}{known.place} {difference}不同")
        return Sorted(line, number, Outcome.CONFLICT, match)

    def _reversed(self, line: StatementLine, number: str) -> Sorted:
        match, receipt = match_reversal(line, self._directory, self._receipts)
        if receipt is None:
            return self._taken(line, number, match)
        self._receipts.take(receipt)
        self._owed[match.household] = self._left(match.household) - line.amount
        return Sorted(line, number, Outcome.BOOKED, match, cell=self._receipts.cell(receipt))

    def _taken(self, line: StatementLine, number: str, match: Match) -> Sorted:
        if match.confidence is not Confidence.CERTAIN:
            unknown = match.confidence is Confidence.UNKNOWN
            outcome = Outcome.SUSPENSE if unknown else Outcome.DOUBTFUL
            return Sorted(line, number, outcome, match)
        household = match.household
        left = self._left(household)
        overpaid = max(line.amount - max(left, 0), 0)
        odd = "" if match.rule is Rule.DECIDED else self._odd(line, household, overpaid)
        if odd:
            doubt = Match(Confidence.DOUBTFUL, "", match.rule, odd, (household,))
            return Sorted(line, number, Outcome.DOUBTFUL, doubt)
        self._owed[household] = left - line.amount
        self._receipts.add(Booked(number, household, line.day, line.amount, line.payer))
        return Sorted(line, number, Outcome.BOOKED, match, overpaid)

    def _odd(self, line: StatementLine, household: str, overpaid: int) -> str:
        """Why amount, day or billing month look mistyped; "" where they do not."""
        rent, day = self._accounts.monthly_rent(household), line.day
        if rent and overpaid > _YEAR * rent:
            return f"比 {household} 的欠租和一年租金还多，可能多写了位数"
        if day.year < _FIRST_YEAR or day > self._accounts.as_of + _LATE:
            return f"日期 {day.isoformat()} 不像真的，请核对年份"
        if line.month is not None and line.month - Month.containing(day) > _YEAR:
            return f"账单期 {line.month} 比收款日期晚一年以上，请核对年份"
        return ""

    def _left(self, household: str) -> int:
        """What the household owes after the lines before this one; below zero in credit."""
        if household not in self._owed:
            standing = self._accounts.standing(household)
            self._owed[household] = standing.owed + standing.overdrawn - standing.credit
        return self._owed[household]

    def _twin(self, line: StatementLine, match: Match) -> Cell | None:
        """A receipt in the ledger that looks like the same money under another number."""
        if not match.household or match.rule is Rule.DECIDED:
            return None
        for day, imported, row in self._typed.get((match.household, line.amount), ()):
            if abs((line.day - day).days) <= (0 if imported else _HAND_DAYS):
                return self._table.cell(row, "amount")
        return None

    def _doubled(self, line: StatementLine, number: str, match: Match, twin: Cell) -> Sorted:
        reason = f"{match.household} 同额、日期相近的收款已有一笔（{twin}），可能是同一笔"
        doubt = Match(Confidence.DOUBTFUL, "", match.rule, reason, (match.household,))
        return Sorted(line, number, Outcome.DOUBTFUL, doubt, cell=twin)


def _difference(line: StatementLine, number: str, known: _Known) -> str:
    """What tells the two apart, in words; "" for the same money.

    A fingerprint is made of the content: what a clerk has changed in the ledger since is no matter.
    """
    if known.line is None and is_fingerprint(number):
        return ""
    pairs: list[tuple[str, object, object]] = [
        ("金额", known.amount, line.amount),
        ("日期", known.day, line.day),
    ]
    if known.line is not None:
        pairs += [
            ("付款人", known.line.payer, line.payer),
            ("摘要", known.line.memo, line.memo),
        ]
    return "、".join(word for word, one, other in pairs if one != other)


def _known(loaded: Loaded) -> Iterator[tuple[str, _Known]]:
    """Numbers in 待认款 and 实收; where both have one (it was claimed), the receipt counts."""
    waiting = loaded.get(SuspenseReceipt)
    for row, source in enumerate(waiting.column("source")):
        number = suspense_number(source)
        if number:
            amount, day = waiting.column("amount")[row], waiting.column("received_on")[row]
            yield number, _Known(amount, day, waiting, row)
    receipts = loaded.get(Receipt)
    amounts, days = receipts.column("amount"), receipts.column("received_on")
    for row, number in enumerate(receipts.column("receipt_no")):
        if number:
            yield number, _Known(amounts[row], days[row], receipts, row)


def suspense_number(source: str | None) -> str:
    """The receipt number that a row of 待认款 keeps in its source; "" when there is none."""
    match = _NUMBER_IN_SOURCE.search(source or "")
    return match[1] if match else ""


def _typed(loaded: Loaded) -> dict[tuple[str, int], list[tuple[dt.date, bool, int]]]:
    """(household, amount) → day, whether imported, and row of every receipt above zero."""
    table = loaded.get(Receipt)
    names = ("household_no", "received_on", "amount", "remark")
    households, days, amounts, remarks = (table.column(name) for name in names)
    found: dict[tuple[str, int], list[tuple[dt.date, bool, int]]] = {}
    for row in table.usable("household_no", "received_on", "amount"):
        if amounts[row] > 0:
            imported = IMPORTED in (remarks[row] or "")
            place = days[row], imported, row
            found.setdefault((households[row], amounts[row]), []).append(place)
    return found


def _odd_days(
    lines: Sequence[StatementLine], as_of: dt.date, start: dt.date | None
) -> Iterator[Finding]:
    late = [line for line in lines if line.day > as_of]
    if late:
        day = max(line.day for line in late)
        yield LINES_LATE.at(late[0].place, count=len(late), as_of=as_of, day=day)
    early = [line for line in lines if start is not None and line.day < start]
    if early:
        day = min(line.day for line in early)
        yield LINES_EARLY.at(early[0].place, count=len(early), start=start, day=day)
