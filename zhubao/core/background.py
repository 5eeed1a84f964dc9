"""Work in threads, and without interruption by the garbage collector.

Lighter to import than the library's pools, which bring logging along.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock, Thread
from typing import Generic, TypeVar

_NAME = "zhubao background"
A = TypeVar("A")
T = TypeVar("T")


class Background(Generic[T]):
    """Work in a thread of its own. Nobody waits for it but who asks for the result."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._answer: list[T] = []
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, args=(work,), name=_NAME, daemon=True)
        self._thread.start()

    def give_way(self, seconds: float) -> None:
        """Wait for the work, but no longer than this: it has the interpreter for itself."""
        self._thread.join(seconds)

    def result(self) -> T:
        """What the work returned, once it is done; its error is raised here."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._answer[0]

    def _run(self, work: Callable[[], T]) -> None:
        try:
            self._answer.append(work())
        except BaseException as error:
            self._error = error


def side_by_side(work: Callable[[A], T], items: Sequence[A], threads: int) -> list[T]:
    """`work` on every item, begun in this order, so many at a time; results in the same order."""
    results: dict[int, T] = {}
    left, lock = iter(range(len(items))), Lock()

    def take_turns() -> None:
        while True:
            with lock:
                place = next(left, None)
            if place is None:
                return
            results[place] = work(items[place])

    for lane in [Background(take_turns) for _ in range(min(threads, len(items)))]:
        lane.result()
    return [results[place] for place in range(len(items))]


@contextmanager
def paused_gc() -> Iterator[None]:
    """No garbage collection while many objects that stay are being built."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
