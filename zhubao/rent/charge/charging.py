"""The charges of one month: every live lease once, to the fen. Behind `zhubao rent charge`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding
from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge, Reduction, ReductionKind
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household, Lease
from zhubao.ledger.units import Unit
from zhubao.ledger.unread import refuse_missing
from zhubao.rent.charge.checks import booked_otherwise, order_findings, relief_findings
from zhubao.rent.charge.drafts import Blocked, Clerk, Draft
from zhubao.rent.charge.numbers import new_numbers
from zhubao.rent.charge.rents import LastRelief, Rents, last_reliefs
from zhubao.rent.charge.rows import Booked, match_charges, rows_of_month
from zhubao.rent.charge.stays import Stays, read_stays
from zhubao.rent.charge.terms import Terms

CHARGE_MODELS = (Unit, Household, Lease, Charge, Reduction)


@dataclass(frozen=True, slots=True)
class ChargeRun:
    """The month's charges. `new` are to be added, `due` has every lease that could be computed.

    `booked` are charges already there; `last_month` is the latest earlier month with charges (None:
    there is none), `last_rows` its rows.
    """

    loaded: Loaded
    month: Month
    charged_on: dt.date
    terms: Terms
    rents: Rents
    stays: Stays
    due: tuple[Draft, ...]
    new: tuple[Draft, ...]
    blocked: tuple[Blocked, ...]
    booked: Booked
    last_month: Month | None
    last_rows: tuple[int, ...]
    reductions: tuple[int, ...]  # rows of 减免 for the month
    findings: tuple[Finding, ...] = field(repr=False)


def compute_charges(
    loaded: Loaded,
    month: Month,
    *,
    charged_on: dt.date | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> ChargeRun:
    """Compute the charges of `month` from the tables of `CHARGE_MODELS`.

    charge = rent × part of the month - standing reduction, where rent is the contract's or, by
    policy `rent.charge_basis`, billed area × price (tier, grade, lift, day). Which days: see
    `charge_stays.read_stays`; parts and rounding: `part_month.shares`, over all leases of a
    household that follow one another, so that a move within the month loses no fen and bills no
    day twice. Reductions of the sheet 减免 are settled there and not taken off again. There are no
    other adjustments in the ledgers.

    A lease that already has a charge for the month gets none; nothing is ever overwritten.
    `charged_on` defaults to the first day of the month (the clock is not read). Raises
    `UsageError` when there are no leases at all (a sheet under another name: charging nothing
    would be wrong) and when 房源, 保障家庭 or 应收 was not found, `PolicyUnknown` and
    `PolicyInvalid` as `Terms.load` does.
    """
    _refuse_without_leases(loaded)
    refuse_missing(loaded, "算不出应收", Unit, Household, Charge)
    run, reliefs, found = _charged(loaded, Terms.load(month, overrides), charged_on)
    found += _findings(run, reliefs)
    return replace(run, findings=tuple(sorted(found, key=lambda finding: finding.sort_key)))


def _charged(
    loaded: Loaded, terms: Terms, charged_on: dt.date | None
) -> tuple[ChargeRun, dict[tuple[str, str], LastRelief], list[Finding]]:
    """The run without findings, last month's reductions, and what pricing the leases found."""
    month = terms.month
    charges = loaded.get(Charge)
    last_month = _month_before(charges.column("month"), month)
    last_rows = [] if last_month is None else rows_of_month(charges, last_month)
    reliefs = last_reliefs(charges, last_rows, loaded.get(Lease))
    rents = Rents(loaded, terms, reliefs)
    stays = read_stays(loaded, month, last_day_charged=terms.last_day_charged)
    booked = match_charges(charges, month, stays)
    clerk = Clerk(loaded, rents, stays, booked)
    due = clerk.due()
    new = _numbered(clerk.new(due), charges, month)  # completes what the clerk set aside
    run = ChargeRun(
        loaded=loaded,
        month=month,
        charged_on=charged_on or month.first_day,
        terms=terms,
        rents=rents,
        stays=stays,
        due=due,
        new=new,
        blocked=tuple(sorted(clerk.blocked, key=lambda one: one.row)),
        booked=booked,
        last_month=last_month,
        last_rows=tuple(last_rows),
        reductions=_reductions(loaded, month),
        findings=(),
    )
    return run, reliefs, clerk.findings


def _refuse_without_leases(loaded: Loaded) -> None:
    if not loaded.has(Lease):
        raise UsageError(
            "租赁合同表没有数据，算不出应收",
            advice="检查 tenants.xlsx 和表名；表另有叫法的，在 zhubao.toml 的 [aliases] 里登记",
        )


def _findings(run: ChargeRun, reliefs: Mapping[tuple[str, str], LastRelief]) -> Iterator[Finding]:
    """Everything there is to say besides what pricing the leases said."""
    yield from run.stays.faults.values()
    yield from run.stays.findings
    yield from run.booked.findings
    yield from order_findings(run.loaded.get(Charge).column("month"), run.month)
    yield from relief_findings(
        run.loaded, run.month, run.new, reliefs, run.last_month, run.reductions
    )
    yield from booked_otherwise(run.loaded, run.terms, run.due, run.booked)


def _numbered(
    drafts: Iterable[Draft], charges: LedgerTable[Charge], month: Month
) -> tuple[Draft, ...]:
    found = list(drafts)
    numbers = new_numbers(len(found), month, charges.column("charge_no"), charges.column("month"))
    return tuple(
        replace(draft, charge_no=number) for draft, number in zip(found, numbers, strict=True)
    )


def _month_before(months: Sequence[Month | None], month: Month) -> Month | None:
    earlier = {one for one in months if one is not None and one < month}
    return max(earlier, default=None)


def _reductions(loaded: Loaded, month: Month) -> tuple[int, ...]:
    table = loaded.get(Reduction)
    kind_of, months = table.column("kind"), table.column("month")
    return tuple(
        row
        for row in table.usable("household_no", "month", "amount", "kind")
        if months[row] == month and kind_of[row] is ReductionKind.REDUCTION
    )
