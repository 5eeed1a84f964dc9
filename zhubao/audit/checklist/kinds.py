"""Where the sheets of audit.xlsx contradict each other about a finding."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

_PRACTICE = "审计整改台账的通行要求：发现、整改、回访、销号逐项有据"

STEPS_DIFFER = declare(
    "AU-971",
    "整改记录与问题清单的合计不符",
    Severity.WARNING,
    "{finding} 的“{field}”写的是 {said}，整改记录逐步合计是 {steps}",
    "对照凭证核对，改正问题清单的合计，或补记、改正整改记录",
    basis=_PRACTICE,
    bad="问题清单写已追回 9000.00 元，整改记录合计 6000.00 元",
    good="问题清单写已追回 9000.00 元，整改记录两步各追回 4500.00 元",
)
CLOSED_UNVISITED = declare(
    "AU-972",
    "销号前没有回访",
    Severity.WARNING,
    "{finding} 已销号（{day}），{fault}",
    "补办回访并登记到回访表；回访没有到位的，改回整改中",
    basis=_PRACTICE,
    bad="问题已销号，回访表里没有它的回访",
    good="先回访、结果是整改到位，再销号",
)
VISIT_NOT_DONE = declare(
    "AU-973",
    "回访没有到位却销了号",
    Severity.ERROR,
    "{finding} 已销号（{day}），最后一次回访的结果是“{result}”",
    "改回整改中继续整改；确已到位的，再回访一次并登记",
    basis=_PRACTICE,
    bad="问题已销号，最后一次回访的结果是“未到位”",
    good="最后一次回访的结果是“整改到位”",
)
RECOVERED_ABOVE = declare(
    "AU-974",
    "已追回超过涉及金额",
    Severity.WARNING,
    "{finding} 已追回 {recovered} 元，涉及金额{amount}",
    "核对两个金额；多收的应退还，涉及金额没有填的补填。整改率里按不超过涉及金额计",
    basis=_PRACTICE,
    bad="涉及金额 9000.00 元，已追回 9500.00 元",
    good="涉及金额 9000.00 元，已追回 9000.00 元",
)
STATUS_AND_DATES = declare(
    "AU-975",
    "整改状态与日期不符",
    Severity.WARNING,
    "{finding} 的整改状态是“{status}”，{fault}",
    "状态和日期改成一致：到了哪一步，就填哪一步的日期",
    basis=_PRACTICE,
    bad="整改状态是“整改中”，却填了销号日期",
    good="整改状态是“已销号”，整改、回访、销号日期都填了",
)
DATES_BACKWARDS = declare(
    "AU-976",
    "整改各步日期先后颠倒",
    Severity.WARNING,
    "{finding} 的{later} {later_day} 早于{earlier} {earlier_day}",
    "对照原件改正日期",
    basis=_PRACTICE,
    bad="发现日期 2020-02-17，整改日期 2020-02-10",
    good="发现、整改、回访、销号日期依次不早于前一个",
)
HOUSEHOLDS_ABOVE = declare(
    "AU-977",
    "已整改户数超过涉及户数",
    Severity.WARNING,
    "{finding} 已整改 {done} 户，涉及 {households} 户",
    "核对两个户数。整改率里按不超过涉及户数计",
    basis=_PRACTICE,
    bad="涉及户数 1，已整改户数 2",
    good="涉及户数 2，已整改户数 2",
)
CLOSED_SHORT = declare(
    "AU-978",
    "没有整改完却销了号",
    Severity.ERROR,
    "{finding} 已销号（{day}），{fault}",
    "改回整改中继续整改；由负责人核准销号的，在问题清单填写核准人和核准理由",
    basis=_PRACTICE,
    bad="涉及金额 9000.00 元，已追回 6000.00 元，已销号，核准人空着",
    good="涉及金额 9000.00 元，已追回 9000.00 元，已销号",
)
