"""The office's reports: one topic, all of them together, and everything overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhubao import policy
from zhubao.core.finding import Finding
from zhubao.core.period import Period
from zhubao.core.report import Report, Table
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.office import (
    CareKind,
    CareVisit,
    FileDelivery,
    Publicity,
    PublicityKind,
    StaffAssessment,
    Training,
)
from zhubao.ledger.services import HotlineTicket, SpecialCase
from zhubao.services.office import figures as count
from zhubao.services.office import tables
from zhubao.services.office.attendance import attendance_months
from zhubao.services.office.counting import Figure, Rate
from zhubao.services.office.deadlines import (
    CASES,
    REGISTERS,
    TICKETS,
    Register,
    State,
    contradictions,
    items,
    overdue,
)
from zhubao.services.office.weeks import PER_WEEK, IsWorkday, delivery_weeks


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is of: tables, period, cut-off date, calendar and the bureau's own policy."""

    loaded: Loaded
    period: Period
    as_of: dt.date
    is_workday: IsWorkday
    overrides: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One topic's share of a report."""

    figures: tuple[Figure | Rate, ...] = ()
    monthly: tuple[tables.Monthly, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: its title, the sheets it reads, and how it is worked out."""

    title: str
    models: tuple[type[LedgerRow], ...]
    work_out: Callable[[Asked], Part]


def topic_report(
    topic: str, asked: Asked, *, bureau: str = "", findings: Sequence[Finding] = ()
) -> Report:
    """The figures of one topic for the period, month by month, with its lists."""
    chosen = TOPICS[topic]
    return _report(
        f"office.{topic}", chosen.title, [chosen.work_out(asked)], asked, bureau, findings
    )


def office_report(asked: Asked, *, bureau: str = "", findings: Sequence[Finding] = ()) -> Report:
    """All topics together."""
    parts = [topic.work_out(asked) for topic in TOPICS.values()]
    return _report("office.report", "综合业务", parts, asked, bureau, findings)


def overdue_report(
    loaded: Loaded, as_of: dt.date, *, bureau: str = "", findings: Sequence[Finding] = ()
) -> Report:
    """Everything overdue across the registers, the earliest deadline first."""
    found = overdue(loaded, as_of)
    table = tables.items_table(loaded, found, as_of, key="overdue", title="超期未办结")
    by_register = {one.title: sum(item.register is one for item in found) for one in REGISTERS}
    notes = (
        f"查了：{'、'.join(f'{title} {number}' for title, number in by_register.items())}",
        "期限当天不算超期；没有填期限的不在内。审批的超期见 zhubao approval",
    )
    told = sorted([*findings, *contradictions(loaded)], key=lambda one: one.sort_key)
    return Report(
        code="office.overdue",
        title="超期未办结",
        bureau=bureau,
        as_of=as_of,
        tables=(table,),
        notes=notes,
        findings=tuple(told),
        facts={"overdue": len(found), "by_register": by_register},
    )


def _report(
    code: str,
    title: str,
    parts: Sequence[Part],
    asked: Asked,
    bureau: str,
    findings: Sequence[Finding],
) -> Report:
    figures = [one for part in parts for one in part.figures]
    monthly = [one for part in parts for one in part.monthly]
    shown = [tables.figures_table(figures)] if figures else []
    if monthly and len(asked.period.months()) > 1:
        shown.append(tables.months_table(asked.loaded, asked.period, asked.as_of, monthly))
    shown += [table for part in parts for table in part.tables]
    told = [*findings, *(one for part in parts for one in part.findings)]
    facts = {one.code: one.ratio if isinstance(one, Rate) else one.value for one in figures}
    return Report(
        code=code,
        title=title,
        bureau=bureau,
        as_of=asked.as_of,
        period=asked.period.title,
        tables=tuple(shown),
        notes=tuple(note for part in parts for note in part.notes),
        references=tuple(one for part in parts for one in part.references),
        findings=tuple(sorted(told, key=lambda one: one.sort_key)),
        facts=facts | {key: value for part in parts for key, value in part.facts.items()},
    )


def _tickets(asked: Asked) -> Part:
    loaded, period, day = asked.loaded, asked.period, asked.as_of
    return _with_deadlines(
        asked,
        TICKETS,
        (
            count.tickets_handled(loaded, period, day),
            count.satisfied_rate(loaded, period, day),
        ),
        (
            ("工单收到", lambda *where: count.received(where[0], TICKETS, *where[1:])),
            ("工单办结", count.tickets_handled),
        ),
    )


def _cases(asked: Asked) -> Part:
    resolved = count.cases_resolved(asked.loaded, asked.period, asked.as_of)
    return _with_deadlines(asked, CASES, (resolved,), (("个案解决", count.cases_resolved),))


def _with_deadlines(
    asked: Asked,
    register: Register,
    figures: tuple[Figure | Rate, ...],
    monthly: tuple[tables.Monthly, ...],
) -> Part:
    loaded, period, day = asked.loaded, asked.period, asked.as_of
    still = [one for one in items(loaded, register, day) if one.state is State.OPEN]
    still.sort(key=lambda one: (one.due is None, one.due, one.number))
    title, key = f"{register.title}在办", f"open.{register.model.__name__}"
    return Part(
        figures=(
            count.received(loaded, register, period, day),
            *figures,
            count.still_open(loaded, register, day),
            count.overdue_count(loaded, register, day),
            count.in_time_rate(loaded, register, period, day),
            count.closing_rate(loaded, register, period, day),
        ),
        monthly=monthly,
        tables=(tables.items_table(loaded, still, day, key=key, title=title),),
        findings=tuple(contradictions(loaded, register)),
    )


def _deliveries(asked: Asked) -> Part:
    loaded, period, day = asked.loaded, asked.period, asked.as_of
    weeks = delivery_weeks(loaded, period, day, asked.is_workday, asked.overrides)
    notes = [f"报件：够次数的周 {weeks.kept.numerator}，要求报件的周 {weeks.kept.denominator}"]
    if weeks.running:
        notes.append(f"{weeks.running[0]} 那一周还没有过完，不评报件次数")
    if weeks.begins is not None and weeks.begins > period.start:
        notes.append(f"报件台账从 {weeks.begins} 开始，之前的周不评")
    return Part(
        figures=(
            count.deliveries(loaded, period, day),
            count.files_delivered(loaded, period, day),
            count.files_returned(loaded, period, day),
        ),
        monthly=(("报件次数", count.deliveries),),
        tables=(tables.weeks_table(weeks),),
        notes=tuple(notes),
        references=(policy.basis(PER_WEEK, period.start, asked.overrides),),
        facts={"deliveries.weeks_kept": weeks.kept, "deliveries.short_weeks": len(weeks.short)},
    )


def _training(asked: Asked) -> Part:
    where = asked.loaded, asked.period, asked.as_of
    return Part(
        figures=(count.training_sessions(*where), count.training_attendees(*where)),
        monthly=(("培训", count.training_sessions),),
    )


def _publicity(asked: Asked) -> Part:
    loaded, period, day = asked.loaded, asked.period, asked.as_of
    kinds = tuple(count.published(loaded, kind, period, day) for kind in PublicityKind)
    return Part(
        figures=(*kinds, count.questionnaire_copies(loaded, period, day)),
        monthly=(("信息", count.news_items),),
        tables=(tables.outlets_table(count.items_by_outlet(loaded, period, day)),),
    )


def _care(asked: Asked) -> Part:
    loaded, period, day = asked.loaded, asked.period, asked.as_of
    visits = tuple(count.care_visits(loaded, kind, period, day) for kind in CareKind)
    return Part(
        figures=(count.retired_in_hospital(loaded, period, day), *visits),
        monthly=(
            ("住院慰问", lambda *where: count.care_visits(where[0], CareKind.HOSPITAL, *where[1:])),
            ("追悼会", count.memorial_meetings),
        ),
        notes=("看望住院退休干部按人计，同一人看望几次算一名",),
    )


def _attendance(asked: Asked) -> Part:
    months = attendance_months(asked.loaded, asked.period, asked.as_of)
    notes = ["考勤按整月计"] if months else ["这一期间没有考勤考核记录"]
    unknown = sum(one.people - one.days_known for one in months)
    if unknown:
        notes.append(f"有 {unknown} 人次没有填应出勤或实出勤天数，不计入出勤率")
    return Part(
        tables=(tables.attendance_table(months),),
        notes=tuple(notes),
        facts={"attendance": {str(one.month): one.rate for one in months}},
    )


TOPICS: dict[str, Topic] = {
    "tickets": Topic("12345工单", (HotlineTicket,), _tickets),
    "cases": Topic("项目个案", (SpecialCase,), _cases),
    "deliveries": Topic("报件", (FileDelivery,), _deliveries),
    "training": Topic("培训", (Training,), _training),
    "publicity": Topic("宣传", (Publicity,), _publicity),
    "care": Topic("慰问", (CareVisit,), _care),
    "attendance": Topic("考勤考核", (StaffAssessment,), _attendance),
}
