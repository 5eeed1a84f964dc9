"""Who has a workbook open: the owner files that Excel, WPS and LibreOffice leave beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_OFFICE = "Excel 或 WPS"
_WPS = "WPS"
_LIBREOFFICE = "LibreOffice"
_LIMIT = 4096  # bytes; owner files are far smaller
_WIDE = ((54, 55), (54, 56), (55, 56), (55, 57))  # offsets of length and name; variants differ
_LONGEST_NAME = 52


@dataclass(frozen=True, slots=True)
class Holder:
    """Who seems to have the workbook open. `person`, `host` and `since` are "" when not told."""

    program: str
    person: str
    host: str
    since: str
    owner_file: Path

    @property
    def message(self) -> str:
        """Program and person, and what to do when nobody has it open, for the clerk."""
        who = self.person + (f"（电脑 {self.host}）" if self.host else "")
        by = f"由 {who} " if who else ""
        since = f"，{self.since} 起" if self.since else ""
        return f"正{by}用 {self.program} 打开着{since}"

    @property
    def advice(self) -> str:
        """What to do; an owner file left behind by a crash cannot be told from a live one."""
        return (
            f"请关闭后重试；如果确实没有人开着，删除同一文件夹里的隐藏文件 {self.owner_file.name}"
        )


def holder_of(path: Path) -> Holder | None:
    """The holder named by an owner file beside `path`; None when there is no such file.

    The file cannot prove that the workbook is open, only that it was and that the program has
    not tidied up.
    """
    for program, owner_file in _candidates(path):
        try:
            with owner_file.open("rb") as stream:
                content = stream.read(_LIMIT)
        except FileNotFoundError:
            continue
        except OSError:  # Excel may deny reading while it runs
            content = b""
        return _holder(program, owner_file, content)
    return None


def _candidates(path: Path) -> Iterator[tuple[str, Path]]:
    """The most telling names first: LibreOffice and WPS may leave one like Excel's as well."""
    folder, name = path.parent, path.name
    yield _LIBREOFFICE, folder / f".~lock.{name}#"
    yield _WPS, folder / f".~{name}"
    yield _OFFICE, folder / f"~${name}"
    short = name[2:]  # Office drops two characters of a long name
    if len(path.stem) > 6 and not (folder / short).exists():
        yield _OFFICE, folder / f"~${short}"
        yield _WPS, folder / f".~{short}"


def _holder(program: str, owner_file: Path, content: bytes) -> Holder:
    if program == _LIBREOFFICE:
        return _libreoffice(owner_file, content)
    return Holder(program, _office_person(content), "", "", owner_file)


def _libreoffice(owner_file: Path, content: bytes) -> Holder:
    """`name,user,host,time,profile;` with `\\` before a comma that belongs to a value."""
    fields = _fields(content.decode("utf-8", "replace"))
    name, user, host, since = (*fields, "", "", "", "")[:4]
    return Holder(_LIBREOFFICE, name or user, host, since, owner_file)


def _fields(text: str) -> list[str]:
    fields, escaped = [""], False
    for sign in text.rstrip("\n"):
        if escaped or sign not in "\\,;":
            fields[-1] += sign
            escaped = False
        elif sign == "\\":
            escaped = True
        elif sign == ",":
            fields.append("")
        else:
            break
    return [field.strip() for field in fields]


def _office_person(content: bytes) -> str:
    """The name in UTF-16, when it agrees with the one in the code page; else the latter, or ""."""
    length = content[0] if content else 0
    narrow = content[1 : 1 + length] if 0 < length <= _LONGEST_NAME else b""
    wide = [text for text in _wide_names(content) if _agrees(text, content)]
    return _clean(wide[0] if wide else narrow.decode("gbk", "replace"))


def _wide_names(content: bytes) -> Iterator[str]:
    for at_length, at_name in _WIDE:
        length = content[at_length] if len(content) > at_length else 0
        if 0 < length <= _LONGEST_NAME:
            yield content[at_name : at_name + 2 * length].decode("utf-16-le", "replace")


def _agrees(text: str, content: bytes) -> bool:
    """Whether the code page's bytes begin with this name; signs it lacks are `?` there."""
    narrow = text.strip().encode("gbk", "replace")
    return bool(narrow) and content[1:].startswith(narrow)


def _clean(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() and sign != "\ufffd").strip()
