"""One job as a process of its own: UTF-8, no terminal, its output into files, and an end to it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PACKAGE_ROOT = Path(__file__).resolve().parents[3]
_TICK = 0.2  # seconds between two looks at the clock
_GRACES = (10.0, 5.0)  # seconds to end by itself after being asked, and after being told
_NO_CODE = -9
_TRACEBACK = b"Traceback (most recent call last)"
_COLUMNS = "120"


@dataclass(frozen=True, slots=True)
class Errand:
    """What to run: words of zhubao, in the bureau `root`; where its output goes; how long (s)."""

    root: Path
    words: tuple[str, ...]
    out: Path
    err: Path
    timeout: float


@dataclass(frozen=True, slots=True)
class ChildEnd:
    """How it ended. `crashed`: a fault of the program, whatever the exit code says."""

    code: int
    timed_out: bool = False
    interrupted: bool = False
    crashed: bool = False


Tick = Callable[[float], None]
Launch = Callable[[Errand, Tick], ChildEnd]


def run_zhubao(errand: Errand, tick: Tick) -> ChildEnd:
    """Run the errand to its end; `tick` gets the seconds passed, a few times a second.

    After the time limit, or on KeyboardInterrupt, the process and what it started is ended: asked
    first, so that it can put things right, then made to. OSError when it cannot be started.
    """
    with errand.out.open("wb") as out, errand.err.open("wb") as err:
        process = _started(errand, out.fileno(), err.fileno())
        begun = time.monotonic()
        try:
            while (passed := time.monotonic() - begun) < errand.timeout:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(min(_TICK, max(errand.timeout - passed, 0.01)))
                    return _end(process.returncode, errand.err)
                tick(passed)
            _stop(process)
            return ChildEnd(_code_of(process), timed_out=True)
        except KeyboardInterrupt:
            _stop(process)
            return ChildEnd(_code_of(process), interrupted=True)


def command_line(root: Path, words: Sequence[str]) -> list[str]:
    """The same interpreter, the same package."""
    return [sys.executable, "-m", "zhubao", "-C", str(root), *words]


def environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """UTF-8 on any code page; this very package; nothing picked up from the working folder."""
    kept = {
        name: value
        for name, value in inherited.items()
        if name not in ("ZHUBAO_BUREAU", "FORCE_COLOR", "LINES")
    }
    paths = [str(_PACKAGE_ROOT), kept.get("PYTHONPATH", "")]
    return kept | {
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "PYTHONSAFEPATH": "1",
        "PYTHONUTF8": "1",
        "PYTHONIOENCODING": "utf-8",
        "COLUMNS": _COLUMNS,
        "NO_COLOR": "1",
        "TERM": "dumb",
    }


def _started(errand: Errand, out: int, err: int) -> subprocess.Popen[bytes]:
    """In a group of its own: an interrupt at the terminal reaches it through us, once."""
    flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    return subprocess.Popen(
        command_line(errand.root, errand.words),
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=err,
        cwd=errand.root,
        env=environment(os.environ),
        creationflags=flags,
        start_new_session=os.name != "nt",
    )


def _end(code: int, err: Path) -> ChildEnd:
    crashed = code != 0 and _TRACEBACK in err.read_bytes()
    return ChildEnd(code, crashed=crashed)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask, tell, make. An impatient second interrupt goes straight to the last."""
    try:
        for send, grace in zip((_ask, _tell), _GRACES, strict=True):
            send(process)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(grace)
                break
    except KeyboardInterrupt:
        pass
    finally:
        _make(process)  # also what it started and left behind
        process.wait()


def _ask(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.send_signal(signal.CTRL_BREAK_EVENT)
    else:
        _signal_group(process, signal.SIGINT)


def _tell(process: subprocess.Popen[bytes]) -> None:
    process.terminate()


def _make(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        _signal_group(process, signal.SIGKILL)


def _signal_group(process: subprocess.Popen[bytes], which: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, which)


def _code_of(process: subprocess.Popen[bytes]) -> int:
    return _NO_CODE if process.returncode is None else process.returncode
