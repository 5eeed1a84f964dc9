"""A job is a process of its own that speaks UTF-8, is limited in time, and can be ended."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from zhubao.fleet.batch import child
from zhubao.fleet.batch.child import ChildEnd, Errand, run_zhubao


@pytest.fixture
def errand(tmp_path: Path) -> Errand:
    (tmp_path / "json.py").write_text("raise SystemExit(9)")  # must not be picked up from here
    return Errand(tmp_path, (), tmp_path / "out.txt", tmp_path / "err.txt", 30.0)


def runs(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    def line(root: Path, words: Sequence[str]) -> list[str]:
        del root, words
        return [sys.executable, "-c", code]

    monkeypatch.setattr(child, "command_line", line)


def end_of(errand: Errand) -> ChildEnd:
    return run_zhubao(errand, lambda _: None)


def test_zhubao_runs_in_utf8_whatever_the_code_page(
    errand: Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "cp437")
    monkeypatch.setenv("LC_ALL", "C")
    found = run_zhubao(
        Errand(errand.root, ("schema", "--nonsense"), errand.out, errand.err, 30.0), lambda _: None
    )
    assert found == ChildEnd(2)
    assert "没有选项" in errand.err.read_text(encoding="utf-8")


def test_a_fault_of_the_program_is_told_from_findings(
    errand: Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs(monkeypatch, "raise KeyError('x')")
    assert end_of(errand) == ChildEnd(1, crashed=True)
    runs(monkeypatch, "import sys; assert not sys.stdin.read(); print('好'); sys.exit(1)")
    assert end_of(errand) == ChildEnd(1)
    assert errand.out.read_text(encoding="utf-8").strip() == "好"


def test_after_its_time_it_is_ended(errand: Errand, monkeypatch: pytest.MonkeyPatch) -> None:
    runs(monkeypatch, "import time; time.sleep(60)")
    short = Errand(errand.root, (), errand.out, errand.err, 0.3)
    begun = time.monotonic()
    assert end_of(short).timed_out
    assert time.monotonic() - begun < 5


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_an_interrupt_ends_it_and_what_it_started(
    errand: Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may put things right first: asked, not killed."""
    runs(
        monkeypatch,
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "grand = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "try:\n"
        "    print(grand.pid, flush=True); time.sleep(60)\n"
        "except KeyboardInterrupt:\n"
        "    print('收拾好了', flush=True); sys.exit(130)\n",
    )

    def interrupt(_: float) -> None:
        if errand.out.stat().st_size:
            raise KeyboardInterrupt

    assert run_zhubao(errand, interrupt) == ChildEnd(130, interrupted=True)
    grand, said = errand.out.read_text(encoding="utf-8").splitlines()
    assert said == "收拾好了"
    assert _is_gone(grand)


def _is_gone(pid: str) -> bool:
    for _ in range(200):
        try:
            if ") Z " in Path(f"/proc/{pid}/stat").read_text():
                return True
        except OSError:
            return True
        time.sleep(0.01)
    return False
