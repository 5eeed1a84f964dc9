"""Pieces made in a thread of their own: zlib and the rest of the work go on side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from queue import Empty, Queue
from threading import Event, Thread

_WAITING = 2  # pieces made before they are asked for
_PATIENCE = 0.05  # seconds


def read_ahead(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same pieces, the next ones in the making while one is used.

    What making them raises is raised here. When the reader gives up, so does the thread.
    """
    made: Queue[bytes | BaseException | None] = Queue(_WAITING)
    given_up = Event()
    thread = Thread(target=_make, args=(pieces, made, given_up), daemon=True)
    thread.start()
    try:
        while (piece := made.get()) is not None:
            if isinstance(piece, BaseException):
                raise piece
            yield piece
    finally:
        given_up.set()
        while thread.is_alive():
            _drain(made)
            thread.join(_PATIENCE)


def _make(
    pieces: Iterable[bytes], made: Queue[bytes | BaseException | None], given_up: Event
) -> None:
    try:
        for piece in pieces:
            made.put(piece)
            if given_up.is_set():
                return
        made.put(None)
    except BaseException as error:  # it is the reader's to handle
        made.put(error)


def _drain(made: Queue[bytes | BaseException | None]) -> None:
    try:
        while True:
            made.get_nowait()
    except Empty:
        return
