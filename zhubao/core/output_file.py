"""A result file appears complete or not at all: written beside its place, then moved there."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from zhubao.core.errors import OutputError

_NO_RIGHT = "没有写入权限，或文件正开着"
_REASONS = {
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EBUSY: "文件正被占用",
    errno.EROFS: "这个磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EFBIG: "文件太大，这个磁盘放不下",
    errno.EISDIR: "这是一个文件夹的名字",
    errno.ENOTDIR: "路径里有一段不是文件夹",
    errno.ENOENT: "文件或文件夹不见了",
    errno.EEXIST: "同名的文件已经有了",
    errno.ENOTEMPTY: "同名的文件夹里还有文件",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EINVAL: "文件名里有不能用的字符",
    errno.ELOOP: "路径里的链接绕成了圈",
    errno.EIO: "磁盘或网络连接出错",
    errno.EXDEV: "不在同一个磁盘上",
    errno.EMFILE: "打开的文件太多",
    errno.ENOMEM: "内存不够",
}
_ADVICE = {
    _NO_RIGHT: "请在 Excel、Word 或 WPS 中关闭它再试；若没有写入权限，请换个位置",
    "文件正被占用": "请关闭正在使用它的程序再试",
    "磁盘已满": "请腾出空间再试",
    "磁盘配额已满": "请腾出空间再试",
    "文件名太长": "请换一个短些的名字",
    "这是一个文件夹的名字": "请换一个文件名",
}
_IN_USE = (32, 33)  # Windows: another program has the file open, or a part of it


def refusal(error: OSError) -> str:
    """Why the system refused, in Chinese; its number where that says nothing to a clerk."""
    if getattr(error, "winerror", None) in _IN_USE:
        return "文件正被占用"
    number = error.errno or 0
    if number in _REASONS:
        return _REASONS[number]
    if number:
        return f"系统错误 {number}"
    return "系统没有说明原因" if str(error).isascii() else str(error)


def remedy(error: OSError) -> str:
    """Why, and what to do about it, for a message's advice."""
    reason = refusal(error)
    return f"{reason}：{_ADVICE.get(reason, '请换个位置保存')}"


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
    return OutputError(f"{path.name} 写不进去", where=str(path), advice=remedy(error))
