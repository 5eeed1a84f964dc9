"""Which sheets the vacancy check list is put together from."""

from __future__ import annotations

from zhubao.ledger.arrears import Charge, CollectionVisit, OpeningDebt, Receipt, Reduction
from zhubao.ledger.patrol import PatrolVisit, VacancyCheck
from zhubao.ledger.tenants import Household, Lease, Member
from zhubao.ledger.units import Unit

VACANCY_MODELS = (
    Unit,
    Household,
    Member,
    Lease,
    OpeningDebt,
    Charge,
    Receipt,
    Reduction,
    CollectionVisit,
    PatrolVisit,
    VacancyCheck,
)
