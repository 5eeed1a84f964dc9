"""What is wrong with 审批 as a register: findings AP-110 to AP-129."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

_ARTICLE_9 = "《公共租赁住房管理办法》第九条"

DECIDED_BEFORE_RECEIVED = declare(
    "AP-110",
    "办结早于收件",
    Severity.WARNING,
    "{number} 的{stage}级 {decided} 办结，{received} 才收件，用时没有计算",
    "对照审批单改正其中一个时间",
    bad="区收件时间 2020-06-30 10:00，区办结时间 2020-06-29 15:00",
    good="区收件时间 2020-06-29 15:00，区办结时间 2020-06-30 10:00",
)
STAGES_OVERLAP = declare(
    "AP-111",
    "上一级没有办结，下一级已经收件",
    Severity.WARNING,
    "{number} 的{earlier}级 {decided} 办结，{later}级 {received} 已经收件",
    "对照流转单改正；确是并联办理的，在备注里写明",
    bad="街道办结时间 2020-06-20，区收件时间 2020-06-18",
    good="街道办结时间 2020-06-17，区收件时间 2020-06-18",
)
DECISION_MISSING = declare(
    "AP-112",
    "往下走了，这一级没有办结时间",
    Severity.WARNING,
    "{number} 的{stage}级 {received} 收件，没有办结时间，{later}，用时没有计算",
    "补填办结时间",
    bad="街道收件时间有，街道办结时间空着，区已经收件",
    good="街道收件、办结时间都有",
)
RECEIPT_MISSING = declare(
    "AP-113",
    "有办结时间，没有收件时间",
    Severity.WARNING,
    "{number} 的{stage}级 {decided} 办结，没有收件时间，用时没有计算",
    "补填收件时间",
    bad="区收件时间空着，区办结时间 2020-06-29",
    good="区收件、办结时间都有",
)
RESULT_MISSING = declare(
    "AP-114",
    "办结了，没有结果",
    Severity.WARNING,
    "{number} {what}，审批结果还是“{result}”",
    "填写通过、不通过或撤回；还要往上报的，在 zhubao.toml 里写明该事项在哪一级办结"
    "（approval.final_stage）",
    bad="区办结时间 2020-06-29，审批结果“办理中”",
    good="区办结时间 2020-06-29，审批结果“通过”，办结日期 2020-06-29",
)
SETTLED_UNDATED = declare(
    "AP-115",
    "有结果，没有办结日期",
    Severity.WARNING,
    "{number} 的结果是“{result}”，没有办结日期，没有计入任何期间",
    "补填办结日期",
    bad="审批结果“通过”，办结日期空着",
    good="审批结果“通过”，办结日期 2020-06-29",
)
SETTLED_EARLY = declare(
    "AP-116",
    "办结日期早于末级办结",
    Severity.WARNING,
    "{number} 的办结日期是 {settled}，{stage}级 {decided} 才办结",
    "对照审批单改正其中一个日期",
    bad="办结日期 2020-06-20，区办结时间 2020-06-29",
    good="办结日期与区办结时间同日",
)
REFUSED_UNTOLD = declare(
    "AP-117",
    "不通过，没有书面告知",
    Severity.WARNING,
    "{number} 没有通过，{missing}",
    "书面说明理由并告知申请人，补填告知日期和原因",
    basis=_ARTICLE_9,
    bad="审批结果“不通过”，书面告知日期空着",
    good="审批结果“不通过”，书面告知日期 2020-07-01，原因已填",
)
TOLD_EARLY = declare(
    "AP-118",
    "书面告知早于办结",
    Severity.WARNING,
    "{number} {told} 书面告知，{settled} 才办结",
    "对照告知书改正其中一个日期",
    bad="办结日期 2020-06-30，书面告知日期 2020-06-01",
    good="书面告知日期不早于办结日期",
)
NOTICE_SHORT = declare(
    "AP-119",
    "公示天数不够",
    Severity.WARNING,
    "{number} 从 {first} 公示到 {last}，共 {days} 日，应不少于 {limit} 日",
    "核对公示日期；确实不够的，补足公示并保存证明",
    basis=_ARTICLE_9,
    bad="公示开始日 2020-06-01，公示截止日 2020-06-03",
    good="公示开始日 2020-06-01，公示截止日 2020-06-07",
)
NOTICE_BROKEN = declare(
    "AP-120",
    "公示日期不全或颠倒",
    Severity.WARNING,
    "{number} 的公示日期{why}，没有核对公示天数",
    "对照公示记录补填或改正",
    bad="只有公示开始日",
    good="公示开始日、截止日都有",
)
NOTICE_UNRECORDED = declare(
    "AP-121",
    "通过的事项没有登记公示日期",
    Severity.NOTICE,
    "通过的“{kind}”有 {count} 件没有登记公示日期，没有核对公示天数（{places}）",
    "有公示记录的补填公示开始日、截止日",
    basis=_ARTICLE_9,
    bad="公租房资格通过了，公示开始日、截止日都空着",
    good="公示开始日、截止日都有",
)
APPROVED_TWICE = declare(
    "AP-122",
    "同一人同一事项通过两次",
    Severity.WARNING,
    "{number}（{applicant}，{identity}）的“{kind}”通过了，{other} 也通过过（{place}）",
    "核对是否重复申报；不同项目或重新取得资格的，在备注里写明",
    bad="同一身份证号有两件购房奖励通过",
    good="同一身份证号每个事项只通过一次",
)
SPOUSE_MISSING = declare(
    "AP-123",
    "半边户没有配偶情况",
    Severity.WARNING,
    "{number} 是半边户，{fields}都空着",
    "向申请人补收配偶的户籍、单位和已享受政策",
    bad="半边户，配偶各列都空着",
    good="半边户，配偶姓名、户籍、单位、已享受政策都填了",
)
SPOUSE_PARTIAL = declare(
    "AP-124",
    "半边户的配偶情况不全",
    Severity.NOTICE,
    "半边户 {total} 件里，空着的有{fields}",
    "补填；双方已享受的政策查不到的写“无”",
    bad="半边户，只填了配偶户籍",
    good="半边户，配偶各列都填了",
)
AMOUNT_MISSING = declare(
    "AP-125",
    "发钱的事项没有核定金额",
    Severity.WARNING,
    "{number} 的“{kind}”通过了，核定金额{what}",
    "按审批单补填核定金额",
    bad="购房奖励通过，核定金额空着",
    good="购房奖励通过，核定金额 49000",
)
OUTSIDE_HOURS = declare(
    "AP-126",
    "时间落在上班时间以外",
    Severity.NOTICE,
    "{columns}不在上班时间：休息日 {off} 处，工作日上班时间以外 {other} 处",
    "用 approval report --out 逐处列出；确是加班或网上办理的不用处理，收件的从下一个半天起计，"
    "办结的计到已经开始的半天。"
    "作息不同的，在 zhubao.toml 里写明 approval.working_hours",
    bad="区收件时间 2020-06-27 10:00（休息日）",
    good="区收件时间 2020-06-28 10:00（调休上班）",
)
