"""Which bureaus a batch is for, wherever it is started from."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from zhubao.core.errors import BureauError
from zhubao.fleet.batch.faults import JobFileError, JobValueWrong
from zhubao.fleet.batch.model import JobFile
from zhubao.fleet.batch.plan import folder_of
from zhubao.ledger.bureau import BUREAU_VARIABLE, Bureau, find_bureau, open_bureau


def bureaus_of(
    file: JobFile, named: Path | None, env: Mapping[str, str], cwd: Path
) -> tuple[list[Bureau], list[JobFileError]]:
    """The bureau named with -C; else those in the file; else $ZHUBAO_BUREAU; else where the file
    lies; else where the user stands. And folders of the file that are none.

    BureauError when there is none at all. The working folder comes last, so that cron and the task
    scheduler may start it anywhere.
    """
    if named is None and file.bureaus:
        return _listed(file)
    if named is None and not env.get(BUREAU_VARIABLE):
        with contextlib.suppress(BureauError):
            return [open_bureau(find_bureau(None, {}, file.path.parent))], _wrong_folders(file)
    return [open_bureau(find_bureau(named, env, cwd))], _wrong_folders(file)


def _listed(file: JobFile) -> tuple[list[Bureau], list[JobFileError]]:
    found: dict[Path, Bureau] = {}
    wrong: list[JobFileError] = []
    for text in file.bureaus:
        try:
            bureau = open_bureau(find_bureau(folder_of(file, text), {}))
        except BureauError as fault:
            said = f"“bureau”写的 {text}：{fault.message}"
            line = file.line_of("bureau")
            wrong.append(JobValueWrong.at(file.path, line, said, f"{fault.advice}。"))
        else:
            found[bureau.root] = bureau
    return list(found.values()), [*wrong, *_wrong_folders(file)]


def _wrong_folders(file: JobFile) -> list[JobFileError]:
    """Jobs for a bureau that is not among those of the file would silently never run."""
    known = {folder_of(file, text) for text in file.bureaus}
    return [
        JobValueWrong.at(
            file.path,
            job.line,
            f"任务“{job.name}”的“bureau”写的 {text} 不在文件开头的 bureau 里",
            "写法要与开头的相同；开头没有写 bureau 的，先写上。",
        )
        for job in file.jobs
        for text in job.bureaus
        if folder_of(file, text) not in known
    ]
