"""Why a step from lead to closure is refused (RT-1xx): which condition, and what to do."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

_ERROR = Severity.ERROR
_ORDER = "疑点 → 核实 → 认定 → 整改 → 回访 → 销号，依次办理"

LEAD_DECIDED = declare(
    "RT-101",
    "疑点已有结论",
    _ERROR,
    "疑点 {lead} 的状态是“{status}”，不能再{step}",
    "{remedy}",
    basis=_ORDER,
    bad="已排除的疑点又去认定",
    good="核实中的疑点去认定",
)
LEAD_UNVERIFIED = declare(
    "RT-102",
    "疑点还没有核实",
    _ERROR,
    "疑点 {lead} 的状态是“{status}”，{lacking}，不能认定",
    "先核实：zhubao audit verify {lead} --by 姓名 --date 日期 --text 核实情况",
    basis=_ORDER,
    bad="待核实的疑点直接认定",
    good="填了核实人、核实日期和核实情况再认定",
)
TOO_EARLY = declare(
    "RT-103",
    "日期早于上一步",
    _ERROR,
    "{what}的{step}日期 {day} 早于{before} {bound}",
    "核对日期；台账里的日期有误的，先改台账",
    basis=_ORDER,
    bad="2020-02-17 认定的问题，2020-02-10 整改",
    good="整改日期不早于认定日期",
)
TOO_LATE = declare(
    "RT-104",
    "日期晚于截止日期",
    _ERROR,
    "{what}的{step}日期 {day} 晚于截止日期 {bound}",
    "还没有发生的事不登记；截止日期不对的，用 --as-of 写明",
    bad="截止日期 2020-06-30，登记 2020-07-02 的回访",
    good="登记的日期不晚于截止日期",
)
DEADLINE_PAST = declare(
    "RT-105",
    "整改时限早于认定日期",
    _ERROR,
    "{what}的整改时限 {deadline} 早于认定日期 {day}",
    "核对 --deadline 的年份和月份",
    bad="2020-02-17 认定，整改时限 2020-01-31",
    good="整改时限不早于认定日期",
)
WRONG_STATE = declare(
    "RT-111",
    "问题的状态不能办这一步",
    _ERROR,
    "问题 {finding} 的状态是“{status}”，不能{step}",
    "{remedy}",
    basis=_ORDER,
    bad="还在整改中的问题去回访",
    good="已整改的问题去回访",
)
TOO_MANY_HOUSEHOLDS = declare(
    "RT-112",
    "整改户数超过涉及户数",
    _ERROR,
    "问题 {finding} 涉及 {due} 户，已整改 {before} 户，这次 {now} 户，合计超过 {over} 户",
    "核对这次的户数；涉及户数登记少了的，先改问题清单的“涉及户数”",
    bad="涉及 5 户，已整改 4 户，这次填 2 户",
    good="各次整改户数之和不超过涉及户数",
)
TOO_MUCH_MONEY = declare(
    "RT-113",
    "追回金额超过涉及金额",
    _ERROR,
    "问题 {finding} 涉及 {due} 元，已追回 {before} 元，这次 {now} 元，合计超过 {over} 元",
    "核对这次的金额；涉及金额登记少了的，先改问题清单的“涉及金额”",
    bad="涉及 900 元，已追回 600 元，这次填 400 元",
    good="各次追回金额之和不超过涉及金额",
)
DUE_UNKNOWN = declare(
    "RT-114",
    "没有登记涉及的户数或金额",
    _ERROR,
    "问题 {finding} 没有填“{header}”，这次的{what}没有可比的数",
    "先在问题清单里填“{header}”；不按{what}整改的，不写 {option}，整改完成时写 --done",
    bad="涉及金额空着，登记追回 300 元",
    good="涉及金额填 900，登记追回 300 元",
)
TOTALS_DIFFER = declare(
    "RT-115",
    "问题清单的合计与整改记录不一致",
    _ERROR,
    "问题 {finding} 的“{header}”填 {total}，整改记录各次合计 {steps}",
    "先查清是哪一边登记错了，改正后重新登记",
    bad="已追回填 900 元，整改记录只有一次 600 元",
    good="已追回等于整改记录各次之和",
)
NOTHING_LEFT = declare(
    "RT-116",
    "整改已经完成",
    _ERROR,
    "问题 {finding} 已于 {day} 整改完成，户数、金额都已齐，没有可登记的整改",
    "下一步是回访：zhubao audit follow-up {finding}；又有反弹的，回访结果写“问题反弹”",
    bad="户数、金额都齐了，再登记一次整改",
    good="整改中的问题登记整改",
)
STILL_FOUND = declare(
    "RT-121",
    "规则复核仍检出",
    _ERROR,
    "问题 {finding}：按 {day} 的台账重跑规则 {code}，仍检出：{message}",
    "继续整改，并把台账改到与实际一致；确有理由的，由负责人核准：--override-by 姓名 --reason 理由",
    basis="规则重跑不再检出才销号",
    bad="补贴没有停发就销号",
    good="停发、追回并登记后，规则不再检出",
)
NO_VERDICT = declare(
    "RT-122",
    "规则复核没有结论",
    _ERROR,
    "问题 {finding}：规则 {code} 重跑没有结论：{why}",
    "补齐或改正台账后再销号；确实不能复核的，由负责人核准：--override-by 姓名 --reason 理由",
    basis="规则重跑不再检出才销号",
    bad="要用的表是空的，规则说不出有没有问题",
    good="规则运行到底，没有检出",
)
SUBJECT_GONE = declare(
    "RT-123",
    "台账里已没有这个对象",
    _ERROR,
    "问题 {finding} 的{what} {number} 在“{sheet}”表里找不到，规则没有检出不等于已整改",
    "行被误删的恢复它，编号改了的把问题清单一起改；"
    "确已注销的，由负责人核准：--override-by 姓名 --reason 理由",
    bad="把这一户从保障家庭表里删掉，再去销号",
    good="保留这一户，把保障状态改成“已退出”",
)
NO_FOLLOW_UP = declare(
    "RT-124",
    "没有“整改到位”的回访",
    _ERROR,
    "问题 {finding} {why}",
    "先回访：zhubao audit follow-up {finding} --date 日期 --result 整改到位 "
    "--by 姓名 --evidence 佐证",
    basis="整改后回访，到位才销号",
    bad="没有回访就销号；最近一次回访是“部分到位”",
    good="整改之后有一次“整改到位”的回访",
)
HOUSEHOLDS_LEFT = declare(
    "RT-125",
    "还有户没有整改",
    _ERROR,
    "问题 {finding} 涉及 {due} 户，已整改 {done} 户，还差 {left} 户",
    "登记其余各户的整改：zhubao audit progress {finding} --action 整改情况 --households {left}",
    bad="涉及 5 户，已整改 4 户就销号",
    good="户数都已整改",
)
MONEY_LEFT = declare(
    "RT-126",
    "还有钱没有追回",
    _ERROR,
    "问题 {finding} 涉及 {due} 元，已追回 {done} 元，还差 {left} 元",
    "登记其余的追回：zhubao audit progress {finding} --action 整改情况 --recovered {left}；"
    "确实追不回的，由负责人核准：--override-by 姓名 --reason 理由",
    bad="涉及 900 元，追回 600 元就销号",
    good="涉及金额已全部追回",
)
SEEN_SINCE = declare(
    "RT-127",
    "整改之后清单比对又检出",
    _ERROR,
    "问题 {finding} 的疑点 {lead} 在整改（{day}）之后的 {seen} 又被清单比对检出",
    "查明原因再销号；清单有误或已另行处理的，由负责人核准：--override-by 姓名 --reason 理由",
    bad="车主 4 月登记退出，6 月的清单比对仍检出",
    good="整改后的清单比对不再检出",
)
