"""欠租: rent let off or given up without ground, or more than there was (AU-408 to AU-411)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.households import households
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Cell, Severity
from zhubao.core.money import format_yuan
from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge, Reduction, ReductionKind
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.tenants import Household, Lease
from zhubao.rent.charge.terms import Terms
from zhubao.rent.postings import usable_rows

_RULES = "《公共租赁住房管理办法》"
_ROUNDING = 2  # fen: standard and reduction of part of a month are each rounded


@audit_check(
    "AU-408",
    "核销没有批准依据",
    Family.ARREARS,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "{who}的核销 {number}（{day}，{amount} 元）{lacks}",
    "查批准文件、会议纪要：有的在备注里补写，没有的撤回核销、恢复债权",
    basis="审计常规核对：核销债权须经有权机关批准，并留存依据",
    needs=(Household, Reduction),
    bad="核销 1,200.00 元，原因写“收不回”，备注空着",
    good="核销 1,200.00 元，备注写“批准依据：局长办公会议纪要〔2020〕3号”",
)
def write_off_without_authority(facts: Facts) -> Iterator[Hit]:
    """A write-off whose reason and remark name no authority (policy audit.authority_words)."""
    table, marks = facts.loaded.get(Reduction), facts.once(dated).words("audit.authority_words")
    kinds, reasons = table.column("kind"), table.column("reason")
    remarks, days = table.column("remark"), table.column("approved_on")
    for row in table.usable("household_no", "kind", "amount", "approved_on"):
        text = f"{reasons[row] or ''}{remarks[row] or ''}"
        named = any(mark in text for mark in marks)
        if kinds[row] is ReductionKind.WRITE_OFF and days[row] <= facts.as_of and not named:
            lacks = "没有写明批准依据" if text.strip() else "原因和批准依据都空着"
            yield _hit(facts, row, ("amount", "reason", "remark"), lacks=lacks)


@audit_check(
    "AU-409",
    "减免没有写明原因",
    Family.ARREARS,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "{who}的减免 {number}（{day}，{amount} 元）没有写减免原因和依据",
    "查申请和审批材料：有的补写，没有的补办或撤回减免",
    basis=f"{_RULES}第二十一条",
    needs=(Household, Reduction),
    bad="减免 60.00 元，减免原因和备注都空着",
    good="减免 60.00 元，原因写“困难家庭临时减免”",
)
def reduction_without_reason(facts: Facts) -> Iterator[Hit]:
    """A reduction of rent already charged with neither reason nor remark."""
    table = facts.loaded.get(Reduction)
    kinds, reasons = table.column("kind"), table.column("reason")
    remarks, days = table.column("remark"), table.column("approved_on")
    for row in table.usable("household_no", "kind", "amount", "approved_on"):
        if kinds[row] is not ReductionKind.REDUCTION or days[row] > facts.as_of:
            continue
        if not (reasons[row] or "").strip() and not (remarks[row] or "").strip():
            yield _hit(facts, row, ("amount", "reason", "remark"))


@audit_check(
    "AU-410",
    "减免多于应收",
    Family.ARREARS,
    IssueKind.RECORDS,
    Severity.WARNING,
    "{who}在 {month} 减免核销共 {let_off} 元，该月应收只有 {charged} 元，多出 {amount} 元",
    "核对批准的金额和账单期，改正填错的一个",
    basis="审计常规核对：减免和核销不超过该月的应收",
    needs=(Household, Charge, Reduction),
    bad="2020-03 应收 180.00，减免 240.00",
    good="2020-03 应收 180.00，减免 60.00",
)
def reduction_above_charge(facts: Facts) -> Iterator[Hit]:
    """Reductions and write-offs that name a month sum to more than its charges.

    A month without a charge in the ledger (an opening debt's) is passed over.
    """
    table, people = facts.loaded.get(Reduction), facts.once(households)
    numbers, months = table.column("household_no"), table.column("month")
    amounts, days = table.column("amount"), table.column("approved_on")
    groups: defaultdict[tuple[str, Month], list[int]] = defaultdict(list)
    for row in usable_rows(table):
        if months[row] is not None and days[row] <= facts.as_of:
            groups[numbers[row], months[row]].append(row)
    due = _charged(facts, set(groups))
    for (number, month), rows in groups.items():
        let_off = sum(amounts[row] for row in rows)
        charged, cells = due.get((number, month), (None, []))
        if charged is None or let_off <= charged:
            continue
        words = {
            "who": people.label(number),
            "month": month,
            "let_off": format_yuan(let_off),
            "charged": format_yuan(charged),
            "amount": format_yuan(let_off - charged),
        }
        own = tuple(table.cell(row, "amount") for row in rows)
        yield Hit(
            cells=(*own, *cells, *people.cells(number)),
            words=words,
            amount=let_off - charged,
            key=(str(month),),
            **people.subject(number),
        )


@audit_check(
    "AU-411",
    "固定减免高于标准",
    Family.ARREARS,
    IssueKind.INELIGIBLE,
    Severity.WARNING,
    "{who}在 {month} 的应收减免了 {given} 元，按{tier}{mark}的减免比例只应减 {right} 元，"
    "多减 {amount} 元",
    "核对保障类型和困难标识；减错的更正应收并补收差额",
    basis=f"{_RULES}第二十一条；减免比例见政策参数 rent.relief_percent",
    needs=(Household, Charge),
    bad="低保减免 20 %，标准租金 180.00，减免填 90.00",
    good="低保减免 20 %，标准租金 180.00，减免填 36.00",
)
def relief_above_standard(facts: Facts) -> Iterator[Hit]:
    """A charge lets off more than policy rent.relief_percent allows of its standard rent.

    Only where the bureau has such a table; tier and hardship are the household's (the lease's tier
    first) as they stand today. Two fen of rounding pass.
    """
    table, people = facts.loaded.get(Charge), facts.once(households)
    months, numbers = table.column("month"), table.column("household_no")
    standards, reliefs = table.column("standard"), table.column("reduction")
    tiers, terms = _tiers(facts), dict[Month, Terms]()
    for row in usable_rows(table):
        given, standard, month = reliefs[row], standards[row], months[row]
        if not given or standard is None or month.first_day > facts.as_of:
            continue
        if month not in terms:
            terms[month] = Terms.load(month, facts.overrides)
        if not terms[month].prescribes_relief:
            continue
        number = numbers[row]
        tier = tiers.get(table.column("lease_no")[row]) or people.field(number, "tier")
        mark = people.field(number, "hardship")
        right = max(era.relief(tier, mark).of(standard) for era in terms[month].eras)
        if given <= right + _ROUNDING:
            continue
        words = {
            "who": people.label(number),
            "month": month,
            "given": format_yuan(given),
            "tier": tier or "（保障类型空着）",
            "mark": f"、{mark}" if mark else "",
            "right": format_yuan(right),
            "amount": format_yuan(given - right),
        }
        own = (table.cell(row, "reduction"), table.cell(row, "standard"))
        yield Hit(
            cells=own + people.cells(number, "tier", "hardship"),
            words=words,
            unit=table.column("unit_no")[row] or "",
            amount=given - right,
            key=(str(month), table.column("charge_no")[row] or ""),
            **people.subject(number),
        )


def _hit(facts: Facts, row: int, names: tuple[str, ...], **words: object) -> Hit:
    """A lead on a row of 减免."""
    table, people = facts.loaded.get(Reduction), facts.once(households)
    number, own = table.column("household_no")[row], table.column("reduction_no")[row]
    amount = table.column("amount")[row]
    return Hit(
        cells=tuple(table.cell(row, name) for name in names) + people.cells(number),
        words={
            "who": people.label(number),
            "number": own or "（编号空着）",
            "day": table.column("approved_on")[row],
            "amount": format_yuan(amount),
            **words,
        },
        amount=amount,
        key=(own or str(table.column("approved_on")[row]),),
        **people.subject(number),
    )


def _charged(
    facts: Facts, wanted: set[tuple[str, Month]]
) -> dict[tuple[str, Month], tuple[int, list[Cell]]]:
    """The charges of these households and months: sum and cells."""
    table = facts.loaded.get(Charge)
    numbers, months, amounts = (table.column(n) for n in ("household_no", "month", "amount"))
    people = {number for number, _ in wanted}
    found: dict[tuple[str, Month], tuple[int, list[Cell]]] = {}
    for row in usable_rows(table):
        if numbers[row] in people and (numbers[row], months[row]) in wanted:
            total, cells = found.get((numbers[row], months[row]), (0, []))
            place = table.cell(row, "amount")
            found[numbers[row], months[row]] = (total + amounts[row], [*cells, place])
    return found


def _tiers(facts: Facts) -> dict[str | None, str | None]:
    leases = facts.loaded.get(Lease)
    return dict(zip(leases.column("lease_no"), leases.column("tier"), strict=True))
