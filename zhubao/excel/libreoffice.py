"""LibreOffice as a converter to .xlsx: where it is, and one run in a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

TIME_LIMIT = 180.0  # seconds for one workbook
_NAMES = ("soffice", "libreoffice")
_FILTER = "xlsx:Calc MS Excel 2007 XML"
_WINDOWS = ("ProgramW6432", "ProgramFiles", "ProgramFiles(x86)")
_MAC = Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")


class ConverterFailed(Exception):
    """LibreOffice gave no workbook; the text says why, in Chinese."""


def find_converter() -> Path | None:
    """The program, on the search path or where its installer puts it; None when it is not there."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    folders = [Path(os.environ[name]) for name in _WINDOWS if os.environ.get(name)]
    usual = [folder / "LibreOffice" / "program" / "soffice.exe" for folder in folders]
    return next((path for path in (*usual, _MAC) if path.is_file()), None)


def to_xlsx(
    program: Path, source: Path, suffix: str, folder: Path, *, time_limit: float = TIME_LIMIT
) -> Path:
    """Convert a copy of `source` inside `folder`, an empty one; the path of the new workbook.

    The copy is named with `suffix`, which tells the format; profile, locks and result stay in
    `folder`. ConverterFailed when the program fails or takes longer than `time_limit` seconds.
    """
    copy = folder / f"source{suffix}"
    try:
        shutil.copyfile(source, copy)
    except OSError as error:
        raise ConverterFailed(f"写不了临时文件（{error.strerror or error}）") from error
    command = [
        str(program),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--convert-to",
        _FILTER,
        "--outdir",
        str(folder),
        str(copy),
    ]
    _run(command, folder, time_limit)
    result = folder / "source.xlsx"
    if not result.is_file():
        raise ConverterFailed("没有产生结果")
    return result


def _run(command: list[str], folder: Path, time_limit: float) -> None:
    """Run to the end; what is still running when the time is up goes, children included."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            start_new_session=os.name != "nt",
        )
    except OSError as error:
        raise ConverterFailed(f"启动不了（{error.strerror or error}）") from error
    try:
        code = process.wait(timeout=time_limit)
    except subprocess.TimeoutExpired:
        _end(process)
        raise ConverterFailed(f"{time_limit:g} 秒内没有完成") from None
    except BaseException:
        _end(process)
        raise
    if code:
        raise ConverterFailed(f"退出码 {code}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """The program starts others: the whole group goes."""
    if os.name == "nt":
        tree = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(tree, capture_output=True, check=False)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
