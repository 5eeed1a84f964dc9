"""allocation.xlsx: draws, their batches, frozen rosters, results, and the choice of units."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from zhubao.ledger.fields import Code, Day, Identity, Moment, Number, Text, Whole, YesNo
from zhubao.ledger.model import LedgerRow, Sheet, column

_EVENT_ALIASES = ("摇号活动编号", "活动号", "摇号编号")
_ENTRANT_ALIASES = ("参加编号", "摇号序列号", "摇号号")
_DRAW_ALIASES = ("第几次摇号", "次序")
_BY_ZHUBAO = "由 zhubao 写入，不手工填写"


class DrawPurpose(StrEnum):
    """活动类型: whom the draw is for."""

    PUBLIC_RENTAL = "公租房配租"
    RESETTLEMENT = "被征收户选房"


class DrawMode(StrEnum):
    """摇号方式: what the draw decides."""

    ORDER = "选房顺序"
    UNIT = "户房对应"


class DrawStatus(StrEnum):
    """活动状态."""

    PREPARING = "筹备"
    FROZEN = "已冻结"
    PUBLISHED = "已公布"
    DRAWN = "已摇号"
    SELECTING = "选房中"
    FINISHED = "已结束"
    VOID = "已作废"


class DrawEvent(LedgerRow):
    """摇号活动: one row per draw of an event; a re-draw is a new row, the earlier one stays."""

    SHEET: ClassVar[Sheet] = Sheet(
        "allocation",
        "摇号活动",
        "每次摇号一行；重摇另起一行，前次保留",
        aliases=("摇号", "活动", "摇号台账", "配租活动"),
    )

    event_no: Code = column("活动编号", aliases=_EVENT_ALIASES, key=True)
    draw_no: Whole = column(
        "摇号次序", aliases=_DRAW_ALIASES, key=True, ge=1, note="首次填 1，重摇依次加 1"
    )
    name: Text = column("活动名称", aliases=("名称",))
    purpose: DrawPurpose = column("活动类型", aliases=("类型", "配租类型"))
    mode: DrawMode = column("摇号方式", aliases=("方式",))
    estate: Text | None = column(
        "小区", aliases=("项目", "小区名称", "项目名称"), default=None, note="多个用顿号隔开"
    )
    registration_ends_on: Day | None = column(
        "登记截止日期", aliases=("报名截止日期", "截止日期"), default=None
    )
    planned_at: Moment | None = column("计划摇号时间", aliases=("计划时间", "定于"), default=None)
    place: Text | None = column("摇号地点", aliases=("地点",), default=None)
    frozen_at: Moment | None = column("冻结时间", default=None, note=_BY_ZHUBAO)
    roster_count: Whole | None = column(
        "冻结户数", aliases=("参加户数",), unit="户", default=None, ge=0, note=_BY_ZHUBAO
    )
    unit_count: Whole | None = column(
        "冻结套数", aliases=("房源套数",), unit="套", default=None, ge=0, note=_BY_ZHUBAO
    )
    roster_hash: Code | None = column(
        "名册校验值", aliases=("名册哈希",), default=None, note=_BY_ZHUBAO
    )
    unit_list_hash: Code | None = column(
        "房源校验值", aliases=("房源哈希", "房源清单校验值"), default=None, note=_BY_ZHUBAO
    )
    rules_hash: Code | None = column("总校验值", default=None, note=_BY_ZHUBAO)
    entropy_sources: Text | None = column(
        "约定随机源",
        default=None,
        note="冻结前约定，如：现场摇球=6x2（6 个两位数）；多个用分号隔开",
    )
    published_at: Moment | None = column(
        "公布时间", aliases=("公示时间",), default=None, note="校验值向社会公布的时间，须早于摇号"
    )
    published_where: Text | None = column("公布处", aliases=("公布途径", "公示地点"), default=None)
    entropy: Text | None = column(
        "随机数来源", aliases=("随机源", "随机数"), default=None, note="见证人在冻结之后当场给出"
    )
    witnesses: Text | None = column("见证人", aliases=("公证员", "监督人"), default=None)
    drawn_at: Moment | None = column("摇号时间", aliases=("摇号日期",), default=None)
    result_hash: Code | None = column(
        "结果校验值", aliases=("结果哈希",), default=None, note=_BY_ZHUBAO
    )
    earlier_hash: Code | None = column(
        "前次结果校验值", aliases=("前次哈希",), default=None, note="重摇时填，与前次相连"
    )
    redraw_reason: Text | None = column("重摇原因", default=None)
    redraw_approvers: Text | None = column("重摇批准人", default=None, note="至少两人，用顿号隔开")
    status: DrawStatus = column("活动状态", aliases=("状态",))
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class Stage(StrEnum):
    """节点: what a household does in a time slot."""

    SIGN_IN = "签到"
    SELECT = "选房"
    SIGN_LEASE = "签约"
    HAND_OVER = "交房"


class Batch(LedgerRow):
    """批次: one row per batch and stage, with its time slot and room."""

    SHEET: ClassVar[Sheet] = Sheet(
        "allocation", "批次", "每批次每节点一行", aliases=("选房批次", "场次", "批次安排")
    )

    batch_no: Code = column("批次编号", aliases=("批次", "批次号", "场次编号"), key=True)
    stage: Stage = column("节点", aliases=("环节", "阶段"), key=True)
    event_no: Code = column("活动编号", aliases=_EVENT_ALIASES, references="DrawEvent.event_no")
    group: Text | None = column("优先类别", aliases=("组别", "优先组"), default=None)
    layout: Text | None = column("户型", aliases=("房型",), default=None)
    first_order: Whole | None = column(
        "起始顺序号", aliases=("起号", "开始序号"), default=None, ge=1
    )
    last_order: Whole | None = column(
        "截止顺序号", aliases=("止号", "结束序号"), default=None, ge=1
    )
    starts_at: Moment = column("开始时间", aliases=("起始时间",))
    ends_at: Moment = column("结束时间", aliases=("截止时间",))
    place: Text | None = column("地点", default=None)
    room: Text | None = column("场地", aliases=("窗口", "房间", "场地窗口"), default=None)
    capacity: Whole | None = column("容纳户数", aliases=("户数",), unit="户", default=None, ge=0)
    is_accessible: YesNo | None = column(
        "无障碍", aliases=("是否无障碍",), default=None, note="老人、残疾人优先安排在此"
    )
    responsible: Text | None = column("负责人", aliases=("责任人",), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class RosterStatus(StrEnum):
    """名册状态."""

    REGISTERED = "已登记"
    FROZEN = "已冻结"
    REFUSED = "不予参加"
    LATE = "逾期登记"


class RosterEntry(LedgerRow):
    """摇号名册: one row per household that takes part in an event."""

    SHEET: ClassVar[Sheet] = Sheet(
        "allocation", "摇号名册", "每个参加摇号的家庭一行", aliases=("名册", "参加名册", "摇号名单")
    )

    event_no: Code = column(
        "活动编号", aliases=_EVENT_ALIASES, key=True, references="DrawEvent.event_no"
    )
    entrant_no: Code = column("参摇编号", aliases=_ENTRANT_ALIASES, key=True)
    household_no: Code | None = column(
        "家庭编号",
        aliases=("租户编号", "户编号", "户号", "保障编号"),
        default=None,
        references="Household.household_no",
        note="被征收户不是保障家庭的，空着",
    )
    waiting_no: Code | None = column(
        "轮候号",
        aliases=("轮候编号", "登记号"),
        default=None,
        references="WaitingEntry.waiting_no",
    )
    applicant: Text = column("申请人", aliases=("姓名", "户主"), personal=True)
    identity_no: Identity = column(
        "身份证号", aliases=("身份证号码", "身份证", "证件号码"), personal=True
    )
    size: Whole = column("家庭人口", aliases=("人口", "人数"), unit="人", ge=1, le=20)
    category: Text | None = column("轮候类别", aliases=("类别",), default=None)
    group: Text | None = column(
        "优先类别", aliases=("优先组", "组别"), default=None, note="空着为普通组"
    )
    group_order: Whole | None = column(
        "组序", aliases=("优先组顺序",), default=None, ge=1, note="1 最先"
    )
    estate: Text | None = column("小区", aliases=("意向小区",), default=None)
    layout: Text | None = column("户型", aliases=("应配户型", "意向户型"), default=None)
    points: Number | None = column("评分", aliases=("积分", "得分"), default=None)
    registered_at: Moment | None = column(
        "登记时间", aliases=("报名时间", "登记日期", "报名日期"), default=None
    )
    checked_on: Day | None = column("复核日期", aliases=("资格复核日期",), default=None)
    status: RosterStatus = column("名册状态", aliases=("状态",))
    refusal_reason: Text | None = column("不予参加原因", aliases=("原因", "拒绝原因"), default=None)
    salt: Code | None = column("凭证盐值", default=None, personal=True, note=_BY_ZHUBAO)
    receipt_no: Code | None = column(
        "凭证号",
        aliases=("摇号凭证", "凭证编号"),
        default=None,
        note=_BY_ZHUBAO + "；公布时代替姓名",
    )
    row_hash: Code | None = column("名册行校验值", default=None, note=_BY_ZHUBAO)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class DrawOutcome(StrEnum):
    """摇号结果 of one household."""

    SELECTED = "中签"
    RESERVE = "递补"
    NOT_SELECTED = "未中签"


class DrawResult(LedgerRow):
    """摇号结果: one row per draw and entrant; never overwritten."""

    SHEET: ClassVar[Sheet] = Sheet(
        "allocation", "摇号结果", "每次摇号每个家庭一行", aliases=("结果", "中签名单")
    )

    event_no: Code = column(
        "活动编号", aliases=_EVENT_ALIASES, key=True, references="DrawEvent.event_no"
    )
    draw_no: Whole = column("摇号次序", aliases=_DRAW_ALIASES, key=True, ge=1)
    entrant_no: Code = column(
        "参摇编号", aliases=_ENTRANT_ALIASES, key=True, references="RosterEntry.entrant_no"
    )
    household_no: Code | None = column(
        "家庭编号",
        aliases=("租户编号", "户编号", "户号"),
        default=None,
        references="Household.household_no",
    )
    receipt_no: Code | None = column("凭证号", aliases=("摇号凭证", "凭证编号"), default=None)
    group: Text | None = column("优先类别", aliases=("优先组", "组别"), default=None)
    layout: Text | None = column("户型", aliases=("房型",), default=None)
    rank: Whole = column("总名次", aliases=("选房顺序号", "顺序号", "名次"), ge=1)
    group_rank: Whole | None = column("组内名次", default=None, ge=1)
    outcome: DrawOutcome = column("结果", aliases=("摇号结果", "是否中签"))
    reserve_rank: Whole | None = column(
        "递补名次", aliases=("递补顺序", "候补名次"), default=None, ge=1
    )
    unit_no: Code | None = column(
        "房源编号",
        aliases=("房屋编号", "房源号"),
        default=None,
        references="Unit.unit_no",
        note="户房对应时填写",
    )
    batch_no: Code | None = column(
        "批次编号", aliases=("批次", "批次号"), default=None, references="Batch.batch_no"
    )
    digest: Code | None = column("摇号值", default=None, note=_BY_ZHUBAO)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class SelectionAction(StrEnum):
    """选房情况 of a household at the counter."""

    CHOSEN = "选定"
    ABANDONED = "放弃"
    ABSENT = "未到场"
    WITHDRAWN = "撤销"


class UnitSelection(LedgerRow):
    """选房: one row per choice or abandonment, in the order they happened."""

    SHEET: ClassVar[Sheet] = Sheet(
        "allocation", "选房", "每次选定或放弃一行", aliases=("选房记录", "选房台账", "选房结果")
    )

    selection_no: Code = column("选房编号", aliases=("选房单号",), key=True)
    event_no: Code = column("活动编号", aliases=_EVENT_ALIASES, references="DrawEvent.event_no")
    entrant_no: Code = column(
        "参摇编号", aliases=_ENTRANT_ALIASES, references="RosterEntry.entrant_no"
    )
    household_no: Code | None = column(
        "家庭编号",
        aliases=("租户编号", "户编号", "户号"),
        default=None,
        references="Household.household_no",
    )
    batch_no: Code | None = column(
        "批次编号", aliases=("批次", "批次号"), default=None, references="Batch.batch_no"
    )
    order: Whole | None = column("选房顺序号", aliases=("顺序号", "选房序号"), default=None, ge=1)
    action: SelectionAction = column("选房情况", aliases=("情况", "状态", "选房结果"))
    unit_no: Code | None = column(
        "房源编号",
        aliases=("房屋编号", "房源号", "所选房源"),
        default=None,
        references="Unit.unit_no",
        note="放弃的空着",
    )
    selected_at: Moment = column("选房时间", aliases=("时间", "选房日期"))
    people: Whole | None = column(
        "入住人数", aliases=("人数", "家庭人口"), unit="人", default=None, ge=1
    )
    abandon_reason: Text | None = column("放弃原因", aliases=("原因",), default=None)
    clerk: Text | None = column("经办人", default=None)
    witness: Text | None = column("见证人", aliases=("监督人",), default=None)
    lease_no: Code | None = column(
        "合同编号", aliases=("合同号",), default=None, references="Lease.lease_no"
    )
    signed_on: Day | None = column("签约日期", aliases=("签订日期",), default=None)
    handed_over_on: Day | None = column("交房日期", aliases=("入住日期",), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class RelatedPerson(LedgerRow):
    """利害关系人: members of staff and their kin, to be named when they take part in a draw."""

    SHEET: ClassVar[Sheet] = Sheet(
        "allocation",
        "利害关系人",
        "工作人员本人和近亲属每人一行，供摇号前核对",
        aliases=("工作人员及亲属", "回避人员", "关系人登记"),
    )

    identity_no: Identity = column(
        "身份证号", aliases=("身份证号码", "身份证", "证件号码"), key=True, personal=True
    )
    name: Text = column("姓名", personal=True)
    staff: Text = column("工作人员", aliases=("职工", "工作人员姓名"), personal=True)
    relation: Text = column("关系", aliases=("与工作人员关系",), note="本人、配偶、子女、父母等")
    department: Text | None = column("部门", aliases=("科室", "单位"), default=None)
    declared_on: Day | None = column("申报日期", aliases=("登记日期",), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)
