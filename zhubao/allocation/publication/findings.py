"""The findings of publishing, of a draw's statistics, and of the report of allocations."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

PHONE_BLANK = declare(
    "AL-601",
    "公示缺投诉电话",
    Severity.WARNING,
    "没有写明投诉电话，公示上写的是“见窗口公示”",
    "在 zhubao.toml 的 [policy.allocation_notice.complaint_phone] 里写上本局的电话后重新生成",
    bad="zhubao.toml 里没有投诉电话",
    good="zhubao.toml 里写明了投诉电话",
)
UNVERIFIABLE = declare(
    "AL-602",
    "这次摇号没有校验值",
    Severity.WARNING,
    "{event} 第 {draw} 次摇号没有冻结存档和校验值，公示上已写明不能用校验值核验",
    "摇号之前没有用 zhubao 冻结的，事后无法补做；以后的摇号请先 zhubao allocate freeze",
    bad="摇号活动的“总校验值”空着，摇号时间已填",
    good="摇号之前已冻结并公布校验值",
)
RESULT_DIFFERS = declare(
    "AL-603",
    "台账的摇号结果与存档不一致",
    Severity.ERROR,
    "{entrant} 的{fields}，台账与摇号存档不同；名单按存档公布",
    "核对这一行是谁、什么时候改的，改回存档里的内容；存档不能改",
    bad="存档里总名次是 12，台账被改成 2",
    good="台账各行与存档一致",
)
CHAIN_BROKEN = declare(
    "AL-604",
    "重摇的手续不全",
    Severity.ERROR,
    "{event} 第 {draw} 次摇号：{fault}",
    "补全这一行；与前次结果连不上的，查明原因之前不要公布",
    bad="第 2 次摇号没有重摇原因，或批准人只有一个",
    good="重摇有原因、有两个以上批准人，前次结果校验值与前次一致",
)
WORDS_MASKED = declare(
    "AL-605",
    "公开版遮去了文字里的个人信息",
    Severity.WARNING,
    "“{header}”里有姓名、证件号、电话或家庭编号，公开版里已遮去",
    "请把这一格改成不含个人信息的写法",
    bad="重摇原因写“张三丰（13800000000）重复登记”",
    good="重摇原因写“一户重复登记”",
)
LATER_RECORDS = declare(
    "AL-606",
    "截止日期之后还有记录",
    Severity.WARNING,
    "截至 {day} 的名单没有列入此后的 {count} 条记录（{what}）",
    "要列入的，用 --as-of 写明较晚的日期",
    bad="截止日期 2020-06-30，7 月 2 日有人选房",
    good="截止日期不早于最后一条记录",
)
PLACE_BLANK = declare(
    "AL-607",
    "没有写明校验值公布在哪里",
    Severity.WARNING,
    "{event} 的“公布处”空着，公示上无法告诉家庭到哪里核验",
    "在摇号活动表填写公布处后重新生成",
    bad="公布处空着",
    good="公布处填“区政府门户网站”",
)
ENTRANT_UNKNOWN = declare(
    "AL-608",
    "名册里没有这个参摇编号",
    Severity.ERROR,
    "{sheet}有 {entrant}，名册里没有；没有列入名单",
    "核对参摇编号；冻结之后登记的不能参加这次摇号",
    bad="选房表的参摇编号少写一位",
    good="结果、选房的参摇编号都在名册里",
)
HASH_DIFFERS = declare(
    "AL-609",
    "台账的校验值与存档不一致",
    Severity.ERROR,
    "“{header}”与摇号存档算出的不同；公示按存档",
    "核对这一格是谁、什么时候改的，改回存档里的值；不要先公布",
    bad="总校验值被改了一位",
    good="台账的校验值与存档一致",
)
RANK_FAULTY = declare(
    "AL-610",
    "总名次有重复或缺号",
    Severity.ERROR,
    "{event} 的总名次不是从 1 到 {count} 各一个：{fault}",
    "对照当时的公示和原始记录改正总名次；名次不明的不要公布",
    bad="两户的总名次都是 5",
    good="总名次从 1 起连续，没有重复",
)
GROUP_OUT_OF_ORDER = declare(
    "AL-611",
    "优先组没有排在前面",
    Severity.WARNING,
    "{event} 有 {count} 户优先的家庭排在了组序靠后的家庭之后，第一户是总名次 {rank}",
    "核对当时公布的摇号办法：办法规定优先组先摇的，这是问题；规定不分组的，请改正名册的组序",
    basis="《公共租赁住房管理办法》第十五条",
    bad="组序 2 的家庭排在总名次 301，组序 1 的排在 320",
    good="组序 1 的家庭全部排在组序 2 之前",
)
DRAW_UNWRITTEN = declare(
    "AL-612",
    "存档里有一次摇号还没有写入台账",
    Severity.WARNING,
    "{event} 第 {draw} 次摇号已登记在存档，台账里还没有；名单没有列入",
    "请再运行摇号时的那条命令（zhubao allocate draw），把结果写入台账后重新生成",
    bad="摇号时登记了随机数，没有写入台账",
    good="存档里的每次摇号台账里都有",
)
SIGNED_NOT_HOUSED = declare(
    "AL-620",
    "签了约，轮候册没有出册",
    Severity.WARNING,
    "{household} 在 {day} 签约，轮候册里这一期没有“已配租”",
    "核对轮候状态和出册日期",
    bad="选房表有签约日期，轮候册仍是“轮候中”",
    good="签约的家庭轮候册是“已配租”，有出册日期",
)
HOUSED_NOT_SIGNED = declare(
    "AL-621",
    "轮候册已配租，没有签约记录",
    Severity.WARNING,
    "{household} 在 {day} 出册（已配租），这一期的选房表里没有签约",
    "核对是不是另外安置的；是摇号选房的，补填选房表的签约日期",
    bad="轮候册“已配租”，选房表没有这一户",
    good="“已配租”的家庭在选房表有签约日期",
)
PEOPLE_MISSING = declare(
    "AL-622",
    "签约没有填入住人数",
    Severity.WARNING,
    "{household} 没有填入住人数，{used}",
    "补填选房表的入住人数",
    bad="签约的一行，入住人数空着",
    good="签约的一行填了入住人数",
)
CLOSED_UNDATED = declare(
    "AL-623",
    "出册没有日期",
    Severity.WARNING,
    "{waiting} 的轮候状态是“{status}”，没有出册日期，没有计入期初、期末",
    "补填出册日期",
    bad="轮候状态“已配租”，出册日期空着",
    good="轮候状态“已配租”，出册日期 2020-02-24",
)
CLOSED_EARLY = declare(
    "AL-624",
    "出册早于批准",
    Severity.WARNING,
    "{waiting} 的出册日期 {closed} 早于批准日期 {approved}，没有计入期初、期末",
    "核对两个日期",
    bad="2020-03-01 批准，2020-02-24 出册",
    good="出册日期不早于批准日期",
)
