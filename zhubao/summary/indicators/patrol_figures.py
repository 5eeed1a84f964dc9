"""Figures of patrols, violations and changes, campaigns, vacancy checks and safety."""

from __future__ import annotations

from zhubao.ledger.patrol import (
    Campaign,
    CaseCategory,
    KeyHousehold,
    PatrolVisit,
    SafetyHazard,
    TenancyCase,
    VacancyCheck,
)
from zhubao.ledger.tenants import Lease
from zhubao.patrol.campaigns import compute_campaigns
from zhubao.patrol.cases.figures import Figure as CaseFigure
from zhubao.patrol.cases.figures import rectified_cases, rectified_households
from zhubao.patrol.cases.needs import CAMPAIGN_MODELS, CASE_MODELS
from zhubao.patrol.safety.book import hazards_fixed
from zhubao.patrol.safety.needs import SAFETY_MODELS
from zhubao.patrol.vacancy.checks import CheckFigures, check_figures
from zhubao.patrol.visits import figures as visits
from zhubao.patrol.visits.needs import PLAN_MODELS
from zhubao.summary.indicators.figures import Measured, Scope, figure

_PATROLLED_BY = "zhubao patrol report"
_CASES_BY = "zhubao patrol cases"
_VACANCY_BY = "zhubao patrol vacancy"
_SAFETY_BY = "zhubao patrol safety"


def patrolled(scope: Scope) -> visits.Seen:
    """The patrols, key households and homes as the figures of the period see them."""
    return visits.see(scope.loaded, scope.period, scope.as_of, scope.overrides)


def _checks(scope: Scope) -> CheckFigures:
    return check_figures(scope.loaded, scope.period, scope.as_of)


@figure(
    "patrol.households",
    "动态巡查户数",
    "户",
    "期间内至少巡查过一次的家庭，不论哪种巡查、见到没见到，一户只计一次；"
    "家庭编号不在保障家庭表里的不算一户",
    example="甲户巡查 3 次，乙户 1 次、没见到人，另 1 行的家庭编号不在保障家庭表里：计 2 户",
    sheets=(PatrolVisit,),
    reads=PLAN_MODELS,
    command=_PATROLLED_BY,
    target="XC",
)
def patrolled_households(scope: Scope) -> Measured:
    """Distinct households visited; the cell of each is that of its first visit."""
    seen = scope.once(patrolled)
    return _visited(visits.households_patrolled(seen), _strays(seen))


@figure(
    "patrol.visits",
    "巡查次数",
    "次",
    "期间内的巡查行数，每行一次；家庭编号不在保障家庭表里的也算",
    example="甲户巡查 3 次，乙户 1 次、没见到人，另 1 行的家庭编号不在保障家庭表里：计 5 次",
    sheets=(PatrolVisit,),
    reads=PLAN_MODELS,
    command=_PATROLLED_BY,
)
def patrol_visits(scope: Scope) -> Measured:
    """Rows of 巡查 in the period."""
    seen = scope.once(patrolled)
    return _visited(visits.visits_made(seen), _strays(seen))


@figure(
    "patrol.key_households_revisited",
    "重点对象多次走访户数",
    "户",
    "期间内列在重点对象里、整个期间走访满规定次数（含本数，任何一种巡查都算）的家庭"
    " ÷ 期间内列在重点对象里的家庭；规定次数是政策参数 patrol.repeat_visits，写在说明里，"
    "不是重点对象表的每月走访次数",
    example="规定 2 次：列在重点对象里的甲户走访 2 次、乙户 3 次、丙户 1 次，不在里面的丁户 4 次："
    "2/3 户",
    sheets=(PatrolVisit, KeyHousehold),
    reads=PLAN_MODELS,
    command=_PATROLLED_BY,
    is_rate=True,
    unfit=lambda scope: "按半年以上期间统计" if scope.is_month else "",
)
def key_households_revisited(scope: Scope) -> Measured:
    """Key households visited repeatedly ÷ key households."""
    seen = scope.once(patrolled)
    note = f"整个期间走访满 {seen.rules.repeat_visits} 次（patrol.repeat_visits）"
    return _visited(visits.key_households_revisited(seen), note)


@figure(
    "patrol.coverage",
    "巡查覆盖率",
    "户",
    "期末住在房源里的家庭（合同已到期、没有退租的也算）中，期间内至少巡查过一次的"
    " ÷ 当天住在房源里的家庭",
    example="6月30日住着 4 户（1 户合同到期、没有退租），上半年巡查过其中 3 户，又巡查过 1 户、"
    "已退租：3/4 户",
    sheets=(PatrolVisit, Lease),
    reads=PLAN_MODELS,
    command=_PATROLLED_BY,
    is_rate=True,
)
def patrol_coverage(scope: Scope) -> Measured:
    """Households with a home that were visited ÷ households with a home."""
    return _visited(visits.patrol_coverage(scope.once(patrolled)))


@figure(
    "cases.violations",
    "日常违规户数",
    "户",
    "期间内发现的日常违规中，期间最后一天（或截止日）已全部整改的家庭 ÷ 有违规的家庭；不属实的不算",
    example="甲户 2 起都已整改，乙户 2 起只整改 1 起，丙户 1 起不属实：1/2 户",
    sheets=(TenancyCase,),
    reads=CASE_MODELS,
    command=_CASES_BY,
    is_rate=True,
)
def violations_rectified(scope: Scope) -> Measured:
    """Households whose everyday violations are all put right ÷ households with any."""
    return _cases(
        rectified_households(scope.loaded, scope.period, scope.day, CaseCategory.VIOLATION)
    )


@figure(
    "cases.changes",
    "情况变动户数",
    "户",
    "期间内发现的情况变动中，期间最后一天（或截止日）已全部整改的家庭 ÷ 有变动的家庭；不属实的不算",
    example="甲户购车，6月30日整改；乙户购房，7月1日整改；丙户死亡一事不属实：上半年 1/2 户",
    sheets=(TenancyCase,),
    reads=CASE_MODELS,
    command=_CASES_BY,
    is_rate=True,
)
def changes_rectified(scope: Scope) -> Measured:
    """Households whose changed circumstances are all dealt with ÷ households with any."""
    return _cases(rectified_households(scope.loaded, scope.period, scope.day, CaseCategory.CHANGE))


@figure(
    "cases.rectification",
    "违规与变动整改率",
    "件",
    "期间内发现的违规与变动中，期间最后一天（或截止日）已整改的 ÷ 全部；不属实的不算",
    example="甲户 2 起都已整改，乙户 2 起只整改 1 起，丙户 1 起不属实：3/4 件",
    sheets=(TenancyCase,),
    reads=CASE_MODELS,
    command=_CASES_BY,
    is_rate=True,
)
def case_rectification(scope: Scope) -> Measured:
    """Cases found in the period and rectified ÷ cases found."""
    return _cases(rectified_cases(scope.loaded, scope.period, scope.day))


@figure(
    "campaigns.estates",
    "专项整治小区",
    "个",
    "期间内开展过专项整治（转租转借等）的小区，一个小区只计一次",
    example="甲小区整治 2 次，乙小区去年12月开始、1月5日结束，丙小区 7月1日开始：上半年计 2 个",
    sheets=(Campaign,),
    reads=CAMPAIGN_MODELS,
    command="zhubao patrol campaigns",
)
def campaign_estates(scope: Scope) -> Measured:
    """Distinct estates with a campaign in the period; their names in the note."""
    found = compute_campaigns(scope.loaded, scope.period, scope.as_of)
    cells = tuple(line.cell for line in found.lines)
    return Measured(len(found.estates), cells, note="、".join(found.estates))


@figure(
    "vacancy.checked",
    "空置核查",
    "套",
    "核查日期在期间内的房源（疑似空置六个月以上，或承租人疑似去世），一套只计一次",
    example="甲套 3月、6月各核查一次，乙套 6月30日核查，丙套 7月1日核查：上半年计 2 套",
    sheets=(VacancyCheck,),
    command=_VACANCY_BY,
)
def vacancy_checked(scope: Scope) -> Measured:
    """Distinct units checked as idle or their tenant as dead."""
    checked = scope.once(_checks).checked
    return Measured(checked.numerator, checked.cells)


@figure(
    "safety.hazards",
    "安全隐患整改",
    "起",
    "期间内发现的安全隐患中，期间最后一天（或截止日）已整改的 ÷ 全部；不属实的不算",
    example="发现 5 起：到 6月30日整改 3 起，7月1日整改 1 起，不属实 1 起：上半年 3/4 起",
    sheets=(SafetyHazard,),
    reads=SAFETY_MODELS,
    command=_SAFETY_BY,
    is_rate=True,
)
def safety_hazards(scope: Scope) -> Measured:
    """Hazards found in the period and repaired by the day ÷ found."""
    return _cases(hazards_fixed(scope.loaded, scope.period, scope.day))


def _visited(one: visits.Figure, note: str = "") -> Measured:
    return Measured(one.numerator, one.cells, one.denominator, one.base_cells, note)


def _strays(seen: visits.Seen) -> str:
    """What is to be said of rows whose household is unknown; "" without any."""
    count = len(seen.strays)
    return f"{count} 行巡查的家庭编号不在保障家庭表里，计次数、不计户数" if count else ""


def _cases(one: CaseFigure) -> Measured:
    return Measured(one.numerator, one.cells, one.denominator, one.base)
