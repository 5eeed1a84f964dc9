"""A letter as the words its template asks for: every placeholder with its value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from zhubao.core.capitals import amount_in_capitals
from zhubao.core.money import format_yuan

if TYPE_CHECKING:
    from zhubao.rent.letters.rounds import Letter, MonthOwed
    from zhubao.rent.letters.rules import LetterRules
    from zhubao.rent.plan_making import Part

BLANK = "____________"  # to be filled in by hand
DRAFT = "（草稿）"
BROUGHT_OVER = "*"
_MONTHS_A_ROW = 3
_PARTS_A_ROW = 2

PLACEHOLDERS: Mapping[str, str] = {
    "局名": "zhubao.toml 里的 bureau",
    "编号": "文书编号，如 CJ2020-0001；草稿没有编号",
    "承租人": "申请人姓名",
    "家庭编号": "保障家庭台账的编号",
    "地址": "小区、楼栋、单元、楼层、房号",
    "截止日期": "欠租截止日期",
    "出具日期": "落款日期",
    "欠租月数": "未缴清的账单月数",
    "欠租金额": "数字，如 1,234.50",
    "欠租大写": "大写，如 壹仟贰佰叁拾肆元伍角",
    "最早欠租月": "最早的未缴清账单月",
    "欠租明细": "列表，每行三个月：行.月1、行.额1、行.月2、行.额2、行.月3、行.额3",
    "旧欠说明": "有启用台账前的旧欠时，说明带 * 的是旧欠；没有时是空的",
    "各月欠租": "列表，每行一个月：行.月份、行.应缴、行.已缴、行.尚欠",
    "缴租依据": "按时缴租的法规和条款",
    "腾退依据": "欠租腾退的法规和条款",
    "腾退条款": "同上；与缴租依据同一办法时写作“该办法第…条”",
    "腾退条文": "欠租腾退条款的内容",
    "腾退月数": "累计欠租达到腾退的月数",
    "缴款期限": "催缴的最后一天",
    "腾退期限": "腾退的最后一天",
    "陈述期限": "陈述申辩的最后一天",
    "缴款方式": "[policy.letters.channels]",
    "联系电话": "[policy.letters.phone]",
    "分期方式": "分月或分季度",
    "分期金额": "各期合计，如 1,234.50",
    "分期期数": "期数",
    "分期明细": "列表，每行两期：行.期1、行.日1、行.额1、行.期2、行.日2、行.额2",
    "各期": "列表，每行一期：行.期次、行.应缴日期、行.应缴金额",
}


def letter_context(letter: Letter, rules: LetterRules, vacate_months: int) -> dict[str, Any]:
    """The values of `PLACEHOLDERS` for one letter; full name and address, no identity number."""
    issued = letter.issued_on
    return {
        "局名": letter.bureau,
        "编号": letter.number or DRAFT,
        "承租人": letter.recipient,
        "家庭编号": letter.household_no,
        "地址": letter.address.text,
        "截止日期": chinese_date(letter.as_of),
        "出具日期": chinese_date(issued),
        "欠租月数": len(letter.months),
        "欠租金额": format_yuan(letter.owed),
        "欠租大写": amount_in_capitals(letter.owed),
        "最早欠租月": letter.months[0].month.title if letter.months else "",
        "欠租明细": _month_rows(letter.months),
        "旧欠说明": _note_on_old(letter.months),
        "各月欠租": [_month_values(one) for one in letter.months],
        "缴租依据": rules.rent_duty.citation,
        "腾退依据": rules.vacate_duty.citation,
        "腾退条款": rules.vacate_duty.after(rules.rent_duty),
        "腾退条文": rules.vacate_duty.words,
        "腾退月数": vacate_months,
        "缴款期限": _days_after(issued, rules.pay_days),
        "腾退期限": _days_after(issued, rules.vacate_days),
        "陈述期限": _days_after(issued, rules.objection_days),
        "缴款方式": rules.channels or BLANK,
        "联系电话": rules.phone or BLANK,
        "分期方式": letter.rhythm,
        "分期金额": format_yuan(sum(one.amount for one in letter.parts)),
        "分期期数": len(letter.parts),
        "分期明细": _part_rows(letter.parts),
        "各期": [_part_values(one) for one in letter.parts],
    }


def chinese_date(day: dt.date) -> str:
    """2020年6月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _days_after(day: dt.date, days: int) -> str:
    return chinese_date(day + dt.timedelta(days=days))


def month_label(one: MonthOwed) -> str:
    """2019年12月, with a mark where the debt was brought over from before the ledger."""
    return f"{one.month.title}{BROUGHT_OVER}" if one.brought_over else one.month.title


def _note_on_old(months: Sequence[MonthOwed]) -> str:
    marked = any(one.brought_over for one in months)
    return f"（带{BROUGHT_OVER}的含往年结转的旧欠）" if marked else ""


def _month_rows(months: Sequence[MonthOwed]) -> list[dict[str, str]]:
    """Three months side by side, read from left to right."""
    cells = [{"月": month_label(one), "额": format_yuan(one.unpaid)} for one in months]
    return _side_by_side(cells, ("月", "额"), _MONTHS_A_ROW)


def _month_values(one: MonthOwed) -> dict[str, str]:
    return {
        "月份": month_label(one),
        "应缴": format_yuan(one.payable),
        "已缴": format_yuan(one.payable - one.unpaid),
        "尚欠": format_yuan(one.unpaid),
    }


def _part_rows(parts: Sequence[Part]) -> list[dict[str, str]]:
    cells = [
        {"期": str(one.number), "日": chinese_date(one.due_on), "额": format_yuan(one.amount)}
        for one in parts
    ]
    return _side_by_side(cells, ("期", "日", "额"), _PARTS_A_ROW)


def _part_values(one: Part) -> dict[str, str]:
    return {
        "期次": str(one.number),
        "应缴日期": chinese_date(one.due_on),
        "应缴金额": format_yuan(one.amount),
    }


def _side_by_side(
    cells: Sequence[Mapping[str, str]], names: Sequence[str], count: int
) -> list[dict[str, str]]:
    """Rows of `count` cells with numbered names; the last row is filled up with blanks."""
    blank = dict.fromkeys(names, "")
    rows = zip_longest(*(cells[place::count] for place in range(count)), fillvalue=blank)
    return [
        {f"{name}{n}": cell[name] for n, cell in enumerate(row, 1) for name in names}
        for row in rows
    ]
