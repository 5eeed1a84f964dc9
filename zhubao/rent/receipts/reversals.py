"""Which receipt a reversal takes back: by number, by household and amount, by payer and amount."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.ledger.arrears import Receipt
from zhubao.ledger.loaded import Loaded
from zhubao.rent.receipts.directory import Directory, Rule
from zhubao.rent.receipts.lines import StatementLine
from zhubao.rent.receipts.matching import Confidence, Match, match_line
from zhubao.rent.receipts.numbers import REVERSED
from zhubao.rent.receipts.signs import name_key

_SERIAL = re.compile(r"[0-9A-Za-z-]{6,40}")


@dataclass(frozen=True, slots=True)
class Booked:
    """One receipt that can be taken back; `row` is -1 for a line of the same list."""

    number: str
    household: str
    day: dt.date
    amount: int
    payer: str = ""
    row: int = -1


class OpenReceipts:
    """Receipts above zero that no reversal has taken back yet.

    A reversal already in the ledger takes back the last receipt of its household and amount.
    """

    def __init__(self, loaded: Loaded) -> None:
        self._by_amount: dict[tuple[str, int], list[Booked]] = {}
        self._by_number: dict[str, Booked] = {}
        self._by_payer: dict[tuple[str, int], list[Booked]] = {}
        self._gone: set[int] = set()
        self._table = table = loaded.get(Receipt)
        names = ("receipt_no", "household_no", "received_on", "amount", "payer")
        numbers, households, days, amounts, payers = (table.column(name) for name in names)
        back: Counter[tuple[str, int]] = Counter()
        for row in table.usable("household_no", "received_on", "amount"):
            if amounts[row] < 0:
                back[households[row], -amounts[row]] += 1
            else:
                number, payer = numbers[row] or "", payers[row] or ""
                self.add(Booked(number, households[row], days[row], amounts[row], payer, row))
        for key, count in back.items():
            last = sorted(self._by_amount.get(key, ()), key=lambda one: one.day)[-count:]
            self._gone.update(map(id, last))

    def cell(self, one: Booked) -> Cell | None:
        """The receipt's amount in the ledger; None for a line of the same list."""
        return self._table.cell(one.row, "amount") if one.row >= 0 else None

    def add(self, one: Booked) -> None:
        """A receipt booked by this import can be taken back by a later line of it."""
        self._by_amount.setdefault((one.household, one.amount), []).append(one)
        if one.number:
            self._by_number.setdefault(one.number, one)
        if one.payer:
            self._by_payer.setdefault((name_key(one.payer), one.amount), []).append(one)

    def take(self, one: Booked) -> None:
        """The receipt is taken back and cannot be once more."""
        self._gone.add(id(one))

    def numbered(self, number: str, amount: int) -> Booked | None:
        """The open receipt of this number and amount."""
        one = self._by_number.get(number)
        return one if one and one.amount == amount and id(one) not in self._gone else None

    def latest(self, household: str, amount: int, day: dt.date) -> Booked | None:
        """The household's last open receipt of this amount up to the day."""
        return max(
            self._open(self._by_amount.get((household, amount), ()), day),
            key=lambda one: one.day,
            default=None,
        )

    def paid_by(self, payer: str, amount: int, day: dt.date) -> list[Booked]:
        """The open receipts of a payer, of this amount and up to the day."""
        return self._open(self._by_payer.get((name_key(payer), amount), ()), day)

    def _open(self, found: list[Booked] | tuple[()], day: dt.date) -> list[Booked]:
        return [one for one in found if id(one) not in self._gone and one.day <= day]


def match_reversal(
    line: StatementLine, directory: Directory, receipts: OpenReceipts
) -> tuple[Match, Booked | None]:
    """Whose money is taken back, and by which receipt it came.

    The line's own number, or one in its words, names the receipt. Else the household is found as
    for any line, and its last open receipt of the amount is the one. Else it is the payer's, where
    all open ones of the amount are of one household. A reversal without its receipt is doubtful
    where the household is known, and unknown where it is not. One that names a number nobody has
    is never taken for the payer's.
    """
    amount = -line.amount
    numbered = _numbered(line, amount, receipts)
    whose = match_line(line, directory)
    if numbered is not None:
        if whose.household and whose.household != numbered.household:
            pair = (numbered.household, whose.household)
            reason = f"原收款 {numbered.number} 是 {pair[0]} 的，{whose.rule.value}却指向 {pair[1]}"
            return Match(Confidence.DOUBTFUL, "", Rule.REVERSAL, reason, pair), None
        return _found(numbered), numbered
    if whose.household:
        one = receipts.latest(whose.household, amount, line.day)
        if one is not None:
            return _found(one), one
        reason = f"{whose.household} 没有同额、尚未冲正的收款"
        return Match(Confidence.DOUBTFUL, "", Rule.REVERSAL, reason, (whose.household,)), None
    return _by_people(line, whose, directory, receipts)


def _by_people(
    line: StatementLine, whose: Match, directory: Directory, receipts: OpenReceipts
) -> tuple[Match, Booked | None]:
    amount = -line.amount
    found = [*receipts.paid_by(line.payer, amount, line.day)] if line.payer else []
    for household in sorted(directory.named(line)):
        one = receipts.latest(household, amount, line.day)
        if one is not None:
            found.append(one)
    households = tuple(sorted({one.household for one in found}))
    by_name = whose.rule in (Rule.NONE, Rule.NAME) and not (line.doubt or whose.unknown)
    if len(households) == 1 and by_name:
        one = max(found, key=lambda booked: booked.day)
        return _found(one), one
    if whose.confidence is Confidence.UNKNOWN and not households:
        reason = "像是冲正或退款，没有找到原来的收款"
        return Match(Confidence.UNKNOWN, reason=reason), None
    reason = "不止一户有同额的收款" if len(households) > 1 else f"冲正：{whose.reason}"
    candidates = households or whose.candidates
    return Match(Confidence.DOUBTFUL, "", Rule.REVERSAL, reason, candidates), None


def _numbered(line: StatementLine, amount: int, receipts: OpenReceipts) -> Booked | None:
    numbers = [line.serial.removesuffix(REVERSED), *_SERIAL.findall(line.memo)]
    found = (receipts.numbered(number, amount) for number in numbers if number)
    return next(filter(None, found), None)


def _found(one: Booked) -> Match:
    reason = f"冲正 {one.number or '收款'}（{one.day.isoformat()}）"
    return Match(Confidence.CERTAIN, one.household, Rule.REVERSAL, reason)
