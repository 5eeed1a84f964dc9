"""Which sheets the contractor's score is worked out from."""

from __future__ import annotations

from zhubao.ledger.arrears import CollectionVisit
from zhubao.ledger.office import ContractorScore, Target
from zhubao.ledger.patrol import PatrolVisit, SafetyHazard, TenancyCase, VacancyCheck
from zhubao.ledger.services import HotlineTicket
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Unit

RANKING_MODELS = (ContractorScore,)
# beside those of the rent account, from which the collection rates come
SCORE_MODELS = (
    ContractorScore,
    Target,
    Unit,
    Lease,
    CollectionVisit,
    PatrolVisit,
    TenancyCase,
    VacancyCheck,
    SafetyHazard,
    HotlineTicket,
)
