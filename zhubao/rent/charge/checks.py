"""What a month's charges should be looked at for: gaps, reductions, charges that differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from zhubao.core.finding import Finding
from zhubao.core.money import format_yuan
from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge, Reduction
from zhubao.ledger.loaded import Loaded
from zhubao.rent.charge import kinds
from zhubao.rent.charge.drafts import Draft
from zhubao.rent.charge.rents import LastRelief
from zhubao.rent.charge.rows import Booked
from zhubao.rent.charge.terms import Terms


def order_findings(months: Sequence[Month | None], month: Month) -> Iterator[Finding]:
    """A month before the ledger's first, or after a gap."""
    charged = {one for one in months if one is not None}
    if not charged:
        return
    first, before = min(charged), max((one for one in charged if one < month), default=None)
    if month < first:
        yield kinds.BEFORE_LEDGER.at(None, month=month, first=first)
    elif before is not None and before + 1 < month:
        gap = [Month(one) for one in range(before + 1, month)]
        named = "、".join(map(str, gap[:3])) + (f" 等 {len(gap)} 个月" if len(gap) > 3 else "")
        yield kinds.MONTHS_SKIPPED.at(None, months=named, month=month, first=gap[0])


def relief_findings(
    loaded: Loaded,
    month: Month,
    new: Sequence[Draft],
    before: Mapping[tuple[str, str], LastRelief],
    last_month: Month | None,
    reductions: Sequence[int],
) -> Iterator[Finding]:
    """Reductions that stop with this month, and reductions that may be given twice."""
    let_off: dict[str, int] = defaultdict(int)
    for draft in new:
        let_off[draft.stay.household_no] += draft.reduction
    yield from _dropped(loaded, new, let_off, before, last_month)
    table = loaded.get(Reduction)
    for row in reductions:
        household = table.column("household_no")[row]
        if let_off.get(household):
            yield kinds.RELIEF_TWICE.at(
                table.cell(row, "amount"),
                household=household, month=month, relief=format_yuan(let_off[household]),
                other=format_yuan(table.column("amount")[row]),
            )  # fmt: skip


def _dropped(
    loaded: Loaded,
    new: Sequence[Draft],
    let_off: Mapping[str, int],
    before: Mapping[tuple[str, str], LastRelief],
    last_month: Month | None,
) -> Iterator[Finding]:
    """One finding per household that had a reduction, wherever it lived, and now has none."""
    charges = loaded.get(Charge)
    by_household = {household: last for (household, _), last in before.items()}
    for draft in new:
        stay = draft.stay
        last = by_household.get(stay.household_no)
        if last is None or let_off[stay.household_no] or not draft.standard:
            continue
        del by_household[stay.household_no]
        yield kinds.RELIEF_DROPPED.at(
            charges.cell(last.row, "reduction"),
            lease=stay.lease_no, household=stay.household_no,
            month=last_month, before=format_yuan(last.amount),
        )  # fmt: skip


def booked_otherwise(
    loaded: Loaded, terms: Terms, due: Sequence[Draft], booked: Booked
) -> Iterator[Finding]:
    """Charges already there with another amount than the rule gives.

    Without any rule of reduction the reduction written in the sheet is taken as it stands.
    """
    table = loaded.get(Charge)
    amounts, reductions = table.column("amount"), table.column("reduction")
    for draft in due:
        rows = booked.of_lease.get(draft.stay.row, ())
        if not rows or any(amounts[row] is None for row in rows):
            continue
        written = sum(reductions[row] or 0 for row in rows)
        let_off = draft.reduction if terms.prescribes_relief else written
        found, expected = sum(amounts[row] for row in rows), draft.standard - let_off
        if found != expected:
            why = f"租金 {format_yuan(draft.standard)} 减免 {format_yuan(let_off)}"
            yield kinds.CHARGED_OTHERWISE.at(
                table.cell(rows[0], "amount"),
                lease=draft.stay.lease_no, month=terms.month, found=format_yuan(found),
                expected=format_yuan(expected), why=why,
            )  # fmt: skip
