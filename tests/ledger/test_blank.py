"""New ledgers: what openpyxl sees in them, and how they look with and without dress."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from zhubao.core.errors import OutputError
from zhubao.core.period import Month
from zhubao.core.theme import Theme, load_theme
from zhubao.excel.kinds import CellKind
from zhubao.ledger.arrears import Charge, Receipt, ReductionKind
from zhubao.ledger.audit import Lead
from zhubao.ledger.blank import RowsByModel, write_blank_ledgers, write_ledger
from zhubao.ledger.catalog import WORKBOOKS, all_models, kind_of, models_of
from zhubao.ledger.dress import Dress, dressed_date
from zhubao.ledger.guidance import comment_of, validation_of
from zhubao.ledger.model import column_info
from zhubao.ledger.services import Approval, ApprovalKind, ApprovalResult
from zhubao.ledger.tenants import Household
from zhubao.ledger.units import Unit

DAY = dt.date(2020, 6, 30)
CHARGES = [
    {
        "charge_no": f"YS{number:06}",
        "household_no": f"{number:06}",
        "month": Month.of(2020, number % 6 + 1),
        "amount": 10_005 + number,
        "charged_on": DAY,
    }
    for number in range(1, 13)
]


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme()


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory, theme: Theme) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("blank")
    paths = write_blank_ledgers(folder, theme)
    return {path.stem: openpyxl.load_workbook(path) for path in paths}


@pytest.fixture
def written(tmp_path: Path, theme: Theme) -> Callable[..., Any]:
    """Write arrears.xlsx and open it again."""

    def write(rows: Any, **options: Any) -> Any:
        path = tmp_path / "arrears.xlsx"
        write_ledger(path, options.pop("workbook", "arrears"), rows, theme, **options)
        return openpyxl.load_workbook(path, data_only=options.pop("cached", False))

    return write


def every_column(blank: dict[str, Any]) -> Iterator[tuple[Any, int, str, Any, Any]]:
    for model in all_models():
        sheet = blank[model.SHEET.workbook][model.SHEET.name]
        for column, (name, field) in enumerate(model.model_fields.items(), 1):
            yield sheet, column, name, field, model


def test_blank_ledgers_have_every_sheet_in_order(blank: dict[str, Any]) -> None:
    assert list(blank) == list(WORKBOOKS)
    for workbook, book in blank.items():
        assert book.sheetnames == [model.SHEET.name for model in models_of(workbook)]


def test_every_header_stands_in_row_1_with_its_comment(blank: dict[str, Any]) -> None:
    for sheet, column, name, field, model in every_column(blank):
        cell = sheet.cell(1, column)
        assert cell.value == column_info(field).header
        assert cell.comment.text == comment_of(model, name)
        assert sheet.max_column == len(model.model_fields)


def test_required_headers_stand_out(blank: dict[str, Any], theme: Theme) -> None:
    for sheet, column, _, field, _ in every_column(blank):
        cell = sheet.cell(1, column)
        fill = theme.colours.header_fill if field.is_required() else theme.colours.total_fill
        assert cell.fill.fgColor.rgb == fill.replace("#", "FF")
        assert bool(cell.font.bold) == field.is_required()


def test_every_sheet_is_frozen_filtered_and_ready_to_print(blank: dict[str, Any]) -> None:
    for book in blank.values():
        for sheet in book.worksheets:
            assert sheet.freeze_panes == "B2"
            assert sheet.auto_filter.ref.startswith("A1:")
            assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.page_setup.fitToHeight == 0
            assert sheet.print_title_rows == "$1:$1"


def test_only_very_wide_sheets_print_on_several_pages_side_by_side(blank: dict[str, Any]) -> None:
    narrow, wide = blank["arrears"]["应收"], blank["services"]["审批"]
    assert narrow.page_setup.fitToWidth in (None, 1)  # one page wide is Excel's default
    assert not narrow.print_title_cols
    assert wide.page_setup.fitToWidth == 3
    assert wide.print_title_cols == "$A:$A"


def test_empty_columns_carry_the_format_of_what_will_be_typed(blank: dict[str, Any]) -> None:
    expected = {
        CellKind.MONEY: "#,##0.00",
        CellKind.DATE: "yyyy-mm-dd",
        CellKind.MOMENT: "yyyy-mm-dd hh:mm",
        CellKind.INTEGER: "0",
        CellKind.DECIMAL: "General",
    }
    for sheet, column, _, field, _ in every_column(blank):
        letter = get_column_letter(column)
        while letter not in sheet.column_dimensions:  # equal neighbours are stored as one range
            column -= 1
            letter = get_column_letter(column)
        dimension = sheet.column_dimensions[letter]
        assert dimension.number_format == expected.get(kind_of(field), "@")
        assert dimension.width >= 8


def test_choices_become_drop_downs_over_the_whole_column(blank: dict[str, Any]) -> None:
    sheet = blank["services"]["审批"]
    column = list(Approval.model_fields).index("kind") + 1
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    letter = get_column_letter(column)
    rule = rules[f"{letter}2:{letter}1048576"]
    assert rule.type == "list"
    assert rule.formula1.strip('"').split(",") == [member.value for member in ApprovalKind]


def test_validations_follow_the_declared_kind_and_limits() -> None:
    size = validation_of(Household.model_fields["size"])
    assert size is not None
    assert (size["validate"], size["minimum"], size["maximum"]) == ("integer", 1, 20)
    income = validation_of(Household.model_fields["monthly_income"])
    assert income is not None
    assert (income["validate"], income["minimum"], income["error_type"]) == (
        "decimal",
        0,
        "warning",
    )
    lift = validation_of(Unit.model_fields["has_lift"])
    assert lift is not None
    assert lift["source"] == ["是", "否"]
    assert validation_of(Unit.model_fields["unit_no"]) is None


def test_messages_of_validations_fit_into_excel() -> None:
    for model in all_models():
        for field in model.model_fields.values():
            rule = validation_of(field) or {"error_message": "", "error_title": ""}
            assert len(rule["error_message"]) <= 255
            assert len(rule["error_title"]) <= 32


def test_comments_say_what_a_clerk_must_know() -> None:
    text = comment_of(Charge, "household_no")
    assert "必填" in text
    assert "保障家庭" in text
    assert "租户编号" in text
    assert "不得重复" in comment_of(Charge, "charge_no")
    assert "合起来" in comment_of(models_of("arrears")[0], "month")
    assert "可不填" in comment_of(Charge, "remark")
    assert "zhubao" in comment_of(models_of("arrears")[-1], "owed")


def test_values_come_back_as_they_were_given(written: Callable[..., Any]) -> None:
    rows = {
        Charge: CHARGES,
        Receipt: [
            {
                "receipt_no": "=1+1",
                "household_no": "000001",
                "received_on": DAY,
                "amount": -1,
                "payer": None,
                "remark": "@冲正",
            }
        ],
    }
    book = written(rows)
    sheet = book["应收"]
    assert sheet.max_row == 13
    by_header = {cell.value: cell.column for cell in sheet[1]}
    first = {header: sheet.cell(2, column) for header, column in by_header.items()}
    assert first["家庭编号"].value == "000001"
    assert first["家庭编号"].number_format == "@"
    assert first["账单期"].value == "2020-02"
    assert first["应收金额"].value == 100.06
    assert first["应收金额"].number_format == "#,##0.00"
    assert first["入账日期"].value == dt.datetime(2020, 6, 30)
    receipt = [cell.value for cell in book["实收"][2]]
    assert receipt == ["=1+1", "000001", dt.datetime(2020, 6, 30), -0.01, *[None] * 3, "@冲正"]
    assert book["实收"]["A2"].data_type == "s"


def test_moments_numbers_and_words_come_back(written: Callable[..., Any]) -> None:
    row = {
        "approval_no": "SP1",
        "kind": ApprovalKind.HALF_COUPLE,
        "applicant": "某某",
        "district_received_at": dt.datetime(2020, 4, 26, 9, 30),
        "suspended_days": Decimal("0.5"),
        "result": ApprovalResult.APPROVED,
        "visits": 1,
        "is_online": True,
    }
    book = written({Approval: [row]}, workbook="services")
    sheet = book["审批"]
    found = {sheet.cell(1, cell.column).value: cell for cell in sheet[2]}
    assert found["审批事项"].value == "半边户"
    assert found["区收件时间"].value == dt.datetime(2020, 4, 26, 9, 30)
    assert found["区收件时间"].number_format == "yyyy-mm-dd hh:mm"
    assert found["补正天数"].value == 0.5
    assert found["跑动次数"].value == 1
    assert found["是否联网办理"].value == "是"


def test_the_same_rows_give_the_same_bytes(tmp_path: Path, theme: Theme) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_ledger(tmp_path / name / "arrears.xlsx", "arrears", {Charge: CHARGES}, theme)
    first, second = ((tmp_path / name / "arrears.xlsx").read_bytes() for name in ("a", "b"))
    assert first == second


def test_constant_memory_writes_the_same_cells(written: Callable[..., Any]) -> None:
    cells = [
        [[cell.value for cell in row] for row in book["应收"].iter_rows()]
        for book in (
            written({Charge: CHARGES}),
            written({Charge: iter(CHARGES)}, constant_memory=True),
        )
    ]
    assert cells[0] == cells[1]


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(written: Callable[..., Any]) -> None:
    book = written({Charge: iter(CHARGES)}, rows_per_sheet=5)
    assert book.sheetnames[1:5] == ["应收", "应收2", "应收3", "实收"]
    numbers = [
        sheet.cell(row, 1).value
        for sheet in (book["应收"], book["应收2"], book["应收3"])
        for row in range(2, sheet.max_row + 1)
    ]
    assert numbers == [row["charge_no"] for row in CHARGES]
    assert book["应收3"]["A1"].value == "应收编号"


def test_exactly_one_sheet_full_makes_no_empty_second_one(written: Callable[..., Any]) -> None:
    assert "应收2" not in written({Charge: CHARGES}, rows_per_sheet=12).sheetnames


def test_progress_counts_every_row(tmp_path: Path, theme: Theme) -> None:
    seen: list[int] = []
    rows: RowsByModel = {Charge: ({**CHARGES[0], "charge_no": str(n)} for n in range(4321))}
    write_ledger(tmp_path / "x.xlsx", "arrears", rows, theme, progress=seen.append)
    assert sum(seen) == 4321
    assert len(seen) > 1


DRESS = Dress(
    bureau="示范区住房保障局",
    made_on=DAY,
    groups={Charge: {"对应编号": ("household_no", "unit_no"), "租金": ("standard", "amount")}},
    footnotes={Charge: "注：应收金额＝标准租金－减免租金。"},
)


def test_a_dressed_ledger_has_title_groups_total_and_footnote(
    written: Callable[..., Any],
) -> None:
    book = written({Charge: CHARGES}, dress=DRESS)
    sheet = book["应收"]
    assert sheet["A1"].value == "示范区住房保障局应收台账"
    assert sheet["A2"].value == "编制单位：示范区住房保障局"
    assert sheet["J2"].value == "制表日期：2020年6月30日　单位：元"
    assert [sheet["A3"].value, sheet["B3"].value, sheet["B4"].value] == [
        "应收编号",
        "对应编号",
        "家庭编号",
    ]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A1:J1", "A3:A4", "B3:D3", "F3:H3", "I3:I4"} <= merged
    assert sheet.freeze_panes == "B5"
    assert sheet.auto_filter.ref == "A4:J16"
    assert sheet.print_title_rows == "$3:$4"
    assert sheet["A17"].value == "合计"
    assert sheet["H17"].value == "=SUM(H5:H16)"
    assert sheet["A18"].value == DRESS.footnotes[Charge]
    assert sheet["H3"].comment is None
    assert sheet["H4"].comment is not None


def test_the_total_of_a_dressed_ledger_has_its_value_stored(tmp_path: Path, theme: Theme) -> None:
    path = tmp_path / "arrears.xlsx"
    write_ledger(path, "arrears", {Charge: CHARGES}, theme, dress=DRESS)
    sheet = openpyxl.load_workbook(path, data_only=True)["应收"]
    total = sum(int(str(row["amount"])) for row in CHARGES)
    assert sheet["H17"].value == total / 100
    assert sheet["F17"].value == 0


def test_dates_of_a_dressed_ledger_are_written_by_many_hands(
    written: Callable[..., Any],
) -> None:
    sheet = written({Charge: CHARGES * 2}, dress=DRESS)["应收"]
    found = {sheet.cell(row, 9).value for row in range(5, 29)}
    assert found == {
        dt.datetime(2020, 6, 30),
        "2020.6.30",
        "2020/6/30",
        "2020年6月30日",
        20200630,
    }
    again = [dressed_date(DAY, row) for row in range(24)]
    assert again == [dressed_date(DAY, row) for row in range(24)]


def test_a_dressed_sheet_without_rows_or_money_has_no_total(written: Callable[..., Any]) -> None:
    dress = Dress(bureau="示范区住房保障局", made_on=DAY, mixed_dates=False)
    row = {"unit_no": "F1", "estate": "某小区", "has_lift": False, "delivered_on": DAY}
    book = written({Unit: [row]}, workbook="units", dress=dress)
    assert book["房源"]["A4"].value == "F1"
    assert book["房源"].max_row == 4
    assert book["房源"]["P4"].value == dt.datetime(2020, 6, 30)
    assert "单位：元" not in book["房源"]["R2"].value
    assert book["房源调配"].max_row == 3


def test_header_groups_must_fit_the_sheet() -> None:
    for groups in (
        {"甲": ("amount", "month")},
        {"甲": ("month", "amount"), "乙": ("reduction", "remark")},
        {"甲": ("month", "no_such_field")},
    ):
        with pytest.raises(ValueError):
            Dress("某局", DAY, groups={Charge: groups}).spans(Charge)


def test_blank_ledgers_are_never_written_over_existing_files(tmp_path: Path, theme: Theme) -> None:
    (tmp_path / "arrears.xlsx").write_bytes(b"mine")
    with pytest.raises(OutputError) as caught:
        write_blank_ledgers(tmp_path, theme)
    assert "arrears.xlsx" in caught.value.message
    assert [path.name for path in tmp_path.iterdir()] == ["arrears.xlsx"]


def test_a_folder_that_is_not_there_is_said_to_be_so(tmp_path: Path, theme: Theme) -> None:
    with pytest.raises(OutputError):
        write_ledger(tmp_path / "none" / "arrears.xlsx", "arrears", {}, theme)


def test_rows_of_another_workbook_or_unknown_fields_are_refused(
    tmp_path: Path, theme: Theme
) -> None:
    path = tmp_path / "arrears.xlsx"
    with pytest.raises(KeyError):
        write_ledger(path, "arrears", {Lead: []}, theme)
    with pytest.raises(KeyError):
        write_ledger(path, "arrears", {Charge: [{"no_such_field": 1}]}, theme)
    assert not list(tmp_path.iterdir())


def test_text_longer_than_a_cell_is_refused(tmp_path: Path, theme: Theme) -> None:
    rows: RowsByModel = {Charge: [{**CHARGES[0], "remark": "长" * 32_768}]}
    with pytest.raises(OutputError):
        write_ledger(tmp_path / "arrears.xlsx", "arrears", rows, theme)
    assert not (tmp_path / "arrears.xlsx").exists()


def test_choice_members_are_written_as_their_words(written: Callable[..., Any]) -> None:
    row = {
        "reduction_no": "J1",
        "household_no": "1",
        "kind": ReductionKind.WRITE_OFF,
        "amount": 5,
        "approved_on": DAY,
    }
    reduction = models_of("arrears")[3]
    assert written({reduction: [row]})["减免"]["D2"].value == "核销"
