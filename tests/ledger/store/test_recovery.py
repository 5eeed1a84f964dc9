"""What an interrupted change is made of by the next run: all new or all old, and it says which."""

from __future__ import annotations

import errno
import json
import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from zhubao.core.errors import (
    BureauBusy,
    LedgerOpen,
    LedgerReadOnly,
    LedgerWriteError,
    RecoveryConflict,
)
from zhubao.ledger.store import disk, lock
from zhubao.ledger.store.journal import read_journal
from zhubao.ledger.store.record import read_record, write_record
from zhubao.ledger.store.recovery import Outcome, Recovery, recover
from zhubao.ledger.store.verify import verify_journal

if TYPE_CHECKING:
    from tests.ledger.store.conftest import Bench

    Crash = Callable[[str], Bench]

EDIT = b"edited by hand"


def recovered(bureau: Bench) -> Recovery:
    """What recovery says; something must have been interrupted."""
    found = recover(bureau.root, 0)
    assert found is not None
    return found


def assert_settled(bureau: Bench, ledgers: dict[str, bytes], *, entries: int) -> None:
    assert bureau.ledgers == ledgers
    assert not bureau.places.pending.exists()
    assert [entry.n for entry in read_journal(bureau.root).entries] == [*range(1, entries + 1)]
    assert [fault for fault in verify_journal(bureau.root) if not fault.notice] == []
    assert len(bureau.backups) == entries
    assert recover(bureau.root, 0) is None


def test_nothing_interrupted_is_nothing_to_say(bureau: Bench) -> None:
    assert recover(bureau.root) is None
    assert not bureau.places.folder.exists()
    bureau.change()
    assert recover(bureau.root) is None


def test_what_was_only_prepared_is_dropped(crash: Crash) -> None:
    bureau = crash("staging")
    found = recovered(bureau)
    assert (found.id, found.outcome) == ("C0002", Outcome.TAKEN_BACK)
    assert found.files == ("arrears.xlsx", "tenants.xlsx")
    assert found.message == (
        "改动 C0002（rent post，2020-06-30 15:30）中途中断，"
        "现已撤回：arrears.xlsx、tenants.xlsx 都是改动前的内容，需要时请重新运行该命令"
    )
    assert_settled(bureau, bureau.old, entries=1)


@pytest.mark.parametrize("moment", ["committed", "half", "swapped", "torn", "journaled"])
def test_what_counts_is_completed(crash: Crash, moment: str) -> None:
    bureau = crash(moment)
    found = recovered(bureau)
    assert (found.id, found.outcome) == ("C0002", Outcome.COMPLETED)
    assert found.message == (
        "改动 C0002（rent post，2020-06-30 15:30）中途中断，"
        "现已补完：arrears.xlsx、tenants.xlsx 都是改动后的内容"
    )
    assert_settled(bureau, bureau.new, entries=2)


@pytest.mark.parametrize("moment", ["staging", "half", "torn"])
def test_a_bureau_may_be_moved_before_recovery(crash: Crash, moment: str) -> None:
    bureau = crash(moment)
    moved = type(bureau)(bureau.root.with_name("moved"))
    bureau.root.rename(moved.root)
    assert recovered(moved).conflict is None
    assert moved.ledgers in (bureau.old, bureau.new)


def test_the_next_change_recovers_first_and_says_so(crash: Crash) -> None:
    bureau = crash("half")
    plans = [bureau.write("arrears.xlsx", b"arrears 2")]
    applied = bureau.commit(*plans)
    assert applied.id == "C0003"
    taken_over, told = applied.notes
    assert f"进程 {os.getpid()}" in taken_over
    assert "意外中断" in taken_over
    assert "现已补完" in told
    assert bureau.ledgers == {**bureau.new, "arrears.xlsx": b"arrears 2"}


@pytest.mark.parametrize("damage", ["gone", "cut"])
@pytest.mark.parametrize("moment", ["committed", "half"])
def test_without_its_new_version_a_change_is_taken_back(
    crash: Crash, moment: str, damage: str
) -> None:
    bureau = crash(moment)
    (staged,) = bureau.ledger(".").glob(".zhubao-*-tenants.xlsx")
    if damage == "gone":
        staged.unlink()
    else:
        staged.write_bytes(staged.read_bytes()[:4])
    assert recovered(bureau).outcome is Outcome.TAKEN_BACK
    assert_settled(bureau, bureau.old, entries=1)


@pytest.mark.parametrize("moment", ["staging", "committed"])
def test_an_edit_of_an_old_version_is_kept_and_the_change_dropped(
    crash: Crash, moment: str
) -> None:
    bureau = crash(moment)
    bureau.ledger("arrears.xlsx").write_bytes(EDIT)
    found = recovered(bureau)
    assert found.outcome is Outcome.TAKEN_BACK
    assert ("修改已保留" in found.message) == (moment == "committed")
    assert_settled(bureau, {**bureau.old, "arrears.xlsx": EDIT}, entries=1)


def test_an_edit_of_an_old_version_takes_the_others_back(crash: Crash) -> None:
    bureau = crash("half")
    bureau.ledger("tenants.xlsx").write_bytes(EDIT)
    found = recovered(bureau)
    assert found.outcome is Outcome.TAKEN_BACK
    assert found.edited == ("tenants.xlsx",)
    assert_settled(bureau, {**bureau.old, "tenants.xlsx": EDIT}, entries=1)


@pytest.mark.parametrize("moment", ["half", "swapped", "torn", "journaled"])
def test_an_edit_of_a_new_version_is_kept_and_the_change_completed(
    crash: Crash, moment: str
) -> None:
    bureau = crash(moment)
    bureau.ledger("arrears.xlsx").write_bytes(EDIT)
    found = recovered(bureau)
    assert found.outcome is Outcome.COMPLETED
    assert_settled(bureau, {**bureau.new, "arrears.xlsx": EDIT}, entries=2)


def test_edits_of_an_old_and_a_new_version_are_a_conflict(crash: Crash) -> None:
    bureau = crash("half")
    bureau.ledger("arrears.xlsx").write_bytes(EDIT)
    bureau.ledger("tenants.xlsx").write_bytes(EDIT)
    found = recovered(bureau)
    assert found.outcome is Outcome.UNRESOLVED
    assert isinstance(found.conflict, RecoveryConflict)
    assert "arrears.xlsx 已经改好，后来又有人修改过" in found.message
    assert "tenants.xlsx 没有改到，后来有人修改过" in found.message
    assert str(bureau.places.backup("C0002")) in found.message
    assert bureau.places.pending.exists()
    with pytest.raises(RecoveryConflict):
        bureau.change()
    assert {bureau.ledgers[name] for name in bureau.old} == {EDIT}


def test_a_conflict_ends_when_the_clerk_does_what_the_message_says(crash: Crash) -> None:
    bureau = crash("half")
    for name in bureau.old:
        bureau.ledger(name).write_bytes(EDIT)
    recovered(bureau)
    for name in bureau.old:
        shutil.copy(bureau.places.backup("C0002") / name, bureau.ledger(name))
    assert recovered(bureau).outcome is Outcome.TAKEN_BACK
    assert_settled(bureau, bureau.old, entries=1)


def test_without_new_version_and_backup_nothing_is_guessed(crash: Crash) -> None:
    bureau = crash("half")
    next(bureau.ledger(".").glob(".zhubao-*")).unlink()
    (bureau.places.backup("C0002") / "arrears.xlsx").write_bytes(b"damaged")
    assert isinstance(recovered(bureau).conflict, RecoveryConflict)


def test_ledgers_that_are_not_there_are_waited_for(crash: Crash) -> None:
    bureau = crash("swapped")
    bureau.ledger(".").rename(bureau.root / "unplugged")
    found = recovered(bureau)
    assert found.outcome is Outcome.UNRESOLVED
    assert "找不到 arrears.xlsx" in found.message
    (bureau.root / "unplugged").rename(bureau.ledger("."))
    assert recovered(bureau).outcome is Outcome.COMPLETED


def test_a_ledger_that_was_deleted_before_it_was_swapped_stays_deleted(crash: Crash) -> None:
    bureau = crash("committed")
    bureau.ledger("arrears.xlsx").unlink()
    assert recovered(bureau).outcome is Outcome.TAKEN_BACK
    assert bureau.ledgers == {"tenants.xlsx": bureau.old["tenants.xlsx"]}


def test_an_open_ledger_is_left_alone_until_it_is_closed(crash: Crash) -> None:
    bureau = crash("half")
    owner_file = bureau.ledger("~$tenants.xlsx")
    owner_file.touch()
    found = recovered(bureau)
    assert isinstance(found.conflict, LedgerOpen)
    assert "tenants.xlsx" in found.message
    owner_file.unlink()
    assert recovered(bureau).outcome is Outcome.COMPLETED
    assert_settled(bureau, bureau.new, entries=2)


def test_an_open_ledger_that_is_done_does_not_matter(crash: Crash) -> None:
    bureau = crash("half")
    owner_file = bureau.ledger("~$arrears.xlsx")
    owner_file.touch()
    assert recovered(bureau).outcome is Outcome.COMPLETED
    owner_file.unlink()
    assert_settled(bureau, bureau.new, entries=2)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"version": 2}', b"\xff"])
def test_a_record_that_cannot_be_read_is_a_conflict(crash: Crash, content: bytes) -> None:
    bureau = crash("half")
    bureau.places.pending.write_bytes(content)
    found = recovered(bureau)
    assert isinstance(found.conflict, RecoveryConflict)
    assert str(bureau.places.pending) in found.message
    with pytest.raises(RecoveryConflict):
        bureau.change()


def test_recovery_that_fails_is_tried_again(crash: Crash, monkeypatch: pytest.MonkeyPatch) -> None:
    bureau = crash("half")

    def fail(source: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "opened", str(source), None, str(target))

    with monkeypatch.context() as patch:
        patch.setattr(disk, "replace", fail)
        found = recovered(bureau)
        assert isinstance(found.conflict, LedgerReadOnly)
        assert "tenants.xlsx" in found.message
        assert "可能只改了一部分" in found.message
        with pytest.raises(LedgerWriteError):
            bureau.change()
    assert recovered(bureau).outcome is Outcome.COMPLETED


def test_a_journal_tampered_with_in_between_still_gets_its_line(crash: Crash) -> None:
    bureau = crash("swapped")
    bureau.places.journal.write_bytes(b"")
    assert recovered(bureau).outcome is Outcome.COMPLETED
    kinds = {fault.kind for fault in verify_journal(bureau.root) if not fault.notice}
    assert [entry.id for entry in read_journal(bureau.root).entries] == ["C0002"]
    assert kinds == {"chain", "tail"}


def test_a_torn_line_is_cut_off_and_written_anew(crash: Crash) -> None:
    bureau = crash("swapped")
    with bureau.places.journal.open("ab") as stream:
        stream.write(b"\0" * 20)  # what a power cut leaves on some file systems
    assert len(read_journal(bureau.root).entries) == 1
    assert recovered(bureau).outcome is Outcome.COMPLETED
    assert_settled(bureau, bureau.new, entries=2)


def test_recovery_does_not_wait_for_a_run_that_only_prepares(crash: Crash) -> None:
    bureau = crash("staging")
    begun = time.monotonic()
    with lock.held(bureau.places, "rent post", 0):
        assert recover(bureau.root) is None
    assert time.monotonic() - begun < 5


def test_recovery_waits_for_a_run_that_is_swapping(crash: Crash) -> None:
    bureau = crash("half")
    with lock.held(bureau.places, "rent post", 0):
        found = recovered(bureau)
        assert isinstance(found.conflict, BureauBusy)
        assert "rent post" in found.message
        finish = threading.Timer(0.2, bureau.places.pending.unlink)
        finish.start()
        assert recover(bureau.root, 30) is None
        finish.join()


def test_a_record_survives_writing_and_reading(crash: Crash) -> None:
    bureau = crash("half")
    record = read_record(bureau.places)
    assert record is not None
    assert record.committed
    assert json.loads(record.line)["id"] == record.id
    write_record(bureau.places, record)
    assert read_record(bureau.places) == record


def test_a_change_that_leaves_a_workbook_as_it_was_is_recovered(crash: Crash) -> None:
    """before = after: whether it was swapped cannot be told, and need not be."""
    bureau = crash("half")
    record = json.loads(bureau.places.pending.read_bytes())
    for entry in record["files"]:
        entry["after"] = entry["before"]
    bureau.places.pending.write_text(json.dumps(record), encoding="utf-8")
    staged = next(bureau.ledger(".").glob(".zhubao-*"))
    staged.write_bytes(bureau.old["tenants.xlsx"])
    bureau.ledger("arrears.xlsx").write_bytes(bureau.old["arrears.xlsx"])
    assert recovered(bureau).outcome is Outcome.COMPLETED
    assert bureau.ledgers == bureau.old
