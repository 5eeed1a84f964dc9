"""Households that may no longer be eligible: income, home, term, review, certificate (AU-20x)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhubao import policy
from zhubao.audit.facts import Facts
from zhubao.audit.indexes.people import applicant_of, household_cell, in_force, proper
from zhubao.audit.indexes.protection import Holding, held
from zhubao.audit.indexes.reviews import Reviewed, latest_reviews
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Severity
from zhubao.core.period import Month
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.subsidies import SubsidyGrant
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import AnnualReview, Household, Lease, ReviewDecision
from zhubao.services.review.benefits import SUBSIDY, UNIT
from zhubao.services.review.home_rule import home_reasons
from zhubao.services.review.income_rule import income_reason
from zhubao.services.review.reasons import Reason
from zhubao.services.review.rules import ReviewRules
from zhubao.subsidy.rental.months_cap import MonthsCap
from zhubao.subsidy.rental.paid import Paid
from zhubao.subsidy.rental.quarters import quarter_of_month
from zhubao.subsidy.rental.rules import PaymentRules
from zhubao.subsidy.rental.term import term_of

_RULES = "《公共租赁住房管理办法》"
_QUARTER = 3


@audit_check(
    "AU-201",
    "收入超过保障类型的标准",
    Family.ELIGIBILITY,
    IssueKind.INELIGIBLE,
    Severity.WARNING,
    "家庭 {household} {year} 年申报：{said}",
    "核实收入证明；属实的按年审的规定调整类型或退出，多享受的部分依规定处理",
    basis=f"{_RULES}第三十条、第三十一条；本地公布的收入标准（参数 review.income_limits）",
    needs=(Household, AnnualReview),
    bad="低收入家庭人均月收入超过本地标准",
    good="人均月收入不高于标准（含本数）",
)
def income_too_high(facts: Facts) -> Iterator[Hit]:
    """The latest declaration is above the own tier's limit, by the annual review's income rule.

    Nothing is said of a tier for which the bureau has configured no limit, nor of a household the
    review has already decided to let go (AU-205).
    """
    for one in _undecided(facts):
        reason = income_reason(one.case)
        if reason is None or reason.decision in (None, ReviewDecision.CONTINUE):
            continue
        if not _is_stricter(one, reason):
            yield _declared(facts, one, reason, "declared_income")


@audit_check(
    "AU-202",
    "人均住房面积达到标准",
    Family.ELIGIBILITY,
    IssueKind.INELIGIBLE,
    Severity.WARNING,
    "家庭 {household} {year} 年申报：{said}",
    "查不动产登记核实面积；属实的办理退出，多享受的部分依规定处理",
    basis=f"{_RULES}第三十一条；本地的人均住房面积标准（参数 review.area_per_person）",
    needs=(Household, AnnualReview),
    bad="3 人申报住房 45 m²，人均 15 m²",
    good="3 人申报住房 44 m²",
)
def home_too_large(facts: Facts) -> Iterator[Hit]:
    """The latest declared home area per person is at or above the limit, by the review's rule."""
    for one in _undecided(facts):
        for reason in home_reasons(one.case):
            if reason.decision is ReviewDecision.EXIT:
                yield _declared(facts, one, reason, "declared_area_m2")


@audit_check(
    "AU-203",
    "新就业、外来务工超过补贴期限",
    Family.ELIGIBILITY,
    IssueKind.INELIGIBLE,
    Severity.WARNING,
    "家庭 {household}（{tier}）累计已领补贴 {months} 个月，上限 {cap} 个月，超出 {over} 个月",
    "核对此前已领月数；确已期满的终止补贴，超出的月份追回",
    basis="本地租赁补贴办法（参数 subsidy.new_employee_months）",
    needs=(SubsidyGrant,),
    bad="外来务工家庭累计领了 27 个月",
    good="累计 24 个月后已终止",
)
def term_exceeded(facts: Facts) -> Iterator[Hit]:
    """More months drawn than the limit of the tier, counted as the payment roll counts them.

    The amount is the months beyond the limit at the grant's 月补贴额.
    """
    yield from _beyond_term(facts, estimated=False)


@audit_check(
    "AU-207",
    "按起发月份推算，超过补贴期限",
    Family.ELIGIBILITY,
    IssueKind.INELIGIBLE,
    Severity.NOTICE,
    "家庭 {household}（{tier}）此前已领月数空着，按起发月份推算累计 {months} 个月，"
    "上限 {cap} 个月，超出 {over} 个月",
    "查以前的发放记录，补填此前已领月数；确已期满的终止补贴，超出的月份追回",
    basis="本地租赁补贴办法（参数 subsidy.new_employee_months）",
    needs=(SubsidyGrant,),
    bad="2018 年 1 月起发，台账从 2020 年记起，此前已领月数空着",
    good="此前已领月数填 18",
)
def term_perhaps_exceeded(facts: Facts) -> Iterator[Hit]:
    """The same where months before the ledger are not written down but reckoned from the start."""
    yield from _beyond_term(facts, estimated=True)


@audit_check(
    "AU-204",
    "超过一年没有年审",
    Family.ELIGIBILITY,
    IssueKind.PROCEDURE,
    Severity.NOTICE,
    "家庭 {household} 有{held}，{last}，到 {as_of} 已超过 {months} 个月没有年审结论",
    "补做年审：申报、比对、结论都要有记录",
    basis="审计惯例：享受期间每年复核",
    needs=(Household, AnnualReview),
    bad="上次年审结论 2018-11-20，截止 2020-06-30",
    good="上次年审结论 2019-11-27",
)
def review_overdue(facts: Facts) -> Iterator[Hit]:
    """A benefiting household whose last decision lies too many months back.

    From the last decision, else from the approval or the first lease, whichever is later. Only the
    benefits of `audit.review_benefits`. A decision without a date counts from the end of its year;
    without a review and any date the household is listed too.
    """
    months = int(policy.at("audit.review_months", facts.as_of, facts.overrides))
    before = _months_before(facts.as_of, months)
    reviewed, table = _last_decisions(facts), facts.loaded.get(Household)
    kinds = policy.at("audit.review_benefits", facts.as_of, facts.overrides)
    for household, row in facts.once(in_force).items():
        owned = [one for one in held(facts, household) if one.kind in kinds]
        since = [table.column("approved_on")[row], *(_begun(facts, one) for one in owned)]
        begun = max((day for day in since if day is not None), default=None)
        day = reviewed.get(household) or begun
        if not owned or (day is not None and day >= before):
            continue
        if household in reviewed:
            last = f"上次年审结论 {day}"
        else:
            last = f"{begun or '（没有写日期）'} 享受以来没有年审"
        told = {"household": household, "held": owned[0].words, "last": last}
        yield Hit(
            (table.cell(row, "approved_on"), *(one.cell for one in owned)),
            {**told, "as_of": facts.as_of, "months": months},
            household=household,
            unit=owned[0].unit,
        )


@audit_check(
    "AU-206",
    "低保、特困家庭没有证号",
    Family.ELIGIBILITY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "家庭 {household} 按“{tier}”享受{held}，低保证号空着",
    "向民政部门核实是否在册：在册的补填证号，不在册的按收入重新核定类型",
    basis="审计惯例：低保、特困由民政部门认定",
    needs=(Household,),
    bad="保障类型“低保”，低保证号空着",
    good="保障类型“低保”，低保证号 DB000123",
)
def certificate_missing(facts: Facts) -> Iterator[Hit]:
    """A household in force of a tier certified by 民政, without a number of the certificate."""
    certified = ReviewRules.load(facts.as_of, facts.overrides).certified
    table = facts.loaded.get(Household)
    unread = table.bad.get("certificate_no", set())
    for household, row in facts.once(in_force).items():
        tier = table.column("tier")[row]
        if tier not in certified or table.column("certificate_no")[row] or row in unread:
            continue
        said = "、".join(one.words for one in held(facts, household)) or "保障"
        name, number = applicant_of(facts.loaded, row)
        yield Hit(
            (table.cell(row, "certificate_no"), table.cell(row, "tier")),
            {"household": household, "tier": tier, "held": said},
            household=household,
            person=name,
            identity_no=proper(number),
        )


def _beyond_term(facts: Facts, *, estimated: bool) -> Iterator[Hit]:
    """Households of a capped tier with more months than the limit.

    `estimated`: those for whom months before the ledger had to be reckoned. Nothing is said of one
    without any payment on record.
    """
    grants, rules = facts.loaded.get(SubsidyGrant), PaymentRules.load(facts.as_of, facts.overrides)
    cap = MonthsCap(
        grants, Paid(facts.loaded), rules, lambda row: term_of(grants, row, rules.start_offset)
    )
    coming = quarter_of_month(Month.containing(facts.as_of).plus(_QUARTER))
    tiers, homes = grants.column("tier"), grants.column("household_no")
    rows = {homes[row]: row for row in grants.usable() if cap.is_capped(tiers[row])}
    for household, row in rows.items():
        used = cap.used(household, coming)
        over = used.total - rules.months_cap
        if over <= 0 or used.estimated is not estimated or (estimated and not used.recorded):
            continue
        monthly = grants.column("monthly_amount")[row]
        words = {"household": household, "tier": tiers[row], "months": used.total}
        yield Hit(
            (*used.cells, grants.cell(row, "monthly_amount")),
            {**words, "cap": rules.months_cap, "over": over},
            household=household,
            amount=None if monthly is None else monthly * over,
        )


def _undecided(facts: Facts) -> Iterator[Reviewed]:
    """The latest reviews but those that have decided on 退出."""
    for one in facts.once(latest_reviews).values():
        if one.decision is not ReviewDecision.EXIT:
            yield one


def _is_stricter(one: Reviewed, reason: Reason) -> bool:
    """The rule proposes a tier for less income: nothing was enjoyed beyond the right."""
    tier, proposed = one.case.tier, reason.new_tier
    if tier is None or proposed is None:
        return False
    path = one.case.rules.path(tier)
    return path.index(proposed) < path.index(tier)


def _declared(facts: Facts, one: Reviewed, reason: Reason, field: str) -> Hit:
    cells = (one.cell(field), *reason.cells, *household_cell(facts, one.household, "tier"))
    owned = tuple(held(facts, one.household))
    monthly = [
        facts.loaded.get(SubsidyGrant).column("monthly_amount")[h.row]
        for h in owned
        if h.kind == SUBSIDY
    ]
    return Hit(
        (*dict.fromkeys(cells), *(h.cell for h in owned)),
        {"household": one.household, "year": one.view.year, "said": reason.words},
        household=one.household,
        unit=next((h.unit for h in owned if h.unit), ""),
        amount=sum(amount for amount in monthly if amount) or None,
        key=(str(one.view.year),),
    )


def _last_decisions(facts: Facts) -> dict[str, dt.date]:
    """Household → the latest day on which a review was concluded, not after the day."""
    table = facts.loaded.get(AnnualReview)
    years, days = table.column("year"), table.column("decided_on")
    found: dict[str, dt.date] = {}
    for row in table.usable("year", "household_no"):
        decision = table.column("decision")[row]
        day = days[row] or min(dt.date(years[row], 12, 31), facts.as_of)
        if decision in (None, ReviewDecision.PENDING) or day > facts.as_of:
            continue
        household = table.column("household_no")[row]
        found[household] = max(day, found.get(household, day))
    return found


def _begun(facts: Facts, one: Holding) -> dt.date | None:
    """The first day of the benefit's lease, or of the grant's approval."""
    model, name = (Lease, "starts_on") if one.kind == UNIT else (SubsidyGrant, "approved_on")
    table: LedgerTable[Any] = facts.loaded.get(model)
    day: dt.date | None = table.column(name)[one.row]
    return day


def _months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months earlier, or the month's last day where there is none."""
    month = Month.containing(day).plus(-months)
    return month.first_day.replace(day=min(day.day, month.last_day.day))
