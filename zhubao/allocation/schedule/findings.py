"""What can be wrong with a timetable of choosing, or with the rows it is made from."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

TOO_SMALL = declare(
    "AL-401",
    "场地和时段不够，排不下",
    Severity.ERROR,
    "要安排 {wanted} 户，{days} 天 {slots} 个时段只容得下 {room} 户，还差 {short} 户，没有安排",
    "{remedy}",
    bad="300 户，5 天，每天 2 个时段，每时段 20 户",
    good="300 户，8 天，每天 2 个时段，每时段 20 户",
)
NEED_UNMET = declare(
    "AL-402",
    "需要照顾的家庭没有排到无障碍的场地或时段",
    Severity.WARNING,
    "{receipt}（顺序号 {rank}，{need}）排在 {when} {room}，不是无障碍的；换场次会打乱选房顺序",
    "请增加无障碍的场地、时段或天数（--accessible-room、--accessible-slot、--days）后重排，或当天安排协助",
    bad="无障碍的场地每时段 2 户，同一时段里有 3 户需要照顾",
    good="无障碍的场地容得下同一时段需要照顾的家庭",
)
TWO_PLACES = declare(
    "AL-403",
    "同一户同一时间排在两处",
    Severity.ERROR,
    "{receipt}（顺序号 {rank}）在 {when} 已经排在 {other}，按选房顺序又避不开",
    "请增加天数或时段后重排，或调整另一场活动的批次",
    bad="只有一个时段可用，该户同时参加另一场活动的选房",
    good="两场活动的时段错开",
)
ROOM_TAKEN = declare(
    "AL-404",
    "有场地已被占用，已避开",
    Severity.NOTICE,
    "{count} 个场次的场地已被其他批次占用，没有再安排（{first} 等），明细见“场地冲突”",
    "确认另一场活动的批次有效；已经取消的，请从批次表里删去后重排",
    bad="1号厅 7 月 6 日上午已有 YH202006 的批次",
    good="所选日期的场地都空着",
)
BATCH_UNREADABLE = declare(
    "AL-405",
    "本活动已有的批次读不出",
    Severity.ERROR,
    "批次 {batch} 的编号、节点或时间读不出，不知道是否已经开始，没有安排",
    "请先改正这一行的批次编号、节点、开始时间和结束时间",
    bad="开始时间填“周一上午”",
    good="开始时间填 2020-07-06 09:00",
)
OTHER_UNCLEAR = declare(
    "AL-406",
    "其他活动的批次看不出占用哪个场地、什么时间",
    Severity.WARNING,
    "批次 {batch}（{event}）没有写场地，或时间读不出，无法判断是否冲突",
    "请补上场地和时间后重排，或人工核对",
    bad="批次的场地空着",
    good="批次的场地填 1号厅",
)
RESULT_UNREADABLE = declare(
    "AL-407",
    "摇号结果的行不能用",
    Severity.ERROR,
    "参摇编号 {entrant}：{fault}，选房顺序不能确定，一户也没有安排",
    "请对照公布的结果改正这一行",
    bad="两户的总名次都是 12",
    good="每户的总名次各不相同",
)
OVERTAKEN = declare(
    "AL-408",
    "名次在前的排在已经开始的批次之后",
    Severity.WARNING,
    "{receipt}（顺序号 {rank}）不在已经开始的批次里，同户型名次在后的（顺序号 {later}）却在",
    "请核对这一户是否应当补选；已开始的批次不改动",
    bad="已开始的批次跳过了顺序号 7",
    good="已开始的批次按顺序号排满",
)
NAME_UNKNOWN = declare(
    "AL-409",
    "不知道该户的姓名",
    Severity.WARNING,
    "参摇编号 {entrant} 在摇号名册里找不到，名单和通知书上没有姓名",
    "请核对摇号名册",
    bad="结果里有 E0009，名册里没有",
    good="结果里的每一户名册里都有",
)
RESULT_DIFFERS = declare(
    "AL-410",
    "摇号结果与存档不一致",
    Severity.ERROR,
    "参摇编号 {entrant} 的凭证号、名次或结果与第 {draw_no} 次摇号的存档不同，一户也没有安排",
    "摇过的结果不能改：请用 zhubao history 查看谁改过，并恢复摇号结果表",
    bad="台账里总名次 5，存档是 15",
    good="台账与存档相同",
)
STAGE_MOVED = declare(
    "AL-411",
    "有节点推后了",
    Severity.NOTICE,
    "{count} 个批次的签约或交房，原定时间场地不空，已顺延到最近的空档（{first} 等）",
    "顺延后的时间见“节点安排”",
    bad="第 5 个工作日 1号厅 还在选房",
    good="签约那天 1号厅 空着",
)
NO_ACCESS = declare(
    "AL-412",
    "没有指定无障碍的场地或时段",
    Severity.WARNING,
    "有 {count} 户需要照顾（{needs}），没有指定无障碍的场地或时段",
    "请用 --accessible-room 或 --accessible-slot 指定后重排；都没有的，请当天安排协助",
    bad="名单里有 80 岁的老人，没有写 --accessible-room",
    good="--accessible-room 1号厅",
)
