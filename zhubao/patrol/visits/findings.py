"""What can be wrong with visits and key households in the ledger (PA-101 to PA-110)."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

VISIT_TO_NOBODY = declare(
    "PA-101",
    "巡查的家庭不在保障家庭表",
    Severity.ERROR,
    "巡查 {visit} 的家庭编号 {household} 在保障家庭表里没有，这一次计入巡查次数、没有计入户数",
    "核对家庭编号；抄错的改正，漏登的补登保障家庭",
    bad="巡查表写 JT00012（少一位），保障家庭表里没有",
    good="巡查的家庭编号在保障家庭表里",
)
VISIT_IN_FUTURE = declare(
    "PA-102",
    "巡查日期还没有到",
    Severity.ERROR,
    "巡查 {visit}（{household}）的日期 {day} 晚于 {latest}",
    "核对日期的年份和月份；是计划的，访过以后再登记",
    bad="2020 年 6 月底登记的巡查，日期写成 2021-06-30",
    good="巡查日期不晚于登记那一天",
)
REMOVED_BEFORE_LISTED = declare(
    "PA-103",
    "重点对象移出早于列入",
    Severity.ERROR,
    "{household} 的{kind}，移出日期 {removed} 早于列入日期 {listed}，没有当作重点对象",
    "核对两个日期",
    bad="列入日期 2020-05-01，移出日期 2020-03-01",
    good="移出日期空着，或不早于列入日期",
)
VISIT_TWICE = declare(
    "PA-104",
    "同一户同一天有两次同类巡查",
    Severity.WARNING,
    "{household} 在 {day} 的{kind}登记了 {count} 次：{numbers}；统计时各算一次",
    "重复登记的删去；确实一天去了两次的，在备注里写明",
    bad="XC000101 和 XC000102 都是 JT000006、2020-03-02、日常巡查",
    good="同一户同一天同类巡查只有一行",
)
KEY_UNVISITED = declare(
    "PA-105",
    "重点对象久未走访",
    Severity.WARNING,
    "{household} {name}（{kind}）{since}，到 {as_of} 已 {days} 天，满 {limit} 天",
    "尽快安排走访；已访过的，补登巡查记录",
    bad="孤寡老人上次走访 2020-03-01，截止日期 2020-06-30，规定 60 天",
    good="孤寡老人上次走访 2020-06-10，截止日期 2020-06-30",
)
KEY_EXITED = declare(
    "PA-106",
    "已退出的家庭还列在重点对象里",
    Severity.WARNING,
    "{household} {name}（{kind}）{why}，重点对象里还没有移出",
    "核实后在重点对象表填移出日期",
    bad="保障状态“已退出”，重点对象的移出日期空着",
    good="退出的家庭填了移出日期",
)
VISIT_WITHOUT_LEASE = declare(
    "PA-107",
    "巡查当天这户没有在租合同",
    Severity.WARNING,
    "巡查 {visit}：{household} 在 {day} 没有在租合同，{hint}",
    "核对家庭编号和日期；确实还住着的，核对合同的起租、退租日期",
    bad="退租日期 2020-02-01，巡查日期 2020-05-10",
    good="巡查日期在起租和退租之间",
)
VISIT_CONTRADICTS = declare(
    "PA-108",
    "见到没见到与居住情况不符",
    Severity.WARNING,
    "巡查 {visit}（{household}，{day}）：是否见到写“{met}”，居住情况写“{occupancy}”",
    "核对巡查记录，改正其中一项",
    bad="是否见到“是”，居住情况“未见到人”",
    good="是否见到“是”，居住情况“本人居住”",
)
KEY_UNKNOWN = declare(
    "PA-109",
    "重点对象不在保障家庭表",
    Severity.ERROR,
    "重点对象 {household}（{kind}）在保障家庭表里没有",
    "核对家庭编号；抄错的改正，漏登的补登保障家庭",
    bad="重点对象写 JT00012（少一位）",
    good="重点对象的家庭编号在保障家庭表里",
)
KEY_DOORLESS = declare(
    "PA-110",
    "重点对象没有在租合同",
    Severity.WARNING,
    "{household} {name}（{kind}）在保，但 {as_of} 没有在租合同，走访清单排不进去",
    "核对租赁合同；住在别处的，在重点对象备注里写明住址",
    bad="重点对象在保，租赁合同表里没有这一户",
    good="重点对象有一份履行中的合同",
)
