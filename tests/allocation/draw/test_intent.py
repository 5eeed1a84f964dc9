"""What must hold before a draw; one that is kept is never made a second time with other numbers."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.allocation.draw.events import AT, ENTROPY, EVENT, PUBLISHED, Desk, desk
from zhubao.allocation.draw import intent as intent_module
from zhubao.allocation.draw.facts import split_names
from zhubao.allocation.draw.intent import DrawOrder, Intent, carry, intend
from zhubao.allocation.draw.ledger import draw_change
from zhubao.allocation.draw.report import draw_report, intent_report
from zhubao.allocation.draw.texts import sha256
from zhubao.allocation.event.record import event_row
from zhubao.allocation.event.trace import Trace
from zhubao.core.errors import LedgerWriteError, UsageError
from zhubao.core.theme import load_theme
from zhubao.ledger.allocation import DrawResult, SelectionAction
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.store.draw_archive import DrawArchiveBroken
from zhubao.ledger.table import LedgerTable

FORMATS = load_theme().formats
ORDER = DrawOrder(EVENT, ENTROPY, AT, ("公证员李某", "居民代表王某"))
OTHER = ("现场摇球=04 08 15 16 23 32", "观众报数=1 2 3")
SECOND = DrawOrder(
    EVENT, OTHER, AT + dt.timedelta(days=1), (), "现场摇球机故障", ("赵主任", "钱科长")
)


def made(at: Desk, order: DrawOrder = ORDER, *, written: bool = True) -> Intent:
    """Draw, keep, and note the result in the ledger's row."""
    intent = intend(order, at.loaded, at.archive)
    drawn, texts = carry(intent)
    at.archive.keep_draw(drawn.ticket.draw_no, texts)
    if written:
        note(at, intent, sha256(texts["result.txt"]))
    return intent


def note(at: Desk, intent: Intent, result_hash: str) -> None:
    number = intent.ticket.draw_no
    if number > len(at.rows):
        at.rows.append({**at.rows[0], "draw_no": number})
    at.rows[number - 1] |= {"result_hash": result_hash, "drawn_at": intent.facts.moment}


@pytest.mark.parametrize(
    ("changed", "order", "said"),
    [
        ({"rules_hash": None}, ORDER, "还没有冻结"),
        ({"published_at": None}, ORDER, "还没有公布"),
        ({}, replace(ORDER, at=PUBLISHED - dt.timedelta(minutes=1)), "早于公布时间"),
        ({}, replace(ORDER, event_no="YH1"), "没有编号"),
        ({}, replace(ORDER, entropy=ENTROPY[:1]), "缺少随机源"),
        ({}, replace(ORDER, reason="再来"), "不是重摇"),
    ],
)
def test_refused_before_anything_is_computed(
    tmp_path: Path, changed: dict[str, Any], order: DrawOrder, said: str
) -> None:
    at = desk(tmp_path, **changed)
    with pytest.raises(UsageError, match=said):
        intend(order, at.loaded, at.archive)
    assert at.archive.draws() == ()


@pytest.mark.parametrize("name", ["roster_hash", "unit_list_hash"])
def test_a_hash_that_differs_between_ledger_and_archive_stops_the_draw(
    tmp_path: Path, name: str
) -> None:
    at = desk(tmp_path, **{name: "f" * 64})
    with pytest.raises(DrawArchiveBroken):
        intend(ORDER, at.loaded, at.archive)


def test_before_it_is_kept_nothing_is_shown_from_which_a_result_could_be_read(
    tmp_path: Path,
) -> None:
    at = desk(tmp_path)
    intent = intend(ORDER, at.loaded, at.archive)
    report = intent_report(intent, at.loaded)
    drawn, _ = carry(intent)
    assert (report.tables, drawn.seed in str(report)) == ((), False)
    assert not any(place.receipt in str(report) for place in drawn.places)
    assert "张*明" in str(draw_report(intent, drawn, at.loaded))
    assert "张小明" not in str(draw_report(intent, drawn, at.loaded))


def test_a_kept_draw_is_continued_with_its_numbers_time_and_witnesses_only(tmp_path: Path) -> None:
    """Also after an undo: the ledger forgets, the archive does not."""
    at = desk(tmp_path)
    first = made(at, written=False)
    later = replace(ORDER, at=AT + dt.timedelta(hours=3), witnesses=())
    again = intend(later, at.loaded, at.archive)
    assert (again.kept, again.ticket, again.facts) == (True, first.ticket, first.facts)
    for order in (replace(ORDER, entropy=OTHER), SECOND):
        with pytest.raises(UsageError, match="不能再改"):
            intend(order, at.loaded, at.archive)


def test_a_second_draw_needs_a_reason_two_names_and_other_numbers(tmp_path: Path) -> None:
    at = desk(tmp_path)
    made(at)
    for order, said in (
        (replace(SECOND, reason=""), "重摇要写明原因"),
        (replace(SECOND, approved_by=("赵主任", "赵主任")), "两位批准人"),
        (replace(SECOND, entropy=ENTROPY), "完全相同"),
        (replace(SECOND, at=AT - dt.timedelta(hours=1)), "早于前次摇号"),
    ):
        with pytest.raises(UsageError, match=said):
            intend(order, at.loaded, at.archive)
    first = sha256(at.archive.draw(1)["result.txt"])
    second = made(at, SECOND)
    assert (second.ticket.draw_no, second.ticket.earlier) == (2, first)
    assert at.archive.draws() == (1, 2)
    assert sha256(at.archive.draw(1)["result.txt"]) == first


def test_two_spellings_of_a_name_are_one_person() -> None:
    assert split_names(["张 三、张三", "LI，李四", "\uff2cI"]) == ("张 三", "LI", "李四")


def test_a_draw_that_only_the_journal_remembers_stops_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = desk(tmp_path)
    made(at, written=False)
    kept = Trace(drawn={1: sha256(at.archive.draw(1)["result.txt"])})
    monkeypatch.setattr(intent_module, "trace_of", lambda *_: kept)
    assert intend(ORDER, at.loaded, at.archive).kept
    shutil.rmtree(at.archive.folder / "draw-1")
    with pytest.raises(DrawArchiveBroken, match="操作日志里有第 1 次摇号"):
        intend(ORDER, at.loaded, at.archive)


def test_facts_that_are_none_are_a_broken_archive(tmp_path: Path) -> None:
    at = desk(tmp_path)
    _, texts = carry(intend(ORDER, at.loaded, at.archive))
    at.archive.keep_draw(1, {**texts, "facts.json": "{}"})
    with pytest.raises(DrawArchiveBroken, match="facts"):
        intend(ORDER, at.loaded, at.archive)


def test_no_second_draw_while_a_chosen_unit_stands(tmp_path: Path) -> None:
    at = desk(tmp_path)
    made(at)
    chosen = {
        "selection_no": "X1",
        "event_no": EVENT,
        "entrant_no": "C0001",
        "action": SelectionAction.CHOSEN,
        "selected_at": AT,
    }
    at.selections.append(chosen)
    with pytest.raises(UsageError, match="已有 1 户"):
        intend(SECOND, at.loaded, at.archive)
    at.selections.append({**chosen, "selection_no": "X2", "action": SelectionAction.WITHDRAWN})
    assert intend(SECOND, at.loaded, at.archive).ticket.draw_no == 2


def test_a_result_that_was_changed_in_ledger_or_archive_stops_everything(tmp_path: Path) -> None:
    at = desk(tmp_path)
    made(at)
    at.rows[0]["result_hash"] = "e" * 64
    with pytest.raises(DrawArchiveBroken, match="台账与存档不一致"):
        intend(SECOND, at.loaded, at.archive)
    (at.archive.folder / "draw-1" / "result.txt").write_text("改过", encoding="utf-8")
    with pytest.raises(DrawArchiveBroken, match="被改动过"):
        intend(SECOND, at.loaded, at.archive)


def test_the_ledger_gets_a_row_per_household_and_a_second_draw_a_row_of_its_own(
    tmp_path: Path,
) -> None:
    at = desk(tmp_path)
    first = intend(ORDER, at.loaded, at.archive)
    change = draw_change(first, carry(first)[0], at.loaded, FORMATS)
    written = {edit.head.header: edit.new for edit in change.edits}
    assert written["随机数来源"] == "现场摇球=03 17 22 28 31 05；观众报数=5 0 7"
    assert (written["见证人"], written["活动状态"]) == ("公证员李某、居民代表王某", "已摇号")
    (added,) = change.added
    assert (added.sheet, len(added.rows)) == ("摇号结果", 12)
    made(at)
    second = intend(SECOND, at.loaded, at.archive)
    change = draw_change(second, carry(second)[0], at.loaded, FORMATS)
    assert change.edits == ()
    assert [(part.sheet, len(part.rows)) for part in change.added] == [
        ("摇号活动", 1),
        ("摇号结果", 12),
    ]
    headers = [head.header for head in change.added[0].heads]
    row = dict(zip(headers, change.added[0].rows[0], strict=True))
    assert row["前次结果校验值"] == sha256(at.archive.draw(1)["result.txt"])
    assert (row["重摇原因"], row["重摇批准人"]) == ("现场摇球机故障", "赵主任、钱科长")
    assert row["总校验值"] == event_row(at.loaded, EVENT).row.rules_hash


def test_rows_of_this_draw_that_somebody_put_there_are_not_added_to(tmp_path: Path) -> None:
    at = desk(tmp_path)
    intent = intend(ORDER, at.loaded, at.archive)
    strange = LedgerTable.from_rows(
        DrawResult, [{"event_no": EVENT, "draw_no": 1, "entrant_no": "C1", "rank": 1}]
    )
    loaded = Loaded({**at.loaded.tables, DrawResult: strange})
    with pytest.raises(LedgerWriteError, match="已经有"):
        draw_change(intent, carry(intent)[0], loaded, FORMATS)
