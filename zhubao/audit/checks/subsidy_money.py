"""Rental subsidy: whose account, what came back, on what papers it was paid (AU-608 to AU-613)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.households import households
from zhubao.audit.indexes.people import member_rows
from zhubao.audit.indexes.subsidised import Payment, grant_rows, paid_index, payments
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Cell, Severity
from zhubao.core.masking import mask_account, mask_name
from zhubao.core.money import format_yuan
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.subsidies import PaymentStatus, SubsidyGrant, SubsidyPayment
from zhubao.ledger.tenants import Household, Member
from zhubao.subsidy.rental.quarters import span_of

_NOTICE = "建保〔2016〕281号"


@audit_check(
    "AU-608",
    "几户的补贴打进同一个银行账号",
    Family.SUBSIDY,
    IssueKind.FRAUD,
    Severity.WARNING,
    "账号 {account} 收 {count} 户的补贴：{homes}；到 {as_of} 共发 {amount} 元",
    "核实账号是谁的，有没有委托书；不是家庭成员又没有委托的，查有没有套取",
    basis="审计惯例：领款账号比对",
    needs=(SubsidyGrant,),
    bad="两户的补贴资格填了同一个银行账号",
    good="每户用自己的账号",
)
def account_of_several_households(facts: Facts) -> Iterator[Hit]:
    """One account in grants or payments of more than one household; a blank is no account.

    One lead per account; the amount is what was paid to these households by the day.
    """
    paid, known = facts.once(payments), facts.once(households)
    amounts: defaultdict[str, int] = defaultdict(int)
    for one in paid:
        amounts[one.household] += one.amount
    for account, holders in _holders(facts, paid).items():
        if len(holders) < 2:
            continue
        numbers = sorted(holders)
        amount = sum(amounts[number] for number in numbers)
        words = {"account": mask_account(account), "count": len(numbers), "as_of": facts.as_of}
        shown = "、".join(known.label(number) for number in numbers[:_SHOWN])
        more = "等" if len(numbers) > _SHOWN else ""
        yield Hit(
            tuple(holders[number] for number in numbers),
            {**words, "homes": shown + more, "amount": format_yuan(amount)},
            **known.subject(numbers[0]),
            amount=amount or None,
            key=(account,),
        )


_SHOWN = 4


def _holders(facts: Facts, paid: tuple[Payment, ...]) -> dict[str, dict[str, Cell]]:
    """Account → household → the first cell that names the account for it."""
    grants, table = facts.loaded.get(SubsidyGrant), facts.loaded.get(SubsidyPayment)
    found: defaultdict[str, dict[str, Cell]] = defaultdict(dict)
    pairs = zip(grants.column("household_no"), grants.column("bank_account"), strict=True)
    for row, (household, account) in enumerate(pairs):
        digits = _digits(account)
        if household and digits:
            found[digits].setdefault(household, grants.cell(row, "bank_account"))
    accounts = table.column("bank_account")
    for one in paid:
        digits = _digits(accounts[one.row])
        if digits and one.household and one.household not in found[digits]:
            found[digits][one.household] = table.cell(one.row, "bank_account")
    return found


def _digits(account: str | None) -> str:
    return "".join(one for one in account or "" if one.isdigit())


@audit_check(
    "AU-609",
    "银行退回的补贴没有重发",
    Family.SUBSIDY,
    IssueKind.FUNDS_HELD_BACK,
    Severity.WARNING,
    "{payment}：{grant} 的 {quarter} 补贴 {amount} 元被银行退回{since}，没有重发",
    "联系家庭更正账号后重发；不再发放的，退回资金缴回国库",
    basis=f"{_NOTICE}；审计问题类型“资金滞留”",
    needs=(SubsidyPayment,),
    bad="2020-04-24 银行退回，6 月底还没有重发",
    good="退回后另有一笔“已发放”",
)
def bounced_and_not_paid_again(facts: Facts) -> Iterator[Hit]:
    """银行退回 more than `audit.bounced_days` ago (or undated), and the quarter not paid since."""
    limit = facts.once(dated).count("audit.bounced_days")
    paid, table = facts.once(paid_index), facts.loaded.get(SubsidyPayment)
    states, days = table.column("status"), table.column("paid_on")
    for row in table.usable("grant_no", "amount", "status", "paid_on"):
        day = days[row]
        if states[row] is not PaymentStatus.BOUNCED:
            continue
        if day is not None and (facts.as_of - day).days <= limit:
            continue
        values = table.values(row)
        quarter = span_of(values["quarter"])
        if quarter and paid.rows_for(quarter, values["household_no"], values["grant_no"]):
            continue
        words = {"payment": values["payment_no"] or "（没有编号）", "grant": values["grant_no"]}
        words |= {"quarter": values["quarter"], "amount": format_yuan(values["amount"])}
        yield Hit(
            (table.cell(row, "status"), table.cell(row, "amount"), table.cell(row, "paid_on")),
            {**words, "since": f"（{day} 发放）" if day else "（没有写日期）"},
            **facts.once(households).subject(values["household_no"]),
            amount=values["amount"],
            key=(values["payment_no"] or "", values["grant_no"], str(values["quarter"])),
        )


@audit_check(
    "AU-610",
    "标了已追回，追回的钱对不上",
    Family.SUBSIDY,
    IssueKind.FUNDS_HELD_BACK,
    Severity.WARNING,
    "{payment}：{grant} 的 {quarter} 补贴 {amount} 元标为“已追回”，{what}",
    "对照缴款凭证补填追回金额和日期；没有追足的，状态改回并继续追",
    basis="审计惯例：追回资金逐笔核对凭证",
    needs=(SubsidyPayment,),
    bad="发放 900 元，状态“已追回”，追回金额空着",
    good="追回金额 900 元，追回日期已填",
)
def recovered_without_money(facts: Facts) -> Iterator[Hit]:
    """已追回 with 追回金额 empty or below the payment, or without 追回日期; amount: what lacks."""
    table = facts.loaded.get(SubsidyPayment)
    states, given, back = (table.column(n) for n in ("status", "recovered", "recovered_on"))
    for row in table.usable("amount", "status", "recovered", "recovered_on"):
        amount: int = table.column("amount")[row]
        short = amount - (given[row] or 0)
        if states[row] is not PaymentStatus.RECOVERED or (short <= 0 and back[row] is not None):
            continue
        told = f"只登记追回 {format_yuan(given[row])} 元" if given[row] else "没有填追回金额"
        what = told if short > 0 else "没有填追回日期"
        values = table.values(row)
        words = {"payment": values["payment_no"] or "（没有编号）", "grant": values["grant_no"]}
        yield Hit(
            (table.cell(row, "recovered"), table.cell(row, "amount"), table.cell(row, "status")),
            {**words, "quarter": values["quarter"], "amount": format_yuan(amount), "what": what},
            **facts.once(households).subject(values["household_no"]),
            amount=max(short, 0) or None,
            key=(values["payment_no"] or "", str(values["grant_no"]), str(values["quarter"])),
        )


@audit_check(
    "AU-611",
    "没有有效的租房合同仍发补贴",
    Family.SUBSIDY,
    IssueKind.INELIGIBLE,
    Severity.WARNING,
    "{payment}：{grant} 在 {quarter} 发了 {months} 个月，{what}",
    "收取续签的租房合同；确实没有租房的，停发并追回",
    basis=f"{_NOTICE}：补贴用于在市场租房",
    needs=(SubsidyPayment, SubsidyGrant),
    bad="租房合同 2020-01-31 到期，2020-Q1 发了三个月",
    good="租房合同 2020-12-31 到期",
)
def paid_without_a_rental_contract(facts: Facts) -> Iterator[Hit]:
    """Paid for months that end after 租房合同到期日, or with neither address nor rent known."""
    grants, rows = facts.loaded.get(SubsidyGrant), facts.once(grant_rows)
    table, ends = facts.loaded.get(SubsidyPayment), grants.column("rental_ends_on")
    for one in facts.once(payments):
        row = rows.get(one.grant)
        if row is None or row in grants.bad.get("rental_ends_on", ()):
            continue
        end, months = ends[row], one.quarter.months()
        covered = [month for month in months if end is None or month.last_day <= end]
        over = one.months - len(covered) if end else 0
        if over <= 0 and not _undocumented(facts, row):
            continue
        what = f"租房合同 {end} 到期" if over > 0 else "资格表里租住地址、月租金、到期日都空着"
        yield Hit(
            (table.cell(one.row, "amount"), grants.cell(row, "rental_ends_on")),
            {**one.words, "months": one.months, "what": what},
            **facts.once(households).subject(one.household),
            amount=one.share(over) if over > 0 else one.amount,
            key=(one.number, one.grant, one.quarter.label),
        )


def _undocumented(facts: Facts, row: int) -> bool:
    grants = facts.loaded.get(SubsidyGrant)
    names = ("rented_address", "actual_rent", "rental_ends_on")
    bad = any(row in grants.bad.get(name, ()) for name in names)
    return not bad and all(grants.column(name)[row] is None for name in names)


@audit_check(
    "AU-612",
    "没有资格的补贴发放",
    Family.SUBSIDY,
    IssueKind.INELIGIBLE,
    Severity.ERROR,
    "{payment}：{quarter} 发给家庭 {household} {amount} 元，{what}",
    "查审批档案：没有批准的追回，并查清怎么进的发放表；编号抄错的改正",
    basis="审计惯例：发放表与资格表逐笔核对",
    needs=(SubsidyPayment, SubsidyGrant),
    bad="发放表的补贴编号在租赁补贴表里没有",
    good="每笔发放都有同一户的补贴资格",
)
def paid_without_a_grant(facts: Facts) -> Iterator[Hit]:
    """The payment's grant is in no row of 租赁补贴, is another household's, or came later."""
    grants, rows = facts.loaded.get(SubsidyGrant), facts.once(grant_rows)
    table, homes = facts.loaded.get(SubsidyPayment), grants.column("household_no")
    approved = grants.column("approved_on")
    for one in facts.once(payments):
        row, what = rows.get(one.grant), ""
        more: tuple[Cell, ...] = ()
        if row is None:
            what = f"租赁补贴表里没有 {one.grant or '补贴编号'}"
        elif homes[row] and homes[row] != one.household:
            what = f"{one.grant} 是家庭 {homes[row]} 的"
            more = (grants.cell(row, "household_no"),)
        elif approved[row] and approved[row] > table.column("paid_on")[one.row]:
            what = f"{one.grant} 在 {approved[row]} 才批准"
            more = (grants.cell(row, "approved_on"),)
        if what:
            words = {**one.words, "household": one.household, "amount": format_yuan(one.amount)}
            yield Hit(
                (table.cell(one.row, "grant_no"), table.cell(one.row, "amount"), *more),
                {**words, "what": what},
                **facts.once(households).subject(one.household),
                amount=one.amount,
                key=(one.number, one.grant, one.quarter.label),
            )


@audit_check(
    "AU-613",
    "领取人不是家庭成员",
    Family.SUBSIDY,
    IssueKind.FRAUD,
    Severity.WARNING,
    "{home} 的补贴由{payee}领取（{count} 笔，共 {amount} 元），家庭成员里没有这个人",
    "核对委托书和开户资料；没有委托的，查有没有冒领",
    basis="审计惯例：领取人与家庭成员比对",
    needs=(SubsidyPayment, Household, Member),
    bad="领取人写的是别人的名字",
    good="领取人是申请人或家庭成员",
)
def payee_is_a_stranger(facts: Facts) -> Iterator[Hit]:
    """领取人 of payments is neither applicant nor member by name; one lead per household and payee.

    Names are compared without blanks. A household whose members are not known is not judged.
    """
    table, members = facts.loaded.get(SubsidyPayment), facts.loaded.get(Member)
    known, rows = facts.once(households), facts.once(member_rows)
    names, payees = members.column("name"), table.column("payee")
    strange: defaultdict[tuple[str, str], list[Payment]] = defaultdict(list)
    for one in facts.once(payments):
        payee, own = _plain(payees[one.row]), rows.get(one.household, ())
        if not payee or not own or payee == _plain(known.field(one.household, "applicant")):
            continue
        if all(payee != _plain(names[row]) for row in own):
            strange[one.household, payee].append(one)
    for (household, payee), found in strange.items():
        amount = sum(one.amount for one in found)
        words = {"home": known.label(household), "payee": mask_name(payee), "count": len(found)}
        yield Hit(
            (
                *(table.cell(one.row, "payee") for one in found),
                *known.cells(household, "applicant"),
            ),
            {**words, "amount": format_yuan(amount)},
            **known.subject(household),
            amount=amount,
            key=(payee,),
        )


def _plain(name: str | None) -> str:
    return "".join((name or "").split())
