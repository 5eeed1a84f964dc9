"""services.xlsx, second part: deliveries, training, publicity, care, staff, contractor, targets."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from zhubao.ledger.fields import BillingMonth, Code, Day, Fen, Number, Text, Whole, YesNo
from zhubao.ledger.model import LedgerRow, Sheet, column


class FileDelivery(LedgerRow):
    """报件: one row per delivery of files to the city bureau."""

    SHEET: ClassVar[Sheet] = Sheet(
        "services", "报件", "每次向市局报件一行", aliases=("报件台账", "市局报件", "报送")
    )

    delivery_no: Code = column("报件编号", aliases=("编号",), key=True)
    delivered_on: Day = column("报件日期", aliases=("报送日期", "日期"))
    destination: Text = column("报送单位", aliases=("接收单位", "报送至"))
    subject: Text | None = column("报件类型", aliases=("类型", "业务类型", "内容"), default=None)
    file_count: Whole = column("件数", aliases=("份数", "报件数量"), unit="件", ge=0)
    deliverer: Text | None = column("报送人", aliases=("经办人",), default=None)
    receiver: Text | None = column("接收人", aliases=("签收人",), default=None)
    returned_count: Whole | None = column("退件数", unit="件", default=None, ge=0)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class Training(LedgerRow):
    """培训: one row per training session."""

    SHEET: ClassVar[Sheet] = Sheet(
        "services", "培训", "每场培训一行", aliases=("业务培训", "培训台账")
    )

    training_no: Code = column("培训编号", aliases=("编号",), key=True)
    held_on: Day = column("培训日期", aliases=("日期", "时间"))
    subject: Text = column("培训内容", aliases=("主题", "内容", "培训主题"))
    area: Text | None = column("片区", aliases=("街道", "培训片区"), default=None)
    audience: Text | None = column("培训对象", aliases=("对象",), default=None)
    attendees: Whole | None = column(
        "参加人数", aliases=("人数", "培训人数"), unit="人", default=None, ge=0
    )
    trainer: Text | None = column("授课人", aliases=("主讲人",), default=None)
    place: Text | None = column("地点", aliases=("培训地点",), default=None)
    materials: Text | None = column("培训资料", aliases=("资料",), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class PublicityKind(StrEnum):
    """宣传类型; 信息动态 are the news items counted in the summary."""

    NEWS_ITEM = "信息动态"
    ARTICLE = "新闻稿"
    MEDIA_REPORT = "媒体报道"
    LEAFLET = "宣传资料"
    QUESTIONNAIRE = "问卷调查"


class Publicity(LedgerRow):
    """宣传: one row per item published, report in the media, or questionnaire."""

    SHEET: ClassVar[Sheet] = Sheet(
        "services",
        "宣传",
        "每篇信息、报道或每次问卷一行",
        aliases=("宣传台账", "信息宣传", "新闻宣传"),
    )

    item_no: Code = column("宣传编号", aliases=("编号",), key=True)
    kind: PublicityKind = column("宣传类型", aliases=("类型", "类别"))
    title: Text = column("标题", aliases=("题目", "名称"))
    published_on: Day = column("发布日期", aliases=("刊登日期", "日期"))
    outlet: Text | None = column("发布平台", aliases=("媒体", "平台", "刊登媒体"), default=None)
    author: Text | None = column("撰稿人", aliases=("作者",), default=None)
    copies: Whole | None = column(
        "份数", aliases=("发放份数", "回收份数"), unit="份", default=None, ge=0
    )
    link: Text | None = column("链接", aliases=("网址",), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class CareKind(StrEnum):
    """慰问类型."""

    HOSPITAL = "住院慰问"
    MEMORIAL = "追悼会"
    FESTIVAL = "节日慰问"
    HARDSHIP = "困难慰问"


class CareVisit(LedgerRow):
    """慰问: one row per person visited or memorial meeting attended."""

    SHEET: ClassVar[Sheet] = Sheet(
        "services", "慰问", "每名慰问对象或每次追悼会一行", aliases=("慰问台账", "走访慰问")
    )

    care_no: Code = column("慰问编号", aliases=("编号",), key=True)
    kind: CareKind = column("慰问类型", aliases=("类型",))
    person: Text = column("慰问对象", aliases=("对象", "姓名"), personal=True)
    is_retired: YesNo | None = column("是否退休", aliases=("是否退休干部",), default=None)
    visited_on: Day = column("慰问日期", aliases=("日期",))
    visitors: Text | None = column("慰问人员", aliases=("慰问人", "参加人员"), default=None)
    place: Text | None = column("地点", default=None)
    amount: Fen | None = column(
        "慰问金", aliases=("慰问金额", "金额"), unit="元", default=None, ge=0
    )
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class StaffGrade(StrEnum):
    """考核等次."""

    EXCELLENT = "优秀"
    COMPETENT = "称职"
    BASICALLY_COMPETENT = "基本称职"
    INCOMPETENT = "不称职"


class StaffAssessment(LedgerRow):
    """考勤考核: one row per staff member and month."""

    SHEET: ClassVar[Sheet] = Sheet(
        "services", "考勤考核", "每人每月一行", aliases=("考勤", "绩效考核", "考核")
    )

    month: BillingMonth = column("月份", aliases=("考核月份",), key=True)
    staff_no: Code = column("工号", aliases=("人员编号", "职工编号"), key=True)
    name: Text = column("姓名", aliases=("职工姓名",), personal=True)
    department: Text | None = column("科室", aliases=("部门",), default=None)
    due_days: Number | None = column(
        "应出勤天数", aliases=("应出勤",), unit="天", default=None, ge=Decimal(0)
    )
    present_days: Number | None = column(
        "实出勤天数", aliases=("实际出勤", "出勤天数"), unit="天", default=None, ge=Decimal(0)
    )
    leave_days: Number | None = column(
        "请假天数", aliases=("请假",), unit="天", default=None, ge=Decimal(0)
    )
    absent_days: Number | None = column(
        "旷工天数", aliases=("旷工", "缺勤天数"), unit="天", default=None, ge=Decimal(0)
    )
    late_count: Whole | None = column(
        "迟到早退次数", aliases=("迟到次数", "迟到"), unit="次", default=None, ge=0
    )
    score: Number | None = column("考核得分", aliases=("得分", "分数"), unit="分", default=None)
    grade: StaffGrade | None = column("考核等次", aliases=("等次",), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class ContractorScore(LedgerRow):
    """购买服务考核: one row per operator, period and item scored."""

    SHEET: ClassVar[Sheet] = Sheet(
        "services",
        "购买服务考核",
        "每家运营单位每期每项一行",
        aliases=("运营考核", "服务考核", "购买服务"),
    )

    operator: Text = column("运营单位", aliases=("服务单位", "承接单位"), key=True)
    period: Text = column(
        "考核期间", aliases=("考核期", "所属期间", "期间"), key=True, note="如 2020-Q1、2020-H1"
    )
    indicator_code: Code = column("指标编号", aliases=("指标代码",), key=True)
    indicator: Text = column("考核指标", aliases=("指标", "指标名称", "考核内容"))
    measure: Text | None = column("计量单位", aliases=("单位",), default=None)
    contract_no: Code | None = column("服务合同编号", aliases=("合同编号",), default=None)
    target: Number | None = column("目标值", aliases=("目标", "考核目标"), default=None)
    actual: Number | None = column("完成值", aliases=("实际值", "完成情况"), default=None)
    full_score: Number | None = column(
        "满分", aliases=("分值", "权重"), unit="分", default=None, ge=Decimal(0)
    )
    score: Number | None = column("得分", aliases=("考核得分",), unit="分", default=None)
    deduction_reason: Text | None = column("扣分原因", aliases=("扣分说明",), default=None)
    scored_on: Day | None = column("考核日期", aliases=("日期",), default=None)
    scorer: Text | None = column("考核人", default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class Target(LedgerRow):
    """目标任务: one row per indicator and year."""

    SHEET: ClassVar[Sheet] = Sheet(
        "services", "目标任务", "每项指标每年一行", aliases=("目标", "年度目标", "任务")
    )

    year: Whole = column("年度", aliases=("年份",), key=True, ge=2000, le=2100)
    indicator_code: Code = column("指标编号", aliases=("指标代码",), key=True)
    indicator: Text = column("指标名称", aliases=("指标", "目标任务", "任务名称"))
    measure: Text = column("计量单位", aliases=("单位",), note="如 户、套、万元、%")
    half_year_target: Number | None = column(
        "半年目标", aliases=("半年目标值", "半年任务"), default=None, ge=Decimal(0)
    )
    annual_target: Number = column(
        "年度目标", aliases=("全年目标", "年度目标值", "全年任务"), ge=Decimal(0)
    )
    department: Text | None = column("责任部门", aliases=("责任科室", "责任单位"), default=None)
    basis: Text | None = column("依据", aliases=("下达文件", "文号"), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)
