"""Lists from banks as files: encodings, delimiters, quotes, workbooks, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from zhubao.core.errors import WorkbookDamaged, WorkbookEmpty, WorkbookMissing, WorkbookUnsupported
from zhubao.ledger.statement_file import decode, read_statement_file, split_text

ROWS = [["日期", "金额", "摘要"], ["2020-06-01", "480.50", "粟塘小区3栋租金"]]


def text_of(delimiter: str) -> str:
    return "\r\n".join(delimiter.join(row) for row in ROWS) + "\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_text_is_read_in_every_encoding_and_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = tmp_path / "流水.csv"
    path.write_bytes(text_of(delimiter).encode(encoding))
    (sheet,) = read_statement_file(path).sheets
    assert (sheet.file, sheet.name, sheet.rows) == ("流水.csv", "", ROWS)


def test_thousands_commas_do_not_make_a_tab_file_a_comma_file() -> None:
    text = "日期\t金额\t户名\n2020-06-01\t1,480.50\t张三\n2020-06-02\t2,480.50\t李四\n"
    assert [len(row) for row in split_text(text, "x.txt")] == [3, 3, 3]


def test_what_banks_put_around_numbers_is_taken_off() -> None:
    text = '日期,流水号,金额\n20200601\t,="00012345678901234567"\t,"1,480.50"\t\n'
    assert split_text(text, "x.csv")[1] == ["20200601", "00012345678901234567", "1,480.50"]


def test_titles_and_blank_lines_keep_their_row_numbers() -> None:
    text = "某局交易明细\n\n日期,金额\n2020-06-01,1\n"
    assert [len(row) for row in split_text(text, "x.csv")] == [1, 0, 2, 2]


def test_a_line_break_in_a_quoted_memo_is_part_of_it() -> None:
    text = '日期,金额,摘要\n2020-06-01,1,"房租\n六月"\n2020-06-02,2,x\n'
    assert split_text(text, "x.csv")[1][2] == "房租\n六月"


def test_a_quote_without_end_is_refused_before_it_swallows_money() -> None:
    text = '日期,金额,摘要\n2020-06-01,1,"房租\n2020-06-02,2,x\n2020-06-03,3,y"\n'
    with pytest.raises(WorkbookDamaged, match="第 2 行"):
        split_text(text, "x.csv")


def test_bytes_of_no_encoding_are_refused_with_their_line() -> None:
    with pytest.raises(WorkbookDamaged, match="第 2 行"):
        decode("日期,金额\n".encode() + b"\xff\xff\x80\n", "x.csv")


def test_a_workbook_is_one_whatever_it_is_called_and_hidden_sheets_are_told(tmp_path: Path) -> None:
    path = tmp_path / "流水.csv"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("6月").write_row(0, 0, ROWS[0])
    hidden = book.add_worksheet("5月")
    hidden.write_row(0, 0, ROWS[0])
    hidden.hide()
    book.close()
    read = read_statement_file(path)
    assert [sheet.name for sheet in read.sheets] == ["6月"]
    assert [(one.code, str(one.where)) for one in read.findings] == [("RE-220", "流水.csv!5月")]


def test_text_called_xls_is_text_and_a_web_page_is_nothing(tmp_path: Path) -> None:
    text, page = tmp_path / "a.xls", tmp_path / "b.xls"
    text.write_bytes(text_of("\t").encode("gb18030"))
    page.write_text("<html><table></table></html>", "utf-8")
    assert read_statement_file(text).sheets[0].rows == ROWS
    with pytest.raises(WorkbookUnsupported):
        read_statement_file(page)


def test_missing_and_empty_are_two_messages(tmp_path: Path) -> None:
    (tmp_path / "空.csv").touch()
    with pytest.raises(WorkbookEmpty):
        read_statement_file(tmp_path / "空.csv")
    with pytest.raises(WorkbookMissing):
        read_statement_file(tmp_path / "没有.csv")
