"""Texts of draws are written once, found again as they were, and never quietly changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhubao.core.errors import LedgerWriteError
from zhubao.ledger.store.draw_archive import DrawArchive, DrawArchiveBroken

HASH, OTHER = "a" * 64, "b" * 64
TEXTS = {"rules.txt": "规则\n", "roster.txt": "名册\n"}


def test_a_freeze_is_read_back_as_it_was_kept(tmp_path: Path) -> None:
    archive = DrawArchive(tmp_path, "YH1")
    assert archive.freezes() == ()
    archive.keep_frozen(HASH, TEXTS)
    archive.keep_frozen(OTHER, TEXTS)
    assert archive.frozen(HASH) == TEXTS
    assert archive.freezes() == ("a" * 16, "b" * 16)
    archive.drop_frozen(OTHER)
    assert archive.freezes() == ("a" * 16,)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    archive = DrawArchive(tmp_path, "YH1")
    archive.keep_frozen(HASH, TEXTS)
    archive.keep_draw(1, TEXTS)
    archive.keep_draw(12, TEXTS)
    with pytest.raises(LedgerWriteError, match="不能覆盖"):
        archive.keep_frozen(HASH, {})
    with pytest.raises(LedgerWriteError, match="不能覆盖"):
        archive.keep_draw(1, {})
    assert archive.draws() == (1, 12)
    assert archive.draw(1) == TEXTS


@pytest.mark.parametrize("harm", ["change", "remove", "unseal"])
def test_a_text_that_was_touched_is_not_taken_for_the_frozen_one(tmp_path: Path, harm: str) -> None:
    archive = DrawArchive(tmp_path, "YH1")
    folder = archive.keep_frozen(HASH, TEXTS)
    if harm == "change":
        (folder / "roster.txt").write_text("名册 改\n", encoding="utf-8")
    elif harm == "remove":
        (folder / "roster.txt").unlink()
    else:
        (folder / "seal.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(DrawArchiveBroken):
        archive.frozen(HASH)
    with pytest.raises(DrawArchiveBroken):
        archive.frozen(OTHER)


@pytest.mark.parametrize("event", ["../外", "..", "a/b", "  "])
def test_no_event_number_leads_out_of_the_archive(tmp_path: Path, event: str) -> None:
    folder = DrawArchive(tmp_path, event).folder
    assert folder.parent == tmp_path / ".zhubao" / "draws"
    assert folder.name not in ("", ".", "..")
