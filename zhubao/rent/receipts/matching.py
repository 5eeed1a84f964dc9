"""Whose money a line is: what its words point to, and how sure that is.

The signs in order: a household number, a lease number, the address of a unit, the payer's name
with an amount that is natural for the household. One sign is enough; two that contradict each other
leave the line to a person. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from zhubao.rent.receipts.directory import Directory, Rule, Sign
from zhubao.rent.receipts.lines import StatementLine
from zhubao.rent.receipts.signs import NumberFinder

_SHOWN = 5


class Confidence(StrEnum):
    """把握."""

    CERTAIN = "确定"
    DOUBTFUL = "存疑"
    UNKNOWN = "不明"


@dataclass(frozen=True, slots=True)
class Match:
    """The answer for one line. `household` only when certain; `candidates` for a person to judge.

    `reason` is in words for the clerk and carries no name. `unknown`: numbers in the line that look
    like the ledger's and are not.
    """

    confidence: Confidence
    household: str = ""
    rule: Rule = Rule.NONE
    reason: str = ""
    candidates: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @classmethod
    def nobody(cls) -> Match:
        """The answer where there is nothing to go by."""
        return cls(Confidence.UNKNOWN)


def match_line(line: StatementLine, directory: Directory) -> Match:
    """Whose money the line is.

    A number put into 认定家庭编号 by a person stands above every sign. Otherwise the first sign
    that points anywhere decides, where every other one agrees. Several households under one sign
    are narrowed down by the others. A name alone needs an amount that fits exactly one household.
    """
    if line.decided:
        return _decided(line, directory)
    signs = [
        _numbered(Rule.NUMBER, line, directory.numbers, line.household),
        _numbered(Rule.LEASE, line, directory.leases, line.lease),
        directory.addressed(line),
    ]
    named = directory.named(line)
    pointing = [sign for sign in signs if sign.households]
    unknown = [number for sign in signs for number in sign.unknown]
    found = _agreed(pointing, named) if pointing else _by_name(line, named, directory)
    return _checked(line, found, unknown, directory)


def _decided(line: StatementLine, directory: Directory) -> Match:
    owner = directory.numbers.owner(line.decided)
    if owner is None:
        reason = f"认定家庭编号 {line.decided} 不在保障家庭台账里"
        return Match(Confidence.DOUBTFUL, rule=Rule.DECIDED, reason=reason)
    return Match(Confidence.CERTAIN, owner, Rule.DECIDED, "由人工认定")


def _numbered(rule: Rule, line: StatementLine, finder: NumberFinder, own: str) -> Sign:
    """The line's own column and its words together; numbers that nobody has are told."""
    found, unknown = finder.search(f"{line.memo} {line.payer}")
    if own:
        owner = finder.owner(own)
        if owner is None:
            unknown.add(own)
        else:
            found.add(owner)
    return Sign(rule, frozenset(found), tuple(sorted(unknown)))


def _agreed(signs: list[Sign], named: frozenset[str]) -> Match:
    """The household all signs have in common; contradictions are for a person."""
    first = signs[0]
    everybody = [sign.households for sign in signs] + ([named] if named else [])
    common = frozenset.intersection(*everybody)
    if len(common) == 1:
        notes = "；".join(sign.note for sign in signs if sign.note)
        sure = Confidence.DOUBTFUL if notes else Confidence.CERTAIN
        (household,) = common
        reason = notes or f"{'、'.join(sign.rule.value for sign in signs)}指向 {household}"
        candidates = (household,) if notes else ()
        return Match(sure, "" if notes else household, first.rule, reason, candidates)
    shown = [f"{sign.rule.value}指向 {_listed(sign.households)}" for sign in signs]
    shown += [f"同名的是 {_listed(named)}"] if named else []
    what = "互相矛盾" if len(shown) > 1 and not common else "不止一户"
    reason = f"{what}：{'，'.join(shown)}"
    return Match(Confidence.DOUBTFUL, "", first.rule, reason, _ordered(everybody))


def _by_name(line: StatementLine, named: frozenset[str], directory: Directory) -> Match:
    if not named:
        return Match(Confidence.UNKNOWN, reason="没有编号、地址，付款人也不在台账里")
    fitting = sorted(one for one in named if directory.accounts.fits(one, line.amount))
    if len(fitting) == 1:
        reason = "同名的只有一户，金额合" if len(named) == 1 else "同名的几户里只有这一户金额合"
        return Match(Confidence.CERTAIN, fitting[0], Rule.NAME, reason)
    what = "有几户同名，金额也都合" if fitting else "有同名的家庭，金额对不上欠租和月租"
    candidates = tuple(fitting or sorted(named))
    return Match(Confidence.DOUBTFUL, "", Rule.NAME, what, candidates[:_SHOWN])


def _checked(line: StatementLine, found: Match, unknown: list[str], directory: Directory) -> Match:
    """What keeps a match from being certain, or unknown money from being merely unknown."""
    doubts = [line.doubt] if line.doubt else []
    if unknown:
        doubts.append(f"编号 {'、'.join(unknown[:_SHOWN])} 不在台账里")
    if found.household and not directory.accounts.has_account(found.household):
        doubts.append(f"{found.household} 没有租赁合同，也没有应收")
    if not doubts:
        return found
    words = "；".join(doubts)
    if found.confidence is Confidence.UNKNOWN:
        return Match(Confidence.UNKNOWN, reason=words, unknown=tuple(unknown))
    candidates = (found.household,) if found.household else found.candidates
    reason = f"{words}；{found.reason}" if found.reason else words
    return Match(Confidence.DOUBTFUL, "", found.rule, reason, candidates, tuple(unknown))


def _ordered(groups: Iterable[frozenset[str]]) -> tuple[str, ...]:
    """Every household named, those of the first group first."""
    return tuple(dict.fromkeys(one for group in groups for one in sorted(group)))[:_SHOWN]


def _listed(households: frozenset[str]) -> str:
    more = "……" if len(households) > _SHOWN else ""
    return "、".join(sorted(households)[:_SHOWN]) + more
