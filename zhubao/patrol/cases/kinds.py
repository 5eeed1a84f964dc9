"""Kinds of findings on violations, changes and campaigns (PA-20x to PA-22x)."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

SETTLED_UNDATED = declare(
    "PA-201",
    "已整改没有整改日期",
    Severity.WARNING,
    "{case} 的整改状态是“{status}”，没有整改日期，按还没有整改计算",
    "补填整改日期；其实没有整改的，改整改状态",
    bad="整改状态“已整改”，整改日期空着",
    good="整改状态“已整改”，整改日期 2020-05-20",
)
OPEN_BUT_DATED = declare(
    "PA-202",
    "有整改日期，状态却是没有整改",
    Severity.WARNING,
    "{case} 的整改日期是 {day}，整改状态是“{status}”，按还没有整改计算",
    "已整改的改整改状态；又重新打开的，删去整改日期",
    bad="整改日期 2020-05-20，整改状态“整改中”",
    good="整改日期 2020-05-20，整改状态“已整改”",
)
CLOSED_WITHOUT_PROOF = declare(
    "PA-203",
    "销号缺复查或证据",
    Severity.WARNING,
    "{case} 已销号，没有{missing}",
    "补填复查日期和证据；没有复查的，把状态改回“已整改”",
    bad="整改状态“已销号”，复查日期空着",
    good="整改状态“已销号”，复查日期 2020-06-01，证据“照片 6 张”",
)
FINE_TOO_HIGH = declare(
    "PA-204",
    "罚款超过法定上限",
    Severity.WARNING,
    "{case} 的罚款 {fine} 元超过上限 {limit} 元（{words}）",
    "核对罚款和违法所得；依据另有规定的，在“依据”里写明条款",
    basis="《公共租赁住房管理办法》第三十一条、第三十五条、第三十六条",
    bad="转租转借，没有违法所得，罚款 1500 元",
    good="转租转借，违法所得 600 元，罚款 1500 元",
)
CATEGORY_UNLIKE_KIND = declare(
    "PA-205",
    "类别与具体类型不符",
    Severity.WARNING,
    "{case} 的具体类型是“{kind}”，类别却是“{category}”",
    "核对后改类别或具体类型；统计按类别分",
    bad="具体类型“转租转借”，类别“情况变动”",
    good="具体类型“转租转借”，类别“日常违规”",
)
BAN_TOO_SHORT = declare(
    "PA-206",
    "限制申请的期限不足",
    Severity.WARNING,
    "{case} 于 {day} 退出，限制申请至 {until}，不足 {years} 年（应至 {right}）",
    "核对退出日期和限制申请至",
    basis="《公共租赁住房管理办法》第三十五条、第三十六条",
    bad="2020-06-30 退出，限制申请至 2023-06-30",
    good="2020-06-30 退出，限制申请至 2025-06-30",
)
CAMPAIGN_VISITS_DIFFER = declare(
    "PA-221",
    "整治入户户数与巡查明细不符",
    Severity.WARNING,
    "{campaign} 登记入户 {said} 户，巡查表里填了这个整治编号的有 {rows} 户",
    "核对入户户数；漏填的在巡查表补填整治编号",
    bad="入户户数 624，巡查表里填了 ZZ001 的只有 257 户",
    good="入户户数 257，巡查表里填了 ZZ001 的 257 户",
)
CAMPAIGN_CASES_DIFFER = declare(
    "PA-222",
    "整治前后的违规户数与违规明细不符",
    Severity.WARNING,
    "{campaign} 登记{field} {said} 户，违规与变动表里填了这个整治编号的有 {rows} 户{more}",
    "核对户数；漏填的在违规与变动表补填整治编号",
    bad="整治前违规户数 3，违规与变动表里没有一行填这个整治编号",
    good="整治前违规户数 3，违规与变动表里有 3 户填了这个整治编号",
)
CAMPAIGN_ELSEWHERE = declare(
    "PA-223",
    "填了整治编号的行不在整治的小区或日期内",
    Severity.WARNING,
    "{campaign} 有 {count} 行{sheet}{why}，如 {example}",
    "核对这些行的整治编号、小区和日期",
    bad="整治在 2020-01-06 至 2020-01-31，巡查日期 2020-05-11 却填了这个整治编号",
    good="巡查日期 2020-01-15，房源在整治的小区",
)
CAMPAIGN_WORSE = declare(
    "PA-224",
    "整治后比整治前多",
    Severity.WARNING,
    "{campaign} 整治前违规 {before} 户，整治后 {after} 户",
    "核对两个数是不是填反了",
    bad="整治前违规户数 2，整治后违规户数 5",
    good="整治前违规户数 5，整治后违规户数 0",
)
CAMPAIGN_END_UNSURE = declare(
    "PA-225",
    "整治的进展与结束日期不符",
    Severity.WARNING,
    "{campaign} 的进展是“{status}”，{what}",
    "已完成的补填结束日期；还在进行的，改结束日期或进展",
    bad="进展“已完成”，结束日期空着",
    good="进展“已完成”，结束日期 2020-01-31",
)
