from __future__ import annotations

import os
import struct
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import python_calamine

from zhubao.core import errors
from zhubao.excel import sandbox
from zhubao.excel.book import open_book

Package = Callable[..., Path]

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """No refusal takes long."""
    begun = time.perf_counter()
    yield
    assert time.perf_counter() - begun < 5


def refused(path: Path, kind: type[errors.WorkbookError]) -> errors.WorkbookError:
    """The refusal, after checking that it names the file and says what to do."""
    with pytest.raises(errors.WorkbookError) as caught:
        open_book(path)
    assert type(caught.value) is kind
    assert path.name in caught.value.message
    assert caught.value.advice
    assert caught.value.exit_code == errors.EXIT_INPUT
    return caught.value


def compound(*streams: tuple[str, bytes]) -> bytes:
    """A minimal compound file: one FAT sector, one directory sector, streams padded to 4096."""
    sectors: list[bytes] = []
    fat = [0xFFFFFFFD, 0xFFFFFFFE]
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, content in streams:
        content = content.ljust(4096, b"\0")
        blocks = [content[at : at + 512].ljust(512, b"\0") for at in range(0, len(content), 512)]
        first = len(fat)
        fat += [first + i + 1 for i in range(len(blocks) - 1)] + [0xFFFFFFFE]
        entries.append(_entry(name, 2, first, len(content)))
        sectors += blocks
    directory = b"".join(entries).ljust(512, b"\0")
    fat_sector = struct.pack("<128L", *fat, *[0xFFFFFFFF] * (128 - len(fat)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9L", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109L", 0, *[0xFFFFFFFF] * 108)
    return header + fat_sector + directory + b"".join(sectors)


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    return head.ljust(116, b"\xff") + struct.pack("<3L", start, size, 0)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    refused(tmp_path / "没有.xlsx", errors.WorkbookMissing)


def test_a_folder(tmp_path: Path) -> None:
    assert "文件夹" in refused(tmp_path, errors.WorkbookMissing).message


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read anything")
def test_a_file_without_permission(package: Package) -> None:
    path = package()
    path.chmod(0)
    assert "权限" in refused(path, errors.WorkbookMissing).message


def test_no_permission_is_said(package: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    path = package()

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError("no")

    monkeypatch.setattr(Path, "open", forbidden)
    assert "权限" in refused(path, errors.WorkbookMissing).message


def test_zero_bytes(tmp_path: Path) -> None:
    refused(written(tmp_path / "空.xlsx", b""), errors.WorkbookEmpty)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("家庭编号,金额\nJT1,5\n".encode("gbk"), "CSV"),
        ("家庭编号,金额\nJT1,5\n".encode("utf-8-sig"), "CSV"),
        ("家庭编号\t金额\n".encode("utf-16"), "CSV"),
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "HTML"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns='
         b'"urn:schemas-microsoft-com:office:spreadsheet"/>', "XML 表格 2003"),
        (b"%PDF-1.7\n", "PDF"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"\x09\x08\x08\x00\x00\x05", "Excel 4.0"),
        (b"\x01\x00\x02\x00\x03", "无法识别"),
    ],
)  # fmt: skip
def test_other_files_renamed_are_named_for_what_they_are(
    content: bytes, told: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "报表.xls", content)
    assert told in refused(path, errors.WorkbookUnsupported).message


def test_a_file_of_zeros(tmp_path: Path) -> None:
    refused(written(tmp_path / "零.xlsx", bytes(5000)), errors.WorkbookDamaged)


@pytest.mark.parametrize(
    ("part", "told"), [("word/document.xml", "Word"), ("ppt/presentation.xml", "PPT")]
)
def test_documents_and_slides_renamed(part: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "文档.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<x/>")
    assert told in refused(path, errors.WorkbookUnsupported).message


def test_a_plain_zip(tmp_path: Path) -> None:
    path = tmp_path / "材料.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("说明.txt", "x")
    assert "压缩包" in refused(path, errors.WorkbookUnsupported).message


def test_an_encrypted_workbook(tmp_path: Path) -> None:
    content = compound(("EncryptionInfo", b"x"), ("EncryptedPackage", b"y"))
    refused(written(tmp_path / "密.xlsx", content), errors.WorkbookEncrypted)


def test_an_encrypted_old_workbook(tmp_path: Path) -> None:
    stream = struct.pack("<2H4H", 0x809, 8, 0x600, 5, 0, 0) + struct.pack("<2HH", 0x2F, 2, 0)
    refused(written(tmp_path / "密.xls", compound(("Workbook", stream))), errors.WorkbookEncrypted)


def test_an_old_word_document_renamed(tmp_path: Path) -> None:
    content = compound(("WordDocument", b"x"))
    path = written(tmp_path / "文.xls", content)
    assert "Word" in refused(path, errors.WorkbookUnsupported).message


def test_a_cut_off_old_workbook(tmp_path: Path) -> None:
    content = compound(("Workbook", b"x"))[:700]
    refused(written(tmp_path / "断.xls", content), errors.WorkbookDamaged)


def test_an_old_workbook_of_garbage(tmp_path: Path) -> None:
    content = compound(("Workbook", bytes(range(256)) * 4))
    refused(written(tmp_path / "乱.xls", content), errors.WorkbookDamaged)


def test_an_encrypted_ods(tmp_path: Path) -> None:
    path = tmp_path / "密.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<m><encryption-data/></m>")
    refused(path, errors.WorkbookEncrypted)


def test_an_ods_blown_up_by_repetition(tmp_path: Path) -> None:
    path = tmp_path / "炸.ods"
    body = (
        '<d xmlns:table="t" xmlns:office="o"><table:table table:name="表一"><table:table-row '
        'table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" '
        'table:number-columns-repeated="16384"/></table:table-row></table:table></d>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", body)
    assert "表一" in refused(path, errors.WorkbookHostile).message


def test_a_truncated_zip(package: Package) -> None:
    path = package()
    refused(written(path, path.read_bytes()[:-60]), errors.WorkbookDamaged)


def test_a_bad_checksum(package: Package) -> None:
    path = package("<!-- " + "x" * 40 + " -->")
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    at = info.header_offset + 30 + len(info.filename) + 40
    spoilt = content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :]
    error = refused(written(path, spoilt), errors.WorkbookDamaged)
    assert "sheet1.xml" in error.message


@pytest.mark.parametrize(
    "part",
    ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"],
)
def test_a_missing_part_is_named(part: str, package: Package) -> None:
    error = refused(package(replace={part: None}), errors.WorkbookDamaged)
    assert part in error.message


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "_rels/.rels"])
def test_broken_xml_is_damage_in_a_named_part_or_parser_error(part: str, package: Package) -> None:
    refused(package(replace={part: "<worksheet><sheetData><row>"}), errors.WorkbookDamaged)


def test_shared_strings_that_are_not_there(package: Package) -> None:
    path = package('<row r="1"><c r="A1" t="s"><v>5</v></c></row>')
    refused(path, errors.WorkbookDamaged)


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"]
)
def test_a_doctype_is_refused(part: str, package: Package) -> None:
    text = f'<!DOCTYPE x [<!ENTITY a "b">]><worksheet xmlns="{NS}"><sheetData/></worksheet>'
    error = refused(package(replace={part: text}), errors.WorkbookHostile)
    assert "DOCTYPE" in error.message


def test_a_strict_workbook_is_unsupported_and_said_so(package: Package) -> None:
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="xl/workbook.xml" Type='
        '"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"/></Relationships>'
    )
    error = refused(package(replace={"_rels/.rels": rels}), errors.WorkbookUnsupported)
    assert "Strict" in error.message


def test_a_zip_bomb_is_stopped_while_it_unfolds(package: Package) -> None:
    space = " " * 60_000_000
    sheet = f'<worksheet xmlns="{NS}"><sheetData>{space}</sheetData></worksheet>'
    path = package(sheet=sheet)
    assert path.stat().st_size < 200_000
    assert "解压" in refused(path, errors.WorkbookHostile).message


def test_a_bomb_in_the_shared_strings(package: Package) -> None:
    text = f'<sst xmlns="{NS}">{" " * 60_000_000}</sst>'
    refused(package(replace={"xl/sharedStrings.xml": text}), errors.WorkbookHostile)


@pytest.mark.parametrize("count", ['uniqueCount="4294967295"', "count='4294967295'"])
def test_a_claimed_number_of_strings_is_not_believed(count: str, package: Package) -> None:
    text = f'<sst xmlns="{NS}" {count}><si><t>x</t></si></sst>'
    refused(package(replace={"xl/sharedStrings.xml": text}), errors.WorkbookHostile)


@pytest.mark.parametrize(
    "far",
    [
        '<c r="XFD1048576"><v>1</v></c>',
        "<c r='XFD1048576'><v>1</v></c>",
        '<c s="1" r="XFD1048576"><v>1</v></c>',
        '<c\n r="XFD1048576"><v>1</v></c>',
        '<c r="xfd1048576"><v>1</v></c>',
    ],
)
def test_a_grid_of_two_to_the_34_cells_is_refused_with_its_place(
    far: str, package: Package
) -> None:
    path = package(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">{far}</row>')
    assert path.stat().st_size < 5_000
    error = refused(path, errors.WorkbookHostile)
    assert "XFD1048576" in error.where
    assert "应收" in error.where


@pytest.mark.parametrize("ref", ["XFE1", "A1048577", "ZZZ1", "A9999999"])
def test_cells_outside_any_sheet_are_refused(ref: str, package: Package) -> None:
    refused(package(f'<row r="1"><c r="{ref}"><v>1</v></c></row>'), errors.WorkbookHostile)


@pytest.mark.parametrize("ref", ["A0", "1A", "A", ""])
def test_positions_that_do_not_exist_are_damage(ref: str, package: Package) -> None:
    refused(package(f'<row r="1"><c r="{ref}"><v>1</v></c></row>'), errors.WorkbookDamaged)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("twin", ["xl/worksheets/sheet1.xml", "XL/worksheets/Sheet1.xml"])
def test_duplicate_entries_are_refused(twin: str, package: Package) -> None:
    path = package()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(twin, "<worksheet/>")
    assert "两次" in refused(path, errors.WorkbookHostile).message


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:/x", "a/..\\..\\b"])
def test_paths_out_of_the_package_are_refused(name: str, package: Package) -> None:
    refused(package(replace={name: "x"}), errors.WorkbookHostile)


def test_a_directory_that_lies_about_an_entry_is_refused(package: Package) -> None:
    path = package()
    content = path.read_bytes()
    at = content.rindex(b"xl/worksheets/sheet1.xml")
    lying = content[:at] + b"xl/worksheets/sheet2.xml" + content[at + 24 :]
    assert "不一致" in refused(written(path, lying), errors.WorkbookHostile).message


def test_too_many_entries(package: Package) -> None:
    parts: dict[str, str | bytes | None] = {f"a/{number}": "" for number in range(10_001)}
    refused(package(replace=parts), errors.WorkbookHostile)


def test_a_panic_of_the_parser_is_damage_not_a_traceback(
    package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Panic(BaseException):
        pass

    def panic(*_: object) -> None:
        raise Panic("index out of bounds")

    monkeypatch.setattr(python_calamine, "load_workbook", panic)
    refused(package(), errors.WorkbookDamaged)


def an_ods(tmp_path: Path) -> Path:
    path = tmp_path / "表.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    return path


def child(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let the child run `code` instead of the parser."""
    command = [sandbox.child_command()[0], "-c", code]
    monkeypatch.setattr(sandbox, "child_command", lambda: command)


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.abort()",
        "import sys; sys.exit(101)",
        "print('not a pickle')",
        "pass",
        "import pickle, sys; sys.stdout.buffer.write(pickle.dumps(print))",
    ],
)
def test_a_child_that_dies_or_babbles_is_damage(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    child(monkeypatch, code)
    refused(an_ods(tmp_path), errors.WorkbookDamaged)
    assert capfd.readouterr().err == ""


def test_a_child_that_takes_too_long_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, "import time; time.sleep(60)")
    patient = sandbox.parse_in_child
    monkeypatch.setattr(
        sandbox, "parse_in_child", lambda path, wanted: patient(path, wanted, time_limit=0.3)
    )
    refused(an_ods(tmp_path), errors.WorkbookTimeout)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_the_child_may_not_take_all_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child(
        monkeypatch,
        "from zhubao.excel import sandbox; sandbox._limit_memory(); bytearray(8 << 30)",
    )
    refused(an_ods(tmp_path), errors.WorkbookDamaged)


@pytest.mark.parametrize("lost", [1, 40, 120])
def test_a_zip_that_lost_bytes_in_the_middle_is_damage(lost: int, package: Package) -> None:
    path = package()
    content = path.read_bytes()
    path.write_bytes(content[:20] + content[20 + lost :])
    refused(path, errors.WorkbookDamaged)
