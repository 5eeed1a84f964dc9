"""Sentences on 房源: raised, in preparation, dispatched; and special cases of projects."""

from __future__ import annotations

from zhubao.summary.words.comparing import beside
from zhubao.summary.words.facts import (
    RAISED_DONE,
    RAISED_RATE,
    RAISED_TARGET,
    SINCE,
    raised_due,
)
from zhubao.summary.words.telling import FACT, NOTE, Telling, listed

_CHANNELS = (
    ("社会合作房", "supply.raised.cooperation"),
    ("团购商品房", "supply.raised.group_purchase"),
    ("限价商品房", "supply.raised.price_capped"),
    ("公租房", "supply.raised.public_rental"),
)
_TYPES = (
    ("经适房", "dispatch.units.affordable"),
    ("商品房", "dispatch.units.commercial"),
    ("公租房", "dispatch.units.public_rental"),
)


def raised(telling: Telling) -> str | None:
    """How many units were raised, by channel; of a target behind its time what is done of it.

    None raised is told where there is a target.
    """
    target = _target(telling)
    if not telling.told("supply.raised"):
        span = "本月" if telling.is_month else "本期"
        return f"{span}没有新筹集房源{target}。" if target else None
    channels = listed(telling, _CHANNELS)
    split = f"，其中{channels}" if channels else ""
    total = telling.n("supply.raised") + beside(telling, "supply.raised")
    return f"共筹集房源{total}{split}{target}。"


def _target(telling: Telling) -> str:
    """ "，1—5月累计1366套，完成半年目标（1800套）的75.89%", or nothing."""
    due = raised_due(telling.summary)
    if due is None or not telling.text(RAISED_TARGET, FACT):
        return ""
    name, target = f"{due.span}目标", telling.n(RAISED_TARGET, FACT)
    if not telling.text(RAISED_DONE, FACT):
        return f"（{name}{target}）"
    since = telling.n_or(SINCE, FACT, "，{}累计")
    done = telling.n(RAISED_DONE, FACT) if since else ""
    return f"{since}{done}，完成{name}（{target}）的{telling.n(RAISED_RATE, FACT)}"


def pipeline(telling: Telling) -> str | None:
    """What is expected of projects the city has approved, and how far they are."""
    if not telling.told("supply.pipeline"):
        return None
    named = telling.n_or("supply.pipeline", NOTE, "“{}”")
    return f"经市级批复、正在筹建的项目{named}预计可提供房源约{telling.n('supply.pipeline')}。"


def cooperating(telling: Telling) -> str | None:
    """Developers whose term still runs, and the terms."""
    if not telling.told("supply.cooperating"):
        return None
    term = telling.n_or("supply.cooperating", NOTE, "，{}")
    return f"期末仍在合作期内的开发商有{telling.n('supply.cooperating')}{term}。"


def dispatched(telling: Telling) -> str | None:
    """Units handed to 棚改 projects, by type."""
    if not telling.told("dispatch.units"):
        return None
    types = listed(telling, _TYPES)
    split = f"，其中{types}" if types else ""
    total = telling.n("dispatch.units") + beside(telling, "dispatch.units")
    return f"向各棚改项目调配房源{total}{split}。"


def special_cases(telling: Telling) -> str | None:
    """Special cases resolved."""
    if not telling.told("cases.special_resolved"):
        return None
    return (
        "对征收项目中情况特殊的家庭逐户核实、专人对接，"
        f"解决个案{telling.n('cases.special_resolved')}。"
    )


def delivered(telling: Telling) -> str | None:
    """Units delivered, by estate."""
    if not telling.told("units.delivered"):
        return None
    estates = telling.n_or("units.delivered", NOTE, "（{}）")
    return f"新交付公租房{telling.n('units.delivered')}{estates}。"
