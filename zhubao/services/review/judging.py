"""The rules one after another, and what they come to for one household."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zhubao.core.money import format_yuan
from zhubao.ledger.patrol import CaseCategory
from zhubao.ledger.tenants import ExitReason, ReviewDecision, Tier
from zhubao.services.review.benefits import SUBSIDY, UNIT
from zhubao.services.review.home_rule import home_reasons
from zhubao.services.review.income_rule import income_reason
from zhubao.services.review.leads import LeadState, ListKind
from zhubao.services.review.population import NONE_KIND
from zhubao.services.review.reasons import Case, Reason

_OUTCOME = {
    "退出": (ReviewDecision.EXIT, ExitReason.DISQUALIFIED),
    "待定": (ReviewDecision.PENDING, None),
}
_WEIGHT = (
    ReviewDecision.EXIT,
    ReviewDecision.PENDING,
    ReviewDecision.CHANGE_TIER,
    ReviewDecision.CONTINUE,
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The decision proposed and everything that was said for and beside it."""

    decision: ReviewDecision
    reasons: tuple[Reason, ...]

    @property
    def grounds(self) -> tuple[Reason, ...]:
        """The reasons that speak for the decision."""
        return tuple(one for one in self.reasons if one.decision is self.decision)

    @property
    def remarks(self) -> tuple[Reason, ...]:
        """What else must be known: remarks, and reasons for another decision."""
        return tuple(
            one
            for one in self.reasons
            if one.decision is not self.decision and one.decision is not ReviewDecision.CONTINUE
        )

    @property
    def exit_reason(self) -> ExitReason | None:
        """退出原因 of the first ground for leaving."""
        found = (one.exit_reason for one in self.grounds if one.exit_reason is not None)
        return next(found, None)

    @property
    def new_tier(self) -> Tier | None:
        """The tier to change to."""
        return next((one.new_tier for one in self.grounds if one.new_tier is not None), None)


def judge(case: Case) -> Judgement:
    """Apply every rule. The gravest decision spoken for is proposed.

    退出 outweighs 待定, which outweighs 调整类型, which outweighs 继续保障; a household two rows
    claim to be is 待定 whatever else is said.
    """
    if case.due.doubled:
        words = "家庭编号或年审行重复，认不准是哪一行"
        reason = Reason("台账", words, ReviewDecision.PENDING, cells=(case.household_cell,))
        return Judgement(ReviewDecision.PENDING, (reason,))
    reasons = tuple(_reasons(case))
    spoken = {one.decision for one in reasons}
    decision = next((one for one in _WEIGHT if one in spoken), ReviewDecision.CONTINUE)
    return Judgement(decision, reasons)


def _reasons(case: Case) -> Iterator[Reason]:
    yield from _death(case)
    if case.everybody_died:
        return
    yield from _standing(case)
    yield from home_reasons(case)
    income = income_reason(case)
    if income is not None:
        yield income
    yield from _leads(case)
    yield from _cases(case)
    yield from _subsidy_term(case)
    yield from _declaration(case)
    yield from _remarks(case)


def _death(case: Case) -> Iterator[Reason]:
    """Everybody of the household has died: 退出, 死亡. The applicant only: a remark."""
    dead = [one for one in case.members if one.died_on is not None]
    cells = tuple(one.cell for one in dead)
    if case.everybody_died:
        latest = max(one.died_on for one in dead if one.died_on is not None)
        words = f"家庭成员 {len(case.members)} 人均已去世（最后一位 {latest.isoformat()}）"
        yield Reason("死亡", words, ReviewDecision.EXIT, cells=cells, exit_reason=ExitReason.DEATH)
    elif any(one.is_applicant for one in dead):
        yield Reason("死亡", "申请人已去世，应变更申请人或承租人", cells=cells)


def _standing(case: Case) -> Iterator[Reason]:
    if case.tier is None:
        words = "保障类型读不出，没有按收入判断"
        yield Reason("台账", words, ReviewDecision.PENDING, cells=(case.household_cell,))
    if case.due.kinds == (NONE_KIND,):
        yield Reason("方式", "没有房源、补贴，也不在轮候册，请核对", cells=(case.household_cell,))
    if UNIT in case.due.kinds and SUBSIDY in case.due.kinds:
        words = "同时有租赁合同和租赁补贴，疑似重复享受，先核实"
        yield Reason("方式", words, ReviewDecision.PENDING, cells=(case.household_cell,))


def _leads(case: Case) -> Iterator[Reason]:
    """An open lead is no finding: it must be verified first. A verified one, by its kind."""
    for lead in case.leads:
        cells = (case.lead_cell,)
        if lead.state is LeadState.OPEN:
            words = f"疑点待核实：{lead.text}"
            yield Reason("疑点", words, ReviewDecision.PENDING, cells=cells)
        elif lead.state is LeadState.CONFIRMED and lead.kind is ListKind.DEATH:
            words = f"死亡属实，家庭成员表应补死亡日期：{lead.text}"
            yield Reason("疑点", words, ReviewDecision.PENDING, cells=cells)
        elif lead.state is LeadState.CONFIRMED and lead.kind is not ListKind.PROPERTY:
            outcome = case.rules.outcomes.get(lead.kind, "备注")
            decision, reason = _OUTCOME.get(outcome, (None, None))
            basis = case.rules.bases["confirmed_leads"] if decision else ""
            words = f"{lead.kind.value}疑点属实：{lead.text}"
            yield Reason("疑点", words, decision, basis, cells, exit_reason=reason)
    if not case.matched and case.due.review is not None:
        yield Reason("疑点", "没有名单比对的记录", cells=(case.lead_cell,))


def _cases(case: Case) -> Iterator[Reason]:
    """Open changes of circumstances must be settled first; open violations are remarks."""
    for one in case.cases:
        row = one.row
        words = f"{row.category.value} {row.case_no}（{row.kind.value}，{row.found_on}）未了结"
        changed = row.category is CaseCategory.CHANGE
        decision = ReviewDecision.PENDING if changed else None
        yield Reason("违规与变动", words, decision, cells=(one.cell,))


def _subsidy_term(case: Case) -> Iterator[Reason]:
    """新就业 and 外来务工 draw the rental subsidy for a number of months in all, inclusive."""
    capped = case.tier in case.rules.capped and SUBSIDY in case.due.kinds
    if not capped:
        return
    drawn, cells = case.subsidy, case.subsidy.cells
    unclear = f"，另有 {drawn.unknown} 笔没有写月数" if drawn.unknown else ""
    longest = case.rules.subsidy_months
    if longest is None:
        words = f"台账所记租赁补贴已领 {drawn.months} 个月{unclear}；这一天没有可用的累计月数上限"
        yield Reason("补贴期限", words, cells=cells)
        return
    words = f"台账所记租赁补贴已领 {drawn.months} 个月{unclear}，上限 {longest} 个月"
    basis = case.rules.bases["subsidy_months"]
    if drawn.months < longest:
        left = f"{words}，还可领 {longest - drawn.months} 个月"
        yield Reason("补贴期限", left, basis=basis, cells=cells)
    elif case.due.kinds == (SUBSIDY,):
        yield Reason(
            "补贴期限", f"{words}，已满", ReviewDecision.EXIT, basis, cells, ExitReason.OTHER
        )
    else:
        yield Reason("补贴期限", f"{words}，已满，补贴应停发", basis=basis, cells=cells)


def _declaration(case: Case) -> Iterator[Reason]:
    """Nothing is concluded without a declaration; a blank is not zero."""
    said = case.declared
    if case.due.review is None:
        words = "没有这一年的年审行，先运行 zhubao review list --write"
        yield Reason("申报", words, ReviewDecision.PENDING, cells=(case.household_cell,))
        return
    if said.unread:
        words = f"申报读不出：{'、'.join(said.unread)}"
        yield Reason("申报", words, ReviewDecision.PENDING, cells=said.cells)
    values = (("申报月收入", said.income), ("申报人口", said.size), ("申报住房面积", said.area))
    lacking = [name for name, one in values if one is None and name not in said.unread]
    if len(lacking) == len(values):
        yield Reason("申报", "没有申报", ReviewDecision.PENDING, cells=said.cells)
    elif lacking:
        words = f"申报不全，缺 {'、'.join(lacking)}"
        yield Reason("申报", words, ReviewDecision.PENDING, cells=said.cells)


def _remarks(case: Case) -> Iterator[Reason]:
    size = case.declared.size
    cells = (case.declared.cells[1], case.household_cell)
    if size is not None and case.size is not None and size != case.size:
        yield Reason("人口", f"申报 {size} 人，保障家庭登记 {case.size} 人", cells=cells)
    if size is not None and case.members and size != case.living:
        members = tuple(one.cell for one in case.members)
        words = f"申报 {size} 人，家庭成员表在世 {case.living} 人"
        yield Reason("人口", words, cells=(cells[0], *members))
    if case.tier in case.rules.certified and not case.certificate:
        yield Reason("证件", "没有低保证号，请核对民政名单", cells=(case.household_cell,))
    if case.owed > 0:
        place = (case.owed_cell,) if case.owed_cell is not None else ()
        yield Reason("欠租", f"欠租 {format_yuan(case.owed)} 元", cells=place)
