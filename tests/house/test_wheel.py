"""A wheel in an empty environment, outside the repository, does the main job on the sample."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "ZHUBAO"))}
    return subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=environment | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("dist")
    result = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", target, cwd=ROOT)
    assert result.returncode == 0, result.stderr
    return next(target.glob("*.whl"))


def test_templates_and_sample_travel_inside_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    workbooks = [name for name in names if name.startswith("zhubao/_data/ledgers/")]
    assert len([name for name in workbooks if name.endswith(".xlsx")]) == 8
    assert "zhubao/_data/ledgers/zhubao.toml" in names
    assert "zhubao/_data/templates/workbook.toml" in names


def test_the_wheel_works_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "空环境"
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    constraints = ROOT / ".ci" / "constraints.txt"
    python = scripts / "python"
    quiet = ("--disable-pip-version-check", "install", "--quiet")
    result = run(python, "-m", "pip", *quiet, "-c", constraints, wheel, cwd=tmp_path)
    if result.returncode and "CI" not in os.environ:
        pytest.skip("no package index within reach")
    assert result.returncode == 0, result.stderr

    made = run(scripts / "zhubao", "init", "示范局", "--demo", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    answer = run(scripts / "zhubao", "-C", "示范局", "rent", "arrears", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert "结欠" in answer.stdout
    assert list((tmp_path / "示范局" / "reports").glob("*.xlsx"))
