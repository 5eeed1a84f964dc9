"""Where the packaged folders are: inside an installed wheel, or at the root of a checkout."""

from __future__ import annotations

from pathlib import Path

from zhubao.core.errors import BureauError

_PACKAGE = Path(__file__).resolve().parent.parent


def packaged_dir(name: str) -> Path:
    """The folder "templates" or "ledgers" that comes with zhubao; BureauError when missing."""
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise BureauError(
        f"zhubao 自带的“{name}”文件夹不见了",
        where=str(_PACKAGE.parent / name),
        advice="请重新安装 zhubao",
    )
