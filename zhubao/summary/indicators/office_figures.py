"""Figures of tickets, special cases and the office."""

from __future__ import annotations

from zhubao import policy
from zhubao.ledger.office import CareVisit, FileDelivery, Publicity, Training
from zhubao.ledger.services import HotlineTicket, SpecialCase
from zhubao.services.office import figures as office
from zhubao.services.office.counting import Figure as Counted
from zhubao.services.office.weeks import PER_WEEK, delivery_weeks
from zhubao.summary.indicators.figures import Measured, Scope, figure

_BY = "zhubao office report"


@figure(
    "tickets.handled",
    "12345工单办结",
    "份",
    "办结日期在期间内的工单，不论何时收到",
    example="去年12月收到、1月5日办结 1 份，6月30日办结 2 份，7月1日办结 1 份，退回 1 份："
    "上半年计 3 份",
    sheets=(HotlineTicket,),
    command=_BY,
)
def tickets_handled(scope: Scope) -> Measured:
    """12345 tickets handled in the period."""
    return _counted(office.tickets_handled(scope.loaded, scope.period, scope.as_of))


@figure(
    "cases.special_resolved",
    "个案解决",
    "户",
    "解决日期在期间内、已解决的个案；查明无法解决的不算",
    example="6月30日解决 3 户，7月1日解决 1 户，查明无法解决 1 户，办理中 2 户：上半年计 3 户",
    sheets=(SpecialCase,),
    command=_BY,
)
def special_cases_resolved(scope: Scope) -> Measured:
    """Special cases resolved in the period."""
    return _counted(office.cases_resolved(scope.loaded, scope.period, scope.as_of))


@figure(
    "deliveries.count",
    "报件次数",
    "次",
    "报送日期在期间内的向市局报件，每行计一次",
    example="6月30日上午、下午各报一次，7月1日报一次：上半年计 2 次",
    sheets=(FileDelivery,),
    command=_BY,
)
def deliveries(scope: Scope) -> Measured:
    """Deliveries of files to the city bureau."""
    return _counted(office.deliveries(scope.loaded, scope.period, scope.as_of))


@figure(
    "deliveries.weeks_kept",
    "按每周次数报件的周",
    "周",
    "报件达到应有次数（每周规定次数，工作日不够的按工作日数）的周 ÷ 应报件的周；"
    "星期一在期间内、截止日以前已经过完的周才算，整周没有工作日的、第一次报件以前的不算",
    example="每周规定 2 次：第一周报 2 次，第二周报 1 次，第三周只有 1 个工作日、报 1 次，"
    "第四周还没过完：2/3 周",
    sheets=(FileDelivery,),
    command=_BY,
    is_rate=True,
)
def delivery_weeks_kept(scope: Scope) -> Measured:
    """Weeks with enough deliveries ÷ weeks that required any."""
    weeks = delivery_weeks(
        scope.loaded, scope.period, scope.as_of, scope.calendar.is_workday, scope.overrides
    )
    cells = tuple(cell for week in weeks.weeks for cell in week.cells)
    often = policy.at(PER_WEEK, scope.day, scope.overrides)
    note = f"每周规定 {often} 次"
    return Measured(weeks.kept.numerator, cells, weeks.kept.denominator, cells, note)


@figure(
    "training.sessions",
    "培训场次",
    "场",
    "举办日期在期间内的培训",
    example="3月办 2 场，6月30日办 1 场，7月1日办 1 场：上半年计 3 场",
    sheets=(Training,),
    command=_BY,
)
def training_sessions(scope: Scope) -> Measured:
    """Training sessions held."""
    return _counted(office.training_sessions(scope.loaded, scope.period, scope.as_of))


@figure(
    "training.attendees",
    "培训人次",
    "人次",
    "期间内各场培训的参加人数之和",
    example="第一场 30 人，第二场 45 人（20 人两场都到），第三场没有填人数：计 75 人次",
    sheets=(Training,),
    command=_BY,
)
def training_attendees(scope: Scope) -> Measured:
    """People trained, each session counted for itself."""
    return _counted(office.training_attendees(scope.loaded, scope.period, scope.as_of))


@figure(
    "publicity.news",
    "信息动态",
    "篇",
    "发布日期在期间内的信息动态",
    example="6月30日发信息动态 2 篇、媒体报道 1 篇，7月1日发信息动态 1 篇：上半年计 2 篇",
    sheets=(Publicity,),
    command=_BY,
)
def news_items(scope: Scope) -> Measured:
    """News items published."""
    return _counted(office.news_items(scope.loaded, scope.period, scope.as_of))


@figure(
    "care.hospital",
    "看望住院退休干部",
    "名",
    "期间内住院慰问的退休干部，一人只计一次",
    example="住院慰问退休的张某 2 次、李某 1 次，在职的王某 1 次，节日慰问退休的赵某 1 次：计 2 名",
    sheets=(CareVisit,),
    command=_BY,
)
def retired_in_hospital(scope: Scope) -> Measured:
    """Retired staff visited in hospital."""
    return _counted(office.retired_in_hospital(scope.loaded, scope.period, scope.as_of))


@figure(
    "care.memorial",
    "参加追悼会",
    "次",
    "期间内参加的追悼会",
    example="到 6月30日参加追悼会 2 次，7月1日参加 1 次，住院慰问 3 次：上半年计 2 次",
    sheets=(CareVisit,),
    command=_BY,
)
def memorial_meetings(scope: Scope) -> Measured:
    """Memorial meetings attended."""
    return _counted(office.memorial_meetings(scope.loaded, scope.period, scope.as_of))


def _counted(one: Counted) -> Measured:
    return Measured(one.value, one.cells)
