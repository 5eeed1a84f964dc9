"""The record of a run, in its own folder: written anew, whole, after every step."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zhubao.core.errors import EXIT_CLEAN, EXIT_INTERRUPTED
from zhubao.core.output_file import replacing
from zhubao.fleet.batch.made import RUNS
from zhubao.fleet.batch.outcome import Outcome

SCHEMA = "zhubao.batch/1"
_NAME = "状态.json"


@dataclass(slots=True)
class JobRecord:
    """One job of a run. Times are ISO texts; files are named from the bureau's root."""

    number: int
    name: str
    words: list[str]
    outcome: Outcome = Outcome.WAITING
    note: str = ""
    exit_code: int | None = None
    started: str = ""
    seconds: float = 0.0
    attempts: int = 0
    out: str = ""  # file names in the run's folder
    err: str = ""
    writes: bool = False
    journal_before: int = 0  # bytes of the journal when it began
    changes: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


@dataclass(slots=True)
class RunRecord:
    """One run of a job file in one bureau."""

    folder: Path
    file: str
    sha256: str
    date: dt.date
    as_of: dt.date
    root: Path
    bureau: str
    started: str
    title: str = ""
    finished: str = ""
    jobs: list[JobRecord] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """The worst of all jobs: 0 clean, 1 something to look at, 3 stopped, 130 interrupted."""
        codes = {job.outcome.exit_code for job in self.jobs}
        if EXIT_INTERRUPTED in codes:
            return EXIT_INTERRUPTED
        return max(codes, default=EXIT_CLEAN)

    @property
    def moment(self) -> str:
        """When it began, for people."""
        return self.started.replace("T", " ")

    @property
    def is_complete(self) -> bool:
        """True when nothing is left for a resumed run."""
        settled = (Outcome.LEFT_OUT,)
        return all(job.outcome.is_finished or job.outcome in settled for job in self.jobs)

    def save(self) -> None:
        """Write it down; it is complete or as it was. OutputError when it cannot be written."""
        plain = {"schema": SCHEMA} | _plain(dataclasses.asdict(self))
        with replacing(self.folder / _NAME) as stream:
            stream.write(json.dumps(plain, ensure_ascii=False, indent=1).encode("utf-8"))


def runs_folder(root: Path) -> Path:
    """Where a bureau's runs are."""
    return root.joinpath(*RUNS)


def read_runs(root: Path) -> Iterator[RunRecord]:
    """The runs of a bureau that can be read, the newest first."""
    folder = runs_folder(root)
    for path in sorted(folder.glob(f"*/{_NAME}"), key=lambda one: one.parent.name, reverse=True):
        found = _read(path, root)
        if found is not None:
            yield found


def _read(path: Path, root: Path) -> RunRecord | None:
    """None for a record that is not ours or damaged."""
    try:
        data = json.loads(path.read_bytes())
        if data.pop("schema") != SCHEMA:
            return None
        jobs = [JobRecord(**job | {"outcome": Outcome(job["outcome"])}) for job in data["jobs"]]
        dates = {key: dt.date.fromisoformat(data[key]) for key in ("date", "as_of")}
        return RunRecord(**data | dates | {"jobs": jobs, "folder": path.parent, "root": root})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Path | dt.date) else value
