"""Which sheets the annual review reads."""

from __future__ import annotations

from zhubao.ledger.arrears import Charge, OpeningDebt, Receipt, Reduction
from zhubao.ledger.patrol import TenancyCase
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyPayment
from zhubao.ledger.tenants import AnnualReview, Household, Lease, Member, WaitingEntry

REVIEW_MODELS = (Household, Member, WaitingEntry, Lease, AnnualReview, SubsidyGrant)
PROPOSAL_MODELS = (
    *REVIEW_MODELS,
    SubsidyPayment,
    TenancyCase,
    OpeningDebt,
    Charge,
    Receipt,
    Reduction,
)
