"""Checks over the whole register: approved twice, and what is told once for many rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zhubao.core.finding import Cell, Finding
from zhubao.core.identity import check_identity, normalise_identity, to_18
from zhubao.core.masking import mask_identity, mask_name
from zhubao.core.workdays import CalendarUnknown
from zhubao.ledger.model import column_info
from zhubao.ledger.services import Approval, ApprovalKind, ApprovalResult
from zhubao.services.approval import faults
from zhubao.services.approval.files import File, Files
from zhubao.services.approval.rules import Stage

_PLACES = 3  # cells named in a finding that stands for many


def check_register(files: Files) -> Iterator[Finding]:
    """The findings that need more than one row."""
    yield from _approved_twice(files)
    yield from _notices_unrecorded(files)
    yield from _spouse_partial(files)
    yield from _outside_hours(files)


def _approved_twice(files: Files) -> Iterator[Finding]:
    """The same identity number approved twice in a kind. A blank never equals a blank.

    A row entered twice (the same 审批编号) is another fault, LG-201.
    """
    seen: dict[tuple[str, str], File] = {}
    for file in files.files:
        number = files.value(file, "identity_no")
        if file.result is not ApprovalResult.APPROVED or not number:
            continue
        first = seen.setdefault((file.kind, _comparable(number)), file)
        if first.number != file.number:
            yield faults.APPROVED_TWICE.at(
                files.cell(file, "identity_no"),
                number=file.number,
                applicant=mask_name(files.value(file, "applicant") or ""),
                identity=mask_identity(number),
                kind=file.kind,
                other=first.number,
                place=files.cell(first, "approval_no"),
            )


def _comparable(number: str) -> str:
    text = normalise_identity(number)
    return to_18(text) if len(text) == 15 and check_identity(text) is None else text


def _notices_unrecorded(files: Files) -> Iterator[Finding]:
    """One notice per kind that must be published and has approved files without any date."""
    blank: dict[str, list[File]] = {}
    for file in files.files:
        if file.result is not ApprovalResult.APPROVED:
            continue
        if files.value(file, "notice_from") is None and files.value(file, "notice_to") is None:
            blank.setdefault(file.kind, []).append(file)
    for kind, group in blank.items():
        if files.clock.rules.notice_days(kind, files.as_of) is not None:
            cells = [files.cell(file, "notice_from") for file in group[:_PLACES]]
            words = {"kind": kind, "count": len(group), "places": _places(cells, len(group))}
            yield faults.NOTICE_UNRECORDED.at(cells[0], **words)


def _spouse_partial(files: Files) -> Iterator[Finding]:
    """One notice per column of the spouse's data that some files have and others lack."""
    wanted = files.clock.rules.half_couple_fields(files.as_of)
    group = [
        file
        for file in files.files
        if file.kind is ApprovalKind.HALF_COUPLE and file.result is not ApprovalResult.WITHDRAWN
    ]
    begun = [one for one in group if any(files.value(one, name) is not None for name in wanted)]
    blanks = {
        name: blank
        for name in wanted
        if (blank := [file for file in begun if files.value(file, name) is None])
    }
    if blanks:
        name, blank = next(iter(blanks.items()))
        fields = "、".join(f"“{wanted[one]}”{len(empty):,} 件" for one, empty in blanks.items())
        where = files.cell(blank[0], name)
        yield faults.SPOUSE_PARTIAL.at(where, fields=fields, total=len(group))


def _outside_hours(files: Files) -> Iterator[Finding]:
    """One notice for all moments outside working time; the report has them one by one."""
    counts: dict[str, int] = {}
    first: Cell | None = None
    off = 0
    for name in (name for stage in Stage for name in (stage.received, stage.decided)):
        hits = [file for file in files.files if is_outside(files, file, name)]
        if hits:
            first = first or files.cell(hits[0], name)
            counts[column_info(Approval.model_fields[name]).header] = len(hits)
            off += sum(not files.clock.works(files.value(file, name).date()) for file in hits)
    if counts:
        told = "、".join(f"“{header}”{count:,} 处" for header, count in counts.items())
        total = sum(counts.values())
        yield faults.OUTSIDE_HOURS.at(first, columns=told, off=off, other=total - off)


def is_outside(files: Files, file: File, name: str) -> bool:
    """True when the moment lies outside working time; unknown years are told elsewhere."""
    moment = files.value(file, name)
    try:
        return moment is not None and moment <= files.at and files.clock.is_outside(moment)
    except CalendarUnknown:
        return False


def _places(cells: Sequence[Cell], count: int) -> str:
    """The first places by reference, and how many more there are."""
    more = f" 等 {count} 处" if count > len(cells) else ""
    return (
        "、".join(str(cell) if not place else cell.ref for place, cell in enumerate(cells)) + more
    )
