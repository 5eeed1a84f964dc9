"""What every household is entitled to by the standard of a day, against the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding
from zhubao.core.money import format_yuan, parse_yuan
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import column_info
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyStatus
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household
from zhubao.subsidy.rental import kinds
from zhubao.subsidy.rental.standard import Entitlement, Overrides, Standard, entitlement

_NEEDED = ("tier", "size", "area_held_m2", "actual_rent")
_OPEN = (SubsidyStatus.IN_FORCE, SubsidyStatus.SUSPENDED)
EVERYBODY = "all"


@dataclass(frozen=True, slots=True)
class Assessed:
    """One grant, by its row in 租赁补贴; `entitled` is None where nothing could be computed."""

    index: int
    ledger: int | None  # 月补贴额 as written, fen
    entitled: Entitlement | None
    why_not: str = ""

    @property
    def difference(self) -> int | None:
        """Ledger less computed, fen; None where either is not known."""
        if self.ledger is None or self.entitled is None or self.entitled.amount is None:
            return None
        return self.ledger - self.entitled.amount


@dataclass(frozen=True, slots=True)
class Assessment:
    """All grants asked for. `standard` is None where none is known for the day."""

    loaded: Loaded
    as_of: dt.date
    standard: Standard | None
    lines: tuple[Assessed, ...]
    findings: tuple[Finding, ...]

    @property
    def differing(self) -> tuple[Assessed, ...]:
        """The grants whose ledger amount is not the computed one."""
        return tuple(line for line in self.lines if line.difference)


def assess(
    loaded: Loaded, as_of: dt.date, wanted: Sequence[str] = (), *, overrides: Overrides = None
) -> Assessment:
    """The amounts of the grants by the standard in force on `as_of`.

    `wanted` are household or grant numbers; none, or "all", is every grant 生效 or 暂停. Where no
    standard is known for the day nothing is computed and nothing is called a difference. Raises
    `UsageError` for a number that is in no grant.
    """
    grants = loaded.get(SubsidyGrant)
    standard = Standard.load(as_of, overrides)
    chosen = _chosen(grants, wanted)
    lines = tuple(_assess_one(grants, index, standard) for index in chosen)
    findings = [one for line in lines for one in _findings(grants, line, as_of, standard)]
    findings += _against_households(loaded, chosen)
    return Assessment(
        loaded, as_of, standard, lines, tuple(sorted(findings, key=lambda one: one.sort_key))
    )


def computed_amount(
    grants: LedgerTable[SubsidyGrant], index: int, standard: Standard | None
) -> int | None:
    """Fen per month by the standard; None where it cannot be computed."""
    entitled = _assess_one(grants, index, standard).entitled
    return entitled.amount if entitled else None


def entitle_change(assessment: Assessment, formats: Formats) -> Change:
    """月补贴额 and 补贴标准 of the grants that differ, made what the standard gives."""
    lines = assessment.differing
    plan = Plan(f"按标准改正月补贴额（{len(lines)} 份）", assessment.loaded, formats)
    grants = assessment.loaded.get(SubsidyGrant)
    for line in lines:
        assert line.entitled is not None
        plan.put(grants, line.index, "monthly_amount", line.entitled.amount)
        if "price" in grants.locate(line.index)[0].letters:
            plan.put(grants, line.index, "price", parse_yuan(line.entitled.price))
    if lines:
        change = -sum(line.difference or 0 for line in lines)
        plan.note(f"每月合计变动 {format_yuan(change)} 元")
    return plan.build()


def _chosen(grants: LedgerTable[SubsidyGrant], wanted: Sequence[str]) -> list[int]:
    numbers, households = grants.column("grant_no"), grants.column("household_no")
    if not wanted or list(wanted) == [EVERYBODY]:
        states = grants.column("status")
        return [index for index, state in enumerate(states) if state in _OPEN]
    rows: dict[str, list[int]] = {}
    for index, pair in enumerate(zip(numbers, households, strict=True)):
        for name in filter(None, pair):
            rows.setdefault(name, []).append(index)
    unknown = [name for name in wanted if name not in rows]
    if unknown:
        raise UsageError(
            f"租赁补贴台账里没有 {'、'.join(unknown)}", advice="请核对家庭编号或补贴编号。"
        )
    return list(dict.fromkeys(index for name in wanted for index in rows[name]))


def _assess_one(
    grants: LedgerTable[SubsidyGrant], index: int, standard: Standard | None
) -> Assessed:
    ledger = grants.column("monthly_amount")[index]
    if standard is None:
        return Assessed(index, ledger, None, "没有这一天的标准")
    if any(index in grants.bad.get(name, ()) for name in _NEEDED):
        return Assessed(index, ledger, None, "单元格读不懂")
    tier, size, held, rent = (grants.column(name)[index] for name in _NEEDED)
    entitled = entitlement(standard, tier.value, size, held, rent)
    return Assessed(index, ledger, entitled, "" if entitled else f"标准里没有“{tier.value}”")


def _findings(
    grants: LedgerTable[SubsidyGrant],
    line: Assessed,
    as_of: dt.date,
    standard: Standard | None,
) -> Iterator[Finding]:
    if standard is None:
        return
    index, number = line.index, grants.column("grant_no")[line.index]
    bad = [name for name in _NEEDED if index in grants.bad.get(name, ())]
    if bad:
        fields = SubsidyGrant.model_fields
        headers = "、".join(column_info(fields[name]).header for name in bad)
        yield kinds.GRANT_UNREADABLE.at(grants.cell(index, bad[0]), grant=number, headers=headers)
    elif line.entitled is None:
        tier = grants.column("tier")[index].value
        where = grants.cell(index, "tier")
        yield kinds.TIER_WITHOUT_PRICE.at(where, grant=number, tier=tier, day=as_of)
    elif line.entitled.amount is None:
        yield kinds.RENT_MISSING.at(grants.cell(index, "actual_rent"), grant=number)
    elif line.difference and line.ledger is not None:
        yield kinds.AMOUNT_DIFFERS.at(
            grants.cell(index, "monthly_amount"),
            grant=number,
            day=as_of,
            ledger=format_yuan(line.ledger),
            computed=format_yuan(line.entitled.amount),
            direction="多" if line.difference > 0 else "少",
            gap=format_yuan(abs(line.difference)),
        )


def _against_households(loaded: Loaded, chosen: Sequence[int]) -> Iterator[Finding]:
    """Tier or size written differently in 保障家庭."""
    grants, households = loaded.get(SubsidyGrant), loaded.get(Household)
    row_of = {number: row for row, number in enumerate(households.column("household_no"))}
    names = ("tier", "size")
    for index in chosen:
        row = row_of.get(grants.column("household_no")[index])
        if row is None:
            continue
        mine = [grants.column(name)[index] for name in names]
        theirs = [households.column(name)[row] for name in names]
        if None in (*mine, *theirs) or mine == theirs:
            continue
        yield kinds.TIER_DIFFERS.at(
            grants.cell(index, "tier" if mine[0] != theirs[0] else "size"),
            grant=grants.column("grant_no")[index],
            grant_words=f"{mine[0].value} {mine[1]} 人",
            household_words=f"{theirs[0].value} {theirs[1]} 人",
            place=households.row_cell(row),
        )
