"""Kinds of findings on safety (PA-26x)."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

NOT_REPORTED = declare(
    "PA-261",
    "较大以上隐患没有按时上报",
    Severity.WARNING,
    "{hazard}（{level}）{found} 发现，{what}，上报期限是 {days} 日（{limit} 以前）",
    "立即上报，并用 zhubao patrol safety --report 登记上报单位和日期",
    bad="重大隐患 2020-06-01 发现，到 2020-06-30 没有上报日期",
    good="重大隐患 2020-06-01 发现，2020-06-02 上报市局、区安委会",
)
STATUS_UNLIKE_DATE = declare(
    "PA-262",
    "隐患的整改状态与整改日期不符",
    Severity.WARNING,
    "{hazard} 的整改状态是“{status}”，{what}，按没有整改计算",
    "补填整改日期，或改整改状态",
    bad="整改状态“已整改”，整改日期空着",
    good="整改状态“已整改”，整改日期 2020-02-11",
)
COUNT_DIFFERS = declare(
    "PA-263",
    "检查登记的隐患数与隐患明细不符",
    Severity.WARNING,
    "{inspection} 登记发现隐患 {said} 起，安全隐患表里填了这个检查编号的有 {rows} 起",
    "核对隐患数；漏登的在安全隐患表补登，或补填检查编号",
    bad="隐患数 2，安全隐患表里只有 1 行填了这个检查编号",
    good="隐患数 1，安全隐患表里有 1 行填了这个检查编号",
)
OTHER_ESTATE = declare(
    "PA-264",
    "隐患与检查不在同一个小区",
    Severity.WARNING,
    "{hazard} 在{estate}，它的检查 {inspection} 却在{other}",
    "核对小区和检查编号",
    bad="隐患的小区是天悦鑫苑，检查编号是粟塘小区的那一次",
    good="隐患和检查都在天悦鑫苑",
)
