"""The summary as paragraphs: title, lead, work by business line, problems, plan.

A sentence that has nothing to say is left out; a heading without sentences is too, and what follows
moves up in number. Where a workbook was not found, a yellow line says what is not told for want of
it; where two numbers do not agree and nothing explains it, one at the end of the first chapter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zhubao.core.period import Month, Period
from zhubao.summary.narrative.notes import Notes
from zhubao.summary.narrative.offers import Settled
from zhubao.summary.narrative.slots import SLOTS
from zhubao.summary.words import lead, service, supply, targets, tenancy
from zhubao.summary.words.offering import (
    missing_offer,
    offered_sentences,
    open_offers,
    plan_offers,
    problem_offers,
)
from zhubao.summary.words.spans import counted_span
from zhubao.summary.words.telling import Piece, Sentence, Telling, pieces

if TYPE_CHECKING:
    from zhubao.summary.problems.rules import Problem
    from zhubao.summary.reconcile.checks import Reconciled

TITLE, LEAD, CHAPTER, PART = "标题", "导语", "一级", "二级"
ITEM, TEXT, SLOT = "三级", "正文", "补写"


_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its kind, its stretches of text, the slot or the offer it belongs to.

    A SLOT paragraph has one piece per paragraph a person wrote, or the one that asks. `offer` is
    the code of a sentence that the clerk may delete or reword, "" for all others.
    """

    kind: str
    pieces: tuple[Piece, ...]
    slot: str = ""
    is_open: bool = False
    offer: str = ""

    @property
    def text(self) -> str:
        """The paragraph as a reader sees it."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the third level with its sentences, and the slot below them."""

    title: str
    sentences: tuple[Sentence, ...]
    slot: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of the second level with its sections."""

    title: str
    sections: tuple[Section, ...]


PARTS = (
    Part(
        "多渠道保障房源供应",
        (
            Section("房源筹集", (supply.raised, supply.pipeline, supply.cooperating), "supply"),
            Section("房源调配", (supply.dispatched,), "dispatch"),
            Section("项目个案", (supply.special_cases,)),
        ),
    ),
    Part(
        "抓实住房保障日常管理",
        (
            Section(
                "动态管理",
                (
                    tenancy.patrolled,
                    tenancy.key_households,
                    tenancy.violations,
                    tenancy.campaigns,
                    tenancy.vacancies,
                ),
                "management",
            ),
            Section(
                "租金收缴",
                (
                    tenancy.rent_received,
                    tenancy.arrears,
                    tenancy.rent_remitted,
                    tenancy.rent_to_remit,
                ),
            ),
            Section("住房补贴", (tenancy.subsidy, tenancy.staff_subsidy)),
            Section("年审", (service.reviewed,)),
            Section("购买服务考核", (service.contractor,)),
            Section("安全生产", (tenancy.hazards,), "safety"),
            Section("内部管理", (service.care,), "office"),
        ),
    ),
    Part(
        "提升分配和审批质效",
        (
            Section(
                "公租房分配",
                (supply.delivered, service.waiting, service.allocated, service.occupancy),
                "allocation",
            ),
            Section(
                "审批服务",
                (service.approvals, service.review_time, service.deliveries, service.tickets),
                "reform",
            ),
            Section("业务培训", (service.training,)),
            Section("审计整改", (service.audit_cases, service.audit_rates)),
        ),
    ),
    Part("做好政策宣传", (Section("", (service.news,), "publicity"),)),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """The structure of one kind of summary."""

    title: str  # {period} {next}; {counted} is what of the period has passed
    chapters: tuple[str, str, str]
    slots: frozenset[str]


_ALL = frozenset(SLOTS)
LONG = Plan(
    "{period}工作总结暨{next}工作计划",
    ("{counted}工作情况", "存在的困难和问题", "{next}工作计划"),
    _ALL,
)
SHORT = Plan(
    "{period}工作小结",
    ("{counted}工作情况", "需要关注的问题", "下月工作安排"),
    frozenset({"plan"}),
)


def outline(
    telling: Telling,
    problems: Sequence[Problem],
    notes: Notes,
    plan: Plan,
    reconciled: Sequence[Reconciled] = (),
) -> tuple[Paragraph, ...]:
    """Every paragraph of the summary from the title on, in order."""
    return tuple(_Writer(telling, notes, plan).written(problems, reconciled))


def settled_offers(
    telling: Telling,
    problems: Sequence[Problem],
    notes: Notes,
    reconciled: Sequence[Reconciled] = (),
) -> dict[str, Settled]:
    """What becomes of every sentence offered, by code, after what the clerk edited earlier."""
    sections = (section for part in PARTS for section in part.sections)
    found = (missing_offer(telling, one.title, one.sentences) for one in sections)
    asking = dict(one for one in found if one is not None) | open_offers(reconciled)
    return notes.edits.settle(asking | offered_sentences(telling, problems, notes.edits.drop))


class _Writer:
    def __init__(self, telling: Telling, notes: Notes, plan: Plan) -> None:
        self._telling, self._notes, self._plan = telling, notes, plan
        period = telling.summary.period
        names = {
            "period": period.title,
            "next": next_title(period),
            "counted": counted_span(telling.summary),
        }
        self._title = plan.title.format_map(names)
        self._names = [one.format_map(names) for one in plan.chapters]
        self._chapters = 0
        self._settled: Mapping[str, Settled] = {}

    def written(
        self, problems: Sequence[Problem], reconciled: Sequence[Reconciled]
    ) -> Iterator[Paragraph]:
        self._settled = settled_offers(self._telling, problems, self._notes, reconciled)
        yield Paragraph(TITLE, (Piece(self._telling.summary.bureau), Piece(self._title)))
        yield from self._lead()
        work, trouble, plans = self._names
        yield from self._chapter(work, [*self._targets(), *self._work(), *self._open(reconciled)])
        yield from self._chapter(trouble, self._problems(problems))
        yield from self._chapter(plans, self._plans(problems))

    def _lead(self) -> Iterator[Paragraph]:
        text = lead.headline(self._telling)
        if text:
            yield Paragraph(LEAD, pieces(text))
        yield from self._slot("lead")

    def _chapter(self, title: str, content: Sequence[Paragraph]) -> Iterator[Paragraph]:
        if not content:
            return
        self._chapters += 1
        yield _plain(CHAPTER, f"{_numeral(self._chapters)}、{title}")
        yield from content

    def _targets(self) -> list[Paragraph]:
        text = _joined(self._telling, (targets.progress,))
        return [Paragraph(TEXT, pieces(text))] if text else []

    def _work(self) -> list[Paragraph]:
        made: list[Paragraph] = []
        parts = 0
        for part in PARTS:
            content = self._sections(part)
            if content:
                parts += 1
                made += [_plain(PART, f"（{_numeral(parts)}）{part.title}"), *content]
        return made

    def _sections(self, part: Part) -> list[Paragraph]:
        made: list[Paragraph] = []
        items = 0
        for section in part.sections:
            text = _joined(self._telling, section.sentences)
            written = section.slot and self._notes.of(section.slot)
            missing = self._missing(section)
            if not (text or written or missing):
                continue
            if section.title:
                items += 1
                made.append(_plain(ITEM, f"{items}. {section.title}"))
            if text:
                made.append(Paragraph(TEXT, pieces(text)))
            made += missing
            if text or written:
                made += self._slot(section.slot)
        return made

    def _missing(self, section: Section) -> list[Paragraph]:
        """The line on a ledger that was not found, yellow; or what the clerk made of it."""
        found = missing_offer(self._telling, section.title, section.sentences)
        if found is None:
            return []
        return self._asking(*found)

    def _open(self, reconciled: Sequence[Reconciled]) -> list[Paragraph]:
        """A yellow line for every two numbers to be looked into, or what the clerk made of it."""
        offers = open_offers(reconciled)
        return [one for code, line in offers.items() for one in self._asking(code, line)]

    def _asking(self, code: str, line: str) -> list[Paragraph]:
        content = self._offer(code, (Piece(line),))
        return [replace(one, is_open=one.text == line) for one in content]

    def _problems(self, problems: Sequence[Problem]) -> list[Paragraph]:
        made: list[Paragraph] = []
        shown = 0
        for code, one, text in problem_offers(self._telling, problems):
            content = self._offer(code, pieces(text))
            if content:
                shown += 1
                made += [_plain(PART, f"（{_numeral(shown)}）{one.title}"), *content]
        return [*made, *self._slot("problems")]

    def _plans(self, problems: Sequence[Problem]) -> list[Paragraph]:
        made: list[Paragraph] = []
        shown = 0
        offers = plan_offers(self._telling, problems, self._notes.edits.drop)
        offered = {code: pieces(text) for code, _, text in offers}
        left = (one for one in self._settled if one.startswith("plan."))
        for code in dict.fromkeys((*offered, *left)):
            made += self._offer(code, offered.get(code, ()), shown)
            shown += len(self._settled.get(code, Settled()).items)
        return [*made, *self._slot("plan")]

    def _offer(
        self, code: str, offered: tuple[Piece, ...], shown: int | None = None
    ) -> list[Paragraph]:
        """The sentence as offered, or what the clerk made of it; nothing once she deleted it.

        `shown` is how many items are numbered above; None where nothing is numbered.
        """
        made = []
        settled = self._settled.get(code, Settled())
        for at, line in enumerate(settled.lines):
            words = offered if line is None else (Piece(line),)
            if shown is not None and at in settled.items:
                shown += 1
                words = (Piece(f"{shown}. "), *words)
            made.append(Paragraph(TEXT, words, offer=code))
        return made

    def _slot(self, code: str) -> list[Paragraph]:
        written = self._notes.of(code) if code else ()
        if written:
            return [Paragraph(SLOT, tuple(Piece(text) for text in written), code)]
        if code not in self._plan.slots:
            return []
        return [Paragraph(SLOT, (Piece(SLOTS[code].asking),), code, is_open=True)]


def _plain(kind: str, text: str) -> Paragraph:
    return Paragraph(kind, (Piece(text),))


def _joined(telling: Telling, sentences: Iterable[Sentence]) -> str:
    return "".join(filter(None, (sentence(telling) for sentence in sentences)))


def next_title(period: Period) -> str:
    """What the plan is for: 2020年下半年, 2021年, 2020年7月; 下一阶段 where no whole months are."""
    following = _following(period)
    if following is None:
        return "下一阶段"
    within = following.start.year == period.start.year and "-H" in following.label
    return "下半年" if within else following.title


def _following(period: Period) -> Period | None:
    first, last = Month.containing(period.start), Month.containing(period.end)
    if Period.spanning(first, last - first + 1) != period:
        return None
    return Period.spanning(last.plus(1), last - first + 1)


def _numeral(number: int) -> str:
    """一, 十, 十二, 二十三; 1 to 99."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones else "")
