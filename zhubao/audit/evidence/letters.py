"""The letters and papers that the gathered rows name as files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from zhubao.audit.evidence.gathering import Gathered
from zhubao.core.finding import Cell
from zhubao.ledger.arrears import RentLetter
from zhubao.ledger.audit import AuditFinding, FollowUp, RectificationStep
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.patrol import TenancyCase, VacancyCheck

_FIELDS: tuple[tuple[type[LedgerRow], str, str], ...] = (
    (RentLetter, "file", "letter_no"),
    (AuditFinding, "evidence", "finding_no"),
    (RectificationStep, "evidence", "step_no"),
    (FollowUp, "evidence", "follow_up_no"),
    (TenancyCase, "evidence", "case_no"),
    (VacancyCheck, "evidence", "check_no"),
)
_BETWEEN = re.compile(r"[、，,；;\n]+")
_FILE = re.compile(r"[^!*?<>|\"]+\.[A-Za-z0-9]{2,5}")


@dataclass(frozen=True, slots=True)
class Paper:
    """A file named in a ledger: the record's number, the path as written, the cell."""

    number: str
    path: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Unfiled:
    """A letter or notice that was registered without a file."""

    number: str
    title: str
    cell: Cell


def papers_of(gathered: Gathered) -> list[Paper]:
    """Every file named in 文件, 佐证材料 and 证据 of the rows, in their order, each once."""
    found: dict[str, Paper] = {}
    for model, field, key in _FIELDS:
        table = gathered.loaded.get(model)
        for row in gathered.rows.get(model, ()):
            for path in _files_in(table.column(field)[row]):
                number = str(table.column(key)[row] or "")
                found.setdefault(path, Paper(number, path, table.cell(row, field)))
    return list(found.values())


def unfiled(gathered: Gathered) -> list[Unfiled]:
    """Letters without 文件, and notices of violations, of which the ledger has only the number."""
    letters, cases = gathered.loaded.get(RentLetter), gathered.loaded.get(TenancyCase)
    found = [
        Unfiled(
            letters.column("letter_no")[row] or "",
            str(letters.column("kind")[row] or "催缴文书"),
            letters.cell(row, "letter_no"),
        )
        for row in gathered.rows.get(RentLetter, ())
        if not letters.column("file")[row]
    ]
    found += [
        Unfiled(cases.column("notice_no")[row], "整改通知书", cases.cell(row, "notice_no"))
        for row in gathered.rows.get(TenancyCase, ())
        if cases.column("notice_no")[row]
    ]
    return found


def _files_in(text: str | None) -> Iterator[str]:
    """The parts of a text that look like files; references to cells are none."""
    for part in _BETWEEN.split(text or ""):
        name = part.strip()
        if _FILE.fullmatch(name):
            yield name
