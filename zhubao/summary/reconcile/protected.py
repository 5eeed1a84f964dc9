"""勾稽 of the households protected: those due for review against all that receive something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from zhubao.allocation.waiting.replay import read_waiting_list
from zhubao.core.finding import Cell
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyStatus
from zhubao.ledger.tenants import (
    AnnualReview,
    Household,
    Lease,
    ProtectionStatus,
    WaitingEntry,
    WaitingStatus,
)
from zhubao.patrol.visits.needs import PLAN_MODELS
from zhubao.services.review.needs import REVIEW_MODELS
from zhubao.subsidy.rental.needs import SUBSIDY_MODELS
from zhubao.summary.indicators.figures import Scope
from zhubao.summary.indicators.patrol_figures import patrolled
from zhubao.summary.reconcile import made
from zhubao.summary.reconcile.checks import Asked, Pair, Side, check
from zhubao.summary.reconcile.subsidy_gap import standing_grants

_SHOWN = 5
_NOTHING = "查不到任何合同、补贴、轮候"
_NO_HOUSEHOLD = "不在保障家庭表里"
_GRANTS = {
    SubsidyStatus.IN_FORCE: "补贴还没有起发或已经止发",
    SubsidyStatus.SUSPENDED: "补贴已暂停",
    SubsidyStatus.STOPPED: "补贴已终止",
    SubsidyStatus.EXPIRED: "补贴已到期",
}
_WAITING = {
    WaitingStatus.HOUSED: "已配租、还没有起租或已退租",
    WaitingStatus.WAITING: "期末以后才批准轮候",
}
_LEFT_OUT = (ProtectionStatus.EXITED.value, ProtectionStatus.SUSPENDED.value)


@check(
    "households.protected",
    "在租、在享、轮候的家庭与应年审的家庭",
    needs=(Household, AnnualReview, Lease, SubsidyGrant, WaitingEntry),
    reads=(*REVIEW_MODELS, *PLAN_MODELS, *SUBSIDY_MODELS, WaitingEntry),
)
def helped_and_due(asked: Asked) -> Pair | None:
    """In a unit + in force + waiting, each once, + with none of them - not due = due for review.

    The first three are the households behind patrol.coverage, subsidy.in_force and waiting.closing.
    A household with none of them has a past that says why: a grant, a registration or a lease that
    has ended or not begun; without any it is an open question. So is one that receives something
    and is not due, unless 保障状态 says that it has exited or is suspended.
    """
    due = asked.side("review.decided", whole=True)
    if due is None:
        return None
    helped, view = _helped(asked.scope), asked.once(made.review)
    numbers = {one.number for one in view.due}
    idle, extra = numbers - helped.every, helped.every - numbers
    why = dict(_past(asked.loaded, idle)) | {
        one.number: "已退出保障、仍列在当年的年审表"
        for one in view.due
        if not one.in_force and one.number in idle
    }
    states = _states(asked.loaded)
    strange = [number for number in idle if number not in why]
    strange += [number for number in extra if states.get(number) not in _LEFT_OUT]
    words = (
        _group(f"{len(idle)} 户应年审而没有房源、补贴、轮候", idle, why, _NOTHING),
        _group(f"{len(extra)} 户有房源、补贴或轮候而不应年审", extra, states, _NO_HOUSEHOLD),
        f"请核对 {_named(strange)}" if strange else "",
    )
    cells = tuple(_cells(asked.loaded, idle | extra | helped.twice))
    left = Side(helped.title, len(helped.every), cells)
    right = Side("应年审的家庭", due.number)
    return Pair(left, right, "户", "；".join(filter(None, words)), unexplained=len(strange))


@dataclass(frozen=True, slots=True)
class _Helped:
    """The households that live in a unit, are paid a subsidy, or wait, at the end of the day."""

    homes: set[str]
    granted: set[str]
    waiting: set[str]

    @property
    def every(self) -> set[str]:
        """All of them, each once."""
        return self.homes | self.granted | self.waiting

    @property
    def twice(self) -> set[str]:
        """Those that have more than one."""
        counts = Counter((*self.homes, *self.granted, *self.waiting))
        return {number for number, count in counts.items() if count > 1}

    @property
    def title(self) -> str:
        """The sum, with what is counted twice."""
        parts = f"在租 {len(self.homes)} + 在享 {len(self.granted)} + 轮候 {len(self.waiting)}"
        over = len(self.homes) + len(self.granted) + len(self.waiting) - len(self.every)
        return f"{parts} - 重复 {over}" if over else parts


def _helped(scope: Scope) -> _Helped:
    seen = scope.once(patrolled)
    return _Helped(
        {number for number in seen.homes.on(seen.day) if number in seen.known},
        scope.once(standing_grants).live,
        {one.household_no for one in read_waiting_list(scope.loaded).live(scope.day)},
    )


def _past(loaded: Loaded, wanted: set[str]) -> Iterator[tuple[str, str]]:
    """Household → why it has nothing now, by its lease, registration, grant: the last one holds."""
    for number in loaded.get(Lease).column("household_no"):
        if number in wanted:
            yield number, "合同已终止或还没有起租"
    for one in read_waiting_list(loaded).registrations:
        if one.household_no in wanted:
            yield one.household_no, _WAITING.get(one.status, f"轮候{one.status.value}")
    grants = loaded.get(SubsidyGrant)
    numbers, states = grants.column("household_no"), grants.column("status")
    for row in grants.usable("household_no", "status"):
        if numbers[row] in wanted:
            yield numbers[row], _GRANTS[SubsidyStatus(states[row])]


def _states(loaded: Loaded) -> dict[str, str]:
    """Household → 保障状态."""
    table = loaded.get(Household)
    numbers, states = table.column("household_no"), table.column("status")
    return {numbers[row]: str(states[row]) for row in table.usable("household_no", "status")}


def _group(title: str, numbers: set[str], why: dict[str, str], other: str) -> str:
    """How many, and how many for which reason; "" for none."""
    counts = Counter(why.get(number, other) for number in sorted(numbers))
    reasons = "、".join(f"{count} 户{reason}" for reason, count in counts.most_common())
    return f"{title}（{reasons}）" if numbers else ""


def _named(numbers: Iterable[str]) -> str:
    ordered = sorted(numbers)
    more = "等" if len(ordered) > _SHOWN else ""
    return f"{'、'.join(ordered[:_SHOWN])}{more}"


def _cells(loaded: Loaded, wanted: set[str]) -> Iterator[Cell]:
    """Where the households stand in 保障家庭."""
    table = loaded.get(Household)
    for row, number in enumerate(table.column("household_no")):
        if number in wanted:
            yield table.cell(row, "household_no")
