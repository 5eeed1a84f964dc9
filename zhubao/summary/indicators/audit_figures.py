"""Figures of audit findings and how far they are put right."""

from __future__ import annotations

from collections.abc import Callable

from zhubao.audit.checklist.rates import Rates, rectification_rates
from zhubao.audit.checklist.standing import (
    Standing,
    in_period,
    read_standings,
)
from zhubao.core.report import Ratio
from zhubao.ledger.audit import AuditFinding, FollowUp, IssueKind, RectificationStep, Remedy
from zhubao.summary.indicators.figures import Measured, Scope, figure

_BY = "zhubao audit checklist"
_STEPS = (RectificationStep, FollowUp)
_BY_THE_DAY = "到期间最后一天（或截止日）为止"


def _standings(scope: Scope) -> list[Standing]:
    return in_period(read_standings(scope.loaded, scope.day), scope.span)


def _rates(scope: Scope) -> Rates:
    return rectification_rates(scope.loaded, scope.span, scope.day)


def _declare_outcome(
    code: str,
    title: str,
    unit: str,
    definition: str,
    example: str,
    wanted: Callable[[Standing], bool],
) -> None:
    @figure(
        code,
        title,
        unit,
        f"{definition}；期间内发现、或期初还没有销号的问题，{_BY_THE_DAY}已销号的 ÷ 全部",
        example=example,
        sheets=(AuditFinding,),
        reads=_STEPS,
        command=_BY,
        is_rate=True,
    )
    def outcome(scope: Scope) -> Measured:
        """Households (units) of the findings of one sort that are closed ÷ all of that sort."""
        own = [one for one in scope.once(_standings) if wanted(one)]
        closed = [one for one in own if one.is_closed]
        return Measured(
            sum(one.households for one in closed),
            tuple(one.cell("closed_on") for one in closed),
            sum(one.households for one in own),
            tuple(one.cell("finding_no") for one in own),
        )


_declare_outcome(
    "audit.units_sublet",
    "审计：违规转租转借整改",
    "套",
    "问题类型是违规转租转借的，一户一套",
    "甲件转租，涉及 3 户，已销号；乙件转借，涉及 2 户，已整改、没有销号：3/5 套",
    lambda one: one.row.kind is IssueKind.SUBLET,
)
_declare_outcome(
    "audit.money_repaid",
    "审计：退回资金",
    "户",
    "整改方式是退回资金的（如违规领取的补贴）",
    "退回资金的甲件 4 户，6月30日销号；乙件 1 户，7月1日销号；补缴租金的丙件 2 户：上半年 4/5 户",
    lambda one: one.row.remedy is Remedy.MONEY_REPAID,
)
_declare_outcome(
    "audit.exited",
    "审计：未按规定退出、已退出保障",
    "户",
    "问题类型是未按规定退出、整改方式是退出保障的（购车等）",
    "未按规定退出 4 件，每件 1 户：整改方式是退出保障的 3 件、已销号 2 件，是补缴租金的 1 件："
    "2/3 户",
    lambda one: one.row.kind is IssueKind.NOT_EXITED and one.row.remedy is Remedy.EXIT,
)


def _declare_rate(
    code: str, title: str, unit: str, definition: str, example: str, name: str
) -> None:
    @figure(
        code,
        title,
        unit,
        f"{definition}；期间内发现、或期初还没有销号的审计问题",
        example=example,
        sheets=(AuditFinding,),
        reads=_STEPS,
        command=_BY,
        is_rate=True,
    )
    def rate(scope: Scope) -> Measured:
        """One of the rectification rates."""
        rates = scope.once(_rates)
        ratio: Ratio = getattr(rates, name)
        return Measured(ratio.numerator, rates.cells, ratio.denominator, rates.cells)


_declare_rate(
    "audit.rectified",
    "审计整改率（按件）",
    "件",
    f"{_BY_THE_DAY}已整改的问题 ÷ 全部问题；已回访、已销号的也算已整改，最后一次回访没有到位的不算",
    "4 件：已销号 1 件，已整改 1 件，整改中 1 件，整改后回访没有到位 1 件：2/4 件",
    "by_count",
)
_declare_rate(
    "audit.rectified_households",
    "审计整改率（按户）",
    "户",
    f"{_BY_THE_DAY}已整改户数（不超过涉及户数）÷ 涉及户数",
    "甲件涉及 10 户、登记已整改 12 户（按 10 户计），乙件涉及 5 户、已整改 3 户：13/15 户",
    "by_household",
)
_declare_rate(
    "audit.recovered",
    "审计整改率（按金额）",
    "元",
    f"{_BY_THE_DAY}已追回（逐件不超过涉及金额）÷ 涉及金额",
    "甲件涉及 1,000 元、追回 1,100 元（按 1,000 元计），乙件涉及 500 元、追回 300 元："
    "1,300/1,500 元",
    "by_money",
)
_declare_rate(
    "audit.closed",
    "审计问题销号率",
    "件",
    f"{_BY_THE_DAY}已销号的问题 ÷ 全部问题",
    "已销号 1 件，已整改、没有销号 2 件，整改中 1 件；去年12月已销号的 1 件不计：上半年 1/4 件",
    "closed",
)
