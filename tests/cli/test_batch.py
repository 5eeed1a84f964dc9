"""`zhubao batch` as a clerk, cron and a script use it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from zhubao.cli.batch_judge import judged
from zhubao.core.width import display_width

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.cli.conftest import Zhubao

TWO = """\
[[job]]
name = "版本"
command = "--version"
[[job]]
name = "坏"
command = "schema 没有这张表"
"""


@pytest.fixture
def bureau(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bureau with nothing in it but its configuration; the user stands somewhere else."""
    root = tmp_path / "甲区 局"
    (root / "ledgers").mkdir(parents=True)
    (root / "ledgers" / "zhubao.toml").write_text('bureau = "甲区局"\n', encoding="utf-8")
    (root / "任务.toml").write_text(TWO, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ZHUBAO_BUREAU", raising=False)
    return root


def test_a_batch_stops_says_where_and_goes_on_when_asked(zhubao: Zhubao, bureau: Path) -> None:
    run = ("batch", "run", bureau / "任务.toml", "--date", "2020-07-01")
    answer = zhubao(*run)
    assert answer.code == 3
    assert max(map(display_width, answer.out.splitlines()[-12:-2])) <= 80
    assert "[1/2] 版本  完成" in answer.out
    assert "--date 2020-07-01 --resume" in answer.out
    (folder,) = (bureau / "reports" / "批处理").iterdir()
    assert "没有这张表" in (folder / "02_坏_错误.txt").read_text(encoding="utf-8")
    assert {"运行记录.log", "批处理结果.xlsx", "批处理结果.json", "状态.json"} <= {
        path.name for path in folder.iterdir()
    }
    again = zhubao(*run, "--resume", "--json")
    assert again.code == 3
    assert again.json["facts"]["folders"] == [str(folder)]
    rows = [row["values"] for row in again.json["tables"][0]["rows"]]
    assert [(row["outcome_code"], row["attempts"]) for row in rows] == [("done", 1), ("failed", 2)]
    assert [row["values"]["exit_code"] for row in zhubao(
        "-C", bureau, "batch", "show", "--json").json["tables"][0]["rows"]] == [3]  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="closed by a POSIX shell")
def test_cron_with_nothing_to_write_to_and_no_environment_gets_code_and_log(bureau: Path) -> None:
    words = [sys.executable, "-m", "zhubao", "batch", "run", str(bureau / "任务.toml")]
    closed = ["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *words]
    done = subprocess.run(closed, env={}, cwd="/", check=False, timeout=60)
    assert done.returncode == 3
    (log,) = (bureau / "reports" / "批处理").glob("*/运行记录.log")
    lines = log.read_text(encoding="utf-8").splitlines()
    assert any("[2/2] 坏  失败，已停下" in line for line in lines)
    assert any("没有这张表" in line for line in lines)  # why, without opening another file


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_an_interrupt_is_130_and_says_how_to_go_on(bureau: Path) -> None:
    jobs = bureau / "任务.toml"
    jobs.write_text(TWO.replace('"--version"', '"schema"'), encoding="utf-8")
    begin = f"import signal; signal.signal({signal.SIGINT:d}, signal.default_int_handler);"
    run = f"{begin} import sys; sys.argv[0] = 'zhubao'; from zhubao.cli.entry import run; run()"
    words = [sys.executable, "-c", run, "batch", "run", str(jobs), "--date", "2020-07-01"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "开始：zhubao schema" in line.decode("utf-8"):
                break
        process.send_signal(signal.SIGINT)
        said = process.stdout.read().decode("utf-8")
        assert process.wait(60) == 130
    assert "已中断" in said
    assert "--date 2020-07-01 --resume" in said


def test_a_preview_runs_nothing_and_writes_nothing(zhubao: Zhubao, bureau: Path) -> None:
    answer = zhubao("batch", "run", bureau / "任务.toml", "--dry-run", "--only", "坏")
    assert answer.code == 0
    assert "2. zhubao schema 没有这张表" in answer.out
    assert "没有选（--only）" in answer.out
    assert not (bureau / "reports").exists()
    assert not (bureau / ".zhubao").exists()


def test_one_fault_and_nothing_runs(zhubao: Zhubao, bureau: Path) -> None:
    text = TWO + '[[job]]\nname = "写"\ncommand = "rent charge --month {{mnth}} --as-off"\n'
    text += '[[job]]\nname = "计租"\ncommand = "rent charge --month {{month}}"\nbureau = "乙"\n'
    (bureau / "任务.toml").write_text('as_of = "x"\nbureau = ["没有"]\n' + text, encoding="utf-8")
    answer = zhubao("batch", "run", bureau / "任务.toml", "--json")
    assert answer.code == 3
    rows = [row["values"] for row in answer.json["tables"][0]["rows"]]
    assert [(row["line"], row["code"]) for row in rows] == [
        (1, "ENV-336"),
        (2, "ENV-333"),
        (11, "ENV-336"),
        (12, "ENV-333"),
        (14, "ENV-337"),
    ]
    assert "任务“计租”要写台账" in answer.err
    assert not (bureau / "reports").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--force",), "--resume"),
        (("--resume", "--only", "坏"), "--only"),
        (("--only", "坏", "--from", "坏"), "--from"),
        (("--only", "没有"), "版本、坏"),
        (("--date", "昨天"), "--date"),
        (("--resume", "--date", "2020-07-01"), "没有运行过"),
    ],
)
def test_words_that_make_no_sense_are_exit_code_2(
    zhubao: Zhubao, bureau: Path, words: tuple[str, ...], said: str
) -> None:
    answer = zhubao("batch", "run", bureau / "任务.toml", *words)
    assert answer.code == 2
    assert said in answer.err


@pytest.mark.parametrize(
    ("words", "effect"),
    [
        ("check", "reads"),
        ("check --fix", "undecided"),
        ("check --fix --yes", "writes"),
        ("rent charge --month 2020-07", "undecided"),
        ("rent charge --month 2020-07 -y", "writes"),
        ("rent charge --month 2020-07 --yes --dry-run", "previews"),
        ("rent arrears", "reads"),
        ("rent arrears --write", "undecided"),
        ("rent visits", "reads"),
        ("rent visits --enter 清单.xlsx", "undecided"),
        ("patrol vacancy --close YC1", "undecided"),
        ("subsidy roll --files FP202007", "reads"),
    ],
)
def test_what_a_command_does_to_the_ledgers_is_known_beforehand(words: str, effect: str) -> None:
    verdict = judged(words.split())
    assert (verdict.problem, verdict.effect.value) == ("", effect)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("rnt month", "是不是 rent"),
        ("rent", "还缺一个词"),
        ("rent mnth", "是不是 month"),
        ("rent month --as-off 2020-06-30", "是不是 --as-of"),
        ("rent charge", "--month"),
        ("rent month 多余", "多余"),
        ("rent arrears --sort 大小", "--sort"),
        ("rent month --help", "--help"),
        ("batch run x.toml", "batch"),
    ],
)
def test_a_command_that_would_not_run_is_known_beforehand(words: str, said: str) -> None:
    assert said in judged(words.split()).problem


def test_the_example_is_sound_and_never_overwritten(zhubao: Zhubao, bureau: Path) -> None:
    jobs = bureau / "月末任务.toml"
    assert zhubao("batch", "example", "--out", jobs).code == 0
    assert zhubao("batch", "example", "--out", jobs).code == 2
    assert zhubao("batch", "example").out == jobs.read_text(encoding="utf-8")
    for day in (dt.date(2020, 1, 31), dt.date(2020, 7, 3)):
        assert zhubao("batch", "run", jobs, "--date", str(day), "--dry-run").code == 0


# What each job of the example writes in the folder of reports, by name.
WRITTEN: dict[str, tuple[str, ...]] = {
    "台账检查": (),
    "下月计租": ("计租预览_2020-07.xlsx",),
    "租金月报": ("租金月报_2020-06.json", "租金月报_2020-06.xlsx"),
    "欠租": ("欠租_2020-06-30.xlsx",),
    "租金汇缴": ("租金汇缴_2020-06.xlsx",),
    "下月走访清单": ("走访清单_2020-07.xlsx",),
    "审批超期": ("审批超期_2020-06-30.xlsx",),
    "巡查月报": ("巡查_2020-06.xlsx",),
    "入住率": ("入住率_2020-06-30.xlsx",),
    "目标任务": ("目标任务_2020-06-30.xlsx",),
    "租赁补贴季报": ("租赁补贴_2020-Q2.xlsx",),
    "房源筹集半年报": ("房源筹集_2020-H1.docx",),
    "审计自查": ("审计自查_2020-06-30.xlsx",),
}
_SUMMARY = ("工作总结.docx", "指标.html", "指标.xlsx")
SUMMARIES: dict[str, tuple[str, ...]] = {
    "月度小结": tuple(f"总结_2020-06/{name}" for name in _SUMMARY),
    "半年总结": tuple(f"总结_2020-H1/{name}" for name in _SUMMARY),
}


def _written(zhubao: Zhubao, jobs: Path, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """These jobs run, each done with exit code 0: the files of each, there and whole."""
    chosen = [word for name in names for word in ("--only", name)]
    answer = zhubao("batch", "run", jobs, "--date", "2020-07-03", "--json", *chosen)
    assert answer.code == 0, answer.err
    run, files = ([row["values"] for row in one["rows"]] for one in answer.json["tables"][:2])
    done = [row["job"] for row in run if (row["outcome_code"], row["exit_code"]) == ("done", 0)]
    made = {name: sorted(row["file"] for row in files if row["job"] == name) for name in done}
    for path in (jobs.parent / file for row in made.values() for file in row):
        assert path.stat().st_size
        assert path.suffix in {".json", ".html"} or zipfile.is_zipfile(path)
    return {name: tuple(file.removeprefix("reports/") for file in made[name]) for name in made}


def test_every_job_of_the_example_runs_on_the_sample_and_writes_its_files(
    zhubao: Zhubao, sample: Path, tmp_path: Path
) -> None:
    jobs = tmp_path / "局" / "月末任务.toml"
    ledgers = shutil.copytree(sample / "ledgers", jobs.parent / "ledgers")
    assert zhubao("batch", "example", "--out", jobs).code == 0
    names = [job["name"] for job in tomllib.loads(jobs.read_text(encoding="utf-8"))["job"]]
    assert sorted(names) == sorted((*WRITTEN, *SUMMARIES))

    assert _written(zhubao, jobs, WRITTEN) == WRITTEN
    for path in ledgers.glob("*.xlsx"):  # the summaries of all of them: test_summary_sample
        if path.name not in {"units.xlsx", "tenants.xlsx"}:
            path.unlink()
    assert _written(zhubao, jobs, SUMMARIES) == SUMMARIES


def test_a_date_fixed_by_the_bureau_is_not_passed_over_silently(
    zhubao: Zhubao, bureau: Path
) -> None:
    (bureau / "ledgers" / "zhubao.toml").write_text("as_of = 2020-06-30\n", encoding="utf-8")
    jobs = bureau / "任务.toml"
    said = "请加 --date 2020-06-30"

    preview = zhubao("batch", "run", jobs, "--dry-run")
    chosen = zhubao("batch", "run", jobs, "--dry-run", "--date", "2020-08-01")
    ran = zhubao("batch", "run", jobs, "--only", "版本")

    assert said in preview.out
    assert said not in chosen.out
    assert said in ran.out
    (log,) = (bureau / "reports" / "批处理").glob("*/运行记录.log")
    assert said in log.read_text(encoding="utf-8")
