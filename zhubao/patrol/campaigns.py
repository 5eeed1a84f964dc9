"""专项整治 per estate with before and after, proved against the rows that name the campaign."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhubao.core.finding import Cell, Finding
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import Campaign, CampaignStatus, PatrolVisit, TenancyCase
from zhubao.patrol.cases.book import Case, Places, read_cases
from zhubao.patrol.cases.figures import Figure
from zhubao.patrol.cases.kinds import (
    CAMPAIGN_CASES_DIFFER,
    CAMPAIGN_ELSEWHERE,
    CAMPAIGN_END_UNSURE,
    CAMPAIGN_VISITS_DIFFER,
    CAMPAIGN_WORSE,
)

Dated = tuple[int, dt.date, str, str, Cell]  # row, day, household, estate, key cell


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """One campaign as registered, and as its rows say; household counts.

    `visited`: households with a row of 巡查 under the campaign by the day. `found`: households
    with a case under it; `left`: those of them with a case open on `end` (its last day, or the
    cut-off while it runs). `unlinked`: cases of the estate within its dates that name no campaign.
    """

    index: int
    row: Campaign
    end: dt.date
    visited: int
    visits: int
    found: int
    left: int
    unlinked: int
    cell: Cell
    row_cells: tuple[Cell, ...]

    @property
    def rate(self) -> Ratio | None:
        """(before - after) ÷ before as registered; None where either is not."""
        return _rate(self.row.violations_before, self.row.violations_after)

    @property
    def row_rate(self) -> Ratio:
        """The same by the rows of 违规与变动."""
        return Ratio(self.found - self.left, self.found)


@dataclass(frozen=True, slots=True)
class Campaigns:
    """The campaigns that ran in the period, by first day; `unread` rows could not be read."""

    loaded: Loaded
    period: Period
    as_of: dt.date
    lines: tuple[CampaignLine, ...]
    unread: int
    findings: tuple[Finding, ...]

    @property
    def estates(self) -> tuple[str, ...]:
        """The estates with a campaign, each once, in order."""
        return tuple(dict.fromkeys(line.row.estate for line in self.lines))


def compute_campaigns(loaded: Loaded, period: Period, as_of: dt.date) -> Campaigns:
    """Campaigns begun by the end of the period (and the day) and not ended before its start.

    What is registered is compared with the rows of 巡查 and 违规与变动 that carry the campaign's
    number; differences are findings, the registered numbers stay as they are.
    """
    table = loaded.get(Campaign)
    visits, cases = _visits(loaded, as_of), read_cases(loaded, as_of)
    numbers = _case_campaigns(loaded, cases)
    lines: list[CampaignLine] = []
    findings: list[Finding] = []
    for index in table.usable():
        row = table.row(index)
        if row.started_on > min(period.end, as_of) or (row.ended_on or as_of) < period.start:
            continue
        own = visits.get(row.campaign_no, [])
        line = _line(loaded, index, row, own, cases, numbers, as_of)
        lines.append(line)
        mine = [case for case in cases if numbers[case.index] == row.campaign_no]
        findings += _differences(loaded, line, as_of)
        findings += _strays(loaded, line, "巡查", own)
        rows = [(c.index, c.found, c.household, c.estate, c.cell) for c in mine]
        findings += _strays(loaded, line, "违规与变动", rows)
    lines.sort(key=lambda line: (line.row.started_on, line.index))
    findings.sort(key=lambda finding: finding.sort_key)
    unread = len(table) - len(table.usable())
    return Campaigns(loaded, period, as_of, tuple(lines), unread, tuple(findings))


def campaign_rectification(loaded: Loaded, period: Period, as_of: dt.date) -> Figure:
    """Σ (before - after) ÷ Σ before, in households, of the period's campaigns with both numbers."""
    lines = [
        line for line in compute_campaigns(loaded, period, as_of).lines if line.rate is not None
    ]
    table = loaded.get(Campaign)
    before = [line.row.violations_before or 0 for line in lines]
    after = [line.row.violations_after or 0 for line in lines]
    return Figure(
        sum(before) - sum(after),
        sum(before),
        period,
        as_of,
        tuple(table.cell(line.index, "violations_after") for line in lines),
        tuple(table.cell(line.index, "violations_before") for line in lines),
    )


def _rate(before: int | None, after: int | None) -> Ratio | None:
    return None if before is None or after is None else Ratio(before - after, before)


def _visits(loaded: Loaded, as_of: dt.date) -> dict[str, list[Dated]]:
    """Campaign → its rows of 巡查 by the day."""
    table, places = loaded.get(PatrolVisit), Places(loaded, as_of)
    numbers, days = table.column("campaign_no"), table.column("visited_on")
    households, units = table.column("household_no"), table.column("unit_no")
    found: defaultdict[str, list[Dated]] = defaultdict(list)
    for index in table.usable("campaign_no", "visited_on", "household_no"):
        if numbers[index] and days[index] <= as_of:
            estate = places.estate_of(units[index], households[index])
            place = table.cell(index, "campaign_no")
            found[numbers[index]].append((index, days[index], households[index], estate, place))
    return found


def _case_campaigns(loaded: Loaded, cases: Sequence[Case]) -> dict[int, str | None]:
    column = loaded.get(TenancyCase).column("campaign_no")
    return {case.index: column[case.index] for case in cases}


def _line(
    loaded: Loaded,
    index: int,
    row: Campaign,
    visits: Sequence[Dated],
    cases: Sequence[Case],
    numbers: dict[int, str | None],
    as_of: dt.date,
) -> CampaignLine:
    end = min(row.ended_on or as_of, as_of)
    own = [case for case in cases if numbers[case.index] == row.campaign_no and case.counts]
    left = {case.household for case in own if case.rectified is None or case.rectified > end}
    unlinked = sum(
        1
        for case in cases
        if case.counts
        and not numbers[case.index]
        and case.estate == row.estate
        and row.started_on <= case.found <= end
    )
    return CampaignLine(
        index=index,
        row=row,
        end=end,
        visited=len({visit[2] for visit in visits}),
        visits=len(visits),
        found=len({case.household for case in own}),
        left=len(left),
        unlinked=unlinked,
        cell=loaded.get(Campaign).row_cell(index),
        row_cells=tuple([*(visit[4] for visit in visits), *(case.cell for case in own)]),
    )


def _differences(loaded: Loaded, line: CampaignLine, as_of: dt.date) -> Iterator[Finding]:
    table, row = loaded.get(Campaign), line.row
    name = f"{row.campaign_no} {row.estate}"
    said = row.visited_households
    if said is not None and said != line.visited:
        where = table.cell(line.index, "visited_households")
        yield CAMPAIGN_VISITS_DIFFER.at(where, campaign=name, said=said, rows=line.visited)
    more = f"；同小区整治期间另有 {line.unlinked} 起没有填整治编号" if line.unlinked else ""
    for field, header, rows in (
        ("violations_before", "整治前违规户数", line.found),
        ("violations_after", "整治后违规户数", line.left),
    ):
        number = getattr(row, field)
        if number is not None and number != rows:
            words = {"field": header, "said": number, "rows": rows, "more": more}
            where = table.cell(line.index, field)
            yield CAMPAIGN_CASES_DIFFER.at(where, campaign=name, **words)
    before, after = row.violations_before, row.violations_after
    if before is not None and after is not None and after > before:
        where = table.cell(line.index, "violations_after")
        yield CAMPAIGN_WORSE.at(where, campaign=name, before=before, after=after)
    yield from _end_faults(loaded, line, name, as_of)


def _end_faults(loaded: Loaded, line: CampaignLine, name: str, as_of: dt.date) -> Iterator[Finding]:
    row = line.row
    what = ""
    if row.status is CampaignStatus.FINISHED and row.ended_on is None:
        what = "结束日期空着"
    elif row.status is not CampaignStatus.FINISHED and row.ended_on and row.ended_on < as_of:
        what = f"结束日期 {row.ended_on} 已过"
    if what:
        where = loaded.get(Campaign).cell(line.index, "status")
        yield CAMPAIGN_END_UNSURE.at(where, campaign=name, status=row.status.value, what=what)


def _strays(
    loaded: Loaded, line: CampaignLine, sheet: str, rows: Sequence[Dated]
) -> Iterator[Finding]:
    """One finding per sheet and reason, at the campaign, with the first row as example."""
    row, end = line.row, line.row.ended_on
    elsewhere = [one for one in rows if one[3] and one[3] != row.estate]
    outside = [one for one in rows if one[1] < row.started_on or (end is not None and one[1] > end)]
    reasons = (
        ("的房源不在这个小区", elsewhere),
        (f"的日期不在 {row.started_on} 至 {end or '今'} 之间", outside),
    )
    for why, strays in reasons:
        if strays:
            yield CAMPAIGN_ELSEWHERE.at(
                loaded.get(Campaign).row_cell(line.index),
                campaign=f"{row.campaign_no} {row.estate}",
                count=len(strays),
                sheet=sheet,
                why=why,
                example=strays[0][4],
            )
