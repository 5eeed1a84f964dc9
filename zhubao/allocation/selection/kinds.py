"""What may be found wrong with selections and leases (AL-5xx)."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

_RULES = "《公共租赁住房管理办法》"

UNIT_CHOSEN_TWICE = declare(
    "AL-501",
    "一套房源在一次活动里选了两次",
    Severity.ERROR,
    "房源 {unit} 已由 {first} 选定，{second} 又选定了它；按先选的算",
    "对照签字的选房单核对；登记错的用“撤销”写明原因，再重新选定",
    bad="“选房”表里两户都选定 05-01-1-0101，前一户没有撤销",
    good="前一户撤销之后，后一户才选定 05-01-1-0101",
)
ENTRANT_NOT_IN_LINE = declare(
    "AL-502",
    "选房记录里的家庭不在名单里",
    Severity.WARNING,
    "{entrant} 不在这次摇号的名次里；它选定的房源仍按已选处理",
    "核对参摇编号；不是这次活动的，改正“选房”表",
    bad="“选房”表写 YH202001-LH99999，摇号结果里没有",
    good="参摇编号与摇号结果一致",
)
CHOSEN_UNIT_GONE = declare(
    "AL-503",
    "选定的房源已经不能配租",
    Severity.WARNING,
    "{who} 选定的 {unit}：{why}",
    "核对房源和合同；确实不能配租的，撤销这次选定，请该户从剩余房源中重选",
    bad="选定 05-01-1-0101 之后，它又被调配给棚改项目",
    good="选定的房源一直空置到签约",
)
NUMBER_TAKEN = declare(
    "AL-504",
    "选房编号在台账里已被占用",
    Severity.ERROR,
    "选房编号 {number} 在“选房”表里是 {other} 的，选房台登记的 {entrant} 没有写入",
    "把手工录入的那一行改成别的编号，再运行 zhubao allocate select {event} 结束写入",
    bad="选房台已用 XF20200400003，有人又在表里手工录了同号的一行",
    good="选房台登记期间不在“选房”表里手工加行",
)
CHOSEN_OUTSIDE = declare(
    "AL-505",
    "选定的房源不在这次活动的清单里",
    Severity.ERROR,
    "{who} 选定的 {unit} 不在冻结的房源清单里，没有签约",
    "核对房源编号；写错的，在选房台撤销后重新选定",
    bad="手工在“选房”表里写了清单外的房源",
    good="选定的房源在冻结的清单里",
)
NO_HOUSEHOLD = declare(
    "AL-511",
    "签约的家庭在保障家庭台账里找不到或不在保",
    Severity.ERROR,
    "{who}：{why}，没有签约",
    "核对名册的家庭编号和保障家庭台账；已退出的，撤销选定",
    bad="家庭 JT000123 的保障状态是“已退出”",
    good="家庭 JT000123 的保障状态是“在保”",
)
HAS_LEASE = declare(
    "AL-512",
    "签约的家庭已有在租合同",
    Severity.ERROR,
    "{who} 已有合同 {lease}，没有签约",
    "换房的，先办原合同的退租；重复配租的，撤销选定",
    basis=f"{_RULES}第三十一条",
    bad="家庭 JT000123 有“履行中”的合同 HT000456",
    good="家庭 JT000123 没有在租合同",
)
UNIT_TAKEN = declare(
    "AL-513",
    "签约的房源已不能配租",
    Severity.ERROR,
    "{who} 选定的 {unit}：{why}，没有签约",
    "核对房源、合同和调配台账；确实不能配租的，在选房台撤销，请该户重选",
    bad="房源 05-01-1-0101 已有在租合同，或已调配给棚改项目",
    good="房源 05-01-1-0101 空置",
)
NO_PRICE = declare(
    "AL-514",
    "算不出签约的月租金",
    Severity.ERROR,
    "{who} 选定的 {unit}：{why}，没有签约",
    "补齐房源的计租面积、地段等级、电梯和家庭的保障类型；没有标准的，在 zhubao.toml 补租金标准",
    bad="地段等级写“四级”，租金标准里没有",
    good="地段等级“二级”，租金标准里有价格",
)
WAITING_CLOSED = declare(
    "AL-515",
    "签约家庭的轮候登记已经关闭",
    Severity.ERROR,
    "{who} 的轮候登记 {waiting} 是“{status}”，没有签约",
    "核对轮候册；资格已取消或已放弃的，撤销选定；登记错的，改正轮候册",
    bad="轮候状态是“取消资格”",
    good="轮候状态是“轮候中”",
)
NOT_ON_WAITING_LIST = declare(
    "AL-516",
    "签约的家庭没有轮候登记",
    Severity.WARNING,
    "{who} 在轮候册里没有登记，已照常签约，轮候册没有改动",
    "核对名册的轮候号和家庭编号",
    bad="名册没有轮候号，轮候册里也没有这一户",
    good="名册的轮候号在轮候册里",
)
SUBSIDY_IN_FORCE = declare(
    "AL-517",
    "签约的家庭还在领租赁补贴",
    Severity.WARNING,
    "{who} 的租赁补贴 {grant} 是“{status}”，配租后应当停发",
    "从起租之月起停发，在“租赁补贴”表填止发月份和状态；多发的追回",
    bad="签约时租赁补贴状态是“生效”",
    good="签约前租赁补贴已经“终止”",
)
SIGNED_TOO_EARLY = declare(
    "AL-518",
    "签约日期早于选房日期",
    Severity.ERROR,
    "{who} 选房是 {chosen}，签约日期 {signed} 在它之前，没有签约",
    "改正 --date",
    bad="2020-05-20 选房，签约日期写 2020-05-15",
    good="2020-05-20 选房，2020-05-27 签约",
)
NOT_WRITTEN_YET = declare(
    "AL-519",
    "选房台有登记还没有写入台账",
    Severity.WARNING,
    "选房台有 {count} 条登记还没有写入“选房”表，其中新选定的这次不签约",
    "先运行 zhubao allocate select {event}，输入“结束”写入，再签约",
    bad="选房当天断电，没有“结束”就关了窗口",
    good="选房结束时写入了台账",
)
