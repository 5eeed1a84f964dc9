"""合同: the term of leases, renewal and filing, two leases of one unit (AU-301 to AU-306)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.households import households
from zhubao.audit.indexes.lease_hits import lease_hit
from zhubao.audit.indexes.leases import live, live_by_key, successors, unit_rows
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Severity
from zhubao.core.period import Month
from zhubao.core.spans import months_later
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Lease, LeaseStatus
from zhubao.ledger.units import Unit, UnitStatus

_RULES = "《公共租赁住房管理办法》"


@audit_check(
    "AU-301",
    "合同到期未续签未腾退",
    Family.TENANCY,
    IssueKind.NOT_EXITED,
    Severity.WARNING,
    "{who}的合同 {lease}（房源 {unit}）已于 {end} 到期，超过 {days} 日，"
    "没有续签的合同，也没有退租日期",
    "上门核实：符合条件的补签合同；不符合的给合理的搬迁期，期内按合同租金，"
    "期满不腾退又没有其他住房的按市场租金计收",
    basis=f"{_RULES}第三十条、第三十一条",
    needs=(Lease,),
    bad="到期 2019-12-31，截止 2020-06-30，状态“履行中”，没有后一份合同",
    good="到期 2019-12-31，同户同房源另有 2020-01-01 起租的合同",
)
def expired_and_living(facts: Facts) -> Iterator[Hit]:
    """The last day has passed, nobody left, and no later lease of household and unit is on record.

    A lease marked 已到期 without 退租日期 counts while its unit is still 在租 and let to nobody
    else. Source: art. 30 (renew or leave at the end).
    """
    table, following = facts.loaded.get(Lease), facts.once(successors)
    ends = table.column("ends_on")
    for row in (*facts.once(live), *_run_out(facts)):
        if ends[row] < facts.as_of and not following.has_successor(row):
            words = {"end": ends[row], "days": (facts.as_of - ends[row]).days}
            yield lease_hit(facts, row, ("ends_on", "status", "terminated_on"), words)


@audit_check(
    "AU-302",
    "临近到期未见续租",
    Family.TENANCY,
    IssueKind.PROCEDURE,
    Severity.NOTICE,
    "{who}的合同 {lease}（房源 {unit}）{end} 到期，续租应在到期前 {months} 个月"
    "（{deadline}）提出，台账里没有续签的合同",
    "核实是否已提出续租申请：已提出的抓紧复核续签，没有提出的到期收房",
    basis=f"{_RULES}第三十条",
    needs=(Lease,),
    bad="到期 2020-08-31，截止 2020-06-30，没有后一份合同",
    good="到期 2020-12-31，截止 2020-06-30",
)
def renewal_not_in_sight(facts: Facts) -> Iterator[Hit]:
    """Less than three months to the end, and no later lease: a fact of life until the end comes.

    Applications for renewal are not in the ledgers, so this is a notice. The day three months
    before the end is still in time.
    """
    table, following = facts.loaded.get(Lease), facts.once(successors)
    months = facts.once(dated).count("lease.renewal_months")
    ends = table.column("ends_on")
    for row in facts.once(live):
        deadline = months_later(ends[row], -months)
        if deadline < facts.as_of <= ends[row] and not following.has_successor(row):
            words = {"end": ends[row], "months": months, "deadline": deadline}
            yield lease_hit(facts, row, ("ends_on",), words)


@audit_check(
    "AU-303",
    "合同逾期没有备案",
    Family.TENANCY,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "{who}的合同 {lease}（房源 {unit}）{signed} 签订，已 {days} 日，没有备案日期",
    "查明是没有备案还是没有登记，分别补办或补填",
    basis=f"{_RULES}第十七条",
    needs=(Lease,),
    bad="签订 2020-03-01，截止 2020-06-30，备案日期空着",
    good="签订 2020-06-10，截止 2020-06-30，备案日期空着",
)
def lease_not_filed(facts: Facts) -> Iterator[Hit]:
    """A live lease signed more than thirty days ago and never filed; the thirtieth is in time.

    Without a day of signing, or with one in a cell that cannot be read, nothing can be said.
    """
    table, policy = facts.loaded.get(Lease), facts.once(dated)
    signed, filed = table.column("signed_on"), table.column("filed_on")
    unread = table.bad.get("filed_on", set())
    for row in facts.once(live):
        if signed[row] is None or filed[row] is not None or row in unread:
            continue
        limit, days = policy.on("lease.filing_days", signed[row]), (facts.as_of - signed[row]).days
        if limit is not None and days > limit:
            words = {"signed": signed[row], "days": days}
            yield lease_hit(facts, row, ("filed_on", "signed_on"), words)


@audit_check(
    "AU-304",
    "合同备案超过期限",
    Family.TENANCY,
    IssueKind.PROCEDURE,
    Severity.NOTICE,
    "{who}的合同 {lease}（房源 {unit}）{signed} 签订，{filed} 才备案，"
    "用了 {days} 日（期限 {limit} 日）",
    "核对两个日期；属实的说明原因，改进备案流程",
    basis=f"{_RULES}第十七条",
    needs=(Lease,),
    bad="签订 2020-01-02，备案 2020-03-02",
    good="签订 2020-01-02，备案 2020-02-01",
)
def lease_filed_late(facts: Facts) -> Iterator[Hit]:
    """Filed more than thirty days after signing; of leases signed since the rule is in force."""
    table, policy = facts.loaded.get(Lease), facts.once(dated)
    signed, filed = table.column("signed_on"), table.column("filed_on")
    for row in table.usable("signed_on", "filed_on"):
        if signed[row] is None or filed[row] is None or filed[row] > facts.as_of:
            continue
        limit, days = policy.on("lease.filing_days", signed[row]), (filed[row] - signed[row]).days
        if limit is not None and days > limit:
            words = {"signed": signed[row], "filed": filed[row], "days": days, "limit": limit}
            yield lease_hit(facts, row, ("filed_on", "signed_on"), words)


@audit_check(
    "AU-305",
    "租期超过最长年限",
    Family.TENANCY,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "{who}的合同 {lease}（房源 {unit}）租期 {start} 至 {end}，超过 {years} 年",
    "对照合同原件；属实的，超过部分不再履行，续签时改正",
    basis=f"{_RULES}第十八条",
    needs=(Lease,),
    bad="起租 2015-01-01，到期 2020-12-31",
    good="起租 2016-01-01，到期 2020-12-31",
)
def lease_too_long(facts: Facts) -> Iterator[Hit]:
    """A live or coming lease of more than five years, first and last day included.

    Leases begun before the rule (2012-07-15) are not judged.
    """
    table, policy = facts.loaded.get(Lease), facts.once(dated)
    starts, ends, states = (table.column(name) for name in ("starts_on", "ends_on", "status"))
    living = set(facts.once(live))
    for row in table.usable("starts_on", "ends_on", "status"):
        coming = starts[row] > facts.as_of and states[row] is LeaseStatus.IN_FORCE
        years = policy.on("lease.max_years", starts[row])
        if years is None or not (coming or row in living):
            continue
        if ends[row] >= _anniversary(starts[row], years):
            words = {"start": starts[row], "end": ends[row], "years": years}
            yield lease_hit(facts, row, ("ends_on", "starts_on"), words)


@audit_check(
    "AU-306",
    "一套房源同时两份合同",
    Family.TENANCY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "房源 {unit} 同时有在租合同 {first}（{other}）和 {lease}（{who}）",
    "上门核实谁在居住，终止另一份合同并核对两份合同的租金",
    basis="审计常规核对：一套房源同一时间只能有一份履行中的合同",
    needs=(Lease,),
    bad="房源 FY0001 有两份“履行中”的合同",
    good="房源 FY0001 的旧合同已填退租日期",
)
def unit_let_twice(facts: Facts) -> Iterator[Hit]:
    """More than one lease of a unit is live; one lead for each beyond the first to begin.

    A lease that the same household's next one replaced on its last day or later is over, though
    its status was left at 履行中.
    """
    table, people = facts.loaded.get(Lease), facts.once(households)
    starts, numbers = table.column("starts_on"), table.column("lease_no")
    tenants = table.column("household_no")
    for rows in facts.once(live_by_key).by_unit.values():
        kept = [row for row in rows if not _is_renewed(table, row, rows)]
        first, *others = sorted(kept, key=lambda row: (starts[row], numbers[row] or "", row))
        for row in others:
            words = {
                "first": numbers[first] or "（编号空着）",
                "other": people.label(tenants[first]),
            }
            more = (table.cell(first, "unit_no"), table.cell(first, "status"))
            yield lease_hit(
                facts, row, ("unit_no", "status"), words, more=more, key=(numbers[first] or "",)
            )


def _is_renewed(table: LedgerTable[Lease], row: int, rows: Sequence[int]) -> bool:
    """True when one of the rows is the same household's later lease, begun as this one ended."""
    tenants, starts = table.column("household_no"), table.column("starts_on")
    end: dt.date = table.column("ends_on")[row]
    later = (one for one in rows if tenants[one] and tenants[one] == tenants[row])
    return any(starts[row] < starts[one] and end <= starts[one] for one in later)


def _run_out(facts: Facts) -> Iterator[int]:
    """Leases marked 已到期 whose unit is still 在租 and let to nobody else."""
    table, units = facts.loaded.get(Lease), facts.loaded.get(Unit)
    numbers, states = table.column("unit_no"), table.column("status")
    left, homes = table.column("terminated_on"), facts.once(unit_rows)
    let, use = facts.once(live_by_key).by_unit, units.column("status")
    last: dict[str, int] = {}
    starts = table.column("starts_on")
    for row in table.usable("unit_no", "starts_on", "ends_on", "status"):
        known = last.get(numbers[row])
        if starts[row] <= facts.as_of and (known is None or starts[row] > starts[known]):
            last[numbers[row]] = row
    for unit, row in last.items():
        place = homes.get(unit)
        if states[row] is not LeaseStatus.EXPIRED or left[row] is not None or unit in let:
            continue
        if place is not None and use[place] is UnitStatus.OCCUPIED:
            yield row


def _anniversary(start: dt.date, years: int) -> dt.date:
    """The first day after `years` whole years; of 29 February, 1 March."""
    month = Month.containing(start).plus(12 * years)
    return month.first_day + dt.timedelta(days=start.day - 1)
