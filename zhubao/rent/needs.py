"""Which sheets the arrears are computed from. Light: reading starts while the rest is imported."""

from __future__ import annotations

from zhubao.ledger.arrears import (
    Charge,
    CollectionVisit,
    Instalment,
    InstalmentPlan,
    OpeningDebt,
    Receipt,
    Reduction,
)
from zhubao.ledger.tenants import Household, Lease
from zhubao.ledger.units import Unit

ARREARS_MODELS = (
    Unit,
    Household,
    Lease,
    OpeningDebt,
    Charge,
    Receipt,
    Reduction,
    InstalmentPlan,
    Instalment,
    CollectionVisit,
)
