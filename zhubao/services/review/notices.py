"""年审告知书: the words of one notice per decided household, and 是否告知."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.core.finding import Finding
from zhubao.core.masking import mask_name, mask_numbers
from zhubao.core.money import format_yuan
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.tenants import ReviewDecision
from zhubao.policy.lookup import Overrides
from zhubao.services.review.benefits import SUBSIDY, UNIT, WAITING
from zhubao.services.review.places import by_community, place_of, place_title
from zhubao.services.review.population import Due, ReviewYear

TEMPLATE = "年审告知书.docx"
BLANK = "____________"  # to be filled in by hand
_GROUND = re.compile(r"(?:^|；)(?:调整为|退出（)([^：；）]+)）?：([^；]*)")
# Where a lead was found and how it was marked: for the bureau, not for the household.
_PLACE = re.compile(r"〔[^〕]*〕(?:—[^），；]*)?")
_SHOWN = 15

PLACEHOLDERS: Mapping[str, str] = {
    "局名": "zhubao.toml 里的 bureau",
    "申请人": "申请人姓名",
    "家庭编号": "保障家庭台账的编号",
    "年度": "年审年度，如 2020",
    "保障情况": "保障方式和年审前的保障类型，如 实物配租，保障类型为低收入",
    "申报情况": "申报的月收入、人口、住房面积",
    "结论": "继续保障、调整类型、退出",
    "结论说明": "结论的一句话",
    "理由": "列表，每行一条：行.内容；继续保障的是空的",
    "后续": "列表，每行一条：行.内容",
    "复核天数": "复核申请的答复期限，工作日",
    "复核依据": "复核的法规和条款",
    "联系电话": "[policy.letters.phone]",
    "结论日期": "作出结论的日期",
    "出具日期": "落款日期",
}


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """What the bureau says in every notice."""

    bureau: str
    phone: str
    answer_days: int
    answer_basis: str
    exit_articles: Mapping[str, str]
    exit_source: str

    @classmethod
    def load(cls, day: dt.date, bureau: str, overrides: Overrides | None = None) -> NoticeRules:
        """The rules on the day."""
        phone = policy.at("letters.phone", day, overrides)
        answer = policy.in_force("review.objection_answer_days", day, overrides)
        articles = policy.in_force("review.exit_basis", day, overrides)
        words = "、".join(map(str, phone)) if isinstance(phone, list) else str(phone)
        return cls(
            bureau,
            words,
            int(answer.value),
            f"{answer.source}{answer.article}",
            dict(articles.value),
            articles.source,
        )


@dataclass(frozen=True, slots=True)
class Notices:
    """Who gets a notice; `known` have had theirs, `undecided` have nothing to be told yet."""

    view: ReviewYear
    items: tuple[Due, ...]
    known: int
    undecided: int

    def groups(self) -> dict[str, tuple[Due, ...]]:
        """Community → its households, in order."""
        found = by_community(self.view, self.items)
        return {place_title(place, found): items for place, items in found.items()}


def choose_notices(
    view: ReviewYear,
    chosen: Sequence[Due],
    *,
    decision: ReviewDecision | None = None,
    again: bool = False,
) -> Notices:
    """Households with a decision who have not been told; all decided ones with `again`."""
    items, known, undecided = [], 0, 0
    for due in chosen:
        taken = None if due.doubled else view.decision(due)
        if taken is None:
            undecided += 1
        elif decision is None or taken is decision:
            if view.said(due, "notified") and not again:
                known += 1
            else:
                items.append(due)
    return Notices(view, tuple(items), known, undecided)


def notices_change(notices: Notices, formats: Formats) -> Change:
    """是否告知 becomes 是 for everybody who gets a notice."""
    view = notices.view
    plan = Plan(f"{view.year} 年年审告知 {len(notices.items):,} 户", view.loaded, formats)
    for due in notices.items:
        if due.review is not None:
            plan.put(view.reviews, due.review, "notified", True)
    return plan.build()


def notice_context(
    view: ReviewYear, due: Due, rules: NoticeRules, issued: dt.date
) -> dict[str, Any]:
    """The values of `PLACEHOLDERS` for one household; full name, no identity number."""
    taken = view.decision(due)
    assert taken is not None
    outcome, grounds = _grounds(view, due)
    on = view.said(due, "decided_on")
    return {
        "局名": rules.bureau,
        "申请人": view.field(due, "applicant") or BLANK,
        "家庭编号": due.number,
        "年度": str(view.year),
        "保障情况": _standing(view, due, outcome),
        "申报情况": _declared_words(view, due),
        "结论": taken.value,
        "结论说明": _conclusion(taken, outcome),
        "理由": [{"内容": text} for text in _reasons(taken, outcome, grounds, rules)],
        "后续": [{"内容": text} for text in _next_steps(taken, outcome, due)],
        "复核天数": str(rules.answer_days),
        "复核依据": rules.answer_basis,
        "联系电话": rules.phone or BLANK,
        "结论日期": _chinese(on) if on is not None else BLANK,
        "出具日期": _chinese(issued),
    }


def notices_report(
    notices: Notices,
    *,
    bureau: str = "",
    findings: tuple[Finding, ...] = (),
    files: Sequence[str] = (),
) -> Report:
    """Who gets a notice, names masked."""
    view = notices.view
    counted = Counter(view.decision(one) for one in notices.items)
    rows = [_row(view, one) for one in notices.items]
    notes = [f"告知书 {len(notices.items):,} 份"]
    notes += [f"已经告知过的 {notices.known:,} 户，没有再出"] if notices.known else []
    notes += [f"还没有结论的 {notices.undecided:,} 户，没有出"] if notices.undecided else []
    return Report(
        code="review.notices",
        title=f"{view.year} 年年审告知",
        bureau=bureau,
        as_of=view.as_of,
        period=f"{view.year}年",
        tables=(Table("notices", "告知名单", _NOTICES, rows, shown=_SHOWN),),
        notes=tuple(notes),
        findings=(*findings, *view.findings),
        facts={
            "notices": len(notices.items),
            "continue": counted[ReviewDecision.CONTINUE],
            "change": counted[ReviewDecision.CHANGE_TIER],
            "exit": counted[ReviewDecision.EXIT],
            "told_before": notices.known,
            "undecided": notices.undecided,
            "files": list(files),
        },
    )


def _grounds(view: ReviewYear, due: Due) -> tuple[str, str]:
    """(new tier or reason for leaving, grounds) as the decision noted them last."""
    found = _GROUND.findall(view.said(due, "remark") or "")
    return found[-1] if found else ("", "")


def _declared_words(view: ReviewYear, due: Due) -> str:
    income, size = view.said(due, "declared_income"), view.said(due, "declared_size")
    area = view.said(due, "declared_area_m2")
    parts = [
        f"家庭月收入 {format_yuan(income)} 元" if income is not None else "",
        f"家庭人口 {size} 人" if size is not None else "",
        f"自有住房面积 {area.normalize():f} 平方米" if area is not None else "",
    ]
    return "，".join(part for part in parts if part) or "没有申报"


def _standing(view: ReviewYear, due: Due, outcome: str) -> str:
    """实物配租，保障类型为低收入; without the type where 保障家庭 shows the new one already."""
    kinds = "、".join(due.benefits.kinds) or "在保"
    tier = view.field(due, "tier")
    if tier is None or tier.value == outcome:
        return kinds
    return f"{kinds}，保障类型为{tier.value}"


def _conclusion(taken: ReviewDecision, outcome: str) -> str:
    if taken is ReviewDecision.CONTINUE:
        return "符合保障条件，继续保障"
    if taken is ReviewDecision.CHANGE_TIER:
        return f"保障类型调整为{outcome or BLANK}"
    return "不再符合保障条件，退出保障"


def _reasons(
    taken: ReviewDecision, outcome: str, grounds: str, rules: NoticeRules
) -> Iterator[str]:
    if taken is ReviewDecision.CONTINUE:
        return
    yield _PLACE.sub("", grounds).strip() or BLANK
    article = rules.exit_articles.get(outcome)
    if taken is ReviewDecision.EXIT and article:
        yield f"依据：{rules.exit_source}{article}"


def _next_steps(taken: ReviewDecision, outcome: str, due: Due) -> Iterator[str]:
    """What the household has to do, by how it is protected."""
    steps = {
        ReviewDecision.CONTINUE: {
            UNIT: "请继续履行租赁合同，按时缴纳租金。",
            SUBSIDY: "请按季度签到，租赁补贴照常发放。",
            WAITING: "轮候资格保留，轮候时间连续计算。",
        },
        ReviewDecision.CHANGE_TIER: {
            UNIT: f"租金按“{outcome}”的标准重新核定，以重新签订或变更的合同为准。",
            SUBSIDY: f"租赁补贴按“{outcome}”的标准重新核定。",
            WAITING: "轮候资格保留，按调整后的类型轮候。",
        },
        ReviewDecision.EXIT: {
            UNIT: "请与我局联系，办理退房手续，结清租金和水电等费用。",
            SUBSIDY: "租赁补贴停止发放；多领的应当退回。",
            WAITING: "轮候资格取消。",
        },
    }
    for kind in due.kinds:
        if kind in steps[taken]:
            yield steps[taken][kind]
    if taken is not ReviewDecision.EXIT:
        yield "家庭收入、人口、住房等情况发生变化的，请及时向社区申报。"


def _row(view: ReviewYear, due: Due) -> Row:
    taken = view.decision(due)
    outcome, grounds = _grounds(view, due)
    values = (
        due.number,
        mask_name(view.field(due, "applicant") or ""),
        *place_of(view, due),
        taken.value if taken else None,
        outcome or None,
        mask_numbers(grounds) or None,
    )
    return Row(values, (view.cell(due, "decision"),))


def _chinese(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


_NOTICES = (
    Column("household_no", "家庭编号", ValueKind.IDENTITY),
    Column("applicant", "申请人"),
    Column("street", "街道", level=2),
    Column("community", "社区"),
    Column("decision", "结论"),
    Column("outcome", "调整为/原因", level=2),
    Column("grounds", "理由", level=3),
)
