"""What a run of the checks has to say of itself (AU-99x)."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

CHECK_BROKEN = declare(
    "AU-990",
    "检查规则没有运行完",
    Severity.WARNING,
    "规则 {code}（{title}）遇到没有料到的数据，没有运行完：{fault}；其余规则照常运行",
    "先用 zhubao check 改正{sheets}里的问题再试；仍不行的，把规则编号和这段提示告诉维护人员",
    bad="某条规则用到的列里有它没有料到的写法",
    good="每条规则都运行完",
)
ARCHIVE_UNREAD = declare(
    "AU-991",
    "摇号的冻结存档读不出",
    Severity.NOTICE,
    "活动 {event} 的冻结存档读不出（{fault}），与冻结名册比对的规则对它没有结论",
    "从备份恢复 .zhubao/draws 里这次活动的文件夹；不是用本工具冻结的活动，不用处理",
    bad="摇号活动填了总校验值，.zhubao/draws 里没有存档",
    good="存档完整，校验值相符",
)
FOUND_AGAIN = declare(
    "AU-992",
    "已销号的问题又检出",
    Severity.WARNING,
    "问题 {finding} 于 {closed} 销号，规则 {code} 现在又检出（疑点 {lead}）",
    "上门核实；确实反弹的，用 zhubao audit follow-up {finding} --result 问题反弹 重新打开",
    basis="整改后回访、防止反弹的办事要求",
    bad="追回补贴销号后，下一季度又给这一户发了补贴",
    good="销号后规则不再检出",
)
RUN_UNREAD = declare(
    "AU-993",
    "以前的检查记录读不出",
    Severity.NOTICE,
    "检查记录 {name} 读不出，比较新增、持续时没有用它",
    "文件已损坏的可以删去；不影响本次检查的结论",
    bad=".zhubao/audit 里有一个写了一半的文件",
    good="检查记录都读得出",
)
