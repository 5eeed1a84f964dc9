"""The second half of a change: swap the new versions in, or back out; then the journal."""

from __future__ import annotations

import os
from pathlib import Path

from zhubao.core.errors import LedgerOpen, LedgerWriteError
from zhubao.ledger.store import disk, refusals, swap
from zhubao.ledger.store.draft import Work
from zhubao.ledger.store.places import Places
from zhubao.ledger.store.record import Record
from zhubao.ledger.store.swap import Standing

_TAKEN_BACK = "改动已全部撤回，台账和原来一样"
_HALF_DONE = "改动只完成了一部分，也没能全部撤回"


def apply(work: Work, record: Record, stamps: list[refusals.Stamp]) -> str:
    """Swap and journal; a note for the clerk when the journal could not be finished yet, else "".

    LedgerWriteError when a new version cannot be put in place: then all old versions are back.
    """
    try:
        for target, stamp in zip(work.targets, stamps, strict=True):
            refusals.refuse_touched(target, stamp)
        swap.put_in(work.places, record.files)
    except OSError as error:
        where = _place(error, work)
        take_back(work.places, record, error)
        raise _swap_error(error, where) from error
    except BaseException as error:
        take_back(work.places, record, error)
        raise
    try:
        swap.finish(work.places, record)
    except OSError as error:
        return (
            f"台账已经改好，但操作日志暂时没能写完（{error.strerror or error}），"
            "下次运行 zhubao 时会自动补上"
        )
    return ""


def take_back(places: Places, record: Record, cause: BaseException) -> None:
    """All old versions are in place and nothing is left of the change.

    LedgerWriteError when that fails; the record then stays, and the next run goes on with it.
    """
    try:
        found = swap.standings(places, record)
        if not found.can_go_back(record.id):
            raise _half_done(places, "有台账被别的程序改动") from cause
        swap.put_back(places, record, found.having(Standing.NEW))
        swap.give_up(places, record)
    except OSError as error:
        raise _half_done(places, error.strerror or str(error)) from cause


def _half_done(places: Places, why: str) -> LedgerWriteError:
    return LedgerWriteError(
        f"{_HALF_DONE}（{why}）",
        where=str(places.pending),
        advice="请关闭正在打开台账的程序、腾出磁盘空间，再运行任何 zhubao 命令，会自动接着处理",
    )


def _place(error: OSError, work: Work) -> Path:
    named = error.filename2 or error.filename
    return Path(os.fsdecode(named)) if named else work.targets[0].path


def _swap_error(error: OSError, where: Path) -> LedgerWriteError:
    if os.name == "nt" and isinstance(error, PermissionError):
        return LedgerOpen(
            f"{where.name} 正被别的程序打开；{_TAKEN_BACK}",
            where=str(where),
            advice="请在 Excel 或 WPS 中关闭它，然后重试",
        )
    return disk.ledger_error(error, where, _TAKEN_BACK)
