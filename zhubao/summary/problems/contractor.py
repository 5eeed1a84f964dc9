"""The problem of purchased services: an operator with few points."""

from __future__ import annotations

from decimal import Decimal

from zhubao.ledger.office import ContractorScore
from zhubao.services.contractor.ranking import rank_operators
from zhubao.services.contractor.scheme import load_scheme
from zhubao.summary.problems.rules import Facts, Found, Weight, rule


@rule("contractor.low", "购买服务考核得分偏低", Weight.MEDIUM, needs=(ContractorScore,))
def low_scores(facts: Facts) -> Found | None:
    """Operators wholly scored in the period below summary.contractor_points of a hundred."""
    scheme = load_scheme(facts.day, facts.scope.overrides)
    standings = rank_operators(facts.loaded, facts.scope.span, scheme).standings
    limit = Decimal(str(facts.limit("contractor_points")))
    low = [
        (one, one.points)
        for one in standings
        if one.points is not None and not one.unscored and one.points < limit
    ]
    if not low:
        return None
    named = "、".join(f"{one.operator}得 {points} 分" for one, points in low)
    return Found(
        len(low),
        "家",
        f"购买服务考核按百分制计，{named}，{'均' if len(low) > 1 else ''}低于 {limit} 分。",
        "约谈考核得分偏低的服务单位，逐项说明失分原因，限期整改，按合同约定结算服务费。",
        tuple(row.cell for one, _ in low for row in one.rows),
        len(standings),
    )
