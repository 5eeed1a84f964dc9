"""`zhubao record`, `zhubao list` and `zhubao office` as a clerk and a script run them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from zhubao.core.width import display_width

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    """A register of tickets as a clerk keeps it: title, own order, aliases, a total row."""
    ledgers = tmp_path / "局" / "ledgers"
    ledgers.mkdir(parents=True)
    (ledgers / "zhubao.toml").write_text('bureau = "示范局"\n', encoding="utf-8")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "12345工单"
    for row in (
        ["2020年工单台账"],
        ["工单号", "姓名", "电话", "收单日期", "内容", "时限", "办结日期", "状态"],
        ["GD00001", "张三丰", "13812345678", "2020.6.1", "漏水", "2020.6.11", "2020-6-3", "已办结"],
        ["GD00002", "李四", None, "2020年6月20日", "咨询", "2020-06-25", None, "办理中"],
    ):
        sheet.append(row)
    book.save(ledgers / "services.xlsx")
    return ledgers.parent


def _rows(bureau: Path) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(bureau / "ledgers" / "services.xlsx")["12345工单"]
    return [tuple(row) for row in sheet.iter_rows(min_row=3, values_only=True)]


def test_a_row_is_typed_in_numbered_written_and_undone(zhubao: Zhubao, bureau: Path) -> None:
    row = ("收单日期=2020.7.1", "内容=电梯停用", "状态=待办", "姓名=王小五")
    answer = zhubao("-C", bureau, "record", "工单", *row, "--yes")
    assert answer.code == 0, answer.err
    assert "GD00003" in answer.out
    assert "王小五" not in answer.out
    assert max(map(display_width, answer.out.splitlines())) <= 80
    assert _rows(bureau)[2][:2] == ("GD00003", "王小五")
    assert zhubao("-C", bureau, "undo", "--yes").code == 0
    assert len(_rows(bureau)) == 2


def test_a_script_is_told_all_faults_and_what_is_missing(zhubao: Zhubao, bureau: Path) -> None:
    answer = zhubao("-C", bureau, "record", "工单", "收单日期=下周", "状态=待半", "--yes")
    assert answer.code == 2
    assert all(word in answer.err for word in ("收单日期", "待办", "缺少必填内容：诉求内容"))


def test_one_row_is_changed_by_its_key(zhubao: Zhubao, bureau: Path) -> None:
    words = ("--update", "GD00002", "状态=已办结", "办结日期=2020-06-24", "--json", "--yes")
    answer = zhubao("-C", bureau, "record", "工单", *words)
    assert answer.code == 0, answer.err
    assert (answer.json["code"], answer.json["facts"]["applied"]) == ("record", True)
    assert _rows(bureau)[1][-1] == "已办结"


def test_a_file_is_imported_once(zhubao: Zhubao, bureau: Path, tmp_path: Path) -> None:
    path = tmp_path / "新工单.csv"
    path.write_text(
        "工单编号,收单日期,诉求内容\nGD00002,2020-06-20,咨询\n,2020-7-2,停水\nGD00001,2020-6-2,漏水\n",
        encoding="gb18030",
    )
    words = ("-C", bureau, "record", "工单", "--from", path, "--set", "工单状态=办理中")
    first = zhubao(*words, "--yes")
    assert first.code == 1  # the third row contradicts the ledger
    assert "OF-109" in first.out
    assert [row[0] for row in _rows(bureau)] == ["GD00001", "GD00002", "GD00003"]
    again = zhubao(*words, "--json", "--dry-run")
    assert again.json["facts"]["added"] == again.json["facts"]["changed"] == 0


def test_closed_sheets_and_unknown_ones_lead_on(zhubao: Zhubao, bureau: Path) -> None:
    assert "zhubao rent charge" in zhubao("-C", bureau, "record", "应收", "a=b").err
    assert "培训" in zhubao("-C", bureau, "record", "培圳", "a=b").err


def test_rows_are_listed_masked_and_a_file_may_show_them(
    zhubao: Zhubao, bureau: Path, tmp_path: Path
) -> None:
    out = tmp_path / "工单.xlsx"
    words = ("--where", "日期<2020-06-10", "--columns", "工单号,姓名,电话")
    answer = zhubao("-C", bureau, "list", "工单", *words, "--out", out, "--unmasked")
    assert "张*丰" in answer.out
    assert "13812345678" not in answer.out
    shown = [cell.value for row in openpyxl.load_workbook(out).active.rows for cell in row]  # type: ignore[union-attr]
    assert {"张三丰", "13812345678"} <= set(shown)
    assert zhubao("-C", bureau, "list", "工单", "--unmasked").code == 2
    assert "12345工单" in zhubao("-C", bureau, "list", "--all").out


def test_the_office_reports_a_period_and_what_is_overdue(zhubao: Zhubao, bureau: Path) -> None:
    words = ("-C", bureau, "office")
    late = zhubao(*words, "overdue", "--as-of", "2020-06-30", "--json")
    row = late.json["tables"][0]["rows"][0]
    assert (row["values"]["number"], row["values"]["late"]) == ("GD00002", 5)
    assert row["sources"] == [{"file": "services.xlsx", "sheet": "12345工单", "ref": "F4"}]
    report = zhubao(*words, "report", "--period", "2020-06", "--as-of", "2020-06-30", "--json")
    assert report.json["facts"]["tickets.closed"] == 1
    assert report.json["facts"]["tickets.in_time"]["denominator"] == 1


def test_a_row_whose_workbook_is_not_there_is_refused_before_anything_is_asked(
    zhubao: Zhubao, bureau: Path
) -> None:
    answer = zhubao("-C", bureau, "record", "巡查", "巡查日期=2020-06-30", "--yes")
    assert answer.code == 3
    assert "没有“巡查”表要写进的台账 patrol.xlsx" in answer.err
    assert "缺少必填内容" not in answer.err


def test_a_year_is_written_without_thousands_separator(zhubao: Zhubao, bureau: Path) -> None:
    row = ("年度=2020", "指标编号=BT", "指标名称=租赁补贴发放", "计量单位=户", "年度目标=1800")
    made = zhubao("-C", bureau, "record", "目标任务", *row, "--yes")
    assert made.code == 0, made.err
    listed = zhubao("-C", bureau, "list", "目标任务")
    for out in (made.out, listed.out):
        assert "2020" in out
        assert "2,020" not in out
    assert "1,800" in listed.out
