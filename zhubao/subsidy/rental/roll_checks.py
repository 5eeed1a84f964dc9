"""What should be looked at before a roll is paid, though it keeps nobody out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from zhubao.core.finding import Finding
from zhubao.core.masking import mask_account
from zhubao.core.money import format_yuan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import SubsidyGrant
from zhubao.subsidy.rental import kinds
from zhubao.subsidy.rental.entitle import computed_amount
from zhubao.subsidy.rental.exclusions import Reason
from zhubao.subsidy.rental.paid import SignIns
from zhubao.subsidy.rental.roll import Line, Roll
from zhubao.subsidy.rental.rules import Overrides
from zhubao.subsidy.rental.standard import Standard

_ACCOUNT = re.compile(r"[0-9]{12,30}")
_CARD = re.compile(r"62[0-9]{14}|62[0-9]{17}")  # 银联卡 of 16 or 19 digits: has a check digit


def roll_findings(roll: Roll, *, overrides: Overrides = None) -> tuple[Finding, ...]:
    """Accounts that look wrong or are shared, amounts above the standard, changes reported,
    months in all that had to be estimated, and a day after the year's last one; sorted."""
    found = [
        *_accounts(roll),
        *_shared(roll),
        *_above_standard(roll, overrides),
        *_changes(roll.loaded, roll),
        *_estimates(roll),
        *_late(roll),
    ]
    return tuple(sorted(found, key=lambda one: one.sort_key))


def account_fault(number: str) -> str:
    """Why an account number looks wrong; "" when it does not.

    12 to 30 digits; a bank card (62…, 16 or 19 digits) must pass the Luhn check. Accounts that are
    no cards have no public check digit.
    """
    if not _ACCOUNT.fullmatch(number):
        return "不是 12 到 30 位数字"
    if _CARD.fullmatch(number) and not passes_luhn(number):
        return "校验位不符"
    return ""


def passes_luhn(number: str) -> bool:
    """ISO/IEC 7812-1: from the right every second digit doubled, digits added, divisible by 10."""
    total = 0
    for place, sign in enumerate(reversed(number)):
        digit = int(sign) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def _accounts(roll: Roll) -> Iterator[Finding]:
    grants = roll.loaded.get(SubsidyGrant)
    for line in roll.lines:
        account, number = roll.account_of(line), grants.column("grant_no")[line.index]
        fault = account_fault(account.number)
        if fault:
            where = grants.cell(line.index, "bank_account")
            shown = mask_account(account.number)
            yield kinds.ACCOUNT_ODD.at(where, grant=number, account=shown, why=fault)
        if not grants.column("payee")[line.index]:
            yield kinds.PAYEE_MISSING.at(grants.cell(line.index, "payee"), grant=number)


def _shared(roll: Roll) -> Iterator[Finding]:
    grants = roll.loaded.get(SubsidyGrant)
    users: defaultdict[str, list[Line]] = defaultdict(list)
    for line in roll.lines:
        users[roll.account_of(line).number].append(line)
    for account, lines in users.items():
        if len(lines) < 2:
            continue
        numbers = [grants.column("grant_no")[line.index] for line in lines]
        for line, number in zip(lines, numbers, strict=True):
            others = "、".join(one for one in numbers if one != number)
            where = grants.cell(line.index, "bank_account")
            shown = mask_account(account)
            yield kinds.ACCOUNT_SHARED.at(where, grant=number, account=shown, others=others)


def _above_standard(roll: Roll, overrides: Overrides) -> Iterator[Finding]:
    """By the standard of the quarter's last day; nothing where none is known for it."""
    day = roll.order.quarter.end
    standard = Standard.load(day, overrides)
    grants = roll.loaded.get(SubsidyGrant)
    for line in roll.lines if standard else ():
        computed = computed_amount(grants, line.index, standard)
        if computed is not None and line.monthly > computed:
            yield kinds.ABOVE_STANDARD.at(
                grants.cell(line.index, "monthly_amount"),
                grant=grants.column("grant_no")[line.index],
                ledger=format_yuan(line.monthly),
                computed=format_yuan(computed),
                day=day,
            )


def _changes(loaded: Loaded, roll: Roll) -> Iterator[Finding]:
    grants, signs = loaded.get(SubsidyGrant), SignIns(loaded, roll.order.quarter)
    changed = signs.table.column("changed")
    for line in roll.lines:
        number = grants.column("grant_no")[line.index]
        row = signs.signed_row(number)
        if row is not None and changed[row]:
            yield kinds.CHANGE_REPORTED.at(signs.table.cell(row, "changed"), grant=number)


def _estimates(roll: Roll) -> Iterator[Finding]:
    """Only where the estimate took months away: elsewhere it changes nothing."""
    grants = roll.loaded.get(SubsidyGrant)
    judged = [(line.index, line.cut) for line in roll.lines]
    judged += [(refused.index, refused.reasons) for refused in roll.refused]
    for index in (
        index
        for index, reasons in judged
        if any(one.reason is Reason.MONTHS_CAP for one in reasons)
    ):
        used = roll.used[index]
        if used.estimated:
            yield kinds.MONTHS_ESTIMATED.at(
                grants.cell(index, "months_before"),
                grant=grants.column("grant_no")[index],
                cap=roll.months_cap,
                months=used.before,
            )


def _late(roll: Roll) -> Iterator[Finding]:
    if roll.is_late:
        quarter, day = roll.order.quarter.title, roll.order.on
        yield kinds.PAYMENT_LATE.at(None, quarter=quarter, deadline=roll.deadline, day=day)
