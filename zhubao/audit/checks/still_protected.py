"""Households that should have left and still enjoy: exits, bans, things acquired (AU-205, 21x)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from zhubao import policy
from zhubao.allocation.waiting.rights import Ban, bans_on
from zhubao.audit.facts import Facts
from zhubao.audit.indexes.people import (
    exited,
    household_cell,
    in_force,
    people,
    persons_by_number,
    proper,
)
from zhubao.audit.indexes.protection import Holding, held
from zhubao.audit.indexes.reviews import latest_reviews
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Cell, Severity
from zhubao.core.money import format_yuan
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.checks.subsidies import payment_after_exit
from zhubao.ledger.patrol import CaseKind, RectificationStatus, TenancyCase
from zhubao.ledger.subsidies import SubsidyPayment
from zhubao.ledger.tenants import AnnualReview, Household, ReviewDecision
from zhubao.services.review.benefits import UNIT

_RULES = "《公共租赁住房管理办法》"
_SETTLED = (RectificationStatus.RECTIFIED, RectificationStatus.CLOSED)
_DAY = dt.timedelta(days=1)


@audit_check(
    "AU-205",
    "年审结论是退出，没有执行",
    Family.ELIGIBILITY,
    IssueKind.NOT_EXITED,
    Severity.ERROR,
    "家庭 {household} {year} 年的年审结论是“退出”（{decided}），保障状态没有改为已退出{held}",
    "按结论办理退出、腾退或停发；结论有误的，更正年审并写明理由",
    basis=f"{_RULES}第三十条、第三十一条",
    needs=(Household, AnnualReview),
    bad="2019-11-20 结论“退出”，次年 6 月仍“在保”",
    good="结论之后一个月内已办理退出",
)
def exit_not_carried_out(facts: Facts) -> Iterator[Hit]:
    """The latest review decided on 退出 more than the days of grace ago (`audit.exit_days`)."""
    grace = _grace(facts)
    for one in facts.once(latest_reviews).values():
        if one.decision is not ReviewDecision.EXIT:
            continue
        day = one.decided_on
        if day is not None and day + grace >= facts.as_of:
            continue
        owned = tuple(held(facts, one.household))
        said = "、".join(h.words for h in owned)
        yield Hit(
            (
                one.cell("decision"),
                *household_cell(facts, one.household, "status"),
                *(h.cell for h in owned),
            ),
            {
                "household": one.household,
                "year": one.view.year,
                "decided": day or "没有写日期",
                "held": f"，仍有{said}" if said else "",
            },
            household=one.household,
            unit=_unit(owned),
            key=(str(one.view.year),),
        )


@audit_check(
    "AU-211",
    "已退出家庭仍在享受",
    Family.ELIGIBILITY,
    IssueKind.NOT_EXITED,
    Severity.ERROR,
    "家庭 {household} 已{exited}退出，仍{held}",
    "核实退出日期；确已退出的收回住房、终止合同或补贴，退出之后发放的补贴追回",
    basis=f"{_RULES}第三十条、第三十一条",
    needs=(Household,),
    bad="2019-12-31 退出，租赁合同仍“履行中”",
    good="退出当月已腾退并停发",
)
def exited_and_benefiting(facts: Facts) -> Iterator[Hit]:
    """A household that left more than the days of grace ago has a live lease or a grant in force.

    Or was paid a subsidy for a quarter after its exit (as LG-361 finds it): then with no grace, and
    the amount is what was paid.
    """
    grace, paid = _grace(facts), _paid_after_exit(facts)
    for household, day in facts.once(exited).items():
        owned = tuple(held(facts, household))
        if day is not None and day + grace >= facts.as_of:
            owned = tuple(one for one in owned if one.kind != UNIT)
        rows = paid.get(household, ())
        if not owned and not rows:
            continue
        table = facts.loaded.get(SubsidyPayment)
        amount = sum(table.column("amount")[row] or 0 for row in rows)
        said = [f"有{one.words}" for one in owned]
        said += [f"领了 {len(rows)} 笔退出之后的补贴共 {format_yuan(amount)} 元"] if rows else []
        yield Hit(
            (
                *household_cell(facts, household, "exited_on"),
                *(one.cell for one in owned),
                *(table.cell(row, "amount") for row in rows),
            ),
            {
                "household": household,
                "exited": f"于 {day} " if day else "（没有写退出日期）",
                "held": "、".join(said),
            },
            household=household,
            unit=_unit(owned),
            amount=amount or None,
        )


@audit_check(
    "AU-212",
    "限制申请期内仍在享受",
    Family.ELIGIBILITY,
    IssueKind.INELIGIBLE,
    Severity.ERROR,
    "{who}{why}，限制至 {until}（{place}），家庭 {household} 仍有{held}",
    "核实处理决定是否执行；限制期内取得的保障收回，执行有误的更正台账",
    basis=f"{_RULES}第三十五条、第三十六条",
    needs=(Household,),
    bad="2018-05-10 因违规退出，2020 年换一个家庭编号又签了合同",
    good="满五年后重新申请",
)
def banned_and_benefiting(facts: Facts) -> Iterator[Hit]:
    """A ban runs against the household, or against its member as applicant of another household.

    Cases in hand: a ban entered while the household has not yet moved out is found as well.
    """
    bans = bans_on(facts.loaded, facts.as_of, facts.overrides)
    persons = facts.once(persons_by_number)
    for household, ban in bans.items():
        yield from _banned(facts, household, ban, f"家庭 {household} ", ())
        for person in facts.once(people).of_household.get(household, ()):
            if not person.is_applicant or not person.key:
                continue
            for other in persons.get(person.key, ()):
                if other.household_no != household:
                    who = f"{other.shown}曾是家庭 {household} 的申请人，该家庭"
                    found = _banned(facts, other.household_no, ban, who, (other.cell,))
                    yield from (_of(hit, other.name, proper(person.key)) for hit in found)


@audit_check(
    "AU-213",
    "登记了购房，仍在保障",
    Family.ELIGIBILITY,
    IssueKind.NOT_EXITED,
    Severity.WARNING,
    "家庭 {household} 的购房（{case}，{day}）{why}，仍是“{status}”{held}",
    "查不动产登记，核定人均面积：不再符合条件的办理腾退，符合的写明核定结果",
    basis=f"{_RULES}第三十一条",
    needs=(TenancyCase, Household),
    bad="购房属实、处理为退出保障，半年后仍“在保”",
    good="已办理退出，或已核定仍符合条件（是否退出保障填“否”）",
)
def home_acquired(facts: Facts) -> Iterator[Hit]:
    """A recorded purchase of a home without its consequence."""
    yield from _acquired(facts, CaseKind.HOME_BOUGHT)


@audit_check(
    "AU-214",
    "登记了购车，仍在保障",
    Family.ELIGIBILITY,
    IssueKind.INELIGIBLE,
    Severity.WARNING,
    "家庭 {household} 的购车（{case}，{day}）{why}，仍是“{status}”{held}",
    "核实车辆价值、用途和本地准入标准：不再符合的办理退出，符合的写明核定结果",
    basis="审计惯例：车辆登记比对；本地准入标准",
    needs=(TenancyCase, Household),
    bad="购车处理为退出保障，仍“在保”",
    good="已办理退出，或已核定仍符合条件",
)
def car_acquired(facts: Facts) -> Iterator[Hit]:
    """A recorded purchase of a car without its consequence."""
    yield from _acquired(facts, CaseKind.CAR_BOUGHT)


@audit_check(
    "AU-215",
    "登记了工商注册，仍在保障",
    Family.ELIGIBILITY,
    IssueKind.INELIGIBLE,
    Severity.WARNING,
    "家庭 {household} 的工商登记（{case}，{day}）{why}，仍是“{status}”{held}",
    "核实经营收入和注册资本：收入超标的调整类型或退出，符合的写明核定结果",
    basis="审计惯例：工商登记比对；本地收入标准",
    needs=(TenancyCase, Household),
    bad="有工商登记，整改时限已过，没有核定收入",
    good="已核定收入仍符合条件",
)
def business_registered(facts: Facts) -> Iterator[Hit]:
    """A recorded registration of a business without its consequence."""
    yield from _acquired(facts, CaseKind.BUSINESS)


def _acquired(facts: Facts, kind: CaseKind) -> Iterator[Hit]:
    """Cases of the kind, found by the day and not 不属实, of households in force, with a fault."""
    table, force = facts.loaded.get(TenancyCase), facts.once(in_force)
    states = facts.loaded.get(Household).column("status")
    for row in table.usable("household_no", "kind", "found_on", "status"):
        one = table.row(row)
        why = _why(facts, one) if one.kind is kind and one.household_no in force else ""
        if not why:
            continue
        owned = tuple(held(facts, one.household_no))
        said = "、".join(holding.words for holding in owned)
        yield Hit(
            (
                table.cell(row, "kind"),
                *household_cell(facts, one.household_no, "status"),
                *(holding.cell for holding in owned),
            ),
            {
                "household": one.household_no,
                "case": one.case_no or table.row_cell(row),
                "day": one.happened_on or one.found_on,
                "why": why,
                "status": states[force[one.household_no]],
                "held": f"，有{said}" if said else "",
            },
            household=one.household_no,
            unit=_unit(owned) or one.unit_no or "",
            key=(one.case_no or str(one.found_on),),
        )


def _why(facts: Facts, one: TenancyCase) -> str:
    """What was left undone; "" for a case in time, or settled with the household staying."""
    if one.found_on > facts.as_of or one.status is RectificationStatus.UNFOUNDED:
        return ""
    settled = one.status in _SETTLED and (
        one.rectified_on is None or one.rectified_on <= facts.as_of
    )
    if one.household_exits:
        day = one.rectified_on if settled and one.rectified_on else one.found_on
        return "处理为退出保障而没有办理" if day + _grace(facts) < facts.as_of else ""
    if settled:
        return "已了结而没有写是否退出保障" if one.household_exits is None else ""
    days = int(policy.at("patrol.case_days", facts.as_of, facts.overrides))
    deadline = one.deadline or one.found_on + days * _DAY
    return f"整改时限 {deadline} 已过，没有了结" if deadline < facts.as_of else ""


def _paid_after_exit(facts: Facts) -> dict[str, list[int]]:
    """Household → rows of 发放 for quarters after its exit."""
    table = facts.loaded.get(SubsidyPayment)
    hits = list(payment_after_exit(facts.loaded, facts.as_of)) if len(table) else []
    rows = {table.cell(row, "quarter"): row for row in range(len(table))} if hits else {}
    found: dict[str, list[int]] = {}
    for cell, words in hits:
        found.setdefault(str(words["household"]), []).append(rows[cell])
    return found


def _banned(
    facts: Facts, household: str, ban: Ban, who: str, cells: tuple[Cell, ...]
) -> Iterator[Hit]:
    owned = tuple(held(facts, household))
    if not owned:
        return
    said = "、".join(one.words for one in owned)
    words = {"who": who, "why": ban.why, "until": ban.until, "place": ban.cell}
    yield Hit(
        (ban.cell, *cells, *(one.cell for one in owned)),
        {**words, "household": household, "held": said},
        household=household,
        unit=_unit(owned),
        key=(str(ban.until),),
    )


def _of(hit: Hit, name: str, number: str) -> Hit:
    return replace(hit, person=name, identity_no=number)


def _unit(owned: tuple[Holding, ...]) -> str:
    return next((one.unit for one in owned if one.unit), "")


def _grace(facts: Facts) -> dt.timedelta:
    return int(policy.at("audit.exit_days", facts.as_of, facts.overrides)) * _DAY
