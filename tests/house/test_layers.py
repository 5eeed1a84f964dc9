"""The layers hold, and the gate that says so can still fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the package below `root`."""
    code = "from importlinter.cli import lint_imports_command as run; run()"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=root,
        env={"PYTHONPATH": str(root), "PATH": "", "NO_COLOR": "1", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def copied_house(tmp_path: Path) -> Path:
    shutil.copytree(
        ROOT / "zhubao", tmp_path / "zhubao", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_keeps_its_layers(copied_house: Path) -> None:
    result = lint_imports(copied_house)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        ("core/money.py", "import zhubao.ledger.model", "one direction only"),
        ("rent/tenure.py", "import zhubao.render.json", "Only the command line renders"),
        ("render/json.py", "import zhubao.ledger.model", "Surfaces know core only"),
        ("rent/tenure.py", "import openpyxl", "know no workbook library"),
    ],
)
def test_a_planted_violation_is_caught(
    copied_house: Path, module: str, planted: str, contract: str
) -> None:
    path = copied_house / "zhubao" / module
    path.write_text(path.read_text(encoding="utf-8") + f"\n{planted}\n", encoding="utf-8")
    result = lint_imports(copied_house)
    assert result.returncode == 1
    broken = [line for line in result.stdout.splitlines() if "BROKEN" in line]
    assert any(contract in line for line in broken), result.stdout
