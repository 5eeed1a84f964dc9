"""Each finding as it stood on a day: stage, steps, follow-ups, what was recovered by then."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from zhubao.core.finding import Cell
from zhubao.core.period import Period
from zhubao.ledger.audit import (
    AuditFinding,
    FindingStatus,
    FollowUp,
    FollowUpResult,
    RectificationStep,
)
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable

CHECKLIST_MODELS = (AuditFinding, RectificationStep, FollowUp)
STAGES = tuple(FindingStatus)
_DATED = {
    FindingStatus.RECTIFIED: "rectified_on",
    FindingStatus.FOLLOWED_UP: "followed_up_on",
    FindingStatus.CLOSED: "closed_on",
}
_NEEDED = ("finding_no", "kind", "subject", "found_on", "deadline", "status")


@dataclass(frozen=True)
class Standing:
    """One finding on the day. `steps` and `visits` are rows of their sheets dated by the day."""

    loaded: Loaded
    index: int
    row: AuditFinding
    as_of: dt.date
    steps: tuple[int, ...]
    visits: tuple[int, ...]
    later_steps: bool  # steps dated after the day exist

    @cached_property
    def stage(self) -> FindingStatus:
        """How far it had come by the day.

        The word in 整改状态 holds, less the stages whose dates (or those of stages before them) lie
        after the day. Before 整改日期 it is 整改中 where a step had been taken, else 待整改. A
        follow-up that did not find it 整改到位 puts it back to 整改中, unless it was closed, or
        rectified again since. Dates that say more than the word are contradictions, no progress.
        """
        written = STAGES.index(self.row.status)
        for at in range(written, STAGES.index(FindingStatus.IN_PROGRESS), -1):
            if all(self._is_past(stage) for stage in _DATED if STAGES.index(stage) <= at):
                stage = STAGES[at]
                closed = stage is FindingStatus.CLOSED
                return FindingStatus.IN_PROGRESS if self.failed and not closed else stage
        begun = bool(self.steps) or (
            self.row.status is FindingStatus.IN_PROGRESS and not self.later_steps
        )
        return FindingStatus.IN_PROGRESS if begun and written else FindingStatus.OPEN

    @property
    def is_rectified(self) -> bool:
        """已整改 or further."""
        return STAGES.index(self.stage) >= STAGES.index(FindingStatus.RECTIFIED)

    @property
    def is_closed(self) -> bool:
        """已销号."""
        return self.stage is FindingStatus.CLOSED

    @property
    def overdue_days(self) -> int:
        """Days since the deadline of a finding not yet rectified; 0 up to the deadline itself."""
        return 0 if self.is_rectified else max(0, (self.as_of - self.row.deadline).days)

    @property
    def late_days(self) -> int:
        """Days between the deadline and 整改日期 of a finding rectified too late."""
        done = self.row.rectified_on
        return max(0, (done - self.row.deadline).days) if self.is_rectified and done else 0

    @property
    def households(self) -> int:
        """涉及户数; where it is not filled in, the one household named, or none."""
        if self.row.household_count is not None:
            return self.row.household_count
        return 1 if self.row.household_no else 0

    @property
    def rectified_households(self) -> int:
        """已整改户数 by the day, at most `households`.

        As registered once nothing on the finding is dated later than the day; before that, what
        the steps say. A rectified finding without any number has all its households rectified; one
        of a single household that the last follow-up found undone has none. Of several households
        nobody wrote down which it was: the number stays.
        """
        if self.failed and not self.is_closed and self.households == 1:
            return 0
        said = self.row.rectified_households if self._is_final else None
        done = self._of_steps("households") if said is None else said
        if said is None and not done and self.is_rectified:
            done = self.households
        return min(done, self.households)

    @property
    def recovered(self) -> int:
        """已追回 by the day in fen: as registered, or by the steps (see above)."""
        said = self.row.recovered if self._is_final else None
        return self._of_steps("recovered") if said is None else said

    @property
    def settled_amount(self) -> int:
        """What counts towards the rate by money: 已追回, at most 涉及金额."""
        return min(self.recovered, self.row.amount or 0)

    @property
    def followed_up_on(self) -> dt.date | None:
        """回访日期 by the day: the finding's own, else that of the last visit."""
        own = self.row.followed_up_on
        if own is not None and own <= self.as_of:
            return own
        days = self._column(FollowUp, "visited_on")
        return max((days[row] for row in self.visits), default=None)

    @property
    def closed_on(self) -> dt.date | None:
        """销号日期 by the day."""
        day = self.row.closed_on
        return day if day is not None and day <= self.as_of else None

    @property
    def measures(self) -> str:
        """整改措施: way and measures as registered, else what the last step did."""
        written = [str(part) for part in (self.row.remedy, self.row.measures) if part]
        if not written and self.steps:
            written = [str(self._column(RectificationStep, "action")[self.steps[-1]] or "")]
        return "：".join(written)

    def cell(self, name: str) -> Cell:
        """A cell of the finding's row."""
        return self.loaded.get(AuditFinding).cell(self.index, name)

    @property
    def sources(self) -> tuple[Cell, ...]:
        """The finding's row, its steps and its visits."""
        steps, visits = self.loaded.get(RectificationStep), self.loaded.get(FollowUp)
        return (
            self.loaded.get(AuditFinding).row_cell(self.index),
            *(steps.row_cell(row) for row in self.steps),
            *(visits.row_cell(row) for row in self.visits),
        )

    @property
    def failed(self) -> bool:
        """The last follow-up by the day did not find it put right, and nothing was done since."""
        if not self.visits:
            return False
        last, done = self.visits[-1], self.row.rectified_on
        result, seen = (self._column(FollowUp, name)[last] for name in ("result", "visited_on"))
        if result in (None, FollowUpResult.DONE):
            return False
        same_day = done == seen and self.row.status is FindingStatus.RECTIFIED
        return done is None or done > self.as_of or not (done > seen or same_day)

    def _is_past(self, stage: FindingStatus) -> bool:
        """False when the stage's date lies after the day; without a date nothing speaks against."""
        day = getattr(self.row, _DATED[stage])
        return day is None or day <= self.as_of

    @property
    def _is_final(self) -> bool:
        """Nothing on the finding is dated later than the day: what is registered holds."""
        days = (getattr(self.row, name) for name in _DATED.values())
        return not self.later_steps and all(day is None or day <= self.as_of for day in days)

    def _of_steps(self, name: str) -> int:
        values = self._column(RectificationStep, name)
        return sum(values[row] or 0 for row in self.steps)

    def _column(self, model: type[Any], name: str) -> list[Any]:
        return self.loaded.get(model).column(name)


def read_standings(loaded: Loaded, as_of: dt.date) -> list[Standing]:
    """Every finding made by the day whose required cells can be read, in the order of the sheet.

    责任部门 and 责任人 may be missing: loading has said so, and the finding is no less open.
    """
    table = loaded.get(AuditFinding)
    steps = _dated(loaded.get(RectificationStep), "done_on", as_of)
    visits = _dated(loaded.get(FollowUp), "visited_on", as_of)
    found = []
    for index in table.usable(*_NEEDED):
        row = table.row(index)
        if row.found_on > as_of:
            continue
        own, later = steps.get(row.finding_no, ([], False))
        seen, _ = visits.get(row.finding_no, ([], False))
        found.append(Standing(loaded, index, row, as_of, tuple(own), tuple(seen), later))
    return found


def in_period(standings: list[Standing], period: Period | None) -> list[Standing]:
    """Those of the period: found in it, or found before and not closed when it began."""
    if period is None:
        return standings
    return [
        one
        for one in standings
        if one.row.found_on <= period.end
        and (one.row.closed_on is None or one.row.closed_on >= period.start)
        and not (one.is_closed and one.row.closed_on is None and one.row.found_on < period.start)
    ]


def _dated(table: LedgerTable[Any], day: str, as_of: dt.date) -> dict[str, tuple[list[int], bool]]:
    """Finding → its rows by the day in order of date, and whether there are later ones."""
    numbers, days = table.column("finding_no"), table.column(day)
    rows: defaultdict[str, list[int]] = defaultdict(list)
    later: set[str] = set()
    for row in sorted(table.usable("finding_no", day), key=lambda row: (days[row], row)):
        if days[row] <= as_of:
            rows[numbers[row]].append(row)
        else:
            later.add(numbers[row])
    return {number: (rows[number], number in later) for number in {*rows, *later}}
