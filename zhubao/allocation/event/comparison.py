"""The roster beside the other ledgers: what to look at before it is frozen for good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zhubao.allocation.entitlement import layout_for, same_layout
from zhubao.allocation.event.admission import Candidate
from zhubao.allocation.event.entrants import ORDINARY, Basis, group_of
from zhubao.allocation.event.households import Households, comparable
from zhubao.allocation.event.kinds import (
    IDENTITY_DOUBTFUL,
    LAYOUT_DIFFERS,
    LEDGER_DIFFERS,
    WAITING_BLANK,
    WAITING_UNKNOWN,
)
from zhubao.core.finding import Finding
from zhubao.core.identity import check_identity, normalise_identity
from zhubao.core.masking import mask_identity
from zhubao.ledger.allocation import DrawPurpose, RosterEntry


def unknown_waiting_numbers(admitted: Sequence[Candidate], basis: Basis) -> Iterator[Finding]:
    """Waiting numbers that 轮候册 does not have: they stop the freeze of a public rental draw."""
    if basis.event.purpose is not DrawPurpose.PUBLIC_RENTAL:
        return
    for one in admitted:
        number = one.row.waiting_no
        if number and not basis.households.has_waiting(number):
            where = basis.table.cell(one.index, "waiting_no")
            yield WAITING_UNKNOWN.at(where, entrant=one.row.entrant_no, waiting=number)


def doubts(admitted: Sequence[Candidate], basis: Basis) -> Iterator[Finding]:
    """Warnings only; every household stays in and is frozen as the roster has it.

    Identity numbers that cannot be right; no waiting number or a layout other than the size
    entitles to (public rental); size, identity number, household and priority group that differ
    from 保障家庭, 家庭成员 and 轮候册.
    """
    rental = basis.event.purpose is DrawPurpose.PUBLIC_RENTAL
    for one in admitted:
        row, number = one.row, normalise_identity(one.row.identity_no)
        fault = check_identity(number, as_of=basis.as_of)
        if fault is not None:
            where = basis.table.cell(one.index, "identity_no")
            shown = mask_identity(number)
            words = {"entrant": row.entrant_no, "fault": fault.title, "shown": shown}
            yield IDENTITY_DOUBTFUL.at(where, **words)
        if rental:
            yield from _of_rental(one, basis)
        differing = tuple(_differing(row, basis))
        if differing:
            where = basis.table.cell(one.index, differing[0][0])
            fields = "、".join(text for _, text in differing)
            yield LEDGER_DIFFERS.at(where, entrant=row.entrant_no, fields=fields)


def _of_rental(one: Candidate, basis: Basis) -> Iterator[Finding]:
    row = one.row
    if not row.waiting_no:
        where = basis.table.cell(one.index, "waiting_no")
        yield WAITING_BLANK.at(where, entrant=row.entrant_no)
    entitled = layout_for(row.size, basis.as_of, basis.overrides)
    if row.layout and not same_layout(row.layout, entitled):
        where = basis.table.cell(one.index, "layout")
        words = {"size": row.size, "entitled": entitled, "layout": row.layout}
        yield LAYOUT_DIFFERS.at(where, entrant=row.entrant_no, **words)


def _differing(row: RosterEntry, basis: Basis) -> Iterator[tuple[str, str]]:
    """(field, what the two say) of everything that differs; identity numbers are not shown."""
    known, home_no = basis.households, row.household_no
    if home_no and not known.has_home(home_no):
        yield "household_no", f"家庭编号 {home_no} 在保障家庭里没有"
    waiting_home = known.waiting(row.waiting_no, "household_no")
    if home_no and waiting_home and waiting_home != home_no:
        yield "household_no", f"家庭编号（名册 {home_no}，轮候册 {waiting_home}）"
    size = known.home(home_no, "size")
    if size is not None and size != row.size:
        yield "size", f"家庭人口（名册 {row.size}，保障家庭 {size}）"
    if known.has_home(home_no) and not _is_of(row, known):
        yield "identity_no", "身份证号不是这一户申请人或家庭成员的"
    ours = _group(row.group)
    theirs = _group(known.waiting(row.waiting_no, "priority_group"))
    if known.has_waiting(row.waiting_no) and ours != theirs:
        yield "group", f"优先类别（名册 {ours}，轮候册 {theirs}）"


def _is_of(row: RosterEntry, known: Households) -> bool:
    """True when the entrant is the household's applicant or member, or nobody of it is known."""
    people = {*known.people(row.household_no)}
    people |= {comparable(known.home(row.household_no, "identity_no"))} - {""}
    return not people or comparable(row.identity_no) in people


def _group(text: str | None) -> str:
    return group_of(text) or ORDINARY
