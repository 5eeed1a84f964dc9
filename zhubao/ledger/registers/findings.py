"""What can be wrong with rows that a person hands in for a sheet (OF-101 to OF-119)."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

NOT_THIS_SHEET = declare(
    "OF-101",
    "文件里没有要导入的表",
    Severity.ERROR,
    "没有找到“{sheet}”的表头，什么也没有导入；认得的列：{headers}",
    "核对选的文件；表头照 zhubao schema {sheet} 里的写法，写在同一行",
    bad="导入“培训”，文件里只有一张考勤表",
    good="文件里有一张表，表头是“培训日期、培训内容、参加人数”",
)
COLUMNS_LACKING = declare(
    "OF-102",
    "导入的表缺少必需的列",
    Severity.ERROR,
    "“{sheet}”要有这些列，文件里没有：{headers}",
    "在文件里补上这些列再导入；单位另有叫法的，在 zhubao.toml 的 [aliases] 里登记",
    bad="导入“培训”的文件没有“培训日期”一列",
    good="导入“培训”的文件有“培训日期”和“培训内容”两列",
)
COLUMNS_UNUSED = declare(
    "OF-103",
    "文件里有用不上的列",
    Severity.NOTICE,
    "这些列在“{sheet}”表里没有，没有导入：{headers}",
    "如果其中有应当导入的，改成台账的表头，或在 zhubao.toml 的 [aliases] 里登记它的叫法",
    bad="导入“培训”的文件多一列“天气”",
    good="文件里的列都是“培训”表有的",
)
SHEET_PASSED_OVER = declare(
    "OF-104",
    "文件里另有一张相似的表没有导入",
    Severity.WARNING,
    "只读取了“{chosen}”，这一张也像“{sheet}”，没有读取",
    "两张都要导入的，合成一张，或分成两个文件各导入一次",
    bad="导入的工作簿有“1月”“2月”两张同样的表",
    good="要导入的行都在一张表里",
)
HIDDEN_PASSED_OVER = declare(
    "OF-105",
    "隐藏的表没有导入",
    Severity.WARNING,
    "“{sheet}”是隐藏的，没有读取",
    "里面的行也要导入的，在 Excel 里取消隐藏、保存后再导入",
    bad="导入的工作簿里有一张隐藏的“5月”",
    good="导入的工作簿里没有隐藏的表",
)
KEY_EMPTY = declare(
    "OF-106",
    "这一行没有编号",
    Severity.ERROR,
    "“{headers}”空着，认不出是哪一行，没有导入",
    "补上后重新导入；已导入的行不会重复",
    bad="导入考勤考核，某行没有工号",
    good="每行都有月份和工号",
)
ROW_FAULTY = declare(
    "OF-107",
    "这一行有错误，没有导入",
    Severity.ERROR,
    "{key} 的“{headers}”有错误，整行没有导入",
    "改正这些单元格后重新导入；已导入的行不会重复",
    bad="培训日期填“下周二”",
    good="培训日期填 2020-06-30",
)
REQUIRED_LACKING = declare(
    "OF-108",
    "新的一行缺少必填内容",
    Severity.ERROR,
    "{key} 在台账里没有，作为新的一行还缺必填内容：{headers}",
    "补填后重新导入；本来是改已有的行的，核对编号",
    bad="导入一场新的培训，没有填培训内容",
    good="新增的行填了全部必填列",
)
VALUE_CONTRADICTS = declare(
    "OF-109",
    "与台账里的内容不同",
    Severity.ERROR,
    "{key} 的“{header}”，文件里是 {new}，台账 {place} 里是 {old}，{outcome}",
    "核对哪一个对；确实要以文件为准的，重新导入时写明覆盖",
    bad="文件里参加人数 40，台账里是 30",
    good="文件与台账一致，或台账里空着",
)
VALUE_KEPT = declare(
    "OF-110",
    "台账里已有别的内容，没有改",
    Severity.WARNING,
    "{key} 的“{header}”，文件里是 {new}，台账 {place} 里是 {old}，只补空格，没有改",
    "核对哪一个对；以文件为准的，改台账里的这一格",
    bad="只补空格时，文件里参加人数 40，台账里是 30",
    good="文件只补了台账里空着的格",
)
KEY_TWICE = declare(
    "OF-111",
    "文件里同一编号有两行，内容不同",
    Severity.ERROR,
    "{key} 在 {first} 已有一行，内容不同，这一行没有导入",
    "删去不对的一行后重新导入",
    bad="文件里 PX007 出现两次，人数不同",
    good="文件里每个编号一行",
)
LEDGER_KEY_TWICE = declare(
    "OF-112",
    "台账里同一编号有几行",
    Severity.ERROR,
    "台账里 {key} 有 {count} 行（{places}），不知道改哪一行，没有导入",
    "先用 zhubao check 查出重复的编号，改正台账后再导入",
    bad="台账里 PX003 有两行",
    good="台账里每个编号一行",
)
COLUMN_NOT_IN_LEDGER = declare(
    "OF-113",
    "台账里没有这一列",
    Severity.ERROR,
    "台账的“{sheet}”表里没有“{headers}”列，{key} 的这项内容写不进去，整行没有导入",
    "在台账的表头加上这一列；已有别的叫法的，在 zhubao.toml 的 [aliases] 里登记",
    bad="文件里有“授课人”，台账的培训表没有这一列",
    good="文件里填了内容的列，台账里都有",
)
REFERENCE_UNKNOWN = declare(
    "OF-114",
    "引用的编号不存在",
    Severity.ERROR,
    "“{header}”填的 {shown} 在“{sheet}”表里没有{hint}",
    "核对编号；确实是新的，先录入“{sheet}”再录入这一行",
    bad="工单里写家庭编号 JT99999，保障家庭表里没有",
    good="工单里写的家庭编号在保障家庭表里",
)
NUMBER_UNKNOWN = declare(
    "OF-115",
    "接不上编号",
    Severity.ERROR,
    "“{header}”空着，表里也没有可以接续的编号，没有导入",
    "请写明第一个编号，以后会自动接续",
    bad="工单表还是空的，导入时没有写工单编号",
    good="工单表已有 GD00023，新的一行自动编为 GD00024",
)

ROW_CLOSED = declare(
    "OF-116",
    "这一行要用另外的命令登记",
    Severity.ERROR,
    "{key} 没有导入：{why}",
    "从文件里删去这一行或这一格；要登记的，用说明里的命令",
    bad="导入减免表，某行类型是“核销”",
    good="核销用 zhubao rent write-off 登记",
)
CHECK_FAILED = declare(
    "OF-117",
    "导入后台账会有错误",
    Severity.ERROR,
    "{key} 没有导入，导入后会出现：{why}",
    "核对这一行；台账里对应的内容先要改的，改好再导入",
    bad="导入的合同起租日期晚于到期日期",
    good="导入的行与台账其他表对得上",
)

COLUMNS_NEEDED = declare(
    "OF-118",
    "文件缺少新增行必需的列",
    Severity.ERROR,
    "新的 {count} 行没有导入：文件里没有“{headers}”列",
    "在文件里补上这些列；每行都一样的，可用 --set 列=值 补",
    bad="导入巡查的文件没有“巡查类型”一列",
    good="文件有“巡查类型”一列，或导入时写明 --set 巡查类型=日常巡查",
)
