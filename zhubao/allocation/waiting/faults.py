"""What can stand in the way of a household on the waiting list (AL-10x to AL-12x).

An error bars the household until it is settled; a warning or notice is to be looked at.
"""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

_RULES = "《公共租赁住房管理办法》"

PERSON_TWICE = declare(
    "AL-101",
    "同一人在两个轮候登记里",
    Severity.ERROR,
    "{waiting}（家庭 {household}）的{person}，"
    "同时在 {other}（家庭 {other_household}，{place}）轮候{more}",
    "核实此人属于哪一户，从另一户删去或注销另一个登记；查清之前两户都不能参加配租",
    bad="同一身份证号（15 位与 18 位算同一个）在两户轮候家庭里",
    good="每人只在一户轮候家庭里",
)
HOUSEHOLD_TWICE = declare(
    "AL-102",
    "同一家庭有两个轮候登记",
    Severity.ERROR,
    "家庭 {household} 没有出册的登记有 {count} 个：{waiting}，另见 {other}（{place}）",
    "保留一个登记，另一个改为“已放弃”或“取消资格”并填出册日期",
    bad="家庭 JT0001 有两行“轮候中”",
    good="家庭 JT0001 只有一行“轮候中”",
)
NUMBER_TWICE = declare(
    "AL-103",
    "轮候号重复",
    Severity.ERROR,
    "轮候号 {waiting} 有 {count} 行都没有出册，另见 {place}",
    "给其中一行换一个没有用过的轮候号",
    bad="两户的轮候号都是 LH00012",
    good="每个登记的轮候号都不同",
)
HOUSED = declare(
    "AL-104",
    "已经在租公租房",
    Severity.ERROR,
    "{waiting}：家庭 {household} 已有在租合同 {lease}（{place}）",
    "已配租的，把轮候状态改为“已配租”并填出册日期；已退租的，补填合同的退租日期",
    basis=f"{_RULES}第三十一条",
    bad="轮候中的家庭有一份“履行中”的合同",
    good="配租当日已填出册日期",
)
MEMBER_HOUSED = declare(
    "AL-105",
    "成员在另一户已租公租房",
    Severity.ERROR,
    "{waiting}（家庭 {household}）的{person}，"
    "在家庭 {other_household} 已有在租合同 {lease}（{place}）{more}",
    "核实此人是否已搬出；确属两处的，从一户删去，或按重复享受保障处理",
    basis=f"{_RULES}第三十一条",
    bad="轮候家庭的配偶仍列在父母承租的家庭里",
    good="每人只在一户里",
)
BANNED = declare(
    "AL-106",
    "限制申请期未满",
    Severity.ERROR,
    "{waiting}：家庭 {household} {why}，限制申请至 {until}（{place}）",
    "期满之前不能配租；限制有误的，改正违规与变动或退出原因",
    basis=f"{_RULES}第三十五条、第三十六条",
    bad="因违规退出才三年",
    good="退出满五年之后再申请",
)
MEMBER_BANNED = declare(
    "AL-107",
    "成员的限制申请期未满",
    Severity.ERROR,
    "{waiting}（家庭 {household}）的{person}，是家庭 {other_household} 的申请人，该家庭{why}，"
    "限制申请至 {until}（{place}）{more}",
    "期满之前不能配租；换一个家庭编号申请的，同样受限制",
    basis=f"{_RULES}第三十五条、第三十六条",
    bad="因违规退出的承租人以配偶的名义重新申请",
    good="家庭成员都不在限制期内",
)
RELATIVE_OF_BANNED = declare(
    "AL-108",
    "成员曾在限制申请的家庭里",
    Severity.WARNING,
    "{waiting}（家庭 {household}）的{person}，曾是家庭 {other_household} 的成员，该家庭{why}，"
    "限制申请至 {until}（{place}）{more}",
    "核实此人在那次违规中的责任，由集体研究决定是否受限制，并写明理由",
    basis=f"{_RULES}第三十六条",
    bad="违规退出家庭的子女成家后申请",
    good="家庭成员都不曾在限制期内的家庭里",
)
SUBSIDISED = declare(
    "AL-109",
    "轮候期间在领租赁补贴",
    Severity.NOTICE,
    "{waiting}：家庭 {household} 在领租赁补贴 {grant}（{place}）",
    "轮候期间可以领的，不用处理；配租后从入住当月起停发",
    bad="轮候家庭的租赁补贴状态是“生效”，配租后没有停",
    good="签约时一并停发补贴",
)
MEMBER_SUBSIDISED = declare(
    "AL-110",
    "成员在另一户领租赁补贴",
    Severity.WARNING,
    "{waiting}（家庭 {household}）的{person}，"
    "也是领租赁补贴 {grant} 的家庭 {other_household} 的成员（{place}）{more}",
    "核实此人属于哪一户；属于本户的，另一户的补贴要重新核定",
    bad="成员在父母家的补贴里还算一份",
    good="每人只在一户里",
)
WAITING_LONG = declare(
    "AL-111",
    "轮候已满上限",
    Severity.WARNING,
    "{waiting}（家庭 {household}）自 {approved} 起轮候，已满 {years} 年",
    "优先安排配租；一时没有房源的，先发租赁补贴，并向上级说明",
    basis=f"{_RULES}第十条",
    bad="2015-06-30 批准，2020-06-30 还没有配租",
    good="批准后五年内配租",
)
LAYOUT_DIFFERS = declare(
    "AL-112",
    "意向户型与应配户型不同",
    Severity.WARNING,
    "{waiting}（家庭 {household}）{size} 人，应配{entitled}，意向是{desired}",
    "家庭人口有误的，改正人口；无误的，请家庭改填意向户型，或经批准按意向配租",
    bad="两口之家意向两室一厅",
    good="意向户型与家庭人口相称",
)
HOUSEHOLD_UNKNOWN = declare(
    "AL-113",
    "轮候的家庭不在保障家庭表里",
    Severity.ERROR,
    "{waiting} 的家庭编号 {household} 在保障家庭表里找不到",
    "核对家庭编号；漏登的，在保障家庭表补一行",
    bad="家庭编号抄错一位",
    good="家庭编号在保障家庭表里有",
)
HOUSEHOLD_EXITED = declare(
    "AL-114",
    "家庭已退出保障",
    Severity.ERROR,
    "{waiting}：家庭 {household} 已{day}退出保障（{reason}，{place}）",
    "把轮候状态改为“已放弃”或“取消资格”并填出册日期；退出有误的，改正保障家庭表",
    bad="保障状态“已退出”，轮候状态还是“轮候中”",
    good="退出保障当日同时出册",
)
HOUSEHOLD_SUSPENDED = declare(
    "AL-115",
    "家庭暂停保障",
    Severity.WARNING,
    "{waiting}：家庭 {household} 的保障状态是“暂停”（{place}）",
    "查清暂停的原因；恢复之前不宜配租",
    bad="保障状态“暂停”的家庭仍在轮候",
    good="轮候家庭的保障状态是“在保”",
)
APPLICANT_DEAD = declare(
    "AL-116",
    "申请人已死亡",
    Severity.WARNING,
    "{waiting}（家庭 {household}）的申请人{person}已于 {died} 死亡",
    "其余成员继续轮候的，变更申请人并重新核定；没有其他成员的，办理出册",
    bad="申请人的死亡日期已填，登记还是“轮候中”",
    good="已变更申请人",
)
STATUS_AGAINST_DATES = declare(
    "AL-117",
    "轮候状态与日期不符",
    Severity.ERROR,
    "{waiting}（家庭 {household}）{what}，不计入任何一天的轮候名单",
    "对照批准文件和配租记录改正轮候状态、批准日期或出册日期",
    bad="状态“已配租”，出册日期空着",
    good="出册的填出册日期，轮候中的空着",
)
NOT_WAITING = declare(
    "AL-118",
    "当日不在轮候",
    Severity.ERROR,
    "{waiting}（家庭 {household}）{what}",
    "不在轮候的不能参加配租；日期或状态有误的，改正轮候册",
    bad="登记截止后才批准的家庭报名摇号",
    good="截止当日在轮候名单上的家庭报名摇号",
)
