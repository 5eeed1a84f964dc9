"""Public rental housing beside other housing policies: 经适房, 棚改, staff subsidy (AU-11x)."""

from __future__ import annotations

from collections.abc import Iterator

from zhubao.allocation.waiting.people import Person, identity_key
from zhubao.audit.facts import Facts
from zhubao.audit.indexes.people import persons_by_number, proper
from zhubao.audit.indexes.protection import held
from zhubao.audit.indexes.rights import Granted, granted
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Cell, Severity
from zhubao.core.money import format_yuan
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.services import Approval, ApprovalKind
from zhubao.ledger.subsidies import StaffSubsidy, SubsidyGrant
from zhubao.ledger.tenants import Lease
from zhubao.services.review.benefits import SUBSIDY, UNIT
from zhubao.subsidy.staff.applications import APPROVING

_RULES = "《公共租赁住房管理办法》"
_ANOTHER = f"{_RULES}第三十一条：承购其他保障性住房的应当腾退"
_PRACTICE = "审计惯例：同一家庭不重复享受住房保障政策"


@audit_check(
    "AU-111",
    "在租公租房，又取得经济适用住房购房资格",
    Family.DOUBLE_BENEFIT,
    IssueKind.DOUBLE_BENEFIT,
    Severity.WARNING,
    "家庭 {household} 有{held}，{who}又通过经济适用房购房资格（审批 {approval}）",
    "核实是否已购房：已购的腾退公租房；未购的，由其选定一种，资格表里写明",
    basis=_ANOTHER,
    needs=(Approval, Lease),
    bad="承租人的配偶通过了购房资格，合同仍履行中",
    good="通过购房资格的家庭没有公租房合同",
)
def unit_and_affordable_home(facts: Facts) -> Iterator[Hit]:
    """A live lease, and a member for whom a purchase of an affordable home was approved."""
    yield from _beside(facts, UNIT, ApprovalKind.AFFORDABLE_PURCHASE)


@audit_check(
    "AU-112",
    "在租公租房，又领棚改安置补贴",
    Family.DOUBLE_BENEFIT,
    IssueKind.DOUBLE_BENEFIT,
    Severity.WARNING,
    "家庭 {household} 有{held}，{who}又通过棚改安置补贴（审批 {approval}）{money}",
    "核实安置方式和补偿：已用补贴购房或已另行安置的，办理腾退",
    basis=_PRACTICE,
    needs=(Approval, Lease),
    bad="被征收户领了货币安置补贴，公租房合同仍履行中",
    good="领取安置补贴的家庭没有公租房合同",
)
def unit_and_resettlement(facts: Facts) -> Iterator[Hit]:
    """A live lease, and a member with an approved resettlement subsidy, whose amount it is."""
    yield from _beside(facts, UNIT, ApprovalKind.RESETTLEMENT_SUBSIDY)


@audit_check(
    "AU-113",
    "领租赁补贴，又取得经济适用住房购房资格",
    Family.DOUBLE_BENEFIT,
    IssueKind.DOUBLE_BENEFIT,
    Severity.WARNING,
    "家庭 {household} 有{held}，{who}又通过经济适用房购房资格（审批 {approval}）",
    "核实是否已购房：已购的从购房的次月起停发补贴，多发的追回",
    basis=_PRACTICE,
    needs=(Approval, SubsidyGrant),
    bad="购房资格通过后补贴仍“生效”",
    good="购房后补贴已终止",
)
def subsidy_and_affordable_home(facts: Facts) -> Iterator[Hit]:
    """A rental subsidy in force, and an approved purchase of an affordable home."""
    yield from _beside(facts, SUBSIDY, ApprovalKind.AFFORDABLE_PURCHASE)


@audit_check(
    "AU-114",
    "领租赁补贴，又领棚改安置补贴",
    Family.DOUBLE_BENEFIT,
    IssueKind.DOUBLE_BENEFIT,
    Severity.WARNING,
    "家庭 {household} 有{held}，{who}又通过棚改安置补贴（审批 {approval}）{money}",
    "核实安置补贴是否含过渡期租金、是否已购房；重叠的停发并追回",
    basis=_PRACTICE,
    needs=(Approval, SubsidyGrant),
    bad="领了货币安置补贴，租赁补贴仍“生效”",
    good="领取安置补贴的家庭没有租赁补贴",
)
def subsidy_and_resettlement(facts: Facts) -> Iterator[Hit]:
    """A rental subsidy in force, and an approved resettlement subsidy."""
    yield from _beside(facts, SUBSIDY, ApprovalKind.RESETTLEMENT_SUBSIDY)


@audit_check(
    "AU-115",
    "公租房家庭的成员领职工住房补贴",
    Family.DOUBLE_BENEFIT,
    IssueKind.DOUBLE_BENEFIT,
    Severity.NOTICE,
    "家庭 {household} 有{held}，{who}的职工住房补贴已批准（申报 {application}）{money}",
    "核对当地职工住房补贴办法对承租公租房的规定，需要腾退或扣减的照办",
    basis=_PRACTICE,
    needs=(StaffSubsidy,),
    bad="公租房承租人是机关职工，住房补贴已发放",
    good="领职工住房补贴的职工没有公租房",
)
def staff_subsidy_of_tenant(facts: Facts) -> Iterator[Hit]:
    """An employee or spouse with an approved staff subsidy lives in a benefiting household."""
    table, persons = facts.loaded.get(StaffSubsidy), facts.once(persons_by_number)
    approved, amounts = table.column("approved_on"), table.column("amount")
    for row in table.usable("status"):
        late = approved[row] is not None and approved[row] > facts.as_of
        if table.column("status")[row] not in APPROVING or late:
            continue
        for name in ("identity_no", "spouse_identity_no"):
            for person in persons.get(identity_key(table.column(name)[row]), ()):
                number = table.column("application_no")[row] or "（没有编号）"
                cells = (table.cell(row, name), person.cell)
                words = {"application": number, "money": _money(amounts[row])}
                yield from _hits(facts, "", person.household_no, person, cells, words)


def _beside(facts: Facts, benefit: str, kind: ApprovalKind) -> Iterator[Hit]:
    """The benefit runs in a household that an approval of the kind touches."""
    for one in granted(facts, kind):
        words = {"approval": one.number, "money": _money(one.amount)}
        yield from _hits(facts, benefit, one.household, one.person, one.cells, words, one)


def _hits(
    facts: Facts,
    benefit: str,
    household: str,
    person: Person | None,
    cells: tuple[Cell, ...],
    words: dict[str, str],
    granted_one: Granted | None = None,
) -> Iterator[Hit]:
    owned = tuple(held(facts, household, benefit))
    if not owned:
        return
    said = "、".join(one.words for one in owned)
    who = person.shown if person else ""
    yield Hit(
        (*cells, *(one.cell for one in owned)),
        {"household": household, "held": said, "who": who, **words},
        household=household,
        unit=next((one.unit for one in owned if one.unit), ""),
        person=person.name if person else "",
        identity_no=proper(person.key) if person else "",
        amount=granted_one.amount if granted_one else None,
        key=(words.get("approval") or words["application"],),
    )


def _money(amount: int | None) -> str:
    return f"，金额 {format_yuan(amount)} 元" if amount else ""
