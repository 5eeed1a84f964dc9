"""A result file appears complete or not at all: written beside its place, then moved there."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from zhubao.core.errors import OutputError

_ADVICE = {
    errno.EACCES: "文件可能正开着：请在 Excel 或 WPS 中关闭它再试；若没有写入权限，请换个位置",
    errno.ENOSPC: "磁盘已满：请腾出空间再试",
    errno.EISDIR: "这是一个文件夹的名字：请换一个文件名",
    errno.ENAMETOOLONG: "文件名太长：请换一个短些的名字",
}
_ADVICE[errno.EPERM] = _ADVICE[errno.EROFS] = _ADVICE[errno.EBUSY] = _ADVICE[errno.EACCES]


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A binary file to write; when the block ends well, it takes the place of `path`.

    Missing folders are made. Whatever was at `path` stays as it is until then, and for good when
    the block fails. OutputError when the place cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{path.name} 写不进去",
        where=str(path),
        advice=_ADVICE.get(error.errno or 0, f"请换个位置保存（{error.strerror or error}）"),
    )
