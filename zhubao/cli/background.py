"""Reading starts at once; the libraries of calculation and output are imported meanwhile.

The parser of workbooks releases the interpreter lock, so the two overlap on two cores.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")


@contextmanager
def in_background(work: Callable[[], T]) -> Iterator[Future[T]]:
    """Run `work` in a thread; its result or its error comes out of `.result()`."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=1) as pool:
        yield pool.submit(work)


def warm_up(*, as_json: bool) -> None:
    """Import what the output will need."""
    surfaces = ("render.json",) if as_json else ("render.terminal", "render.xlsx")
    for name in surfaces:
        importlib.import_module(f"zhubao.{name}")
