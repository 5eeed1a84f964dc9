"""Figures of the annual review and of the purchased services."""

from __future__ import annotations

from decimal import Decimal

from zhubao.core.finding import Cell
from zhubao.ledger.office import ContractorScore
from zhubao.ledger.tenants import AnnualReview, Household, ReviewDecision
from zhubao.services.contractor.ranking import Ranking, Standing, rank_operators
from zhubao.services.contractor.scheme import load_scheme
from zhubao.services.review.figures import is_decided
from zhubao.services.review.needs import REVIEW_MODELS
from zhubao.services.review.population import Due, ReviewYear, review_year
from zhubao.summary.indicators.figures import Measured, Scope, figure

_REVIEWED_BY = "zhubao review report"
_SCORED_BY = "zhubao contractor report"
_HALF = Decimal("0.5")


def _year(scope: Scope) -> ReviewYear:
    return review_year(scope.loaded, scope.day.year, scope.day)


def _decided(scope: Scope) -> list[Due]:
    view, test = scope.once(_year), is_decided(scope.span)
    return [due for due in view.due if test(view, due)]


@figure(
    "review.decided",
    "年审审结户数",
    "户",
    "期末所在年度应年审的家庭中，期间内作出年审结论的 ÷ 应年审的（当天在保，或列在当年年审表）",
    example="应年审 100 户：到 6月30日作出结论 80 户，7月1日作出 5 户，待定 15 户：80/100 户",
    sheets=(AnnualReview, Household),
    reads=REVIEW_MODELS,
    command=_REVIEWED_BY,
    is_rate=True,
)
def review_decided(scope: Scope) -> Measured:
    """Households decided within the period ÷ households due in the year of its last day."""
    view, decided = scope.once(_year), scope.once(_decided)
    return Measured(
        len(decided),
        tuple(view.cell(due, "decision") for due in decided),
        len(view.due),
        tuple(view.cell(due) for due in view.due),
        f"{view.year} 年度",
    )


@figure(
    "review.exited",
    "年审退出户数",
    "户",
    "期间内年审结论是退出保障的 ÷ 期间内作出年审结论的",
    example="到 6月30日作出结论 80 户，其中退出保障 6 户；7月1日又有 2 户结论是退出：6/80 户",
    sheets=(AnnualReview,),
    reads=REVIEW_MODELS,
    command=_REVIEWED_BY,
    is_rate=True,
)
def review_exited(scope: Scope) -> Measured:
    """Households whose review ended with leaving ÷ households decided in the period."""
    view, decided = scope.once(_year), scope.once(_decided)
    left = [due for due in decided if view.decision(due) is ReviewDecision.EXIT]
    cells, base = (tuple(view.cell(due, "decision") for due in some) for some in (left, decided))
    return Measured(len(left), cells, len(decided), base)


def _ranking(scope: Scope) -> Ranking:
    scheme = load_scheme(scope.day, scope.overrides)
    return rank_operators(scope.loaded, scope.span, scheme)


@figure(
    "contractor.scored",
    "购买服务考核单位",
    "家",
    "每项都已评分的服务单位 ÷ 有考核记录的服务单位（考核期间整个在期间内）；说明里是折百分制的得分",
    example="甲公司各项都已评分，乙公司有 1 项没有评分，丙公司的考核期间到 7月31日：上半年 1/2 家",
    sheets=(ContractorScore,),
    command=_SCORED_BY,
    is_rate=True,
)
def contractor_scored(scope: Scope) -> Measured:
    """Operators wholly scored ÷ operators with rows; their points of a hundred in the note."""
    found = scope.once(_ranking).standings
    done = [one for one in found if one.points is not None and not one.unscored]
    note = "；".join(
        f"{one.operator}得 {one.score} 分（满分 {one.full} 分），折百分制 {one.points} 分"
        for one in done
    )
    return Measured(len(done), _cells(done), len(found), _cells(found), note)


@figure(
    "contractor.points",
    "购买服务考核得分率",
    "分",
    "各服务单位已评分项目的得分合计 ÷ 这些项目的满分合计，考核期间须整个在期间内",
    example="甲公司满分 100 分得 92 分，乙公司满分 50 分得 45 分、另一项 50 分没有评：137/150 分",
    sheets=(ContractorScore,),
    command=_SCORED_BY,
    is_rate=True,
)
def contractor_points(scope: Scope) -> Measured:
    """Σ scores ÷ Σ full scores over all operators, in hundredths of a point (half up)."""
    found = scope.once(_ranking).standings
    score, full = sum(one.score for one in found), sum(one.full for one in found)
    note = f"得 {score} 分，满分 {full} 分" if found else ""
    cells = _cells(found)
    return Measured(int(score * 100 + _HALF), cells, int(full * 100 + _HALF), cells, note)


def _cells(standings: list[Standing] | tuple[Standing, ...]) -> tuple[Cell, ...]:
    return tuple(row.cell for one in standings for row in one.rows)
