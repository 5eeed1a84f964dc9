"""Units that open draws hold, from the kept lists of the freeze."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.supply.sheets import Rows, loaded, unit
from zhubao.ledger.allocation import DrawEvent, DrawStatus
from zhubao.ledger.store.draw_archive import DrawArchive, DrawArchiveBroken
from zhubao.ledger.store.frozen_units import units_held_by_draws
from zhubao.ledger.units import Unit

HASH = "ab" * 32


def event(number: str, status: DrawStatus, draw_no: int = 1, **fields: Any) -> dict[str, Any]:
    return {"event_no": number, "draw_no": draw_no, "status": status, **fields}


def keep(root: Path, number: str, *units: str) -> Path:
    lines = "".join(f"{unit}\t甲小区 一室一厅\t甲小区1栋\t40\n" for unit in units)
    texts = {"units.txt": f"zhubao-units-1\t{number}\n{lines}"}
    return DrawArchive(root, number).keep_frozen(HASH, texts)


def test_only_open_draws_hold_and_the_latest_draw_decides(tmp_path: Path) -> None:
    keep(tmp_path, "YH1", "U1", "U2")
    keep(tmp_path, "YH2", "U3")
    events = [
        event("YH1", DrawStatus.VOID, rules_hash=HASH),
        event("YH1", DrawStatus.SELECTING, 2),  # the hash is that of the earlier row
        event("YH2", DrawStatus.FINISHED, rules_hash=HASH),
        event("YH3", DrawStatus.PREPARING),
    ]
    held = units_held_by_draws(tmp_path, loaded({DrawEvent: events}))
    assert held == {"U1": "YH1", "U2": "YH1"}


def test_a_draw_frozen_by_hand_holds_the_vacant_units_of_its_estates(tmp_path: Path) -> None:
    rows: Rows = {
        DrawEvent: [event("YH1", DrawStatus.PUBLISHED, estate="甲小区、乙小区")],
        Unit: [unit("U1"), unit("U2", estate="丙小区"), unit("U3", estate="乙小区")],
    }
    assert units_held_by_draws(tmp_path, loaded(rows)) == {"U1": "YH1", "U3": "YH1"}


def test_a_list_that_was_changed_is_not_taken_for_the_frozen_one(tmp_path: Path) -> None:
    folder = keep(tmp_path, "YH1", "U1")
    (folder / "units.txt").write_text("zhubao-units-1\tYH1\n", encoding="utf-8")
    events = {DrawEvent: [event("YH1", DrawStatus.FROZEN, rules_hash=HASH)]}
    with pytest.raises(DrawArchiveBroken):
        units_held_by_draws(tmp_path, loaded(events))
