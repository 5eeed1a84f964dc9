"""Reading a published folder or .zip as it lies before us: somebody else may have made it."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from zhubao.core.errors import ZhubaoError

_LARGEST, _MOST = 1_000_000_000, 1_000
_DAMAGED = (
    *(OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError),
    *(zlib.error, lzma.LZMAError, struct.error),
)
_AT = "rules.txt"  # the folder in a .zip that holds this is the bundle


class BundleUnreadable(ZhubaoError):
    """The bundle to be verified cannot be read at all."""

    code = "ENV-320"


def read_bundle(path: Path) -> dict[str, bytes]:
    """Path in the bundle → bytes, of a folder or a .zip with the bundle at its top or in a folder.

    BundleUnreadable when there is no such thing, it is damaged, or far too large to be a bundle.
    Links are not followed out of the folder.
    """
    try:
        if path.is_dir():
            files = dict(_of_folder(path))
        elif path.is_file():
            files = _of_zip(path)
        else:
            raise _refused(path, "没有这个文件夹或文件")
    except _DAMAGED as fault:
        raise _refused(path, "读不了：不是完好的文件夹或 .zip") from fault
    if not files:
        raise _refused(path, "里面没有文件")
    return _from_top(files)


def _of_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    _limit(folder, [path.stat().st_size for path in found])
    for path in found:
        name = path.relative_to(folder).as_posix()
        if not name.startswith("."):
            yield name, path.read_bytes()


def _of_zip(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _limit(path, [entry.file_size for entry in entries])
        files = {_name_of(entry): archive.read(entry) for entry in entries}
    if len(files) < len(entries):  # which of the two somebody sees depends on the program
        raise _refused(path, "里面有重名的文件")
    return files


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name in a .zip; one that is not marked as UTF-8 is taken for Chinese Windows' GBK."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gbk")
    except UnicodeError:
        return entry.filename


def _from_top(files: dict[str, bytes]) -> dict[str, bytes]:
    """Names relative to the uppermost folder that holds the rules."""
    tops = [PurePosixPath(name).parent for name in files if PurePosixPath(name).name == _AT]
    if not tops:
        return files
    top = min(tops, key=lambda folder: (len(folder.parts), str(folder)))
    prefix = "" if str(top) == "." else f"{top}/"
    return {name[len(prefix) :]: data for name, data in files.items() if name.startswith(prefix)}


def _limit(path: Path, sizes: list[int]) -> None:
    if len(sizes) > _MOST or sum(sizes) > _LARGEST:
        raise _refused(path, "太大，不像是一次摇号的公布文件")


def _refused(path: Path, fault: str) -> BundleUnreadable:
    return BundleUnreadable(
        f"{path.name} {fault}",
        where=str(path),
        advice="请给出公布的文件夹或由它压成的 .zip，如 reports/摇号/YH2020-01/第1次",
    )
