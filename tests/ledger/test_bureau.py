"""Finding a bureau folder and loading its sheets from real files."""

from __future__ import annotations

import datetime as dt
import hashlib
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from zhubao.core.errors import BureauError, WorkbookDamaged, WorkbookEmpty, WorkbookMissing
from zhubao.ledger.arrears import Charge, CollectionVisit, Receipt
from zhubao.ledger.bureau import BUREAU_VARIABLE as VARIABLE
from zhubao.ledger.bureau import find_bureau, load_files, open_bureau
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household
from zhubao.ledger.units import Unit

Rows = list[list[Any]]
Sheets = Mapping[str, Rows]

CHARGES: Rows = [
    ["应收编号", "家庭编号", "账单期", "应收金额"],
    ["C1", "H1", "2020-05", 156],
    ["C2", "H1", "2020-06", 156],
]
RECEIPTS: Rows = [
    ["收据号", "家庭编号", "收款日期", "实收金额"],
    ["R1", "H1", dt.date(2020, 6, 12), 156],
]
HOUSEHOLDS: Rows = [
    ["家庭编号", "申请人", "身份证号", "家庭人口", "保障类型", "保障状态"],
    ["H1", "某人", "11010519491231002X", 1, "低保", "在保"],
]


def workbook(path: Path, sheets: Sheets) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def bureau_folder(tmp_path: Path, files: Mapping[str, Sheets], config: str = "") -> Path:
    (tmp_path / "ledgers").mkdir()
    (tmp_path / "ledgers" / "zhubao.toml").write_text(config, encoding="utf-8")
    for name, sheets in files.items():
        workbook(tmp_path / "ledgers" / name, sheets)
    return tmp_path


def codes(loaded: Loaded) -> list[tuple[str, str]]:
    return [(str(finding.where), finding.code) for finding in loaded.findings]


def test_the_sheets_asked_for_are_loaded_with_their_sources(tmp_path: Path) -> None:
    files: dict[str, Sheets] = {
        "arrears.xlsx": {"应收": CHARGES, "实收": RECEIPTS},
        "tenants.xlsx": {"保障家庭": HOUSEHOLDS},
    }
    root = bureau_folder(tmp_path, files, 'bureau = "某局"')
    bureau = open_bureau(root)
    loaded = bureau.load(Charge, Receipt, Household)
    assert bureau.name == "某局"
    assert codes(loaded) == []
    assert loaded[Charge].column("amount") == [15600, 15600]
    assert loaded[Receipt].column("received_on") == [dt.date(2020, 6, 12)]
    assert str(loaded[Charge].cell(1, "amount")) == "arrears.xlsx!应收!D3"
    data = (root / "ledgers" / "arrears.xlsx").read_bytes()
    source = loaded.sources[0]
    assert (source.name, source.size) == ("arrears.xlsx", len(data))
    assert source.sha256 == hashlib.sha256(data).hexdigest()


def test_sheets_not_asked_for_are_not_read(tmp_path: Path) -> None:
    broken: Sheets = {"应收": CHARGES, "实收": [["坏表"]]}
    bureau = open_bureau(bureau_folder(tmp_path, {"arrears.xlsx": broken}))
    loaded = bureau.load(Charge)
    assert codes(loaded) == []
    with pytest.raises(KeyError):
        loaded[Receipt]
    assert len(loaded.get(Receipt)) == 0


def test_one_table_comes_from_several_sheets_in_order(tmp_path: Path) -> None:
    older: Rows = [CHARGES[0], ["C0", "H1", "2019-12", 150]]
    sheets: Sheets = {"应收": CHARGES, "应收（2019）": older, "应收2": older[:1]}
    loaded = open_bureau(bureau_folder(tmp_path, {"arrears.xlsx": sheets})).load(Charge)
    assert loaded[Charge].column("charge_no") == ["C1", "C2", "C0"]
    assert str(loaded[Charge].row_cell(2)) == "arrears.xlsx!应收（2019）!A2"
    assert codes(loaded) == [("arrears.xlsx!应收2", "LG-105")]


def test_a_missing_workbook_or_sheet_is_an_empty_table_and_a_notice(tmp_path: Path) -> None:
    bureau = open_bureau(bureau_folder(tmp_path, {"arrears.xlsx": {"应收": CHARGES}}))
    loaded = bureau.load(Charge, CollectionVisit, Household)
    assert codes(loaded) == [("arrears.xlsx", "LG-116"), ("tenants.xlsx", "LG-115")]
    assert len(loaded[CollectionVisit]) == len(loaded[Household]) == 0
    assert all(finding.severity == "notice" for finding in loaded.findings)


def test_a_sheet_with_a_strange_name_is_known_by_its_header(tmp_path: Path) -> None:
    sheets: Sheets = {
        "Sheet1": [["某局应收台账"], *CHARGES],
        "封面": [["制表人：某人"]],
        "Sheet3": [],
    }
    loaded = open_bureau(bureau_folder(tmp_path, {"arrears.xlsx": sheets})).load(Charge)
    assert len(loaded[Charge]) == 2
    assert ("arrears.xlsx!封面", "LG-111") in codes(loaded)
    assert not any("Sheet3" in place for place, _ in codes(loaded))


def test_a_named_sheet_without_its_header_is_an_error(tmp_path: Path) -> None:
    sheets: Sheets = {"应收": [["C1", "H1", "2020-05", 156]]}
    loaded = open_bureau(bureau_folder(tmp_path, {"arrears.xlsx": sheets})).load(Charge)
    assert codes(loaded) == [("arrears.xlsx!应收", "LG-113")]
    assert loaded.findings[0].severity == "error"


def test_files_and_headers_may_have_names_of_the_bureau(tmp_path: Path) -> None:
    config = """
[files]
arrears = "欠租台账.xlsx"
tenants = "欠租台账.xlsx"
[aliases."应收"]
"表名" = ["月租金"]
"应收金额" = ["本月该交"]
"""
    rows: Rows = [["应收编号", "家庭编号", "账单期", "本月该交"], *CHARGES[1:]]
    sheets: Sheets = {"月租金": rows, "保障家庭": HOUSEHOLDS}
    bureau = open_bureau(bureau_folder(tmp_path, {"欠租台账.xlsx": sheets}, config))
    loaded = bureau.load(Charge, Household)
    assert codes(loaded) == []
    assert (len(loaded[Charge]), len(loaded[Household])) == (2, 1)
    assert len(loaded.sources) == 1


def test_another_extension_is_found_and_a_second_file_is_named(tmp_path: Path) -> None:
    files: dict[str, Sheets] = {"arrears.xlsm": {"应收": CHARGES}}
    root = bureau_folder(tmp_path, files)
    assert len(open_bureau(root).load(Charge)[Charge]) == 2
    workbook(root / "ledgers" / "arrears.xlsx", {"应收": CHARGES[:2]})
    loaded = open_bureau(root).load(Charge)
    assert len(loaded[Charge]) == 1
    assert codes(loaded) == [("arrears.xlsx", "LG-117")]


def test_an_unreadable_workbook_raises_or_is_listed(tmp_path: Path) -> None:
    root = bureau_folder(tmp_path, {})
    (root / "ledgers" / "arrears.xlsx").write_bytes(b"")
    (root / "ledgers" / "tenants.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    workbook(root / "ledgers" / "units.xlsx", {"房源": [["房源编号"]]})
    with pytest.raises(WorkbookEmpty):
        open_bureau(root).load(Charge, Household, Unit)
    loaded = open_bureau(root).load(Charge, Household, Unit, keep_going=True)
    assert [type(error) for error in loaded.unreadable] == [WorkbookEmpty, WorkbookDamaged]
    assert len(loaded.sources) == 1


def test_findings_come_in_the_same_order_every_time(tmp_path: Path) -> None:
    bad: Rows = [CHARGES[0], ["C1", "", "2020-05", 156], ["", "H1", "", "x"]]
    files: dict[str, Sheets] = {
        "tenants.xlsx": {"保障家庭": [*HOUSEHOLDS, ["H2"]]},
        "arrears.xlsx": {"应收": bad},
    }
    root = bureau_folder(tmp_path, files)
    runs = [codes(open_bureau(root).load(Household, Charge)) for _ in range(3)]
    assert runs[0] == runs[1] == runs[2]
    assert runs[0][0] == ("arrears.xlsx!应收!B2", "LG-101")
    assert runs[0][-1][0].startswith("tenants.xlsx!保障家庭!")


def test_files_of_any_name_are_checked_for_what_they_hold(tmp_path: Path) -> None:
    first = workbook(tmp_path / "六月.xlsx", {"应收": CHARGES, "Sheet2": HOUSEHOLDS})
    second = workbook(tmp_path / "更多.xlsx", {"应收": [CHARGES[0], ["C3", "H1", "2020-04", 1]]})
    loaded = load_files([first, second])
    assert set(loaded.tables) == {Charge, Household}
    assert loaded[Charge].column("charge_no") == ["C1", "C2", "C3"]
    assert codes(loaded) == []


def test_a_file_without_any_ledger_is_an_error(tmp_path: Path) -> None:
    path = workbook(tmp_path / "菜单.xlsx", {"Sheet1": [["早餐", "午餐"], ["粥", "面"]]})
    loaded = load_files([path])
    assert codes(loaded) == [("菜单.xlsx", "LG-114"), ("菜单.xlsx!Sheet1", "LG-111")]
    assert loaded.findings[0].severity == "error"


def test_all_unreadable_files_are_listed(tmp_path: Path) -> None:
    good = workbook(tmp_path / "a.xlsx", {"应收": CHARGES})
    (tmp_path / "b.xlsx").write_bytes(b"")
    loaded = load_files([tmp_path / "b.xlsx", good, tmp_path / "没有.xlsx"], LedgerConfig())
    assert [type(error) for error in loaded.unreadable] == [WorkbookEmpty, WorkbookMissing]
    assert len(loaded[Charge]) == 2


def test_the_folder_named_comes_before_the_variable_and_the_place(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / name / "ledgers").mkdir(parents=True)
        (tmp_path / name / "ledgers" / "zhubao.toml").touch()
    env = {VARIABLE: str(tmp_path / "two")}
    inside = tmp_path / "three" / "reports"
    inside.mkdir()
    assert find_bureau(tmp_path / "one", env, inside).name == "one"
    assert find_bureau(None, env, inside).name == "two"
    assert find_bureau(None, {}, inside).name == "three"
    assert find_bureau(tmp_path / "one" / "ledgers", {}).name == "one"


def test_a_folder_that_is_no_bureau_is_refused_with_advice(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere")
    for folder, env in ((tmp_path / "nowhere", {}), (tmp_path, {}), (None, {VARIABLE: nowhere})):
        with pytest.raises(BureauError) as caught:
            find_bureau(folder, env, tmp_path)
        assert caught.value.advice
    with pytest.raises(BureauError, match="ledgers"):
        find_bureau(None, {}, tmp_path)


def test_loading_everything_judges_the_names_in_the_configuration(tmp_path: Path) -> None:
    root = bureau_folder(tmp_path, {"arrears.xlsx": {"应收": CHARGES}}, '[files]\nareas = "x.xlsx"')
    assert "LG-122" not in [code for _, code in codes(open_bureau(root).load(Charge))]
    loaded = open_bureau(root).load_all()
    assert "LG-122" in [code for _, code in codes(loaded)]
    assert len(loaded[Charge]) == 2


def test_an_empty_sheet_is_said_so_unless_zhubao_fills_it(tmp_path: Path) -> None:
    sheets: Sheets = {
        "应收": [],
        "实收": RECEIPTS[:1],
        "欠租明细": [["家庭编号", "截止日期", "结欠"]],
    }
    loaded = open_bureau(bureau_folder(tmp_path, {"arrears.xlsx": sheets})).load_all()
    empty = [place for place, code in codes(loaded) if code == "LG-105"]
    assert empty == ["arrears.xlsx!实收", "arrears.xlsx!应收"]


def test_loading_imports_only_what_it_needs(tmp_path: Path) -> None:
    root = bureau_folder(tmp_path, {"arrears.xlsx": {"应收": CHARGES}})
    script = (
        "import sys, pathlib\n"
        "from zhubao.ledger.arrears import Charge\n"
        "from zhubao.ledger.bureau import open_bureau\n"
        "assert len(open_bureau(pathlib.Path(sys.argv[1])).load(Charge)[Charge]) == 2\n"
        "heavy = {'pandas', 'numpy', 'openpyxl', 'typer', 'rich', 'zhubao.ledger.patrol'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(root)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_file_named_in_the_configuration_must_be_there(tmp_path: Path) -> None:
    root = bureau_folder(tmp_path, {"欠租.xlsx": {"应收": CHARGES}}, '[files]\narrears = "欠租"')
    loaded = open_bureau(root).load(Charge)
    assert codes(loaded) == [("欠租", "LG-118")]
    assert loaded.findings[0].severity == "error"


def test_workbooks_that_nobody_reads_are_named(tmp_path: Path) -> None:
    files: dict[str, Sheets] = {name: {"应收": CHARGES} for name in ("arrears.xlsx", "欠租.xlsx")}
    root = bureau_folder(tmp_path, {**files, "arrears.xlsm": {"应收": CHARGES}})
    (root / "ledgers" / "~$arrears.xlsx").write_bytes(b"lock")
    loaded = open_bureau(root).load_all()
    found = [finding for finding in loaded.findings if finding.code == "LG-119"]
    assert [finding.message.rpartition("：")[2] for finding in found] == ["欠租.xlsx"]


def test_capital_letters_in_a_file_name_do_not_hide_a_ledger(tmp_path: Path) -> None:
    bureau = open_bureau(bureau_folder(tmp_path, {"Arrears.XLSX": {"应收": CHARGES}}))
    assert len(bureau.load(Charge)[Charge]) == 2
