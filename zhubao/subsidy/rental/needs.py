"""Which sheets the rental subsidy is worked out from. Light: nothing is calculated here."""

from __future__ import annotations

from zhubao.ledger.subsidies import SubsidyGrant, SubsidyPayment, SubsidySignIn
from zhubao.ledger.tenants import Household, Lease, Member

SUBSIDY_MODELS = (SubsidyGrant, SubsidySignIn, SubsidyPayment, Household, Member, Lease)
