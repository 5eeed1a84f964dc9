"""The kinds of findings about 职工住房补贴: leads to be looked into, and entries refused."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

_LEAD = "核实后再定：不该重复的，退回多报的一份并追回；确有依据的，在备注里写明"

APPROVED_TWICE = declare(
    "SB-201",
    "同一职工批准了两次",
    Severity.WARNING,
    "{number}（{name}）已审批，同一身份证号另有 {other} 也已审批：{place}",
    _LEAD,
    bad="同一身份证号在第一轮的甲单位和第二轮的乙单位都已审批（15 位旧号与 18 位按同一人）",
    good="每名职工只有一份已审批的申报",
)
APPLIED_AGAIN = declare(
    "SB-202",
    "同一职工另有在办的申报",
    Severity.WARNING,
    "{number}（{name}）还在办理，同一身份证号另有 {other}（{stage}）：{place}",
    "核对是不是重复申报；重复的不再审批",
    bad="已审批的职工又在另一单位申报，正在审核",
    good="每名职工同时只有一份申报",
)
COUPLE_CLAIMS = declare(
    "SB-203",
    "夫妻双方都申报",
    Severity.WARNING,
    "{number}（{name}）的配偶身份证号就是 {other} 的职工：{place}",
    "核对两人的标准面积和已享受面积有没有重复计算；按规定只能一方享受的，退回另一份",
    bad="甲的配偶身份证号等于乙的身份证号，两份都已审批或在办",
    good="夫妻只有一方申报",
)
APPROVED_INCOMPLETE = declare(
    "SB-204",
    "资料不全却已审批",
    Severity.WARNING,
    "{number} 已审批，资料一栏却写着：{said}",
    "补齐资料并改正台账；缺的是必备资料的，审批要重新核",
    bad="“资料是否齐全”填“否”，办理状态“已审批”",
    good="已审批的申报，资料齐全，“缺少资料”空着",
)
APPROVED_EARLY = declare(
    "SB-205",
    "审批日期早于申报日期",
    Severity.WARNING,
    "{number} 于 {submitted} 申报，审批日期却是 {approved}",
    "对照申报表和审批表改正日期",
    bad="申报日期 2020-05-10，审批日期 2020-04-30",
    good="申报日期 2020-04-10，审批日期 2020-04-30（同一天也可以）",
)
AMOUNT_MISSING = declare(
    "SB-206",
    "已审批而没有补贴金额",
    Severity.WARNING,
    "{number} 已审批，补贴金额空着或是 0，合计里没有这一户的金额",
    "按审批表补填补贴金额",
    bad="办理状态“已审批”，补贴金额空着",
    good="办理状态“已审批”，补贴金额 26400",
)
AREA_ENOUGH = declare(
    "SB-207",
    "已享受面积达到或超过标准面积",
    Severity.WARNING,
    "{number} 的已享受面积 {held} m² 不小于标准面积 {standard} m²，没有可补的面积",
    "核对两项面积；确实达标的不应享受补贴",
    bad="标准面积 80，已享受面积 80",
    good="标准面积 80，已享受面积 45",
)
UNDATED = declare(
    "SB-208",
    "已审批而没有审批日期",
    Severity.WARNING,
    "{number} 的办理状态是“{status}”，没有审批日期，不计入任何期间的审批数",
    "按审批表补填审批日期",
    bad="办理状态“已审批”，审批日期空着",
    good="办理状态“已审批”，审批日期 2020-04-30",
)
STATUS_BEHIND = declare(
    "SB-209",
    "有审批日期而状态还在办理",
    Severity.WARNING,
    "{number} 的审批日期是 {approved}，办理状态却是“{status}”，按没有审批计",
    "已批准的改办理状态，没有批准的清空审批日期",
    bad="审批日期 2020-04-30，办理状态“审核中”",
    good="审批日期 2020-04-30，办理状态“已审批”",
)
MISSING_UNSAID = declare(
    "SB-210",
    "资料不全而没有写缺什么",
    Severity.NOTICE,
    "{number} 资料不全，“缺少资料”空着",
    "写明缺哪些资料，单位才好补",
    bad="办理状态“资料不全”，缺少资料空着",
    good="办理状态“资料不全”，缺少资料“购房发票、配偶单位证明”",
)
ALSO_PROTECTED = declare(
    "SB-211",
    "职工或配偶同时享受公租房保障",
    Severity.NOTICE,
    "{number} 的{who}是{what}",
    "核对是否重复享受；是否可以并存以本地规定为准",
    bad="申报职工的身份证号在公租房在租家庭的成员里",
    good="申报职工及配偶不在公租房、租赁补贴的家庭里",
)
EMPLOYER_CODES = declare(
    "SB-212",
    "单位名称与单位代码不一致",
    Severity.NOTICE,
    "{said}",
    "统一单位的名称和代码；代码相同的按一个单位统计",
    bad="同一代码的两行写成“区一中”和“区第一中学”",
    good="每个单位一个名称、一个代码",
)
PAID_UNAPPROVED = declare(
    "SB-213",
    "发放先于审批",
    Severity.WARNING,
    "{number} 的发放日期是 {paid}，{approved}",
    "对照拨款凭证和审批表改正日期；确实先发的，查明原因",
    bad="发放日期 2020-04-01，审批日期 2020-04-30",
    good="审批日期 2020-04-30，发放日期 2020-05-20",
)
TARGET_MISSING = declare(
    "SB-214",
    "没有可以对照的目标任务",
    Severity.NOTICE,
    "目标任务表里{year}年指标编号 {code} {said}，没有计算进度",
    "在目标任务表补上这一行，计量单位写户、家、元或万元；编号不同的，在 zhubao.toml 的 "
    "[policy.staff_subsidy.target_code] 里写明",
    bad="目标任务表没有 ZB 一行",
    good="目标任务表 2020 年 ZB：半年目标 900 户，年度目标 1800 户",
)

WRONG_STAGE = declare(
    "SB-220",
    "办理状态不允许这样办",
    Severity.ERROR,
    "{number} 现在是“{status}”，不能{action}，没有改动",
    "核对申报编号；已审批的要改，请直接改台账并写明原因",
    bad="对“已审批”的申报再运行 staff approve",
    good="对“审核中”的申报运行 staff approve",
)
PAPERS_MISSING = declare(
    "SB-221",
    "资料不全，不能审批",
    Severity.ERROR,
    "{number} 资料还不齐（{said}），没有审批",
    "补齐后先运行 zhubao subsidy staff complete {number}，再审批",
    bad="缺购房发票的申报直接审批",
    good="补齐、登记齐全后再审批",
)
AMOUNT_NEEDED = declare(
    "SB-222",
    "没有补贴金额，不能审批",
    Severity.ERROR,
    "{number} 没有补贴金额，没有审批",
    "先在台账填补贴金额，或加 --amount（一次只审批这一份）",
    bad="补贴金额空着就审批",
    good="补贴金额 26400，再审批",
)
DAY_BEFORE = declare(
    "SB-223",
    "办理日期早于申报日期",
    Severity.ERROR,
    "{number} 于 {submitted} 申报，日期 {day} 在它之前，没有改动",
    "核对 --date",
    bad="申报日期 2020-05-10，--date 2020-05-01",
    good="申报日期 2020-05-10，--date 2020-05-20",
)
WOULD_DOUBLE = declare(
    "SB-224",
    "本人或配偶已有审批的申报",
    Severity.ERROR,
    "{number}（{name}）：{who}另有 {other} 已审批（{place}），没有审批",
    "重复的请退回；确有依据可以再批的，加 --reason 写明依据，写入备注",
    bad="第一轮已审批的职工，第二轮再审批",
    good="没有审批过的职工；或写明 --reason",
)
ROW_UNREADABLE = declare(
    "SB-225",
    "这一行读不全，不能改动",
    Severity.ERROR,
    "{number} 的一行有读不出的单元格（{headers}），没有改动",
    "用 zhubao check 查看，改正后再办",
    bad="申报日期写成“五月初”",
    good="每个必填单元格都读得出",
)
