"""The kinds of findings about the contractor's score."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

PERIOD_UNREADABLE = declare(
    "CO-101",
    "考核期间看不懂",
    Severity.WARNING,
    "{operator} 的考核期间写着“{text}”，这一行没有计入",
    "写成 2020-Q1、2020-H1、2020-06 或 2020",
    bad="考核期间写“一季度”",
    good="考核期间写 2020-Q1",
)
ITEM_UNKNOWN = declare(
    "CO-102",
    "考核方案里没有这个指标",
    Severity.NOTICE,
    "{code} {title} 不在考核方案里，不能从台账计算，得分照考核表",
    "由人工评分的不用处理；能从台账计算的，在 zhubao.toml 的 [policy.contractor.scheme] 里写明",
    bad="考核表有 FW 服务态度，方案里没有 FW",
    good="考核表的指标编号都在方案里",
)
ACTUAL_DIFFERS = declare(
    "CO-103",
    "完成值与台账不一致",
    Severity.WARNING,
    "{code} {title} 的完成值写着 {written}，按台账计算是 {computed}（{how}）",
    "对照台账核对；台账缺记录的先补台账，再用 --write --again 重新评分",
    bad="考核表写收回 12.6 万元，台账按收款计算是 4.87 万元",
    good="考核表的完成值与台账计算的相同",
)
SCORE_DIFFERS = declare(
    "CO-104",
    "得分与计算不一致",
    Severity.WARNING,
    "{code} {title} 的得分写着 {written}，按方案计算是 {computed}：{how}",
    "对照考核方案核对；要改成计算的得分，用 --write --again",
    bad="考核表得分 28.8，按方案计算 30",
    good="得分与按方案计算的相同",
)
TARGET_UNKNOWN = declare(
    "CO-105",
    "没有目标值",
    Severity.WARNING,
    "{code} {title} 在 {period} 没有目标值，没有评分",
    "在考核表填目标值，或在考核方案里写 target",
    bad="考核表的目标值空着，方案也没有 target",
    good="考核表的目标值 12",
)
UNIT_UNUSABLE = declare(
    "CO-106",
    "计量单位不能用",
    Severity.WARNING,
    "{code} {title} 的计量单位是“{unit}”，这一项只能按{units}计算，没有评分",
    "改正计量单位，目标值也要用同一单位",
    bad="欠缴租金收回的计量单位写“户”",
    good="欠缴租金收回的计量单位写“万元”或“%”",
)
SCORE_TOO_HIGH = declare(
    "CO-107",
    "得分或完成值超出范围",
    Severity.WARNING,
    "{code} {title}：{said}",
    "核对录入；得分不能超过满分，比率不能超过 100%",
    bad="满分 20，得分 21；及时率 102.6%",
    good="满分 20，得分 20；及时率 100%",
)
FULL_NOT_HUNDRED = declare(
    "CO-108",
    "满分合计不是 100",
    Severity.NOTICE,
    "{operator} {period} 各项满分合计 {total}，汇总时按百分制折算",
    "核对各项满分；合同本来不是百分制的，不用处理",
    bad="各项满分合计 120",
    good="各项满分合计 100",
)
ALREADY_SCORED = declare(
    "CO-109",
    "已经评过分，没有改写",
    Severity.NOTICE,
    "{code} {title} 的得分 {score} 已有{who}，没有改写",
    "确实要重新评分的，加 --again",
    bad="得分和考核日期都已填写，又运行 --write",
    good="得分空着，或加了 --again",
)
TICKET_WITHOUT_TERM = declare(
    "CO-110",
    "工单没有办理期限",
    Severity.NOTICE,
    "这份工单没有办理期限，不知是否按期，没有计入及时率",
    "补填办理期限",
    bad="办理期限空着，办结日期 2020-03-05",
    good="办理期限 2020-03-11，办结日期 2020-03-05",
)
ITEM_TWICE = declare(
    "CO-111",
    "同一期同一指标有两行",
    Severity.WARNING,
    "{operator} {period} 的 {code} 另有一行 {other}，按前一行计算，这一行没有改动",
    "删去重复的一行",
    bad="2020-Q1 的 QZ 有两行",
    good="每家每期每项一行",
)
PERIODS_OVERLAP = declare(
    "CO-112",
    "考核期间互相重叠",
    Severity.WARNING,
    "{operator} 的 {period} 与 {other} 重叠，这一期没有计入汇总",
    "汇总某一期时，只留互不重叠的几期，或留与汇总期间相同的一期",
    bad="同时有 2020-Q1 和 2020-02",
    good="2020-Q1、2020-Q2 两期",
)
ESTATE_UNKNOWN = declare(
    "CO-113",
    "合同范围里的小区台账里没有",
    Severity.WARNING,
    "{operator} 的合同范围写着“{estate}”，房源表里没有这个小区，这一部分没有数",
    "按房源表的写法改正 [policy.contractor.operators] 里的 estates",
    bad='estates = ["粟塘"]，房源表写“粟塘小区”',
    good='estates = ["粟塘小区"]',
)
