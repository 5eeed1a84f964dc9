"""The visits of a period by month, kind, estate and visitor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhubao.core.report import Ratio
from zhubao.patrol.visits.figures import Seen


class By(StrEnum):
    """What visits are counted by."""

    MONTH = "月份"
    KIND = "巡查类型"
    ESTATE = "小区"
    VISITOR = "巡查人"


@dataclass(frozen=True, slots=True)
class Group:
    """The visits of one month, kind, estate or visitor; `met` and `problems` of those filled in."""

    name: str
    visits: int
    households: int
    key_visits: int  # visits to key households
    met: Ratio
    problems: Ratio
    rows: tuple[int, ...]


def visits_by(seen: Seen, by: By) -> tuple[Group, ...]:
    """The visits of the period in groups, each visit in exactly one.

    The estate is that of the unit on the row, else of the household's home on the day. Months in
    order, the others by number of visits.
    """
    name_of, groups = _naming(seen, by), defaultdict[str, list[int]](list)
    for row in seen.rows:
        groups[name_of(row)].append(row)
    made = [_group(seen, name, own) for name, own in groups.items()]
    if by is By.MONTH:
        return tuple(sorted(made, key=lambda one: one.name))
    return tuple(sorted(made, key=lambda one: (-one.visits, one.name)))


def _naming(seen: Seen, by: By) -> Callable[[int], str]:
    table, homes = seen.log.table, seen.homes
    if by is By.MONTH:
        days = table.column("visited_on")
        return lambda row: days[row].isoformat()[:7]
    if by is not By.ESTATE:
        values = table.column("kind" if by is By.KIND else "visitor")
        return lambda row: str(values[row] or "（未填）")
    units, numbers, days = (table.column(n) for n in ("unit_no", "household_no", "visited_on"))

    def estate(row: int) -> str:
        found = homes.address(units[row]).estate
        if not found:
            home = homes.of(numbers[row], days[row])
            found = home.address.estate if home else ""
        return found or "（小区不明）"

    return estate


def _group(seen: Seen, name: str, rows: list[int]) -> Group:
    table = seen.log.table
    numbers = table.column("household_no")
    own = [numbers[row] for row in rows]
    met, problems = (_filled(table.column(field), rows) for field in ("met", "has_problem"))
    return Group(
        name,
        len(rows),
        len(seen.known.keys() & set(own)),
        sum(number in seen.keys for number in own),
        met,
        problems,
        tuple(rows),
    )


def _filled(values: list[Any], rows: list[int]) -> Ratio:
    filled = [values[row] for row in rows if values[row] is not None]
    return Ratio(sum(map(bool, filled)), len(filled))
