"""Commands that write, as a clerk and a script run them: preview, question, apply, undo."""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.ledger.bureaus import make_bureau

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    return make_bureau(tmp_path / "局").root


@pytest.fixture
def own_sample(sample: Path, tmp_path: Path) -> Path:
    """The sample bureau's rent ledgers, to write to."""
    ledgers = tmp_path / "示范局" / "ledgers"
    ledgers.mkdir(parents=True)
    for name in ("arrears.xlsx", "tenants.xlsx", "units.xlsx", "zhubao.toml"):
        shutil.copy(sample / "ledgers" / name, ledgers)
    return ledgers.parent


def test_the_computed_sheet_is_refreshed_and_says_what_the_report_says(
    zhubao: Zhubao, own_sample: Path
) -> None:
    answer = zhubao("-C", own_sample, "rent", "arrears", "--write", "--yes")
    assert answer.code == 0, answer.err
    assert "改动编号 C0001" in answer.out
    assert "zhubao undo C0001" in answer.out
    report = zhubao("-C", own_sample, "rent", "arrears", "--json").json
    sheet = openpyxl.load_workbook(own_sample / "ledgers" / "arrears.xlsx", read_only=True)[
        "欠租明细"
    ]
    rows = [row for row in sheet.iter_rows(values_only=True) if str(row[0]).startswith("JT")]
    assert len(rows) == report["facts"]["households_in_debt"] == 306
    assert round(sum(float(str(row[6])) for row in rows), 2) == 120_723.47
    again = zhubao("-C", own_sample, "rent", "arrears", "--write", "--yes")
    assert "没有需要改动的单元格" in again.out
    assert zhubao("-C", own_sample, "check").code == 0


def test_the_written_sheet_always_covers_the_whole_bureau(zhubao: Zhubao, sample: Path) -> None:
    answer = zhubao("-C", sample, "rent", "arrears", "--write", "--estate", "粟塘小区")
    assert answer.code == 2
    assert "全局" in answer.err


def test_a_preview_writes_nothing(zhubao: Zhubao, bureau: Path) -> None:
    before = (bureau / "ledgers" / "arrears.xlsx").read_bytes()
    answer = zhubao("-C", bureau, "check", "--fix", "--dry-run")
    assert answer.code == 0
    assert "只是预览，没有写入" in answer.out
    assert "2020.1.2" in answer.out
    assert (bureau / "ledgers" / "arrears.xlsx").read_bytes() == before
    assert not (bureau / ".zhubao").exists()


def test_without_a_terminal_a_script_must_say_yes(zhubao: Zhubao, bureau: Path) -> None:
    answer = zhubao("-C", bureau, "check", "--fix")
    assert answer.code == 2
    assert "--yes" in answer.err


class Terminal(io.StringIO):
    """Somebody at the keyboard."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "written"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_the_one_question_is_answered_with_y(
    zhubao: Zhubao, bureau: Path, monkeypatch: pytest.MonkeyPatch, typed: str, written: bool
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    answer = zhubao("-C", bureau, "check", "--fix")
    assert "(y/N)" in answer.err
    assert ("改动编号" in answer.out) is written
    assert (bureau / ".zhubao" / "journal.jsonl").exists() is written


def test_fixing_is_journaled_undone_and_proved(zhubao: Zhubao, bureau: Path) -> None:
    before = {path: path.read_bytes() for path in (bureau / "ledgers").glob("*.xlsx")}
    assert zhubao("-C", bureau, "check", "--fix", "--yes").code == 0
    assert "没有需要改动" in zhubao("-C", bureau, "check", "--fix", "--yes").out
    history = zhubao("-C", bureau, "history")
    assert "C0001" in history.out
    assert "check --fix" in history.out
    cell = zhubao("-C", bureau, "history", "arrears.xlsx!实收!C5")
    assert "2020.1.2" in cell.out
    undone = zhubao("-C", bureau, "undo", "--yes")
    assert undone.code == 0
    assert "已撤销 C0001" in undone.out
    assert {path: path.read_bytes() for path in before} == before
    assert zhubao("-C", bureau, "verify-journal").code == 0


def test_a_script_gets_one_json_document_with_the_change(zhubao: Zhubao, bureau: Path) -> None:
    answer = zhubao("-C", bureau, "check", "--fix", "--yes", "--json")
    facts = answer.json["facts"]
    assert (facts["applied"], facts["change"]) == (True, "C0001")
    assert facts["cells"] > 0
    assert "李　" not in answer.out  # people are masked


def test_an_open_ledger_is_named_with_who_has_it_open(zhubao: Zhubao, bureau: Path) -> None:
    lock = bureau / "ledgers" / ".~lock.tenants.xlsx#"
    lock.write_text(",李四,台式机,30.06.2020 17:00,file:///x;", "utf-8")
    answer = zhubao("-C", bureau, "check", "--fix", "--yes")
    assert answer.code == 3
    assert "ENV-301" in answer.err
    assert "李四" in answer.err
    assert not (bureau / ".zhubao" / "journal.jsonl").exists()


def test_a_tampered_journal_is_an_error(zhubao: Zhubao, bureau: Path) -> None:
    zhubao("-C", bureau, "check", "--fix", "--yes")
    path = bureau / ".zhubao" / "journal.jsonl"
    line = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**line, "user": "别人"}, ensure_ascii=False) + "\n", "utf-8")
    answer = zhubao("-C", bureau, "verify-journal")
    assert answer.code == 1
    assert "第 1 行" in answer.out


def test_what_cannot_be_undone_is_listed_and_the_exit_code_says_so(
    zhubao: Zhubao, bureau: Path
) -> None:
    zhubao("-C", bureau, "check", "--fix", "--yes")
    path = bureau / "ledgers" / "arrears.xlsx"
    book = openpyxl.load_workbook(path)
    book["实收"]["D5"] = 7
    book.save(path)
    answer = zhubao("-C", bureau, "undo", "--yes", columns=140)
    assert answer.code == 1
    assert "不撤销　arrears.xlsx!实收!D5" in answer.out
    assert openpyxl.load_workbook(path)["实收"]["C5"].value == "2020.1.2"


@pytest.mark.libreoffice
def test_a_format_that_cannot_be_written_leads_to_convert(
    zhubao: Zhubao, bureau: Path, soffice: Callable[[Path, str], Path]
) -> None:
    path = soffice(bureau / "ledgers" / "arrears.xlsx", "ods")
    answer = zhubao("check", "--fix", "--yes", path)
    assert answer.code == 3
    assert "zhubao convert arrears.ods" in answer.err


def test_what_an_interrupted_run_left_is_finished_by_any_command(
    zhubao: Zhubao, bureau: Path
) -> None:
    zhubao("-C", bureau, "check", "--fix", "--yes")
    (bureau / ".zhubao" / "pending.json").write_text("{", "utf-8")
    answer = zhubao("-C", bureau, "history")
    assert "注意" in answer.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("rent", "notices", "--kind", "不对"), "可以写：催缴通知书"),
        (("rent", "plan", "make", "H1", "--parts", "0"), "应不小于 1"),
        (("rent", "plan", "make", "H1", "--parts", "abc"), "应是整数"),
    ],
)
def test_wrong_values_of_options_are_explained_in_chinese(
    zhubao: Zhubao, words: tuple[str, ...], told: str
) -> None:
    answer = zhubao(*words)
    assert answer.code == 2
    assert told in answer.err


def test_no_whole_identity_number_is_told_of_a_member_that_is_edited(
    zhubao: Zhubao, own_sample: Path
) -> None:
    update = ("record", "家庭成员", "--update", "JT000001,430199196405025332", "备注=测试")
    told = [
        zhubao("-C", own_sample, *update, "--dry-run", columns=140),
        zhubao("-C", own_sample, *update, "--dry-run", "--json"),
        zhubao("-C", own_sample, *update, "--yes"),
        zhubao("-C", own_sample, "undo", "--dry-run", columns=140),
        zhubao("-C", own_sample, "undo", "--yes", "--json"),
    ]
    assert [answer.code for answer in told] == [0] * 5
    journal = (own_sample / ".zhubao" / "journal.jsonl").read_text("utf-8")
    for text in (*(answer.out + answer.err for answer in told), journal):
        assert "430199********5332" in text
        assert not re.search(r"(?<![0-9a-f])[0-9]{17}[0-9X](?![0-9a-f])", text)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("nonexist.xlsx", "没有叫“nonexist.xlsx”的台账"),
        ("arears.xlsx", "是不是 arrears.xlsx？"),
        ("arrears.xlsx!应受!F1", "是不是 应收？"),
        ("没这表!F1", "台账里没有“没这表”表"),
    ],
)
def test_the_history_of_what_the_bureau_does_not_have_is_refused(
    zhubao: Zhubao, bureau: Path, asked: str, said: str
) -> None:
    answer = zhubao("-C", bureau, "history", asked)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


@pytest.mark.parametrize("asked", ["arrears", "ARREARS.XLSX", "units.xlsx", "应收!F2"])
def test_a_ledger_that_was_never_changed_has_an_empty_history(
    zhubao: Zhubao, bureau: Path, asked: str
) -> None:
    answer = zhubao("-C", bureau, "history", asked)
    assert answer.code == 0
    assert "没有由 zhubao 写入的改动记录" in answer.out
