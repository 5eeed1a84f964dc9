"""tenants.xlsx: households, members, waiting list, leases, annual reviews."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from zhubao.ledger.fields import Code, Day, Fen, Identity, Number, Text, Whole, YesNo
from zhubao.ledger.model import LedgerRow, Sheet, column


class Tier(StrEnum):
    """保障类型."""

    LOW_SUBSISTENCE = "低保"
    DESTITUTE = "特困"
    LOW_INCOME = "低收入"
    LOWER_MIDDLE = "中等偏下收入"
    NEW_EMPLOYEE = "新就业"
    MIGRANT = "外来务工"


class ProtectionStatus(StrEnum):
    """保障状态 of a household."""

    IN_FORCE = "在保"
    EXITED = "已退出"
    SUSPENDED = "暂停"


class ExitReason(StrEnum):
    """退出原因."""

    VOLUNTARY = "主动放弃"
    INCOME = "收入超标"
    VIOLATION = "违规"
    DEATH = "死亡"
    DISQUALIFIED = "资格取消"
    HOME_ACQUIRED = "自购继承"
    ARREARS = "欠租"
    OTHER = "其他"


class Household(LedgerRow):
    """保障家庭: one row per protected household."""

    SHEET: ClassVar[Sheet] = Sheet(
        "tenants",
        "保障家庭",
        "每个保障家庭一行",
        aliases=("家庭", "住户", "保障对象", "租户", "承租户"),
    )

    household_no: Code = column(
        "家庭编号", aliases=("租户编号", "户编号", "户号", "保障编号"), key=True
    )
    applicant: Text = column(
        "申请人", aliases=("姓名", "租户姓名", "户主", "户主姓名", "承租人"), personal=True
    )
    identity_no: Identity = column(
        "身份证号", aliases=("身份证号码", "身份证", "证件号码", "公民身份号码"), personal=True
    )
    phone: Code | None = column(
        "联系电话", aliases=("电话", "手机", "手机号"), default=None, personal=True
    )
    size: Whole = column("家庭人口", aliases=("人口", "人数", "家庭人数"), unit="人", ge=1, le=20)
    tier: Tier = column("保障类型", aliases=("类型", "保障类别", "收入类别"))
    monthly_income: Fen | None = column(
        "家庭月收入", aliases=("月收入",), unit="元", default=None, ge=0
    )
    certificate_no: Code | None = column("低保证号", aliases=("证号",), default=None)
    hardship: Text | None = column(
        "困难标识",
        aliases=("困难类型", "重点对象", "特殊情况"),
        default=None,
        note="重病、三无、孤老、残疾等，多项用顿号隔开",
    )
    street: Text | None = column("街道", default=None)
    community: Text | None = column("社区", default=None)
    approved_on: Day | None = column("批准日期", aliases=("资格批准日期", "审批日期"), default=None)
    status: ProtectionStatus = column("保障状态", aliases=("状态",))
    exited_on: Day | None = column("退出日期", default=None)
    exit_reason: ExitReason | None = column("退出原因", default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class Relation(StrEnum):
    """与申请人关系."""

    SELF = "本人"
    SPOUSE = "配偶"
    CHILD = "子女"
    PARENT = "父母"
    SIBLING = "兄弟姐妹"
    GRANDPARENT = "祖父母"
    GRANDCHILD = "孙子女"
    OTHER = "其他"


class Sex(StrEnum):
    """性别."""

    MALE = "男"
    FEMALE = "女"


class Member(LedgerRow):
    """家庭成员: every person of every household, the applicant included."""

    SHEET: ClassVar[Sheet] = Sheet(
        "tenants", "家庭成员", "每位家庭成员一行（含申请人）", aliases=("成员",)
    )

    household_no: Code = column(
        "家庭编号",
        aliases=("租户编号", "户编号", "户号"),
        key=True,
        references="Household.household_no",
    )
    name: Text = column("姓名", aliases=("成员姓名",), personal=True)
    identity_no: Identity = column(
        "身份证号", aliases=("身份证号码", "身份证", "证件号码"), key=True, personal=True
    )
    relation: Relation = column("与申请人关系", aliases=("关系", "与户主关系"))
    sex: Sex | None = column("性别", default=None)
    birth_date: Day | None = column("出生日期", aliases=("出生年月", "生日"), default=None)
    employer: Text | None = column("工作单位", aliases=("单位",), default=None)
    died_on: Day | None = column("死亡日期", default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class WaitingStatus(StrEnum):
    """轮候状态."""

    PENDING = "待审核"
    WAITING = "轮候中"
    HOUSED = "已配租"
    ABANDONED = "已放弃"
    DISQUALIFIED = "取消资格"


class WaitingEntry(LedgerRow):
    """轮候册: one row per registration on the waiting list."""

    SHEET: ClassVar[Sheet] = Sheet(
        "tenants", "轮候册", "每个轮候登记一行", aliases=("轮候", "轮候台账")
    )

    waiting_no: Code = column("轮候号", aliases=("轮候编号", "登记号"), key=True)
    household_no: Code = column(
        "家庭编号", aliases=("租户编号", "户编号"), references="Household.household_no"
    )
    category: Text | None = column("轮候类别", aliases=("类别",), default=None)
    priority_group: Text | None = column(
        "优先类别", aliases=("优先组", "优先对象"), default=None, note="优抚对象、孤老病残等"
    )
    approved_on: Day = column("批准日期", aliases=("资格批准日期", "登记日期"))
    points: Number | None = column("评分", aliases=("积分", "得分"), default=None)
    desired_layout: Text | None = column("意向户型", aliases=("户型",), default=None)
    status: WaitingStatus = column("轮候状态", aliases=("状态",))
    closed_on: Day | None = column("出册日期", aliases=("配租日期", "结束日期"), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class LeaseStatus(StrEnum):
    """合同状态."""

    IN_FORCE = "履行中"
    EXPIRED = "已到期"
    TERMINATED = "已终止"


class Lease(LedgerRow):
    """租赁合同: one row per lease of a unit to a household."""

    SHEET: ClassVar[Sheet] = Sheet(
        "tenants", "租赁合同", "每份租赁合同一行", aliases=("合同", "合同台账")
    )

    lease_no: Code = column("合同编号", aliases=("合同号",), key=True)
    household_no: Code = column(
        "家庭编号", aliases=("租户编号", "户编号"), references="Household.household_no"
    )
    unit_no: Code = column("房源编号", aliases=("房屋编号", "房源号"), references="Unit.unit_no")
    starts_on: Day = column("起租日期", aliases=("合同开始日期", "起始日期", "开始日期"))
    ends_on: Day = column("到期日期", aliases=("合同结束日期", "终止日期", "结束日期", "到期日"))
    monthly_rent: Fen = column("月租金", aliases=("规定租金", "租金"), unit="元", ge=0)
    area_m2: Number | None = column(
        "计租面积", aliases=("租赁面积",), unit="m²", default=None, gt=Decimal(0)
    )
    tier: Tier | None = column("保障类型", aliases=("类型",), default=None)
    signed_on: Day | None = column("签订日期", aliases=("签约日期",), default=None)
    filed_on: Day | None = column("备案日期", default=None)
    moved_in_on: Day | None = column("入住日期", default=None)
    terminated_on: Day | None = column(
        "退租日期", aliases=("实际退租日期", "腾退日期"), default=None
    )
    status: LeaseStatus = column("合同状态", aliases=("状态",))
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class ReviewDecision(StrEnum):
    """年审结论."""

    CONTINUE = "继续保障"
    CHANGE_TIER = "调整类型"
    EXIT = "退出"
    PENDING = "待定"


class AnnualReview(LedgerRow):
    """年审: one row per protected household and year."""

    SHEET: ClassVar[Sheet] = Sheet("tenants", "年审", "每户每年一行", aliases=("年审台账",))

    year: Whole = column("年度", aliases=("年审年度",), key=True, ge=2000, le=2100)
    household_no: Code = column(
        "家庭编号", aliases=("户编号",), key=True, references="Household.household_no"
    )
    declared_income: Fen | None = column("申报月收入", unit="元", default=None, ge=0)
    declared_size: Whole | None = column("申报人口", unit="人", default=None, ge=1)
    declared_area_m2: Number | None = column("申报住房面积", unit="m²", default=None, ge=Decimal(0))
    matched: Text | None = column("比对情况", aliases=("比对结果",), default=None)
    decision: ReviewDecision | None = column("年审结论", aliases=("结论",), default=None)
    decided_on: Day | None = column("结论日期", default=None)
    notified: YesNo | None = column("是否告知", default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)
