"""Every kind of finding the reader can make: XL-1xx about a cell, XL-2xx about a sheet or file."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

_ERROR, _WARNING, _NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE

EMPTY_MARK = declare(
    "XL-101",
    "必填内容写成了空",
    _ERROR,
    "“{header}”必须填写，现在写的是“{shown}”",
    "补上真实内容；确实没有的，请核对这一行是否应当登记",
    bad="“姓名”填写“/”",
    good="“姓名”填写真实姓名",
)
ERROR_CELL = declare(
    "XL-102",
    "单元格是公式错误",
    _ERROR,
    "“{header}”是公式错误值 {shown}",
    "在 Excel 或 WPS 中改正这个公式或它引用的单元格，保存后重新读取",
    bad="#N/A、#REF!",
    good="公式算出的数值",
)
UNCACHED_FORMULA = declare(
    "XL-103",
    "公式没有计算结果",
    _ERROR,
    "“{header}”是公式，但文件里没有存它的结果",
    "用 Excel 或 WPS 打开这个文件，保存一次再读（这类文件多由别的软件导出）",
    bad="由程序导出、从未用 Excel 打开过的 =B2+C2",
    good="公式连同算好的结果一起存在文件里",
)
DATE_UNREADABLE = declare(
    "XL-104",
    "看不懂的日期",
    _ERROR,
    "“{header}”不是能认定的日期（填写：{shown}）",
    "请写成年月日齐全的日期，如 2020-06-30",
    bad="6月30日",
    good="2020-06-30、2020.6.30、2020年6月30日、20200630",
)
DATE_IMPOSSIBLE = declare(
    "XL-105",
    "不存在的日期",
    _ERROR,
    "“{header}”的日期不存在（填写：{shown}）",
    "对照原始材料改正月、日",
    bad="2020-02-30",
    good="2020-02-29",
)
YEAR_TWO_DIGITS = declare(
    "XL-106",
    "年份只有两位",
    _ERROR,
    "“{header}”的年份只有两位，不能认定（填写：{shown}）",
    "请写四位年份，如 2020-06-30",
    bad="20.6.30",
    good="2020.6.30",
)
DAY_MISSING = declare(
    "XL-107",
    "日期没有写日",
    _WARNING,
    "“{header}”只写到月（填写：{shown}），先按当月1日处理",
    "请补上具体日期；确实只知道月份的可以不改",
    bad="2020-06",
    good="2020-06-15",
)
MONEY_UNREADABLE = declare(
    "XL-108",
    "看不懂的金额",
    _ERROR,
    "“{header}”不是能认定的金额（填写：{shown}）",
    "请只写数字，单位元，如 1234.50",
    bad="约500",
    good="500、1,234.50、1234.5元、0.12万元",
)
MONEY_ROUNDED = declare(
    "XL-109",
    "金额多于两位小数",
    _WARNING,
    "“{header}”不足一分的部分四舍五入了（填写：{shown}，按 {taken} 元处理）",
    "请核对金额，改成到分为止",
    bad="33.335",
    good="33.34",
)
MONTH_UNREADABLE = declare(
    "XL-110",
    "看不懂的月份",
    _ERROR,
    "“{header}”不是能认定的月份（填写：{shown}）",
    "请写年和月，如 2020-06",
    bad="6月",
    good="2020-06、2020年6月、202006",
)
MONTH_AMBIGUOUS = declare(
    "XL-111",
    "月份有两种读法",
    _ERROR,
    "“{header}”存成了数字 {shown}，1月和10月分不清",
    "请改成文字，如 2020-01 或 2020-10",
    bad="数字 2020.1",
    good="2020-10",
)
YES_NO_UNREADABLE = declare(
    "XL-112",
    "不是“是”或“否”",
    _ERROR,
    "“{header}”应填是或否（填写：{shown}）",
    "请填“是”或“否”",
    bad="大概",
    good="是、否、有、无、√、×",
)
INTEGER_UNREADABLE = declare(
    "XL-113",
    "不是整数",
    _ERROR,
    "“{header}”应填整数（填写：{shown}）",
    "请只写整数",
    bad="3.5",
    good="3",
)
DECIMAL_UNREADABLE = declare(
    "XL-114",
    "不是数字",
    _ERROR,
    "“{header}”应填数字（填写：{shown}）",
    "请只写数字，如 45.6",
    bad="四十五平",
    good="45.6",
)
CHOICE_UNKNOWN = declare(
    "XL-115",
    "不在可选内容之内",
    _ERROR,
    "“{header}”的“{shown}”不在可选内容之内{near}",
    "可填：{choices}",
    bad="“状态”填写“出租”",
    good="“状态”填写“在租”",
)
IDENTITY_LOST = declare(
    "XL-116",
    "身份证号的后几位已丢失",
    _ERROR,
    "“{header}”存成了数字，Excel 只保留15位，后几位已经丢失，无法恢复",
    "请对照证件重新填写：先把这一列设成文本格式，再录入18位号码",
    bad="4.30102E+17",
    good="文本格式的18位号码",
)
CODE_LOST = declare(
    "XL-117",
    "号码的后几位已丢失",
    _ERROR,
    "“{header}”存成了数字，超过15位的部分已经丢失，无法恢复",
    "请对照原件重新填写：先把这一列设成文本格式，再录入号码",
    bad="6.2284E+18",
    good="文本格式的号码",
)
TEXT_BECAME_DATE = declare(
    "XL-118",
    "文字可能被改成了日期",
    _WARNING,
    "“{header}”存成了日期（{shown}），原来可能是“3-2”一类的编号",
    "请核对；是编号的，先把单元格设成文本格式再重填",
    bad="楼栋“3-2”变成3月2日",
    good="文本格式的“3-2”",
)
SHEET_HIDDEN = declare(
    "XL-201",
    "隐藏的工作表",
    _NOTICE,
    "工作表“{name}”是隐藏的，已照常读取",
    "如不应计入，请删除该表或改名",
    bad="“2019年备份”表被隐藏，仍在文件里",
    good="要用的表都看得见",
)
ROWS_HIDDEN = declare(
    "XL-202",
    "隐藏的行",
    _NOTICE,
    "有 {count} 行是隐藏的，已照常读取",
    "如不应计入，请删除这些行",
    bad="筛选后藏起来的 3 行",
    good="没有隐藏的行",
)
ROWS_LEFT_OUT = declare(
    "XL-203",
    "没有当作数据的行",
    _NOTICE,
    "未计入：{summary}",
    "如有数据行被误认，请检查该行的编号等必填内容是否空着",
    bad="数据行没有填编号，却以“合计”开头",
    good="合计行没有编号",
)
HEADER_TWICE = declare(
    "XL-204",
    "同名的列出现两次",
    _WARNING,
    "“{header}”有两列（{first} 列和 {second} 列），只读取了 {first} 列",
    "请删除或改名多余的一列",
    bad="C 列和 F 列的表头都是“备注”",
    good="每个表头只出现一次",
)
HEADER_MISSING = declare(
    "XL-205",
    "有数据的列没有表头",
    _WARNING,
    "{letter} 列没有表头，却有 {count} 个单元格有内容（最早在 {first}），没有读取",
    "请补上表头，或清除这些内容",
    bad="H 列写了内容，表头却空着",
    good="每一列都有表头",
)
MERGED_FILLED = declare(
    "XL-206",
    "合并单元格已补全",
    _NOTICE,
    "“{header}”列有合并单元格，{count} 行按合并区域的首格补全",
    "建议取消合并，每行填全",
    bad="三行的“小区”合并成一格",
    good="每行都写小区",
)
MERGED_NUMBER = declare(
    "XL-207",
    "金额或数量列有合并单元格",
    _WARNING,
    "“{header}”列的 {refs} 是合并单元格，只算在首行，没有重复计入",
    "请取消合并，把数填在应属的行",
    bad="三行的“应收金额”合并成一格",
    good="每行各写各的金额",
)
ALIAS_TWICE = declare(
    "XL-208",
    "两列是同一项内容",
    _WARNING,
    "“{header}”（{second} 列）与“{taken}”（{first} 列）是同一项内容，只读取了 {first} 列",
    "请核对应以哪一列为准，删除或改名另一列",
    bad="同时有“家庭编号”和“户编号”两列",
    good="只有“家庭编号”一列",
)
UNIT_SCALED = declare(
    "XL-209",
    "金额单位已换算",
    _NOTICE,
    "“{header}”写明单位是{unit}元，已换算成元",
    "如果这一列其实是元，请改正表头或表上方的单位",
    bad="表头“应收金额（万元）”，下面填 0.05",
    good="表头“应收金额（元）”，下面填 500",
)
ROWS_ABOVE_HEADER = declare(
    "XL-210",
    "表头上方像是有数据",
    _WARNING,
    "表头在第 {header} 行，它上方的第 {rows} 行像是数据，没有读取",
    "是这张表的数据，请移到表头下面；是另一张表的，请另放一张工作表",
    bad="表头写在了数据的中间或下面",
    good="表头在全部数据的上方",
)
