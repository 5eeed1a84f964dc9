"""Clauses that compare a figure with the month, the year or the period before."""

from __future__ import annotations

from zhubao.summary.words.telling import BEFORE, DELTA, GROWTH, LAST_MONTH, Telling

_NO_POINTS = "0.00个百分点"


def beside(telling: Telling, code: str) -> str:
    """ "（上年同期321户，增长5.03%）"; in a month "，比上月增加15户、增长5.03%".

    Nothing where the ledgers have nothing, or zero, of then.
    """
    found, before = telling.figure(code), telling.before(code)
    if found is None or before is None or not before.value:
        return ""
    change, grown = found[1].value - before.value, ""
    if telling.text(code, GROWTH):
        grown = f"{'增长' if change > 0 else '下降'}{telling.n(code, GROWTH)}"
    if telling.against != LAST_MONTH:
        more = "，持平" if not change else f"，{grown}" if grown else ""
        return f"（{telling.against}{telling.n(code, BEFORE)}{more}）"
    if not change:
        return f"，与{telling.against}持平"
    moved = f"{'增加' if change > 0 else '减少'}{telling.n(code, DELTA)}"
    return f"，比{telling.against}{moved}{'、' if grown else ''}{grown}"


def beside_rate(telling: Telling, code: str) -> str:
    """ "，比上年同期提高12.08个百分点", or nothing where one of the two has no value."""
    found, before = telling.figure(code), telling.before(code)
    if found is None or before is None or not telling.text(code, DELTA):
        return ""
    now = found[1]
    change = now.value * (before.whole or 0) - before.value * (now.whole or 0)
    if telling.text(code, DELTA) == _NO_POINTS:
        return f"，与{telling.against}持平"
    return f"，比{telling.against}{'提高' if change > 0 else '下降'}{telling.n(code, DELTA)}"
