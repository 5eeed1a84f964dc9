"""The applications of 职工住房补贴 as they stood on a day, and whose they are."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.identity import check_identity, normalise_identity, to_18
from zhubao.core.masking import mask_name
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import StaffSubsidy, StaffSubsidyStatus
from zhubao.ledger.table import LedgerTable

Status = StaffSubsidyStatus
APPROVING = frozenset({Status.APPROVED, Status.PAID})
PENDING = frozenset({Status.INCOMPLETE, Status.IN_REVIEW})
_BLANKS = re.compile(r"\s+")
_BRACKETS = str.maketrans("（）", "()")


class Stage(StrEnum):
    """Where an application stands on a day; UNDATED is approved, nobody knows when."""

    INCOMPLETE = "资料不全"
    IN_REVIEW = "审核中"
    APPROVED = "已审批"
    REFUSED = "不予批准"
    UNDATED = "审批日期不明"


@dataclass(frozen=True, slots=True)
class Application:
    """One row of the sheet. `employer_key` is the same for every spelling of one employer;
    `person` and `spouse` are comparable identity numbers, "" where there is none."""

    index: int
    number: str
    employer: str
    employer_key: str
    round: str
    name: str
    person: str
    spouse: str
    amount: int | None
    submitted: dt.date
    decided: dt.date | None
    paid: dt.date | None
    stage: Stage
    cell: Cell

    @property
    def shown_name(self) -> str:
        """The employee's name, masked."""
        return mask_name(self.name)

    @property
    def is_pending(self) -> bool:
        """True while nothing has been decided."""
        return self.stage in (Stage.INCOMPLETE, Stage.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class Applications:
    """Every application submitted by `as_of`, in the order of the sheet.

    `unread` counts rows with required cells that cannot be read; `table` is the sheet.
    """

    table: LedgerTable[StaffSubsidy]
    as_of: dt.date
    rows: tuple[Application, ...]
    unread: int

    def of_round(self, name: str) -> Applications:
        """Those of one round, all of them without a name; UsageError for an unknown round."""
        wanted = name.strip()
        if not wanted:
            return self
        rows = tuple(row for row in self.rows if row.round == wanted)
        if not rows:
            known = "、".join(sorted({row.round for row in self.rows})) or "（还没有）"
            raise UsageError(f"没有轮次“{wanted}”", advice=f"台账里的轮次有：{known}。")
        return Applications(self.table, self.as_of, rows, self.unread)

    def cells(self, rows: Iterable[Application], name: str) -> tuple[Cell, ...]:
        """The cells of one field of these applications."""
        return tuple(self.table.cell(row.index, name) for row in rows)


def read_applications(loaded: Loaded, as_of: dt.date) -> Applications:
    """The applications as they stood at the end of `as_of`.

    A row counts from its 申报日期 on. It is approved where both the status (已审批, 已发放) and
    审批日期 say so by the day; approved later, it was under review. Refused without a date counts
    as refused from the beginning. An application whose papers are marked as missing is 资料不全
    even where the status says 审核中.
    """
    table = loaded.get(StaffSubsidy)
    usable, keys = table.usable(), _Employers(table)
    days = table.column("submitted_on")
    rows = tuple(_application(table, i, keys, as_of) for i in usable if days[i] <= as_of)
    return Applications(table, as_of, rows, len(table) - len(usable))


def person_key(identity: str | None) -> str:
    """An identity number made comparable: eighteen digits where it has no fault; "" for none."""
    text = normalise_identity(identity or "")
    return to_18(text) if text and check_identity(text) is None else text


def papers_missing(table: LedgerTable[StaffSubsidy], index: int) -> bool:
    """True where the row says that papers are missing: 否 under 资料是否齐全, or names them."""
    complete = table.column("is_complete")[index]
    return complete is False or bool(table.column("missing_papers")[index])


def employer_spelling(name: str) -> str:
    """A name without blanks and with narrow brackets, for comparing."""
    return _BLANKS.sub("", name.translate(_BRACKETS))


def by_employer(rows: Iterable[Application]) -> list[tuple[str, list[Application]]]:
    """(name, applications) by employer, by name; the most frequent spelling is shown."""
    groups: defaultdict[str, list[Application]] = defaultdict(list)
    for row in rows:
        groups[row.employer_key].append(row)
    return sorted((_usual_name(group), group) for group in groups.values())


def _usual_name(rows: Sequence[Application]) -> str:
    counts = Counter(row.employer for row in rows)
    return min(counts, key=lambda name: (-counts[name], name))


def _application(
    table: LedgerTable[StaffSubsidy], index: int, keys: _Employers, as_of: dt.date
) -> Application:
    def value(name: str) -> Any:
        return table.column(name)[index]

    return Application(
        index=index,
        number=value("application_no"),
        employer=value("employer"),
        employer_key=keys.of(value("employer"), value("employer_code")),
        round=value("round"),
        name=value("employee"),
        person=person_key(value("identity_no")),
        spouse=person_key(value("spouse_identity_no")),
        amount=value("amount"),
        submitted=value("submitted_on"),
        decided=value("approved_on"),
        paid=value("paid_on"),
        stage=_stage(table, index, as_of),
        cell=table.row_cell(index),
    )


def _stage(table: LedgerTable[StaffSubsidy], index: int, as_of: dt.date) -> Stage:
    status, decided = table.column("status")[index], table.column("approved_on")[index]
    if status in APPROVING and decided is None:
        return Stage.UNDATED
    if status not in PENDING and (decided is None or decided <= as_of):
        return Stage.APPROVED if status in APPROVING else Stage.REFUSED
    if status in PENDING and (status is Status.INCOMPLETE or papers_missing(table, index)):
        return Stage.INCOMPLETE
    return Stage.IN_REVIEW


class _Employers:
    """One key per employer: its code where any row gives one, else its name."""

    def __init__(self, table: LedgerTable[StaffSubsidy]) -> None:
        self._codes = {name: codes for name, codes in codes_by_name(table) if len(codes) == 1}

    def of(self, name: str, code: str | None) -> str:
        spelling = employer_spelling(name)
        known = self._codes.get(spelling)
        return code or (next(iter(known)) if known else spelling)


def codes_by_name(table: LedgerTable[StaffSubsidy]) -> Iterator[tuple[str, set[str]]]:
    """Employer name (as compared) → the codes its rows give."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    names, codes = table.column("employer"), table.column("employer_code")
    for name, code in zip(names, codes, strict=True):
        if name and code:
            found[employer_spelling(name)].add(code)
    yield from found.items()
