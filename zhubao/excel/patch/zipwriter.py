"""A zip file written anew: entries that stay are copied byte for byte, others deflated afresh."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from zhubao.excel.patch.read_ahead import read_ahead

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_STORED_ELSEWHERE = 0xFFFFFFFF
_BLOCK = 1 << 20
_LARGE = 8 << 20  # above this much XML speed counts for more than the last tenth of size
_FAST, _USUAL = 1, 6
_DOS_EPOCH = (0, 0x21)  # 1980-01-01, for parts that were not there before


@dataclass(frozen=True, slots=True)
class _Record:
    """A raw central directory record and where its entry lies in the source."""

    raw: bytes
    name: str
    start: int
    end: int


def rewrite(
    source: Path,
    target: BinaryIO,
    changed: Mapping[str, Iterable[bytes]],
    *,
    sizes: Mapping[str, int],
    late: Mapping[str, Callable[[], bytes | None]],
    dropped: frozenset[str] = frozenset(),
) -> None:
    """Write `source` to `target` with the parts in `changed` replaced or added.

    `changed` maps part names to pieces of content, which are drawn one after the other. `late`
    parts are asked for when those are written; None: the part stays. `sizes` has the former size
    of parts, by which the effort of compression is chosen. Entries keep their dates and, but for
    late ones, their order; new ones come last. Parts in `dropped` are left out.
    """
    with source.open("rb") as stream:
        records, comment = _records(source, stream)
        names = {record.name for record in records}
        kept = [record for record in records if record.name not in dropped]
        kept.sort(key=lambda record: record.name in late)  # a stable sort
        central: list[bytes] = []
        for record in kept:
            pieces = _pieces_of(record.name, changed, late)
            if pieces is None:
                central.append(_moved(record.raw, target.tell()))
                _copy(stream, target, record.start, record.end)
            else:
                is_large = sizes.get(record.name, 0) > _LARGE
                level = _FAST if is_large else _USUAL
                pieces = read_ahead(pieces) if is_large else pieces
                central.append(_deflated(target, record, pieces, level))
        for name, pieces in changed.items():
            if name not in names:
                fresh = _Record(_fresh_record(name), name, 0, 0)
                central.append(_deflated(target, fresh, pieces, _USUAL))
        _finish(target, central, comment)


def _pieces_of(
    name: str,
    changed: Mapping[str, Iterable[bytes]],
    late: Mapping[str, Callable[[], bytes | None]],
) -> Iterable[bytes] | None:
    """The new content of a part; None when it is copied."""
    if name in late:
        content = late[name]()
        return None if content is None else (content,)
    return changed.get(name)


def _records(source: Path, stream: BinaryIO) -> tuple[list[_Record], bytes]:
    """The entries in the order of their bytes. The package has been checked before."""
    with zipfile.ZipFile(source) as archive:
        directory, infos, comment = archive.start_dir, archive.infolist(), archive.comment
    stream.seek(directory)
    raws = [_read_central(stream, info) for info in infos]
    ordered = sorted(range(len(infos)), key=lambda index: infos[index].header_offset)
    starts = [infos[index].header_offset for index in ordered] + [directory]
    records = []
    for place, index in enumerate(ordered):
        name = infos[index].orig_filename.replace("\\", "/")
        records.append(_Record(raws[index], name, starts[place], starts[place + 1]))
    return records, comment


def _read_central(stream: BinaryIO, info: zipfile.ZipInfo) -> bytes:
    head = stream.read(_CENTRAL.size)
    fields = list(_CENTRAL.unpack(head))
    tail = stream.read(fields[10] + fields[11] + fields[12])
    if _STORED_ELSEWHERE in (fields[8], fields[9], fields[16]):  # sizes in a zip64 field
        name = tail[: fields[10]]
        fields[8], fields[9], fields[16] = info.compress_size, info.file_size, info.header_offset
        fields[11] = fields[12] = 0
        return _CENTRAL.pack(*fields) + name
    return head + tail


def _moved(raw: bytes, offset: int) -> bytes:
    return raw[: _CENTRAL.size - 4] + struct.pack("<L", offset) + raw[_CENTRAL.size :]


def _copy(stream: BinaryIO, target: BinaryIO, start: int, end: int) -> None:
    stream.seek(start)
    left = end - start
    while left:
        block = stream.read(min(left, _BLOCK))
        if not block:
            raise EOFError("the source became shorter while it was being copied")
        target.write(block)
        left -= len(block)


def _fresh_record(name: str) -> bytes:
    raw = name.encode()
    utf8 = 0 if raw.isascii() else 0x800
    fields = (b"PK\x01\x02", 20, 20, utf8, zipfile.ZIP_DEFLATED, *_DOS_EPOCH, 0, 0, 0)
    return _CENTRAL.pack(*fields, len(raw), 0, 0, 0, 0, 0, 0) + raw


def _deflated(target: BinaryIO, record: _Record, pieces: Iterable[bytes], level: int) -> bytes:
    """Write one entry with new content; returns its central record. `target` can be rewound."""
    fields = list(_CENTRAL.unpack(record.raw[: _CENTRAL.size]))
    name = record.raw[_CENTRAL.size : _CENTRAL.size + fields[10]]
    fields[3] &= ~0x8  # sizes stand in the header, not behind the data
    fields[4] = zipfile.ZIP_DEFLATED
    fields[11] = fields[12] = 0
    offset = fields[16] = target.tell()
    target.write(b"\0" * (_LOCAL.size + len(name)))
    for block in _packed(pieces, level, fields):
        target.write(block)
    end = target.tell()
    target.seek(offset)
    target.write(_LOCAL.pack(b"PK\x03\x04", 20, *fields[3:10], len(name), 0) + name)
    target.seek(end)
    return _CENTRAL.pack(*fields) + name


def _packed(pieces: Iterable[bytes], level: int, fields: list[int]) -> Iterator[bytes]:
    """The deflated blocks; checksum and both sizes are put into `fields` on the way."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    crc = size = packed = 0
    for piece in pieces:
        crc, size = zlib.crc32(piece, crc), size + len(piece)
        block = packer.compress(piece)
        packed += len(block)
        yield block
    block = packer.flush()
    yield block
    fields[7], fields[8], fields[9] = crc, packed + len(block), size


def _finish(target: BinaryIO, central: list[bytes], comment: bytes) -> None:
    start = target.tell()
    for record in central:
        target.write(record)
    size, count = target.tell() - start, len(central)
    target.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, len(comment)) + comment)
