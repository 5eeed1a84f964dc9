"""How a batch is watched: a bar on a terminal, lines in a log; and how it is asked to end."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from zhubao.cli.output import say

if TYPE_CHECKING:
    from rich.progress import Progress

    from zhubao.fleet.batch.run import Watcher


@contextlib.contextmanager
def ended_politely() -> Iterator[None]:
    """A request of the system to end is taken like Ctrl-C: the job under way is ended, recorded."""
    import signal
    import threading

    names = ("SIGTERM", "SIGHUP", "SIGBREAK")
    known = [getattr(signal, name) for name in names if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        known = []
    former = {which: signal.getsignal(which) for which in known}
    for which, handler in former.items():
        if handler is signal.SIG_DFL:  # what is ignored (nohup) stays ignored
            signal.signal(which, signal.default_int_handler)
    try:
        yield
    finally:
        for which, handler in former.items():
            signal.signal(which, handler)


class _Lines:
    """Plain lines: into a log, or to standard error beside JSON."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json

    def said(self, line: str) -> None:
        """Written at once, so that a log can be followed."""
        with contextlib.suppress(OSError):  # nobody reads any more; the batch goes on
            say(line, as_json=self._as_json)
            (sys.stderr if self._as_json else sys.stdout).flush()

    def begun(self, place: int, total: int, name: str) -> None:
        """Said already."""

    def ticked(self, seconds: float) -> None:
        """A log has no moving bar."""

    def ended(self) -> None:
        """Said already."""


class _Bar:
    """A progress bar below the lines, on a terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("准备", total=None)

    def said(self, line: str) -> None:
        """Above the bar."""
        self._progress.console.print(line, soft_wrap=True)

    def begun(self, place: int, total: int, name: str) -> None:
        """The bar shows the job under way."""
        self._progress.update(self._task, description=name, total=total, completed=place - 1)

    def ticked(self, seconds: float) -> None:
        """The bar moves by itself."""

    def ended(self) -> None:
        """One job more."""
        self._progress.advance(self._task)


@contextlib.contextmanager
def watcher_of(*, as_json: bool) -> Iterator[Watcher]:
    """A bar where a person looks on, lines everywhere else."""
    if as_json or not (sys.stdout.isatty() and sys.stderr.isatty()):
        yield _Lines(as_json=as_json)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from zhubao.render.terminal import make_console

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=make_console(), transient=True) as progress:
        yield _Bar(progress)
