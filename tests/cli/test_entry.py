"""Errors become a message and an exit code, once, in Chinese; never a traceback."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from zhubao.cli.entry import main, split_bureau
from zhubao.core.width import display_width

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rent", "arears"], "没有这个命令：arears"),
        (["rent", "arrears", "--as-off", "2020-01-01"], "没有选项 --as-off，是不是 --as-of"),
        (["rent", "arrears", "--min-months", "很多"], "选项 --min-months 的值不对"),
        (["rent", "arrears", "--as-of", "6月底"], "日期“6月底”看不懂"),
        (["rent", "arrears", "--as-of", "2020-02-30"], "日期“2020-02-30”不对：2020年2月没有30日"),
        (["rent", "arrears", "--period", "上半年"], "期间“上半年”看不懂"),
        (["explain", "XX-999"], "没有代码 XX-999"),
        (["schema", "应受"], "应受"),
        (["init"], "缺少 参数 目录"),
        (["init", "甲", "乙"], "多出来的参数：乙"),
    ],
)
def test_wrong_words_are_explained_with_exit_code_2(
    zhubao: Zhubao, sample: Path, words: list[str], said: str
) -> None:
    answer = zhubao("-C", sample, *words)
    assert answer.code == 2
    assert said in answer.err
    assert "怎么办" in answer.err
    assert "Traceback" not in answer.err


def test_a_folder_without_ledgers_is_explained_with_exit_code_3(
    zhubao: Zhubao, tmp_path: Path
) -> None:
    answer = zhubao("-C", tmp_path / "没有", "rent", "arrears")
    assert answer.code == 3
    assert "怎么办" in answer.err


def test_the_bureau_option_is_taken_wherever_it_stands() -> None:
    assert split_bureau(["rent", "arrears", "-C", "局"]) == (["-C", "局"], ["rent", "arrears"])
    assert split_bureau(["check", "--bureau=局", "a"]) == (["--bureau=局"], ["check", "a"])
    assert split_bureau(["check", "--", "-C"]) == ([], ["check", "--", "-C"])


@pytest.mark.parametrize("width", [80, 140])
def test_help_fits_the_terminal(zhubao: Zhubao, width: int) -> None:
    for words in (["--help"], ["rent", "--help"], ["rent", "arrears", "--help"], ["init", "-h"]):
        answer = zhubao(*words, columns=width)
        assert answer.code == 0
        assert max(map(display_width, answer.out.splitlines())) <= width
        assert "Usage" not in answer.out
        assert "用法：zhubao" in answer.out


@pytest.mark.skipif(os.name != "posix", reason="closes streams by the shell")
def test_a_caller_without_streams_still_gets_the_exit_code() -> None:
    command = f'"{sys.executable}" -m zhubao explain XX-999 <&- >&- 2>&-'
    assert subprocess.run(["/bin/sh", "-c", command], check=False).returncode == 2


def test_without_a_command_help_is_shown(zhubao: Zhubao) -> None:
    answer = zhubao()
    assert answer.code == 2
    assert "命令：" in answer.out + answer.err


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("width", [60, 80])
def test_errors_are_wrapped_to_the_terminal_under_a_hanging_indent(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    screen = _Terminal()
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr(sys, "stderr", screen)
    assert main(["schema", "没这表"]) == 2
    first, *others = screen.getvalue().splitlines()
    assert first == "ENV-001 没有叫“没这表”的表"
    assert others[0].startswith("      怎么办：可用的表：")
    assert len(others) > 4
    assert all(line.startswith("      ") and display_width(line) <= width for line in others)


def test_in_a_pipe_an_error_stays_on_one_line_for_scripts_to_search(zhubao: Zhubao) -> None:
    assert len(zhubao("schema", "没这表").err.splitlines()) == 2


def test_a_check_code_is_explained_to_scripts_in_json(zhubao: Zhubao) -> None:
    answer = zhubao("explain", "lg-101", "--json")
    assert (answer.code, answer.json["code"]) == (0, "explain.finding")
    facts = answer.json["facts"]
    assert (facts["code"], facts["severity"]) == ("LG-101", "error")
    assert all(facts[part] for part in ("title", "message", "advice", "bad", "good"))
    assert "{" not in facts["message"] + facts["advice"]
