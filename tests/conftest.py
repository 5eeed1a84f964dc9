"""What tests of every part of the house may use."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# Green today is green tomorrow: the usual run draws the same examples every time. To look for new
# ones: HYPOTHESIS_PROFILE=explore, which `make explore` sets.
settings.register_profile("same", derandomize=True, database=None)
settings.register_profile("explore", print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="session")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """Convert a workbook with LibreOffice; where there is none, the test is skipped.

    Not where every tool must be there: then it fails.
    """
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("ZHUBAO_REQUIRE_LIBREOFFICE"):
            pytest.fail("LibreOffice is not installed")
        pytest.skip("LibreOffice is not installed")
    home = tmp_path_factory.mktemp("libreoffice")

    def convert(path: Path, extension: str) -> Path:
        folder = tmp_path_factory.mktemp("converted")
        subprocess.run(
            [
                str(program),
                f"-env:UserInstallation={(home / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                extension,
                "--outdir",
                str(folder),
                str(path),
            ],
            check=True,
            capture_output=True,
            timeout=60,
        )
        return folder / f"{path.stem}.{extension}"

    return convert
