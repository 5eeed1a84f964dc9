from __future__ import annotations

import random
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

from zhubao.excel.patch.zipwriter import rewrite
from zhubao.excel.zipcheck import Package

PARTS = {
    "[Content_Types].xml": b"<Types/>",
    "xl/styles.xml": b"<styleSheet/>" * 50,
    "xl/worksheets/sheet1.xml": b"<worksheet/>" * 5_000,
    "xl/media/图.png": bytes(range(256)) * 9,
    "docProps/empty.xml": b"",
}


class Unseekable:
    """Makes zipfile write sizes behind the data (flag 8)."""

    def __init__(self, path: Path) -> None:
        self.stream = path.open("wb")

    def write(self, data: bytes) -> int:
        return self.stream.write(data)

    def flush(self) -> None:
        self.stream.flush()


def plain(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in PARTS.items():
            archive.writestr(name, data)


def stored(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in PARTS.items():
            archive.writestr(name, data)


def with_descriptors(path: Path) -> None:
    sink = Unseekable(path)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for name, data in PARTS.items():
            archive.writestr(name, data)
    sink.stream.close()


def with_zip64(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in PARTS.items():
            with archive.open(name, "w", force_zip64=True) as part:
                part.write(data)


def with_zip64_directory(path: Path) -> None:
    """Sizes and place of every entry in the zip64 field of its central record."""
    plain(path)
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        infos, start = archive.infolist(), archive.start_dir
    records, place = b"", start
    for info in infos:
        name_size, extra, comment = struct.unpack_from("<3H", data, place + 28)
        head = bytearray(data[place : place + 46])
        wide = struct.pack("<HH3Q", 1, 24, info.file_size, info.compress_size, info.header_offset)
        struct.pack_into("<2L", head, 20, 0xFFFFFFFF, 0xFFFFFFFF)
        struct.pack_into("<H", head, 30, len(wide))
        struct.pack_into("<L", head, 42, 0xFFFFFFFF)
        records += bytes(head) + data[place + 46 : place + 46 + name_size] + wide
        place += 46 + name_size + extra + comment
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(infos), len(infos), len(records), start, 0)
    path.write_bytes(data[:start] + records + end)


def with_comments(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = "整包的说明".encode()
        for name, data in PARTS.items():
            info = zipfile.ZipInfo(name, (2019, 5, 6, 7, 8, 10))
            info.compress_type, info.comment, info.external_attr = 8, b"entry", 0o600 << 16
            info.extra = struct.pack("<HH4s", 0xCAFE, 4, b"abcd")
            archive.writestr(info, data)


def in_another_order(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in reversed(PARTS):
            archive.writestr(name, PARTS[name])


FORMS = {
    form.__name__: form
    for form in (
        plain,
        stored,
        with_descriptors,
        with_zip64,
        with_zip64_directory,
        with_comments,
        in_another_order,
    )
}


def written(
    source: Path,
    changed: Mapping[str, Iterable[bytes]],
    *,
    sizes: Mapping[str, int] | None = None,
    late: Mapping[str, Callable[[], bytes | None]] | None = None,
    dropped: frozenset[str] = frozenset(),
) -> Path:
    target = source.with_name("new.xlsx")
    with target.open("w+b") as stream:
        rewrite(source, stream, changed, sizes=sizes or {}, late=late or {}, dropped=dropped)
    return target


def contents(path: Path) -> dict[str, bytes]:
    """By our own strict check and by the library's."""
    package = Package(path, path.name)
    own = {name: package.read(name) for name in package.names()}
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert {info.filename: archive.read(info) for info in archive.infolist()} == own
    return own


@pytest.mark.parametrize("form", FORMS)
def test_entries_that_stay_are_copied_and_others_replaced(tmp_path: Path, form: str) -> None:
    source = tmp_path / "a.xlsx"
    FORMS[form](source)
    new = {"xl/worksheets/sheet1.xml": iter([b"<work", b"", b"sheet/>"]), "xl/新.xml": [b"<n/>"]}
    after = contents(written(source, new))
    assert after == PARTS | {"xl/worksheets/sheet1.xml": b"<worksheet/>", "xl/新.xml": b"<n/>"}


@pytest.mark.parametrize("form", FORMS)
def test_a_copy_of_a_copy_is_the_same_file(tmp_path: Path, form: str) -> None:
    source = tmp_path / "a.xlsx"
    FORMS[form](source)
    once = written(source, {}).rename(tmp_path / "once.xlsx")
    assert contents(once) == PARTS
    assert written(once, {}).read_bytes() == once.read_bytes()
    if "zip64" not in form:
        assert once.read_bytes() == source.read_bytes()


def test_dates_comments_and_order_stay(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    with_comments(source)
    target = written(source, {"xl/styles.xml": [b"<s/>"]})
    with zipfile.ZipFile(source) as one, zipfile.ZipFile(target) as other:
        assert one.comment == other.comment
        assert one.namelist() == other.namelist()
        for before, after in zip(one.infolist(), other.infolist(), strict=True):
            assert (before.date_time, before.external_attr) == (
                after.date_time,
                after.external_attr,
            )
            if before.filename != "xl/styles.xml":
                assert (before.comment, before.extra) == (after.comment, after.extra)


def test_late_parts_are_asked_when_all_others_are_written(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    plain(source)
    asked: list[str] = []

    def sheet() -> Iterable[bytes]:
        asked.append("sheet")
        yield b"<w/>"

    def late() -> bytes:
        asked.append("styles")
        return b"<s/>"

    target = written(source, {"xl/worksheets/sheet1.xml": sheet()}, late={"xl/styles.xml": late})
    assert asked == ["sheet", "styles"]
    assert contents(target)["xl/styles.xml"] == b"<s/>"
    same = written(source, {}, late={"xl/styles.xml": lambda: None})
    assert contents(same) == PARTS


def test_dropped_parts_are_gone(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    plain(source)
    after = contents(written(source, {}, dropped=frozenset({"docProps/empty.xml"})))
    assert after == {k: v for k, v in PARTS.items() if k != "docProps/empty.xml"}


def test_large_parts_are_packed_fast(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    plain(source)
    noise = random.Random(1)
    data = b"".join(b"<c><v>%d</v></c>" % noise.randrange(10**6) for _ in range(20_000))
    name = "xl/worksheets/sheet1.xml"
    small = written(source, {name: [data]}, sizes={name: 1}).stat().st_size
    fast = written(source, {name: [data]}, sizes={name: 9 << 20}).stat().st_size
    assert small < fast < 2 * small


def test_a_source_cut_off_meanwhile_is_noticed(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    stored(source)

    def cut() -> Iterable[bytes]:
        with source.open("r+b") as stream:
            stream.truncate(700)
        yield b"<t/>"

    with pytest.raises(EOFError):
        written(source, {"[Content_Types].xml": cut()})
