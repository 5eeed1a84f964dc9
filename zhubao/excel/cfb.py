"""The compound file (OLE2) that wraps .xls, .et, old Word and password-protected workbooks."""

from __future__ import annotations

import struct

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFE
_FREE = 0xFFFFFFFF
_DIRECTORY_ENTRY = 128


class CompoundError(ValueError):
    """The compound file contradicts itself or is cut off."""


class CompoundFile:
    """Streams by name. Only what is asked for is read; chains are bounded by the file's size."""

    def __init__(self, data: bytes) -> None:
        """Read the header, the allocation table and the directory; CompoundError when damaged."""
        if len(data) < 512 or data[:8] != SIGNATURE:
            raise CompoundError("no compound file")
        self._data = data
        shift, mini_shift = struct.unpack_from("<2H", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise CompoundError("odd sector size")
        self._size = 1 << shift
        fat_count, directory = struct.unpack_from("<2L", data, 44)
        self._cutoff, mini_fat = struct.unpack_from("<2L", data, 56)
        self._fat = self._allocation(fat_count)
        self._mini_fat = _longs(self._chain(mini_fat)) if mini_fat < _END else []
        self.streams = dict(self._entries(self._chain(directory)))
        self._mini = b""
        root = self.streams.get("Root Entry")
        if root is not None and root[0] < _END:
            self._mini = self._chain(root[0])

    def read(self, name: str) -> bytes:
        """The bytes of a stream; CompoundError when missing or cut off."""
        if name not in self.streams:
            raise CompoundError(f"no stream {name}")
        start, size = self.streams[name]
        if size >= self._cutoff:
            return self._chain(start)[:size]
        return self._mini_chain(start)[:size]

    def _allocation(self, count: int) -> list[int]:
        sectors = list(struct.unpack_from("<109L", self._data, 76))
        extra, left = struct.unpack_from("<2L", self._data, 68)
        per_sector = self._size // 4
        while extra < _END and left:
            block = _longs(self._sector(extra))
            sectors += block[: per_sector - 1]
            extra, left = block[-1], left - 1
        table: list[int] = []
        for sector in sectors[:count]:
            if sector < _END:
                table += _longs(self._sector(sector))
        return table

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._data):
            raise CompoundError("sector outside the file")
        return self._data[start : start + self._size].ljust(self._size, b"\0")

    def _chain(self, sector: int) -> bytes:
        pieces: list[bytes] = []
        while sector < _END:
            if sector >= len(self._fat) or len(pieces) > len(self._fat):
                raise CompoundError("broken chain")
            pieces.append(self._sector(sector))
            sector = self._fat[sector]
        return b"".join(pieces)

    def _mini_chain(self, sector: int) -> bytes:
        pieces: list[bytes] = []
        while sector < _END:
            if sector >= len(self._mini_fat) or len(pieces) > len(self._mini_fat):
                raise CompoundError("broken short chain")
            pieces.append(self._mini[sector * 64 : sector * 64 + 64])
            sector = self._mini_fat[sector]
        return b"".join(pieces)

    def _entries(self, directory: bytes) -> list[tuple[str, tuple[int, int]]]:
        found: list[tuple[str, tuple[int, int]]] = []
        for at in range(0, len(directory) - _DIRECTORY_ENTRY + 1, _DIRECTORY_ENTRY):
            size, kind = struct.unpack_from("<HB", directory, at + 64)
            if kind not in (1, 2, 5) or not 2 <= size <= 64:
                continue
            name = directory[at : at + size - 2].decode("utf-16-le", "replace")
            found.append((name, struct.unpack_from("<2L", directory, at + 116)))
        return found


def _longs(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}L", data[: len(data) // 4 * 4]))
