"""Statistics by street, community and officer: durations of their own stage, and the limit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.core.period import Period
from zhubao.services.approval.figures import Spread, decided_in, spread_of
from zhubao.services.approval.files import File, Files, Run
from zhubao.services.approval.rules import Stage

BLANK = "（未填）"


@dataclass(frozen=True, slots=True)
class Place:
    """A community or street: its own stage, and the district's on its files."""

    street: str
    name: str
    own: Spread
    district: Spread


@dataclass(frozen=True, slots=True)
class Officer:
    """One officer of one stage; `open_now` and `past` as of the moment."""

    stage: Stage
    name: str
    spread: Spread
    open_now: int
    past: int
    open_cells: tuple[Cell, ...]


def by_community(files: Files, period: Period) -> tuple[Place, ...]:
    """Communities by street; two of one name in two streets are two."""
    return _places(files, period, Stage.COMMUNITY, ("street", "community"))


def by_street(files: Files, period: Period) -> tuple[Place, ...]:
    """Streets by name."""
    return _places(files, period, Stage.STREET, ("street",))


def by_officer(files: Files, period: Period) -> tuple[Officer, ...]:
    """Officers by stage and name; decisions of the period, and what is open at the moment."""
    decided: dict[tuple[Stage, str], list[tuple[File, Run]]] = {}
    open_runs: dict[tuple[Stage, str], list[tuple[File, Run]]] = {}
    for stage in Stage:
        for file, run in decided_in(files, period, stage) if stage.officer else ():
            decided.setdefault((stage, officer_of(files, file, stage)), []).append((file, run))
    for file, run in files.runs():
        if run.is_open and run.stage.officer:
            key = run.stage, officer_of(files, file, run.stage)
            open_runs.setdefault(key, []).append((file, run))
    stages = list(Stage)
    keys = sorted({*decided, *open_runs}, key=lambda key: (stages.index(key[0]), key[1]))
    return tuple(_officer(files, key, decided.get(key, ()), open_runs.get(key, ())) for key in keys)


def _officer(
    files: Files,
    key: tuple[Stage, str],
    decided: Sequence[tuple[File, Run]],
    open_runs: Sequence[tuple[File, Run]],
) -> Officer:
    cells = tuple(files.cell(file, run.stage.received) for file, run in open_runs)
    past = sum(run.standing.is_past for _, run in open_runs)
    return Officer(*key, spread_of(files, decided), len(open_runs), past, cells)


def officer_of(files: Files, file: File, stage: Stage) -> str:
    """The officer's name, or that none is written."""
    return (stage.officer and files.value(file, stage.officer)) or BLANK


def _places(
    files: Files, period: Period, stage: Stage, names: tuple[str, ...]
) -> tuple[Place, ...]:
    own = _split(files, decided_in(files, period, stage), names)
    district = _split(files, decided_in(files, period, Stage.DISTRICT), names)
    return tuple(
        Place(
            key[0],
            key[-1],
            spread_of(files, own.get(key, ())),
            spread_of(files, district.get(key, ())),
        )
        for key in sorted({*own, *district})
    )


def _split(
    files: Files, runs: Iterable[tuple[File, Run]], names: tuple[str, ...]
) -> dict[tuple[str, ...], list[tuple[File, Run]]]:
    columns = [files.table.column(name) for name in names]
    found: dict[tuple[str, ...], list[tuple[File, Run]]] = {}
    for file, run in runs:
        key = tuple(column[file.index] or BLANK for column in columns)
        found.setdefault(key, []).append((file, run))
    return found
