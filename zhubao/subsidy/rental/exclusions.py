"""The reasons for which a grant, or one month of it, is not paid; all of them, with cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from zhubao.core.finding import Cell
from zhubao.core.period import Month, Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyStatus
from zhubao.ledger.tenants import ProtectionStatus
from zhubao.subsidy.rental.paid import Paid, SignIns
from zhubao.subsidy.rental.quarters import months_of
from zhubao.subsidy.rental.rules import PaymentRules
from zhubao.subsidy.rental.standing import Standing
from zhubao.subsidy.rental.term import Term, term_of

_REQUIRED = ("grant_no", "household_no", "tier", "monthly_amount", "status")


class Reason(StrEnum):
    """Why money is not paid."""

    UNREADABLE = "台账读不懂"
    NO_HOUSEHOLD = "查不到家庭"
    NOT_SIGNED = "未签到"
    OUT_OF_FORCE = "不在发放期"
    HALTED = "暂停或终止"
    HOUSED = "已住公租房"
    DEAD = "死亡"
    MONTHS_CAP = "满累计月数"
    NO_ACCOUNT = "没有银行账号"
    RENTAL_ENDED = "租房合同到期"
    EXITED = "已退出保障"
    PAID = "本季度已发放"
    TWO_GRANTS = "重复享受"
    ZERO = "补贴额为零"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One reason with its words and cells; `months` are the months it bars, empty for all."""

    reason: Reason
    words: str
    cells: tuple[Cell, ...]
    months: tuple[Month, ...] = ()


class Judge:
    """Everything a roll of one quarter on one day must know to say yes or no to a grant."""

    def __init__(self, loaded: Loaded, quarter: Period, on: dt.date, rules: PaymentRules) -> None:
        self.grants = loaded.get(SubsidyGrant)
        self.quarter, self.on, self.rules = quarter, on, rules
        self.standing, self.paid = Standing(loaded), Paid(loaded)
        self.signs = SignIns(loaded, quarter)
        self._grants_of: dict[str, list[str]] = {}
        pairs = zip(self.grants.column("household_no"), self.grants.column("grant_no"), strict=True)
        for household, number in pairs:
            if household and number:
                self._grants_of.setdefault(household, []).append(number)

    def term(self, index: int) -> Term:
        """The months of a grant."""
        return term_of(self.grants, index, self.rules.start_offset)

    def unreadable(self, index: int) -> Exclusion | None:
        """A cell without which the grant cannot be judged."""
        for name in (*_REQUIRED, "months_before"):
            if index in self.grants.bad.get(name, ()):
                cell = self.grants.cell(index, name)
                return Exclusion(Reason.UNREADABLE, "必填的单元格空着或读不懂", (cell,))
        return None

    def against_all(self, index: int) -> Iterator[Exclusion]:
        """The reasons that bar the whole quarter."""
        household = self.grants.column("household_no")[index]
        yield from self._unsigned(index)
        yield from self._no_standing(household, index)
        yield from self._dead(household, index)
        yield from self._no_account(index)
        yield from self._already_paid(household)

    def against_months(self, index: int, term: Term) -> Iterator[Exclusion]:
        """The reasons that bar single months, one for each with its months."""
        household = self.grants.column("household_no")[index]
        yield from self._out_of_term(index, term)
        yield from self._housed(household)
        yield from self._exited(household)
        yield from self._rental_over(index)

    def _unsigned(self, index: int) -> Iterator[Exclusion]:
        number = self.grants.column("grant_no")[index]
        row, table = self.signs.signed_row(number), self.signs.table
        if row is None:
            rows = self.signs.rows(number)
            cells = tuple(table.cell(one, "signed") for one in rows)
            said = {table.column("signed")[one] for one in rows}
            words = "签到表写的是未签到" if rows else "签到表没有这一户"
            words = "签到有几行，说法不一" if len(said) > 1 else words
            yield Exclusion(Reason.NOT_SIGNED, words, cells or (self.grants.row_cell(index),))
            return
        day = table.column("signed_on")[row]
        if day is not None and day > self.on:
            words = f"{day} 才签到，晚于 {self.on}"
            yield Exclusion(Reason.NOT_SIGNED, words, (table.cell(row, "signed_on"),))

    def _no_standing(self, household: str, index: int) -> Iterator[Exclusion]:
        row, table = self.standing.row_of(household), self.standing.households
        if row is None:
            words = f"保障家庭表里没有 {household}"
            yield Exclusion(Reason.NO_HOUSEHOLD, words, (self.grants.cell(index, "household_no"),))
            return
        if row in table.bad.get("status", ()) or row in table.bad.get("exited_on", ()):
            cells = (table.cell(row, "status"),)
            yield Exclusion(Reason.UNREADABLE, "保障状态或退出日期读不懂", cells)
        elif table.column("status")[row] is ProtectionStatus.SUSPENDED:
            cells = (table.cell(row, "status"),)
            yield Exclusion(Reason.EXITED, "保障状态是“暂停”", cells)

    def _dead(self, household: str, index: int) -> Iterator[Exclusion]:
        found = self.standing.dead(household, self.on, self.grants.column("payee")[index])
        if found is not None:
            yield Exclusion(Reason.DEAD, found[0], (found[1],))

    def _no_account(self, index: int) -> Iterator[Exclusion]:
        account = self.grants.column("bank_account")[index]
        if not any(one.isdigit() for one in account or ""):
            cell = self.grants.cell(index, "bank_account")
            yield Exclusion(Reason.NO_ACCOUNT, "银行账号空着", (cell,))
        if self.grants.column("monthly_amount")[index] == 0:
            cell = self.grants.cell(index, "monthly_amount")
            yield Exclusion(Reason.ZERO, "月补贴额是 0", (cell,))

    def _already_paid(self, household: str) -> Iterator[Exclusion]:
        table = self.paid.table
        rows = self._paid_rows(household)
        for row in rows:
            status = table.column("status")[row]
            words = (
                f"发放 {table.column('payment_no')[row]} {status.value if status else '状态不明'}"
            )
            yield Exclusion(Reason.PAID, words, (table.row_cell(row),))
        for other in self.standing.kin(household):
            for row in self._paid_rows(other):
                if row not in rows:
                    words = f"成员也在家庭 {other}，该户本季度已发放"
                    yield Exclusion(Reason.TWO_GRANTS, words, (table.row_cell(row),))

    def _paid_rows(self, household: str) -> list[int]:
        """Payments of the quarter that name the household, or a grant of it."""
        return self.paid.rows_for(self.quarter, household, *self._grants_of.get(household, ()))

    def _out_of_term(self, index: int, term: Term) -> Iterator[Exclusion]:
        status = self.grants.column("status")[index]
        halted = status in (SubsidyStatus.SUSPENDED, SubsidyStatus.STOPPED)
        found: dict[tuple[Reason, str, Cell], list[Month]] = {}
        for month in months_of(self.quarter):
            bar = term.bar(month)
            if bar is None:
                continue
            ending = halted and bar in (term.after, term.never)
            reason = Reason.HALTED if ending or bar is term.between else Reason.OUT_OF_FORCE
            found.setdefault((reason, bar.words, bar.cell), []).append(month)
        for (reason, words, cell), months in found.items():
            yield Exclusion(reason, words, (cell,), tuple(months))

    def _housed(self, household: str) -> Iterator[Exclusion]:
        for stay in self.standing.stays(household):
            months = tuple(one for one in months_of(self.quarter) if stay.touches(one))
            if months:
                whose = "" if stay.household == household else f"（成员在家庭 {stay.household}）"
                words = f"合同 {stay.lease_no}{whose}"
                yield Exclusion(Reason.HOUSED, words, (stay.cell,), months)

    def _exited(self, household: str) -> Iterator[Exclusion]:
        row, table = self.standing.row_of(household), self.standing.households
        if row is None:
            return
        day, cell = table.column("exited_on")[row], table.cell(row, "exited_on")
        if day is None:
            if table.column("status")[row] is ProtectionStatus.EXITED:
                yield Exclusion(Reason.EXITED, "已退出，没有写退出日期", (cell,))
            return
        months = tuple(one for one in months_of(self.quarter) if one.last_day >= day)
        if months:
            yield Exclusion(Reason.EXITED, f"{day} 退出", (cell,), months)

    def _rental_over(self, index: int) -> Iterator[Exclusion]:
        cell = self.grants.cell(index, "rental_ends_on")
        if index in self.grants.bad.get("rental_ends_on", ()):
            yield Exclusion(Reason.UNREADABLE, "租房合同到期日读不懂", (cell,))
            return
        day = self.grants.column("rental_ends_on")[index]
        if day is not None:
            months = tuple(one for one in months_of(self.quarter) if one.last_day > day)
            if months:
                yield Exclusion(Reason.RENTAL_ENDED, f"{day} 到期", (cell,), months)
