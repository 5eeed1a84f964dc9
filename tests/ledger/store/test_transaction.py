"""A change of several workbooks: all or none, with a located message when none."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import pytest

from zhubao.core.errors import (
    BureauBusy,
    DiskFull,
    JournalBroken,
    LedgerChanged,
    LedgerOpen,
    LedgerReadOnly,
    LedgerWriteError,
    PatchUnsound,
)
from zhubao.ledger.store import backups, disk, lock
from zhubao.ledger.store.journal import read_journal
from zhubao.ledger.store.transaction import FileWrite
from zhubao.ledger.store.verify import verify_journal

if TYPE_CHECKING:
    from tests.ledger.store.conftest import Bench

as_root = pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere"
)
posix = pytest.mark.skipif(os.name == "nt", reason="permission bits and symbolic links")


def assert_untouched(bureau: Bench, entries: int = 0) -> None:
    """All old, nothing left behind."""
    assert bureau.ledgers == bureau.old
    assert not bureau.places.pending.exists()
    assert not bureau.places.holder.exists()
    assert len(bureau.journal_lines) == len(bureau.backups) == entries


def test_all_workbooks_are_replaced_backed_up_and_journaled(bureau: Bench) -> None:
    applied = bureau.change(arguments={"期间": "2020-06"}, cells=[{"cell": "F3", "new": "50"}])
    assert applied.id == "C0001"
    assert applied.notes == ()
    assert bureau.ledgers == bureau.new
    kept = {name: (applied.backup / name).read_bytes() for name in bureau.old}
    assert kept == bureau.old
    (entry,) = read_journal(bureau.root).entries
    assert (entry.n, entry.id, entry.user, entry.command) == (1, "C0001", "李四", "rent post")
    assert [file.path for file in entry.files] == ["ledgers/arrears.xlsx", "ledgers/tenants.xlsx"]
    assert entry.files == applied.files
    assert (entry.arguments, entry.cells) == ({"期间": "2020-06"}, ({"cell": "F3", "new": "50"},))
    assert entry.time.startswith("2020-06-30T15:30:00")
    assert verify_journal(bureau.root) == []


def test_private_data_is_kept_out_of_the_journal(bureau: Bench) -> None:
    applied = bureau.change(private={"name": "张小明"})
    assert "张小明" not in bureau.places.journal.read_text("utf-8")
    assert backups.read_private(bureau.root, applied.id) == {"name": "张小明"}


def test_changes_are_numbered_and_chained(bureau: Bench) -> None:
    ids = [bureau.change(contents).id for contents in (bureau.new, bureau.old, bureau.new)]
    assert ids == ["C0001", "C0002", "C0003"]
    first, second, _ = read_journal(bureau.root).entries
    assert (first.prev, second.prev) == ("", first.hash)
    assert bureau.change(bureau.old, undoes="C0003").id == "C0004"
    assert read_journal(bureau.root).entries[-1].undoes == "C0003"


def test_the_new_version_may_seek_while_it_is_written(bureau: Bench) -> None:
    def write(stream: BinaryIO) -> None:
        stream.write(b"?rrears 1")
        stream.seek(0)
        stream.write(b"a")
        assert stream.read(2) == b"rr"

    plan = bureau.write("arrears.xlsx", b"")
    bureau.commit(FileWrite(plan.path, plan.sha256, write))
    assert bureau.ledgers["arrears.xlsx"] == b"arrears 1"


@posix
def test_permission_bits_stay(bureau: Bench) -> None:
    bureau.ledger("arrears.xlsx").chmod(0o640)
    bureau.ledger("tenants.xlsx").chmod(0o664)
    applied = bureau.change()
    modes = {path.name: path.stat().st_mode & 0o777 for path in bureau.ledger(".").iterdir()}
    assert modes == {"arrears.xlsx": 0o640, "tenants.xlsx": 0o664}
    kept = {path.name: path.stat().st_mode & 0o777 for path in applied.backup.iterdir()}
    assert kept == {**modes, "change.json": 0o640}


@posix
def test_a_linked_ledger_stays_a_link(bureau: Bench, tmp_path: Path) -> None:
    real = tmp_path / "shared" / "欠租2020.xlsx"
    real.parent.mkdir()
    bureau.ledger("arrears.xlsx").rename(real)
    bureau.ledger("arrears.xlsx").symlink_to(real)
    seen: list[Path] = []
    applied = bureau.change(check=lambda staged: seen.append(staged.parent))
    assert bureau.ledger("arrears.xlsx").is_symlink()
    assert real.read_bytes() == bureau.new["arrears.xlsx"]
    assert seen == [real.parent, bureau.ledger(".")]  # beside the file itself
    assert os.listdir(real.parent) == [real.name]
    assert [file.name for file in applied.files] == ["arrears.xlsx", "tenants.xlsx"]


def test_ledgers_of_one_name_have_backups_of_their_own(bureau: Bench, tmp_path: Path) -> None:
    other = tmp_path / "Arrears.xlsx"
    other.write_bytes(b"other 0")
    plan = bureau.write("arrears.xlsx", b"arrears 1")
    applied = bureau.commit(plan, bureau.write(str(other), b"other 1"))
    assert (applied.backup / "arrears.xlsx").read_bytes() == b"arrears 0"
    assert (applied.backup / "2-Arrears.xlsx").read_bytes() == b"other 0"
    assert applied.files[1].path == str(other)
    assert verify_journal(bureau.root) == []


def test_a_change_names_different_files(bureau: Bench) -> None:
    plan = bureau.write("arrears.xlsx", b"")
    with pytest.raises(ValueError, match="different"):
        bureau.commit(plan, plan)
    with pytest.raises(ValueError, match="different"):
        bureau.commit()
    assert_untouched(bureau)


def test_what_the_journal_cannot_hold_stops_the_change(bureau: Bench) -> None:
    with pytest.raises(TypeError):
        bureau.change(cells=[{"new": object()}])
    with pytest.raises(ValueError, match="JSON"):
        bureau.change(private={"new": float("nan")})
    assert_untouched(bureau)


def test_words_that_are_no_text_do_not_stop_it(bureau: Bench) -> None:
    bureau.change(arguments={"file": "\udce5.xlsx"})
    assert read_journal(bureau.root).entries[0].arguments == {"file": "?.xlsx"}
    assert verify_journal(bureau.root) == []


# ---- refusals


@pytest.mark.parametrize(
    ("owner_file", "program"),
    [
        ("~$tenants.xlsx", "Excel"),
        (".~tenants.xlsx", "WPS"),
        (".~lock.tenants.xlsx#", "LibreOffice"),
    ],
)
def test_an_open_workbook_is_not_replaced(bureau: Bench, owner_file: str, program: str) -> None:
    (bureau.ledger(owner_file)).write_bytes(b"")
    with pytest.raises(LedgerOpen) as caught:
        bureau.change()
    assert "tenants.xlsx" in caught.value.message
    assert program in caught.value.message
    assert owner_file in caught.value.advice
    bureau.ledger(owner_file).unlink()
    assert_untouched(bureau)


def test_a_workbook_opened_during_the_change_is_not_replaced(bureau: Bench) -> None:
    owner_file = bureau.ledger("~$arrears.xlsx")
    with pytest.raises(LedgerOpen):
        bureau.change(check=lambda _: owner_file.touch())
    owner_file.unlink()
    assert_untouched(bureau)


@posix
def test_a_linked_workbook_that_is_open_is_not_replaced(bureau: Bench, tmp_path: Path) -> None:
    real = tmp_path / "shared.xlsx"
    bureau.ledger("arrears.xlsx").rename(real)
    bureau.ledger("arrears.xlsx").symlink_to(real)
    (tmp_path / "~$shared.xlsx").touch()
    with pytest.raises(LedgerOpen, match=r"arrears\.xlsx"):
        bureau.change()


def test_a_workbook_changed_since_it_was_read_is_not_replaced(bureau: Bench) -> None:
    plan = bureau.write("arrears.xlsx", b"arrears 1")
    bureau.ledger("arrears.xlsx").write_bytes(b"arrears !")
    with pytest.raises(LedgerChanged, match=r"arrears\.xlsx"):
        bureau.commit(plan, bureau.write("tenants.xlsx", b""))
    assert bureau.ledgers == {**bureau.old, "arrears.xlsx": b"arrears !"}


def test_a_workbook_gone_since_it_was_read_stops_the_change(bureau: Bench) -> None:
    plans = [bureau.write(name, b"") for name in bureau.old]
    bureau.ledger("arrears.xlsx").unlink()
    with pytest.raises(LedgerChanged, match=r"arrears\.xlsx"):
        bureau.commit(*plans)
    assert bureau.ledgers == {"tenants.xlsx": b"tenants 0"}


def test_a_workbook_changed_during_the_change_is_not_replaced(bureau: Bench) -> None:
    def save(_: Path) -> None:
        bureau.ledger("tenants.xlsx").write_bytes(b"tenants !")

    with pytest.raises(LedgerChanged, match=r"tenants\.xlsx"):
        bureau.change({"arrears.xlsx": b"arrears 1", "tenants.xlsx": b"tenants 1"}, check=save)
    assert bureau.ledgers == {**bureau.old, "tenants.xlsx": b"tenants !"}
    assert bureau.backups == []


def test_a_workbook_touched_at_the_last_moment_is_not_replaced(
    bureau: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_durably = disk.write_durably

    def then_save(path: Path, data: bytes) -> None:
        write_durably(path, data)
        if b'"committed"' in data:
            bureau.ledger("tenants.xlsx").write_bytes(b"tenants !")

    monkeypatch.setattr(disk, "write_durably", then_save)
    with pytest.raises(LedgerChanged, match=r"tenants\.xlsx"):
        bureau.change()
    assert bureau.ledgers == {**bureau.old, "tenants.xlsx": b"tenants !"}
    assert not bureau.places.pending.exists()


def test_a_read_only_workbook_is_not_replaced(bureau: Bench) -> None:
    bureau.ledger("tenants.xlsx").chmod(0o444)
    with pytest.raises(LedgerReadOnly, match=r"tenants\.xlsx"):
        bureau.change()
    bureau.ledger("tenants.xlsx").chmod(0o644)
    assert_untouched(bureau)


@posix
@as_root
@pytest.mark.parametrize("folder", ["ledgers", "."])
def test_a_read_only_folder_stops_the_change(bureau: Bench, folder: str) -> None:
    (bureau.root / folder).chmod(0o555)
    with pytest.raises(LedgerReadOnly):
        bureau.change()
    (bureau.root / folder).chmod(0o755)
    assert bureau.ledgers == bureau.old


def test_a_folder_that_may_not_be_written_stops_the_change(
    bureau: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != bureau.ledger("."))
    with pytest.raises(LedgerReadOnly, match=r"arrears\.xlsx 所在的文件夹"):
        bureau.change()


def test_a_journal_that_may_not_be_written_stops_the_change(
    bureau: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau.change(bureau.old)
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != bureau.places.journal)
    with pytest.raises(LedgerReadOnly, match=r"journal\.jsonl"):
        bureau.change()
    assert_untouched(bureau, entries=1)


def test_too_little_room_is_seen_beforehand(bureau: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1_000_000))
    with pytest.raises(DiskFull) as caught:
        bureau.change()
    assert "arrears.xlsx、tenants.xlsx" in caught.value.message
    assert "MB" in caught.value.advice
    assert_untouched(bureau)


def test_another_run_is_waited_for_and_then_named(bureau: Bench) -> None:
    with lock.held(bureau.places, "rent receipt", 0), pytest.raises(BureauBusy) as caught:
        bureau.change(wait=0.05)
    assert f"进程 {os.getpid()}" in caught.value.message
    assert "命令 rent receipt" in caught.value.message
    assert "不到 1 分钟" in caught.value.message
    assert_untouched(bureau)
    assert bureau.change().notes == ()


@pytest.mark.parametrize("loss", ["head", "tail", "journal", "head unreadable"])
def test_a_journal_that_was_tampered_with_stops_the_change(bureau: Bench, loss: str) -> None:
    bureau.change(bureau.new)
    bureau.change(bureau.old)
    if loss == "head":
        bureau.places.head.unlink()
    elif loss == "head unreadable":
        bureau.places.head.write_bytes(b"{}}")
    elif loss == "journal":
        bureau.places.journal.unlink()
    else:
        bureau.places.journal.write_bytes(bureau.journal_lines[0])
    with pytest.raises(JournalBroken) as caught:
        bureau.change()
    assert "journal.head" in caught.value.advice
    assert bureau.ledgers == bureau.old


def test_a_journal_put_aside_is_begun_anew_without_losing_backups(bureau: Bench) -> None:
    bureau.change(bureau.new)
    for path in (bureau.places.journal, bureau.places.head):
        path.rename(path.with_suffix(".kept"))
    assert bureau.change(bureau.old).id == "C0002"
    assert bureau.backups == ["C0001", "C0002"]
    assert verify_journal(bureau.root) == []


# ---- errors on the way


def test_a_new_version_that_fails_its_check_stops_the_change(bureau: Bench) -> None:
    def check(staged: Path) -> None:
        if staged.read_bytes() == b"tenants 1":
            raise PatchUnsound("tenants.xlsx 的新版本没有通过检查")

    with pytest.raises(PatchUnsound):
        bureau.change(check=check)
    assert_untouched(bureau)


@pytest.mark.parametrize("error", [RuntimeError("bug"), KeyboardInterrupt()])
def test_an_error_while_writing_leaves_nothing(bureau: Bench, error: BaseException) -> None:
    def write(stream: BinaryIO) -> None:
        stream.write(b"half")
        raise error

    plan = bureau.write("tenants.xlsx", b"")
    with pytest.raises(type(error)):
        bureau.commit(bureau.write("arrears.xlsx", b""), FileWrite(plan.path, plan.sha256, write))
    assert_untouched(bureau)


def failing(path_name: str, number: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, but it fails once for a last argument of this name."""
    left = [number]

    def call(*arguments: Any) -> Any:
        if left and Path(arguments[-1]).name == path_name:
            raise OSError(left.pop(), os.strerror(number), str(arguments[0]), None, path_name)
        return function(*arguments)

    return call


@pytest.mark.parametrize(
    ("number", "kind", "word"),
    [
        (errno.ENOSPC, DiskFull, "空间"),
        (errno.EDQUOT, DiskFull, "空间"),
        (errno.EACCES, LedgerReadOnly, "权限"),
        (errno.EIO, LedgerWriteError, "出错"),
    ],
)
def test_a_failure_while_swapping_puts_back_what_was_swapped(
    bureau: Bench,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    kind: type[LedgerWriteError],
    word: str,
) -> None:
    times = {path: path.stat().st_mtime_ns for path in bureau.ledger(".").iterdir()}
    monkeypatch.setattr(disk, "replace", failing("tenants.xlsx", number, disk.replace))
    with pytest.raises(kind) as caught:
        bureau.change()
    assert type(caught.value) is kind
    assert "tenants.xlsx" in caught.value.message
    assert word in caught.value.message
    assert "撤回" in caught.value.message
    assert_untouched(bureau)
    assert {path: path.stat().st_mtime_ns for path in bureau.ledger(".").iterdir()} == times


def test_an_interruption_while_swapping_puts_back_what_was_swapped(
    bureau: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, left = disk.replace, [KeyboardInterrupt()]

    def interrupted(source: Path, target: Path) -> None:
        if left and target.name == "tenants.xlsx":
            raise left.pop()
        replace(source, target)

    monkeypatch.setattr(disk, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        bureau.change()
    assert_untouched(bureau)


def test_what_cannot_be_put_back_is_left_to_the_next_run(
    bureau: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = disk.replace

    def once_only(source: Path, target: Path) -> None:
        if target.parent == bureau.ledger(".") and bureau.ledgers["arrears.xlsx"] == b"arrears 1":
            raise PermissionError(errno.EACCES, "opened", str(target))
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(disk, "replace", once_only)
        with pytest.raises(LedgerWriteError, match="只完成了一部分") as caught:
            bureau.change()
    assert "自动接着处理" in caught.value.advice
    plan = bureau.write("arrears.xlsx", b"arrears 2")
    noted = bureau.commit(plan).notes
    assert "现已补完" in noted[0]
    assert bureau.ledgers == {"arrears.xlsx": b"arrears 2", "tenants.xlsx": b"tenants 1"}
    assert verify_journal(bureau.root) == []


def test_a_journal_that_cannot_be_finished_is_no_failure_of_the_change(
    bureau: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(disk, "replace", failing("journal.head", errno.ENOSPC, disk.replace))
        applied = bureau.change()
    assert "操作日志" in applied.notes[0]
    assert bureau.ledgers == bureau.new
    assert "现已补完" in bureau.change(bureau.old).notes[0]
    assert [entry.id for entry in read_journal(bureau.root).entries] == ["C0001", "C0002"]


def test_backups_that_cannot_be_tidied_away_are_no_failure(
    bureau: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(errno.EACCES, "denied")

    monkeypatch.setattr(backups, "prune", fail)
    assert "备份" in bureau.change().notes[0]


def test_opening_the_store_needs_no_lock_library(tmp_path: Path) -> None:
    """Commands that only read pay one look at the disk."""
    code = (
        "import sys, pathlib; from zhubao.ledger.store.recovery import recover;"
        f"assert recover(pathlib.Path({str(tmp_path)!r})) is None;"
        "assert not {'filelock', 'openpyxl', 'pandas', 'pydantic'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_payload_is_not_to_be_guessed_from_its_hash(bureau: Bench) -> None:
    first, second = (bureau.change(contents) for contents in (bureau.new, bureau.old))
    texts = [json.loads((one.backup / "change.json").read_bytes()) for one in (first, second)]
    assert texts[0]["private"] == texts[1]["private"]
    hashes = {entry.private_sha256 for entry in read_journal(bureau.root).entries}
    assert len(hashes) == 2
