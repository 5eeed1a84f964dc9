"""Which sheets the commands of the staff subsidy read."""

from __future__ import annotations

from zhubao.ledger.office import Target
from zhubao.ledger.subsidies import StaffSubsidy, SubsidyGrant
from zhubao.ledger.tenants import Household, Lease, Member

STAFF_MODELS = (StaffSubsidy,)
# with the target, and with those who already live in public housing or draw a rental subsidy
STAFF_REPORT_MODELS = (StaffSubsidy, Target, Household, Member, Lease, SubsidyGrant)
