"""Problems of approvals, tickets, cases, patrols, safety and audit: what is late or still open."""

from __future__ import annotations

from collections.abc import Iterable

from zhubao.audit.checklist.standing import CHECKLIST_MODELS, read_standings
from zhubao.ledger.audit import AuditFinding
from zhubao.ledger.office import FileDelivery
from zhubao.ledger.patrol import PatrolVisit, SafetyHazard, TenancyCase, VacancyCheck
from zhubao.ledger.services import Approval, HotlineTicket, SpecialCase
from zhubao.ledger.tenants import AnnualReview, Household, Lease
from zhubao.ledger.units import Unit
from zhubao.patrol.cases.book import read_cases
from zhubao.patrol.cases.needs import CASE_MODELS
from zhubao.patrol.safety.book import read_hazards
from zhubao.patrol.safety.needs import SAFETY_MODELS
from zhubao.patrol.vacancy.checks import read_checks
from zhubao.patrol.visits.needs import PLAN_MODELS
from zhubao.services.approval.figures import stage_spread
from zhubao.services.approval.files import Standing
from zhubao.services.approval.rules import Stage
from zhubao.services.office.deadlines import CASES, TICKETS, Register, State, items, overdue
from zhubao.services.review.needs import REVIEW_MODELS
from zhubao.summary.problems.rules import (
    Facts,
    Found,
    Weight,
    among,
    day_words,
    rule,
    share,
    wan,
)
from zhubao.summary.reconcile import made


@rule("approval.overdue", "审批超期未办", Weight.HIGH, needs=(Approval,))
def overdue_approvals(facts: Facts) -> Found | None:
    """Stages open at the end of the day with more half days gone than the limit allows."""
    files = facts.once(made.files)
    runs = list(files.runs())
    late = [(file, run) for file, run in runs if run.standing is Standing.PAST]
    if not late:
        return None
    stages = [stage for stage in Stage if any(run.stage is stage for _, run in late)]
    named = "、".join(
        f"{stage.value}级 {sum(run.stage is stage for _, run in late)} 件" for stage in stages
    )
    return Found(
        len(late),
        "件",
        f"截至{day_words(facts.day)}，在办的审批中有 {len(late)} 件已经超过时限（{named}）。",
        f"对超期的 {len(late)} 件审批{'逐件' if len(late) > 1 else ''}催办，说明原因并限期办结；"
        "时限将到的提前提醒经办人。",
        tuple(files.cell(file, run.stage.received) for file, run in late),
        sum(run.is_open for _, run in runs),
    )


@rule("approval.late", "区级复审有超限办结", Weight.MEDIUM, needs=(Approval,))
def late_approvals(facts: Facts) -> Found | None:
    """District decisions of the period that took more than the limit in force at receipt."""
    files = facts.once(made.files)
    within = stage_spread(files, facts.scope.span, Stage.DISTRICT).within
    late = within.denominator - within.numerator
    if not late:
        return None
    cells = tuple(
        files.cell(file, run.stage.decided)
        for file, run in files.decided(Stage.DISTRICT)
        if run.standing is Standing.LATE
        and run.decided
        and facts.scope.span.contains(run.decided.date())
    )
    return Found(
        late,
        "件",
        f"{facts.this_period}区级办结 {within.denominator:,} 件，{late} 件超过时限，"
        f"限内率 {share(within.numerator, within.denominator)}。",
        "对超限办结的审核逐件分析原因，缺材料的一次告知，人手不足的调整分工。",
        cells,
        within.denominator,
    )


@rule("tickets.overdue", "12345工单超期", Weight.HIGH, needs=(HotlineTicket,))
def overdue_tickets(facts: Facts) -> Found | None:
    """Tickets open whose deadline lies before the day."""
    return _overdue(facts, TICKETS, "件", "12345 工单", "当天联系来电人说明进展，限期办结并回复")


@rule("cases.overdue", "个案超期", Weight.MEDIUM, needs=(SpecialCase,))
def overdue_cases(facts: Facts) -> Found | None:
    """Special cases in hand whose deadline lies before the day."""
    return _overdue(facts, CASES, "件", "个案", "逐件会商，能解决的限期解决，不能解决的书面答复")


@rule("cases.open", "个案没有解决", Weight.LOW, needs=(SpecialCase,))
def open_cases(facts: Facts) -> Found | None:
    """Special cases in hand without a deadline; those within their time are none."""
    going = [one for one in items(facts.loaded, CASES, facts.day) if one.state is State.OPEN]
    undated = [one for one in going if one.due is None]
    if not undated:
        return None
    return Found(
        len(undated),
        "件",
        f"{among(f'在办的 {len(going)} 件个案', len(going), len(undated), '件')}没有定办理期限。",
        f"给没有定期限的 {len(undated)} 件个案定下办理期限，定期向当事人反馈。",
        tuple(one.cell for one in undated),
        len(going),
    )


@rule(
    "violations.overdue",
    "违规与变动逾期未整改",
    Weight.HIGH,
    needs=(TenancyCase,),
    reads=CASE_MODELS,
)
def overdue_violations(facts: Facts) -> Found | None:
    """Cases open past their deadline."""
    going = [one for one in read_cases(facts.loaded, facts.day) if one.is_open]
    late = [one for one in going if one.overdue]
    if not late:
        return None
    return Found(
        len(late),
        "件",
        f"{among(f'没有整改的 {len(going)} 件违规与变动', len(going), len(late), '件')}已过"
        f"整改期限，涉及 {len({one.household for one in late})} 户。",
        "对逾期没有整改的家庭逐户送达限期整改通知，拒不整改的依法收回住房、追缴租金。",
        tuple(one.cell for one in late),
        len(going),
    )


@rule("violations.open", "违规与变动待整改", Weight.LOW, needs=(TenancyCase,), reads=CASE_MODELS)
def open_violations(facts: Facts) -> Found | None:
    """Cases open without a deadline; those within their time are none."""
    going = [one for one in read_cases(facts.loaded, facts.day) if one.is_open]
    undated = [one for one in going if one.deadline is None]
    if not undated:
        return None
    return Found(
        len(undated),
        "件",
        f"{among(f'没有整改的 {len(going)} 件违规与变动', len(going), len(undated), '件')}"
        "没有定整改期限。",
        f"给没有定期限的 {len(undated)} 件违规与变动定下整改期限，跟踪到户，按期复查。",
        tuple(one.cell for one in undated),
        len(going),
    )


@rule("safety.open", "安全隐患没有消除", Weight.HIGH, needs=(SafetyHazard,), reads=SAFETY_MODELS)
def open_hazards(facts: Facts) -> Found | None:
    """Hazards not repaired on the day, found in whatever period; a hint while all are in time."""
    hazards = read_hazards(facts.loaded, facts.day)
    going = [one for one in hazards if one.counts and not one.fixed]
    if not going:
        return None
    late = sum(one.overdue for one in going)
    undated = sum(one.deadline is None for one in going)
    places = "、".join(sorted({one.estate or "小区未填" for one in going}))
    states = (
        (late, "已过整改期限"),
        (undated, "没有定整改期限"),
        (len(going) - late - undated, "仍在整改期限内"),
    )
    longest = max(one.days for one in going)
    return Found(
        len(going),
        "起",
        f"{places} {len(going)} 起安全隐患尚未消除，{_states(states, '起')}，"
        f"发现至今{'最长 ' if len(going) > 1 else ' '}{longest} 天。",
        "对没有消除的安全隐患逐起明确责任人和完成日期，消除以前落实看护和警示，完成后复查销号。"
        if late + undated
        else "对没有消除的安全隐患盯住整改期限，到期前复查销号。",
        tuple(one.cell for one in going),
        severity=None if late + undated else Weight.LOW,
    )


@rule("vacancy.open", "空置核查没有办结", Weight.MEDIUM, needs=(VacancyCheck,))
def open_vacancy_checks(facts: Facts) -> Found | None:
    """Checks of idle units or suspected deaths that are not settled on the day."""
    checks = read_checks(facts.loaded, facts.day)
    going = [one for one in checks if one.is_open]
    if not going:
        return None
    units = {one.unit for one in going}
    return Found(
        len(units),
        "套",
        f"按疑似长期空置或承租人去世核查过的房源中，{len(units)} 套还没有办结。",
        "对没有办结的空置核查逐套联系承租人或其亲属，查实的依规收回，收回后及时配租。",
        tuple(one.cell for one in going),
        len({one.unit for one in checks}),
    )


@rule(
    "patrol.coverage",
    "巡查覆盖率偏低",
    Weight.MEDIUM,
    needs=(PatrolVisit, Lease),
    reads=(*PLAN_MODELS, Household, Unit),
)
def low_coverage(facts: Facts) -> Found | None:
    """The figure patrol.coverage is below summary.coverage_percent, in six months or longer."""
    value = facts.summary.values.get("patrol.coverage")
    measured = value.measured if value and facts.is_long else None
    if measured is None or not facts.is_below(
        measured.value, measured.whole or 0, "coverage_percent"
    ):
        return None
    whole = measured.whole or 0
    return Found(
        whole - measured.value,
        "户",
        f"在租的 {whole:,} 户中本期巡查过 {measured.value:,} 户，覆盖率 "
        f"{share(measured.value, whole)}，{whole - measured.value:,} 户一次也没有巡查。",
        "把没有巡查到的家庭列入下期首批巡查计划，按小区分到人。",
        measured.base,
        whole,
    )


@rule(
    "audit.overdue",
    "审计问题逾期未整改",
    Weight.HIGH,
    needs=(AuditFinding,),
    reads=CHECKLIST_MODELS,
)
def overdue_findings(facts: Facts) -> Found | None:
    """Audit findings past their deadline and not rectified on the day."""
    standings = read_standings(facts.loaded, facts.day)
    going = [one for one in standings if not one.is_rectified]
    late = [one for one in going if one.overdue_days]
    if not late:
        return None
    return Found(
        len(late),
        "件",
        f"{among(f'没有整改的 {len(going)} 件审计问题', len(going), len(late), '件')}已过整改时限，"
        f"最长的逾期 {max(one.overdue_days for one in late)} 天。",
        "对逾期的审计问题向责任部门逐件督办，重新明确时限；确需延期的按程序报批。",
        tuple(one.cell("deadline") for one in late),
        len(going),
    )


@rule(
    "audit.open", "审计问题没有销号", Weight.MEDIUM, needs=(AuditFinding,), reads=CHECKLIST_MODELS
)
def open_findings(facts: Facts) -> Found | None:
    """Audit findings not closed on the day, those past their deadline left to audit.overdue."""
    standings = read_standings(facts.loaded, facts.day)
    going = [one for one in standings if not one.is_closed and not one.overdue_days]
    if not going:
        return None
    done = sum(one.is_rectified for one in going)
    left = sum(max(0, (one.row.amount or 0) - one.settled_amount) for one in going)
    money = f"，还有 {wan(left)}没有追回" if left else ""
    states = ((done, "已整改、等待回访和销号"), (len(going) - done, "在整改时限之内"))
    return Found(
        len(going),
        "件",
        f"审计问题还有 {len(going)} 件没有销号，{_states(states, '件')}{money}。",
        f"{_next_steps(done, len(going), left)}。",
        tuple(one.cell("finding_no") for one in going),
        len(standings),
    )


@rule(
    "review.open", "年审没有审结", Weight.LOW, needs=(AnnualReview, Household), reads=REVIEW_MODELS
)
def open_reviews(facts: Facts) -> Found | None:
    """Households due in the year of the day without a decision in the period, by review.decided.

    Of periods of six months or longer.
    """
    value = facts.summary.values.get("review.decided")
    measured = value.measured if value and facts.is_long else None
    if measured is None or not measured.whole or measured.value >= measured.whole:
        return None
    left = measured.whole - measured.value
    return Found(
        left,
        "户",
        f"{facts.day.year}年应年审 {measured.whole:,} 户，{_reviewed(measured.value, left)}。",
        "安排年审的申报、比对和结论时间，当年审结；不再符合条件的按规定退出。",
        measured.base,
        measured.whole,
    )


@rule("deliveries.weeks", "报件次数不足", Weight.LOW, needs=(FileDelivery,))
def missed_deliveries(facts: Facts) -> Found | None:
    """Weeks with fewer deliveries than policy office.deliveries_per_week asks for."""
    value = facts.summary.values.get("deliveries.weeks_kept")
    measured = value.measured if value else None
    if measured is None or not measured.whole or measured.value >= measured.whole:
        return None
    missed = measured.whole - measured.value
    return Found(
        missed,
        "周",
        f"应报件的 {measured.whole} 周中，{missed} 周没有报足次数。",
        "固定每周报件的日子，遇节假日提前或顺延，由专人登记。",
        measured.sources,
        measured.whole,
    )


def _reviewed(done: int, left: int) -> str:
    """Of half a year or longer (see the rule), so that 本期 is never a month."""
    if not done:
        return "本期都还没有审结"
    return f"本期审结 {done:,} 户，还有 {left:,} 户没有在本期审结"


def _states(states: Iterable[tuple[int, str]], unit: str) -> str:
    """ "其中 1 件甲，1 件乙"; where all are alike "均已甲", and of a single one "已甲"."""
    told = [(count, state) for count, state in states if count]
    if len(told) == 1:
        count, state = told[0]
        return f"{'均' if count > 1 else ''}{state}"
    return "其中 " + "，".join(f"{count} {unit}{state}" for count, state in told)


def _next_steps(done: int, going: int, left: int) -> str:
    steps = [
        ("已整改的审计问题及时回访销号", done),
        ("没有整改的审计问题按时限推进", going - done),
        ("追回的资金缴入国库", left),
    ]
    return "，".join(words for words, count in steps if count)


def _overdue(facts: Facts, register: Register, unit: str, name: str, plan: str) -> Found | None:
    late = overdue(facts.loaded, facts.day, register)
    if not late:
        return None
    going = [one for one in items(facts.loaded, register, facts.day) if one.state is State.OPEN]
    longest = max(one.days_late(facts.day) for one in late)
    return Found(
        len(late),
        unit,
        f"{among(f'在办的 {len(going)} {unit}{name}', len(going), len(late), unit)}已过期限，"
        f"最长的超期 {longest} 天。",
        f"对超期的 {len(late)} {unit}{name}{plan}。",
        tuple(one.cell for one in late),
        len(going),
    )
