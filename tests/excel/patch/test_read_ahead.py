from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from zhubao.excel.patch.read_ahead import read_ahead


def test_all_pieces_come_in_order() -> None:
    pieces = [b"%d" % number for number in range(100)]
    assert list(read_ahead(pieces)) == pieces
    assert list(read_ahead([])) == []


def test_what_goes_wrong_in_the_making_is_raised_to_the_reader() -> None:
    def failing() -> Iterator[bytes]:
        yield b"a"
        raise ValueError("broken")

    pieces = read_ahead(failing())
    assert next(pieces) == b"a"
    with pytest.raises(ValueError, match="broken"):
        next(pieces)


def test_a_reader_that_gives_up_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    pieces = read_ahead(b"x" * 10 for _ in range(1_000))
    assert next(pieces)
    assert isinstance(pieces, Iterator)
    pieces.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before
