"""The zip layer of a workbook, checked before anything else reads it: entries, sizes, checksums.

Parts are inflated here in bounded pieces; the inflated bytes are counted, never believed.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zhubao.core.errors import WorkbookDamaged, WorkbookEncrypted, WorkbookHostile

MAX_ENTRIES = 10_000
MAX_INFLATED = 2 << 30
RATIO_FROM = 32 << 20
MAX_RATIO = 250
MAX_SMALL_PART = 64 << 20

_PIECE = 1 << 20
_LOCAL = struct.Struct("<4s5H3L2H")
# What zipfile raises over a broken directory; OSError when it seeks before the file's start.
_UNREADABLE = (
    zipfile.BadZipFile,
    NotImplementedError,
    ValueError,
    struct.error,
    OverflowError,
    OSError,
)
_REPAIR = "请用 Excel 或 WPS 打开并“另存为”一份新的 .xlsx；打不开时请用备份，或向报送人重新索取"
_SUSPECT = "正常的台账不会这样；请核对文件来源，用 Excel 或 WPS 另存一份新的 .xlsx 再试"


@dataclass(frozen=True, slots=True)
class Entry:
    """One part of the package, as its central record and its local header agree on it."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    start: int


class Package:
    """The parts of a zip file by name (upper and lower case alike)."""

    def __init__(self, path: Path, file: str) -> None:
        """Check every entry; raises WorkbookDamaged, WorkbookHostile or WorkbookEncrypted."""
        self.path = path
        self.file = file
        self.entries = {entry.name.casefold(): entry for entry in _checked_entries(path, file)}
        self._inflated = 0

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self.entries

    def names(self) -> list[str]:
        """Part names as written in the package."""
        return [entry.name for entry in self.entries.values()]

    def read(self, name: str, limit: int = MAX_SMALL_PART) -> bytes:
        """A whole small part; WorkbookDamaged when missing, WorkbookHostile above `limit`."""
        pieces: list[bytes] = []
        size = 0
        for piece in self.stream(name):
            size += len(piece)
            if size > limit:
                raise WorkbookHostile(
                    f"{self.file} 的部件 {name} 大得不合常理", where=self.file, advice=_SUSPECT
                )
            pieces.append(piece)
        return b"".join(pieces)

    def stream(self, name: str, *, counted: bool = True) -> Iterator[bytes]:
        """The inflated bytes of a part in pieces; checksum and size verified at the end."""
        entry = self.entries.get(name.casefold())
        if entry is None:
            raise WorkbookDamaged(f"{self.file} 缺少部件 {name}", where=self.file, advice=_REPAIR)
        crc = size = 0
        try:
            for piece in _inflate(self.path, entry):
                crc = zlib.crc32(piece, crc)
                size += len(piece)
                self._charge(entry, size, len(piece) if counted else 0)
                yield piece
        except zlib.error as error:
            raise self._damaged(entry) from error
        if crc != entry.crc or size != entry.size:
            raise self._damaged(entry)

    def _charge(self, entry: Entry, size: int, piece: int) -> None:
        self._inflated += piece
        bomb = size > RATIO_FROM and size > MAX_RATIO * max(entry.packed, 1)
        if bomb or self._inflated > MAX_INFLATED:
            raise WorkbookHostile(
                f"{self.file} 的部件 {entry.name} 解压后大得不合常理"
                f"（压缩 {entry.packed:,} 字节，已解出 {size:,} 字节），已停止读取",
                where=self.file,
                advice=_SUSPECT,
            )

    def _damaged(self, entry: Entry) -> WorkbookDamaged:
        return WorkbookDamaged(
            f"{self.file} 已损坏：部件 {entry.name} 的内容与校验和不符",
            where=self.file,
            advice=_REPAIR,
        )


def _inflate(path: Path, entry: Entry) -> Iterator[bytes]:
    """Pieces of at most `_PIECE` bytes, so that a bomb is seen while it unfolds."""
    with path.open("rb") as stream:
        stream.seek(entry.start)
        left = entry.packed
        unpacker = zlib.decompressobj(-15) if entry.method == zipfile.ZIP_DEFLATED else None
        while left > 0:
            block = stream.read(min(left, _PIECE >> 2))
            if not block:
                return
            left -= len(block)
            if unpacker is None:
                yield block
                continue
            while block:
                yield unpacker.decompress(block, _PIECE)
                block = unpacker.unconsumed_tail
        if unpacker is not None:
            yield unpacker.flush()


def _checked_entries(path: Path, file: str) -> list[Entry]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except _UNREADABLE as error:
        raise WorkbookDamaged(
            f"{file} 不完整或已损坏：压缩包目录读不出来（常见于下载、拷贝中断）",
            where=file,
            advice=_REPAIR,
        ) from error
    if len(infos) > MAX_ENTRIES:
        raise _hostile(file, f"里面有 {len(infos):,} 个部件，超过上限 {MAX_ENTRIES:,}")
    _refuse_odd_names(file, infos)
    with path.open("rb") as stream:
        entries = [_entry(stream, info, file) for info in infos]
    _refuse_overlaps(file, entries)
    return entries


def _refuse_odd_names(file: str, infos: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for info in infos:
        name = info.orig_filename.replace("\\", "/")
        if name.startswith("/") or ":" in name or "\0" in name or ".." in name.split("/"):
            raise _hostile(file, f"部件名“{info.orig_filename!r}”指向文件之外")
        if name.casefold() in seen:
            raise _hostile(file, f"部件 {name} 出现了两次，不同软件会读出不同的内容")
        seen.add(name.casefold())


def _entry(stream: object, info: zipfile.ZipInfo, file: str) -> Entry:
    if info.flag_bits & 0x1:
        raise WorkbookEncrypted(
            f"{file} 的压缩包加了密码", where=file, advice="请去掉密码后另存，再重新读取"
        )
    head = b""
    if info.header_offset >= 0:  # negative when a piece in the middle of the file is lost
        stream.seek(info.header_offset)  # type: ignore[attr-defined]
        head = stream.read(_LOCAL.size)  # type: ignore[attr-defined]
    if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
        raise WorkbookDamaged(
            f"{file} 已损坏：部件 {info.filename} 的位置不对", where=file, advice=_REPAIR
        )
    _, _, flags, method, _, _, crc, packed, size, name_size, extra = _LOCAL.unpack(head)
    name: bytes = stream.read(name_size)  # type: ignore[attr-defined]
    if method != info.compress_type or not _same_name(name, info, flags):
        raise _hostile(file, f"部件 {info.filename} 的目录记录与实际内容不一致")
    if (
        not flags & 0x8
        and size != 0xFFFFFFFF
        and (crc, packed, size)
        != (
            info.CRC,
            info.compress_size,
            info.file_size,
        )
    ):
        raise _hostile(file, f"部件 {info.filename} 的目录记录与实际大小不一致")
    if method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _hostile(file, f"部件 {info.filename} 用了工作簿不用的压缩方法（{method}）")
    start = info.header_offset + _LOCAL.size + name_size + extra
    part = info.orig_filename.replace("\\", "/")
    return Entry(part, method, info.CRC, info.compress_size, info.file_size, start)


def _same_name(local: bytes, info: zipfile.ZipInfo, flags: int) -> bool:
    """Local and central names agree; bit 11 says whether they are UTF-8 or CP437."""
    text = local.decode("utf-8" if flags & 0x800 else "cp437", "replace")
    return text == info.orig_filename


def _refuse_overlaps(file: str, entries: list[Entry]) -> None:
    end = 0
    for entry in sorted(entries, key=lambda item: item.start):
        if entry.start < end:
            raise _hostile(file, f"部件 {entry.name} 与别的部件重叠")
        end = entry.start + entry.packed


def _hostile(file: str, what: str) -> WorkbookHostile:
    return WorkbookHostile(f"{file} 被拒绝读取：{what}", where=file, advice=_SUSPECT)
