"""Which sheets money coming in needs. Light: reading starts while the rest is imported."""

from __future__ import annotations

from zhubao.ledger.arrears import Charge, OpeningDebt, Receipt, Reduction, SuspenseReceipt
from zhubao.ledger.tenants import Household, Lease, Member
from zhubao.ledger.units import Unit

RECEIPT_MODELS = (Unit, Household, Lease, OpeningDebt, Charge, Receipt, Reduction)
IMPORT_MODELS = (*RECEIPT_MODELS, Member, SuspenseReceipt)
