"""Tickets, special cases, leads, visits and reviews left undone (AU-921 to AU-926)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.households import households
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Severity
from zhubao.core.masking import mask_name, mask_numbers
from zhubao.ledger.audit import IssueKind, Lead, LeadStatus
from zhubao.ledger.patrol import KeyHousehold
from zhubao.ledger.services import HotlineTicket, SpecialCase
from zhubao.ledger.tenants import AnnualReview, Household, ReviewDecision
from zhubao.patrol.visits.checks import check_keys
from zhubao.patrol.visits.findings import KEY_UNVISITED
from zhubao.patrol.visits.log import read_log
from zhubao.patrol.visits.rules import VisitRules
from zhubao.services.office.deadlines import CASES, TICKETS, Register, overdue

_RULES = "《公共租赁住房管理办法》"
_PRACTICE = "审计惯例：办理时效抽查"
_MOST = 20  # characters of a free text that a message shows


@audit_check(
    "AU-921",
    "热线工单超期没有办结",
    Family.PROCESS,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "工单 {number}（{subject}）{received} 收单，期限 {due}，超期 {days} 天，仍是“{status}”",
    "尽快办结回复；承办不清的重新交办",
    basis=_PRACTICE,
    needs=(HotlineTicket,),
    bad="期限 6 月 10 日，6 月底还是“办理中”",
    good="期限以内办结",
)
def ticket_overdue(facts: Facts) -> Iterator[Hit]:
    """A ticket of 12345工单 that is open past its 办理期限 (that day is in time)."""
    yield from _overdue(facts, TICKETS)


@audit_check(
    "AU-922",
    "个案超期没有解决",
    Family.PROCESS,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "个案 {number}（{subject}）{received} 受理，期限 {due}，超期 {days} 天，仍是“{status}”",
    "报专题研究；解决不了的写明理由并答复当事人",
    basis=_PRACTICE,
    needs=(SpecialCase,),
    bad="期限 5 月 31 日，6 月底还是“办理中”",
    good="期限以内解决",
)
def special_case_overdue(facts: Facts) -> Iterator[Hit]:
    """A case of 个案 that is open past its 办理期限 (that day is in time)."""
    yield from _overdue(facts, CASES)


def _overdue(facts: Facts, register: Register) -> Iterator[Hit]:
    table, known = facts.loaded.get(register.model), facts.once(households)
    for item in overdue(facts.loaded, facts.as_of, register):
        household = table.column("household_no")[item.index]
        subject = table.column(register.subject)[item.index] or "没有写事由"
        words = {"number": item.number, "subject": mask_numbers(str(subject))[:_MOST]}
        words |= {"received": str(item.received), "due": str(item.due), "status": item.status}
        names = (register.due, register.status, register.closed)
        yield Hit(
            tuple(table.cell(item.index, name) for name in names),
            {**words, "days": item.days_late(facts.as_of)},
            **known.subject(household),
            key=(item.number,),
        )


@audit_check(
    "AU-923",
    "疑点超期没有核实",
    Family.PROCESS,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "疑点 {lead}（{kind}，{who}）{raised} 提出，已 {days} 天，仍是“{status}”，期限 {limit} 天",
    "尽快核实：属实的认定并整改，不属实的写明理由排除",
    basis="审计整改惯例：疑点须核实后认定或排除（期限见 audit.verify_days）",
    needs=(Lead,),
    bad="2 月提出的疑点，6 月底还是“待核实”",
    good="一个月内认定或排除",
)
def lead_unverified(facts: Facts) -> Iterator[Hit]:
    """待核实 or 核实中 for more than `audit.verify_days` since 提出日期.

    A lead verified later than the day was open then.
    """
    limit = facts.once(dated).count("audit.verify_days")
    table, known = facts.loaded.get(Lead), facts.once(households)
    raised, verified, states = (table.column(n) for n in ("raised_on", "verified_on", "status"))
    for row in table.usable("lead_no", "raised_on", "status"):
        is_open = states[row] in (LeadStatus.OPEN, LeadStatus.VERIFYING)
        later = verified[row] is not None and verified[row] > facts.as_of
        days = (facts.as_of - raised[row]).days
        if (not is_open and not later) or days <= limit:
            continue
        values = table.values(row)
        name = mask_name(values["person"] or "")
        who = known.label(values["household_no"]) if values["household_no"] else name
        words = {"lead": values["lead_no"], "raised": raised[row], "days": days, "limit": limit}
        words["kind"] = values["kind"].value if values["kind"] else "没有写类型"
        yield Hit(
            tuple(table.cell(row, n) for n in ("raised_on", "status", "verified_on")),
            {**words, "who": who or "没有写对象", "status": states[row].value},
            unit=values["unit_no"] or "",
            **known.subject(values["household_no"]),
            amount=values["amount"],
            key=(values["lead_no"],),
        )


@audit_check(
    "AU-924",
    "重点对象长期没有走访",
    Family.PROCESS,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "{what}",
    "尽快上门；已访过的补登巡查记录",
    basis="重点对象走访制度（天数见 audit.key_unvisited_days）",
    needs=(KeyHousehold, Household),
    bad="孤寡老人半年多没有走访记录",
    good="孤寡老人当月走访过",
)
def key_household_unvisited(facts: Facts) -> Iterator[Hit]:
    """A household of 重点对象 that still lives there, unvisited for `audit.key_unvisited_days`.

    The days count as the patrol's own reminder counts them (PA-105), which comes much earlier.
    """
    table, known = facts.loaded.get(KeyHousehold), facts.once(households)
    rows = {table.row_cell(row): row for row in range(len(table))}
    limit = facts.once(dated).count("audit.key_unvisited_days")
    rules = replace(VisitRules.on(facts.as_of, facts.overrides), silence_days=limit)
    log = read_log(facts.loaded, facts.as_of)
    for finding in check_keys(facts.loaded, log, rules, facts.as_of):
        row = rows.get(finding.where) if finding.where is not None else None
        if finding.code != KEY_UNVISITED.code or row is None:
            continue
        household = table.column("household_no")[row]
        last = log.last(household)
        seen = () if last is None else (log.table.cell(last, "visited_on"),)
        yield Hit(
            (table.cell(row, "household_no"), table.cell(row, "listed_on"), *seen),
            {"what": finding.message},
            **known.subject(household),
            key=(str(table.column("kind")[row]),),
        )


@audit_check(
    "AU-925",
    "年审过了年度没有结论",
    Family.PROCESS,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "{home} {year} 年的年审{what}，到 {as_of} 已过年度",
    "补做审核并填写结论；已经退出的，按退出填写",
    basis="审计惯例：享受期间每年复核，年审当年办结",
    needs=(AnnualReview, Household),
    bad="2019 年的年审结论“待定”，2020 年 6 月底还没有定",
    good="当年作出结论",
)
def review_without_a_conclusion(facts: Facts) -> Iterator[Hit]:
    """A row of 年审 of a past year, 待定 or empty, of a household that has not exited since."""
    table, known = facts.loaded.get(AnnualReview), facts.once(households)
    years, decisions, days = (table.column(n) for n in ("year", "decision", "decided_on"))
    for row in table.usable("year", "household_no", "decision", "decided_on"):
        household = table.column("household_no")[row]
        open_still = decisions[row] in (None, ReviewDecision.PENDING)
        later = days[row] is not None and days[row] > facts.as_of
        left: dt.date | None = known.field(household, "exited_on")
        if years[row] >= facts.as_of.year or not (open_still or later) or _gone(left, facts.as_of):
            continue
        what = (
            f"到 {days[row]} 才有结论" if later else "还是“待定”" if decisions[row] else "没有结论"
        )
        words = {"home": known.label(household), "year": years[row], "as_of": facts.as_of}
        yield Hit(
            (table.cell(row, "decision"), table.cell(row, "decided_on"), table.row_cell(row)),
            {**words, "what": what},
            **known.subject(household),
            key=(str(years[row]),),
        )


def _gone(left: dt.date | None, day: dt.date) -> bool:
    return left is not None and left <= day


@audit_check(
    "AU-926",
    "年审结论没有告知",
    Family.PROCESS,
    IssueKind.PROCEDURE,
    Severity.NOTICE,
    "{home} {year} 年的年审结论是“{decision}”（{decided}），到 {as_of} 没有告知",
    "书面告知并说明理由；已经告知的补填",
    basis=f"{_RULES}第九条的书面说明理由；审计惯例：不利决定应当告知（audit.notify_days）",
    needs=(AnnualReview,),
    bad="2020-03-10 结论“退出”，6 月底“是否告知”空着",
    good="结论“退出”，“是否告知”填“是”",
)
def conclusion_not_told(facts: Facts) -> Iterator[Hit]:
    """退出 or 调整类型 decided more than `audit.notify_days` ago, 是否告知 empty or 否."""
    limit = facts.once(dated).count("audit.notify_days")
    table, known = facts.loaded.get(AnnualReview), facts.once(households)
    told, days, decisions = (table.column(n) for n in ("notified", "decided_on", "decision"))
    for row in table.usable("year", "household_no", "decision", "decided_on", "notified"):
        adverse = decisions[row] in (ReviewDecision.EXIT, ReviewDecision.CHANGE_TIER)
        day = days[row]
        if not adverse or told[row] or day is None or (facts.as_of - day).days <= limit:
            continue
        household, year = table.column("household_no")[row], table.column("year")[row]
        words = {"home": known.label(household), "year": year, "decided": day}
        yield Hit(
            tuple(table.cell(row, name) for name in ("notified", "decision", "decided_on")),
            {**words, "decision": decisions[row].value, "as_of": facts.as_of},
            **known.subject(household),
            key=(str(year),),
        )
