"""Nothing in a public file leads to a person: every part of every file is looked through."""

from __future__ import annotations

import datetime as dt
import html
import re
import zipfile
from pathlib import Path

import pytest

from tests.allocation.publication.events import DRAW_AT, EVENT, Event, frozen_event
from zhubao.allocation.publication.draws import known_draw
from zhubao.allocation.publication.editions import auditor_edition
from zhubao.allocation.publication.listing import compute_listing
from zhubao.allocation.publication.notice import notice_terms
from zhubao.allocation.publication.privacy import Scrubber, grouped
from zhubao.allocation.publication.public import masked_words, public_edition
from zhubao.cli.output import save_report
from zhubao.core.report import Report
from zhubao.ledger.allocation import DrawEvent, SelectionAction
from zhubao.policy import PolicyInvalid

PHONE = "13912345678"
SUFFIXES = (".xlsx", ".docx", ".html")


def secrets_of(event: Event) -> set[str]:
    """Full names, identity, household, waiting and entrant numbers, and a telephone number."""
    found = {PHONE}
    for one in event.people:
        found |= {one.applicant, one.identity_no, one.household_no, one.waiting_no}
        found |= {one.entrant_no, one.salt}
    return found


def text_of(path: Path) -> str:
    """All that a file holds: every part of a package, its names, and its comment."""
    if path.suffix == ".html":
        return html.unescape(path.read_text(encoding="utf-8"))
    with zipfile.ZipFile(path) as package:
        parts = [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
        whole = [*package.namelist(), package.comment.decode(), *parts]
    text = html.unescape("\n".join(whole))
    return text + re.sub(r"<[^>]+>", "", text)  # a name may be cut into two runs


@pytest.fixture
def event(tmp_path: Path) -> Event:
    """Whoever typed the free text gave away a name, a number, a telephone, a household."""
    made = frozen_event(tmp_path)
    one, other = made.people[0], made.people[1]
    made.draw()
    made.draw(
        draw_no=2,
        entropy="1 2 3",
        redraw_reason=f"{one.applicant}（{one.identity_no}，{PHONE}）与 {other.household_no} 重复",
        redraw_approvers="甲、乙",
        published_where=f"区网站；咨询 {PHONE}",
        name=f"粟塘小区摇号（{other.household_no}）",
        remark=one.applicant,
    )
    for rank in range(1, 20):
        made.choose(rank, SelectionAction.CHOSEN, unit_no=f"01-{rank:03d}", remark=one.applicant)
    made.choose(20, SelectionAction.ABANDONED, abandon_reason=f"{other.applicant} 不满意")
    return made


def published(event: Event) -> Report:
    loaded = event.loaded
    listing = compute_listing(loaded, known_draw(loaded, event.archive, EVENT, None))
    return public_edition(listing, notice_terms(dt.date(2021, 4, 1)), bureau="示范局")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_part_of_a_public_file_names_anybody(event: Event, tmp_path: Path, suffix: str) -> None:
    path = save_report(published(event), tmp_path / f"公示{suffix}", tmp_path)
    text = text_of(path)
    assert [secret for secret in sorted(secrets_of(event)) if secret in text] == []
    assert "ledgers" not in text
    assert "allocation.xlsx" not in text
    assert grouped(event.people[0].receipt) in text
    assert event.frozen.rules_hash in text
    assert "投诉电话：见窗口公示" in text
    assert "2021-04-08" in text  # seven days after the day of the notice


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_search_finds_what_an_internal_edition_says(
    event: Event, tmp_path: Path, suffix: str
) -> None:
    """Otherwise finding nothing in the public files would mean nothing."""
    loaded = event.loaded
    listing = compute_listing(loaded, known_draw(loaded, event.archive, EVENT, None))
    made = auditor_edition(listing, bureau="示范局", day=dt.date(2021, 4, 1))
    text = text_of(save_report(made, tmp_path / f"审计版{suffix}", tmp_path))
    salts = {one.salt for one in event.people}  # a Word document has no room for them
    assert {one for one in secrets_of(event) if one not in text} <= {PHONE} | salts


def test_the_clerk_is_told_which_cells_were_cleaned(event: Event) -> None:
    loaded = event.loaded
    listing = compute_listing(loaded, known_draw(loaded, event.archive, EVENT, None))
    found = list(masked_words(listing, loaded[DrawEvent]))
    cells = [loaded[DrawEvent].cell(1, name) for name in ("redraw_reason", "published_where")]
    assert [(one.where, one.code) for one in found] == [(cell, "AL-605") for cell in cells]


def test_ordinary_words_and_hashes_are_left_as_they_are() -> None:
    scrub = Scrubber(["高新", "张"], ["JT000001"])
    assert scrub.numbers("高新花园 JT0000011 01-04-2-0304") == "高新花园 JT0000011 01-04-2-0304"
    assert scrub.numbers("户 JT000001，见名册") == "户 ********，见名册"
    assert scrub.remark("高新重复") == "高*重复"
    assert scrub.remark("20210305 电 0731-84881234、84881234") == (
        f"20210305 电 {'*' * 13}、{'*' * 8}"
    )
    assert grouped("") == ""


def test_a_bureaus_own_terms_are_printed_and_a_wrong_one_is_refused() -> None:
    def own(name: str, value: object) -> dict[str, object]:
        entry = {"valid_from": dt.date(2020, 1, 1), "value": value, "source": "本局通知"}
        return {"allocation_notice": {name: {"values": [entry]}}}

    day = DRAW_AT.date()
    terms = notice_terms(day, own("complaint_phone", ["0731-12345", "12345"]))
    assert (terms.phone, terms.findings) == ("0731-12345、12345", ())
    assert [one.code for one in notice_terms(day).findings] == ["AL-601"]
    with pytest.raises(PolicyInvalid, match="objection_days"):
        notice_terms(day, own("objection_days", "七天"))
