"""Which sheets each command of this line reads."""

from __future__ import annotations

from zhubao.ledger.allocation import DrawEvent, UnitSelection
from zhubao.ledger.arrears import Charge
from zhubao.ledger.patrol import PatrolVisit, VacancyCheck
from zhubao.ledger.tenants import Household, Lease
from zhubao.ledger.units import Developer, Dispatch, PipelineProject, SupplyBatch, Unit

SUPPLY_MODELS = (SupplyBatch, PipelineProject, Developer)
DISPATCH_MODELS = (Unit, SupplyBatch, Dispatch, Lease)
DISPATCH_WRITE_MODELS = (*DISPATCH_MODELS, DrawEvent, UnitSelection)
UNIT_MODELS = (Unit, Lease, Dispatch)
HISTORY_MODELS = (
    Unit,
    Household,
    Lease,
    Charge,
    UnitSelection,
    Dispatch,
    PatrolVisit,
    VacancyCheck,
)
