"""Rows added to services.xlsx and audit.xlsx."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.summary.second_period.drawing import Drawing, Ledger, numbered

_DAY = dt.timedelta(days=1)


def approvals(ledger: Ledger, draw: Drawing) -> None:
    """Every kind and result at every border; the district in time to the half day, and not."""
    kinds = (
        "公租房资格",
        "租赁补贴资格",
        "经济适用房购房资格",
        "棚改安置补贴",
        "购房奖励",
        "半边户",
    )
    results = ("通过", "通过", "不通过", "撤回", "办理中", "补正")
    rows: list[dict[str, Any]] = []
    for kind in kinds:
        for on in draw.days(5):
            result = draw.rng.choice(results)
            decided = on if result in ("通过", "不通过", "撤回") else None
            rows.append({"审批事项": kind, "审批结果": result, "办结日期": decided})
    rows += _district(draw)
    for number, row in enumerate(rows, 1):
        row |= {"审批编号": f"SX{number:05d}", "申请人": f"新申请{number}"}
    ledger.add("审批", rows)


def _district(draw: Drawing) -> list[dict[str, Any]]:
    """Received and decided at hours that decide: lunch, after closing, holidays, make-up days."""
    day, none = dt.datetime, None
    spans: list[tuple[Any, Any, Any]] = [
        (day(2021, 7, 5, 8, 59), day(2021, 7, 7, 12, 59), none),  # before opening: in time
        (day(2021, 7, 5, 8, 59), day(2021, 7, 7, 13), none),  # and a half day too long
        (day(2021, 7, 6, 8, 59), day(2021, 7, 8, 13, 30), none),
        (day(2021, 7, 5, 9), day(2021, 7, 8, 8, 59), none),  # opened: in time
        (day(2021, 7, 5, 9), day(2021, 7, 8, 9), none),
        (day(2021, 7, 5, 12, 59), day(2021, 7, 8, 8, 59), none),  # at lunch: in time
        (day(2021, 7, 5, 13), day(2021, 7, 8, 12, 59), none),
        (day(2021, 7, 5, 13), day(2021, 7, 8, 13), none),
        (day(2021, 7, 5), day(2021, 7, 8), none),  # dates only: three days
        (day(2021, 7, 5), day(2021, 7, 7), none),  # dates only: two days
        (day(2021, 9, 30, 16), day(2021, 10, 9, 17), none),  # National Day, a Saturday of work
        (day(2021, 9, 17, 10), day(2021, 9, 18, 16), none),  # the Saturday before 中秋 is worked
        (day(2021, 9, 17, 10), day(2021, 9, 22, 10), none),
        (day(2021, 12, 29, 10), day(2021, 12, 31, 16), none),
        (day(2021, 12, 28, 10), day(2021, 12, 31, 16), 1),  # the applicant took a day
        (day(2021, 12, 28, 10), day(2021, 12, 31, 16), 0.5),
        (day(2021, 12, 30, 10), day(2022, 1, 4, 10), none),  # decided after the period
        (day(2021, 6, 28, 10), day(2021, 7, 1, 10), none),  # received before it
        (none, day(2021, 8, 3, 10), none),  # no receipt: nothing to measure
        (day(2021, 8, 6, 15), day(2021, 8, 7, 11), none),  # a Friday and its Saturday
        (day(2021, 8, 7, 11), day(2021, 8, 11, 9, 30), none),  # from a Saturday on
    ]
    return [
        {
            "审批事项": "购房奖励",
            "审批结果": "通过",
            "区收件时间": received,
            "区办结时间": decided,
            "补正天数": waited,
            "办结日期": dt.datetime.combine(decided.date(), dt.time()),
            "核定金额": draw.yuan(20000),
        }
        for received, decided, waited in spans
    ]


def tickets(ledger: Ledger, draw: Drawing) -> None:
    """Tickets and special cases settled at every border, and open ones."""
    early = draw.first - 5 * _DAY
    rows: list[dict[str, Any]] = [
        {"收单日期": early, "诉求内容": "咨询", "办结日期": on, "工单状态": "已办结"}
        for on in draw.days(4)
    ]
    rows += [
        {"收单日期": draw.inside(), "诉求内容": "咨询", "办结日期": None, "工单状态": state}
        for state in ("待办", "办理中", "已退回")
    ]
    ledger.add("12345工单", numbered(rows, "工单编号", "GX"))
    states = ("已解决", "已解决", "无法解决")
    rows = [
        {
            "当事人": f"当事人{number}",
            "特殊困难": "产权不清",
            "受理日期": early,
            "解决日期": on,
            "办理状态": states[number % 3],
        }
        for number, on in enumerate(draw.days(5))
    ]
    ledger.add("个案", numbered(rows, "个案编号", "GX"))


def office(ledger: Ledger, draw: Drawing) -> None:
    """Deliveries, trainings, publicity and care visits at every border."""
    rows: list[dict[str, Any]] = [
        {"报件日期": on, "报送单位": "市住房保障服务局", "件数": draw.rng.randint(1, 40)}
        for on in draw.days(6)
    ]
    ledger.add("报件", numbered(rows, "报件编号", "BX"))
    rows = [
        {"培训日期": on, "培训内容": "审批", "参加人数": draw.rng.choice((None, 0, 17, 33))}
        for on in draw.days(5)
    ]
    ledger.add("培训", numbered(rows, "培训编号", "PX"))
    kinds = ("信息动态", "新闻稿", "媒体报道", "宣传资料", "问卷调查")
    rows = [
        {"宣传类型": kind, "标题": "动态", "发布日期": on} for kind in kinds for on in draw.days(2)
    ]
    ledger.add("宣传", numbered(rows, "宣传编号", "YX"))
    rows = [
        {
            "慰问类型": kind,
            "慰问对象": draw.rng.choice(("老甲", "老乙", "老丙")),
            "是否退休": draw.rng.choice(("是", "是", "否", None)),
            "慰问日期": on,
        }
        for kind in ("住院慰问", "追悼会", "节日慰问")
        for on in draw.days(4)
    ]
    ledger.add("慰问", numbered(rows, "慰问编号", "WX"))


def reviews(ledger: Ledger, draw: Drawing) -> None:
    """Decisions of the year at every border, without a date, postponed."""
    people = draw.some(ledger.column("保障家庭", "家庭编号"), 60)
    decisions = ("继续保障", "调整类型", "退出", "待定", None)
    days = [*draw.days(3), None]
    ledger.add(
        "年审",
        (
            {
                "年度": 2021,
                "家庭编号": who,
                "年审结论": decision,
                "结论日期": draw.rng.choice(days) if decision not in ("待定", None) else None,
            }
            for who in people
            for decision in (draw.rng.choice(decisions),)
        ),
    )


def scores(ledger: Ledger, draw: Drawing) -> None:
    """Operators scored for the half-year, by quarters, in part, and for other periods."""
    del draw
    given: list[tuple[str, str, str, Any]] = [
        ("新城物业公司", "2021-H2", "QZ", 12.5),
        ("新城物业公司", "2021-H2", "TF", 9.4),
        ("新城物业公司", "2021-Q3", "QZ", 1),  # the half-year's own rows go before it
        ("云岭物业公司", "2021-Q3", "QZ", 17.7),
        ("云岭物业公司", "2021-Q4", "QZ", None),
        ("柳堤物业公司", "2021-Q2", "QZ", 3),
        ("柳堤物业公司", "2021", "QZ", 3),
    ]
    ledger.add(
        "购买服务考核",
        (
            {
                "运营单位": operator,
                "考核期间": text,
                "指标编号": code,
                "考核指标": "收回" if code == "QZ" else "腾退",
                "满分": 20.5,
                "得分": score,
            }
            for operator, text, code, score in given
        ),
    )


def audit(ledger: Ledger, draw: Drawing) -> None:
    """Findings made, put right and closed at every border; counts and money left blank."""
    kinds = (("违规转租转借", "恢复原状"), ("重复享受", "退回资金"), ("未按规定退出", "退出保障"))
    people = draw.some(ledger.column("保障家庭", "家庭编号"), 6)
    states = ("待整改", "整改中", "已整改", "已回访", "已销号", "已销号")
    rows: list[dict[str, Any]] = []
    for kind, remedy in kinds:
        for on in [*draw.days(4), draw.first - 100 * _DAY, draw.first - 100 * _DAY]:
            state = draw.rng.choice(states)
            row = _finding(draw, kind, remedy, on) | {"整改状态": state}
            row["家庭编号"] = draw.rng.choice((None, *people))
            if state in states[2:]:
                row["整改日期"] = max(on, draw.rng.choice(draw.days(1)))
            if state == "已回访" or state == "已销号":
                row["回访日期"] = row["整改日期"]
            if state == "已销号":
                row["销号日期"] = max(row["整改日期"], draw.rng.choice(draw.days(1)))
            rows.append(row)
    ledger.add("问题清单", numbered(rows, "问题编号", "WX"))


def _finding(draw: Drawing, kind: str, remedy: str, on: dt.date) -> dict[str, Any]:
    count = draw.rng.choice((None, 1, 3))
    amount = draw.rng.choice((None, draw.yuan(9000)))
    return {
        "问题类型": kind,
        "整改方式": remedy,
        "对象": "某户",
        "问题事项": "核查发现",
        "发现日期": on,
        "涉及户数": count,
        "已整改户数": draw.rng.choice((None, 1)),
        "涉及金额": amount,
        "已追回": None if amount is None else draw.rng.choice((None, amount, draw.yuan(12000))),
        "责任部门": "保障科",
        "责任人": "专班",
        "整改时限": draw.last,
    }


ADDED = (approvals, tickets, office, reviews, scores, audit)
