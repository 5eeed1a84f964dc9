"""`zhubao patrol cases`: the cases of a period, and the open ones from before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding
from zhubao.core.period import Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import CaseCategory, CaseKind, RectificationStatus, TenancyCase
from zhubao.ledger.units import Unit
from zhubao.patrol.cases.back_rent import BackRent, back_rents
from zhubao.patrol.cases.book import Case, read_cases
from zhubao.patrol.cases.checks import case_faults
from zhubao.patrol.cases.figures import Flow, MoneyFigures, flow_of, found_in, money_figures
from zhubao.patrol.cases.words import choice


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases are wanted; "" is all. `kind` is a kind or a category.

    Kind and estate limit figures and list, status and overdue the list only: a rate among the
    overdue would say nothing.
    """

    status: str = ""
    kind: str = ""
    estate: str = ""
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class CaseList:
    """The cases found in the period (`base`), those listed, and what they come to.

    `listed` also has cases found earlier that are still open. Back rent of both.
    """

    loaded: Loaded
    period: Period
    as_of: dt.date
    wanted: CaseFilter
    base: tuple[Case, ...]
    listed: tuple[Case, ...]
    unfounded: int
    unread: int
    flow: Flow
    rents: Mapping[int, BackRent]
    money: MoneyFigures
    findings: tuple[Finding, ...]

    def of_category(self, category: CaseCategory) -> list[Case]:
        """The period's cases of one category."""
        return [case for case in self.base if case.category is category]


def compute_cases(
    loaded: Loaded,
    period: Period,
    as_of: dt.date,
    wanted: CaseFilter | None = None,
    *,
    overrides: Mapping[str, Any] | None = None,
) -> CaseList:
    """The list and its figures as they stood on `as_of`.

    Raises `UsageError` for a status, kind or estate that is none.
    """
    chosen = wanted or CaseFilter()
    table = loaded.get(TenancyCase)
    cases = _counted(read_cases(loaded, as_of), chosen, loaded)
    base = found_in(cases, period)
    shown = _shown(cases, chosen)
    listed = [case for case in shown if period.contains(case.found) or case.is_open]
    rents = back_rents(
        loaded, {case.index: case for case in (*base, *listed)}.values(), as_of, overrides
    )
    return CaseList(
        loaded=loaded,
        period=period,
        as_of=as_of,
        wanted=chosen,
        base=tuple(base),
        listed=tuple(sorted(listed, key=lambda case: (case.found, case.index))),
        unfounded=sum(not case.counts and period.contains(case.found) for case in cases),
        unread=len(table) - len(table.usable()),
        flow=flow_of(cases, period),
        rents=rents,
        money=money_figures(table, base, rents),
        findings=tuple(case_faults(table, as_of, overrides)),
    )


def _counted(cases: list[Case], wanted: CaseFilter, loaded: Loaded) -> list[Case]:
    """The cases of the kind and estate: they make the figures."""
    kinds = _kinds(wanted.kind) if wanted.kind else None
    if wanted.estate and wanted.estate not in loaded.get(Unit).column("estate"):
        raise UsageError(f"没有名为“{wanted.estate}”的小区", advice="请核对小区名称。")
    return [
        case
        for case in cases
        if (kinds is None or case.kind.value in kinds or case.category.value in kinds)
        and wanted.estate in ("", case.estate)
    ]


def _shown(cases: list[Case], wanted: CaseFilter) -> list[Case]:
    """Those of the status, and overdue, where asked for: they only make the list."""
    status = choice(RectificationStatus, wanted.status, "--status") if wanted.status else None
    return [
        case
        for case in cases
        if status in (None, case.stage) and (case.overdue or not wanted.overdue)
    ]


def _kinds(text: str) -> set[str]:
    known = [*(one.value for one in CaseCategory), *(one.value for one in CaseKind)]
    if text.strip() not in known:
        raise UsageError(f"--kind 的“{text}”不认识", advice=f"可以写：{'、'.join(known)}。")
    return {text.strip()}
