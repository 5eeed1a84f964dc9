"""`zhubao allocate freeze` and `announce` as a clerk and a script run them."""

from __future__ import annotations

import hashlib
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.allocation.event.freeze_ledgers import IDENTITIES, entry, ledgers
from zhubao.cli import writing
from zhubao.core.errors import OutputError
from zhubao.core.theme import load_theme
from zhubao.ledger.allocation import DrawEvent, RosterEntry, UnitSelection
from zhubao.ledger.blank import write_ledger
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.store.draw_archive import DrawArchive
from zhubao.ledger.tenants import Household, Member, WaitingEntry
from zhubao.ledger.units import Dispatch, Unit

if TYPE_CHECKING:
    from tests.cli.conftest import Answer, Zhubao

_BOOKS: dict[str, tuple[Any, ...]] = {
    "allocation": (DrawEvent, RosterEntry, UnitSelection),
    "tenants": (Household, Member, WaitingEntry),
    "units": (Unit, Dispatch),
}
FREEZE = ("allocate", "freeze", "YH1", "--source", "现场摇球=6x2", "--at", "2020-05-12 09:30")


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    """Five households, one of them late, and three units."""
    loaded = ledgers([*(entry(n) for n in range(4)), entry(4, registered_at=None, remark="补录")])
    folder = tmp_path / "局" / "ledgers"
    folder.mkdir(parents=True)
    for name, models in _BOOKS.items():
        rows: dict[Any, Any] = {
            model: [loaded[model].values(index) for index in range(len(loaded[model]))]
            for model in models
        }
        write_ledger(folder / f"{name}.xlsx", name, rows, load_theme())
    return folder.parent


def _event(bureau: Path) -> dict[str, Any]:
    return open_bureau(bureau).load(DrawEvent)[DrawEvent].values(0)


def _freeze(zhubao: Zhubao, bureau: Path, *words: str) -> Answer:
    return zhubao("-C", bureau, *FREEZE, *words)


def _tree(bureau: Path) -> list[str]:
    return sorted(
        str(path.relative_to(bureau))
        for path in bureau.rglob("*")
        if path.is_file() and "ledgers" not in path.parts
    )


def test_from_preparation_to_publication(zhubao: Zhubao, bureau: Path) -> None:
    preview = _freeze(zhubao, bureau, "--dry-run")
    assert preview.code == 0
    assert _tree(bureau) == []
    done = _freeze(zhubao, bureau, "--yes")
    assert done.code == 0, done.err
    row = _event(bureau)
    assert row["rules_hash"] in done.out
    public = bureau / "reports" / "摇号" / "YH1" / "公布"
    hashes = {"roster": "roster_hash", "units": "unit_list_hash", "rules": "rules_hash"}
    for name, field in hashes.items():
        data = (public / f"{name}.txt").read_bytes()
        assert hashlib.sha256(data).hexdigest() == row[field]
    page = (public / "公告.html").read_text(encoding="utf-8")
    assert row["rules_hash"] in page
    slips = zipfile.ZipFile(public.parent / "凭证" / "摇号凭证.docx").read("word/document.xml")
    assert "张小甲" in slips.decode()
    again = _freeze(zhubao, bureau, "--yes")
    assert again.code == 2
    assert "2020-05-12 09:30" in again.err
    early = ("allocate", "announce", "YH1", "--where", "网站", "--at")
    assert zhubao("-C", bureau, *early, "2020-05-12 09:00", "--yes").code == 2
    answer = zhubao("-C", bureau, *early, "2020-05-12 18:00", "--yes")
    event = _event(bureau)
    assert (answer.code, event["status"].value) == (0, "已公布")
    assert f"总校验值 {event['rules_hash']}\n" in answer.out  # whole, to be compared by eye
    never = _freeze(zhubao, bureau, "--again", "--reason", "错", "--yes")
    assert never.code == 2
    assert "已经公布" in never.err


def test_a_script_gets_hashes_and_no_personal_data(zhubao: Zhubao, bureau: Path) -> None:
    answer = _freeze(zhubao, bureau, "--json", "--yes")
    facts = answer.json["facts"]
    assert facts["applied"] is True
    assert facts["rules_hash"] == _event(bureau)["rules_hash"]
    journal = (bureau / ".zhubao" / "journal.jsonl").read_text(encoding="utf-8")
    salts = open_bureau(bureau).load(RosterEntry)[RosterEntry].column("salt")
    for secret in (*IDENTITIES, "张小甲", *salts):
        assert secret not in answer.out + answer.err + journal


def test_what_is_declined_or_fails_leaves_nothing_behind(zhubao: Zhubao, bureau: Path) -> None:
    before = (bureau / "ledgers" / "allocation.xlsx").read_bytes()
    assert _freeze(zhubao, bureau).code == 2  # no terminal to ask on
    (bureau / "ledgers" / "~$allocation.xlsx").write_bytes(b"\x05Wang" + b" " * 160)
    assert _freeze(zhubao, bureau, "--yes").code == 3  # open in Excel
    assert (bureau / "ledgers" / "allocation.xlsx").read_bytes() == before
    assert not [path for path in _tree(bureau) if "draws" in path or "reports" in path]


def test_what_fails_after_the_ledger_is_written_does_not_lose_the_freeze(
    zhubao: Zhubao, bureau: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(outcome: object) -> list[str]:
        raise OutputError(f"no more paper for {type(outcome).__name__}")

    monkeypatch.setattr(writing, "notes_of", broken)
    assert _freeze(zhubao, bureau, "--yes").code == 3
    assert DrawArchive(bureau, "YH1").frozen(_event(bureau)["rules_hash"])


def test_a_freeze_again_keeps_the_earlier_one_and_replaces_the_files(
    zhubao: Zhubao, bureau: Path
) -> None:
    _freeze(zhubao, bureau, "--yes")
    first = _event(bureau)["rules_hash"]
    done = zhubao("-C", bureau, *FREEZE[:-1], "2020-05-12 10:30",
                  "--again", "--reason", "人口有误", "--yes")  # fmt: skip
    assert done.code == 0, done.err
    row = _event(bureau)
    assert row["rules_hash"] != first
    assert "人口有误" in row["remark"]
    kept = {match[1] for path in _tree(bureau) if (match := re.search(r"frozen-(\w+)", path))}
    assert kept == {first[:16], row["rules_hash"][:16]}
    rules = bureau / "reports" / "摇号" / "YH1" / "公布" / "rules.txt"
    rules.unlink()
    assert zhubao("-C", bureau, "allocate", "freeze", "YH1", "--reprint").code == 0
    assert hashlib.sha256(rules.read_bytes()).hexdigest() == row["rules_hash"]


def test_an_announcement_taken_back_still_forbids_another_freeze(
    zhubao: Zhubao, bureau: Path
) -> None:
    _freeze(zhubao, bureau, "--yes")
    told = ("allocate", "announce", "YH1", "--where", "网站", "--at")
    future = zhubao("-C", bureau, *told, "2999-05-13 09:30", "--yes")
    assert (future.code, "还没有到" in future.err) == (2, True)
    assert zhubao("-C", bureau, *told, "2020-05-13 09:30", "--yes").code == 0
    assert zhubao("-C", bureau, "undo", "--yes").code == 0
    again = zhubao("-C", bureau, *FREEZE, "--again", "--reason", "人口有误", "--yes")
    assert (again.code, "登记过公布" in again.err) == (2, True)
    assert zhubao("-C", bureau, *told, "2020-05-13 09:30", "--yes").code == 0
