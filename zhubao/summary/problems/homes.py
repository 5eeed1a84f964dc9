"""Problems of supply, of empty units and of the waiting list."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from zhubao.allocation.waiting.replay import Registration, read_waiting_list
from zhubao.ledger.tenants import WaitingEntry
from zhubao.ledger.units import Developer, Unit
from zhubao.policy import lookup
from zhubao.summary.indicators.supply_figures import unit_standings
from zhubao.summary.problems.rules import (
    Facts,
    Found,
    Weight,
    among,
    day_words,
    leading,
    rule,
    share,
)
from zhubao.summary.reconcile import made
from zhubao.supply.needs import SUPPLY_MODELS, UNIT_MODELS
from zhubao.supply.occupancy import ratio_of
from zhubao.supply.raising import Term, TermStage

_NAMED = 3


@rule(
    "cooperation.expiring",
    "合作即将到期",
    Weight.HIGH,
    needs=(Developer,),
    reads=SUPPLY_MODELS,
)
def cooperation_expiring(facts: Facts) -> Found | None:
    """Developers whose term ends within policy supply.expiring_days, the last day included."""
    raised = facts.once(made.raised)
    terms = [one for one in raised.developers if one.stage is TermStage.EXPIRING]
    if not terms:
        return None
    going = raised.cooperating
    named = "、".join(f"{one.name}（{day_words(one.end)}）" for one in _by_end(terms)[:_NAMED])
    more = "等" if len(terms) > _NAMED else ""
    return Found(
        len(terms),
        "家",
        f"{among(f'仍在合作的 {going} 家开发商', going, len(terms), '家')}合作在 "
        f"{raised.expiring_days} 日内到期：{named}{more}。",
        f"在合作到期以前与{_these(len(terms))}商谈续签，不续签的提前落实接替的房源。",
        tuple(one.cell for one in terms),
        going,
    )


@rule(
    "cooperation.expired",
    "合作已经到期",
    Weight.MEDIUM,
    needs=(Developer,),
    reads=SUPPLY_MODELS,
)
def cooperation_expired(facts: Facts) -> Found | None:
    """Developers whose term ended in the period and who have no other term running."""
    raised = facts.once(made.raised)
    going = {one.name for one in raised.developers if one.is_going}
    terms = [
        one
        for one in raised.developers
        if one.stage is TermStage.EXPIRED
        and facts.scope.period.contains(one.end)
        and one.name not in going
    ]
    if not terms:
        return None
    named = "、".join(f"{one.name}（{day_words(one.end)}）" for one in _by_end(terms)[:_NAMED])
    return Found(
        len(terms),
        "家",
        f"{facts.this_period}有 {len(terms)} 家开发商合作到期、没有续上：{named}。",
        "了解合作到期的开发商还有没有可以合作的房源，有的重新签约，没有的从名单中注销。",
        tuple(one.cell for one in terms),
        len(raised.developers),
    )


@rule("cooperation.few", "合作开发商偏少", Weight.MEDIUM, needs=(Developer,), reads=SUPPLY_MODELS)
def few_developers(facts: Facts) -> Found | None:
    """At most summary.few_developers still cooperate (以上含本数); none at all is one, too."""
    raised = facts.once(made.raised)
    going = [one for one in raised.developers if one.is_going]
    if len(going) > facts.limit("few_developers"):
        return None
    months = sorted({one.months for one in going})
    span = "—".join(dict.fromkeys((str(months[0]), str(months[-1])))) if months else ""
    words = f"仍在合作的开发商只有 {len(going)} 家，合作期限 {span} 个月" if going else ""
    start = "扩大合作开发商的范围" if going else "重新洽谈合作开发商"
    return Found(
        len(going),
        "家",
        f"{words or '已经没有仍在合作的开发商'}，房源渠道窄，供应不稳。",
        f"{start}，争取签订期限较长的合作协议，同时推进筹建项目，减少对短期合作的依赖。",
        tuple(one.cell for one in going or raised.developers),
        len(raised.developers),
        title="" if going else "没有仍在合作的开发商",
        is_want=True,
    )


@rule("units.long_vacant", "房源长期空置", Weight.HIGH, needs=(Unit,), reads=UNIT_MODELS)
def long_vacant_units(facts: Facts) -> Found | None:
    """Lettable units vacant for policy lease.idle_months or longer.

    Source: 公共租赁住房管理办法 art. 27 for the six months, which there speak of tenants.
    """
    found = facts.once(made.vacancies)
    long = [one for one in found.vacancies if found.is_long(one)]
    if not long or len(long) < facts.limit("long_vacant_units"):
        return None
    units, lettable = facts.loaded.get(Unit), sum(found.lettable.values())
    estates = units.column("estate")
    by_estate = Counter(estates[one.standing.index] or "小区未填" for one in long)
    places = "、".join(f"{name} {count} 套" for name, count in leading(by_estate))
    longest = max(one.months or 0 for one in long)
    return Found(
        len(long),
        "套",
        f"{_of_vacant(len(long), len(found.vacancies))}连续空置满 {found.limit_months} 个月，"
        f"占可出租房源 {lettable:,} 套的 {share(len(long), lettable)}，最长的空置 {longest} 个月，"
        f"{'集中' if len(by_estate) > _NAMED else '分布'}在{places}。",
        f"对长期空置的 {len(long)} 套房源逐套查明原因，能住的列入下一批配租，"
        "要修缮的排出完工时间。",
        tuple(units.cell(one.standing.index, "unit_no") for one in long),
        lettable,
    )


@rule("units.occupancy", "入住率偏低", Weight.MEDIUM, needs=(Unit,), reads=UNIT_MODELS)
def low_occupancy(facts: Facts) -> Found | None:
    """Occupied ÷ lettable is below summary.occupancy_percent; counted are the empty units."""
    standings = facts.once(unit_standings)
    ratio, units = ratio_of(standings), facts.loaded.get(Unit)
    let, lettable = ratio.numerator, ratio.denominator
    if not facts.is_below(let, lettable, "occupancy_percent"):
        return None
    empty = [one.index for one in standings if one.lettable and one.lease is None]
    limit = facts.limit("occupancy_percent")
    return Found(
        len(empty),
        "套",
        f"公租房入住率 {share(let, lettable)}（{let:,}/{lettable:,} 套），低于 {limit}%。",
        f"加快空置房源的修缮和配租，使入住率达到 {limit}%。",
        tuple(units.cell(index, "unit_no") for index in empty),
        lettable,
    )


@rule("waiting.many", "轮候户数偏多", Weight.MEDIUM, needs=(WaitingEntry,))
def many_waiting(facts: Facts) -> Found | None:
    """At least summary.waiting_households wait at the end of the last day that counts."""
    live = read_waiting_list(facts.loaded).live(facts.day)
    if len(live) < facts.limit("waiting_households"):
        return None
    oldest = min(one.approved_on for one in live)
    return Found(
        len(live),
        "户",
        f"截至{day_words(facts.day)}仍有 {len(live):,} 户轮候，最早的 {day_words(oldest)}获批。",
        "按轮候人数和户型需求测算缺口，提出下一批摇号配租的房源和时间。",
        tuple(one.cell() for one in live),
    )


@rule("waiting.long", "轮候超过规定年限", Weight.HIGH, needs=(WaitingEntry,))
def long_waiting(facts: Facts) -> Found | None:
    """Households waiting for policy allocation.max_waiting_years since approval (以上含本数).

    Source: 公共租赁住房管理办法 art. 10.
    """
    years = lookup.at("allocation.max_waiting_years", facts.day, facts.scope.overrides)
    live = read_waiting_list(facts.loaded).live(facts.day)
    long = [one for one in live if _anniversary(one.approved_on, int(years)) <= facts.day]
    if not long:
        return None
    return Found(
        len(long),
        "户",
        f"{among(f'轮候的 {len(live):,} 户', len(live), len(long), '户')}自批准之日起"
        f"已满 {years} 年，最早的 {day_words(_earliest(long))}获批。",
        f"对满 {years} 年的轮候家庭逐户复核资格和意向，符合条件的优先安排配租或改发租赁补贴。",
        tuple(one.cell("approved_on") for one in long),
        len(live),
    )


def _these(count: int) -> str:
    return f"这 {count} 家开发商逐一" if count > 1 else "这家开发商"


def _of_vacant(long: int, vacant: int) -> str:
    if long == vacant:
        return f"{vacant} 套空置房源{'均' if vacant > 1 else ''}已"
    return f"空置的 {vacant} 套房源中，{long} 套已"


def _by_end(terms: Iterable[Term]) -> list[Term]:
    return sorted(terms, key=lambda one: (one.end, one.number))


def _earliest(entries: Iterable[Registration]) -> dt.date:
    return min(one.approved_on for one in entries)


def _anniversary(day: dt.date, years: int) -> dt.date:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)
