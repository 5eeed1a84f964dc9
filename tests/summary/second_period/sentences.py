"""The clauses of the text that speak of a figure, and how its number must stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal

from tests.summary.second_period.counting import Counted

# {} is a number as it is counted, {万} an amount, {%} a rate, {分母} its whole, {其余} the rest;
# after it the code, in its order.
CLAUSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("全局筹集房源{}套，调配房源{}套，新交付公租房{}套，实物配租{}户，新增租赁补贴{}户，发放租赁补贴{}户，"
     "补贴金额{万}，收缴租金{万}，动态巡查{}户；审批经济适用房购房资格{}户、棚改安置补贴{}户、"
     "购房奖励{}户、半边户{}户；办结“12345”热线工单{}份。期末公租房入住率{%}",
     ("supply.raised", "dispatch.units", "units.delivered", "allocation.households",
      "subsidy.new_grants", "subsidy.households_paid", "subsidy.amount_paid", "rent.received",
      "patrol.households", "approval.affordable_purchase", "approval.resettlement_subsidy",
      "approval.purchase_reward", "approval.half_couple", "tickets.handled", "units.occupancy")),
    ("共筹集房源{}套，其中社会合作房{}套、团购商品房{}套、限价商品房{}套、公租房{}套",
     ("supply.raised", "supply.raised.cooperation", "supply.raised.group_purchase",
      "supply.raised.price_capped", "supply.raised.public_rental")),
    ("预计可提供房源约{}套。期末仍在合作期内的开发商有{}家",
     ("supply.pipeline", "supply.cooperating")),
    ("调配房源{}套，其中经适房{}套、商品房{}套、公租房{}套",
     ("dispatch.units", "dispatch.units.affordable", "dispatch.units.commercial",
      "dispatch.units.public_rental")),
    ("解决个案{}户", ("cases.special_resolved",)),
    ("上门巡查住户{}户、{}次，在租家庭巡查覆盖率{%}",
     ("patrol.households", "patrol.visits", "patrol.coverage")),
    ("列为重点对象的家庭{分母}户中{}户做到了多次走访（{%}）",
     ("patrol.key_households_revisited",) * 3),
    ("整改日常违规{}户，处理家庭情况变动{}户；按件计，发现{分母}件，整改率{%}",
     ("cases.violations", "cases.changes", "cases.rectification", "cases.rectification")),
    ("共核查{}套", ("vacancy.checked",)),
    ("在{}个小区", ("campaigns.estates",)),
    ("收缴租金{万}，当期租金收缴率{%}。期末累计欠租{万}，涉及{}户，其中累计欠租六个月以上的{}户。"
     "汇缴市级产权公租房租金{万}",
     ("rent.received", "rent.collection_current", "rent.owed", "rent.debtors",
      "rent.debtors_long", "rent.remitted_city")),
    ("向{}户家庭发放租赁补贴{万}，新增租赁补贴{}户。",
     ("subsidy.households_paid", "subsidy.amount_paid", "subsidy.new_grants")),
    ("审批职工住房补贴{}家单位{}户，",
     ("staff.employers", "staff.households")),
    ("年审应审家庭{分母}户中{}户作出了年审结论（{%}），其中{}户退出保障",
     ("review.decided", "review.decided", "review.decided", "review.exited")),
    ("购买服务单位{}家", ("contractor.scored",)),
    ("发现安全隐患{分母}起，已整改{}起", ("safety.hazards", "safety.hazards")),
    ("看望住院的退休干部{}名，派员参加追悼会{}次", ("care.hospital", "care.memorial")),
    ("期初在册轮候{}户，期末在册轮候{}户。实物配租{}户，惠及{}人。期末公租房入住率{%}（可出租{分母}套，已入住{}套）",
     ("waiting.opening", "waiting.closing", "allocation.households", "allocation.people",
      "units.occupancy", "units.occupancy", "units.occupancy")),
    ("审批通过公租房资格{}户、租赁补贴资格{}户、",
     ("approval.rental_housing", "approval.rental_subsidy")),
    ("区级办结的{分母}件中{}件在时限之内（{%}）", ("approval.district_in_time",) * 3),
    ("向市局报件{}次，应报件的{分母}周中{}周报足了次数（{%}）",
     ("deliveries.count", "deliveries.weeks_kept", "deliveries.weeks_kept",
      "deliveries.weeks_kept")),
    ("组织业务培训{}场，参加{}人次", ("training.sessions", "training.attendees")),
    ("违规转租转借的房源{分母}套、已整改{}套，另{其余}套尚未销号；"
     "需退回资金的家庭{分母}户、已退回资金{}户，另{其余}户尚未销号；"
     "购车等不再符合条件的家庭{分母}户、已退出保障{}户，另{其余}户尚未销号",
     ("audit.units_sublet",) * 3 + ("audit.money_repaid",) * 3 + ("audit.exited",) * 3),
    ("按件数计{%}（{分母}件），按户数计{%}（{分母}户），按金额计{%}",
     ("audit.rectified",) * 2 + ("audit.rectified_households",) * 2 + ("audit.recovered",)),
    ("住房保障工作动态{}篇", ("publicity.news",)),
)  # fmt: skip
_COMPARED = re.compile("（(?:上年同期|上期)[^）]*）|，(?:比|与)(?:上年同期|上期)[^，；。]*")
_HOLE = re.compile(r"\{(.*?)\}")


def without_comparisons(text: str) -> str:
    """The text without what stands beside a number of the period before."""
    return _COMPARED.sub("", text)


def clauses(counted: Counted) -> Iterator[str]:
    """Every clause with the numbers counted: what the text must say."""
    for pattern, codes in CLAUSES:
        words, kinds = _HOLE.split(pattern)[::2], _HOLE.findall(pattern)
        assert len(kinds) == len(codes), pattern
        said = [_said(counted[code], kind) for code, kind in zip(codes, kinds, strict=True)]
        yield "".join(word + number for word, number in zip(words, [*said, ""], strict=True))


def _said(numbers: tuple[int, int | None], kind: str) -> str:
    value, whole = numbers
    if kind == "万":
        return _wan(value)
    if not kind:
        return str(value)
    assert whole
    if kind == "其余":
        return str(whole - value)
    return str(whole) if kind == "分母" else _rate(value, whole)


def _wan(value: int) -> str:
    """From ten thousand yuan on in 万元, rounded to two places with 约; below, to the fen."""
    assert value >= 1_000_000, "small amounts are told in yuan"
    exact = Decimal(value) / 1_000_000
    for places in (Decimal(1), Decimal("0.01")):
        if exact == exact.quantize(places):
            return f"{exact.quantize(places)}万元"
    return f"约{exact.quantize(Decimal('0.01'))}万元"


def _rate(value: int, whole: int) -> str:
    if value == whole:
        return "100%"
    return f"{(Decimal(value) * 100 / whole).quantize(Decimal('0.01'), ROUND_HALF_EVEN)}%"
