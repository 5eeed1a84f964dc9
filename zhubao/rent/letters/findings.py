"""What keeps a letter from being written, or leaves a blank in it (RE-260 to RE-264)."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

ADDRESS_MISSING = declare(
    "RE-260",
    "文书缺地址",
    Severity.ERROR,
    "{household} 该出{kind}，但找不到小区、楼栋或房号，没有出",
    "核对这一户的租赁合同和房源编号，把房源的小区、楼栋、房号补全后再出",
    bad="租赁合同的房源编号在房源表里没有",
    good="房源表里有该房源的小区、楼栋、房号",
)
RECIPIENT_MISSING = declare(
    "RE-261",
    "文书缺承租人姓名",
    Severity.ERROR,
    "{household} 该出{kind}，但申请人姓名空着，没有出",
    "在保障家庭表里补填申请人后再出",
    bad="保障家庭表的“申请人”空着",
    good="保障家庭表的“申请人”填了姓名",
)
BUREAU_MISSING = declare(
    "RE-262",
    "文书缺局名",
    Severity.ERROR,
    "配置里没有局名，文书没有落款单位，{count} 份都没有出",
    '在 zhubao.toml 里写明 bureau = "某某区住房保障局"',
    bad='zhubao.toml 里 bureau = ""',
    good='zhubao.toml 里 bureau = "某某区住房保障局"',
)
CONTACT_MISSING = declare(
    "RE-263",
    "文书缺联系电话或缴款方式",
    Severity.WARNING,
    "没有写明{what}，文书上留空由人工填写",
    "在 zhubao.toml 里写：[[policy.letters.{key}.values]] 下面三行，"
    'valid_from = 2020-01-01、value = "…"、source = "本局"',
    bad="zhubao.toml 里没有 [policy.letters.phone]",
    good="zhubao.toml 里写明了联系电话和缴款方式",
)
ACCOUNT_FAULTY = declare(
    "RE-264",
    "账目有错误，没有出文书",
    Severity.ERROR,
    "{household} 的账目里有错误的单元格，欠租算不准，没有出{kind}",
    "先用 zhubao check 查看并改正这个单元格，再出文书",
    bad="该户某笔实收的金额写成“贰佰”",
    good="该户的应收、实收都读得出来",
)
