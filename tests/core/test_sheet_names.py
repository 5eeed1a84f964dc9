"""Names of sheets, and result files that appear whole or not at all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.core.errors import OutputError
from zhubao.core.output_file import replacing
from zhubao.core.sheet_names import quoted, sheet_name


@given(st.text(max_size=50), st.lists(st.text(max_size=5), max_size=5))
def test_any_text_becomes_a_name_excel_accepts(wanted: str, others: list[str]) -> None:
    taken = [sheet_name(other) for other in others]
    name = sheet_name(wanted, taken)
    assert 1 <= len(name.encode("utf-16-le", "surrogatepass")) // 2 <= 31
    assert not re.search(r"[\[\]:*?/\\]", name)
    assert not name.startswith("'")
    assert not name.endswith("'")
    assert name.casefold() not in {one.casefold() for one in taken}


def test_names_that_differ_in_case_only_are_told_apart() -> None:
    assert sheet_name("abc", ["ABC"]) == "abc(2)"
    assert sheet_name("abc", ["ABC", "Abc(2)"]) == "abc(3)"
    assert sheet_name("History") == "History(2)"
    assert sheet_name("[]") == "表"


def test_a_quote_in_a_name_is_doubled() -> None:
    assert quoted("it's") == "'it''s'"


def test_a_file_takes_its_place_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.bin"
    with replacing(path) as stream:
        stream.write(b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"
    assert [one.name for one in path.parent.iterdir()] == ["a.bin"]


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    with pytest.raises(TypeError), replacing(path) as stream:
        stream.writelines([b"half", "text"])  # type: ignore[list-item]
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.bin"]


def test_a_disk_error_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught, replacing(tmp_path / "a.bin"):
        raise OSError(28, "No space left on device")
    assert "磁盘已满" in caught.value.advice


def test_a_name_that_is_too_long_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError), replacing(tmp_path / ("长" * 200)):
        pass
