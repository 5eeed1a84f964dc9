"""The kinds of findings of the monthly charge, RE-201 to RE-219."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

_RULES = "《公共租赁住房管理办法》"

LEASE_UNCLEAR = declare(
    "RE-201",
    "合同数据不全，不能计租",
    Severity.ERROR,
    "合同 {lease} 的{fields}空着、看不清或互相矛盾，本月没有计租",
    "对照合同原件补正后，重新运行 zhubao rent charge，只会补计这一份",
    bad="在租合同的起租日期空着",
    good="在租合同的编号、家庭、房源、起租日期、状态、月租金都填写正确",
)
UNIT_UNKNOWN = declare(
    "RE-202",
    "合同的房源不在房源台账",
    Severity.ERROR,
    "合同 {lease} 的房源 {unit} 不在房源表里，本月没有计租",
    "核对房源编号；确有此房的，在房源表补登后重新运行",
    bad="合同填房源 FY9999，房源表里没有",
    good="合同的房源编号在房源表里",
)
HOUSEHOLD_UNKNOWN = declare(
    "RE-203",
    "合同的家庭不在保障家庭台账",
    Severity.ERROR,
    "合同 {lease} 的家庭 {household} 不在保障家庭表里，本月没有计租",
    "核对家庭编号；确有此户的，在保障家庭表补登后重新运行",
    bad="合同填家庭 JT9999，保障家庭表里没有",
    good="合同的家庭编号在保障家庭表里",
)
UNIT_LET_TO_TWO = declare(
    "RE-204",
    "一套房源同时租给两户",
    Severity.ERROR,
    "房源 {unit} 本月同时有合同 {lease} 和 {other}，属于不同家庭，两份都没有计租",
    "核对哪一户在住：已退租的补填退租日期和状态，再重新运行",
    bad="JT0001 和 JT0002 的合同都在租 FY0001",
    good="前一户已填退租日期，只有一份合同在租",
)
LEASE_TWICE = declare(
    "RE-205",
    "合同编号重复，不能计租",
    Severity.ERROR,
    "合同编号 {lease} 登记了 {count} 行，无法判断以哪一行为准，本月没有计租",
    "改正重复的合同编号，或删去多余的一行，再重新运行",
    bad="HT0001 登记了两行",
    good="每份合同一个编号、一行",
)
STANDARD_MISSING = declare(
    "RE-206",
    "算不出标准租金，不能计租",
    Severity.ERROR,
    "合同 {lease} 算不出标准租金：{reason}，本月没有计租",
    "补正面积、保障类型、地段等级、电梯，或在 zhubao.toml 补上租金标准，再重新运行",
    bad="按标准租金计收，房源的地段等级是“九级”，租金标准里没有",
    good="面积大于 0，保障类型、地段等级、电梯在租金标准里有价格",
)
STANDARD_UNCHECKED = declare(
    "RE-207",
    "无法核对标准租金",
    Severity.WARNING,
    "合同 {lease} 算不出标准租金：{reason}；已照合同月租金 {contract} 计收",
    "补正面积、保障类型、地段等级、电梯，或在 zhubao.toml 补上租金标准",
    bad="房源的地段等级空着",
    good="面积大于 0，保障类型、地段等级、电梯在租金标准里有价格",
)
RENT_DIFFERS = declare(
    "RE-208",
    "合同月租金与租金标准不符",
    Severity.WARNING,
    "合同 {lease} 的月租金 {contract}，按标准应为 {standard}（{formula}）；本月按{basis}计收",
    "核对计租面积、保障类型和租金标准；合同填错的改正，标准调整的换签或补充协议",
    bad="合同月租金 300.00，50 m² × 5.50 = 275.00",
    good="合同月租金 275.00，50 m² × 5.50 = 275.00",
)
CHARGED_OTHERWISE = declare(
    "RE-209",
    "已有应收与规则不符",
    Severity.WARNING,
    "合同 {lease} 的 {month} 已有应收 {found}，按规则应为 {expected}（{why}）；没有改动",
    "核对后由人工改正应收，或确认无误不用处理",
    bad="应收 2020-07 填 200.00，按规则应为 275.00",
    good="应收金额与规则算出的一致",
)
CHARGE_AMBIGUOUS = declare(
    "RE-210",
    "应收行认不出是哪份合同",
    Severity.ERROR,
    "{what}，怕重复计租，合同 {lease} 本月没有计",
    "补正这一行应收的账单期、合同编号或房源编号，再重新运行",
    bad="该户有两份合同，应收行没写合同编号和房源编号",
    good="应收行写了合同编号",
)
CHARGE_WITHOUT_LEASE = declare(
    "RE-211",
    "应收与在租的合同对不上",
    Severity.WARNING,
    "{month} 的应收 {charge}：{detail}",
    "核对合同编号、家庭编号和退租日期；不该计的，由人工冲减",
    bad="合同已于上月退租，本月仍有应收",
    good="应收的合同本月在租",
)
TWO_UNITS = declare(
    "RE-212",
    "一户同时租两套，各计一笔",
    Severity.WARNING,
    "家庭 {household} 本月同时有合同 {lease} 和 {other}，各计了一笔",
    "核对是否真占用两套；已换房的，旧合同补填退租日期",
    bad="家庭 JT0001 有两份不同房源的在租合同",
    good="旧合同已填退租日期",
)
STAYED_ON = declare(
    "RE-213",
    "合同到期后续住，照计租金",
    Severity.NOTICE,
    "合同 {lease} 已于 {end} 到期，没有退租日期，按{basis}续计",
    "已续签的登记新合同；已退房的补填退租日期；未续签的办理续租或腾退",
    basis=f"{_RULES}第三十条",
    bad="合同 2020-06-30 到期，7 月没有新合同也没有退租日期",
    good="到期前登记了续签的合同",
)
EXITED_CHARGED = declare(
    "RE-214",
    "已退出保障的家庭仍在租",
    Severity.WARNING,
    "家庭 {household} 已退出保障，合同 {lease} 仍在租，按{basis}计收",
    "已腾退的补填退租日期；未腾退的列入清退，按文件改按市场租金的由人工调整",
    basis=f"{_RULES}第三十一条",
    bad="家庭“已退出”，合同“履行中”",
    good="家庭退出后合同填了退租日期",
)
RELIEF_DROPPED = declare(
    "RE-215",
    "上月有减免，本月没有",
    Severity.WARNING,
    "合同 {lease} 的家庭 {household} 在 {month} 减免 {before}，按现行规则本月不减免",
    "减免仍有效的，在 zhubao.toml 写明 rent.relief_percent，或把 rent.relief_rule 设为“沿用上月”",
    bad="6 月减免 24.00，7 月没有减免规则",
    good="减免比例写在 zhubao.toml 里",
)
RELIEF_TWICE = declare(
    "RE-216",
    "应收和减免表可能重复减免",
    Severity.WARNING,
    "家庭 {household} 的 {month} 在应收里已减免 {relief}，减免表另有 {other}",
    "核对是不是同一笔减免；是的，删去减免表的一行或调整减免比例",
    bad="固定减免 24.00，减免表又登记同月 24.00",
    good="固定减免只在应收里，一次性减免只在减免表里",
)
MONTHS_SKIPPED = declare(
    "RE-217",
    "中间有月份没有应收",
    Severity.WARNING,
    "应收表里 {months} 没有应收，{month} 不是接着计",
    "先逐月补计这些月份：zhubao rent charge --month {first}",
    bad="应收表到 2020-06，直接计 2020-09",
    good="逐月计，不跳月",
)
BEFORE_LEDGER = declare(
    "RE-218",
    "早于台账的第一个月",
    Severity.WARNING,
    "{month} 早于应收表的第一个月 {first}",
    "启用台账前的欠租应登记在期初欠租；确需补计的，先核对没有重复",
    bad="应收表从 2020-01 起，计 2019-12",
    good="计的月份不早于应收表的第一个月",
)
SUPERSEDED = declare(
    "RE-219",
    "到期合同没有退租日期",
    Severity.WARNING,
    "合同 {lease} 已到期，{why}，本月只计到 {last}",
    "核对何时退房，补填退租日期和状态",
    bad="合同“已到期”，没有退租日期，房源本月另租给别家",
    good="到期合同填了退租日期",
)
