"""Takes declarations in: the three declared figures and the remark of a filled-in list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.core.finding import Finding, FindingKind, Severity, declare
from zhubao.ledger.change import Plan
from zhubao.ledger.registers.incoming import merge_rows
from zhubao.ledger.table import Columns, LedgerTable, Segment
from zhubao.ledger.tenants import AnnualReview
from zhubao.services.review.declared_file import DeclaredFile
from zhubao.services.review.gathering import DECLARED
from zhubao.services.review.leads import SEPARATOR, parts_of
from zhubao.services.review.population import Due, ReviewYear

WRONG_YEAR = declare(
    "RV-112",
    "清单的年度不对",
    Severity.ERROR,
    "{household} 的年度是 {written}，这次录入的是 {year} 年，这一行没有录入",
    "核对清单是不是拿错了年份；要录入那一年的，改 --year",
    bad="录入 2020 年，清单上写 2019",
    good="清单的年度与 --year 一致，或空着",
)
NOT_DUE = declare(
    "RV-113",
    "不在年审范围",
    Severity.ERROR,
    "{household} 不在 {year} 年的年审范围（不认识的编号，或已不在保），这一行没有录入",
    "核对家庭编号；已退出的不用年审",
    bad="家庭编号写成 JT00012（少一位）",
    good="家庭编号是在保家庭的",
)
NO_REVIEW_ROW = declare(
    "RV-114",
    "年审表里还没有这一户",
    Severity.ERROR,
    "{household} 在年审表里没有 {year} 年的行，没有录入",
    "先运行 zhubao review list --year {year} --write 生成名单，再录入",
    bad="没有生成当年名单就录入",
    good="先 review list --write，再 review enter",
)
ALREADY_DECIDED = declare(
    "RV-115",
    "已有结论的家庭又收到申报",
    Severity.WARNING,
    "{household} 的年审结论已是“{decision}”，申报补填了，结论没有改",
    "申报影响结论的，用 zhubao review decide {household} --again 重新作出",
    bad="结论“退出”之后才交申报",
    good="先收申报，再作结论",
)


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a list: rows entered, rows the ledger knew already, rows left blank."""

    file: str = ""
    changed: int = 0
    same: int = 0
    blank: int = 0
    refused: int = 0
    findings: tuple[Finding, ...] = ()


def enter_declared(
    plan: Plan, view: ReviewYear, file: DeclaredFile, *, overwrite: bool = False
) -> Entered:
    """Put the declarations of the list into `plan`; a second time nothing changes.

    Only rows of the year's list are filled; a cell that holds another figure refuses the row unless
    `overwrite`. A remark is put behind what stands there, once. Other columns are not taken from
    the list.
    """
    sorted_out = _Sorting(view, file.table)
    sorted_out.run()
    table = _narrowed(file.table, sorted_out.kept, view.year)
    merged = merge_rows(plan, view.reviews, table, overwrite=overwrite)
    refused, filled = set(merged.refused_rows), set(merged.changed)
    changed = set(filled)
    findings = [*file.findings, *sorted_out.findings, *merged.findings]
    remarks: dict[str, list[str]] = {}
    for place, index in enumerate(sorted_out.kept):
        due = sorted_out.dues.get(file.table.column("household_no")[index])
        if place in refused or due is None:
            continue
        remark = file.table.column("remark")[index]
        if _is_new(remark, view, due, remarks):
            remarks.setdefault(due.number, []).append(remark)
            changed.add(place)
        if place in filled and (taken := view.decision(due)) is not None:
            where = file.table.cell(index, "household_no")
            words = {"household": due.number, "decision": taken.value}
            findings.append(ALREADY_DECIDED.at(where, **words))
    for number, texts in remarks.items():
        _add_remarks(plan, view, sorted_out.dues[number], texts)
    return Entered(
        file.name,
        len(changed),
        len(sorted_out.kept) - len(changed) - len(refused),
        sorted_out.blank,
        len(refused) + len(sorted_out.findings),
        tuple(sorted(findings, key=lambda one: one.sort_key)),
    )


class _Sorting:
    """Which rows of the list are taken."""

    def __init__(self, view: ReviewYear, table: LedgerTable[AnnualReview]) -> None:
        self._view, self._table = view, table
        self.dues = {one.number: one for one in view.due}
        self.kept: list[int] = []
        self.findings: list[Finding] = []
        self.blank = 0

    def run(self) -> None:
        for index in range(len(self._table)):
            if not self._says_something(index):
                self.blank += 1
            elif self._is_taken(index):
                self.kept.append(index)

    def _says_something(self, index: int) -> bool:
        table = self._table
        return any(
            table.column(name)[index] is not None or index in table.bad.get(name, ())
            for name in (*DECLARED, "remark")
        )

    def _is_taken(self, index: int) -> bool:
        number, written = (self._table.column(name)[index] for name in ("household_no", "year"))
        if number is None:
            return True  # merging says what is wrong with the key
        due, year = self.dues.get(number), self._view.year
        words = {"household": number, "year": year, "written": written}
        if written is None and self._table.original(index, "year") not in (None, ""):
            written = "读不出的内容"
        if written not in (None, year):
            return self._refuse(index, WRONG_YEAR, "year", words)
        if due is None:
            return self._refuse(index, NOT_DUE, "household_no", words)
        if due.review is None:
            return self._refuse(index, NO_REVIEW_ROW, "household_no", words)
        return True

    def _refuse(self, index: int, kind: FindingKind, name: str, words: dict[str, Any]) -> bool:
        self.findings.append(kind.at(self._table.cell(index, name), **words))
        return False


def _narrowed(
    table: LedgerTable[AnnualReview], kept: Sequence[int], year: int
) -> LedgerTable[AnnualReview]:
    """The chosen rows with key and declared figures only, the year filled in."""
    new = {index: place for place, index in enumerate(kept)}
    columns = Columns({name: [None] * len(kept) for name in AnnualReview.model_fields})
    columns.values["year"] = [year] * len(kept)
    for name in ("household_no", *DECLARED):
        values, originals = table.column(name), table.originals.get(name, {})
        columns.values[name] = [values[index] for index in kept]
        columns.bad[name] = {new[index] for index in table.bad.get(name, ()) if index in new}
        columns.originals[name] = {new[i]: raw for i, raw in originals.items() if i in new}
    return LedgerTable(AnnualReview, columns, _segments(table, kept))


def _segments(table: LedgerTable[AnnualReview], kept: Sequence[int]) -> list[Segment]:
    rows: dict[int, list[int]] = {}
    for index in kept:
        segment, offset = table.locate(index)
        rows.setdefault(table.segments.index(segment), []).append(segment.rows[offset])
    return [
        Segment(one.file, one.sheet, rows[place], one.letters, one.header_row, one.units)
        for place, one in enumerate(table.segments)
        if place in rows
    ]


def _is_new(
    text: str | None, view: ReviewYear, due: Due, remarks: Mapping[str, Sequence[str]]
) -> bool:
    """True for a remark that stands neither in the ledger nor in an earlier row of the list."""
    if not text or due.review is None:
        return False
    known = {*parts_of(view.said(due, "remark")), *remarks.get(due.number, ())}
    return not known.issuperset(parts_of(text))


def _add_remarks(plan: Plan, view: ReviewYear, due: Due, texts: Sequence[str]) -> None:
    assert due.review is not None
    old = view.said(due, "remark")
    plan.put(view.reviews, due.review, "remark", SEPARATOR.join([*([old] if old else []), *texts]))
