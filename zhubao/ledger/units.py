"""units.xlsx: units, supply batches, pipeline projects, developers, dispatches."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from zhubao.ledger.fields import Code, Day, Number, Text, Whole, YesNo
from zhubao.ledger.model import LedgerRow, Sheet, column


class UnitStatus(StrEnum):
    """状态 of a unit; the lettable ones are occupied or vacant."""

    OCCUPIED = "在租"
    VACANT = "空置"
    FITTING_OUT = "装修中"
    RESERVED = "预留"
    DISPOSED = "已处置"


class Ownership(StrEnum):
    """产权单位 by level."""

    CITY = "市级"
    DISTRICT = "区级"


class Unit(LedgerRow):
    """房源: one row per unit."""

    SHEET: ClassVar[Sheet] = Sheet(
        "units",
        "房源",
        "每套保障性住房一行",
        aliases=("房源台账", "房源信息", "房屋台账", "公租房房源"),
    )

    unit_no: Code = column(
        "房源编号", aliases=("房屋编号", "房源号", "房屋编码", "房源编码"), key=True
    )
    estate: Text = column("小区", aliases=("小区名称", "项目名称", "楼盘"))
    building: Text = column("楼栋", aliases=("栋号", "楼栋编号", "幢号", "楼号"))
    entrance: Text | None = column("单元", aliases=("单元号",), default=None)
    floor: Whole | None = column("楼层", aliases=("楼层号", "所在层"), default=None)
    room: Text = column("房号", aliases=("室号", "门牌号", "房间号"))
    location_district: Text | None = column("坐落区", aliases=("所在区", "坐落"), default=None)
    managing_district: Text | None = column("管理区", aliases=("管理单位",), default=None)
    ownership: Ownership = column("产权单位", aliases=("产权", "产别", "产权性质"))
    layout: Text | None = column("户型", aliases=("房型", "居室"), default=None)
    building_area_m2: Number | None = column(
        "建筑面积", aliases=("建面",), unit="m²", default=None, ge=Decimal(0)
    )
    billed_area_m2: Number = column(
        "计租面积", aliases=("租赁面积", "收租面积"), unit="m²", gt=Decimal(0)
    )
    location_grade: Text = column("地段等级", aliases=("地段", "区位等级", "地段级别"))
    has_lift: YesNo = column("电梯", aliases=("有无电梯", "是否有电梯", "是否电梯房"))
    status: UnitStatus = column("状态", aliases=("房源状态", "使用状态", "使用性质"))
    delivered_on: Day | None = column(
        "交付日期", aliases=("交付使用日期", "交房日期"), default=None
    )
    vacant_since: Day | None = column("空置起始日", aliases=("空置日期", "腾空日期"), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class SupplyChannel(StrEnum):
    """筹集渠道."""

    COOPERATION = "社会合作房"
    GROUP_PURCHASE = "团购商品房"
    PRICE_CAPPED = "限价商品房"
    PUBLIC_RENTAL = "公租房"


class SupplyBatch(LedgerRow):
    """房源筹集: one row per batch of units raised."""

    SHEET: ClassVar[Sheet] = Sheet("units", "房源筹集", "每批筹集的房源一行", aliases=("筹集台账",))

    batch_no: Code = column("筹集批号", aliases=("批次号", "筹集编号"), key=True)
    channel: SupplyChannel = column("筹集渠道", aliases=("渠道", "房源类型"))
    developer_no: Code | None = column(
        "开发商编号", default=None, references="Developer.developer_no"
    )
    estate: Text | None = column("小区", aliases=("楼盘", "项目名称"), default=None)
    unit_count: Whole = column("套数", aliases=("筹集套数", "数量"), unit="套", ge=0)
    raised_on: Day = column("筹集日期", aliases=("签约日期", "落实日期"))
    cooperation_start: Day | None = column("合作开始日", aliases=("合作起始日",), default=None)
    cooperation_end: Day | None = column("合作截止日", aliases=("合作到期日",), default=None)
    status: Text | None = column("状态", aliases=("进展",), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class PipelineProject(LedgerRow):
    """筹建项目: projects under way and the units expected of them."""

    SHEET: ClassVar[Sheet] = Sheet("units", "筹建项目", "在建、拟建项目及预计房源")

    project_no: Code = column("项目编号", key=True)
    name: Text = column("项目名称", aliases=("项目",))
    housing_type: Text = column("房源类型", aliases=("项目类型",))
    expected_units: Whole = column("预计套数", aliases=("预计房源",), unit="套", ge=0)
    stage: Text = column("阶段", aliases=("进展", "办理阶段"))
    city_approved_on: Day | None = column("市级批复日期", aliases=("批复日期",), default=None)
    expected_on: Day | None = column("预计交付日期", default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class Developer(LedgerRow):
    """合作开发商: developers and the term of cooperation."""

    SHEET: ClassVar[Sheet] = Sheet("units", "合作开发商", "愿意合作的开发商及合作期限")

    developer_no: Code = column("开发商编号", key=True)
    name: Text = column("开发商名称", aliases=("开发商", "单位名称"))
    cooperation_start: Day = column("合作开始日", aliases=("合作起始日",))
    cooperation_end: Day = column("合作截止日", aliases=("合作到期日",))
    location: Text | None = column("楼盘位置", aliases=("位置",), default=None)
    status: Text | None = column("状态", aliases=("合作状态",), default=None)
    remark: Text | None = column("备注", aliases=("说明",), default=None)


class DispatchType(StrEnum):
    """调配 types."""

    AFFORDABLE = "经适房"
    COMMERCIAL = "商品房"
    PUBLIC_RENTAL = "公租房"


class DispatchStatus(StrEnum):
    """调配状态; a dispatch without one has been made."""

    FROZEN = "已冻结"
    DISPATCHED = "已调配"
    RETURNED = "已退回"


class Dispatch(LedgerRow):
    """房源调配: units or lots of units sent to a redevelopment project."""

    SHEET: ClassVar[Sheet] = Sheet(
        "units", "房源调配", "调配给棚改项目的房源", aliases=("调配台账",)
    )

    dispatch_no: Code = column("调配编号", aliases=("调配单号",), key=True)
    project: Text = column("棚改项目", aliases=("项目名称", "项目"))
    headquarters: Text | None = column("指挥部", default=None)
    housing_type: DispatchType = column("房源类型", aliases=("类型",))
    unit_no: Code | None = column("房源编号", default=None, references="Unit.unit_no")
    batch_no: Code | None = column("筹集批号", default=None, references="SupplyBatch.batch_no")
    unit_count: Whole = column("套数", aliases=("数量",), unit="套", ge=1)
    frozen_on: Day | None = column("冻结日期", aliases=("锁定日期",), default=None)
    dispatched_on: Day | None = column(
        "调配日期", aliases=("日期",), default=None, note="只是冻结、还没有调配的空着"
    )
    returned_on: Day | None = column("退回日期", aliases=("退还日期",), default=None)
    status: DispatchStatus | None = column(
        "调配状态", aliases=("状态",), default=None, note="空着为已调配"
    )
    remark: Text | None = column("备注", aliases=("说明",), default=None)
