"""Changes carried out on real workbooks: what is read afterwards is what was planned."""

from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.bureaus import FORMATS, NOW, make_bureau, receipt_rows
from zhubao.core.errors import FormulaInTheWay, LedgerChanged, LedgerOpen
from zhubao.ledger.arrears import ArrearsLine, Receipt
from zhubao.ledger.bureau import Bureau
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.change_apply import Order, apply_change
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household
from zhubao.ledger.undo import apply_undo, plan_undo

ORDER = Order("试改", "测试员", NOW)


def applied(bureau: Bureau, change: Change) -> str:
    return apply_change(bureau.root, change, bureau.config, ORDER).applied.id


def planned(bureau: Bureau, work: Callable[[Plan, Loaded], None]) -> Change:
    loaded = bureau.load(Receipt, Household, ArrearsLine)
    plan = Plan("试改", loaded, FORMATS)
    work(plan, loaded)
    return plan.build()


def parts(bureau: Bureau) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in sorted(bureau.ledgers.glob("*.xlsx")):
        with zipfile.ZipFile(path) as archive:
            found |= {f"{path.name}!{name}": archive.read(name) for name in archive.namelist()}
    return found


def test_two_workbooks_change_together_and_the_total_grows(tmp_path: Path) -> None:
    bureau = make_bureau(tmp_path)

    def work(plan: Plan, loaded: Loaded) -> None:
        plan.put(loaded[Household], 0, "size", 4)
        plan.add(loaded[Receipt], [{"receipt_no": "R9", "household_no": "H1", "amount": 1_000}])

    applied(bureau, planned(bureau, work))
    loaded = bureau.load(Receipt, Household)
    assert loaded[Household].column("size")[0] == 4
    assert loaded[Receipt].column("receipt_no")[-1] == "R9"
    sheet = openpyxl.load_workbook(bureau.ledgers / "arrears.xlsx")["实收"]
    assert sheet["D10"].value == "=SUM(D4:D9)"
    assert sheet["D9"].number_format == "#,##0.00"
    assert sheet["A11"].value == "注：按收据登记"
    results = openpyxl.load_workbook(bureau.ledgers / "arrears.xlsx", data_only=True)["实收"]
    assert results["D10"].value == sum((101.5, 103.5, 104.5, 105.5)) + 10


def test_a_total_of_subtotals_counts_records_put_in_above_the_last_subtotal(tmp_path: Path) -> None:
    bureau = make_bureau(tmp_path, receipt_rows(0))
    path = bureau.ledgers / "arrears.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["实收"]
    for amounts in ((100, 200), (300,)):
        first = sheet.max_row + 1
        for amount in amounts:
            number = sheet.max_row + 1
            sheet.append([f"R{number}", "H1", dt.date(2020, 1, 5), amount])
        sheet.append(["小计", None, None, f"=SUM(D{first}:D{sheet.max_row})"])
    sheet.append(["合计", None, None, "=SUM(D4:D5)+D8"])
    book.save(path)
    record = {"receipt_no": "R9", "household_no": "H2", "amount": 1_000}
    change = planned(bureau, lambda plan, loaded: plan.add(loaded[Receipt], [record]))
    change_id = applied(bureau, change)
    sheet = openpyxl.load_workbook(path)["实收"]
    assert [sheet[ref].value for ref in ("D6", "D8", "D9", "D10")] == [
        "=SUM(D4:D5)",
        10,
        "=SUM(D7:D8)",
        "=SUM(D4:D5)+D9",
    ]
    results = openpyxl.load_workbook(path, data_only=True)["实收"]
    assert (results["D9"].value, results["D10"].value) == (310, 610)
    apply_undo(bureau.root, plan_undo(bureau.root, change_id), bureau.config, ORDER)
    assert openpyxl.load_workbook(path)["实收"]["D8"].value == "=SUM(D7:D7)"


def test_text_that_begins_like_a_formula_stays_text(tmp_path: Path) -> None:
    bureau = make_bureau(tmp_path)
    for index, text in enumerate(("=1+1", "+86", "-无-", "@某")):
        change = planned(bureau, lambda p, ld, i=index, t=text: p.put(ld[Receipt], i, "remark", t))  # type: ignore[misc]
        applied(bureau, change)
    remarks = bureau.load(Receipt)[Receipt].column("remark")[:4]
    assert remarks == ["=1+1", "+86", "-无-", "@某"]
    sheet = openpyxl.load_workbook(bureau.ledgers / "arrears.xlsx")["实收"]
    cell = sheet["G4"]
    assert (cell.data_type, cell.value) == ("s", "=1+1") or cell.data_type == "inlineStr"
    assert cell.quotePrefix


def test_an_identity_number_is_written_as_text(tmp_path: Path) -> None:
    bureau = make_bureau(tmp_path)
    number = "430105194912310021"
    applied(bureau, planned(bureau, lambda p, ld: p.put(ld[Household], 0, "identity_no", number)))
    cell = openpyxl.load_workbook(bureau.ledgers / "tenants.xlsx")["保障家庭"]["C2"]
    assert (cell.value, cell.number_format) == (number, "@")


def test_a_workbook_changed_since_it_was_read_is_refused(tmp_path: Path) -> None:
    bureau = make_bureau(tmp_path)
    change = planned(bureau, lambda plan, loaded: plan.put(loaded[Receipt], 0, "amount", 1))
    book = openpyxl.load_workbook(bureau.ledgers / "arrears.xlsx")
    book["实收"]["A2"] = "制表：李四"
    book.save(bureau.ledgers / "arrears.xlsx")
    before = parts(bureau)
    with pytest.raises(LedgerChanged, match=r"arrears\.xlsx"):
        applied(bureau, change)
    assert parts(bureau) == before


def test_an_open_workbook_stops_the_change_of_all(tmp_path: Path) -> None:
    bureau = make_bureau(tmp_path)

    def work(plan: Plan, loaded: Loaded) -> None:
        plan.put(loaded[Household], 0, "size", 4)
        plan.put(loaded[Receipt], 0, "amount", 1)

    (bureau.ledgers / ".~lock.tenants.xlsx#").write_text(",李,PC,30.06.2020 17:00;", "utf-8")
    before = parts(bureau)
    with pytest.raises(LedgerOpen, match="李"):
        applied(bureau, planned(bureau, work))
    assert parts(bureau) == before


def test_a_formula_is_never_overwritten_by_a_value(tmp_path: Path) -> None:
    bureau = make_bureau(tmp_path)
    path = bureau.ledgers / "arrears.xlsx"
    book = openpyxl.load_workbook(path)
    book["实收"]["D4"] = "=100+1.5"
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    held[sheet] = held[sheet].replace(b"<f>100+1.5</f><v />", b"<f>100+1.5</f><v>101.5</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in held.items():
            archive.writestr(name, data)
    with pytest.raises(FormulaInTheWay, match="D4"):
        applied(bureau, planned(bureau, lambda p, ld: p.put(ld[Receipt], 0, "amount", 1)))


TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=12)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "received_on": st.dates(dt.date(1990, 1, 1), dt.date(2050, 12, 31)),
    "amount": st.integers(-(10**9), 10**9),
    "remark": TEXT.map(lambda text: f"备{text}注"),
}
PUTS = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(sorted(FIELDS))).flatmap(
        lambda place: st.tuples(st.just(place), FIELDS[place[1]])
    ),
    max_size=8,
    unique_by=lambda one: one[0],
)
NEW = st.lists(st.fixed_dictionaries(FIELDS), max_size=4)


@given(rows=st.integers(0, 10), puts=PUTS, new=NEW, total=st.booleans())
@settings(max_examples=25, deadline=None)
def test_reading_after_a_change_gives_the_plan_and_undo_gives_every_part_back(
    rows: int, puts: list[Any], new: list[dict[str, Any]], total: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bureau = make_bureau(Path(folder), receipt_rows(rows), total=total)
        before = bureau.load(Receipt)[Receipt]
        expected = [before.values(index) for index in range(len(before))]
        added = [{"receipt_no": f"N{n}", "household_no": "H1", **row} for n, row in enumerate(new)]

        def work(plan: Plan, loaded: Loaded) -> None:
            for (index, name), value in puts:
                if index < rows:
                    plan.put(loaded[Receipt], index, name, value)
                    expected[index][name] = _as_read(name, value)
            plan.add(loaded[Receipt], added)

        change = planned(bureau, work)
        if change.is_empty:
            return
        untouched = parts(bureau)
        change_id = applied(bureau, change)
        after = bureau.load(Receipt)[Receipt]
        empty = dict.fromkeys(Receipt.model_fields)
        expected += [{**empty, **row, "remark": _as_read("remark", row["remark"])} for row in added]
        assert [after.values(index) for index in range(len(after))] == expected
        apply_undo(bureau.root, plan_undo(bureau.root, change_id), bureau.config, ORDER)
        assert parts(bureau) == untouched


def _as_read(name: str, value: Any) -> Any:
    """The reader narrows full-width letters and digits of texts."""
    from zhubao.excel.cleaning import clean_text

    return clean_text(value) if name == "remark" else value
