"""audit.xlsx: leads, findings, the steps of putting them right, follow-up visits."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from zhubao.ledger.fields import Code, Day, Fen, Identity, Text, Whole, YesNo
from zhubao.ledger.model import LedgerRow, Sheet, column

_HOUSEHOLD_ALIASES = ("租户编号", "户编号", "户号", "保障编号")
_UNIT_ALIASES = ("房屋编号", "房源号")
_SEVERAL_NOTE = "多处用顿号隔开，如 arrears.xlsx!应收!F12"


class IssueKind(StrEnum):
    """问题类型: the classes auditors use."""

    INELIGIBLE = "不符合条件享受"
    NOT_EXITED = "未按规定退出"
    DOUBLE_BENEFIT = "重复享受"
    SUBLET = "违规转租转借"
    USE_CHANGED = "改变用途"
    LEFT_IDLE = "空置"
    FALSE_PAPERS = "虚假材料"
    PAID_LATE = "补贴未及时发放"
    RENT_UNCOLLECTED = "租金未收缴"
    RENT_UNREMITTED = "租金未上缴"
    FUNDS_HELD_BACK = "资金滞留"
    FUNDS_DIVERTED = "资金挪用"
    FRAUD = "套取骗取"
    PROCEDURE = "程序不规范"
    RECORDS = "台账不实"
    OTHER = "其他"


class LeadSource(StrEnum):
    """疑点来源."""

    CHECK = "系统检查"
    LIST_MATCH = "清单比对"
    AUDITORS = "审计组"
    HIGHER_LEVEL = "上级交办"
    REPORT = "群众举报"
    SELF_REVIEW = "自查"


class LeadStatus(StrEnum):
    """疑点状态: a lead is verified, then confirmed as a finding or cleared with a reason."""

    OPEN = "待核实"
    VERIFYING = "核实中"
    CONFIRMED = "已认定"
    CLEARED = "已排除"


class Lead(LedgerRow):
    """疑点: one row per lead; a lead is not a verdict."""

    SHEET: ClassVar[Sheet] = Sheet(
        "audit", "疑点", "每条疑点一行，须核实后认定", aliases=("疑点清单", "疑点台账", "线索")
    )

    lead_no: Code = column("疑点编号", aliases=("编号", "线索编号"), key=True)
    check_code: Code | None = column("规则编号", aliases=("检查规则", "规则"), default=None)
    kind: IssueKind = column("疑点类型", aliases=("类型", "问题类型"))
    source: LeadSource = column("疑点来源", aliases=("来源",))
    list_name: Text | None = column("比对清单", aliases=("清单",), default=None)
    raised_on: Day = column("提出日期", aliases=("发现日期", "日期"))
    household_no: Code | None = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, default=None, references="Household.household_no"
    )
    unit_no: Code | None = column(
        "房源编号", aliases=_UNIT_ALIASES, default=None, references="Unit.unit_no"
    )
    person: Text | None = column("姓名", aliases=("当事人", "对象"), default=None, personal=True)
    identity_no: Identity | None = column(
        "身份证号", aliases=("身份证号码", "证件号码"), default=None, personal=True
    )
    matter: Text = column("疑点事项", aliases=("事项", "疑点", "问题事项"))
    basis: Text | None = column("依据", aliases=("法律依据", "政策依据"), default=None)
    evidence: Text | None = column(
        "证据", aliases=("证据（单元格）", "来源单元格"), default=None, note=_SEVERAL_NOTE
    )
    amount: Fen | None = column("涉及金额", aliases=("金额",), unit="元", default=None, ge=0)
    fingerprint: Code | None = column(
        "疑点标识", default=None, note="由 zhubao 写入，用来认出同一条疑点"
    )
    last_seen_on: Day | None = column("最近出现日期", aliases=("最近检出日期",), default=None)
    verifier: Text | None = column("核实人", default=None)
    verified_on: Day | None = column("核实日期", default=None)
    verification: Text | None = column("核实情况", aliases=("核实结果",), default=None)
    status: LeadStatus = column("疑点状态", aliases=("状态",))
    clear_reason: Text | None = column("排除理由", aliases=("排除原因",), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class FindingStatus(StrEnum):
    """整改状态 of a finding."""

    OPEN = "待整改"
    IN_PROGRESS = "整改中"
    RECTIFIED = "已整改"
    FOLLOWED_UP = "已回访"
    CLOSED = "已销号"


class Remedy(StrEnum):
    """整改方式."""

    UNIT_RECOVERED = "收回房屋"
    RESTORED = "恢复原状"
    MONEY_REPAID = "退回资金"
    EXIT = "退出保障"
    RENT_PAID = "补缴租金"
    PAPERS_COMPLETED = "补办手续"
    RULES_IMPROVED = "完善制度"
    OTHER = "其他"


class AuditFinding(LedgerRow):
    """问题清单: one row per confirmed finding; the rectification checklist comes from here."""

    SHEET: ClassVar[Sheet] = Sheet(
        "audit",
        "问题清单",
        "每个认定的问题一行",
        aliases=("问题", "整改清单", "问题台账", "审计问题"),
    )

    finding_no: Code = column("问题编号", aliases=("编号", "序号"), key=True)
    lead_no: Code | None = column("疑点编号", default=None, references="Lead.lead_no")
    check_code: Code | None = column("规则编号", aliases=("检查规则", "规则"), default=None)
    kind: IssueKind = column("问题类型", aliases=("类型",))
    subject: Text = column("对象", aliases=("涉及对象", "当事人", "姓名"), personal=True)
    household_no: Code | None = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, default=None, references="Household.household_no"
    )
    unit_no: Code | None = column(
        "房源编号", aliases=_UNIT_ALIASES, default=None, references="Unit.unit_no"
    )
    matter: Text = column("问题事项", aliases=("事项", "问题", "存在问题"))
    basis: Text | None = column("依据", aliases=("法律依据", "政策依据"), default=None)
    evidence: Text | None = column(
        "证据", aliases=("证据（单元格）", "证据材料"), default=None, note=_SEVERAL_NOTE
    )
    found_by: Text | None = column("发现单位", aliases=("发现来源", "来源"), default=None)
    found_on: Day = column("发现日期", aliases=("认定日期", "日期"))
    household_count: Whole | None = column("涉及户数", unit="户", default=None, ge=0)
    rectified_households: Whole | None = column("已整改户数", unit="户", default=None, ge=0)
    amount: Fen | None = column("涉及金额", aliases=("金额",), unit="元", default=None, ge=0)
    recovered: Fen | None = column(
        "已追回", aliases=("追回金额", "已追回金额"), unit="元", default=None, ge=0
    )
    department: Text = column("责任部门", aliases=("责任科室", "责任单位"))
    responsible: Text = column("责任人", aliases=("整改责任人",))
    deadline: Day = column("整改时限", aliases=("整改期限", "完成时限"))
    remedy: Remedy | None = column("整改方式", default=None)
    measures: Text | None = column("整改措施", aliases=("措施",), default=None)
    status: FindingStatus = column("整改状态", aliases=("状态", "整改情况"))
    rectified_on: Day | None = column("整改日期", aliases=("整改完成日期",), default=None)
    followed_up_on: Day | None = column("回访日期", default=None)
    closed_on: Day | None = column("销号日期", default=None)
    override_by: Text | None = column(
        "核准人", aliases=("销号核准人",), default=None, note="规则仍检出而由负责人核准销号的填写"
    )
    override_reason: Text | None = column("核准理由", default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class RectificationStep(LedgerRow):
    """整改记录: one row per step taken on a finding."""

    SHEET: ClassVar[Sheet] = Sheet(
        "audit", "整改记录", "每一步整改一行", aliases=("整改进展", "整改台账")
    )

    step_no: Code = column("记录编号", aliases=("编号",), key=True)
    finding_no: Code = column("问题编号", references="AuditFinding.finding_no")
    done_on: Day = column("办理日期", aliases=("日期", "整改日期"))
    action: Text = column("整改情况", aliases=("整改措施", "办理情况", "进展"))
    status: FindingStatus | None = column("整改状态", aliases=("状态",), default=None)
    households: Whole | None = column(
        "本次整改户数", aliases=("整改户数",), unit="户", default=None, ge=0
    )
    recovered: Fen | None = column(
        "本次追回金额", aliases=("追回金额",), unit="元", default=None, ge=0
    )
    voucher_no: Code | None = column("凭证号", aliases=("票据号",), default=None)
    handler: Text | None = column("办理人", aliases=("经办人", "责任人"), default=None)
    evidence: Text | None = column("佐证材料", aliases=("证据", "证据材料"), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class FollowUpResult(StrEnum):
    """回访结果."""

    DONE = "整改到位"
    PARTLY = "部分到位"
    NOT_DONE = "未到位"
    RELAPSED = "问题反弹"


class FollowUp(LedgerRow):
    """回访: one row per follow-up visit after rectification."""

    SHEET: ClassVar[Sheet] = Sheet(
        "audit", "回访", "每次整改回访一行", aliases=("整改回访", "回访记录", "回访台账")
    )

    follow_up_no: Code = column("回访编号", aliases=("编号",), key=True)
    finding_no: Code = column("问题编号", references="AuditFinding.finding_no")
    visited_on: Day = column("回访日期", aliases=("日期",))
    visitor: Text | None = column("回访人", aliases=("回访人员",), default=None)
    method: Text | None = column("回访方式", aliases=("方式",), default=None)
    result: FollowUpResult = column("回访结果", aliases=("结果",))
    check_is_clean: YesNo | None = column(
        "规则复核通过", aliases=("复核通过",), default=None, note="按今日台账重跑规则，不再检出"
    )
    situation: Text | None = column("回访情况", aliases=("情况",), default=None)
    evidence: Text | None = column("佐证材料", aliases=("证据", "影像资料"), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)
