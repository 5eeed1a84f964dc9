"""Backups stay as long as either rule wants them, and the newest always."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from zhubao.core.errors import LedgerWriteError
from zhubao.ledger.store import backups
from zhubao.ledger.store.backups import Keep
from zhubao.ledger.store.verify import verify_journal

if TYPE_CHECKING:
    from tests.ledger.store.conftest import Bench

FIRST = dt.datetime(2020, 1, 1)


def changes(bureau: Bench, keep: Keep, months: int = 6) -> list[str]:
    """One change a month, thirty days each; the backups left."""
    for month in range(months):
        contents = bureau.old if month % 2 else bureau.new
        bureau.change(contents, now=FIRST + dt.timedelta(days=30 * month), keep=keep)
    return bureau.backups


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        (Keep(count=2, days=0), ["C0005", "C0006"]),
        (Keep(count=0, days=0), ["C0006"]),
        (Keep(count=-1, days=-1), ["C0006"]),
        (Keep(count=1, days=70), ["C0004", "C0005", "C0006"]),
        (Keep(count=4, days=40), ["C0003", "C0004", "C0005", "C0006"]),
        (Keep(), [f"C000{n}" for n in range(1, 7)]),
    ],
)
def test_a_backup_goes_when_neither_number_nor_age_keeps_it(
    bureau: Bench, keep: Keep, left: list[str]
) -> None:
    assert changes(bureau, keep) == left
    assert all(fault.notice for fault in verify_journal(bureau.root))


def test_what_was_half_tidied_away_goes_the_next_time(bureau: Bench) -> None:
    bureau.change()
    rest = bureau.places.backups / "C0000.dropped"
    rest.mkdir()
    (rest / "arrears.xlsx").touch()
    bureau.change(bureau.old)
    assert bureau.backups == ["C0001", "C0002"]


def test_folders_of_somebody_else_stay(bureau: Bench) -> None:
    changes(bureau, Keep(0, 0), 1)
    (bureau.places.backups / "说明").mkdir()
    assert changes(bureau, Keep(0, 0), 2) == ["C0003", "说明"]


def test_numbers_go_on_after_ten_thousand(bureau: Bench) -> None:
    (bureau.places.backups / "C9999").mkdir(parents=True)
    assert bureau.change(keep=Keep(0, 0)).id == "C10000"
    assert bureau.change(bureau.old).id == "C10001"


def test_a_payload_that_is_gone_is_said_so(bureau: Bench) -> None:
    changes(bureau, Keep(0, 0), 2)
    with pytest.raises(LedgerWriteError, match="C0001"):
        backups.read_private(bureau.root, "C0001")
    (bureau.places.backup("C0002") / "change.json").write_bytes(b"{}")
    with pytest.raises(LedgerWriteError, match="C0002"):
        backups.read_private(bureau.root, "C0002")


def test_names_that_collide_are_numbered() -> None:
    names = ["arrears.xlsx", "ARREARS.xlsx", "Change.json", "arrears.xlsx"]
    assert backups.names_for(names) == [
        "arrears.xlsx",
        "2-ARREARS.xlsx",
        "3-Change.json",
        "4-arrears.xlsx",
    ]
