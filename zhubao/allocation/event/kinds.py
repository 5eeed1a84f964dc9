"""What can be wrong when an event is frozen (AL-201 to AL-226), and after it (AL-231 to AL-233).

Three consequences: a finding *stops* the freeze until it is put right; keeps one household *out*;
or is to be *looked at* only. The message says which.
"""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

ROSTER_UNREADABLE = declare(
    "AL-201",
    "名册有必填的单元格空着或读不出",
    Severity.ERROR,
    "{entrant} 的{headers}空着或读不出，不能冻结",
    "补全或改正后重新冻结；确定不让这一户参加的，把名册状态改为“不予参加”并写明原因",
    bad="名册一行的“身份证号”空着",
    good="参加摇号的每一行，必填的单元格都有",
)
ENTRANT_TWICE = declare(
    "AL-202",
    "参摇编号重复",
    Severity.ERROR,
    "参摇编号 {entrant} 在这次活动里有 {count} 行，不能冻结",
    "给每一户不同的参摇编号；重复录入的，删去一行",
    bad="两户的参摇编号都是 001",
    good="同一活动里参摇编号各不相同",
)
LATE_ENTRANT = declare(
    "AL-203",
    "逾期登记，不参加这次摇号",
    Severity.WARNING,
    "{entrant} {why}，列为逾期登记，不参加这次摇号",
    "请把结果和原因告知这一户；登记时间写错的，改正后重新冻结；登记在先、漏列名册的，"
    "公布以前可以用 zhubao undo 撤销冻结，补上以后再冻结",
    bad="登记截止 5 月 11 日，登记时间是 5 月 12 日",
    good="登记时间在截止日期当天或之前",
)
SAME_PERSON = declare(
    "AL-204",
    "同一人或同一户在名册里重复",
    Severity.ERROR,
    "{entrant} 与 {other} 重复（{why}），只保留登记在先的 {other}，{entrant} 不予参加",
    "请核对；应当保留后一行的，把前一行的名册状态改为“不予参加”后重新冻结",
    bad="夫妻二人各登记一次",
    good="每户只登记一次",
)
SHARED_MEMBER = declare(
    "AL-205",
    "同一家庭成员在两户里",
    Severity.WARNING,
    "{entrant} 与 {other} 有同一名家庭成员（{shown}），两户都照常参加",
    "请核对家庭成员；属于重复申请的，把其中一户的名册状态改为“不予参加”",
    bad="一名子女同时列在父亲和母亲各自的家庭里",
    good="每人只在一户",
)
LEDGER_DIFFERS = declare(
    "AL-206",
    "名册与台账不一致",
    Severity.WARNING,
    "{entrant} 的{fields}，按名册冻结",
    "请核对以哪个为准；名册有误的，改正后再冻结，冻结以后不能再改",
    bad="名册写 2 人，保障家庭写 3 人",
    good="名册的人口、身份证号、优先类别与台账相同",
)
LAYOUT_DIFFERS = declare(
    "AL-207",
    "户型与家庭人口不相配",
    Severity.WARNING,
    "{entrant} 家庭人口 {size} 人，应配{entitled}，名册写的是{layout}，按名册冻结",
    "请核对；名册有误的，改正后再冻结。应配户型的对照表在 [policy.allocation.layout_by_size]",
    bad="4 人户登记了一室一厅",
    good="4 人户登记了两室一厅",
)
ESTATE_OUTSIDE = declare(
    "AL-208",
    "小区不在这次活动里",
    Severity.ERROR,
    "{entrant} 登记的小区“{estate}”不在这次活动的小区里（{estates}），不能冻结",
    "改正名册的“小区”，或在摇号活动的“小区”里补上",
    bad="活动是粟塘小区，名册写成粟唐小区",
    good="名册的小区是活动的小区之一",
)
STRATUM_UNKNOWN = declare(
    "AL-209",
    "不知道这一户参加哪一种房源的摇号",
    Severity.ERROR,
    "{entrant} 的{headers}空着，分不出参加哪一种房源的摇号，不能冻结",
    "在名册里填写；不按小区分的，冻结时加 --strata 户型",
    bad="活动有两个小区，名册没有写小区",
    good="名册写明小区和户型",
)
GROUP_ORDER_MIXED = declare(
    "AL-210",
    "同一优先类别有不同的组序",
    Severity.ERROR,
    "{group} 的组序不一致（{orders}），同一类别会被分出先后，不能冻结",
    "把这一类别的组序改成同一个数；都空着的，按规定的先后自动排",
    bad="普通组有的写 2，有的空着（自动为 4）",
    good="同一优先类别的组序相同，或者全部空着",
)
REGISTERED_BLANK = declare(
    "AL-211",
    "登记时间空着",
    Severity.WARNING,
    "{entrant} 没有登记时间，按截止以前登记处理",
    "请按登记表补上登记时间；逾期的不能参加",
    bad="名册的“登记时间”空着，活动有登记截止日期",
    good="每一户都有登记时间",
)
UNIT_UNPLACED = declare(
    "AL-212",
    "房源缺少小区或户型",
    Severity.ERROR,
    "房源 {unit} 的{headers}空着，分不出属于哪一种房源，不能冻结",
    "在房源台账（或 --units 的文件）里补上，再重新冻结",
    bad="空置房源的“户型”空着",
    good="每套房源都有小区和户型",
)
STRATUM_WITHOUT_UNITS = declare(
    "AL-213",
    "有人登记、没有房源",
    Severity.WARNING,
    "“{stratum}”有 {households} 户登记，没有一套房源，这些户只会进入递补",
    "核对户型的写法是否一致、房源状态是否该是空置；确实没有房源的，请事先告知这些家庭",
    bad="12 户登记三室一厅，房源里没有三室一厅",
    good="每一种登记的户型都有房源",
)
STRATUM_WITHOUT_ENTRANTS = declare(
    "AL-214",
    "有房源、没有人登记",
    Severity.NOTICE,
    "“{stratum}”有 {units} 套房源，没有人登记",
    "核对户型的写法是否一致；这些房源这次不会有人选",
    bad="有 5 套三室一厅，没有一户登记",
    good="每一种房源都有人登记",
)
UNIT_ROW_FAULTY = declare(
    "AL-215",
    "房源清单的行有误",
    Severity.ERROR,
    "房源清单有一行{why}，不能冻结",
    "在 --units 的文件里改正，再重新冻结",
    bad="两行的房源编号相同",
    good="每行一套，房源编号各不相同",
)
WAITING_UNKNOWN = declare(
    "AL-216",
    "轮候册里没有这个轮候号",
    Severity.ERROR,
    "{entrant} 的轮候号 {waiting} 在轮候册里查不到，不能冻结",
    "改正轮候号；确实不在轮候册里的，把名册状态改为“不予参加”并写明原因",
    bad="名册写 LH00999，轮候册里没有",
    good="名册的轮候号在轮候册里",
)
WAITING_BLANK = declare(
    "AL-217",
    "没有轮候号，资格没有核对",
    Severity.WARNING,
    "{entrant} 没有轮候号，轮候资格没有核对，照常参加",
    "请补上轮候号，或另行核对资格",
    bad="公租房配租的名册里“轮候号”空着",
    good="公租房配租的每一户都有轮候号",
)
IDENTITY_DOUBTFUL = declare(
    "AL-218",
    "身份证号可能有误",
    Severity.WARNING,
    "{entrant} {fault}（{shown}），照写的号码冻结",
    "请对照户口簿核对；冻结以后不能再改，凭证要用这个号码核验",
    bad="末位校验码不符",
    good="18 位，校验码相符",
)
MARKED_FROZEN = declare(
    "AL-219",
    "名册行已标为已冻结，活动却没有冻结",
    Severity.ERROR,
    "{entrant} 的名册状态是“已冻结”，但这次活动还没有冻结，不能冻结",
    "把这一行的名册状态改回“已登记”；“已冻结”由 zhubao 填写，不手工填写",
    bad="手工把名册状态填成已冻结",
    good="冻结以前名册状态是已登记",
)
EARLIER_FREEZE = declare(
    "AL-220",
    "这次活动以前冻结过",
    Severity.NOTICE,
    "存档里另有 {count} 份以前的冻结（{names}），台账没有用它们",
    "撤销过或重新冻结过的，属正常；没有办过的，请查 zhubao history",
    bad="冻结后撤销，再次冻结",
    good="只冻结一次",
)
REGISTRATION_OPEN = declare(
    "AL-221",
    "登记当天截止",
    Severity.WARNING,
    "登记截止日期是 {ends}，冻结在当天进行，当天以后的登记不再收",
    "确认当天的登记已经结束；没有结束的，请改天冻结",
    bad="5 月 11 日截止，5 月 11 日冻结",
    good="截止以后才冻结",
)
GROUP_ORDER_UNUSUAL = declare(
    "AL-224",
    "组序与规定的先后不同",
    Severity.WARNING,
    "{group}的组序是 {order}，不在{other}（组序 {ahead}）之后；按规定的先后，{other}在前",
    "组序写错的，改正后重新冻结；本地另有规定的，请写进 zhubao.toml 的 "
    "[policy.allocation.priority_groups]，并在公告里说明依据",
    bad="普通组的组序是 1，孤老病残是 2",
    good="组序空着，或先后与 [policy.allocation.priority_groups] 相同",
)
ISSUE_OPEN = declare(
    "AL-225",
    "随机源没有写明是哪一期",
    Severity.WARNING,
    "随机源“{name}”没有写明期号或日期，哪一期的号码都对得上，摇号结果就可以挑选",
    "请在随机源的名称里写明冻结以后才开奖的那一期，如 福彩双色球2020055期=7x2",
    bad="福彩双色球=7x2",
    good="福彩双色球2020055期=7x2；现场摇球=6x2",
)
OUT_WITHOUT_REASON = declare(
    "AL-226",
    "不予参加没有写原因",
    Severity.WARNING,
    "{entrant} 的名册状态是“{status}”，没有写原因，不参加这次摇号",
    "写明“不予参加原因”，并告知这一户；误标的，改回“已登记”",
    bad="名册状态“不予参加”，不予参加原因空着",
    good="名册状态“不予参加”，不予参加原因“已在外区配租”",
)
ROW_ADDED_SINCE = declare(
    "AL-231",
    "冻结以后名册新增的行",
    Severity.NOTICE,
    "{entrant} 不在冻结的名册里，不参加这次摇号",
    "冻结以后登记的，请告知下次参加；名册以冻结时的为准",
    bad="冻结以后在名册里加一行",
    good="冻结以后名册不再增加",
)
ROW_GONE_SINCE = declare(
    "AL-232",
    "冻结以后名册少了的行",
    Severity.NOTICE,
    "冻结的名册有 {entrant}，台账里没有了；仍按冻结的名册参加",
    "误删的，用备份恢复这一行；自愿退出的，选房时按放弃登记",
    bad="冻结以后删去名册的一行",
    good="冻结以后名册不删行",
)
ROW_CHANGED_SINCE = declare(
    "AL-233",
    "冻结以后名册改过的行",
    Severity.NOTICE,
    "{entrant} 的{headers}与冻结时不同；仍按冻结时的参加",
    "改错的请改回来；冻结时确有错误的，公布以前可以重新冻结，公布以后按规定重摇",
    bad="冻结以后把家庭人口从 2 改成 3",
    good="冻结以后名册不改",
)
