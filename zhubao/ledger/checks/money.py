"""Charges, receipts and instalments against each other and their leases (LG-34x)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from zhubao.core.finding import Severity
from zhubao.core.money import format_yuan
from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge, Instalment, InstalmentPlan, OpeningDebt, Receipt
from zhubao.ledger.checks.check import Hit, check
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Lease


@check(
    "LG-341",
    "应收金额算不拢",
    Severity.WARNING,
    "标准租金 {standard} 减去减免 {reduction} 应为 {expected}，应收金额填了 {amount}",
    "核对三个数，改正填错的一个",
    needs=(Charge,),
    bad="标准租金 180.00，减免 24.00，应收 160.00",
    good="标准租金 180.00，减免 24.00，应收 156.00",
)
def charge_does_not_add_up(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """Charged amount ≠ standard rent less reduction (an empty reduction is zero), to the fen."""
    table = loaded[Charge]
    standards, amounts = table.column("standard"), table.column("amount")
    rows = zip(standards, table.column("reduction"), amounts, strict=True)
    for index, (standard, reduction, amount) in enumerate(rows):
        if standard is None or amount is None or standard - (reduction or 0) == amount:
            continue
        values = {
            "standard": format_yuan(standard),
            "reduction": format_yuan(reduction or 0),
            "expected": format_yuan(standard - (reduction or 0)),
            "amount": format_yuan(amount),
        }
        yield table.cell(index, "amount"), values


@check(
    "LG-342",
    "应收月份不在租期内",
    Severity.WARNING,
    "账单期 {month} 不在合同 {lease} 的租期内（{start} 起租{left}）",
    "核对账单期和合同编号；退租后不应再计租金",
    needs=(Charge, Lease),
    bad="合同 2020-03-31 退租，仍有 2020-05 的应收",
    good="应收的账单期都在起租月和退租月之间",
)
def charge_outside_lease(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """A billing month before the lease's first or after the month the tenant left.

    A lease past its term without a termination date goes on: the tenant still lives there.
    """
    table, spans = loaded[Charge], _lease_spans(loaded)
    months = table.column("month")
    for index, lease in enumerate(table.column("lease_no")):
        span = spans.get(lease)
        month = months[index]
        if span is None or month is None or span[0] <= month <= span[1]:
            continue
        left = f"，{Month(span[1]).title}退租" if span[1] != _NEVER else ""
        values = {"month": month, "lease": lease, "start": Month(span[0]).title, "left": left}
        yield table.cell(index, "month"), values


@check(
    "LG-343",
    "应收与合同对不上",
    Severity.WARNING,
    "合同 {lease} 登记的{what}是 {expected}，应收填了 {found}",
    "核对合同编号、家庭编号、房源编号，改正填错的一个",
    needs=(Charge, Lease),
    bad="合同 HT0001 属于家庭 JT0001，应收填了家庭 JT0002",
    good="应收的家庭、房源与合同一致",
)
def charge_contradicts_lease(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """A charge names a lease, and another household or unit than the lease does."""
    table, leases = loaded[Charge], loaded[Lease]
    for name, what in (("household_no", "家庭"), ("unit_no", "房源")):
        pairs = zip(leases.column("lease_no"), leases.column(name), strict=True)
        expected = {lease: value for lease, value in pairs if value is not None}
        rows = zip(table.column("lease_no"), table.column(name), strict=True)
        for index, (lease, found) in enumerate(rows):
            right = expected.get(lease)
            if right is not None and found is not None and found != right:
                values = {"lease": lease, "what": what, "expected": right, "found": found}
                yield table.cell(index, name), values


@check(
    "LG-344",
    "分期合计与协议金额不符",
    Severity.WARNING,
    "协议 {plan} 的协议金额 {total}，各期合计 {sum}",
    "对照协议原件，改正协议金额或各期应缴金额",
    needs=(InstalmentPlan, Instalment),
    bad="协议金额 1,200.00，三期各 300.00",
    good="协议金额 1,200.00，三期各 400.00",
)
def instalments_do_not_sum(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """The parts of a plan do not sum to its total; a plan without parts is not judged."""
    plans = loaded[InstalmentPlan]
    sums = {plan: sum(amounts) for plan, amounts in _parts(loaded, "amount").items()}
    totals = plans.column("total")
    for index, plan in enumerate(plans.column("plan_no")):
        if totals[index] is not None and sums.get(plan, totals[index]) != totals[index]:
            values = {"plan": plan, "total": format_yuan(totals[index])}
            yield plans.cell(index, "total"), {**values, "sum": format_yuan(sums[plan])}


@check(
    "LG-345",
    "分期期数与协议不符",
    Severity.WARNING,
    "协议 {plan} 约定 {parts} 期，分期计划表里有 {count} 期",
    "对照协议原件，改正期数或补全、删去分期计划",
    needs=(InstalmentPlan, Instalment),
    bad="期数填 6，分期计划有 5 行",
    good="期数填 6，分期计划有 6 行",
)
def instalments_missing(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """The number of a plan's parts differs from the number agreed."""
    plans, parts = loaded[InstalmentPlan], _parts(loaded, "amount")
    agreed = plans.column("parts")
    for index, plan in enumerate(plans.column("plan_no")):
        count = len(parts.get(plan, ()))
        if plan is not None and agreed[index] is not None and count != agreed[index]:
            values = {"plan": plan, "parts": agreed[index], "count": count}
            yield plans.cell(index, "parts"), values


@check(
    "LG-346",
    "分期日期顺序不对",
    Severity.WARNING,
    "协议 {plan} 第 {part} 期的应缴日期 {due} 早于前一期或签订日期（{earlier}）",
    "对照协议原件改正应缴日期",
    needs=(InstalmentPlan, Instalment),
    bad="第 2 期 2020-02-15，第 1 期 2020-03-15",
    good="各期应缴日期依次向后，且不早于签订日期",
)
def instalments_out_of_order(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """A part falls due before the part before it, or before the plan was signed."""
    plans, table = loaded[InstalmentPlan], loaded[Instalment]
    signed = dict(zip(plans.column("plan_no"), plans.column("signed_on"), strict=True))
    numbers, parts, dues = (table.column(name) for name in ("plan_no", "part", "due_on"))
    last: dict[str, dt.date] = {plan: day for plan, day in signed.items() if day is not None}
    usable = table.usable("plan_no", "part", "due_on")
    for index in sorted(usable, key=lambda i: (numbers[i], parts[i])):
        plan, due = numbers[index], dues[index]
        earlier = last.get(plan, due)
        if due < earlier:
            values = {"plan": plan, "part": parts[index], "due": due, "earlier": earlier}
            yield table.cell(index, "due_on"), values
        last[plan] = max(due, earlier)


@check(
    "LG-347",
    "收款指定的月份没有应收",
    Severity.WARNING,
    "收据 {receipt} 指定账单期 {month}，该家庭这个月没有应收或期初欠租",
    "核对指定账单期和家庭编号；缴款人没有指明月份的，清空这一格",
    needs=(Receipt, Charge),
    bad="收据指定 2020-03，该家庭 2020-03 没有应收",
    good="收据指定的月份有应收，或者空着",
)
def receipt_without_charge(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """A receipt names a billing month for which its household was never charged."""
    owed: set[tuple[str, Month]] = set()
    for source in (loaded[Charge], loaded.get(OpeningDebt)):
        owed.update(zip(source.column("household_no"), source.column("month"), strict=True))
    known = {household for household, _month in owed}
    table = loaded[Receipt]
    pairs = zip(table.column("household_no"), table.column("month"), strict=True)
    for index, (household, month) in enumerate(pairs):
        if month is not None and household in known and (household, month) not in owed:
            values = {"receipt": table.column("receipt_no")[index], "month": month}
            yield table.cell(index, "month"), values


_NEVER = 10**9  # later than every month


def _lease_spans(loaded: Loaded) -> dict[str, tuple[int, int]]:
    """Lease number → first month and the month its tenant left."""
    leases = loaded[Lease]
    starts, left = leases.column("starts_on"), leases.column("terminated_on")
    numbers = leases.column("lease_no")
    return {
        numbers[index]: (
            Month.containing(starts[index]),
            Month.containing(left[index]) if left[index] else _NEVER,
        )
        for index in leases.usable("lease_no", "starts_on", "terminated_on")
    }


def _parts(loaded: Loaded, name: str) -> dict[str, list[int]]:
    """Plan number → the values of its parts."""
    table = loaded[Instalment]
    parts: dict[str, list[int]] = defaultdict(list)
    for plan, value in zip(table.column("plan_no"), table.column(name), strict=True):
        if plan is not None and value is not None:
            parts[plan].append(value)
    return parts
