"""Which sheets the commands on cases and campaigns read."""

from __future__ import annotations

from zhubao.ledger.patrol import Campaign, PatrolVisit, TenancyCase
from zhubao.ledger.tenants import Household, Lease
from zhubao.ledger.units import Unit

CASE_MODELS = (TenancyCase, Campaign, Household, Lease, Unit)
CAMPAIGN_MODELS = (TenancyCase, Campaign, PatrolVisit, Lease, Unit)
