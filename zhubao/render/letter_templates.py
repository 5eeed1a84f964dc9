"""Makes the letter templates that come with zhubao: `python -m zhubao.render.letter_templates`.

Paper, fonts and line pitch follow GB/T 9704-2012. A clerk edits a copy of the files in Word; this
module is for making the packaged ones again.
"""

from __future__ import annotations

from pathlib import Path

from zhubao.core.output_file import replacing
from zhubao.core.resources import packaged_dir
from zhubao.render.letter_sheet import LetterSheet

DEMAND = "催缴通知书.docx"
INSTALMENT = "分期协议.docx"
VACATE = "腾退告知书.docx"
DRAW_SLIP = "摇号凭证.docx"
CHOICE = "选房通知书.docx"
REVIEW = "年审告知书.docx"

_MONTHS = ("月份", "尚欠（元）") * 3
_MONTH_MARKS = tuple(f"{{{{ 行.{name}{n} }}}}" for n in (1, 2, 3) for name in ("月", "额"))
_MONTH_WIDTHS = (28, 24) * 3
_PARTS = ("期次", "应缴日期", "金额（元）") * 2
_PART_MARKS = tuple(
    f"{{{{ 行.{name}{n} }}}}" for n in (1, 2) for name in ("期", "日", "额")
)  # fmt: skip
_PART_WIDTHS = (13, 38, 27) * 2
_STAGES = ("节点", "日期", "时间", "地点")
_STAGE_MARKS = tuple(f"{{{{ 行.{name} }}}}" for name in _STAGES)
_STAGE_WIDTHS = (18, 38, 34, 66)


def make_templates(folder: Path) -> list[Path]:
    """Write the templates into `folder`, each complete or not at all; returns their paths."""
    made = []
    for name, draw in (
        (DEMAND, _demand),
        (INSTALMENT, _instalment),
        (VACATE, _vacate),
        (DRAW_SLIP, _draw_slip),
        (CHOICE, _choice),
        (REVIEW, _review),
    ):
        sheet = LetterSheet(name.removesuffix(".docx"))
        draw(sheet)
        with replacing(folder / name) as stream:
            stream.write(sheet.saved())
        made.append(folder / name)
    return made


def _demand(sheet: LetterSheet) -> None:
    sheet.title("公共租赁住房租金催缴通知书")
    sheet.number()
    sheet.opening("{{ 承租人 }}：")
    sheet.body(
        "您承租的公共租赁住房位于{{ 地址 }}。截至{{ 截止日期 }}，累计{{ 欠租月数 }}个月的租金"
        "尚未缴清，共欠人民币{{ 欠租金额 }}元（大写：{{ 欠租大写 }}）{{ 旧欠说明 }}："
    )
    sheet.grid("欠租明细", _MONTHS, _MONTH_MARKS, _MONTH_WIDTHS)
    sheet.body(
        "根据{{ 缴租依据 }}和租赁合同的约定，请您在{{ 缴款期限 }}前缴清欠租；一次缴清有困难的，"
        "可在期限内来我局商定分期。累计欠租{{ 腾退月数 }}个月以上的，依{{ 腾退条款 }}应当腾退"
        "住房。对金额有疑问的，请持缴款凭据与我局核对。"
    )
    sheet.contact()
    sheet.signature()
    sheet.receipt("租金催缴通知书")


def _instalment(sheet: LetterSheet) -> None:
    sheet.title("公共租赁住房欠租分期缴纳协议")
    sheet.number()
    sheet.body("甲方：{{ 局名 }}")
    sheet.body("乙方：{{ 承租人 }}（家庭编号 {{ 家庭编号 }}）")
    sheet.body("乙方承租位于{{ 地址 }}的公共租赁住房。双方就乙方所欠租金的缴纳，协商约定如下：")
    sheet.heading("一、欠租金额")
    sheet.body(
        "截至{{ 截止日期 }}，乙方累计{{ 欠租月数 }}个月的租金尚未缴清，共欠人民币{{ 欠租金额 }}元"
        "（大写：{{ 欠租大写 }}），明细如下{{ 旧欠说明 }}："
    )
    sheet.grid("欠租明细", _MONTHS, _MONTH_MARKS, _MONTH_WIDTHS)
    sheet.heading("二、分期缴纳")
    sheet.body(
        "乙方{{ 分期方式 }}缴纳人民币{{ 分期金额 }}元，共{{ 分期期数 }}期，各期应缴日期和金额如下："
    )
    sheet.grid("分期明细", _PARTS, _PART_MARKS, _PART_WIDTHS)
    sheet.heading("三、双方责任")
    sheet.body(
        "乙方应当按期足额缴款，并按时缴纳当月租金。乙方按期履行的，甲方不就上述欠租另行追缴；"
        "逾期不履行的，甲方可以要求一次缴清余款，并依照{{ 缴租依据 }}和租赁合同处理。"
    )
    sheet.heading("四、缴款和生效")
    sheet.contact()
    sheet.body("本协议一式两份，双方各执一份，自双方签章之日起生效。")
    sheet.parties()
    sheet.reply()


def _vacate(sheet: LetterSheet) -> None:
    sheet.title("公共租赁住房腾退告知书")
    sheet.number()
    sheet.opening("{{ 承租人 }}：")
    sheet.body(
        "您承租的公共租赁住房位于{{ 地址 }}。截至{{ 截止日期 }}，您累计{{ 欠租月数 }}个月未缴清"
        "租金，共欠人民币{{ 欠租金额 }}元（大写：{{ 欠租大写 }}），明细如下{{ 旧欠说明 }}："
    )
    sheet.grid("欠租明细", _MONTHS, _MONTH_MARKS, _MONTH_WIDTHS)
    sheet.body("{{ 腾退依据 }}规定：{{ 腾退条文 }}。现将有关事项告知如下：")
    sheet.body("一、请在{{ 腾退期限 }}前腾空住房，办理退房手续，并缴清全部欠租。")
    sheet.body(
        "二、对上述事实和处理有异议的，可在{{ 陈述期限 }}前向我局陈述、申辩，并提交缴款凭据等"
        "材料；缴清欠租确有困难的，请在同一期限内来我局说明。"
    )
    sheet.body("三、逾期拒不腾退的，将依法向人民法院提起诉讼，要求腾退住房、清偿欠租。")
    sheet.contact()
    sheet.signature()
    sheet.receipt("腾退告知书")


def _draw_slip(sheet: LetterSheet) -> None:
    sheet.narrow()
    rows = (
        ("申请人", "{{ 行.姓名 }}", "身份证号", "{{ 行.身份证号 }}"),
        ("参摇编号", "{{ 行.参摇编号 }}", "家庭人口", "{{ 行.人口 }} 人"),
        ("优先类别", "{{ 行.优先类别 }}", "分层", "{{ 行.分层 }}"),
        ("凭证号", "{{ 行.凭证号 }}"),
        ("盐值", "{{ 行.盐值 }}"),
        ("总校验值", "{{ 总校验值 }}"),
    )
    sheet.slips(
        "凭证",
        "{{ 活动名称 }}　摇号凭证",
        rows,
        "{{ 局名 }}　活动编号 {{ 活动编号 }}　冻结 {{ 冻结时间 }}　摇号 {{ 摇号安排 }}。"
        "请妥善保管，公布的名单只列凭证号。核对办法：一、公布的总校验值应与本凭证相同，"
        "公布的名册里应有本凭证号，类别和分层无误。二、凭证号由 zhubao-receipt-1、活动编号、"
        "参摇编号、身份证号、盐值（去掉空格）以制表符相连，计算 SHA-256 取前 32 位而得；"
        "盐值只有本户知道，不要告诉他人。",
    )


def _choice(sheet: LetterSheet) -> None:
    sheet.title("选房通知书")
    sheet.opening("{{ 申请人 }}：")
    sheet.body(
        "您参加的{{ 活动名称 }}（活动编号 {{ 活动编号 }}），摇号结果为{{ 结果 }}，户型为"
        "{{ 户型 }}，顺序号为 {{ 顺序号 }}。您在批次 {{ 批次 }}，叫号 {{ 叫号 }}，预计"
        "{{ 预计时间 }}叫到。凭证号：{{ 凭证号 }}。各节点安排如下："
    )
    sheet.grid("节点安排", _STAGES, _STAGE_MARKS, _STAGE_WIDTHS)
    sheet.body(
        "请在签到时间内到场，按顺序号先后叫号；预计时间仅供参考，以现场叫号为准。不能按时到场的，"
        "请事先与我局联系。{{ 递补说明 }}{{ 无障碍说明 }}"
    )
    sheet.body("请携带：{{ 携带材料 }}。")
    sheet.body("联系电话：{{ 联系电话 }}。")
    sheet.signature()


def _review(sheet: LetterSheet) -> None:
    sheet.title("住房保障年审告知书")
    sheet.opening("{{ 申请人 }}（家庭编号 {{ 家庭编号 }}）：")
    sheet.body(
        "你户的住房保障情况：{{ 保障情况 }}。{{ 年度 }}年年审中，你户的申报情况："
        "{{ 申报情况 }}。经审核，现将结论告知如下："
    )
    sheet.heading("一、结论：{{ 结论说明 }}")
    sheet.body("{%p for 行 in 理由 %}")
    sheet.body("{{ 行.内容 }}")
    sheet.body("{%p endfor %}")
    sheet.heading("二、后续事项")
    sheet.body("{%p for 行 in 后续 %}")
    sheet.body("{{ loop.index }}. {{ 行.内容 }}")
    sheet.body("{%p endfor %}")
    sheet.heading("三、异议和复核")
    sheet.body(
        "对结论有异议的，可以向我局书面申请复核，并附证明材料。我局自收到申请之日起"
        "{{ 复核天数 }}个工作日内书面答复（{{ 复核依据 }}）。联系电话：{{ 联系电话 }}。"
    )
    sheet.signature()
    line = sheet.body("签收人：　　　　　　签收日期：　　　年　　月　　日")
    line._parent.paragraphs[-2].paragraph_format.keep_with_next = True


if __name__ == "__main__":
    make_templates(packaged_dir("templates"))
