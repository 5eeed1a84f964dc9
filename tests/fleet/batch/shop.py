"""A bureau without ledgers, job files written in the test, and processes that are none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from zhubao.fleet.batch.child import ChildEnd, Errand, Tick
from zhubao.fleet.batch.commands import Effect, Verdict
from zhubao.fleet.batch.dates import BatchDates
from zhubao.fleet.batch.plan import Choice, Plan, make_plan
from zhubao.fleet.batch.reading import read_job_file
from zhubao.fleet.batch.run import Tools

DAY = dt.date(2020, 7, 1)
EVERYTHING = Choice()


def judge(words: Sequence[str]) -> Verdict:
    """`write` writes, `nonsense` is no command, everything else reads."""
    if words[0] == "nonsense":
        return Verdict(problem="没有命令 nonsense", advice="改。")
    if words[0] != "write":
        return Verdict()
    return Verdict(Effect.WRITES if "--yes" in words else Effect.UNDECIDED)


@dataclass
class Watch:
    """Keeps what was said."""

    lines: list[str] = field(default_factory=list)

    def said(self, line: str) -> None:
        self.lines.append(line)

    def begun(self, place: int, total: int, name: str) -> None: ...

    def ticked(self, seconds: float) -> None: ...

    def ended(self) -> None: ...


@dataclass
class Shop:
    """A bureau, and how the words of each job end; `ran` are the words that were run."""

    root: Path
    ends: dict[str, ChildEnd | type[BaseException]] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)
    watch: Watch = field(default_factory=Watch)
    work: Callable[[Errand], None] | None = None

    def plan(self, text: str, choice: Choice = EVERYTHING) -> Plan:
        path = self.root / "任务.toml"
        path.write_text(text, encoding="utf-8")
        file, faults = read_job_file(path)
        plan, wrong = make_plan(file, BatchDates.of(DAY), (self.root, "甲局"), judge, choice)
        assert not [*faults, *wrong]
        return plan

    @property
    def tools(self) -> Tools:
        moments = iter(range(10_000))
        start = dt.datetime(2020, 7, 1, 8, 0, 0)
        return Tools(lambda: start + dt.timedelta(seconds=next(moments)), self._launch, self.watch)

    def _launch(self, errand: Errand, tick: Tick) -> ChildEnd:
        tick(0.0)
        self.ran.append(" ".join(errand.words))
        errand.out.write_text("输出", encoding="utf-8")
        errand.err.write_text("", encoding="utf-8")
        if self.work is not None:
            self.work(errand)
        end = self.ends.get(errand.words[0], ChildEnd(0))
        if isinstance(end, type):
            raise end
        return end


def jobs(*lines: str) -> str:
    """Each line `name | command | further lines` as a job."""
    parts = [line.split("|") for line in lines]
    return "\n".join(
        "\n".join(["[[job]]", f'name = "{part[0].strip()}"', f'command = "{part[1].strip()}"',
                   *(one.strip() for one in part[2:])])
        for part in parts
    )  # fmt: skip
