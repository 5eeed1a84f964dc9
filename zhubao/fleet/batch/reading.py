"""A job file is read: every fault of it at once, each with its line."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zhubao.fleet.batch import faults, values
from zhubao.fleet.batch.faults import JobFileError
from zhubao.fleet.batch.lines import KeyLines
from zhubao.fleet.batch.model import EXPECTED, LONGEST, Job, JobFile, OnFailure, When

_MOST_BYTES = 1 << 20
_TOP = ("title", "date", "as_of", "bureau", "on_failure", "timeout", "job")
_JOB = ("name", "command", "on_failure", "expect", "timeout", "when", "needs", "bureau")
_LINE = re.compile(r"at line (\d+)")
_SEE = "写法可对照 zhubao batch example。"
_HINTS = (
    (
        "unescaped '\\'",
        "双引号里的反斜杠要写两个；Windows 路径请用单引号，如 'D:\\台账\\流水.xlsx'",
    ),
    ("overwrite", "同一项写了两次，请删去一个"),
    ("invalid value", "文字要用引号括起来，日期写成 2020-06-30"),
    ("unclosed array", "方括号没有成对"),
    ("illegal character", "引号没有成对，或一段文字跨了行"),
)


def read_job_file(path: Path) -> tuple[JobFile, list[JobFileError]]:
    """The file as far as it can be used, and everything that is wrong with it.

    JobFileError when it cannot be read at all, JobFileSyntax when it is not TOML.
    """
    path = path.expanduser().resolve()
    data = _bytes(path)
    text = _text(path, data)
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        raise _syntax(path, text, str(fault)) from fault
    reader = _Reader(path, text, values)
    return reader.file(hashlib.sha256(data).hexdigest()), reader.faults


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise JobFileError("没有这个任务文件", where=str(path), advice=f"检查路径。{_SEE}")
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise JobFileError("文件太大，不像任务文件", where=str(path), advice="检查路径。")
        return path.read_bytes()
    except OSError as fault:
        raise JobFileError(
            "任务文件读不了", where=str(path), advice="检查文件权限，或是否被别的程序占用。"
        ) from fault


def _text(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        raise JobFileError(
            "任务文件不是 UTF-8 编码",
            where=str(path),
            advice="用记事本打开，另存为，编码选“UTF-8”。",
        ) from fault


def _syntax(path: Path, text: str, said: str) -> JobFileError:
    found = _LINE.search(said)
    line = int(found[1]) if found else text.count("\n") + 1
    hint = next((words for sign, words in _HINTS if sign in said.lower()), "")
    advice = f"{hint or '改正这一行'}。{_SEE}"
    return faults.JobFileSyntax.at(path, line, f"任务文件的写法有误（{said}）", advice)


class _Reader:
    """Picks typed values out of the parsed file; faults are listed and a default is used."""

    def __init__(self, path: Path, text: str, data: dict[str, Any]) -> None:
        self._path, self._data = path, data
        jobs = data.get("job", [])
        self._jobs = jobs if isinstance(jobs, list) else []
        self._lines = KeyLines(text, len(self._jobs))
        self.faults: list[JobFileError] = []

    def file(self, sha256: str) -> JobFile:
        """The whole file."""
        top = _Section(self, self._data, "", self._lines.of)
        top.refuse_unknown(_TOP)
        on_failure = top.get("on_failure", values.on_failure, OnFailure.STOP)
        timeout = top.get("timeout", values.seconds, LONGEST)
        jobs = [self._job(at, one, on_failure, timeout) for at, one in enumerate(self._jobs)]
        if not jobs:
            self._no_jobs()
        self._refuse_twice(jobs)
        return JobFile(
            self._path,
            sha256,
            top.get("title", values.text, ""),
            top.get("date", values.day, None),
            top.get("as_of", values.day_or_text, None),
            top.get("bureau", values.texts, ()),
            tuple(job for job in jobs if job is not None),
            self._lines.top,
        )

    def _job(self, at: int, data: Any, on_failure: OnFailure, timeout: float) -> Job | None:
        line = self._lines.of_job(at)
        if not isinstance(data, dict):
            said = f"第 {at + 1} 个任务不是一节"
            self.fault(faults.JobValueWrong, line, said, f"每个任务写成 [[job]] 一节。{_SEE}")
            return None
        shown = data.get("name") if isinstance(data.get("name"), str) else ""
        place = f"任务“{shown}”的" if shown else f"第 {at + 1} 个任务的"
        part = _Section(self, data, place, lambda key: self._lines.of_job(at, key))
        part.refuse_unknown(_JOB)
        part.demand("name", "command")
        return Job(
            name=part.get("name", values.name, f"（第 {at + 1} 个）"),
            command=part.get("command", values.command, ()),
            on_failure=part.get("on_failure", values.on_failure, on_failure),
            expect=part.get("expect", values.exit_codes, EXPECTED),
            timeout=part.get("timeout", values.seconds, timeout),
            when=part.get("when", values.when, When()),
            needs=part.get("needs", values.texts, ()),
            bureaus=part.get("bureau", values.texts, ()),
            line=line,
            command_line=self._lines.of_job(at, "command"),
        )

    def _no_jobs(self) -> None:
        if "job" in self._data and not isinstance(self._data["job"], list):
            self.fault(
                faults.JobValueWrong,
                self._lines.of("job"),
                "任务要写成 [[job]]，两层方括号",
                f"每个任务一节。{_SEE}",
            )
        else:
            self.fault(faults.JobLacking, 0, "文件里没有任务", f"每个任务写成 [[job]] 一节。{_SEE}")

    def _refuse_twice(self, jobs: list[Job | None]) -> None:
        first: dict[str, Job] = {}
        for job in jobs:
            if job is None or not job.name:
                continue
            former = first.setdefault(job.name.casefold(), job)
            if former is not job:
                place = f"第 {former.line} 行" if former.line else "前面"
                said = f"任务名“{job.name}”重复，{place}已有"
                self.fault(
                    faults.JobNameTwice, job.line, said, "每个任务的名称不能相同，请改一个。"
                )

    def fault(self, kind: type[JobFileError], line: int, message: str, advice: str) -> None:
        """One thing that is wrong."""
        self.faults.append(kind.at(self._path, line, message, advice))


class _Section:
    """One table of the file: the keys above the jobs, or one job."""

    def __init__(
        self, reader: _Reader, data: dict[str, Any], place: str, line_of: Callable[[str], int]
    ) -> None:
        self._reader, self._data, self._place, self._line_of = reader, data, place, line_of

    def get(self, key: str, take: Callable[[Any], Any], default: Any) -> Any:
        """The value as `take` understands it; the default when it is missing or wrong."""
        if key not in self._data:
            return default
        try:
            return take(self._data[key])
        except ValueError as fault:
            said = f"{self._place}“{key}”{fault}"
            self._reader.fault(faults.JobValueWrong, self._line_of(key), said, _SEE)
            return default

    def demand(self, *keys: str) -> None:
        """These keys must be there."""
        for key in keys:
            if key not in self._data:
                said = f"{self._place}“{key}”没有写"
                self._reader.fault(faults.JobLacking, self._line_of(key), said, f"请补上。{_SEE}")

    def refuse_unknown(self, known: tuple[str, ...]) -> None:
        """A key that means nothing is an error: it was meant to mean something."""
        for key in self._data:
            if key not in known:
                said = f"{self._place}“{key}”不是可以写的项"
                advice = f"可以写：{'、'.join(known)}。"
                self._reader.fault(faults.JobKeyUnknown, self._line_of(key), said, advice)
