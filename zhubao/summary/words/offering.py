"""The sentences a summary offers, each under a code that never changes.

They are on problems, on plans, on what is not told because a ledger was not found, and on numbers
that do not agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zhubao.summary.reconcile.checks import Reconciled, all_checks, open_questions
from zhubao.summary.words.facts import plan_code, problem_code
from zhubao.summary.words.telling import FACT, Sentence, Telling, plain

if TYPE_CHECKING:
    from zhubao.summary.indicators.figures import Figure, Measured
    from zhubao.summary.narrative.offers import Settled
    from zhubao.summary.problems.rules import Problem

MISSING = "missing"  # kind of an offer; the first figure that is not told follows
OPEN = "open"  # kind of an offer; the code of the 勾稽 follows
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


def open_offers(reconciled: Iterable[Reconciled]) -> dict[str, str]:
    """open.CHECK → the line on each 勾稽 that neither agrees nor is explained, in order."""
    return {f"{OPEN}.{one.code}": _open_line(one) for one in open_questions(reconciled)}


def _open_line(one: Reconciled) -> str:
    left = abs(one.unexplained)
    rest = f"，其中差 {one.words(left)}没有口径可以说明"
    rest = "" if left in (0, abs(one.difference)) else rest
    return (
        f"（待核对：{one.title}，左边 {one.words(one.left)}，右边 {one.words(one.right)}{rest}，"
        "请核对后删去这一行）"
    )


def without_open(settled: Mapping[str, Settled]) -> dict[str, Settled]:
    """All but the lines on 勾稽: no file of notes can name those."""
    return {code: one for code, one in settled.items() if not _is_open(code)}


def lost_open_lines(settled: Mapping[str, Settled]) -> Iterator[str]:
    """Each line on a 勾稽 in the clerk's words that is not written any more, and why."""
    titles = {f"{OPEN}.{one.code}": one.title for one in all_checks()}
    for code, one in settled.items():
        if _is_open(code):
            why = "不用再核对了，没有写进" if one.is_gone else "数已经变了，换成了按新数写的"
            for line in one.lost:
                yield f"您改过的待核对一行，{why}：{titles.get(code, code)}：{line}"


def _is_open(code: str) -> bool:
    return code.startswith(f"{OPEN}.")
