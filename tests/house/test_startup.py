"""Help is instant because it imports nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "pandas",
    "numpy",
    "openpyxl",
    "pydantic",
    "xlsxwriter",
    "python_calamine",
    "rich",
    "docx",
    "docxtpl",
    "jinja2",
    "lxml",
    "filelock",
)


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["rent", "--help"],
        ["rent", "arrears", "--help"],
        ["rent", "charge", "--help"],
        ["rent", "notices", "--help"],
        ["check", "--help"],
        ["undo", "--help"],
        ["record", "--help"],
        ["list", "--help"],
        ["office", "report", "--help"],
        ["allocate", "draw", "--help"],
        ["approval", "report", "--help"],
        ["audit", "check", "--help"],
        ["batch", "run", "--help"],
    ],
)
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys\n"
        "from zhubao.cli.entry import main\n"
        f"exit_code = main({words!r})\n"
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules], exit_code)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert "用法：zhubao" in result.stdout
    assert "HEAVY [] 0" in result.stdout


def test_arrears_needs_no_pandas_and_no_openpyxl() -> None:
    code = (
        "import sys\n"
        "from zhubao.cli.entry import main\n"
        "main(['rent', 'arrears', '--json'])\n"
        "print('HEAVY', [n for n in ('pandas', 'openpyxl') if n in sys.modules], file=sys.stderr)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert "HEAVY []" in result.stderr


def test_a_command_does_not_pay_for_the_others() -> None:
    code = (
        "import sys\n"
        "from zhubao.cli.entry import main\n"
        "main(['rent', 'arrears', '--help'])\n"
        "print('OTHERS', [n for n in sys.modules if n.startswith('zhubao.cli.allocate')])\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert "OTHERS []" in result.stdout
