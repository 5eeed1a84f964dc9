"""What the regulation says of each kind of case: article, consequences, fine limit, ban."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.core.errors import UsageError
from zhubao.core.money import FEN_PER_YUAN, format_yuan
from zhubao.ledger.patrol import CaseKind

Overrides = Mapping[str, Any] | None
ACTS, FALSE, OTHER_HOME = "36", "35", "31"  # articles that cases are settled by
ARTICLES = {
    ACTS: "第二十七条、第三十六条",
    FALSE: "第三十五条",
    OTHER_HOME: "第三十一条",
}
_MARKS = {"三十六条": ACTS, "三十五条": FALSE, "三十一条": OTHER_HOME}
_BANNING = frozenset({ACTS, FALSE})
_RESTORABLE = frozenset({CaseKind.REFITTED, CaseKind.SECURITY_DOOR, CaseKind.DAMAGED})


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is proposed for a case. `article` is "" where no article speaks of the kind."""

    article: str
    basis: str
    condition: str
    consequences: tuple[str, ...]

    @property
    def bans(self) -> bool:
        """True when the household may not apply again for some years after giving back."""
        return self.article in _BANNING


@dataclass(frozen=True, slots=True)
class FineLimit:
    """The highest fine, in fen, and in words how it comes about."""

    amount: int
    words: str


def ruling_of(
    kind: CaseKind,
    day: dt.date,
    overrides: Overrides = None,
    *,
    article: str = "",
    basis: str | None = None,
) -> Ruling:
    """The article for a case: the one named, else the one its written basis names, else its kind's.

    Source: 《公共租赁住房管理办法》 art. 27 with 36 (acts against the lease), 31 (another home),
    35 (false application). A kind without an article has no basis and no consequences. Raises
    `UsageError` for another article than these.
    """
    if article and article not in ARTICLES:
        raise UsageError(
            f"--article 的“{article}”不认识",
            advice=f"可以写：{'、'.join(ARTICLES)}（{'、'.join(ARTICLES.values())}）。",
        )
    written = next((number for mark, number in _MARKS.items() if mark in (basis or "")), "")
    by_kind: Mapping[str, str] = policy.at("patrol.case_article", day, overrides)
    number = article or written or str(by_kind.get(kind.value, ""))
    if number not in ARTICLES:
        return Ruling("", basis or "", "", ())
    source = policy.in_force("patrol.case_article", day, overrides).source
    conditions = policy.at("patrol.case_condition", day, overrides) if number == ACTS else {}
    consequences = policy.at("patrol.case_consequence", day, overrides).get(number, ())
    own = f"{source}{ARTICLES[number]}"
    condition = str(conditions.get(kind.value, ""))
    return Ruling(number, basis or own, condition, tuple(consequences))


def fine_limit(
    article: str, illegal_gain: int | None, day: dt.date, overrides: Overrides = None
) -> FineLimit:
    """The highest fine for an article, in fen (以下含本数).

    Without illegal gain 1000 yuan (arts 35 and 36). With illegal gain (art. 36): three times the
    gain, 30,000 yuan at most. Zero where the article knows no fine.
    """
    limits: Mapping[str, int] = policy.at("patrol.fine_limit", day, overrides)
    if article not in limits:
        named = ARTICLES.get(article)
        return FineLimit(0, f"{named}没有罚款" if named else "没有可以罚款的条款")
    if illegal_gain and article == ACTS:
        times = int(policy.at("patrol.gain_multiple", day, overrides))
        most = int(policy.at("patrol.gain_fine_limit", day, overrides)) * FEN_PER_YUAN
        amount = min(times * illegal_gain, most)
        gain = format_yuan(illegal_gain)
        return FineLimit(
            amount,
            f"第三十六条：违法所得 {gain} 元的 {times} 倍以下，且不超过 {format_yuan(most)} 元",
        )
    amount = int(limits[article]) * FEN_PER_YUAN
    return FineLimit(amount, f"{ARTICLES[article]}：{format_yuan(amount)} 元以下")


def refuse_high_fine(
    fine: int | None,
    ruling: Ruling,
    illegal_gain: int | None,
    day: dt.date,
    overrides: Overrides = None,
) -> None:
    """`UsageError` naming the article when a fine is above the legal maximum."""
    limit = fine_limit(ruling.article, illegal_gain, day, overrides)
    if fine and fine > limit.amount:
        raise UsageError(
            f"罚款 {format_yuan(fine)} 元超过上限 {format_yuan(limit.amount)} 元（{limit.words}）",
            advice="请改小 --fine；有违法所得的写 --gain；按另一条处理的写 --article。",
        )


def ban_until(ruling: Ruling, returned_on: dt.date, overrides: Overrides = None) -> dt.date | None:
    """The last day of the ban: return + 5 years; None where the article bans nobody.

    Returned on 29 February: until 28 February. Source: arts 35 and 36, 自退回之日起.
    """
    if not ruling.bans:
        return None
    years = int(policy.at("patrol.ban_years", returned_on, overrides))
    year = returned_on.year + years
    try:
        return returned_on.replace(year=year)
    except ValueError:
        return returned_on.replace(year=year, day=28)


def is_restorable(kind: CaseKind) -> bool:
    """True for acts that count against the tenant only when the home is not restored (art. 27)."""
    return kind in _RESTORABLE


def basis_lines(day: dt.date, overrides: Overrides = None) -> tuple[str, ...]:
    """The sources for a report's references."""
    codes = ("case_article", "fine_limit", "gain_fine_limit", "ban_years", "case_days")
    return tuple(policy.basis(f"patrol.{code}", day, overrides) for code in codes)
