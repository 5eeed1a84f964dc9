"""What may be wrong with the published files of a draw. The place is file and line."""

from __future__ import annotations

from zhubao.core.finding import Cell, Severity, declare

_FETCH = "请从公布处重新下载整个文件夹再核对；仍不符的，请向公布单位和监督部门反映"

FILE_MISSING = declare(
    "AL-301",
    "公布的文件缺少一个",
    Severity.ERROR,
    "缺少 {name}",
    _FETCH,
    bad="文件夹里没有 result.txt",
    good="roster.txt、units.txt、rules.txt、draw.txt、result.txt 齐全",
)
SUM_DIFFERS = declare(
    "AL-302",
    "文件与 SHA256SUMS 不符",
    Severity.ERROR,
    "{name} 的校验值是 {found}…，SHA256SUMS 里写的是 {wanted}…",
    _FETCH,
    bad="下载之后改动过 roster.txt 的一个字",
    good="sha256sum -c SHA256SUMS 全部 OK",
)
SUM_UNLISTED = declare(
    "AL-303",
    "文件没有列入 SHA256SUMS",
    Severity.WARNING,
    "{name} 没有列入 SHA256SUMS",
    "后来放进去的文件请取出；SHA256SUMS 不全的，请从公布处重新下载",
    bad="文件夹里多了一份 名单.xlsx",
    good="每个文件都列在 SHA256SUMS 里",
)
FORM_INVALID = declare(
    "AL-304",
    "文本不合规定的格式",
    Severity.ERROR,
    "第 {line} 行：{fault}",
    "格式见 算法说明.txt；请从公布处重新下载，不要用记事本、Excel 打开后再保存",
    bad="用记事本另存之后换行变成了回车换行",
    good="与公布时逐字节相同",
)
HASH_DIFFERS = declare(
    "AL-305",
    "名册或房源与规则里的校验值不符",
    Severity.ERROR,
    "{what}的校验值是 {found}…，rules.txt 里写的是 {wanted}…：冻结之后改动过",
    "名册和房源以冻结时公布的为准；请与公告核对，并向公布单位和监督部门反映",
    bad="公布之后在 roster.txt 里添了一户",
    good="roster.txt 的 SHA-256 就是 rules.txt 第 4 行的数",
)
ANNOUNCED_DIFFERS = declare(
    "AL-306",
    "与公告上的总校验值不符",
    Severity.ERROR,
    "rules.txt 的校验值是 {found}…，公告上是 {wanted}…：这不是当时公布的规则",
    "请先核对抄写有无错漏；确实不符的，整套文件都不能采信，请向监督部门反映",
    bad="整套文件换成了另一份名册的",
    good="rules.txt 的 SHA-256 与公告一字不差",
)
EVENT_DIFFERS = declare(
    "AL-307",
    "不是同一次活动的文件",
    Severity.ERROR,
    "活动编号是“{found}”，rules.txt 的是“{wanted}”",
    _FETCH,
    bad="roster.txt 是另一次摇号的",
    good="三个文件第一行的活动编号相同",
)
CHAIN_BROKEN = declare(
    "AL-308",
    "摇号凭据与规则或前次接不上",
    Severity.ERROR,
    "{fault}",
    "重摇须公布以前各次的凭据和结果（earlier 文件夹）；接不上的，请向公布单位和监督部门反映",
    bad="draw.txt 写的前次结果校验值，与 earlier/1/result.txt 的不同",
    good="每次摇号写明同一份规则和前一次结果的校验值",
)
ENTROPY_INVALID = declare(
    "AL-309",
    "随机数不合约定",
    Severity.ERROR,
    "{fault}",
    "随机数应由见证人按 rules.txt 约定的个数和位数当场给出；请与现场记录核对",
    bad="约定 6 个两位数，draw.txt 里只有 5 个",
    good="现场摇球 03 17 22 28 31 05",
)
RESULT_DIFFERS = declare(
    "AL-310",
    "结果与重新计算的不一致",
    Severity.ERROR,
    "公布的是“{found}”，按凭据重新计算是“{wanted}”（共 {count} 行不同）",
    "请对照现场记录核对 draw.txt 的随机数；随机数无误的，结果被改动过，请向监督部门反映",
    bad="把第 1 名和第 300 名的凭证号对调",
    good="result.txt 与重新计算的逐字节相同",
)
PAGE_DIFFERS = declare(
    "AL-311",
    "验证网页里的数据与文件不同",
    Severity.ERROR,
    "网页里的 {name} 与文件夹里的不同",
    "网页和文件应当来自同一次公布；请从公布处重新下载整个文件夹",
    bad="只换了 result.txt，没有换网页",
    good="网页里的数据与各文件逐字节相同",
)
PROGRAM_DIFFERS = declare(
    "AL-312",
    "验证程序或说明与本版本的不同",
    Severity.WARNING,
    "{name} 与本版 zhubao 所附的不同",
    "由别的版本生成的可能如此；要用它核对的，请先用本版重新生成的或自己核对过的",
    bad="verify_draw.py 被改成总是打印“通过”",
    good="与 zhubao 所附的逐字节相同",
)


def line_of(name: str, line: int = 0) -> Cell:
    """The place of a finding: a file of the bundle, and the line."""
    return Cell(name, "", str(line) if line else "")
