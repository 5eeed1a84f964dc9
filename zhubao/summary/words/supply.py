"""Sentences on 房源: raised, in preparation, dispatched; and special cases of projects."""

from __future__ import annotations

from zhubao.summary.words.comparing import beside
from zhubao.summary.words.telling import NOTE, Telling, listed

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
    """How many units were raised, by channel."""
    if not telling.told("supply.raised"):
        return None
    channels = listed(telling, _CHANNELS)
    split = f"，其中{channels}" if channels else ""
    total = telling.n("supply.raised") + beside(telling, "supply.raised")
    return f"共筹集房源{total}{split}。"


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
