"""Figures of approvals, of the rental subsidy and of the staff subsidy."""

from __future__ import annotations

from fractions import Fraction

from zhubao.core.money import format_wan
from zhubao.ledger.office import Target
from zhubao.ledger.services import Approval, ApprovalKind
from zhubao.ledger.subsidies import StaffSubsidy, SubsidyGrant, SubsidyPayment
from zhubao.services.approval import figures as approvals
from zhubao.services.approval.files import Files
from zhubao.services.approval.halfdays import HalfDayClock, end_of_day
from zhubao.services.approval.reading import read_files
from zhubao.services.approval.rules import Rules, Stage
from zhubao.subsidy.rental import figures as rental
from zhubao.subsidy.staff import figures as staff
from zhubao.summary.indicators.figures import Measured, Scope, figure

_APPROVED_BY = "zhubao approval report"
_SUBSIDY_BY = "zhubao subsidy report"
_STAFF_BY = "zhubao subsidy staff report"


def _declare_kind(kind: ApprovalKind, name: str) -> None:
    @figure(
        f"approval.{name}",
        f"审批通过：{kind.value}",
        "户",
        f"审批事项是{kind.value}、结果是通过、办结日期在期间内的审批件",
        example=f"{kind.value} 6月30日办结、通过 3 户，7月1日通过 1 户，不通过 2 户，撤回 1 户："
        "上半年计 3 户",
        sheets=(Approval,),
        command=_APPROVED_BY,
    )
    def approved(scope: Scope) -> Measured:
        """Files of one kind approved in the period."""
        count = approvals.settled_count(scope.loaded, scope.period, scope.as_of, kind=kind)
        return Measured(count.value, count.cells)


for _kind in ApprovalKind:
    _declare_kind(_kind, _kind.name.lower())


def files_at_cut_off(scope: Scope) -> Files:
    """The approval files as they stood at the end of the cut-off date."""
    clock = HalfDayClock(scope.calendar, Rules(scope.overrides))
    return read_files(scope.loaded, end_of_day(scope.as_of), clock)


def _district(scope: Scope) -> approvals.Spread:
    files = scope.once(files_at_cut_off)
    return approvals.stage_spread(files, scope.period, Stage.DISTRICT)


def _staff_approved(scope: Scope) -> staff.Count:
    return staff.approvals(scope.loaded, scope.span)


@figure(
    "approval.district_in_time",
    "区级复审限内率",
    "件",
    "期间内区级办结、用时在时限之内（含本数）的 ÷ 期间内区级办结、有时限并能算出用时的；"
    "用时按半个工作日计，收件的半天不计、办结的半天计入，补正天数不计入，时限按收件当日的规定",
    example="时限 10 个工作日：用 10 天的 3 件、10.5 天的 1 件，没有收件时间、算不出用时的 1 件："
    "3/4 件",
    sheets=(Approval,),
    command=_APPROVED_BY,
    is_rate=True,
)
def district_in_time(scope: Scope) -> Measured:
    """District decisions within their limit ÷ those with a limit and a duration."""
    spread = scope.once(_district)
    limit = Rules(scope.overrides).limit(Stage.DISTRICT, None, scope.day)
    note = "没有定时限" if limit is None else f"时限 {_days(limit)} 个工作日"
    if spread.longest is not None:
        note += f"，最长用时 {_days(spread.longest)} 个工作日"
    if spread.unmeasured:
        note += f"；{spread.unmeasured} 件算不出用时，没有计入"
    within = spread.within
    return Measured(within.numerator, spread.cells, within.denominator, spread.cells, note)


@figure(
    "subsidy.new_grants",
    "新增租赁补贴",
    "户",
    "批准日期在期间内的租赁补贴家庭",
    example="6月30日批准 20 户（其中 1 户后来终止），7月1日批准 5 户：上半年计 20 户",
    sheets=(SubsidyGrant,),
    command=_SUBSIDY_BY,
)
def subsidy_new_grants(scope: Scope) -> Measured:
    """Households with a grant approved in the period."""
    found = rental.new_grants(scope.loaded, scope.span)
    return Measured(found.households, found.cells)


@figure(
    "subsidy.households_paid",
    "发放租赁补贴户数",
    "户",
    "发放日期在期间内、已发放（后来追回的也算）的家庭，一户只计一次",
    example="甲户 3月、6月各发一次，乙户发放后追回，丙户银行退回，丁户待发放：计 2 户",
    sheets=(SubsidyPayment,),
    command=_SUBSIDY_BY,
    target="BT",
)
def subsidy_households_paid(scope: Scope) -> Measured:
    """Distinct households paid in the period."""
    found = rental.paid(scope.loaded, scope.span)
    return Measured(found.households, found.cells)


@figure(
    "subsidy.amount_paid",
    "发放租赁补贴金额",
    "元",
    "发放日期在期间内、已发放（后来追回的也算）的金额之和",
    example="甲户 3月、6月各发 900 元，乙户发 600 元后追回，丙户 500 元银行退回：计 2,400 元",
    sheets=(SubsidyPayment,),
    command=_SUBSIDY_BY,
)
def subsidy_amount_paid(scope: Scope) -> Measured:
    """Σ 发放金额 paid in the period."""
    found = rental.paid(scope.loaded, scope.span)
    return Measured(found.amount, found.cells, note=f"{format_wan(found.amount)} 万元")


@figure(
    "staff.employers",
    "职工住房补贴单位",
    "家",
    "期间内审批通过的职工住房补贴涉及的单位，同一单位只计一次",
    example="甲单位通过 5 户（单位名称有两种写法、代码相同），乙单位通过 2 户，"
    "丙单位 3 户都在审核中：计 2 家",
    sheets=(StaffSubsidy,),
    command=_STAFF_BY,
)
def staff_employers(scope: Scope) -> Measured:
    """Distinct employers of the households approved in the period."""
    found = scope.once(_staff_approved)
    return Measured(found.employers, found.cells)


@figure(
    "staff.households",
    "职工住房补贴",
    "户",
    "期间内审批通过（已审批、已发放）的职工住房补贴家庭",
    example="6月30日审批：已审批 5 户、已发放 2 户、不予批准 1 户；资料不全 3 户，"
    "7月1日审批 4 户：上半年计 7 户",
    sheets=(StaffSubsidy,),
    command=_STAFF_BY,
    target="ZB",
)
def staff_households(scope: Scope) -> Measured:
    """Households approved in the period."""
    found = scope.once(_staff_approved)
    return Measured(found.households, found.cells)


@figure(
    "staff.half_year_progress",
    "职工住房补贴完成半年目标",
    "户",
    "期末所在年度 1 月 1 日至 6 月 30 日（或截止日）审批通过的"
    " ÷ 目标任务的半年目标（目标的计量单位）",
    example="半年目标 1,000 户，1—6月审批通过 960 户，7月2日又通过 10 户：960/1,000 户",
    sheets=(StaffSubsidy, Target),
    command=_STAFF_BY,
    is_rate=True,
)
def staff_half_year_progress(scope: Scope) -> Measured:
    """Approvals of January to June against the half-year target; "—" without a target."""
    found = staff.progress(scope.loaded, scope.day, scope.overrides)
    if not found:
        return Measured(0, (), 0, note="目标任务里没有可以比的目标")
    half = found[0]
    word = "已达到" if half.is_reached else "未达到"
    rate = half.rate
    return Measured(rate.numerator, half.cells[1:], rate.denominator, half.cells[:1], f"{word}目标")


def _days(halves: int | None) -> str:
    """Half days as working days: 5 → 2.5."""
    days = Fraction(halves or 0, 2)
    return str(days) if days.denominator == 1 else f"{float(days):.1f}"
