"""`zhubao rent notices`, `plan` and `visits` as a clerk runs them, on a small bureau."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter
from docx import Document

from zhubao.core.width import display_width
from zhubao.ledger.arrears import (
    Charge,
    CollectionVisit,
    Instalment,
    InstalmentPlan,
    Receipt,
    RentLetter,
)
from zhubao.ledger.model import LedgerRow, column_info
from zhubao.ledger.tenants import Household, Lease
from zhubao.ledger.units import Unit

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao

LETTERS = ("rent", "notices")
DEBTS = {"JT01": 2, "JT02": 4, "JT03": 6, "JT04": 2, "JT05": 2, "JT06": 0}  # months unpaid
RENT = 69.55
Sheets = Mapping[type[LedgerRow], Sequence[Mapping[str, Any]]]


def write_book(path: Path, sheets: Sheets) -> None:
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    for model, rows in sheets.items():
        page = book.add_worksheet(model.SHEET.name)
        for column, (name, info) in enumerate(model.model_fields.items()):
            page.write_string(0, column, column_info(info).header)
            for line, row in enumerate(rows, 1):
                if name in row:
                    page.write(line, column, row[name])
    book.close()


def household(number: str) -> dict[str, Any]:
    return {
        "household_no": number, "applicant": f"欧阳{number[-2:]}", "size": 2, "tier": "低收入",
        "identity_no": f"11010119900307{number[-2:]}0X", "status": "在保", "phone": "13800000000",
        **({"hardship": "重病"} if number == "JT04" else {}),
    }  # fmt: skip


def unit(number: str) -> dict[str, Any]:
    return {
        "unit_no": f"U{number}", "estate": "甲小区", "building": "2栋", "entrance": "1单元",
        "floor": 3, "room": f"03{number[-2:]}", "ownership": "市级", "billed_area_m2": 50,
        "location_grade": "二级", "has_lift": "是", "status": "在租",
    }  # fmt: skip


def lease(number: str) -> dict[str, Any]:
    return {
        "lease_no": f"L{number}", "household_no": number, "unit_no": f"U{number}",
        "starts_on": dt.date(2018, 1, 1), "ends_on": dt.date(2022, 12, 31), "monthly_rent": RENT,
        "status": "履行中",
    }  # fmt: skip


def charges(number: str) -> list[dict[str, Any]]:
    return [
        {
            "charge_no": f"Y{number}{n}",
            "household_no": number,
            "month": f"2020-0{n}",
            "amount": RENT,
        }
        for n in range(1, 7)
    ]


def receipt(number: str, unpaid: int) -> dict[str, Any]:
    paid = round(RENT * (6 - unpaid), 2)
    day = dt.date(2020, 4, 2)
    return {"receipt_no": f"R{number}", "household_no": number, "received_on": day, "amount": paid}


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """JT01 demand, JT02 agreement, JT03 vacate, JT04 ill, JT05 behind with a plan, JT06 nothing."""
    root = tmp_path_factory.mktemp("局") / "示范局"
    ledgers = root / "ledgers"
    ledgers.mkdir(parents=True)
    text = 'bureau = "星河区住房保障局"\nas_of = 2020-06-30\n'
    (ledgers / "zhubao.toml").write_text(text, encoding="utf-8")
    plan = {
        "plan_no": "FQ00041", "household_no": "JT05", "signed_on": dt.date(2020, 5, 1),
        "rhythm": "分月", "total": 139.1, "parts": 1, "status": "履行中",
    }  # fmt: skip
    due = dt.date(2020, 5, 15)
    arrears: Sheets = {
        Charge: [row for number in DEBTS for row in charges(number)],
        Receipt: [receipt(number, unpaid) for number, unpaid in DEBTS.items() if unpaid < 6],
        InstalmentPlan: [plan],
        Instalment: [{"plan_no": "FQ00041", "part": 1, "due_on": due, "amount": 139.1}],
        CollectionVisit: [],
        RentLetter: [],
    }
    write_book(ledgers / "arrears.xlsx", arrears)
    tenants: Sheets = {Household: [*map(household, DEBTS)], Lease: [*map(lease, DEBTS)]}
    write_book(ledgers / "tenants.xlsx", tenants)
    write_book(ledgers / "units.xlsx", {Unit: [*map(unit, DEBTS)]})
    return root


@pytest.fixture
def bureau(pristine: Path, tmp_path: Path) -> Path:
    """A copy of one's own, to write to."""
    return Path(shutil.copytree(pristine, tmp_path / "示范局"))


def words(path: Path) -> str:
    word: Any = Document(str(path))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in word.paragraphs] + cells)


def sheet(bureau: Path, name: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(bureau / "ledgers" / "arrears.xlsx", read_only=True)
    rows = list(book[name].iter_rows(values_only=True))
    book.close()
    return rows


@pytest.mark.parametrize("columns", [80, 140])
def test_the_list_fits_the_terminal_and_shows_no_name(
    zhubao: Zhubao, pristine: Path, columns: int
) -> None:
    answer = zhubao("-C", pristine, *LETTERS, columns=columns)
    assert answer.code == 0
    assert max(map(display_width, answer.out.splitlines())) <= columns
    assert "不自动出文书" in answer.out
    assert "欧阳" not in answer.out
    assert not (pristine / "reports").exists()


def test_letters_are_written_entered_and_not_written_twice(zhubao: Zhubao, bureau: Path) -> None:
    """JT01 owes 69.55 for May and for June 2020: 139.10."""
    asked = ("-C", bureau, *LETTERS, "--estate", "甲小区", "--write")
    preview = zhubao(*asked, "--dry-run")
    assert "只是预览" in preview.out
    assert not (bureau / "reports").exists()
    answer = zhubao(*asked, "--yes", "--json")
    assert answer.code == 0, answer.err
    facts = answer.json["facts"]
    assert (facts["applied"], facts["letters"]) == (True, 3)
    folder = bureau / "reports" / "文书_2020-06-30"
    assert len(list(folder.iterdir())) == 3
    text = words(folder / "CJ2020-0001_催缴通知书_JT01.docx")
    for part in (
        "编号：CJ2020-0001", "欧阳01：", "甲小区2栋1单元0301室", "累计2个月", "139.10元",
        "壹佰叁拾玖元壹角", "第二十一条", "2020年7月15日前", "第二十九条", "2020年5月", "69.55",
        "星河区住房保障局", "2020年6月30日", "送达回证",
    ):  # fmt: skip
        assert part in text
    rows = [row for row in sheet(bureau, "催缴文书") if str(row[0]).startswith("CJ")]
    assert rows[0][1:3] == ("JT01", "催缴通知书")
    assert rows[0][7] == "reports/文书_2020-06-30/CJ2020-0001_催缴通知书_JT01.docx"
    again = zhubao(*asked, "--yes", "--json")
    assert again.json["facts"]["letters"] == 0
    assert zhubao("-C", bureau, "undo", "--yes").code == 0


def test_merged_drafts_are_one_file_per_kind_without_numbers(
    zhubao: Zhubao, pristine: Path, tmp_path: Path
) -> None:
    answer = zhubao("-C", pristine, *LETTERS, "--merged", tmp_path / "全部.docx")
    assert "没有编号，没有登记" in answer.out
    names = sorted(path.name for path in tmp_path.glob("*.docx"))
    assert names == ["全部_催缴通知书.docx", "全部_分期协议.docx", "全部_腾退告知书.docx"]
    assert words(tmp_path / "全部_腾退告知书.docx").count("公共租赁住房腾退告知书") == 1


def test_a_bureau_s_own_template_is_used_and_a_broken_one_is_named(
    zhubao: Zhubao, bureau: Path
) -> None:
    (bureau / "templates").mkdir()
    word = Document()
    word.add_paragraph("本局催缴：{{ 承租人 }} {{ 欠租金额 }}")
    word.save(str(bureau / "templates" / "催缴通知书.docx"))
    asked = ("-C", bureau, *LETTERS, "--household", "JT01", "--out", bureau / "稿")
    assert zhubao(*asked).code == 0
    assert words(next((bureau / "稿").iterdir())) == "本局催缴：欧阳01 139.10"
    word.add_paragraph("{{ 欠租金 }}")
    word.save(str(bureau / "templates" / "催缴通知书.docx"))
    answer = zhubao(*asked)
    assert answer.code == 3
    assert "模板 催缴通知书.docx 不能用：不认识占位符 {{ 欠租金 }}" in answer.err
    assert "Traceback" not in answer.err


def test_no_letters_while_the_ledger_is_open(zhubao: Zhubao, bureau: Path) -> None:
    (bureau / "ledgers" / ".~lock.arrears.xlsx#").write_text(",李四,台式机,x;", "utf-8")
    answer = zhubao("-C", bureau, *LETTERS, "--household", "jt1", "--write", "--yes")
    assert answer.code == 3
    assert not (bureau / "reports").exists()


def test_letters_made_without_being_entered_are_named(zhubao: Zhubao, bureau: Path) -> None:
    path = bureau / "ledgers" / "arrears.xlsx"
    book = openpyxl.load_workbook(path)
    book["催缴文书"].protection.sheet = True
    book.save(path)
    answer = zhubao("-C", bureau, *LETTERS, "--household", "JT01", "--write", "--yes")
    assert answer.code == 3
    assert "CJ2020-0001_催缴通知书_JT01.docx" in answer.err
    assert "没有登记" in answer.err


def test_no_letters_while_the_receipts_cannot_be_read(zhubao: Zhubao, bureau: Path) -> None:
    path = bureau / "ledgers" / "arrears.xlsx"
    book = openpyxl.load_workbook(path)
    del book["实收"]
    book.save(path)
    answer = zhubao("-C", bureau, *LETTERS, "--write", "--yes")
    assert answer.code == 2
    assert "没有出文书" in answer.err


@pytest.mark.parametrize(
    "wrong", [("--merged", "信.doc"), ("--out", "信.docx"), ("--merged", "信.docx", "--out", "夹")]
)
def test_a_wrong_place_is_refused_before_anything_is_read(
    zhubao: Zhubao, wrong: tuple[str, ...]
) -> None:
    assert zhubao(*LETTERS, *wrong).code in (2, 3)


def test_a_plan_is_made_once_and_shows_in_list_and_agreement(zhubao: Zhubao, bureau: Path) -> None:
    """JT02 owes 4 × 69.55 = 278.20: 92.74, 92.73, 92.73."""
    asked = ("-C", bureau, "rent", "plan", "make", "JT02", "--parts", "3", "--yes")
    answer = zhubao(*asked, "--first", "2020-07-31", "--reason", "重病")
    assert answer.code == 0, answer.err
    assert "FQ00042" in answer.out
    parts = [row for row in sheet(bureau, "分期计划") if row[0] == "FQ00042"]
    assert [round(float(str(row[3])), 2) for row in parts] == [92.74, 92.73, 92.73]
    assert [str(row[2])[:10] for row in parts] == ["2020-07-31", "2020-08-31", "2020-09-30"]
    second = zhubao(*asked)
    assert second.code == 2
    assert "已有履行中的分期协议 FQ00042" in second.err
    listed = zhubao("-C", bureau, "rent", "plan", "list", "--state", "履行中", "--json").json
    assert listed["tables"][0]["rows"][0]["values"]["plan_no"] == "FQ00042"
    zhubao(
        "-C", bureau, *LETTERS, "--kind", "分期协议", "--household", "JT02",
        "--out", bureau / "稿",
    )  # fmt: skip
    text = words(next((bureau / "稿").iterdir()))
    assert "共3期" in text
    assert "2020年9月30日" in text


def test_broken_plans_are_those_the_arrears_report_calls_behind(
    zhubao: Zhubao, pristine: Path
) -> None:
    checked = zhubao("-C", pristine, "rent", "plan", "check", "--json").json
    plans = [row["values"] for row in checked["tables"][0]["rows"]]
    arrears = zhubao("-C", pristine, "rent", "arrears", "--json").json
    detail = next(table for table in arrears["tables"] if table["key"] == "detail")
    behind = [row["values"] for row in detail["rows"] if row["values"]["plan"] == "逾期"]
    assert [plan["household_no"] for plan in plans if plan["state"] == "逾期"] == ["JT05"]
    assert [row["household_no"] for row in behind] == ["JT05"]


def test_the_visit_list_goes_out_and_comes_back_once(
    zhubao: Zhubao, bureau: Path, tmp_path: Path
) -> None:
    path = tmp_path / "走访.xlsx"
    answer = zhubao("-C", bureau, "rent", "visits", "--month", "2020-07", "--out", path)
    assert answer.code == 0
    assert max(map(display_width, answer.out.splitlines()[:-1])) <= 80
    book = openpyxl.load_workbook(path)
    page = book.worksheets[1]
    heads = {str(cell.value).strip(): place for place, cell in enumerate(page[3], 1)}
    for name, value in (("走访日期", dt.date(2020, 7, 8)), ("是否见到", "是"), ("承诺缴款", 50)):
        page.cell(4, heads[name], value)
    page.cell(5, heads["走访结果"], "未见到人")
    book.save(path)
    asked = ("-C", bureau, "rent", "visits", "--enter", path, "--visitor", "张三", "--yes")
    first = zhubao(*asked)
    assert first.code == 1  # the second row has no date
    assert "RE-271" in first.out
    number = page.cell(4, heads["家庭编号"]).value
    rows = [row for row in sheet(bureau, "收租走访") if str(row[0]).startswith("ZF2020")]
    assert [row[:2] for row in rows] == [(f"ZF20200708-{number}", number)]
    assert "没有需要改动" in zhubao(*asked).out
    again = zhubao(*asked, "--json").json
    assert "RE-271" in {finding["code"] for finding in again["findings"]}
    assert (again["facts"]["known"], again["facts"]["applied"]) == (1, False)


@pytest.mark.parametrize("words", [("visits",), ("plan", "list")])
def test_a_wrong_file_name_is_refused_before_anything_is_shown(
    zhubao: Zhubao, bureau: Path, words: tuple[str, ...]
) -> None:
    answer = zhubao("-C", bureau, "rent", *words, "--out", "清单.pdf")
    assert (answer.code, answer.out) == (3, "")
    assert "不是 .xlsx" in answer.err


def test_a_workbook_that_is_no_visit_list_is_refused(zhubao: Zhubao, bureau: Path) -> None:
    path = bureau / "ledgers" / "units.xlsx"
    answer = zhubao("-C", bureau, "rent", "visits", "--enter", path)
    assert answer.code == 2
    assert "没有走访清单" in answer.err
