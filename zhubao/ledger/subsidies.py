"""subsidies.xlsx: rental subsidy grants, quarterly sign-in, payments; staff housing subsidy."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from zhubao.ledger.fields import BillingMonth, Code, Day, Fen, Identity, Number, Text, Whole, YesNo
from zhubao.ledger.model import LedgerRow, Sheet, column
from zhubao.ledger.tenants import Tier

_HOUSEHOLD_ALIASES = ("租户编号", "户编号", "户号", "保障编号")
_GRANT_ALIASES = ("补贴资格编号", "补贴证号", "资格编号")
_QUARTER_NOTE = "如 2020-Q2"


class SubsidyStatus(StrEnum):
    """补贴状态."""

    IN_FORCE = "生效"
    SUSPENDED = "暂停"
    STOPPED = "终止"
    EXPIRED = "到期"


class SubsidyGrant(LedgerRow):
    """租赁补贴: one row per household's right to a rental subsidy."""

    SHEET: ClassVar[Sheet] = Sheet(
        "subsidies",
        "租赁补贴",
        "每份租赁补贴资格一行",
        aliases=("补贴资格", "租赁补贴台账", "公租房租赁补贴", "补贴台账"),
    )

    grant_no: Code = column("补贴编号", aliases=_GRANT_ALIASES, key=True)
    household_no: Code = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, references="Household.household_no"
    )
    tier: Tier = column("保障类型", aliases=("类型", "保障类别", "收入类别"))
    size: Whole = column("保障人口", aliases=("家庭人口", "人口", "人数"), unit="人", ge=1, le=20)
    area_held_m2: Number | None = column(
        "现有住房面积",
        aliases=("自有住房面积", "已有面积"),
        unit="m²",
        default=None,
        ge=Decimal(0),
        note="计算补贴面积时扣除；无房填 0 或空着",
    )
    actual_rent: Fen | None = column(
        "实际月租金",
        aliases=("市场租金", "租房租金"),
        unit="元",
        default=None,
        ge=0,
        note="租房合同写明的月租金；补贴不超过它",
    )
    rented_address: Text | None = column(
        "租住地址", aliases=("租房地址", "现住址"), default=None, personal=True
    )
    rental_ends_on: Day | None = column(
        "租房合同到期日", aliases=("租房到期日期", "租约到期日"), default=None
    )
    price: Fen | None = column(
        "补贴标准", aliases=("补贴单价", "标准"), unit="元/m²·月", default=None, ge=0
    )
    monthly_amount: Fen = column(
        "月补贴额", aliases=("月补贴金额", "每月补贴", "补贴金额"), unit="元", ge=0
    )
    approved_on: Day = column("批准日期", aliases=("资格批准日期", "审批日期", "新增日期"))
    first_month: BillingMonth | None = column(
        "起发月份", aliases=("开始月份", "起始月份", "发放起始月"), default=None
    )
    last_month: BillingMonth | None = column(
        "止发月份", aliases=("结束月份", "截止月份", "发放截止月"), default=None
    )
    months_before: Whole | None = column(
        "此前已领月数",
        aliases=("已领月数", "已享受月数"),
        unit="个月",
        default=None,
        ge=0,
        note="启用台账前已领的月数；有累计月数上限的类型用得到",
    )
    payee: Text | None = column(
        "领取人", aliases=("户名", "收款人", "开户名"), default=None, personal=True
    )
    bank: Text | None = column("开户银行", aliases=("开户行", "银行"), default=None)
    bank_account: Code | None = column(
        "银行账号", aliases=("账号", "银行卡号", "卡号", "收款账号"), default=None, personal=True
    )
    status: SubsidyStatus = column("补贴状态", aliases=("状态",))
    status_changed_on: Day | None = column(
        "状态变更日期", aliases=("停发日期", "变更日期"), default=None
    )
    status_reason: Text | None = column(
        "变更原因", aliases=("停发原因", "暂停原因", "终止原因"), default=None
    )
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class SignInMethod(StrEnum):
    """签到方式."""

    IN_PERSON = "本人到场"
    PROXY = "委托代签"
    HOME_VISIT = "上门签到"
    ONLINE = "线上签到"


class SubsidySignIn(LedgerRow):
    """签到: one row per grant and quarter; without sign-in there is no payment."""

    SHEET: ClassVar[Sheet] = Sheet(
        "subsidies", "签到", "每户每季度一行", aliases=("季度签到", "补贴签到", "签到表")
    )

    grant_no: Code = column(
        "补贴编号", aliases=_GRANT_ALIASES, key=True, references="SubsidyGrant.grant_no"
    )
    quarter: Text = column("季度", aliases=("签到季度", "所属季度"), key=True, note=_QUARTER_NOTE)
    household_no: Code | None = column(
        "家庭编号",
        aliases=_HOUSEHOLD_ALIASES,
        default=None,
        references="Household.household_no",
    )
    signed: YesNo = column("是否签到", aliases=("签到", "签到情况"))
    signed_on: Day | None = column("签到日期", aliases=("签到时间",), default=None)
    method: SignInMethod | None = column("签到方式", aliases=("方式",), default=None)
    signed_by: Text | None = column(
        "签到人", aliases=("代签人", "签名"), default=None, personal=True
    )
    changed: YesNo | None = column(
        "情况有无变化", aliases=("是否变化", "家庭情况是否变化"), default=None
    )
    change_note: Text | None = column("变化情况", aliases=("变化说明",), default=None)
    community: Text | None = column("社区", aliases=("签到社区",), default=None)
    clerk: Text | None = column("经办人", aliases=("社区经办人", "专干"), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class PaymentStatus(StrEnum):
    """发放状态."""

    PENDING = "待发放"
    PAID = "已发放"
    BOUNCED = "银行退回"
    RECOVERED = "已追回"


class SubsidyPayment(LedgerRow):
    """发放: one row per payment of rental subsidy."""

    SHEET: ClassVar[Sheet] = Sheet(
        "subsidies", "发放", "每笔租赁补贴发放一行", aliases=("补贴发放", "发放台账", "发放明细")
    )

    payment_no: Code = column("发放编号", aliases=("发放单号", "流水号"), key=True)
    roll_no: Code | None = column(
        "发放批次", aliases=("发放批号", "批次", "发放表编号"), default=None
    )
    grant_no: Code = column("补贴编号", aliases=_GRANT_ALIASES, references="SubsidyGrant.grant_no")
    household_no: Code = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, references="Household.household_no"
    )
    quarter: Text = column("所属季度", aliases=("季度", "发放季度", "所属期"), note=_QUARTER_NOTE)
    months: Whole | None = column(
        "发放月数", aliases=("月数",), unit="个月", default=None, ge=1, le=24
    )
    amount: Fen = column("发放金额", aliases=("补贴金额", "金额", "实发金额"), unit="元", ge=0)
    paid_on: Day | None = column("发放日期", aliases=("到账日期", "日期", "拨付日期"), default=None)
    status: PaymentStatus = column("发放状态", aliases=("状态", "发放结果"))
    payee: Text | None = column(
        "领取人", aliases=("户名", "收款人", "姓名"), default=None, personal=True
    )
    bank_account: Code | None = column(
        "银行账号", aliases=("账号", "银行卡号", "卡号", "收款账号"), default=None, personal=True
    )
    recovered: Fen | None = column(
        "追回金额", aliases=("退回金额", "已追回"), unit="元", default=None, ge=0
    )
    recovered_on: Day | None = column("追回日期", aliases=("退回日期",), default=None)
    voucher_no: Code | None = column("凭证号", aliases=("票据号",), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class StaffSubsidyStatus(StrEnum):
    """办理状态 of a staff housing subsidy."""

    INCOMPLETE = "资料不全"
    IN_REVIEW = "审核中"
    APPROVED = "已审批"
    REFUSED = "不予批准"
    PAID = "已发放"


class StaffSubsidy(LedgerRow):
    """职工住房补贴: one row per employee's household, by employer and round."""

    SHEET: ClassVar[Sheet] = Sheet(
        "subsidies",
        "职工住房补贴",
        "每户职工住房补贴申报一行",
        aliases=("职补", "职工住房货币化补贴", "住房补贴", "职补台账"),
    )

    application_no: Code = column("申报编号", aliases=("编号", "职补编号"), key=True)
    employer: Text = column("单位名称", aliases=("单位", "工作单位", "申报单位"))
    employer_code: Code | None = column(
        "单位代码", aliases=("统一社会信用代码", "单位编码"), default=None
    )
    round: Text = column("轮次", aliases=("申报轮次", "批次"), note="如 第一轮、第二轮")
    employee: Text = column("职工姓名", aliases=("姓名", "申报人"), personal=True)
    identity_no: Identity = column(
        "身份证号", aliases=("身份证号码", "身份证", "证件号码"), personal=True
    )
    spouse: Text | None = column("配偶姓名", aliases=("配偶",), default=None, personal=True)
    spouse_identity_no: Identity | None = column(
        "配偶身份证号", aliases=("配偶身份证", "配偶身份证号码"), default=None, personal=True
    )
    standard_area_m2: Number | None = column(
        "标准面积", aliases=("应享受面积",), unit="m²", default=None, ge=Decimal(0)
    )
    area_held_m2: Number | None = column(
        "已享受面积", aliases=("现有住房面积", "已购面积"), unit="m²", default=None, ge=Decimal(0)
    )
    amount: Fen | None = column(
        "补贴金额", aliases=("核定金额", "金额"), unit="元", default=None, ge=0
    )
    submitted_on: Day = column("申报日期", aliases=("受理日期", "报送日期"))
    is_complete: YesNo | None = column(
        "资料是否齐全", aliases=("资料齐全", "是否齐全"), default=None
    )
    missing_papers: Text | None = column("缺少资料", aliases=("所缺资料", "补正内容"), default=None)
    status: StaffSubsidyStatus = column("办理状态", aliases=("状态", "审批状态"))
    approved_on: Day | None = column("审批日期", aliases=("批准日期", "办结日期"), default=None)
    paid_on: Day | None = column("发放日期", default=None)
    clerk: Text | None = column("经办人", default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)
