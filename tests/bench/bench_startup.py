"""Cold starts: `zhubao --help` and a typer hello-world, `rent arrears` and importing pandas.

Run by hand: `python tests/bench/bench_startup.py`. Whole processes, a pair in turn; the median of
the ratios pair by pair. The sample ledgers are copied: no report lands in the checkout. Bytecode is
cached for both sides (in a folder of its own), as it is wherever a package is installed.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LEDGERS = Path(__file__).resolve().parents[2] / "ledgers"
RUNS = 9
HELLO = """
import typer

app = typer.Typer()


@app.command()
def hello(name: str) -> None:
    print(name)


@app.command()
def bye(name: str) -> None:
    print(name)


app()
"""


def environment(bytecode: Path) -> dict[str, str]:
    """This one, with bytecode written: without it only the libraries would be compiled."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(bytecode)}


def seconds(words: list[str], env: dict[str, str]) -> float:
    """One whole process."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, *words], capture_output=True, check=True, env=env)
    return time.perf_counter() - begun


def compare(
    title: str, ours: list[str], other: list[str], goal: float, env: dict[str, str]
) -> None:
    """Print both medians and the median ratio."""
    for words in (ours, other):
        seconds(words, env)  # warms the file cache, writes the bytecode
    pairs = [(seconds(ours, env), seconds(other, env)) for _ in range(RUNS)]
    ratio = statistics.median(one / two for one, two in pairs)
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"{title}: {mine:.3f} s / {theirs:.3f} s = x {ratio:.2f} (goal: x {goal})")


def main() -> None:
    """Both comparisons."""
    with tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder, "bytecode"))
        hello = Path(folder, "hello.py")
        hello.write_text(HELLO, encoding="utf-8")
        shutil.copytree(LEDGERS, Path(folder, "ledgers"))
        zhubao = ["-m", "zhubao"]
        compare(
            "zhubao --help / typer hello-world --help",
            [*zhubao, "--help"],
            [str(hello), "--help"],
            1.3,
            env,
        )
        pandas = ["-c", "import pandas"]
        arrears = [*zhubao, "-C", folder, "rent", "arrears"]
        compare("rent arrears with workbook / import pandas", arrears, pandas, 2.0, env)
        compare("rent arrears --json / import pandas", [*arrears, "--json"], pandas, 2.0, env)


if __name__ == "__main__":
    main()
