"""What the command answers: every figure, what a person must still write, problems, 勾稽."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zhubao.audit.trace.places import count_cells
from zhubao.core.finding import Finding
from zhubao.core.money import format_yuan
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.summary.narrative.offers import Settled
from zhubao.summary.narrative.slots import SLOTS
from zhubao.summary.reconcile.checks import Outcome, Reconciled
from zhubao.summary.words.edited import edited_facts, edited_notes
from zhubao.summary.words.facts import REVIEW_LIMIT
from zhubao.summary.words.outline import SLOT, Paragraph
from zhubao.summary.words.own_numbers import differing_numbers
from zhubao.summary.words.spans import cut_note
from zhubao.summary.words.telling import (
    EXACT,
    FACT,
    LAST,
    LAST_YEAR,
    NOTE,
    YEAR,
    Piece,
    Telling,
)

if TYPE_CHECKING:
    from zhubao.summary.indicators.figures import Measured
    from zhubao.summary.problems.rules import Problem
    from zhubao.summary.summary import Progress, Summary, Value

_COUNT = ValueKind.COUNT
_NONE = "—"
_NOT_ADDITIVE = (
    "各月的户数（一户一期只计一次）、收缴率、整改情况按当月月末各算各的，相加不等于半年数；"
    "租金实收、配租、审批、巡查次数等按日期计的可以相加"
)
_WHOLE_UNITS = {"元": "分", "分": "0.01分"}  # of the whole numbers a script gets
# what a number consists of; the other notes stand in the document and in 说明 of the workbook
_MADE_UP_OF = ("supply.pipeline", "supply.cooperating", "units.delivered", "campaigns.estates")


@dataclass(frozen=True, slots=True)
class Written:
    """One summary as written: what it is told from, its paragraphs, and what stands beside it."""

    telling: Telling
    paragraphs: tuple[Paragraph, ...]
    problems: tuple[Problem, ...]
    reconciled: tuple[Reconciled, ...]
    unused: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    settled: Mapping[str, Settled] = field(default_factory=dict)

    @property
    def open_slots(self) -> tuple[str, ...]:
        """The codes of what must still be written, in the order of the text."""
        return tuple(one.slot for one in self.paragraphs if one.kind == SLOT and one.is_open)

    @property
    def own_numbers(self) -> tuple[tuple[str, str], ...]:
        """Numbers in the clerk's words that differ from a figure: as written, and the figure."""
        slots = (one for one in self.paragraphs if one.kind == SLOT and not one.is_open)
        texts = [piece.text for one in slots for piece in one.pieces]
        texts += [line for one in self.settled.values() for line in one.lines if line is not None]
        return differing_numbers(texts, self.telling.summary)


def figure_pieces(telling: Telling, code: str) -> tuple[Piece, Piece, Piece]:
    """The exact number of a figure, a year before, and in the period compared with.

    To be printed and checked.
    """
    other = YEAR if telling.against == LAST_YEAR else LAST
    now, year, compared = (_exact_piece(telling, code, part) for part in (EXACT, YEAR, other))
    return now, year, compared


def _exact_piece(telling: Telling, code: str, part: str) -> Piece:
    text = telling.text(code, part)
    return Piece(text, code, part) if text else Piece(_NONE)


def written_report(written: Written, *, code: str, origin: str, files: Sequence[str]) -> Report:
    """The answer for terminal and JSON; `code` is that of the command."""
    summary = written.telling.summary
    return Report(
        code=code,
        title=written.paragraphs[0].text.removeprefix(summary.bureau),
        bureau=summary.bureau,
        as_of=summary.as_of,
        period=summary.period.title,
        stocks_on=summary.period.end,
        tables=(
            _figures(written.telling),
            _open(written),
            _problems(written.problems),
            _reconciled(written.reconciled),
        ),
        notes=tuple(_notes(written, origin)),
        findings=written.findings,
        facts=_facts(written, files),
    )


def _figures(telling: Telling) -> Table:
    columns = (
        Column("title", "指标"),
        Column("now", "本期", flush_right=True),
        Column("whole", "分母", flush_right=True),
        Column("rate", "比率", flush_right=True),
        Column("year", "上年同期", level=2, flush_right=True),
        Column("target", "目标进度", level=2, flush_right=True),
        Column("sources", "来源单元格数", _COUNT, level=2),
        Column("code", "编号", level=3),
    )
    rows = [
        _figure_row(telling, code, value)
        for code, value in telling.summary.values.items()
        if value.measured is not None
    ]
    return Table("figures", "指标", columns, rows)


def _figure_row(telling: Telling, code: str, value: Value) -> Row:
    assert value.measured is not None
    rate = value.progress.annual_rate if value.progress is not None else None
    share = f"{rate.value:.2%}" if rate is not None and rate.value is not None else None
    sources = value.measured.sources
    values = (
        value.figure.title,
        *_split(telling, code),
        _spaced(telling.text(code, YEAR), value.figure.unit),
        share,
        count_cells(sources),
        code,
    )
    return Row(values, sources)


def _split(telling: Telling, code: str) -> tuple[str | None, str | None, str | None]:
    """Number, whole and rate of a figure, so that no terminal cuts one off."""
    text = telling.text(code, EXACT) or ""
    unit = telling.summary.value(code).figure.unit
    value, divided, rest = text.partition(" / ")
    if not divided:
        return _spaced(text, unit), None, None
    whole, _, rate = rest.partition(" = ")
    return f"{value} {unit}", _spaced(whole, unit), rate


def _spaced(text: str | None, unit: str) -> str | None:
    """The number and its unit apart, as 勾稽 has them: 2,113 套, 2,003 / 2,071 套 = 96.72%."""
    if text is None:
        return None
    number, equals, rate = text.partition(" = ")
    return f"{number.removesuffix(unit).rstrip()} {unit}{equals}{rate}"


def _open(written: Written) -> Table:
    columns = (Column("code", "编号"), Column("title", "段落"), Column("prompt", "写什么"))
    rows = [
        Row((code, SLOTS[code].title, SLOTS[code].prompt), emphasis="warning")
        for code in written.open_slots
    ]
    return Table("to_write", "请补写的段落", columns, rows)


def _problems(problems: Sequence[Problem]) -> Table:
    columns = (
        Column("title", "问题"),
        Column("severity", "轻重"),
        Column("count", "数量", flush_right=True),
        Column("sentence", "情况", level=3),
        Column("plan", "建议", level=3),
    )
    rows = [
        Row((one.title, one.severity.value, _count(one), one.sentence, one.plan), one.cells)
        for one in problems
    ]
    notes = ("情况和建议写在总结的第二、第三部分，可以保留或删去",) if problems else ()
    return Table("problems", f"台账反映的问题（{len(problems)} 项）", columns, rows, notes=notes)


def _count(one: Problem) -> str:
    shown = format_yuan(one.count) if one.unit == "元" else f"{one.count:,}"
    return f"{shown} {one.unit}"


def _reconciled(lines: Sequence[Reconciled]) -> Table:
    columns = (
        Column("title", "勾稽关系"),
        Column("left", "左边", flush_right=True),
        Column("right", "右边", flush_right=True),
        Column("outcome", "结果"),
        Column("left_title", "左边是", level=3),
        Column("right_title", "右边是", level=3),
        Column("explanation", "说明", level=3),
    )
    order = (Outcome.OPEN, Outcome.EXPLAINED, Outcome.HOLDS)  # as in the workbook
    lines = sorted(lines, key=lambda one: order.index(one.outcome))
    rows = [_reconciled_row(one) for one in lines]
    notes = tuple(
        f"{one.title}：{one.explanation or '台账和口径都没有说明，请核对'}"
        for one in lines
        if not one.holds or _is_open(one)
    )
    return Table("reconciled", f"勾稽（{len(lines)} 项）", columns, rows, notes=notes)


def _reconciled_row(one: Reconciled) -> Row:
    values = (
        one.title,
        one.words(one.left),
        one.words(one.right),
        one.outcome.value,
        one.left_title,
        one.right_title,
        one.explanation,
    )
    return Row(values, one.cells, "warning" if _is_open(one) else "")


def _is_open(one: Reconciled) -> bool:
    return one.outcome is Outcome.OPEN


def _notes(written: Written, origin: str) -> list[str]:
    summary = written.telling.summary
    telling = written.telling
    own = written.own_numbers
    checked = "程序写的数已从写好的文件里读回，逐个核对一致"
    notes = [f"台账截止日期 {summary.as_of}（{origin}）", checked]
    if own:
        listed = "；".join(f"{text}（{figure}）" for text, figure in own)
        notes.append(f"补写、改写的段落里有 {len(own)} 个数与指标不同，请核对：{listed}")
    cut = cut_note(summary)
    notes += [cut] if cut else []
    details = [
        f"{summary.value(code).figure.title}：{note}"
        for code in _MADE_UP_OF
        if code in summary.values and (note := telling.text(code, NOTE))
    ]
    limit = telling.text(REVIEW_LIMIT, FACT)
    details += [f"区级复审时限：{limit}"] if limit else []
    notes += [f"其中：{'；'.join(details)}"] if details else []
    notes += _left_out(summary)
    if telling.is_month:
        notes.append(_NOT_ADDITIVE)
    notes += edited_notes(written.settled)
    if written.unused:
        notes.append(f"补写文件里没有用上的段落：{'、'.join(written.unused)}（可用的编号见下）")
        notes.append(f"可用的编号：{'、'.join(SLOTS)}")
    return notes


def _left_out(summary: Summary) -> list[str]:
    """The figures without a number, by the reason."""
    reasons: dict[str, list[str]] = {}
    for one in summary.values.values():
        if one.measured is None:
            reasons.setdefault(one.missing, []).append(one.figure.title)
    listed = "；".join(f"{'、'.join(titles)}（{why}）" for why, titles in reasons.items())
    return [f"没有写进总结的指标：{listed}"] if listed else []


def _facts(written: Written, files: Sequence[str]) -> dict[str, Any]:
    values = written.telling.summary.values
    return {
        "period": written.telling.summary.period.label,
        "figures": {code: _fact(one) for code, one in values.items()},
        "texts": [one.text for one in written.paragraphs],
        "to_write": list(written.open_slots),
        "unused_notes": list(written.unused),
        "edited": edited_facts(written.settled),
        "own_numbers": [
            {"written": text, "figure": figure} for text, figure in written.own_numbers
        ],
        "problems": len(written.problems),
        "reconciled": {
            "lines": len(written.reconciled),
            "open": sum(_is_open(one) for one in written.reconciled),
        },
        "files": list(files),
    }


def _fact(one: Value) -> dict[str, Any]:
    measured = one.measured
    return {
        "title": one.figure.title,
        "unit": _WHOLE_UNITS.get(one.figure.unit, one.figure.unit),
        **_numbers(measured),
        "last_year": _companion(one.last_year, one.last_year_missing),
        "last_period": _companion(one.last_period, one.last_period_missing),
        "progress": _progress(one.progress) if one.progress else None,
        "sources": count_cells(measured.sources) if measured is not None else 0,
        "note": measured.note if measured is not None else one.missing,
    }


def _numbers(measured: Measured | None) -> dict[str, int | None]:
    value, whole = (None, None) if measured is None else (measured.value, measured.whole)
    return {"numerator": value, "denominator": whole}


def _companion(measured: Measured | None, missing: str) -> dict[str, Any]:
    """An earlier period's numbers; None with the reason, or what must be said with them."""
    note = missing if measured is None else measured.partial or measured.note
    return {**_numbers(measured), "note": note}


def _progress(one: Progress) -> dict[str, Any]:
    """What is done of the targets, in their unit; the rate is done ÷ target."""
    return {
        "unit": one.unit,
        "annual_target": one.annual,
        "annual_done": one.done,
        "half_year_target": one.half_year,
        "half_year_done": one.half_done,
    }
