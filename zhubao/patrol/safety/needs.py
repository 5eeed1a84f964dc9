"""Which sheets the safety commands read."""

from __future__ import annotations

from zhubao.ledger.patrol import SafetyHazard, SafetyInspection
from zhubao.ledger.units import Unit

SAFETY_MODELS = (SafetyInspection, SafetyHazard, Unit)
