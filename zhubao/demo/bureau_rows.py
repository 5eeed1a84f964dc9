"""All eight workbooks of a town: workbook → row model → rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zhubao.demo import coming_draw, resettlement_draw
from zhubao.demo.approval_rows import approval_rows, case_rows, ticket_rows
from zhubao.demo.audit_rows import Audit
from zhubao.demo.blueprint import Blueprint
from zhubao.demo.contractor_results import Results
from zhubao.demo.draw_rows import (
    batch_rows,
    draw_rows,
    result_rows,
    roster_rows,
    selection_rows,
)
from zhubao.demo.household_rows import tenant_rows
from zhubao.demo.idle_homes import examine
from zhubao.demo.office_rows import office_rows
from zhubao.demo.patrol_rows import Patrol
from zhubao.demo.rent_history import RentHistory, rent_history
from zhubao.demo.rent_rows import arrears_rows
from zhubao.demo.subsidy_rows import Grant, make_grants, subsidy_rows
from zhubao.demo.supply_rows import unit_workbook_rows
from zhubao.demo.tenancy import Town
from zhubao.demo.waiting_list import WaitingList
from zhubao.ledger import allocation, services

WorkbookRows = dict[type, Any]  # row model → iterable of rows


@dataclass(slots=True)
class Bureau:
    """A town with everything that happened in it."""

    town: Town
    waiting: WaitingList
    grants: list[Grant]
    history: RentHistory


def live_through(plan: Blueprint, progress: Callable[[], None] | None = None) -> Bureau:
    """Make the town of a blueprint and let its period go by."""
    town = Town(plan)
    town.settle()
    waiting = WaitingList(town)
    grants = make_grants(town)
    return Bureau(town, waiting, grants, rent_history(town, progress))


def workbooks(bureau: Bureau) -> dict[str, WorkbookRows]:
    """Workbook → row model → rows, in the order of the workbooks."""
    town = bureau.town
    audit = Audit(town, bureau.grants)
    patrol = Patrol(town, examine(town, bureau.history))
    return {
        "units": unit_workbook_rows(town),
        "tenants": tenant_rows(town, bureau.waiting.rows()),
        "arrears": arrears_rows(town, bureau.history),
        "subsidies": subsidy_rows(town, bureau.grants),
        "allocation": _allocation(bureau),
        "patrol": patrol.rows(),
        "audit": audit.rows(),
        "services": _services(bureau, patrol),
    }


def _allocation(bureau: Bureau) -> WorkbookRows:
    events = list(draw_rows(bureau.waiting))
    draws = [draw for _, draw in events]
    project = resettlement_draw.resettlement_draw(bureau.town)
    roster = [row for draw in draws for row in roster_rows(draw)]
    results = [row for draw in draws for row in result_rows(draw)]
    coming = coming_draw.coming_draw(bureau.town, bureau.waiting)
    return {
        allocation.DrawEvent: [
            *(row for row, _ in events),
            resettlement_draw.event_row(project),
            *([coming_draw.event_row(coming)] if coming else []),
        ],
        allocation.Batch: [row for draw in draws for row in batch_rows(draw)],
        allocation.RosterEntry: [
            *roster,
            *resettlement_draw.roster_rows(project),
            *(coming_draw.roster_rows(coming) if coming else ()),
        ],
        allocation.DrawResult: [*results, *resettlement_draw.result_rows(project)],
        allocation.UnitSelection: [row for draw in draws for row in selection_rows(draw)],
        allocation.RelatedPerson: list(coming_draw.related_rows(bureau.town, coming)),
    }


def _services(bureau: Bureau, patrol: Patrol) -> WorkbookRows:
    town = bureau.town
    tickets = list(ticket_rows(town))
    results = Results(town, bureau.history, patrol.calls, patrol.cases, tickets)
    return {
        services.Approval: approval_rows(town, bureau.waiting, bureau.grants),
        services.SpecialCase: case_rows(town),
        services.HotlineTicket: iter(tickets),
        **office_rows(town, results),
    }
