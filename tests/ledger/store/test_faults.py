"""Killed or failing at every single file system call: all old or all new, and it says which."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
SUITES = ("kill_changes", "fail_changes", "kill_recoveries", "kill_patches")
REQUIRED = "ZHUBAO_REQUIRE_LIBREOFFICE"  # set where every tool is there: nothing may be skipped

Reports = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that counts calls, compiled."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if sys.platform != "linux" or compiler is None:
        reason = "needs Linux and a C compiler"
        if os.environ.get(REQUIRED):
            pytest.fail(reason)
        pytest.skip(reason)
    library = tmp_path_factory.mktemp("shim") / "shim.so"
    source = str(HERE / "fault_shim.c")
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), source, "-ldl"], check=True
    )
    return library


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """In memory where there is such a place: nobody pulls the plug here, a disk is only slower."""
    memory = Path("/dev/shm")
    place = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="zhubao-faults-", dir=place) as name:
        yield Path(name)


@pytest.fixture(scope="module")
def reports(shim: Path, folder: Path) -> Reports:
    """Every suite's report; they run side by side."""
    runs = {suite: _started(shim, folder / suite, suite) for suite in SUITES}
    results = {suite: run.communicate(timeout=300) for suite, run in runs.items()}
    failed = {suite: results[suite][1] for suite, run in runs.items() if run.returncode}
    assert not failed, "\n".join(failed.values())
    return {suite: json.loads(output) for suite, (output, _) in results.items()}


def _started(shim: Path, folder: Path, suite: str) -> subprocess.Popen[str]:
    _workbooks(folder)
    command = [sys.executable, str(HERE / "fault_driver.py"), str(shim), str(folder), suite]
    return subprocess.Popen(
        command,
        env={**os.environ, "LD_PRELOAD": str(shim), "PYTHONPATH": str(HERE.parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _workbooks(folder: Path) -> None:
    """Three versions of two small workbooks."""
    import openpyxl

    for version in ("old", "new", "next"):
        (folder / version).mkdir(parents=True)
        for name in ("arrears.xlsx", "tenants.xlsx"):
            book = openpyxl.Workbook()
            for row in range(20):
                book.worksheets[0].append([name, row, version])
            book.save(folder / version / name)


def test_a_change_killed_anywhere_is_all_old_or_all_new(reports: Reports) -> None:
    report = reports["kill_changes"]
    assert report["points"] > 300
    assert min(report["ends"]["old"], report["ends"]["new"]) > 50
    assert report["calls"].keys() >= {"read", "write", "fsync", "rename", "unlink", "mkdir"}


def test_a_change_failing_anywhere_succeeds_or_says_why(reports: Reports) -> None:
    report = reports["fail_changes"]
    assert report["points"] > 150
    assert min(report["ends"]["old"], report["ends"]["new"]) > 20
    assert report["calls"].keys() >= {"write", "fsync", "rename", "unlink", "chmod"}


def test_a_recovery_killed_or_failing_anywhere_is_finished_by_the_next(reports: Reports) -> None:
    report = reports["kill_recoveries"]
    assert report["points"] > 300
    assert min(report["ends"][end] for end in ("old", "new", "edited")) > 50


def test_a_patch_of_two_ledgers_killed_anywhere_is_all_old_or_all_new(reports: Reports) -> None:
    report = reports["kill_patches"]
    assert report["points"] > 200
    assert report["ends"]["old"] > 100
    assert report["ends"]["new"] > 5
