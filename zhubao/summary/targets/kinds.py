"""What the summary says about figures and targets it could not use."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

FIGURE_FAILED = declare(
    "SM-101",
    "指标算不出来",
    Severity.WARNING,
    "指标“{title}”（{figure}）在{period}没有算出来：{reason}",
    "运行 zhubao check 检查它所用的表（{sheets}），改好后重新生成",
    bad="某条线的台账里有前后矛盾的记录，算到一半停下了",
    good="每个指标都算出来，或写明台账里没有这一块",
)
TARGET_UNKNOWN = declare(
    "SM-102",
    "目标任务里有不认识的指标编号",
    Severity.WARNING,
    "{year}年的目标任务“{indicator}”编号是 {code}，没有哪个指标用这个编号，没有比较",
    "改成指标表里的编号（运行 zhubao trace 可以看到全部编号），或手工填写进度",
    bad="目标任务的指标编号写成“配租1”",
    good="目标任务的指标编号写成“PZ”，或指标自己的编号 allocation.households",
)
TARGET_MEASURE = declare(
    "SM-103",
    "目标任务的计量单位和指标不同",
    Severity.WARNING,
    "{year}年的目标任务“{indicator}”以“{measure}”计，指标“{title}”以“{unit}”计，没有比较",
    "把目标任务的计量单位改成“{unit}”（金额可以用 元、万元、亿元，比率用 %）",
    bad="配租户数的目标以“套”计",
    good="配租户数的目标以“户”计",
)
TARGETS_ABSENT = declare(
    "SM-104",
    "这一年没有目标任务",
    Severity.NOTICE,
    "目标任务表里没有{year}年的目标，没有算进度",
    "在 services.xlsx 的“目标任务”表里登记这一年的目标",
    bad="统计 2021 年，目标任务表只有 2020 年",
    good="目标任务表里有统计年度的每一项目标",
)
