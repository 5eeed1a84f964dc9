"""A job file that cannot be used: everything that is wrong, each with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fleet.batch.shop import DAY, judge
from zhubao.fleet.batch.dates import BatchDates
from zhubao.fleet.batch.faults import JobFileError
from zhubao.fleet.batch.model import OnFailure
from zhubao.fleet.batch.plan import make_plan
from zhubao.fleet.batch.reading import read_job_file


def faults_of(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    path = tmp_path / "任务.toml"
    path.write_text(text, encoding="utf-8")
    file, faults = read_job_file(path)
    _, wrong = make_plan(file, BatchDates.of(DAY), (tmp_path, "甲局"), judge)
    assert all(fault.advice for fault in [*faults, *wrong])
    return sorted((fault.line, fault.code) for fault in [*faults, *wrong])


EVERYTHING_WRONG = """\
titel = "x"
date = "六月"
timeout = 0
[[job]]
name = "甲"
command = "check {{mnth}}"

[[job]]
name = "甲"
when = ["quarter"]
expect = "1"
command = "nonsense"
[[job]]
command = "write"
needs = ["甲", "丙"]
[[job]]
name = ""
on_failure = "weiter"
[[job]]
name = "乙"
command = ["-C", "别处", "check"]
needs = "乙"
[[job]]
name = "丁"
command = "check 'x"
timeout = "2天"
bureau = [1]
"""


def test_all_faults_at_once_with_their_lines(tmp_path: Path) -> None:
    assert faults_of(tmp_path, EVERYTHING_WRONG) == [
        (1, "ENV-339"),
        (2, "ENV-333"),
        (3, "ENV-333"),
        (6, "ENV-336"),
        (8, "ENV-334"),
        (10, "ENV-333"),
        (11, "ENV-333"),
        (12, "ENV-335"),
        (13, "ENV-332"),
        (13, "ENV-338"),
        (14, "ENV-337"),
        (16, "ENV-332"),
        (17, "ENV-333"),
        (18, "ENV-333"),
        (19, "ENV-338"),
        (21, "ENV-335"),
        (25, "ENV-333"),
        (26, "ENV-333"),
        (27, "ENV-333"),
    ]


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b'title = "C:\\x"', "ENV-331", "单引号"),
        (b"[[job]]\nname = x\n", "ENV-331", "引号括起来"),
        ('title = "中"'.encode("gb18030"), "ENV-330", "UTF-8"),
        (b"#" * (2 << 20), "ENV-330", "检查路径"),
        (None, "ENV-330", "batch example"),
    ],
)
def test_a_file_that_cannot_be_read(
    tmp_path: Path, data: bytes | None, code: str, said: str
) -> None:
    path = tmp_path / "任务.toml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(JobFileError) as caught:
        read_job_file(path)
    assert caught.value.code == code
    assert said in caught.value.advice
    assert "任务.toml" in caught.value.where


@pytest.mark.parametrize("text", ["", "title = 'x'", "[job]\nname = 'x'", "job = [1]"])
def test_a_file_without_jobs(tmp_path: Path, text: str) -> None:
    assert faults_of(tmp_path, text)


def test_what_is_written_is_what_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "任务.toml"
    text = """\
on_failure = "continue"
timeout = "10分钟"
date = 2020-07-01
[[job]]
name = "甲"
command = "zhubao check"
[[job]]
name = "乙"
command = ["check", "我的 台账.xlsx"]
on_failure = "stop"
timeout = 30
expect = 0
when = ["half_year_end", 3]
needs = "甲"
"""
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    file, faults = read_job_file(path)
    assert (faults, file.date) == ([], DAY)
    first, second = file.jobs
    assert (first.command, first.on_failure, first.timeout) == (
        ("check",),
        OnFailure.CONTINUE,
        600.0,
    )
    assert (second.command, second.on_failure) == (("check", "我的 台账.xlsx"), OnFailure.STOP)
    assert (second.expect, second.timeout) == (frozenset({0}), 30.0)
    assert (second.when.months, second.when.words) == (frozenset({3, 6, 12}), "半年末、3 月")
    assert (first.line, second.line, second.command_line) == (4, 7, 9)
