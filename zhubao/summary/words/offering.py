"""The sentences a summary offers, each under a code that never changes.

They are on problems, on plans, and on what is not told because a ledger was not found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zhubao.summary.words.facts import plan_code, problem_code
from zhubao.summary.words.telling import FACT, Sentence, Telling, plain

if TYPE_CHECKING:
    from zhubao.summary.indicators.figures import Figure, Measured
    from zhubao.summary.problems.rules import Problem

MISSING = "missing"  # kind of an offer; the first figure that is not told follows
Offer = tuple[str, "Problem", str]  # code, problem, marked text


def problem_offers(telling: Telling, problems: Sequence[Problem]) -> Iterator[Offer]:
    """problem.RULE for each problem, in order."""
    for number, one in enumerate(problems, 1):
        yield f"problem.{one.code}", one, telling.n(problem_code(number), FACT)


def plan_offers(
    telling: Telling, problems: Sequence[Problem], drop: Collection[str]
) -> Iterator[Offer]:
    """plan.RULE for each proposal, once though several problems lead to it.

    It goes by the first problem that is not to be dropped.
    """
    seen: set[str] = set()
    for number, one in enumerate(problems, 1):
        if not one.plan or one.plan in seen or one.code in drop:
            continue
        seen.add(one.plan)
        yield f"plan.{one.code}", one, telling.n(plan_code(number), FACT)


def offered_sentences(
    telling: Telling, problems: Sequence[Problem], drop: Collection[str] = ()
) -> dict[str, str]:
    """Code → sentence as a reader sees it."""
    offers = (*problem_offers(telling, problems), *plan_offers(telling, problems, drop))
    return {code: plain(text) for code, _, text in offers}


@dataclass(frozen=True, slots=True)
class _Listening(Telling):
    """Keeps the codes that sentences ask for."""

    asked: list[str] = field(default_factory=list)

    def figure(self, code: str) -> tuple[Figure, Measured] | None:
        """As told, and noted."""
        self.asked.append(code)
        return Telling.figure(self, code)


def missing_offer(
    telling: Telling, title: str, sentences: Iterable[Sentence]
) -> tuple[str, str] | None:
    """missing.FIGURE and the line on what a section cannot say for want of a workbook.

    None where no figure its sentences ask for needs a workbook that was not found. A workbook that
    was found and has no rows is none of these.
    """
    if not telling.absent:
        return None
    listening = _Listening(telling.summary, telling.facts, telling.absent)
    told = [sentence(listening) for sentence in sentences]
    wanted = {code: _absent_for(telling, code) for code in dict.fromkeys(listening.asked)}
    first = next((code for code, files in wanted.items() if files), "")
    if not first:
        return None
    files = "、".join(dict.fromkeys(name for names in wanted.values() for name in names))
    what = f"{title}情况" if title else "这一部分"
    what += "有一部分" if any(told) else ""
    return f"{MISSING}.{first}", (
        f"（没有找到 {files}，{what}没有写入，请补齐台账后重新生成，或删去这一行）"
    )


def _absent_for(telling: Telling, code: str) -> list[str]:
    value = telling.summary.values.get(code)
    if value is None or value.measured is not None:
        return []
    books = (model.SHEET.workbook for model in value.figure.needs)
    return [telling.absent[book] for book in books if book in telling.absent]
