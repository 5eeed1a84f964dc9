"""The check list: let units that look idle, or whose tenant may be dead, with the evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhubao import policy
from zhubao.core.background import paused_gc
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.spans import whole_months
from zhubao.ledger.checks.standing import live_leases
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import VacancyReason
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Unit
from zhubao.patrol.vacancy.checks import Checked, last_checks
from zhubao.patrol.vacancy.people import People, people_of
from zhubao.patrol.vacancy.rent_signs import RentSigns, rent_signs
from zhubao.patrol.vacancy.signs import Sign, last_sign
from zhubao.patrol.vacancy.visit_signs import Call, call_cell, calls_of


class EvidenceKind(StrEnum):
    """What kind of evidence."""

    RENT = "租金"
    VISITS = "上户"
    DEATH = "死亡登记"
    AGE = "高龄"
    CHECK = "以前核查"


_DEATH = frozenset({EvidenceKind.DEATH, EvidenceKind.AGE})
_DATES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Evidence:
    """One kind of evidence: in a few words, in a sentence, and the cells it stands in."""

    kind: EvidenceKind
    short: str
    words: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Lead:
    """A unit to be examined: a 疑点, not a verdict. `months` are whole ones since `sign`."""

    unit: str
    estate: str
    household: str
    lease: int
    reason: VacancyReason
    sign: Sign
    months: int
    evidence: tuple[Evidence, ...]
    check: Checked | None  # the check under way

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell the lead rests on, the sign of life last."""
        found = [cell for one in self.evidence for cell in one.cells]
        return tuple(dict.fromkeys([*found, self.sign.cell]))

    @property
    def explanation(self) -> str:
        """Plain words: which evidence, and since when."""
        return "；".join([*(one.words for one in self.evidence), f"此前 {self.sign.words}"])


@dataclass(frozen=True, slots=True)
class LeadList:
    """The leads, those with the most kinds of evidence first, out of `let` units examined.

    `paying`: units found empty again and again by visitors while rent came in; no leads, for a
    receipt breaks the run, but worth knowing.
    """

    loaded: Loaded
    as_of: dt.date
    months: int
    legal_months: int
    estate: str
    leads: tuple[Lead, ...]
    let: int
    paying: tuple[tuple[str, str, tuple[Cell, ...]], ...]  # unit, household, visits

    @property
    def new(self) -> tuple[Lead, ...]:
        """The leads without a check under way."""
        return tuple(lead for lead in self.leads if lead.check is None)


def find_leads(
    loaded: Loaded,
    as_of: dt.date,
    *,
    months: int | None = None,
    estate: str = "",
    overrides: Mapping[str, Any] | None = None,
) -> LeadList:
    """Every unit let on the day with evidence that nobody lives there, or the tenant is dead.

    Idle: at least `months` whole months since the last sign of life (a visit that met somebody, a
    receipt, a check that found the unit lived in; else the start of the lease), and one of: rent
    charged and unpaid for so many months in a row; patrol.failed_visits visits on different days
    that met nobody; an earlier check that did not clear it. Suspected death: 死亡日期 of the
    tenant, or age from patrol.elderly_age on and the tenant not met for `months` months.
    Source: 《公共租赁住房管理办法》 art. 27, 连续 6 个月以上 (6 included), policy lease.idle_months
    where `months` is None. Raises `UsageError` for an unknown estate or fewer months than one.
    """
    if months is not None and months < 1:
        raise UsageError("月数要大于 0", advice="请核对 --months。")
    units = loaded.get(Unit)
    estates = dict(zip(units.column("unit_no"), units.column("estate"), strict=True))
    if estate and estate not in estates.values():
        raise UsageError(f"没有名为“{estate}”的小区", advice="请核对小区名称。")
    legal = int(policy.at("lease.idle_months", as_of, overrides))
    limit = months or legal
    with paused_gc():
        finder = _Finder(loaded, as_of, limit, overrides)
    leases = loaded.get(Lease)
    homes, households = leases.column("unit_no"), leases.column("household_no")
    leads, paying, let = [], [], 0
    for index in live_leases(leases, as_of):
        unit, household = homes[index], households[index]
        place = estates.get(unit) or ""
        if not unit or not household or estate not in ("", place):
            continue
        let += 1
        lead = finder.lead(index, unit, household, place)
        if lead is not None:
            leads.append(lead)
        else:
            empty = finder.empty_though_paying(unit, household)
            paying += [(unit, household, empty)] if empty else []
    leads.sort(key=_strength)
    return LeadList(loaded, as_of, limit, legal, estate, tuple(leads), let, tuple(paying))


def _strength(lead: Lead) -> tuple[int, bool, int, str]:
    kinds = {one.kind for one in lead.evidence}
    return -len(kinds), EvidenceKind.DEATH not in kinds, -lead.months, lead.unit


class _Finder:
    """The evidence of every household, read once."""

    def __init__(
        self, loaded: Loaded, as_of: dt.date, months: int, overrides: Mapping[str, Any] | None
    ) -> None:
        self._loaded, self._as_of, self._months = loaded, as_of, months
        self._failed = int(policy.at("patrol.failed_visits", as_of, overrides))
        self._elderly = int(policy.at("patrol.elderly_age", as_of, overrides))
        self._rent: RentSigns = rent_signs(loaded, as_of)
        self._calls = calls_of(loaded, as_of)
        self._people = people_of(loaded, as_of)
        self._checks = last_checks(loaded, as_of)

    def lead(self, lease: int, unit: str, household: str, estate: str) -> Lead | None:
        """The lead on this unit, or None."""
        calls, check = self._calls.get(household, []), self._checks.get(unit)
        begin = self._begin(lease)
        if check is not None and check.household not in ("", household):
            check = None
        sign = self._sign(household, calls, check, begin)
        months = whole_months(sign.day, self._as_of)
        found = self._idle(household, unit, calls, check, sign) if months >= self._months else []
        found += self._death(household, calls, begin)
        if not found:
            return None
        death = any(one.kind in _DEATH for one in found)
        reason = VacancyReason.SUSPECTED_DEATH if death else VacancyReason.IDLE
        under_way = check if check is not None and check.is_open else None
        return Lead(unit, estate, household, lease, reason, sign, months, tuple(found), under_way)

    def empty_though_paying(self, unit: str, household: str) -> tuple[Cell, ...]:
        """The cells of repeated 无人居住 since somebody was last met, months ago or never."""
        calls = [call for call in self._calls.get(household, []) if call.unit in ("", unit)]
        since = max((call.day for call in calls if call.seen), default=dt.date.min)
        empty = [call for call in calls if call.empty and call.day > since]
        if len({call.day for call in empty}) < self._failed:
            return ()
        long = whole_months(empty[0].day, self._as_of) >= self._months
        return tuple(call_cell(self._loaded, call) for call in empty) if long else ()

    def _begin(self, lease: int) -> Sign:
        table = self._loaded.get(Lease)
        moved, start = (table.column(name)[lease] for name in ("moved_in_on", "starts_on"))
        if moved is not None and start <= moved <= self._as_of:
            return Sign(moved, f"{moved} 入住", table.cell(lease, "moved_in_on"))
        return Sign(start, f"{start} 起租", table.cell(lease, "starts_on"))

    def _sign(
        self, household: str, calls: Sequence[Call], check: Checked | None, begin: Sign
    ) -> Sign:
        """The latest sign of life; the start of the lease where there is none after it."""
        sign = last_sign(self._loaded, calls, self._rent.paid.get(household))
        signs = [begin] if sign is None else [begin, sign]
        if check is not None and check.lived_in:
            day = check.closed_on or check.day
            words = f"{day} 核查为正常居住（{check.number}）"
            signs.append(Sign(day, words, check.cell))
        return max(signs, key=lambda sign: sign.day)

    def _idle(
        self,
        household: str,
        unit: str,
        calls: Sequence[Call],
        check: Checked | None,
        sign: Sign,
    ) -> list[Evidence]:
        found = []
        run = self._rent.runs.get(household)
        if run is not None and len(run.months) >= self._months:
            span = f"{run.months[0]} 至 {run.months[-1]}"
            words = f"{span} 连续 {len(run.months)} 个月已计应收、没有收到租金"
            short = f"租金{len(run.months)}个月"
            found.append(Evidence(EvidenceKind.RENT, short, words, run.cells))
        failed = [
            call
            for call in calls
            if not call.seen and call.day > sign.day and call.unit in ("", unit)
        ]
        days = sorted({call.day for call in failed})
        if len(days) >= self._failed:
            found.append(_visits(self._loaded, failed, days))
        if check is not None and not check.lived_in and check.day >= sign.day:
            words = f"{check.day} 核查为“{check.result}”（{check.number}）"
            found.append(Evidence(EvidenceKind.CHECK, "以前核查", words, (check.cell,)))
        return found

    def _death(self, household: str, calls: Sequence[Call], begin: Sign) -> list[Evidence]:
        people = self._people.get(household)
        if people is None:
            return []
        if people.died_on is not None:
            return [_dead(people)]
        if people.age is None or people.age < self._elderly:
            return []
        met = max((call.day for call in calls if call.tenant), default=begin.day)
        unseen = whole_months(max(met, begin.day), self._as_of)
        if unseen < self._months:
            return []
        words = f"承租人 {people.age} 岁，{unseen} 个月没有人见到本人"
        cells = (people.age_cell,) if people.age_cell else ()
        return [Evidence(EvidenceKind.AGE, f"{people.age}岁", words, cells)]


def _visits(loaded: Loaded, failed: Sequence[Call], days: Sequence[dt.date]) -> Evidence:
    shown = "、".join(day.isoformat() for day in days[:_DATES_SHOWN])
    more = f" 等 {len(days)} 天" if len(days) > _DATES_SHOWN else ""
    empty = sum(call.empty for call in failed)
    said = f"，其中 {empty} 次无人居住" if empty else ""
    words = f"上户 {len(failed)} 次没有见到人（{shown}{more}）{said}"
    cells = tuple(call_cell(loaded, call) for call in failed)
    return Evidence(EvidenceKind.VISITS, f"上户{len(failed)}次", words, cells)


def _dead(people: People) -> Evidence:
    left = f"，同户另有 {people.alive} 人" if people.alive else "，户内没有其他人"
    words = f"承租人登记死亡日期 {people.died_on}{left}"
    return Evidence(EvidenceKind.DEATH, "死亡登记", words, people.died_cells)
