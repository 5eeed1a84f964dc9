"""The kinds of external lists: headers, what a row says, what must be verified, on what basis."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from zhubao.core.errors import UsageError
from zhubao.ledger.audit import IssueKind

_RULES = "《公共租赁住房管理办法》"
_PRACTICE = "审计惯例：外部数据比对"


class MatchKind(StrEnum):
    """What a list is of."""

    VEHICLES = "车辆"
    PROPERTY = "不动产"
    PRESALE = "预售"
    BUSINESS = "工商"
    DEATH = "死亡"
    FUND = "公积金"
    PENSION = "养老"
    PAYROLL = "财政供养"
    SUBSISTENCE = "低保"


@dataclass(frozen=True, slots=True)
class ListRules:
    """How a kind of list is read and what its hits mean.

    `begins` and `ends` are the headers of the day something began (bought, registered, died) and
    ended (sold, deregistered), the most telling first; `details` what is quoted of a row.
    """

    word: str
    issue: IssueKind
    basis: str
    verify: str
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    details: tuple[tuple[str, ...], ...]  # header, aliases
    numbers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    expects_listing: bool = field(default=False)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _groups(text: str) -> tuple[tuple[str, ...], ...]:
    """ "坐落 房屋坐落；面积" → (("坐落", "房屋坐落"), ("面积",))."""
    return tuple(_words(group) for group in text.split("；"))


NUMBERS = _words(
    "身份证号码 身份证 证件号码 证件号 公民身份号码 公民身份证号码 身份号码 身份证明号码 "
    "身份证件号码 居民身份证号 有效证件号码 证照号码"
)
NAMES = _words("姓名 名称 人员姓名 当事人 户主姓名 户主")

RULES: dict[MatchKind, ListRules] = {
    MatchKind.VEHICLES: ListRules(
        "vehicles",
        IssueKind.INELIGIBLE,
        f"{_PRACTICE}；本地准入标准对车辆的规定",
        "核实车辆是否仍由其所有、购置价和用途（营运、代步、残疾人专用），对照本地准入标准",
        _words("初次登记日期 首次登记日期 初始登记日期 注册登记日期 登记日期 上牌日期 购车日期"),
        _words("注销日期 转移登记日期 转移日期 过户日期 报废日期"),
        _groups(
            "号牌号码 车牌号 车牌号码 车牌；品牌型号 车辆品牌 品牌 中文品牌 车辆型号；"
            "车辆类型 车型；使用性质；机动车状态 车辆状态 状态；购置价 发票价 价格"
        ),
        _words("车主身份证号 车主证件号码 机动车所有人身份证号 所有人身份证号 所有人证件号码"),
        _words("机动车所有人 车主 车主姓名 所有人 所有人姓名"),
    ),
    MatchKind.PROPERTY: ListRules(
        "property",
        IssueKind.INELIGIBLE,
        f"{_RULES}第三十一条",
        "核实产权份额、面积和取得方式，核定人均住房面积；已出售的看转移日期",
        _words("登记日期 登记时间 登簿日期 登簿时间 取得日期 发证日期"),
        _words("注销日期 转移日期 转移登记日期 注销时间"),
        _groups(
            "坐落 房屋坐落 不动产坐落 地址 房屋地址；建筑面积 面积 房屋面积；"
            "房屋用途 规划用途 用途；共有情况 共有方式 份额；"
            "不动产权证号 产权证号 不动产单元号；登记类型 权利状态 状态"
        ),
        _words("权利人证件号 权利人证件号码 权利人身份证号 产权人身份证号 产权人证件号码"),
        _words("权利人 权利人姓名 权利人名称 产权人 产权人姓名"),
    ),
    MatchKind.PRESALE: ListRules(
        "presale",
        IssueKind.INELIGIBLE,
        f"{_RULES}第三十一条",
        "核实合同是否仍有效（有无撤销备案）、是否已交房，核定人均住房面积",
        _words("备案日期 备案时间 签约日期 合同签订日期 网签日期 网签时间"),
        _words("撤销日期 注销日期 解除日期 退房日期"),
        _groups(
            "坐落 房屋坐落 楼盘名称 项目名称 楼盘 地址；房号 房屋编号；建筑面积 面积；"
            "合同编号 合同备案号 备案号；合同状态 状态；总价 合同金额"
        ),
        _words("买受人证件号 买受人证件号码 买受人身份证号 购房人身份证号 购房人证件号码"),
        _words("买受人 买受人姓名 购房人 购房人姓名"),
    ),
    MatchKind.BUSINESS: ListRules(
        "business",
        IssueKind.INELIGIBLE,
        f"{_PRACTICE}；本地收入标准",
        "核实是否实际经营、出资额和经营收入，计入家庭收入后对照标准；挂名的收集说明",
        _words("成立日期 核准日期 注册日期 登记日期 任职日期"),
        _words("注销日期 吊销日期 核准注销日期"),
        _groups(
            "企业名称 市场主体名称 主体名称 单位名称 字号；注册资本 注册资金 认缴出资额 出资额；"
            "统一社会信用代码 注册号；职务 身份 人员类型；经营状态 登记状态 状态；经营范围"
        ),
        _words("法定代表人身份证号 法人身份证号 投资人身份证号 经营者身份证号 负责人身份证号"),
        _words("法定代表人 法人 法人姓名 投资人 经营者 经营者姓名 负责人 股东"),
    ),
    MatchKind.DEATH: ListRules(
        "death",
        IssueKind.NOT_EXITED,
        f"{_RULES}第三十一条；{_PRACTICE}",
        "入户和向社区、派出所核实；属实的补登死亡日期，变更人口、承租人或领取人，或办理退出",
        _words("死亡日期 死亡时间 去世日期 火化日期 火化时间 注销日期 销户日期"),
        (),
        _groups("死亡原因；火化地点 殡仪馆；信息来源 来源；户籍地址 地址"),
        _words("死者身份证号 死亡人员身份证号 亡者身份证号 逝者身份证号"),
        _words("死者姓名 死亡人员姓名 亡者姓名 逝者姓名 死者"),
    ),
    MatchKind.FUND: ListRules(
        "fund",
        IssueKind.INELIGIBLE,
        f"{_PRACTICE}；本地收入标准",
        "按缴存基数核算收入，计入家庭收入后对照标准；核实是否以公积金购房",
        _words("开户日期 首次缴存日期 起缴日期 建账日期 缴存起始日期"),
        _words("销户日期 封存日期 停缴日期"),
        _groups("缴存单位 单位名称 单位；缴存基数 月缴存基数 基数；月缴存额 缴存额；账户状态 状态"),
        _words("职工身份证号 职工证件号码 缴存人身份证号"),
        _words("职工姓名 缴存人 缴存人姓名"),
    ),
    MatchKind.PENSION: ListRules(
        "pension",
        IssueKind.INELIGIBLE,
        f"{_PRACTICE}；本地收入标准",
        "按缴费基数或养老金核算收入，计入家庭收入后对照标准",
        _words("参保日期 首次参保日期 退休日期 待遇享受日期 起缴日期"),
        _words("停保日期 终止日期 待遇终止日期"),
        _groups(
            "参保单位 单位名称 单位；缴费基数 基数；养老金 月养老金 待遇金额 退休金；"
            "险种 险种类型；参保状态 人员状态 状态"
        ),
        _words("参保人身份证号 参保人证件号码"),
        _words("参保人 参保人姓名 退休人员"),
    ),
    MatchKind.PAYROLL: ListRules(
        "payroll",
        IssueKind.INELIGIBLE,
        f"{_PRACTICE}；本地收入标准",
        "核实编制、工资收入和住房补贴，计入家庭收入后对照标准；隐瞒的按虚假申报处理",
        _words("入编日期 参加工作时间 录用日期 起薪日期 登记日期"),
        _words("减员日期 离职日期 退休日期"),
        _groups(
            "供养单位 单位名称 单位 工作单位；编制性质 编制类型 人员性质；职务 岗位；月工资 工资"
        ),
        _words("职工身份证号 人员身份证号"),
        _words("职工姓名 人员姓名"),
    ),
    MatchKind.SUBSISTENCE: ListRules(
        "subsistence",
        IssueKind.INELIGIBLE,
        f"{_PRACTICE}；低保、特困由民政部门认定",
        "向民政部门核实低保、特困身份是否有效；不在册的按收入重新核定保障类型",
        _words("批准日期 享受起始日期 起始日期 救助起始日期"),
        _words("停保日期 终止日期 取消日期"),
        _groups("低保证号 证号；保障类别 救助类别 类别；保障人数 享受人数；状态"),
        _words("低保对象身份证号 户主身份证号 救助对象身份证号"),
        _words("低保对象姓名 低保对象 救助对象"),
        expects_listing=True,
    ),
}


def kind_named(text: str) -> MatchKind:
    """车辆 or vehicles; UsageError for anything else, with the words that are known."""
    word = text.strip().lower()
    for kind, rules in RULES.items():
        if word in (kind.value, rules.word):
            return kind
    aliases = {"工商登记": MatchKind.BUSINESS, "养老保险": MatchKind.PENSION}
    if word in aliases:
        return aliases[word]
    known = "、".join(f"{kind.value}（{rules.word}）" for kind, rules in RULES.items())
    raise UsageError(f"不认识的名单种类“{text}”", advice=f"可写 {known}。")
