"""Rows added to arrears.xlsx and subsidies.xlsx."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.summary.second_period.drawing import Drawing, Ledger, numbered

_DAY = dt.timedelta(days=1)


def charges(ledger: Ledger, draw: Drawing) -> None:
    """Charges by day of entry, another month than the one charged for; corrections below zero."""
    months = ("2021-06", "2021-07", "2021-12", "2022-01")
    entered: list[dt.date | None] = [None, *draw.days(4)]
    rows = []
    for who in _tenants(ledger, draw, 14):
        for month in months:
            on = draw.rng.choice(entered)
            amount = draw.yuan(120) * draw.rng.choice((1, 1, 1, -1))
            rows.append({"家庭编号": who, "账单期": month, "应收金额": amount, "入账日期": on})
    ledger.add("应收", numbered(rows, "应收编号", "YX"))
    opening = dict.fromkeys(
        zip(ledger.column("期初欠租", "家庭编号"), ledger.column("期初欠租", "账单期"), strict=True)
    )
    ledger.add(
        "期初欠租",
        (
            {"家庭编号": who, "账单期": month, "欠租金额": draw.yuan(300)}
            for who in _tenants(ledger, draw, 12)
            for month in ("2021-05", "2021-06", "2021-07", "2021-09")
            if (who, month) not in opening
        ),
    )


def receipts(ledger: Ledger, draw: Drawing) -> None:
    """Receipts at every border: of former months, paid in advance, reversed, typed as text."""
    rows: list[dict[str, Any]] = []
    named = (None, None, "2021-05", "2021-07", "2021-12", "2022-03")
    for who in _tenants(ledger, draw, 25):
        for on in draw.days(2):
            amount: Any = draw.yuan(260)
            month = draw.rng.choice(named)
            if draw.rng.random() < 0.25:
                amount = -amount
            rows.append({"家庭编号": who, "收款日期": on, "实收金额": amount, "指定账单期": month})
    rows[3]["实收金额"] = "1,204.05元"
    rows[4]["收款日期"] = "2021年9月3日"
    rows[5]["收款日期"] = "2021.12.31"
    ledger.add("实收", numbered(rows, "收据号", "SX"))


def reductions(ledger: Ledger, draw: Drawing) -> None:
    """Reductions and write-offs at every border, of a month or of none, of those who owe."""
    debtors = draw.some(ledger.column("期初欠租", "家庭编号"), 14)
    months = (None, None, "2021-04", "2021-06", "2021-07", "2021-11")
    rows = [
        {
            "家庭编号": who,
            "账单期": draw.rng.choice(months),
            "减免类型": draw.rng.choice(("减免", "核销")),
            "减免金额": draw.yuan(220),
            "批准日期": on,
        }
        for who in debtors
        for on in draw.days(0)
    ]
    ledger.add("减免", numbered(rows, "减免编号", "JM"))


def remittances(ledger: Ledger, draw: Drawing) -> None:
    """For the period, for longer ones and former ones; paid at every border."""
    covers = ("2021-H2", "2021-Q3", "2021-06", "2021-12", "2021", "2021-H1", "2021-11")
    rows = [
        {
            "产权单位": owner,
            "所属期间": text,
            "汇缴日期": on,
            "汇缴金额": draw.yuan(3000),
        }
        for text, on in zip(covers * 2, draw.days(10), strict=True)
        for owner in ("市级", "区级")
    ]
    ledger.add("租金汇缴", numbered(rows, "汇缴编号", "HX"))


def subsidies(ledger: Ledger, draw: Drawing) -> None:
    """Grants at every border, two of one household; payments in every state, some repeated."""
    numbers = ledger.column("保障家庭", "家庭编号")
    granted = set(ledger.column("租赁补贴", "家庭编号"))
    free = draw.some([one for one in numbers if one not in granted], 12)
    days = [*draw.days(6), draw.inside()]
    holders = [*free[: len(days) - 1], free[1]]
    grants = [
        {
            "补贴编号": f"BX{number:04d}",
            "家庭编号": who,
            "保障类型": "低保",
            "保障人口": 2,
            "月补贴额": 300,
            "批准日期": on,
            "补贴状态": draw.rng.choice(("生效", "暂停", "终止")),
        }
        for number, (who, on) in enumerate(zip(holders, days, strict=True), 1)
    ]
    ledger.add("租赁补贴", grants)
    states = ("已发放", "已发放", "已追回", "待发放", "银行退回")
    rows = [
        {
            "补贴编号": grant["补贴编号"],
            "家庭编号": grant["家庭编号"],
            "所属季度": quarter,
            "发放金额": draw.yuan(2000),
            "发放日期": None if state == "待发放" and draw.rng.random() < 0.5 else on,
            "发放状态": state,
        }
        for grant in grants
        for quarter in ("2021-Q2", "2021-Q3", "2021-Q4")
        for on, state in ((draw.rng.choice(days), draw.rng.choice(states)),)
    ]
    ledger.add("发放", numbered(rows, "发放编号", "FX"))


def staff(ledger: Ledger, draw: Drawing) -> None:
    """Applications in every state, decided at every border, in both halves of the year."""
    states = ("已审批", "已发放", "不予批准", "审核中", "资料不全")
    days = [*draw.days(4), dt.date(2021, 1, 1), dt.date(2020, 12, 31), dt.date(2021, 3, 3), None]
    rows = [
        {
            "单位名称": draw.rng.choice(("区水务站", "新城学校", f"新单位{number}")),
            "轮次": "第二轮",
            "职工姓名": f"新职工{number}",
            "身份证号": "430199198910153043",
            "申报日期": (on or draw.first) - 20 * _DAY,
            "办理状态": state,
            "审批日期": on if state in states[:3] else None,
        }
        for number, (state, on) in enumerate(((s, d) for s in states for d in days), 1)
    ]
    ledger.add("职工住房补贴", numbered(rows, "申报编号", "ZX"))


def _tenants(ledger: Ledger, draw: Drawing, many: int) -> list[str]:
    return draw.some(ledger.column("保障家庭", "家庭编号"), many)


ADDED = (charges, receipts, reductions, remittances, subsidies, staff)
