"""The second half of 2021 of another bureau: what the summary says, and what rows counted give."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.summary.second_period.counted import count
from tests.summary.second_period.counting import Counted
from tests.summary.second_period.ledgers import Ledgers
from tests.summary.second_period.made import EARLIER, LABEL, PERIOD, change, make
from tests.summary.second_period.sentences import clauses, without_comparisons
from tests.summary.second_period.surfaces import (
    from_json,
    from_page,
    from_word,
    from_workbook,
    words_of,
)
from zhubao.cli.entry import main
from zhubao.core.period import Period
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.work_calendar import calendar_of
from zhubao.summary.summary import SUMMARY_MODELS, compute_summary

_TITLE = "2021年下半年"


@dataclass(frozen=True)
class Made:
    """The bureau, what the command answered, and the figures counted from the same ledgers."""

    root: Path
    answer: Any
    counted: Counted
    before: Counted

    def file(self, name: str) -> Path:
        return self.root / "out" / name


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    root = tmp_path_factory.mktemp("second")
    make(root)
    out = io.StringIO()
    words = f"-C {root} summary half-year --period {LABEL} --as-of {PERIOD.as_of} --json"
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main([*words.split(), "--out", str(root / "out")])
    assert code == 0
    books = Ledgers(root / "ledgers")
    return Made(root, json.loads(out.getvalue()), count(books, PERIOD), count(books, EARLIER))


def differences(printed: Counted, counted: Counted) -> dict[str, Any]:
    """Code → (printed, counted), where they are not the same."""
    codes = dict.fromkeys((*printed, *counted))
    pairs = {code: (printed.get(code), counted.get(code)) for code in codes}
    return {code: pair for code, pair in pairs.items() if pair[0] != pair[1]}


def test_every_figure_is_what_the_rows_give(made: Made) -> None:
    printed, _ = from_json(made.answer)
    assert differences(printed, made.counted) == {}
    assert len(printed) == 72
    assert all(value for value, _ in made.counted.values()), "a zero proves little"
    rates = [pair for pair in made.counted.values() if pair[1] is not None]
    assert sum(value == whole for value, whole in rates) == 0, "nor does a hundred per cent"


def test_the_document_prints_the_same_figures_in_its_table_and_in_its_sentences(
    made: Made,
) -> None:
    _, names = from_json(made.answer)
    path = made.file("工作总结.docx")
    assert differences(from_word(path, names), made.counted) == {}
    text = without_comparisons(words_of(path))
    assert [clause for clause in clauses(made.counted) if clause not in text] == []


def test_the_workbook_prints_the_same_figures_and_those_of_the_half_year_before(
    made: Made,
) -> None:
    found, rates = from_workbook(made.file("指标.xlsx"), _TITLE)
    assert differences(found, made.counted) == {}
    wholes = {code: (value, whole) for code, (value, whole) in made.counted.items() if whole}
    assert rates == pytest.approx({code: value / whole for code, (value, whole) in wholes.items()})
    before, _ = from_workbook(made.file("指标.xlsx"), "上期")
    kept = {code: made.before[code] for code in before}
    assert differences(before, kept) == {}
    assert len(before) >= 55


def test_the_page_prints_the_same_figures(made: Made) -> None:
    _, names = from_json(made.answer)
    path = made.file("指标.html")
    assert differences(from_page(path, _TITLE, names), made.counted) == {}
    before = from_page(path, "上期", names)
    assert differences(before, {code: made.before[code] for code in before}) == {}
    assert len(before) >= 55


_CHANGES = (
    ("units", "房源筹集", "套数", "XC0002", 99, {"supply.raised", "supply.raised.cooperation"}),
    (
        "arrears",
        "实收",
        "实收金额",
        "SX00059",  # of a household that pays what it was charged, in a unit of the city
        98.61,
        {
            "rent.received",
            "rent.received_city",
            "rent.remittance_rate_city",
            "rent.owed",
            "rent.collection_current",
            "rent.collection_combined",
        },
    ),
    ("services", "12345工单", "办结日期", "GX00003", PERIOD.as_of, {"tickets.handled"}),
)


def test_one_cell_moves_the_figures_it_belongs_to_and_no_other(made: Made, tmp_path: Path) -> None:
    shutil.copytree(made.root / "ledgers", tmp_path / "ledgers")
    for book, sheet, header, key, value, _ in _CHANGES:
        change(tmp_path, book, sheet, header, key, value)
    counted = count(Ledgers(tmp_path / "ledgers"), PERIOD)
    bureau = open_bureau(tmp_path)
    summary = compute_summary(
        bureau.load(*SUMMARY_MODELS),
        Period.parse(LABEL),
        PERIOD.as_of,
        bureau=bureau.name,
        calendar=calendar_of(bureau),
    )
    printed = {
        code: (one.measured.value, one.measured.whole)
        for code, one in summary.values.items()
        if one.measured is not None
    }
    assert differences(printed, counted) == {}
    moved = set(differences(printed, made.counted))
    expected: set[str] = functools.reduce(set.union, (one[-1] for one in _CHANGES), set())
    assert moved == expected
