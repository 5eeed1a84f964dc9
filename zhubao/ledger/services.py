"""services.xlsx, first part: approvals, special cases, hotline tickets. The rest: `office`."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from zhubao.ledger.fields import (
    Code,
    Day,
    Fen,
    Identity,
    Moment,
    Number,
    Text,
    Whole,
    YesNo,
)
from zhubao.ledger.model import LedgerRow, Sheet, column

_HOUSEHOLD_ALIASES = ("租户编号", "户编号", "户号", "保障编号")


class ApprovalKind(StrEnum):
    """审批事项."""

    RENTAL_HOUSING = "公租房资格"
    RENTAL_SUBSIDY = "租赁补贴资格"
    AFFORDABLE_PURCHASE = "经济适用房购房资格"
    RESETTLEMENT_SUBSIDY = "棚改安置补贴"
    PURCHASE_REWARD = "购房奖励"
    HALF_COUPLE = "半边户"


class ApprovalResult(StrEnum):
    """审批结果."""

    IN_PROGRESS = "办理中"
    APPROVED = "通过"
    REFUSED = "不通过"
    TO_COMPLETE = "补正"
    WITHDRAWN = "撤回"


class Approval(LedgerRow):
    """审批: one row per application, with the timestamps of every stage."""

    SHEET: ClassVar[Sheet] = Sheet(
        "services", "审批", "每件审批一行", aliases=("审批台账", "资格审批", "审批事项")
    )

    approval_no: Code = column("审批编号", aliases=("受理编号", "业务编号", "编号"), key=True)
    kind: ApprovalKind = column("审批事项", aliases=("事项", "业务类型", "审批类型", "类型"))
    applicant: Text = column("申请人", aliases=("姓名", "户主"), personal=True)
    identity_no: Identity | None = column(
        "身份证号",
        aliases=("身份证号码", "身份证", "证件号码"),
        default=None,
        personal=True,
    )
    household_no: Code | None = column(
        "家庭编号",
        aliases=_HOUSEHOLD_ALIASES,
        default=None,
        references="Household.household_no",
        note="已是保障家庭的填写",
    )
    size: Whole | None = column(
        "家庭人口", aliases=("人口", "人数"), unit="人", default=None, ge=1, le=20
    )
    street: Text | None = column("街道", default=None)
    community: Text | None = column("社区", default=None)
    project: Text | None = column("棚改项目", aliases=("项目名称", "项目"), default=None)
    spouse: Text | None = column("配偶姓名", aliases=("配偶",), default=None, personal=True)
    spouse_identity_no: Identity | None = column(
        "配偶身份证号", aliases=("配偶身份证",), default=None, personal=True
    )
    spouse_hukou: Text | None = column("配偶户籍", aliases=("配偶户口",), default=None)
    spouse_employer: Text | None = column("配偶工作单位", aliases=("配偶单位",), default=None)
    benefits_drawn: Text | None = column(
        "已享受政策", aliases=("双方已享受政策", "已享受待遇"), default=None
    )
    amount: Fen | None = column(
        "核定金额", aliases=("补贴金额", "奖励金额", "金额"), unit="元", default=None, ge=0
    )
    community_received_at: Moment | None = column(
        "社区受理时间", aliases=("社区收件时间", "受理时间", "申请时间"), default=None
    )
    community_decided_at: Moment | None = column(
        "社区办结时间", aliases=("社区初审时间", "社区审核时间"), default=None
    )
    community_officer: Text | None = column("社区经办人", aliases=("社区专干",), default=None)
    street_received_at: Moment | None = column(
        "街道收件时间", aliases=("街道受理时间",), default=None
    )
    street_decided_at: Moment | None = column(
        "街道办结时间", aliases=("街道审核时间", "街道复核时间"), default=None
    )
    street_officer: Text | None = column("街道经办人", aliases=("街道专干",), default=None)
    district_received_at: Moment | None = column(
        "区收件时间", aliases=("区级收件时间", "区受理时间"), default=None
    )
    district_decided_at: Moment | None = column(
        "区办结时间", aliases=("区级办结时间", "区审核时间", "区复审时间"), default=None
    )
    district_officer: Text | None = column(
        "区经办人", aliases=("区级经办人", "经办人"), default=None
    )
    city_received_at: Moment | None = column(
        "市收件时间", aliases=("市级收件时间", "报市时间"), default=None
    )
    city_decided_at: Moment | None = column(
        "市办结时间", aliases=("市级办结时间", "市审批时间", "市审核时间"), default=None
    )
    suspended_days: Number | None = column(
        "补正天数",
        aliases=("暂停天数",),
        unit="工作日",
        default=None,
        ge=Decimal(0),
        note="等待申请人补正的工作日，不计入区级时限",
    )
    notice_from: Day | None = column("公示开始日", aliases=("公示起始日期",), default=None)
    notice_to: Day | None = column("公示截止日", aliases=("公示结束日期",), default=None)
    result: ApprovalResult = column("审批结果", aliases=("结果", "状态", "办理状态"))
    decided_on: Day | None = column("办结日期", aliases=("批准日期", "审批日期"), default=None)
    refusal_reason: Text | None = column(
        "不通过原因", aliases=("原因", "不予批准原因"), default=None
    )
    refused_in_writing_on: Day | None = column(
        "书面告知日期", aliases=("告知日期",), default=None, note="不通过的须书面说明理由"
    )
    visits: Whole | None = column(
        "跑动次数", aliases=("到场次数", "群众跑动次数"), unit="次", default=None, ge=0
    )
    is_online: YesNo | None = column("是否联网办理", aliases=("联网审批",), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class CaseProgress(StrEnum):
    """办理状态 of a special case."""

    HANDLING = "办理中"
    RESOLVED = "已解决"
    UNRESOLVABLE = "无法解决"


class SpecialCase(LedgerRow):
    """个案: one row per special hardship case of a redevelopment project."""

    SHEET: ClassVar[Sheet] = Sheet(
        "services", "个案", "每个项目个案一行", aliases=("项目个案", "个案台账", "特殊个案")
    )

    case_no: Code = column("个案编号", aliases=("编号",), key=True)
    project: Text | None = column("项目", aliases=("棚改项目", "项目名称"), default=None)
    applicant: Text = column("当事人", aliases=("姓名", "申请人", "征收户"), personal=True)
    identity_no: Identity | None = column(
        "身份证号", aliases=("身份证号码", "证件号码"), default=None, personal=True
    )
    household_no: Code | None = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, default=None, references="Household.household_no"
    )
    difficulty: Text = column("特殊困难", aliases=("困难情况", "问题", "事由"))
    received_on: Day = column("受理日期", aliases=("登记日期", "日期"))
    due_on: Day | None = column("办理期限", aliases=("截止日期", "应办结日期"), default=None)
    handler: Text | None = column("办理人", aliases=("经办人", "责任人", "专人"), default=None)
    studied_on: Day | None = column("专题研究日期", aliases=("研究日期",), default=None)
    coordination: Text | None = column("协调情况", default=None)
    result: Text | None = column("处理结果", aliases=("结果", "办理结果"), default=None)
    resolved_on: Day | None = column("解决日期", aliases=("办结日期",), default=None)
    status: CaseProgress = column("办理状态", aliases=("状态",))
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class TicketStatus(StrEnum):
    """工单状态."""

    OPEN = "待办"
    HANDLING = "办理中"
    CLOSED = "已办结"
    RETURNED = "已退回"


class HotlineTicket(LedgerRow):
    """12345工单: one row per ticket of the citizens' hotline."""

    SHEET: ClassVar[Sheet] = Sheet(
        "services",
        "12345工单",
        "每份热线工单一行",
        aliases=("工单", "12345热线", "热线工单", "12345"),
    )

    ticket_no: Code = column("工单编号", aliases=("工单号", "编号"), key=True)
    received_on: Day = column("收单日期", aliases=("受理日期", "派单日期", "日期"))
    due_on: Day | None = column(
        "办理期限", aliases=("截止日期", "应办结日期", "时限"), default=None
    )
    caller: Text | None = column("来电人", aliases=("诉求人", "姓名"), default=None, personal=True)
    phone: Code | None = column(
        "联系电话", aliases=("电话", "来电号码"), default=None, personal=True
    )
    household_no: Code | None = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, default=None, references="Household.household_no"
    )
    subject: Text | None = column("诉求类别", aliases=("类别", "工单类型"), default=None)
    content: Text = column("诉求内容", aliases=("内容", "工单内容", "问题"))
    department: Text | None = column("承办科室", aliases=("责任部门", "承办部门"), default=None)
    handler: Text | None = column("承办人", aliases=("办理人", "经办人"), default=None)
    handled_on: Day | None = column("办结日期", aliases=("回复日期", "办理日期"), default=None)
    result: Text | None = column("办理结果", aliases=("结果", "处理结果", "回复内容"), default=None)
    is_satisfied: YesNo | None = column(
        "是否满意", aliases=("满意度", "群众是否满意"), default=None
    )
    status: TicketStatus = column("工单状态", aliases=("状态", "办理状态"))
    remark: Text | None = column("备注", aliases=("说明",), default=None)
