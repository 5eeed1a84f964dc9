"""Parsing in a child process with a limit on time and memory: for formats and files not trusted.

`python -m zhubao.excel.sandbox PATH` reads a request from stdin and writes the pickled answer to
stdout. An abort or a panic ends the child, never the command.
"""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from zhubao.excel.parse import Parsed, ParsedSheet, ParserFailed, ParserTimeout, parse

TIME_LIMIT = 30.0
MEMORY_LIMIT = 3 << 30

_ALLOWED = {
    ("datetime", "date"): "date",
    ("datetime", "datetime"): "datetime",
    ("datetime", "time"): "time",
    ("datetime", "timedelta"): "timedelta",
}
_ROOT = Path(__file__).resolve().parents[2]


def parse_in_child(
    path: Path, wanted: Sequence[str] | None, *, time_limit: float = TIME_LIMIT
) -> Parsed:
    """Like `parse`, in a child; ParserFailed when it dies, ParserTimeout when it takes long."""
    request = pickle.dumps((str(path), list(wanted) if wanted is not None else None))
    try:
        done = subprocess.run(
            child_command(),
            input=request,
            capture_output=True,
            timeout=time_limit,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ParserTimeout("time limit") from None
    if done.returncode != 0 or not done.stdout:
        raise ParserFailed(f"child ended with {done.returncode}")
    return _unpack(done.stdout)


def child_command() -> list[str]:
    """The command line of the child."""
    return [sys.executable, "-m", "zhubao.excel.sandbox"]


def _environment() -> dict[str, str]:
    """The child must find this very package, also in a checkout that is not installed."""
    paths = [str(_ROOT), os.environ.get("PYTHONPATH", "")]
    joined = os.pathsep.join(path for path in paths if path)
    return {**os.environ, "PYTHONPATH": joined, "RUST_BACKTRACE": "0"}


class _Unpickler(pickle.Unpickler):
    """Only plain values and dates come out of the child."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _ALLOWED:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


def _unpack(data: bytes) -> Parsed:
    try:
        failure, names, sheets = _Unpickler(io.BytesIO(data)).load()
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError) as error:
        raise ParserFailed("answer of the child cut off") from error
    if failure is not None:
        raise ParserFailed(str(failure))
    return Parsed(names, [ParsedSheet(*sheet) for sheet in sheets])


def _limit_memory() -> None:
    """Where the system can: an allocation beyond the limit ends the child."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY_LIMIT if hard == resource.RLIM_INFINITY else min(MEMORY_LIMIT, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """The child: one request, one answer."""
    _limit_memory()
    path, wanted = pickle.load(sys.stdin.buffer)  # from the parent, not from the workbook
    try:
        parsed = parse(Path(path), wanted)
    except (ParserFailed, MemoryError) as error:
        answer: tuple[Any, ...] = (str(error) or "MemoryError", [], [])
    else:
        answer = (None, parsed.names, [tuple(sheet) for sheet in parsed.sheets])
    pickle.dump(answer, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
