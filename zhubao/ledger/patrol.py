"""patrol.xlsx: visits, key households, violations, campaigns, vacancy checks, safety."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from zhubao.ledger.fields import Code, Day, Fen, Text, Whole, YesNo
from zhubao.ledger.model import LedgerRow, Sheet, column

_HOUSEHOLD_ALIASES = ("租户编号", "户编号", "户号", "保障编号")
_UNIT_ALIASES = ("房屋编号", "房源号")
_ESTATE_ALIASES = ("小区名称", "项目名称")


class PatrolKind(StrEnum):
    """巡查类型."""

    ROUTINE = "日常巡查"
    KEY_HOUSEHOLD = "重点走访"
    CAMPAIGN = "专项巡查"
    FOLLOW_UP = "回访"


class Occupancy(StrEnum):
    """居住情况 as the visitor found it."""

    TENANT = "本人居住"
    FAMILY = "家人居住"
    OTHERS = "他人居住"
    EMPTY = "无人居住"
    UNKNOWN = "未见到人"


class PatrolVisit(LedgerRow):
    """巡查: one row per visit to a household."""

    SHEET: ClassVar[Sheet] = Sheet(
        "patrol",
        "巡查",
        "每次上户巡查一行",
        aliases=("日常巡查", "巡查台账", "上户巡查", "上户排查"),
    )

    visit_no: Code = column("巡查编号", aliases=("编号", "走访编号"), key=True)
    household_no: Code = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, references="Household.household_no"
    )
    unit_no: Code | None = column(
        "房源编号", aliases=_UNIT_ALIASES, default=None, references="Unit.unit_no"
    )
    kind: PatrolKind = column("巡查类型", aliases=("类型", "走访类型"))
    visited_on: Day = column("巡查日期", aliases=("走访日期", "上户日期", "日期"))
    visitor: Text | None = column(
        "巡查人", aliases=("走访人", "巡查人员", "上户人员"), default=None
    )
    met: YesNo | None = column("是否见到", aliases=("是否在家", "是否见到本人"), default=None)
    occupancy: Occupancy | None = column("居住情况", aliases=("使用情况", "居住状况"), default=None)
    condition: Text | None = column("房屋情况", aliases=("房屋状况",), default=None)
    needs: Text | None = column("住户诉求", aliases=("诉求",), default=None)
    has_problem: YesNo | None = column(
        "是否发现问题", aliases=("有无问题", "发现问题"), default=None
    )
    campaign_no: Code | None = column(
        "整治编号", default=None, references="Campaign.campaign_no", note="属于专项整治的填写"
    )
    evidence: Text | None = column("影像资料", aliases=("照片", "证据"), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class KeyHouseholdKind(StrEnum):
    """重点类型."""

    ELDERLY_ALONE = "孤寡老人"
    NO_SUPPORT = "三无人员"
    ILL = "病痛户"
    DISABLED = "残疾户"
    BEREAVED = "失独家庭"
    OTHER = "其他"


class KeyHousehold(LedgerRow):
    """重点对象: one row per household and kind of care it needs."""

    SHEET: ClassVar[Sheet] = Sheet(
        "patrol",
        "重点对象",
        "每户每类重点关注一行",
        aliases=("重点关注对象", "重点户", "重点对象台账"),
    )

    household_no: Code = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, key=True, references="Household.household_no"
    )
    kind: KeyHouseholdKind = column("重点类型", aliases=("类型", "关注类型", "对象类别"), key=True)
    listed_on: Day = column("列入日期", aliases=("登记日期", "建档日期"))
    removed_on: Day | None = column("移出日期", aliases=("撤销日期",), default=None)
    visits_per_month: Whole | None = column(
        "每月走访次数", aliases=("走访频次",), unit="次", default=None, ge=1, le=31
    )
    situation: Text | None = column("基本情况", aliases=("情况",), default=None)
    needs: Text | None = column("诉求", aliases=("住户诉求",), default=None)
    contact: Text | None = column(
        "紧急联系人", aliases=("联系人", "家属"), default=None, personal=True
    )
    contact_phone: Code | None = column(
        "联系人电话", aliases=("紧急联系电话", "家属电话"), default=None, personal=True
    )
    responsible: Text | None = column("责任人", aliases=("联系干部", "包户干部"), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class CaseCategory(StrEnum):
    """类别: an act against the lease, or a change in the household's circumstances."""

    VIOLATION = "日常违规"
    CHANGE = "情况变动"


class CaseKind(StrEnum):
    """具体类型 of a violation or a change."""

    SUBLET = "转租转借"
    REFITTED = "违规装修"
    SECURITY_DOOR = "安装防盗门"
    USE_CHANGED = "改变用途"
    LEFT_IDLE = "闲置空置"
    DAMAGED = "损坏房屋"
    ILLEGAL_ACTIVITY = "违法活动"
    HOME_BOUGHT = "购房"
    CAR_BOUGHT = "购车"
    DEATH = "死亡"
    BUSINESS = "工商登记"
    INCOME = "收入变化"
    MEMBERS = "人口变化"
    OTHER = "其他"


class CaseSource(StrEnum):
    """发现途径."""

    PATROL = "日常巡查"
    CAMPAIGN = "专项整治"
    DATA_MATCH = "数据比对"
    REPORT = "群众举报"
    HOTLINE = "12345工单"
    AUDIT = "审计"
    DECLARED = "主动申报"
    REVIEW = "年审"


class RectificationStatus(StrEnum):
    """整改状态 of a violation, a change or a hazard."""

    OPEN = "待整改"
    IN_PROGRESS = "整改中"
    RECTIFIED = "已整改"
    CLOSED = "已销号"
    UNFOUNDED = "不属实"


class TenancyCase(LedgerRow):
    """违规与变动: one row per violation or changed circumstance, from discovery to settlement."""

    SHEET: ClassVar[Sheet] = Sheet(
        "patrol",
        "违规与变动",
        "每起违规或情况变动一行",
        aliases=("违规", "违规台账", "违规变动", "动态管理", "违规情况"),
    )

    case_no: Code = column("事项编号", aliases=("编号", "违规编号"), key=True)
    category: CaseCategory = column("类别", aliases=("事项类别",))
    kind: CaseKind = column("具体类型", aliases=("类型", "违规类型", "变动类型"))
    household_no: Code = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, references="Household.household_no"
    )
    unit_no: Code | None = column(
        "房源编号", aliases=_UNIT_ALIASES, default=None, references="Unit.unit_no"
    )
    found_on: Day = column("发现日期", aliases=("登记日期", "日期"))
    happened_on: Day | None = column(
        "发生日期",
        aliases=("变动日期", "违规起始日期"),
        default=None,
        note="违规之日起按市场租金计；购房、购车、死亡填发生日",
    )
    source: CaseSource | None = column("发现途径", aliases=("来源", "线索来源"), default=None)
    visit_no: Code | None = column("巡查编号", default=None, references="PatrolVisit.visit_no")
    campaign_no: Code | None = column("整治编号", default=None, references="Campaign.campaign_no")
    facts: Text | None = column("事实", aliases=("违规情况", "情况说明", "事项说明"), default=None)
    evidence: Text | None = column("证据", aliases=("影像资料", "证据材料"), default=None)
    basis: Text | None = column("依据", aliases=("处理依据", "法律依据"), default=None)
    notice_no: Code | None = column("整改通知书号", aliases=("通知书编号",), default=None)
    notified_on: Day | None = column("通知日期", aliases=("送达日期",), default=None)
    deadline: Day | None = column("整改时限", aliases=("整改期限", "限期"), default=None)
    responsible: Text | None = column("责任人", aliases=("经办人",), default=None)
    action: Text | None = column("处理措施", aliases=("处理情况", "整改措施"), default=None)
    illegal_gain: Fen | None = column("违法所得", unit="元", default=None, ge=0)
    fine: Fen | None = column("罚款", aliases=("罚款金额",), unit="元", default=None, ge=0)
    back_rent: Fen | None = column("补缴租金", aliases=("补交租金",), unit="元", default=None, ge=0)
    rectified_on: Day | None = column(
        "整改日期", aliases=("整改完成日期", "处理日期"), default=None
    )
    checked_on: Day | None = column("复查日期", aliases=("回访日期",), default=None)
    household_exits: YesNo | None = column("是否退出保障", aliases=("是否退出",), default=None)
    banned_until: Day | None = column(
        "限制申请至", aliases=("禁止申请至",), default=None, note="五年内不得再申请的，填截止日"
    )
    status: RectificationStatus = column("整改状态", aliases=("状态", "处理状态"))
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class CampaignStatus(StrEnum):
    """整治进展."""

    PLANNED = "计划"
    RUNNING = "进行中"
    FINISHED = "已完成"


class Campaign(LedgerRow):
    """专项整治: one row per campaign in an estate, with before and after."""

    SHEET: ClassVar[Sheet] = Sheet(
        "patrol",
        "专项整治",
        "每个小区每次整治一行",
        aliases=("整治", "转租转借专项整治", "整治台账"),
    )

    campaign_no: Code = column("整治编号", aliases=("编号",), key=True)
    estate: Text = column("小区", aliases=_ESTATE_ALIASES)
    subject: Text = column("整治内容", aliases=("内容", "整治事项", "专项名称"))
    started_on: Day = column("开始日期", aliases=("启动日期", "起始日期"))
    ended_on: Day | None = column("结束日期", aliases=("完成日期",), default=None)
    publicity_count: Whole | None = column("宣传次数", unit="次", default=None, ge=0)
    visited_households: Whole | None = column(
        "入户户数", aliases=("巡查户数", "排查户数"), unit="户", default=None, ge=0
    )
    watch_count: Whole | None = column(
        "蹲点次数", aliases=("回访蹲点次数",), unit="次", default=None, ge=0
    )
    violations_before: Whole | None = column(
        "整治前违规户数", aliases=("发现户数", "发现违规户数"), unit="户", default=None, ge=0
    )
    violations_after: Whole | None = column(
        "整治后违规户数", aliases=("剩余户数", "未整改户数"), unit="户", default=None, ge=0
    )
    responsible: Text | None = column("责任人", aliases=("负责人",), default=None)
    result: Text | None = column("整治效果", aliases=("效果", "结果"), default=None)
    status: CampaignStatus = column("进展", aliases=("状态",))
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class VacancyReason(StrEnum):
    """核查原因."""

    IDLE = "空置六个月以上"
    SUSPECTED_DEATH = "疑似死亡"


class VacancyResult(StrEnum):
    """核查结果."""

    IDLE = "确认空置"
    DEAD = "确认死亡"
    LIVED_IN = "正常居住"
    UNCERTAIN = "暂未查清"


class VacancyStatus(StrEnum):
    """办理状态 of a vacancy check."""

    CONTACTING = "联系家属中"
    RECOVERING = "收回中"
    RECOVERED = "已收回"
    CLEARED = "已排除"


class VacancyCheck(LedgerRow):
    """空置核查: one row per unit checked as idle or its tenant as possibly dead."""

    SHEET: ClassVar[Sheet] = Sheet(
        "patrol", "空置核查", "每套被核查的房源一行", aliases=("空置房核查", "空置排查", "空置台账")
    )

    check_no: Code = column("核查编号", aliases=("编号",), key=True)
    unit_no: Code = column("房源编号", aliases=_UNIT_ALIASES, references="Unit.unit_no")
    household_no: Code | None = column(
        "家庭编号", aliases=_HOUSEHOLD_ALIASES, default=None, references="Household.household_no"
    )
    reason: VacancyReason = column("核查原因", aliases=("原因", "类型"))
    idle_since: Day | None = column(
        "空置起始日", aliases=("空置日期", "最后居住日期"), default=None
    )
    checked_on: Day = column("核查日期", aliases=("排查日期", "日期"))
    checker: Text | None = column("核查人", aliases=("排查人",), default=None)
    utilities: Text | None = column("水电用量", aliases=("水电情况", "用水用电"), default=None)
    neighbours: Text | None = column("邻里反映", aliases=("邻居反映",), default=None)
    evidence: Text | None = column("证据", aliases=("影像资料",), default=None)
    result: VacancyResult = column("核查结果", aliases=("结果",))
    community_contacted_on: Day | None = column(
        "联系社区日期", aliases=("联系街道社区日期",), default=None
    )
    family_contact: Text | None = column(
        "家属联系情况", aliases=("家属联系",), default=None, personal=True
    )
    action: Text | None = column("处理措施", aliases=("处理情况",), default=None)
    status: VacancyStatus = column("办理状态", aliases=("状态",))
    closed_on: Day | None = column("办结日期", default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class SafetyInspection(LedgerRow):
    """安全检查: one row per inspection of an estate."""

    SHEET: ClassVar[Sheet] = Sheet(
        "patrol",
        "安全检查",
        "每次小区安全检查一行",
        aliases=("安全巡查", "安全检查台账", "安全生产检查"),
    )

    inspection_no: Code = column("检查编号", aliases=("编号",), key=True)
    estate: Text = column("小区", aliases=_ESTATE_ALIASES)
    inspected_on: Day = column("检查日期", aliases=("日期",))
    leader: Text | None = column("带队领导", aliases=("带队人",), default=None)
    inspectors: Text | None = column("检查人员", aliases=("检查人",), default=None)
    scope: Text | None = column("检查内容", aliases=("检查范围", "内容"), default=None)
    result: Text | None = column("检查结果", aliases=("结果", "检查情况"), default=None)
    hazard_count: Whole | None = column(
        "隐患数", aliases=("发现隐患数", "隐患起数"), unit="起", default=None, ge=0
    )
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class HazardLevel(StrEnum):
    """隐患等级."""

    ORDINARY = "一般"
    CONSIDERABLE = "较大"
    SEVERE = "重大"


class SafetyHazard(LedgerRow):
    """安全隐患: one row per hazard, from discovery to repair."""

    SHEET: ClassVar[Sheet] = Sheet(
        "patrol", "安全隐患", "每起安全隐患一行", aliases=("隐患", "隐患台账", "隐患清单")
    )

    hazard_no: Code = column("隐患编号", aliases=("编号",), key=True)
    inspection_no: Code | None = column(
        "检查编号", default=None, references="SafetyInspection.inspection_no"
    )
    estate: Text = column("小区", aliases=_ESTATE_ALIASES)
    place: Text | None = column("部位", aliases=("隐患部位", "地点", "位置"), default=None)
    description: Text = column("隐患内容", aliases=("隐患描述", "隐患情况", "内容"))
    level: HazardLevel = column("隐患等级", aliases=("等级", "级别"))
    found_on: Day = column("发现日期", aliases=("日期",))
    reported_to: Text | None = column(
        "上报单位", aliases=("报告单位", "上报"), default=None, note="如市局、区安委会，用顿号隔开"
    )
    reported_on: Day | None = column("上报日期", aliases=("报告日期",), default=None)
    responsible: Text | None = column("责任人", aliases=("责任单位",), default=None)
    deadline: Day | None = column("整改时限", aliases=("整改期限",), default=None)
    action: Text | None = column("整改措施", aliases=("处理措施", "处理情况"), default=None)
    fixed_on: Day | None = column("整改日期", aliases=("整改完成日期", "处理日期"), default=None)
    evidence: Text | None = column("证据", aliases=("影像资料",), default=None)
    status: RectificationStatus = column("整改状态", aliases=("状态", "处理状态"))
    remark: Text | None = column("备注", aliases=("说明",), default=None)
