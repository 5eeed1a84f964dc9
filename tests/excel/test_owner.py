"""Owner files of Excel, WPS and LibreOffice: who has the workbook open."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhubao.excel.owner import holder_of

NAME = "arrears.xlsx"


def excel(name: str, *, length_at: int = 55, name_at: int = 57) -> bytes:
    """An owner file: the name in the code page, then in UTF-16, padded."""
    narrow = name.encode("gbk", "replace")
    content = bytearray(b" " * 165)
    content[0] = len(narrow)
    content[1 : 1 + len(narrow)] = narrow
    wide = name.encode("utf-16-le")
    content[length_at : length_at + 2] = len(name).to_bytes(2, "little")
    content[name_at : name_at + len(wide)] = wide
    return bytes(content)


def opened(folder: Path, owner_file: str, content: bytes, name: str = NAME) -> Path:
    path = folder / name
    path.touch()
    (folder / owner_file).write_bytes(content)
    return path


def test_without_an_owner_file_nobody_has_it_open(tmp_path: Path) -> None:
    assert holder_of(opened(tmp_path, "~$other.xlsx", b"")) is None


@pytest.mark.parametrize("name", ["张小明", "Zhang San", "张San", "A", "王"])
@pytest.mark.parametrize(("length_at", "name_at"), [(55, 57), (55, 56), (54, 56), (54, 55)])
def test_excel_names_the_person(tmp_path: Path, name: str, length_at: int, name_at: int) -> None:
    content = excel(name, length_at=length_at, name_at=name_at)
    holder = holder_of(opened(tmp_path, f"~${NAME}", content))
    assert holder is not None
    assert (holder.program, holder.person) == ("Excel 或 WPS", name)
    assert holder.message == f"正由 {name} 用 Excel 或 WPS 打开着"
    assert holder.advice.endswith(f"删除同一文件夹里的隐藏文件 ~${NAME}")


def test_a_name_that_the_code_page_lacks_is_read_in_full(tmp_path: Path) -> None:
    holder = holder_of(opened(tmp_path, f"~${NAME}", excel("José")))
    assert holder is not None
    assert holder.person == "José"


def test_a_name_in_the_code_page_alone_is_read(tmp_path: Path) -> None:
    holder = holder_of(opened(tmp_path, f"~${NAME}", b"\x06" + "李四三".encode("gbk")))
    assert holder is not None
    assert holder.person == "李四三"


@pytest.mark.parametrize("content", [b"", b"\x00" * 165, b"\xff" * 165, b"\x05", b" " * 165])
def test_an_owner_file_without_a_name_still_counts(tmp_path: Path, content: bytes) -> None:
    holder = holder_of(opened(tmp_path, f"~${NAME}", content))
    assert holder is not None
    assert holder.person == ""
    assert holder.message == "正用 Excel 或 WPS 打开着"


def test_wps_is_recognised_by_its_own_name(tmp_path: Path) -> None:
    holder = holder_of(opened(tmp_path, f".~{NAME}", excel("李四")))
    assert holder is not None
    assert (holder.program, holder.person) == ("WPS", "李四")


def test_libreoffice_names_person_computer_and_time(tmp_path: Path) -> None:
    line = "王五,wangwu,PC-07,30.06.2020 15:30,file:///home/wangwu/.config/libreoffice/4;"
    holder = holder_of(opened(tmp_path, f".~lock.{NAME}#", line.encode()))
    assert holder is not None
    told = (holder.program, holder.person, holder.host, holder.since)
    assert told == ("LibreOffice", "王五", "PC-07", "30.06.2020 15:30")
    assert holder.message == ("正由 王五（电脑 PC-07） 用 LibreOffice 打开着，30.06.2020 15:30 起")


def test_the_program_that_left_two_owner_files_is_named_rightly(tmp_path: Path) -> None:
    path = opened(tmp_path, f"~${NAME}", excel("王五"))
    opened(tmp_path, f".~lock.{NAME}#", "王五,wangwu,PC-07,,;".encode())
    holder = holder_of(path)
    assert holder is not None
    assert holder.program == "LibreOffice"


def test_libreoffice_falls_back_to_the_login(tmp_path: Path) -> None:
    holder = holder_of(opened(tmp_path, f".~lock.{NAME}#", b",zhang\\, san,PC,,;"))
    assert holder is not None
    assert (holder.person, holder.host, holder.since) == ("zhang, san", "PC", "")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b",,,,;", b"\\"])
def test_a_damaged_libreoffice_lock_still_counts(tmp_path: Path, content: bytes) -> None:
    holder = holder_of(opened(tmp_path, f".~lock.{NAME}#", content))
    assert holder is not None
    assert holder.host == ""


def test_the_shortened_name_of_a_long_name_counts(tmp_path: Path) -> None:
    holder = holder_of(opened(tmp_path, "~$20欠租台账汇总.xlsx", b"", "2020欠租台账汇总.xlsx"))
    assert holder is not None
    assert "~$20欠租台账汇总.xlsx" in holder.advice


def test_the_owner_file_of_another_workbook_does_not(tmp_path: Path) -> None:
    (tmp_path / "20欠租台账汇总.xlsx").touch()
    path = opened(tmp_path, "~$20欠租台账汇总.xlsx", b"", "2020欠租台账汇总.xlsx")
    assert holder_of(path) is None
    short = opened(tmp_path, "~$c.xlsx", b"", "abc.xlsx")  # too short a name to be shortened
    assert holder_of(short) is None


def test_an_owner_file_that_cannot_be_read_still_counts(tmp_path: Path) -> None:
    (tmp_path / f"~${NAME}").mkdir()
    holder = holder_of(tmp_path / NAME)
    assert holder is not None
    assert holder.person == ""
