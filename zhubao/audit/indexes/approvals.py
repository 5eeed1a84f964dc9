"""审批 as it stood at the end of the day, measured and checked once for all checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.households import Subject, households
from zhubao.core.finding import Cell, Finding, FindingKind
from zhubao.core.identity import check_identity, normalise_identity
from zhubao.core.masking import mask_name
from zhubao.core.workdays import CalendarUnknown
from zhubao.services.approval.checks import check_files
from zhubao.services.approval.files import File, Files
from zhubao.services.approval.halfdays import HalfDayClock, end_of_day
from zhubao.services.approval.reading import read_files
from zhubao.services.approval.rules import Rules


@dataclass(frozen=True, slots=True)
class Faulty:
    """A file with everything of some kinds that is wrong with it, the first place first."""

    file: File
    findings: tuple[Finding, ...]

    @property
    def words(self) -> str:
        """What is wrong, each once."""
        return "；".join(dict.fromkeys(one.message for one in self.findings))

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The places."""
        found = (one.where for one in self.findings)
        return tuple(dict.fromkeys(cell for cell in found if cell is not None))


def approval_files(facts: Facts) -> Files | None:
    """The files with the half days of every stage; None where the year's holidays are not known."""
    clock = HalfDayClock(facts.calendar, Rules(facts.overrides))
    try:
        return read_files(facts.loaded, end_of_day(facts.as_of), clock)
    except CalendarUnknown:
        return None


def faulty_files(facts: Facts, *kinds: FindingKind) -> Iterator[Faulty]:
    """The files with findings of these kinds, in the order of the sheet."""
    codes = {kind.code for kind in kinds}
    for file, findings in facts.once(_by_file).values():
        own = tuple(one for one in findings if one.code in codes)
        if own:
            yield Faulty(file, own)


def approval_subject(facts: Facts, files: Files, file: File) -> Subject:
    """Household, applicant and identity number of a file; a faulty number is left out."""
    household = files.value(file, "household_no") or ""
    own = facts.once(households).subject(household)
    number = normalise_identity(files.value(file, "identity_no") or "")
    valid = number and check_identity(number) is None
    name = files.value(file, "applicant") or own["person"]
    return Subject(
        household=household, person=name, identity_no=number if valid else own["identity_no"]
    )


def approval_label(files: Files, file: File) -> str:
    """SP000012 购房奖励（张*明）."""
    name = mask_name(files.value(file, "applicant") or "")
    return f"{file.number} {file.kind.value}" + (f"（{name}）" if name else "")


def _by_file(facts: Facts) -> Mapping[tuple[str, str, int], tuple[File, list[Finding]]]:
    files = facts.once(approval_files)
    if files is None:
        return {}
    rows: dict[tuple[str, str, int], tuple[File, list[Finding]]] = {}
    for file in files.files:
        rows[_row(files.cell(file, "approval_no"))] = (file, [])
    for finding in check_files(files):
        found = rows.get(_row(finding.where)) if finding.where is not None else None
        if found is not None:
            found[1].append(finding)
    return rows


def _row(cell: Cell) -> tuple[str, str, int]:
    return cell.file, cell.sheet, cell.position[0]
