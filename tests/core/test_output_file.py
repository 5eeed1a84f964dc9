"""What a system's refusal to write says to a clerk, and that nothing half written stays."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from zhubao.core.errors import OutputError
from zhubao.core.output_file import refusal, remedy, replacing

EVERY = sorted(errno.errorcode)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EPERM, "没有写入权限，或文件正开着"),
        (errno.EACCES, "没有写入权限，或文件正开着"),
        (errno.EBUSY, "文件正被占用"),
        (errno.ENOSPC, "磁盘已满"),
        (errno.EROFS, "这个磁盘是只读的"),
        (errno.ENOTDIR, "路径里有一段不是文件夹"),
    ],
)
def test_a_refusal_is_said_in_chinese_with_what_to_do(number: int, said: str) -> None:
    fault = OSError(number, "Operation not permitted")
    assert refusal(fault) == said
    assert remedy(fault).startswith(f"{said}：请")


def test_no_refusal_passes_on_the_systems_english() -> None:
    faults = [*(OSError(number, "Some English") for number in EVERY), OSError("Some English")]
    assert not [words for words in map(refusal, faults) if "English" in words]


def test_a_refused_file_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "欠租.xlsx"
    path.write_bytes(b"old")

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(OutputError, match=r"欠租\.xlsx 写不进去") as caught, replacing(path) as new:
        new.write(b"new")

    assert "没有写入权限" in caught.value.advice
    assert [one.name for one in tmp_path.iterdir()] == ["欠租.xlsx"]
    assert path.read_bytes() == b"old"
