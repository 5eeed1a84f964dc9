"""arrears.xlsx: opening debts, charges, receipts, reductions, instalments, visits, remittances."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from zhubao.ledger.fields import BillingMonth, Code, Day, Fen, Text, Whole, YesNo
from zhubao.ledger.model import LedgerRow, Sheet, column
from zhubao.ledger.units import Ownership

_HOUSEHOLD_ALIASES = ("租户编号", "户编号", "户号")


class OpeningDebt(LedgerRow):
    """期初欠租: what was owed before the ledger's first month, by billing month where known."""

    SHEET: ClassVar[Sheet] = Sheet(
        "arrears", "期初欠租", "启用台账前的历史欠租", aliases=("历史欠租", "上年结转", "期初欠费")
    )

    household_no: Code = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, key=True, references="Household.household_no"
    )
    month: BillingMonth = column(
        "账单期",
        aliases=("欠租月份", "所属月份", "所属期"),
        key=True,
        note="欠租所属月份；只知总额时填最早欠租月",
    )
    amount: Fen = column("欠租金额", aliases=("历史欠租", "期初欠租", "欠缴"), unit="元", ge=0)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class Charge(LedgerRow):
    """应收: one row per household and billing month."""

    SHEET: ClassVar[Sheet] = Sheet(
        "arrears", "应收", "每户每月应收租金一行", aliases=("应收租金", "应收台账", "租金应收")
    )

    charge_no: Code = column("应收编号", aliases=("账单编号", "账单号"), key=True)
    household_no: Code = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, references="Household.household_no"
    )
    lease_no: Code | None = column(
        "合同编号", aliases=("合同号",), default=None, references="Lease.lease_no"
    )
    unit_no: Code | None = column(
        "房源编号", aliases=("房屋编号",), default=None, references="Unit.unit_no"
    )
    month: BillingMonth = column("账单期", aliases=("所属月份", "月份", "应收月份", "所属期"))
    standard: Fen | None = column("标准租金", aliases=("规定租金",), unit="元", default=None, ge=0)
    reduction: Fen | None = column("减免租金", aliases=("减免",), unit="元", default=None, ge=0)
    amount: Fen = column(
        "应收金额",
        aliases=("应缴租金", "应缴", "应收租金", "应收"),
        unit="元",
        note="标准租金减去减免",
    )
    charged_on: Day | None = column("入账日期", aliases=("出账日期", "制单日期"), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class Receipt(LedgerRow):
    """实收: one row per receipt; a reversal is negative."""

    SHEET: ClassVar[Sheet] = Sheet(
        "arrears",
        "实收",
        "每笔收款一行，冲正用负数",
        aliases=("实收租金", "收款", "收款台账", "租金实收"),
    )

    receipt_no: Code = column("收据号", aliases=("收款编号", "流水号", "票据号"), key=True)
    household_no: Code = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, references="Household.household_no"
    )
    received_on: Day = column("收款日期", aliases=("缴款日期", "到账日期", "日期"))
    amount: Fen = column(
        "实收金额", aliases=("已缴", "收款金额", "金额", "实收"), unit="元", note="冲正填负数"
    )
    month: BillingMonth | None = column(
        "指定账单期",
        aliases=("账单期", "所属月份", "缴纳月份"),
        default=None,
        note="缴款人指明缴哪个月时填写；空着先抵最早的欠租",
    )
    method: Text | None = column("收款方式", aliases=("缴款方式", "方式"), default=None)
    payer: Text | None = column("缴款人", aliases=("付款人",), default=None, personal=True)
    remark: Text | None = column("备注", aliases=("说明", "摘要"), default=None)


class ReductionKind(StrEnum):
    """减免类型; a write-off closes debt that is given up."""

    REDUCTION = "减免"
    WRITE_OFF = "核销"


class Reduction(LedgerRow):
    """减免: reductions and write-offs of rent already charged."""

    SHEET: ClassVar[Sheet] = Sheet(
        "arrears", "减免", "对已入账租金的减免和核销", aliases=("减免核销", "租金减免")
    )

    reduction_no: Code = column("减免编号", aliases=("核销编号",), key=True)
    household_no: Code = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, references="Household.household_no"
    )
    month: BillingMonth | None = column("账单期", aliases=("所属月份",), default=None)
    kind: ReductionKind = column("减免类型", aliases=("类型",))
    amount: Fen = column("减免金额", aliases=("核销金额", "金额"), unit="元", ge=0)
    approved_on: Day = column("批准日期", aliases=("审批日期", "日期"))
    reason: Text | None = column("减免原因", aliases=("原因", "依据"), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class PlanRhythm(StrEnum):
    """分期方式."""

    MONTHLY = "分月"
    QUARTERLY = "分季度"


class PlanStatus(StrEnum):
    """协议状态."""

    IN_FORCE = "履行中"
    SETTLED = "已结清"
    CANCELLED = "已作废"


class InstalmentPlan(LedgerRow):
    """分期协议: an agreement to pay a debt in parts."""

    SHEET: ClassVar[Sheet] = Sheet(
        "arrears", "分期协议", "每份分期缴纳协议一行", aliases=("分期缴纳协议",)
    )

    plan_no: Code = column("协议编号", aliases=("协议号",), key=True)
    household_no: Code = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, references="Household.household_no"
    )
    signed_on: Day = column("签订日期", aliases=("签约日期",))
    rhythm: PlanRhythm = column("分期方式", aliases=("方式",))
    total: Fen = column("协议金额", aliases=("欠租总额",), unit="元", gt=0)
    parts: Whole = column("期数", aliases=("分期期数",), unit="期", ge=1)
    status: PlanStatus = column("协议状态", aliases=("状态",))
    reason: Text | None = column("分期原因", aliases=("原因",), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class Instalment(LedgerRow):
    """分期计划: the parts of each plan."""

    SHEET: ClassVar[Sheet] = Sheet("arrears", "分期计划", "每期一行", aliases=("分期明细",))

    plan_no: Code = column(
        "协议编号", aliases=("协议号",), key=True, references="InstalmentPlan.plan_no"
    )
    part: Whole = column("期次", aliases=("期号",), key=True, ge=1)
    due_on: Day = column("应缴日期", aliases=("到期日",))
    amount: Fen = column("应缴金额", aliases=("金额",), unit="元", gt=0)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class CollectionVisit(LedgerRow):
    """收租走访: visits to collect rent, one per household and month."""

    SHEET: ClassVar[Sheet] = Sheet(
        "arrears",
        "收租走访",
        "每次上户收租一行（一月一上户）",
        aliases=("上户走访", "收租上户", "走访"),
    )

    visit_no: Code = column("走访编号", key=True)
    household_no: Code = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, references="Household.household_no"
    )
    visited_on: Day = column("走访日期", aliases=("上户日期", "日期"))
    visitor: Text | None = column("走访人", aliases=("上户人员",), default=None)
    met: YesNo | None = column("是否见到", aliases=("是否在家",), default=None)
    result: Text | None = column("走访结果", aliases=("结果", "情况"), default=None)
    promised: Fen | None = column("承诺缴款", unit="元", default=None, ge=0)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class Remittance(LedgerRow):
    """租金汇缴: rent of city-owned (or district-owned) units paid on to the treasury."""

    SHEET: ClassVar[Sheet] = Sheet("arrears", "租金汇缴", "每笔汇缴一行", aliases=("汇缴",))

    remittance_no: Code = column("汇缴编号", aliases=("汇缴单号",), key=True)
    ownership: Ownership = column("产权单位", aliases=("产权",))
    period: Text = column("所属期间", aliases=("所属期",), note="如 2020-Q1、2019-H2、2020-03")
    remitted_on: Day = column("汇缴日期", aliases=("日期",))
    amount: Fen = column("汇缴金额", aliases=("金额",), unit="元")
    voucher_no: Code | None = column("凭证号", aliases=("票据号",), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class SuspenseStatus(StrEnum):
    """认领状态."""

    OPEN = "待认领"
    CLAIMED = "已认领"
    RETURNED = "已退回"


class SuspenseReceipt(LedgerRow):
    """待认款: money that came in and cannot yet be booked to a household."""

    SHEET: ClassVar[Sheet] = Sheet(
        "arrears", "待认款", "暂时认不出是哪一户的收款，每笔一行", aliases=("挂账", "暂收款")
    )

    suspense_no: Code = column("挂账编号", aliases=("流水号",), key=True)
    received_on: Day = column("收款日期", aliases=("到账日期", "日期"))
    amount: Fen = column("金额", aliases=("收款金额",), unit="元", note="冲正填负数")
    payer: Text | None = column("付款人", aliases=("缴款人",), default=None, personal=True)
    memo: Text | None = column("摘要", aliases=("附言", "用途"), default=None, personal=True)
    source: Text | None = column("来源", aliases=("来源文件",), default=None, note="文件和行号")
    reason: Text | None = column("挂账原因", aliases=("原因",), default=None)
    status: SuspenseStatus = column("认领状态", aliases=("状态",))
    household_no: Code | None = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, default=None, references="Household.household_no"
    )
    claimed_on: Day | None = column("认领日期", default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class LetterKind(StrEnum):
    """文书种类."""

    DEMAND = "催缴通知书"
    INSTALMENT = "分期协议"
    VACATE = "腾退告知书"


class RentLetter(LedgerRow):
    """催缴文书: every letter written to a household about its rent."""

    SHEET: ClassVar[Sheet] = Sheet(
        "arrears", "催缴文书", "每份催缴通知、分期协议、腾退告知一行", aliases=("文书", "文书台账")
    )

    letter_no: Code = column("文书编号", aliases=("文号",), key=True)
    household_no: Code = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, references="Household.household_no"
    )
    kind: LetterKind = column("文书种类", aliases=("种类",))
    issued_on: Day = column("出具日期", aliases=("日期",))
    as_of: Day | None = column("欠租截止日期", default=None)
    amount: Fen | None = column("欠租金额", unit="元", default=None, ge=0)
    months: Whole | None = column("欠租月数", unit="个月", default=None, ge=0)
    file: Text | None = column("文件", aliases=("文件名",), default=None)
    delivered_on: Day | None = column("送达日期", default=None)
    delivery: Text | None = column("送达方式", aliases=("送达情况",), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class ArrearsLine(LedgerRow):
    """欠租明细: computed by zhubao per household; never typed in."""

    SHEET: ClassVar[Sheet] = Sheet(
        "arrears", "欠租明细", "由 zhubao 计算写入的每户欠租", aliases=("欠费明细",), computed=True
    )

    household_no: Code = column("家庭编号", key=True, references="Household.household_no")
    as_of: Day = column("截止日期", key=True)
    opening: Fen = column("期初欠租", unit="元")
    charged: Fen = column("应收合计", unit="元")
    received: Fen = column("实收合计", unit="元")
    written_off: Fen = column("减免核销", unit="元")
    owed: Fen = column("结欠", aliases=("欠租金额", "欠缴"), unit="元")
    unpaid_months: Whole = column("欠租月数", unit="个月")
    oldest_month: BillingMonth | None = column("最早欠租月", default=None)
