"""Sheets of old workbooks: no checksums, so a gap must be seen in the chain of records."""

from __future__ import annotations

import struct

import pytest

from zhubao.excel.biff import _is_whole


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(body)) + body


BEGIN, END = record(0x0809, bytes(16)), record(0x000A)
ROW = record(0x0208, bytes(range(16)))


def test_a_sheet_from_its_beginning_to_its_end_is_whole() -> None:
    chart = BEGIN + record(0x1001) + END
    assert _is_whole(BEGIN + ROW + chart + ROW + END, 0)
    assert _is_whole(b"before" + BEGIN + END + b"behind", 6)


@pytest.mark.parametrize(
    "stream",
    [
        BEGIN + ROW,  # cut off
        BEGIN + ROW + bytes(40) + ROW + END,  # blanked out
        ROW + END,  # no beginning
        BEGIN + record(0x0208, b"x")[:-1] + END,  # out of step
        b"",
    ],
)
def test_a_sheet_with_a_gap_is_not(stream: bytes) -> None:
    assert not _is_whole(stream, 0)
