"""Which sheets each command of this line reads."""

from __future__ import annotations

from zhubao.ledger.patrol import Campaign, KeyHousehold, PatrolVisit
from zhubao.ledger.tenants import Household, Lease, Member
from zhubao.ledger.units import Unit

PLAN_MODELS = (PatrolVisit, KeyHousehold, Household, Lease, Unit)
ENTRY_MODELS = (*PLAN_MODELS, Campaign)
KEY_MODELS = (*PLAN_MODELS, Member)
REPORT_MODELS = (*PLAN_MODELS, Campaign)
