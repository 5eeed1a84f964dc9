"""Parts that must sum to wholes, and movements that must close."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from zhubao.allocation.publication.allocations import REPORT_MODELS
from zhubao.allocation.publication.waiting_flow import Fate
from zhubao.core.finding import Cell
from zhubao.ledger.allocation import UnitSelection
from zhubao.ledger.arrears import Charge, Receipt
from zhubao.ledger.patrol import CaseCategory, SafetyHazard, TenancyCase, VacancyCheck
from zhubao.ledger.services import Approval
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyPayment
from zhubao.ledger.tenants import Household, WaitingEntry
from zhubao.ledger.units import Dispatch, SupplyBatch
from zhubao.patrol.cases.book import read_cases
from zhubao.patrol.cases.figures import flow_of, rectified_cases
from zhubao.patrol.cases.needs import CASE_MODELS
from zhubao.patrol.safety.book import read_hazards
from zhubao.patrol.vacancy.checks import check_figures
from zhubao.rent.monthly.remit import REMIT_MODELS
from zhubao.rent.needs import ARREARS_MODELS
from zhubao.services.approval.figures import settled_count
from zhubao.subsidy.rental import figures as rental
from zhubao.summary.reconcile import made
from zhubao.summary.reconcile.checks import Asked, Pair, Side, check


def _parts(asked: Asked, code: str, name: str, unit: str) -> Pair | None:
    """The figures whose code begins with `code` and a dot against the figure `code`."""
    whole = asked.side(code)
    values = asked.summary.values.items()
    parts = [one.measured for key, one in values if key.startswith(f"{code}.") and one.measured]
    if whole is None or not parts:
        return None
    cells = tuple(cell for one in parts for cell in one.cells)
    return Pair(Side(name, sum(one.value for one in parts), cells), whole, unit)


@check("supply.channels", "各渠道筹集之和 = 房源筹集", needs=(SupplyBatch,))
def supply_by_channel(asked: Asked) -> Pair | None:
    """Σ channels = all that was raised; they differ where a batch has no channel."""
    return _parts(asked, "supply.raised", "各渠道之和", "套")


@check("dispatch.types", "各类型调配之和 = 房源调配", needs=(Dispatch,))
def dispatch_by_type(asked: Asked) -> Pair | None:
    """Σ types = all that was dispatched."""
    return _parts(asked, "dispatch.units", "各类型之和", "套")


@check("allocation.events", "各场配租之和 = 配租户数", needs=(UnitSelection,), reads=REPORT_MODELS)
def allocated_by_event(asked: Asked) -> Pair | None:
    """Σ of the draws, choices for households losing their homes left out = households housed."""
    whole = asked.side("allocation.households")
    if whole is None:
        return None
    events = [one for one in asked.once(made.allocations).events if one.is_allocation]
    cells = tuple(one.place for event in events for one in event.allocated)
    return Pair(Side("各场签约之和", sum(len(one.allocated) for one in events), cells), whole, "户")


@check(
    "waiting.movement",
    "期初轮候 + 批准 - 配租 - 退出 = 期末轮候",
    needs=(WaitingEntry,),
    reads=REPORT_MODELS,
)
def waiting_movement(asked: Asked) -> Pair | None:
    """opening + approved - housed - left = closing, the closing counted on its own."""
    opening, closing = asked.side("waiting.opening"), asked.side("waiting.closing")
    if opening is None or closing is None:
        return None
    flow = asked.once(made.waiting)
    housed, left = flow.count(fates=[Fate.HOUSED]), flow.count(fates=[Fate.LEFT])
    title = f"{opening.number} + {flow.approved} - {housed} - {left}"
    number = opening.number + flow.approved - housed - left
    return Pair(Side(title, number, opening.cells), closing, "户")


@check(
    "rent.identity",
    "期初欠租 + 应收 - 实收 - 减免 = 期末欠租 - 预缴",
    needs=(Charge,),
    reads=ARREARS_MODELS,
)
def rent_identity(asked: Asked) -> Pair | None:
    """opening + charged - received - written off = owed + overdrawn - credit, over all accounts.

    Left the debts of the eve, and the period's charges, receipts and reductions; right the debts
    not wholly paid. A cell says all that was charged, also where a part of it has been paid.
    """
    one = asked.once(made.rent).figures
    left = one.opening + one.charged - one.received - one.written_off
    right = one.owed + one.overdrawn - one.credit
    sides = [asked.side(f"rent.{name}") for name in ("opening_debt", "charged", "received", "owed")]
    opening, charged, received, owed = (side.cells if side else () for side in sides)
    cells = (*opening, *charged, *received, *asked.once(made.reductions))
    return Pair(
        Side("期初 + 应收 - 实收 - 减免", int(left.sum()), cells),
        Side("期末欠租 - 预缴余额", int(right.sum()), owed),
        "元",
    )


@check(
    "rent.owners",
    "市级与区级实收之和 = 租金收缴",
    needs=(Receipt,),
    reads=REMIT_MODELS,
)
def received_by_owner(asked: Asked) -> Pair | None:
    """Σ owners = what was received; receipts of no known owner stand in a line of their own."""
    whole = asked.side("rent.received")
    if whole is None:
        return None
    lines = asked.once(made.remitted).lines
    named = "、".join(line.owner or "产权不明" for line in lines)
    return Pair(Side(f"各产权实收之和（{named}）", sum(one.received for one in lines)), whole, "元")


@check("approval.kinds", "各事项审批通过之和 = 全部通过", needs=(Approval,))
def approvals_by_kind(asked: Asked) -> Pair | None:
    """Σ kinds = files approved in the period."""
    kinds = {"rental_housing", "rental_subsidy", "affordable_purchase", "resettlement_subsidy"}
    kinds |= {"purchase_reward", "half_couple"}
    parts = [one for kind in sorted(kinds) if (one := asked.measured(f"approval.{kind}"))]
    if not parts:
        return None
    count = settled_count(asked.loaded, asked.scope.period, asked.scope.as_of)
    cells = tuple(cell for one in parts for cell in one.cells)
    return Pair(
        Side("各事项之和", sum(one.value for one in parts), cells),
        Side("审批表里通过的件数", count.value, count.cells),
        "件",
    )


def _declare_subsidy(
    code: str, title: str, name: str, split: Callable[..., Mapping[str, rental.Figure]]
) -> None:
    @check(code, title, needs=(SubsidyPayment,), reads=(SubsidyGrant, Household))
    def by_part(asked: Asked) -> Pair | None:
        """Σ parts = the money paid in the period."""
        whole = asked.side("subsidy.amount_paid")
        if whole is None:
            return None
        parts = split(asked.loaded, asked.scope.span).values()
        cells = _all(one.cells for one in parts)
        return Pair(Side(name, sum(one.amount for one in parts), cells), whole, "元")


_declare_subsidy(
    "subsidy.communities",
    "各社区补贴之和 = 发放金额",
    "各社区之和",
    rental.paid_by_community,
)
_declare_subsidy(
    "subsidy.tiers", "各保障类型补贴之和 = 发放金额", "各类型之和", rental.paid_by_tier
)
_declare_subsidy(
    "subsidy.quarters", "各所属季度补贴之和 = 发放金额", "各季度之和", rental.paid_by_quarter
)


@check(
    "cases.categories", "违规件数 + 变动件数 = 全部件数", needs=(TenancyCase,), reads=CASE_MODELS
)
def cases_by_category(asked: Asked) -> Pair | None:
    """Σ categories = cases found in the period."""
    whole = asked.side("cases.rectification", whole=True)
    if whole is None:
        return None
    scope = asked.scope
    parts = [
        rectified_cases(asked.loaded, scope.period, scope.as_of, category)
        for category in CaseCategory
    ]
    total, cells = sum(one.denominator for one in parts), _all(one.base for one in parts)
    return Pair(Side("日常违规与情况变动之和", total, cells), whole, "件")


@check(
    "cases.movement",
    "期初未整改 + 发现 - 整改 = 期末未整改",
    needs=(TenancyCase,),
    reads=CASE_MODELS,
)
def case_movement(asked: Asked) -> Pair | None:
    """opening + found - rectified = closing, in cases."""
    flow = flow_of(read_cases(asked.loaded, asked.scope.day), asked.scope.span)
    counts = [len(one) for one in (flow.opening, flow.found, flow.rectified, flow.closing)]
    opening, found, rectified, closing = counts
    return Pair(
        Side(f"{opening} + {found} - {rectified}", opening + found - rectified),
        Side("期末未整改", closing, tuple(one.cell for one in flow.closing)),
        "件",
    )


@check("vacancy.reasons", "各核查原因之和 = 空置核查", needs=(VacancyCheck,))
def checks_by_reason(asked: Asked) -> Pair | None:
    """Σ reasons = units checked."""
    whole = asked.side("vacancy.checked")
    if whole is None:
        return None
    found = check_figures(asked.loaded, asked.scope.period, asked.scope.as_of)
    return Pair(Side("各原因之和", sum(found.by_reason.values()), found.checked.cells), whole, "套")


@check("safety.movement", "隐患 = 已整改 + 未整改", needs=(SafetyHazard,))
def hazards_add_up(asked: Asked) -> Pair | None:
    """Repaired and open hazards of the period are all of them."""
    whole = asked.side("safety.hazards", whole=True)
    done = asked.side("safety.hazards")
    if whole is None or done is None:
        return None
    span = asked.scope.span
    going = [
        one
        for one in read_hazards(asked.loaded, asked.scope.day)
        if one.counts and not one.fixed and span.contains(one.found)
    ]
    cells = (*done.cells, *(one.cell for one in going))
    return Pair(Side("已整改与未整改之和", done.number + len(going), cells), whole, "起")


def _all(groups: Iterable[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    return tuple(cell for group in groups for cell in group)
