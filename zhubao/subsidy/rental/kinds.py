"""What can be wrong with rental subsidies (SB-101 to SB-139)."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

_STANDARD = "当地租赁补贴标准（zhubao.toml 的 [policy.subsidy] 或自带参数）"

AMOUNT_DIFFERS = declare(
    "SB-101",
    "月补贴额与标准不符",
    Severity.WARNING,
    "{grant} 台账的月补贴额 {ledger} 元，按 {day} 的标准算得 {computed} 元，{direction} {gap} 元",
    "核对人口、面积、实际租金；台账要改的，用 zhubao subsidy entitle --write 按标准改正",
    basis=_STANDARD,
    bad="4 人低保无房，月补贴额填 1400 元",
    good="4 人低保无房，月补贴额填 1500 元",
)
RENT_MISSING = declare(
    "SB-102",
    "没有实际月租金，补贴额定不下来",
    Severity.WARNING,
    "{grant} 的实际月租金空着：下限和“不超过实际租金”都要用到它，没有核定",
    "按租房合同补填实际月租金",
    basis=_STANDARD,
    bad="实际月租金空着",
    good="实际月租金填 550",
)
TIER_WITHOUT_PRICE = declare(
    "SB-103",
    "标准里没有这种保障类型",
    Severity.WARNING,
    "{grant} 是“{tier}”，{day} 的补贴标准里没有这一类型的单价，没有核定",
    "单价另有规定的，在 zhubao.toml 的 [policy.subsidy.price] 里补上这一类型",
    bad="标准只有低保、低收入等五类，家庭是“特困”",
    good="标准里有“特困”的单价",
)
GRANT_UNREADABLE = declare(
    "SB-104",
    "补贴资格有读不懂的单元格",
    Severity.ERROR,
    "{grant} 的“{headers}”空着或读不懂，没有核定",
    "改正这些单元格后重新运行",
    bad="保障人口填“两口人”",
    good="保障人口填 2",
)
TIER_DIFFERS = declare(
    "SB-105",
    "补贴资格与保障家庭的类型或人口不同",
    Severity.NOTICE,
    "{grant} 写的是 {grant_words}，保障家庭 {place} 是 {household_words}；按补贴资格核定",
    "核实以哪个为准，两张表改成一致",
    bad="补贴资格 2 人，保障家庭 1 人",
    good="两张表的保障类型、人口一致",
)
SIGN_IN_UNKNOWN = declare(
    "SB-110",
    "签到结果里的补贴编号不认识",
    Severity.ERROR,
    "租赁补贴台账里没有 {grant}，这一行没有录入",
    "核对补贴编号后重新录入；已录入的行不会重复",
    bad="补贴编号写成 BT0001（少一位）",
    good="补贴编号与租赁补贴台账一致",
)
SIGN_IN_OTHER_QUARTER = declare(
    "SB-111",
    "签到结果里有别的季度",
    Severity.ERROR,
    "{grant} 这一行写的是“{text}”，正在录入 {quarter}，这一行没有录入",
    "核对季度；别的季度的，另用 --quarter 录入",
    bad="录入 2020-Q2，有一行写 2020-Q1",
    good="每行的季度与 --quarter 相同",
)
SIGN_IN_DAY_ODD = declare(
    "SB-112",
    "签到日期不在允许的范围",
    Severity.ERROR,
    "{grant} 的签到日期 {day} {why}，这一行没有录入",
    "核对日期的年份和月份；确实无误的，用 --as-of 写明截止日期",
    bad="2020-Q2 的签到日期写成 2021-06-12",
    good="签到日期在季度开始之后、录入那天以前",
)
SIGN_IN_HOUSEHOLD = declare(
    "SB-113",
    "签到结果的家庭编号与补贴资格不同",
    Severity.ERROR,
    "{grant} 属于家庭 {right}，这一行写的是 {wrong}，没有录入",
    "核对是哪一户签的到，改正后重新录入",
    bad="补贴编号是甲户的，家庭编号是乙户的",
    good="补贴编号和家庭编号是同一户",
)
SIGN_IN_NOT_DUE = declare(
    "SB-114",
    "签到的补贴本季度不在发放期",
    Severity.WARNING,
    "{grant} 在 {quarter} 没有一个月在发放期（{why}），签到照录，不会据此发放",
    "核实补贴状态和起止月份",
    bad="已终止的补贴来签到",
    good="签到的补贴在本季度至少有一个月生效",
)
ACCOUNT_ODD = declare(
    "SB-120",
    "银行账号看起来不对",
    Severity.WARNING,
    "{grant} 的银行账号 {account} {why}，照常列入，银行可能退回",
    "请对照存折或银行卡核对账号",
    bad="银行账号只有 9 位，或卡号校验位不符",
    good="19 位卡号，校验位正确",
)
ACCOUNT_SHARED = declare(
    "SB-121",
    "几户用同一个银行账号",
    Severity.WARNING,
    "{grant} 的银行账号 {account} 也是 {others} 的，照常列入",
    "核实账号是谁的；代领的要有委托书",
    bad="两户的银行账号相同",
    good="每户用自己的账号",
)
PAYEE_MISSING = declare(
    "SB-122",
    "没有领取人",
    Severity.NOTICE,
    "{grant} 的领取人空着，户名用申请人",
    "补填领取人，与银行账号的户名一致",
    bad="领取人空着",
    good="领取人填写银行账号的户名",
)
MONTHS_ESTIMATED = declare(
    "SB-123",
    "此前已领月数没有填",
    Severity.WARNING,
    "{grant} 的类型累计最多 {cap} 个月，“此前已领月数”空着：按起发月份推算，"
    "台账开始记录之前已领 {months} 个月",
    "查实后填写“此前已领月数”（没领过填 0），重新运行",
    bad="2018 年起发的新就业补贴，发放表从 2020 年才有，此前已领月数空着",
    good="此前已领月数填 20",
)
ABOVE_STANDARD = declare(
    "SB-124",
    "月补贴额高于标准",
    Severity.WARNING,
    "{grant} 的月补贴额 {ledger} 元高于 {day} 的标准 {computed} 元，本次按台账列入",
    "发放前核实；多出的用 zhubao subsidy entitle --write 改正",
    basis=_STANDARD,
    bad="按标准 300 元，月补贴额填 420 元",
    good="月补贴额不高于标准",
)
CHANGE_REPORTED = declare(
    "SB-125",
    "签到时说家庭情况有变化",
    Severity.WARNING,
    "{grant} 签到时填了情况有变化，照常列入",
    "发放前核实变化是否影响资格和金额",
    bad="情况有无变化填“是”",
    good="情况有无变化填“否”",
)
BOUNCE_UNMATCHED = declare(
    "SB-126",
    "银行退回的一笔对不上发放",
    Severity.ERROR,
    "{what} {why}，没有登记",
    "核对发放编号，或账号和金额；改正后重新登记",
    bad="退回清单里的账号不在这一批发放里",
    good="退回清单里有发放编号，或账号、金额与发放一致",
)
PAYMENT_LATE = declare(
    "SB-127",
    "晚于当年最后一次发放的期限",
    Severity.WARNING,
    "{quarter} 的补贴应在 {deadline} 前发放，现在的日期是 {day}",
    "说明原因并报告；下一年提前安排",
    basis="建保〔2016〕281号",
    bad="2020-Q4 的补贴在 2020-12-30 发放",
    good="2020-Q4 的补贴在 2020-12-24 发放",
)
PAID_UNSIGNED = declare(
    "SB-131",
    "没有签到却发了补贴",
    Severity.WARNING,
    "{payment}：{grant} 在 {quarter} 没有签到记录，已发 {amount} 元",
    "核实是漏录签到还是错发；错发的追回",
    bad="2020-Q1 没有签到，2020-04 发了补贴",
    good="每笔发放都有当季签到",
)
PAID_OUT_OF_FORCE = declare(
    "SB-132",
    "停发之后或起发之前发了补贴",
    Severity.WARNING,
    "{payment}：{grant} 在 {quarter} 应发 {right} 个月，已发 {paid} 个月（{why}）",
    "核实停发时间；多发的追回",
    bad="2020-01 终止，2020-Q1 仍发 3 个月",
    good="发放的月份都在起止月份之内",
)
PAID_WHILE_HOUSED = declare(
    "SB-133",
    "住着公租房又领补贴",
    Severity.WARNING,
    "{payment}：{grant} 在 {months} 有在租合同 {lease}，{quarter} 仍发 {paid} 个月",
    "核实入住时间；多发的追回，停发补贴",
    bad="2020-02 起租公租房，2020-Q1 仍发 3 个月",
    good="入住当月起停发补贴",
)
PAID_TWICE = declare(
    "SB-134",
    "同一季度发了两次",
    Severity.WARNING,
    "{payment}：家庭 {household} 在 {quarter} 还有一笔 {other}",
    "核实是补差、重发还是重复发放；重复的追回",
    bad="同一户 2020-Q1 有两笔已发放",
    good="每户每季度一笔，银行退回重发的除外",
)
PAID_TOO_MUCH = declare(
    "SB-135",
    "发放金额高于标准",
    Severity.WARNING,
    "{payment}：{grant} 发了 {amount} 元，按{what} {months} 个月应为 {right} 元，多 {gap} 元",
    "核实金额；多发的追回",
    bad="月补贴额 300 元，3 个月发了 1,200 元",
    good="3 个月发 900 元",
)
