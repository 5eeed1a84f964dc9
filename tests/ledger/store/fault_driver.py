"""Runs changes and recoveries that are killed or fail at every file system call; see test_faults.

Started with the shim preloaded: `fault_driver.py SHIM FOLDER SUITE`. FOLDER holds old/, new/ and
next/ with the same two workbooks. Prints a JSON report; a violated rule ends it with a traceback.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import errno
import gc
import hashlib
import io
import json
import os
import re
import shutil
import signal
import sys
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from tests.ledger.bureaus import FORMATS, make_bureau
from zhubao.core.errors import LedgerWriteError
from zhubao.ledger.arrears import Receipt
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.change_apply import Order, apply_change
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.store import backups
from zhubao.ledger.store.journal import read_journal
from zhubao.ledger.store.places import Places
from zhubao.ledger.store.recovery import Outcome, Recovery, recover
from zhubao.ledger.store.transaction import Applied, Draft, FileWrite, Keep, commit
from zhubao.ledger.store.verify import verify_journal
from zhubao.ledger.tenants import Household

BEFORE, AFTER, TORN, FAIL, FAIL_FROM = range(5)
NAMES = ("arrears.xlsx", "tenants.xlsx")
NOW = dt.datetime(2020, 6, 30, 15, 30)
CHINESE = re.compile("[\u4e00-\u9fff]{4}")
HALF = "改动只完成了一部分"
FINISHED, REFUSED, WRONG = 0, 10, 20  # exit codes of a child that was not killed
LIMIT = 2000  # calls; a change needs a few hundred


class Shim:
    """The preloaded library, and the page it shares with the children."""

    def __init__(self, path: str) -> None:
        self._library = ctypes.CDLL(path)
        self._library.fault_share.restype = ctypes.c_void_p
        self._page = self._library.fault_share()

    def arm(self, n: int, mode: int, number: int = 0) -> None:
        self._library.fault_arm(n, mode, number)

    def disarm(self) -> None:
        self._library.fault_disarm()

    @property
    def hit(self) -> str:
        """The call that was hit, "" when there were fewer."""
        return ctypes.string_at(self._page + ctypes.sizeof(ctypes.c_int)).decode()


class Driver:
    """One working folder, and the report."""

    def __init__(self, shim: Shim, folder: Path) -> None:
        self.shim, self.folder = shim, folder
        self.old, self.new, self.next = (self._contents(name) for name in ("old", "new", "next"))
        self.case = folder / "case"
        self.goes_on_every = 1  # points; a further change costs as much as the rest
        self.calls: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()

    def _contents(self, name: str) -> list[bytes]:
        contents = [(self.folder / name / file).read_bytes() for file in NAMES]
        for data in contents:
            assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
        return contents

    # ---- bureaus

    def base(self, name: str, has_journal: bool) -> Path:
        """A bureau with the old workbooks, and with an earlier change if wanted."""
        root = self.folder / name
        (root / "ledgers").mkdir(parents=True)
        put(root, self.next if has_journal else self.old)
        if has_journal:
            change(root, self.old)
        return root

    def reset(self, base: Path) -> None:
        shutil.rmtree(self.case, ignore_errors=True)
        shutil.copytree(base, self.case)

    # ---- children

    def child(self, n: int, mode: int, number: int, action: Callable[[], object]) -> int:
        """Run `action` in a fork with the shim armed; its exit code, or -9 when killed."""
        sys.stdout.flush()
        pid = os.fork()
        if not pid:
            self._in_child(n, mode, number, action)
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code not in (FINISHED, REFUSED, -signal.SIGKILL):
            raise AssertionError(f"call {n} {self.shim.hit}: exit code {code}")
        return code

    def _in_child(self, n: int, mode: int, number: int, action: Callable[[], object]) -> None:
        code = WRONG
        try:
            self.shim.arm(n, mode, number)
            try:
                action()
                code = FINISHED
            except LedgerWriteError as error:
                self.shim.disarm()
                code = self._refused(error)
            finally:
                self.shim.disarm()
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _refused(self, error: LedgerWriteError) -> int:
        assert all(CHINESE.search(words) for words in (error.message, error.advice)), error
        (self.folder / "message").write_text(error.message, encoding="utf-8")
        return REFUSED

    def points(
        self, base: Path, mode: int, number: int, action: Callable[[Path], object]
    ) -> Iterator[int]:
        """Hit one call after the other, each on a fresh copy of `base`; gives the exit codes."""
        for n in range(1, LIMIT):
            self.reset(base)
            code = self.child(n, mode, number, lambda: action(self.case))
            if not self.shim.hit:
                assert code == FINISHED
                return
            self.calls[self.shim.hit] += 1
            yield code
        raise AssertionError("no end")

    # ---- rules

    def is_all(self, root: Path, contents: list[bytes]) -> bool:
        return read(root) == contents

    def settled(self, root: Path, base: Path, found: Recovery | None) -> str:
        """After recovery: "old" or "new", everything in agreement, and a further change works."""
        end = self._end(root)
        assert not (root / ".zhubao/pending.json").exists()
        assert not (root / ".zhubao/holder.json").exists() or found is None
        if found is not None:
            assert found.outcome is (Outcome.COMPLETED if end == "new" else Outcome.TAKEN_BACK)
            assert found.conflict is None
            assert all(name in found.message for name in NAMES)
            assert CHINESE.search(found.message)
        self._journal_agrees(root, base, end)
        self._nothing_lies_about(root, base, end)
        self._goes_on(root)
        self.ends[end] += 1
        return end

    def _end(self, root: Path) -> str:
        """To the byte one of two versions; that they are sound was seen at the start."""
        if self.is_all(root, self.old):
            return "old"
        assert self.is_all(root, self.new), "neither all old nor all new"
        return "new"

    def _journal_agrees(self, root: Path, base: Path, end: str) -> None:
        assert verify_journal(root) == []
        before = len(read_journal(base).entries)
        assert len(read_journal(root).entries) == before + (end == "new")

    def _nothing_lies_about(self, root: Path, base: Path, end: str) -> None:
        assert sorted(os.listdir(root / "ledgers")) == sorted(NAMES)
        before = folders(base)
        expected = before if end == "old" else before | {f"C{len(before) + 1:04d}"}
        assert folders(root) == expected

    def _goes_on(self, root: Path) -> None:
        if self.calls.total() % self.goes_on_every:
            return
        change(root, self.next)
        assert self.is_all(root, self.next)
        assert not [fault for fault in verify_journal(root) if fault.kind != "outside"]

    # ---- suites

    def kill_changes(self) -> None:
        """Killed before every call, after every changing call, and in the middle of every write."""
        first, later = self.base("first", False), self.base("later", True)
        for base, mode in ((later, BEFORE), (later, AFTER), (later, TORN), (first, AFTER)):
            for _ in self.points(base, mode, 0, self.attempt):
                self.settled(self.case, base, recover(self.case, 0))

    def fail_changes(self) -> None:
        """Every changing call fails once, or from then on."""
        base = self.base("later", True)
        for number in (errno.ENOSPC, errno.EACCES, errno.EIO):
            for code in self.points(base, FAIL, number, self.attempt):
                refused = code == REFUSED
                assert self.is_all(self.case, self.old if refused else self.new)
                end = self.settled(self.case, base, recover(self.case, 0))
                assert end == ("old" if refused else "new")
        for code in self.points(base, FAIL_FROM, errno.EIO, self.attempt):
            message = (self.folder / "message").read_text("utf-8") if code == REFUSED else ""
            end = self.settled(self.case, base, recover(self.case, 0))
            assert end == ("new" if code == FINISHED else "old") or HALF in message

    def kill_recoveries(self) -> None:
        """Recovery itself killed and failing at every call, from several interrupted changes."""
        base = self.base("later", True)
        self.goes_on_every = 4
        for number, crash in enumerate(self._crashes(base)):
            for damage, expected in DAMAGES:
                start = self.folder / f"crash-{number}-{damage.__name__}"
                shutil.copytree(crash, start)
                if damage(self, start):
                    self._recoveries(start, base, expected)

    def kill_patches(self) -> None:
        """A planned change of two real ledgers, patched and judged; killed before every call."""
        root = make_bureau(self.folder / "planned").root
        (root / "ledgers/zhubao.toml").unlink()
        self.old = read(root)
        self.reset(root)
        planned = planned_change(self.case)
        apply_planned(self.case, planned)  # imports happen here
        self.new = read(self.case)
        assert self.new != self.old
        self.goes_on_every = 8
        gc.freeze()
        for _ in self.points(root, BEFORE, 0, lambda case: apply_planned(case, planned)):
            self.settled(self.case, root, recover(self.case, 0))

    def _recoveries(self, start: Path, base: Path, expected: str) -> None:
        kills = (AFTER, TORN) if expected == "any" else (AFTER,)
        for mode, error in (*((kill, 0) for kill in kills), (FAIL, errno.ENOSPC)):
            for _ in self.points(start, mode, error, lambda root: recover(root, 0)):
                found = recover(self.case, 0)
                if expected == "edited":
                    self._edit_kept(found, base)
                else:
                    end = self.settled(self.case, base, found)
                    assert expected in ("any", end)

    def _edit_kept(self, found: Recovery | None, base: Path) -> None:
        assert read(self.case) == [self.old[0], self.next[1]]
        assert found is None or found.outcome is Outcome.TAKEN_BACK
        assert len(read_journal(self.case).entries) == len(read_journal(base).entries)
        self._nothing_lies_about(self.case, base, "old")
        self._goes_on(self.case)
        self.ends["edited"] += 1

    def _crashes(self, base: Path) -> list[Path]:
        """One interrupted change per state of the files that differs, as seen at renames."""
        seen: dict[tuple[object, ...], Path] = {}
        for _ in self.points(base, AFTER, 0, self.attempt):
            state = self._state()
            if state and state not in seen:
                seen[state] = self.folder / f"crash-{len(seen)}"
                shutil.copytree(self.case, seen[state])
        return list(seen.values())

    def _state(self) -> tuple[object, ...]:
        """What recovery looks at; empty when nothing is pending."""
        if not Places(self.case).pending.exists():
            return ()
        record = json.loads(Places(self.case).pending.read_bytes())
        journal = Places(self.case).journal.stat().st_size
        staged = sum(name.startswith(".zhubao-") for name in os.listdir(self.case / "ledgers"))
        replaced = self.case / ".zhubao/backups/C0002"
        return record["state"], staged, read(self.case) == self.new, journal, replaced.exists()

    def attempt(self, root: Path) -> Applied:
        return change(root, self.new)


def nothing(driver: Driver, start: Path) -> bool:
    """The crash as it is."""
    del driver, start
    return True


def damaged_staged(driver: Driver, start: Path) -> bool:
    """A new version that is still waiting is cut off: only the way back is left."""
    del driver
    waiting = sorted((start / "ledgers").glob(".zhubao-*"))
    if not waiting or b'"committed"' not in Places(start).pending.read_bytes():
        return False
    waiting[0].write_bytes(waiting[0].read_bytes()[:100])
    return True


def edited_after(driver: Driver, start: Path) -> bool:
    """Somebody saved the second ledger before its new version was swapped in."""
    waiting = list((start / "ledgers").glob(".zhubao-*tenants.xlsx"))
    if not waiting or b'"committed"' not in Places(start).pending.read_bytes():
        return False
    (start / "ledgers/tenants.xlsx").write_bytes(driver.next[1])
    return True


DAMAGES: tuple[tuple[Callable[[Driver, Path], bool], str], ...] = (
    (nothing, "any"),
    (damaged_staged, "old"),
    (edited_after, "edited"),
)


def put(root: Path, contents: list[bytes]) -> None:
    for name, data in zip(NAMES, contents, strict=True):
        (root / "ledgers" / name).write_bytes(data)


def read(root: Path) -> list[bytes]:
    return [(root / "ledgers" / name).read_bytes() for name in NAMES]


def folders(root: Path) -> set[str]:
    """The backups."""
    place = Places(root).backups
    return set(os.listdir(place)) if place.exists() else set()


def change(root: Path, contents: list[bytes]) -> Applied:
    """Both workbooks in one change, each written in several writes."""
    writes = [
        FileWrite(path, hashlib.sha256(path.read_bytes()).hexdigest(), writer(data), check)
        for path, data in zip((root / "ledgers" / name for name in NAMES), contents, strict=True)
    ]
    draft = Draft("rent post", {"period": "2020-06"}, [{"cell": "F3"}], {"number": "430105"})
    return commit(root, writes, draft, now=NOW, user="张三", keep=Keep(), wait=0)


def planned_change(root: Path) -> Change:
    """A cell of each ledger, and a record above the total of one of them."""
    loaded = open_bureau(root).load(Receipt, Household)
    plan = Plan("试改", loaded, FORMATS)
    plan.put(loaded[Household], 0, "size", 4)
    plan.put(loaded[Receipt], 0, "amount", 12_345)
    plan.add(loaded[Receipt], [{"receipt_no": "R9", "household_no": "H1", "amount": 1_000}])
    return plan.build()


def apply_planned(root: Path, planned: Change) -> Applied:
    order = Order("rent receive", "张三", NOW)
    return apply_change(root, planned, LedgerConfig(), order).applied


def writer(data: bytes) -> Callable[[BinaryIO], None]:
    def write(stream: BinaryIO) -> None:
        for start in range(0, len(data), 2000):
            stream.write(data[start : start + 2000])
            stream.flush()

    return write


def check(path: Path) -> None:
    assert zipfile.is_zipfile(path)


def main(shim: str, folder: str, suite: str) -> dict[str, Any]:
    driver = Driver(Shim(shim), Path(folder))
    run = getattr(driver, suite)
    warm_up = driver.base("warm-up", True)  # imports happen here, not in the children
    change(warm_up, driver.new)
    assert backups.read_private(warm_up, "C0002") == {"number": "430105"}
    gc.freeze()  # children then copy fewer pages
    run()
    return {"points": driver.calls.total(), "calls": driver.calls, "ends": driver.ends}


if __name__ == "__main__":
    report = main(*sys.argv[1:])
    sys.stdout.write(json.dumps(report))
