"""Every way of tampering with the journal that can be seen is seen, and told with its line."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from zhubao.core.errors import JournalBroken
from zhubao.ledger.store.journal import JournalFault, line_of, read_journal
from zhubao.ledger.store.verify import verify_journal

if TYPE_CHECKING:
    from tests.ledger.store.conftest import Bench

Lines = list[bytes]


@pytest.fixture
def four(bureau: Bench) -> Bench:
    """A bureau with four changes."""
    for contents in (bureau.new, bureau.old) * 2:
        bureau.change(contents)
    return bureau


def found(bureau: Bench, *, notices: bool = False) -> list[tuple[str, int]]:
    """Kind and line of every fault; or of every notice."""
    faults = verify_journal(bureau.root)
    return [(fault.kind, fault.line) for fault in faults if fault.notice == notices]


def tamper(bureau: Bench, change: Callable[[Lines], Lines]) -> None:
    bureau.places.journal.write_bytes(b"".join(change(bureau.journal_lines)))


def rewritten(line: bytes, **values: Any) -> bytes:
    """A line with other values and a hash that fits them."""
    return line_of({**json.loads(line), **values}).encode() + b"\n"


def test_an_honest_journal_has_no_faults(four: Bench) -> None:
    assert verify_journal(four.root) == []
    assert read_journal(four.root).faults == ()
    assert [entry.n for entry in read_journal(four.root).entries] == [1, 2, 3, 4]


def test_no_journal_is_an_empty_one(bureau: Bench) -> None:
    assert read_journal(bureau.root).entries == ()
    assert verify_journal(bureau.root) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # a changed value, with the hash left alone
        (lambda x: [x[0], x[1].replace(b"rent post", b"rent past"), *x[2:]], [("changed", 2)]),
        # the same words, other spacing
        (lambda x: [x[0], x[1].replace(b'"n":', b'"n": '), *x[2:]], [("changed", 2)]),
        # a changed value with a fitting hash: the next line no longer follows
        (lambda x: [x[0], rewritten(x[1], user="王五"), *x[2:]], [("chain", 3)]),
        (lambda x: [*x[:3], rewritten(x[3], user="王五")], [("tail", 4)]),
        # removed
        (lambda x: [x[0], *x[2:]], [("chain", 2), ("tail", 3)]),
        (lambda x: x[1:], [("chain", 1), ("tail", 3)]),
        # inserted
        (lambda x: [x[0], x[0], *x[1:]], [("chain", 2), ("tail", 5)]),
        (lambda x: [*x, x[3]], [("chain", 5), ("tail", 5)]),
        # swapped
        (lambda x: [x[0], x[2], x[1], x[3]], [("chain", 2), ("chain", 3), ("chain", 4)]),
        # cut off
        (lambda x: x[:2], [("tail", 2)]),
        (lambda _: [], [("tail", 0)]),
        # no line at all
        (lambda x: [x[0], b"\xff\xfe\n", *x[2:]], [("not_json", 2)]),
        (lambda x: [x[0], b"[1]\n", *x[2:]], [("not_json", 2)]),
        (lambda x: [x[0], b"\n", *x[2:]], [("not_json", 2)]),
        (lambda x: [x[0], b'{"n":2}\n', *x[2:]], [("not_json", 2)]),
        # a line end missing
        (lambda x: [*x[:3], x[3].rstrip()], [("torn", 4), ("tail", 3)]),
        # saved by Notepad
        (lambda x: [b"\xef\xbb\xbf" + x[0], *x[1:]], [("changed", 1)]),
    ],
)
def test_tampering_is_found(
    four: Bench, change: Callable[[Lines], Lines], expected: list[tuple[str, int]]
) -> None:
    tamper(four, change)
    assert sorted(found(four)) == sorted(expected)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda x: [x[0], x[3]], "第 2 行之前少了 2 行"),
        (lambda x: [x[0], x[2], x[1], x[3]], "顺序调换过"),
        (lambda x: [x[0], x[1].replace(b"C0002", b"C0009"), *x[2:]], "第 2 行被改动过"),
        (lambda x: x[:3], "末尾少了 1 行：应有 4 行"),
    ],
)
def test_tampering_is_told_in_words(
    four: Bench, change: Callable[[Lines], Lines], words: str
) -> None:
    tamper(four, change)
    assert any(words in fault.message for fault in verify_journal(four.root))


def test_a_head_that_is_gone_or_changed_is_found(four: Bench) -> None:
    kept = four.places.head.read_bytes()
    four.places.head.write_bytes(kept.replace(b'"lines":4', b'"lines":3'))
    assert found(four) == [("tail", 4)]
    four.places.head.write_bytes(b"?")
    assert found(four) == [("tail", 4)]
    four.places.head.unlink()
    assert found(four) == [("tail", 4)]


def test_a_changed_payload_and_a_changed_backup_are_found(four: Bench) -> None:
    folder = four.places.backup("C0002")
    (folder / "change.json").write_bytes(b"{}")
    (folder / "tenants.xlsx").write_bytes(b"other")
    (four.places.backup("C0003") / "arrears.xlsx").unlink()
    assert found(four) == [("private", 2), ("backup", 2), ("backup", 3)]
    told = [fault.message for fault in verify_journal(four.root)]
    assert told[1] == "改动 C0002 的备份 tenants.xlsx 被改动过"
    assert told[2] == "改动 C0003 的备份 arrears.xlsx 不见了"


def test_a_backup_tidied_away_is_a_notice(four: Bench) -> None:
    shutil.rmtree(four.places.backup("C0001"))
    assert found(four) == []
    assert found(four, notices=True) == [("backup", 1)]


def test_a_ledger_changed_by_other_means_is_a_notice(four: Bench) -> None:
    four.ledger("arrears.xlsx").write_bytes(b"by hand")
    four.ledger("tenants.xlsx").unlink()
    assert found(four) == []
    messages = [fault.message for fault in verify_journal(four.root)]
    assert messages == [
        "arrears.xlsx 在改动 C0004 之后在 zhubao 以外改动过",
        "tenants.xlsx 在改动 C0004 现在不见了",
    ]


def test_a_change_under_way_is_a_notice(four: Bench) -> None:
    four.places.pending.write_bytes(b"{}")
    with four.places.journal.open("ab") as stream:
        stream.write(b'{"n":5')
    assert found(four) == []
    assert found(four, notices=True) == [("pending", 0)]


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="whoever may read everything is not refused"
)
def test_a_journal_that_may_not_be_read_is_said_so(four: Bench) -> None:
    four.places.journal.chmod(0)
    with pytest.raises(JournalBroken):
        read_journal(four.root)


def test_a_journal_that_is_no_file_is_said_so(bureau: Bench) -> None:
    bureau.places.journal.mkdir(parents=True)
    with pytest.raises(JournalBroken, match="读不了"):
        read_journal(bureau.root)
    with pytest.raises(JournalBroken, match="读不了"):
        verify_journal(bureau.root)


def test_a_fault_says_where_it_is() -> None:
    fault = JournalFault("changed", 3, "第 3 行被改动过", "C0003")
    assert (fault.line, fault.change, fault.notice) == (3, "C0003", False)
