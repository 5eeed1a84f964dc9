"""The letters of one run as a report: who gets which, who gets none, sums by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from zhubao.core.finding import Cell, Finding
from zhubao.core.masking import mask_name
from zhubao.core.money import yuan
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.arrears import LetterKind
from zhubao.ledger.tenants import Household
from zhubao.rent.arrears_tables import shown_name
from zhubao.rent.letters.rounds import Letter, LetterRound, Withheld
from zhubao.rent.steps import Step

_SHOWN = 20


def letters_report(
    made: LetterRound,
    *,
    bureau: str = "",
    findings: tuple[Finding, ...] = (),
    files: Sequence[str] = (),
    origin: str = "",
) -> Report:
    """The report of a round; `files` names each letter's file, in their order. Names are masked."""
    result = made.result
    withheld = sorted(made.withheld, key=lambda one: one.step is not Step.VISIT)
    hardship = sum(one.step is Step.VISIT for one in made.withheld)
    owed = sum(one.owed for one in made.letters)
    return Report(
        code="rent.notices",
        title="催缴文书",
        bureau=bureau,
        as_of=result.as_of,
        tables=(
            _summary(made),
            _letters(made, files),
            Table(
                "withheld",
                "不出文书",
                _WITHHELD,
                [_withheld_row(made, one) for one in withheld],
                shown=_SHOWN,
            ),
        ),
        notes=_notes(made, hardship, origin),
        references=tuple(
            f"文书的依据　{clause.citation}：{clause.words}"
            for clause in (made.rules.rent_duty, made.rules.vacate_duty)
        ),
        findings=(*findings, *made.findings),
        facts={
            "letters": len(made.letters),
            "by_kind": {kind.value: _count(made, kind) for kind in LetterKind},
            "owed": yuan(owed),
            "withheld": len(made.withheld),
            "withheld_hardship": hardship,
        },
    )


def _summary(made: LetterRound) -> Table:
    rows = [
        Row((kind.value, len(some), sum(one.owed for one in some)))
        for kind in LetterKind
        if (some := [one for one in made.letters if one.kind is kind])
    ]
    total = sum(one.owed for one in made.letters)
    return Table(
        key="summary",
        title="汇总",
        columns=_SUMMARY,
        rows=rows,
        totals=("合计", len(made.letters), total),
        summable=frozenset({"count", "owed"}),
    )


def _letters(made: LetterRound, files: Sequence[str]) -> Table:
    named = files or [""] * len(made.letters)
    rows = [_letter_row(one, file) for one, file in zip(made.letters, named, strict=True)]
    return Table(
        key="letters",
        title="文书",
        columns=_LETTERS,
        rows=rows,
        totals=None,
        shown=_SHOWN,
    )


def _letter_row(one: Letter, file: str) -> Row:
    values = (
        one.number or "（草稿）",
        one.kind.value,
        one.household_no,
        mask_name(one.recipient),
        one.address.estate,
        one.address.block,
        len(one.months),
        one.owed,
        one.reason,
        file or None,
    )
    return Row(values, one.sources)


def _withheld_row(made: LetterRound, one: Withheld) -> Row:
    result = made.result
    hardship = one.step is Step.VISIT
    values: tuple[Any, ...] = (
        result.books.numbers[one.account],
        shown_name(result, one.account),
        result.homes.estate[one.account],
        int(result.figures.unpaid_months[one.account]),
        int(result.figures.owed[one.account]),
        one.step.value,
        one.reason,
    )
    sources: tuple[Cell, ...] = ()
    if result.is_registered(one.account):
        row = result.books.household_rows[one.account]
        sources = (result.loaded.get(Household).row_cell(row),)
    return Row(values, sources, "warning" if hardship else "")


def _notes(made: LetterRound, hardship: int, origin: str) -> tuple[str, ...]:
    source = f"（{origin}）" if origin else ""
    notes = [f"截止日期 {made.result.as_of.isoformat()}{source}，即文书的落款日期"]
    if hardship:
        notes.append(
            f"困难家庭 {hardship:,} 户不自动出文书，先走访、订分期计划（排在“不出文书”前面）"
        )
    others = Counter(one.group for one in made.withheld if one.step is not Step.VISIT)
    if others:
        listed = "、".join(f"{group} {count:,} 户" for group, count in others.most_common())
        notes.append(f"其余不出文书的：{listed}")
    return tuple(notes)


def _count(made: LetterRound, kind: LetterKind) -> int:
    return sum(one.kind is kind for one in made.letters)


_MONEY, _COUNT = ValueKind.MONEY, ValueKind.COUNT
_SUMMARY = (
    Column("kind", "文书种类"),
    Column("count", "份数", _COUNT),
    Column("owed", "欠租金额", _MONEY),
)
_LETTERS = (
    Column("letter_no", "文书编号", ValueKind.IDENTITY),
    Column("kind", "文书种类"),
    Column("household_no", "家庭编号", ValueKind.IDENTITY),
    Column("name", "姓名"),
    Column("estate", "小区"),
    Column("building", "楼栋", level=2),
    Column("months", "月数", _COUNT),
    Column("owed", "欠租金额", _MONEY),
    Column("reason", "理由", level=2),
    Column("file", "文件", level=3),
)
_WITHHELD = (
    Column("household_no", "家庭编号", ValueKind.IDENTITY),
    Column("name", "姓名"),
    Column("estate", "小区"),
    Column("months", "月数", _COUNT),
    Column("owed", "欠租金额", _MONEY),
    Column("step", "下一步"),
    Column("reason", "理由"),
)
