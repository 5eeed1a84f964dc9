"""Lists read into lines, sorted, booked and imported again: nothing is lost, nothing twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.bureaus import FORMATS
from tests.rent.receipts.test_matching import AS_OF, PEOPLE, RENTS, line, number, town
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.period import Month
from zhubao.excel.sheet import RawSheet
from zhubao.ledger.arrears import Receipt, SuspenseReceipt
from zhubao.ledger.change import Change
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.statement_file import StatementFile
from zhubao.rent.receipts.columns import parse_map
from zhubao.rent.receipts.lines import Statement, StatementLine, read_statement
from zhubao.rent.receipts.numbers import fingerprints, next_number
from zhubao.rent.receipts.report import import_report
from zhubao.rent.receipts.rows import import_change
from zhubao.rent.receipts.statement_import import ImportResult, Outcome, sort_lines

Rows = list[dict[str, Any]]


def list_of(*rows: list[Any]) -> StatementFile:
    """A sheet of these rows, all of one width."""
    width = max(map(len, rows))
    return StatementFile(
        "流水.csv",
        (RawSheet("流水.csv", "", [[*row, *[""] * (width - len(row))] for row in rows]),),
    )


def read(*rows: list[Any], columns: str = "") -> Statement:
    return read_statement(list_of(*rows), parse_map(columns))


def imported(lines: list[StatementLine], loaded: Loaded | None = None) -> ImportResult:
    placed = [
        replace(one, place=Cell("流水.csv", "", f"B{row}")) for row, one in enumerate(lines, 2)
    ]
    return sort_lines(Statement("流水.csv", placed), town() if loaded is None else loaded, AS_OF)


def outcomes(result: ImportResult) -> list[Outcome]:
    return [one.outcome for one in result.lines]


def after(loaded: Loaded, result: ImportResult) -> Loaded:
    """The bureau once the import has been written."""
    change = import_change(result, loaded, FORMATS)
    receipts = [*records(loaded, Receipt), *written(change, Receipt)]
    suspense = [*records(loaded, SuspenseReceipt), *written(change, SuspenseReceipt)]
    return town(receipts, suspense)


def records(loaded: Loaded, model: Any) -> Rows:
    table = loaded.get(model)
    return [table.values(row) for row in range(len(table))]


def written(change: Change, model: Any) -> Rows:
    names = {info.alias: name for name, info in model.model_fields.items()}
    return [
        {
            names[head.header]: round(value * 100) if head.header.endswith("金额") else value  # type: ignore[operator, arg-type]
            for head, value in zip(block.heads, row, strict=True)
        }
        for block in change.added
        if block.sheet == model.SHEET.name
        for row in block.rows
    ]


def test_a_bank_s_list_with_title_total_and_two_sides_is_read() -> None:
    statement = read(
        ["某局账户明细"],
        ["交易日期", "借方发生额", "贷方发生额", "对方户名", "摘要", "附言", "交易流水号"],
        ["20200601", "", "1,480.50", " 张 三 ", "转账", "六月房租", "00123"],
        ["2020.6.2", "20", "", "王芳", "冲正", "", "00124"],
        ["2020年6月3日", "5000", "", "财政局", "汇缴", "", "00125"],
        ["合计", "5020.00", "1480.50"],
    )
    first, second, third = statement.lines
    assert (first.day, first.amount, first.serial) == (dt.date(2020, 6, 1), 148050, "00123")
    assert (first.memo, str(first.place)) == ("转账 六月房租", "流水.csv!C3")
    assert (second.amount, second.reverses, second.is_out) == (-2000, True, True)
    assert (third.amount, third.reverses, third.is_out) == (-500000, False, True)
    assert {one.code for one in statement.findings} == {"XL-203"}  # the total row is left out


def test_every_line_that_cannot_be_read_is_told_at_once_with_its_cell() -> None:
    statement = read(
        ["日期", "借方", "贷方", "户名"],
        ["2020-06-01", "", "壹佰", "张三"],
        ["2020-13-01", "", "100", "张三"],
        ["2020-06-01", "5", "100", "张三"],
        ["2020-06-01", "", "0", "张三"],
        ["2020-06-01", "", "", "张三"],
        ["2020-06-02", "", "100", "张三"],
    )
    assert [line.amount for line in statement.lines] == [10000]
    errors = {(one.code, str(one.where)) for one in statement.findings if one.severity == "error"}
    assert errors == {
        ("XL-108", "流水.csv!C2"),
        ("XL-105", "流水.csv!A3"),
        ("RE-222", "流水.csv!C4"),
        ("RE-222", "流水.csv!C5"),
        ("RE-222", "流水.csv!C6"),
    }
    assert len(statement.unreadable) == 5


@pytest.mark.parametrize(
    ("word", "amount"), [("贷", 100), ("借", -100), ("收入", 100), ("D", -100), ("CREDIT", 100)]
)
def test_one_amount_column_takes_its_sign_from_the_direction(word: str, amount: int) -> None:
    statement = read(["日期", "发生额", "借贷标志"], ["2020-06-01", "1", word])
    assert [line.amount for line in statement.lines] == [amount]


@pytest.mark.parametrize(
    ("memo", "amount", "reverses"),
    [
        ("退款", -100, True),
        ("六月房租冲正", -100, True),
        ("退回后重新缴纳", 100, False),
        ("房租", 100, False),
    ],
)
def test_words_of_reversal_turn_a_plain_amount_around(
    memo: str, amount: int, reverses: bool
) -> None:
    (found,) = read(["日期", "金额", "摘要"], ["2020-06-01", "1", memo]).lines
    assert (found.amount, found.reverses) == (amount, reverses)


def test_a_debit_below_zero_is_money_out_where_the_bank_writes_all_of_them_so() -> None:
    heads = ["日期", "收入", "支出", "户名", "摘要"]
    first, second = read(
        heads,
        ["2020-06-01", "", "-200", "张三", "退押金"],
        ["2020-06-01", "100", "", "张三", "房租"],
    ).lines
    assert (first.amount, first.is_out, first.reverses) == (-20000, True, False)
    assert second.amount == 10000


@pytest.mark.parametrize("other", [["2020-06-02", "", "5", "财政局", "汇缴"], []])
def test_a_debit_taken_back_is_left_to_a_person(other: list[str]) -> None:
    taken_back = ["2020-06-01", "", "-200", "张三", "红冲"]
    statement = read(["日期", "收入", "支出", "户名", "摘要"], taken_back, other)
    told = [(one.code, str(one.where)) for one in statement.findings if one.severity == "error"]
    assert ([line.amount for line in statement.lines], told) == (
        [-500] if other else [],
        [("RE-222", "流水.csv!B2")],
    )


@pytest.mark.parametrize(
    ("word", "amount", "is_out", "reverses"),
    [("借", -100, True, False), ("贷", -100, False, True)],
)
def test_a_minus_beside_a_direction_is_a_payment_out_or_a_receipt_taken_back(
    word: str, amount: int, is_out: bool, reverses: bool
) -> None:
    (found,) = read(["日期", "发生额", "借贷标志"], ["2020-06-01", "-1", word]).lines
    assert (found.amount, found.is_out, found.reverses) == (amount, is_out, reverses)


def test_what_looks_mistyped_is_left_to_a_person() -> None:
    """H1 owes 200.00 at 100.00 a month."""
    good = {"memo": number("1")}
    mistyped = [
        line(1400.01, **good),
        line(100, day=dt.date(1899, 6, 20), **good),
        line(100, day=dt.date(2999, 6, 20), **good),
        line(100, month=Month.of(2031, 6), **good),
    ]
    assert outcomes(imported([line(1400, **good)])) == [Outcome.BOOKED]
    assert outcomes(imported(mistyped)) == [Outcome.DOUBTFUL] * 4
    decided = [replace(one, memo="", decided=number("1")) for one in mistyped]
    assert outcomes(imported(decided)) == [Outcome.BOOKED] * 4


def test_a_total_that_does_not_tie_is_told() -> None:
    statement = read(["日期", "金额"], ["2020-06-01", "1"], ["2020-06-02", "2"], ["合计", "4"])
    told = [(one.code, str(one.where)) for one in statement.findings]
    assert ("RE-224", "流水.csv!B4") in told


def test_columns_can_be_named_and_unknown_ones_are_answered_with_the_headers() -> None:
    rows = [["交易日", "入", "谁"], ["2020-06-01", "1", "张三"]]
    statement = read(*rows, columns="日期=交易日,金额=入,户名=谁")
    assert statement.lines[0].payer == "张三"
    with pytest.raises(UsageError) as fault:
        read(*rows, columns="金额=没有")
    assert "交易日、入、谁" in fault.value.advice
    with pytest.raises(UsageError):
        read(["甲", "乙"], ["1", "2"])


def test_a_bad_billing_month_leaves_the_line_to_a_person() -> None:
    (found,) = read(["日期", "金额", "账单期"], ["2020-06-01", "1", "六月"]).lines
    assert found.doubt


def test_certain_doubtful_unknown_and_outgoing_go_their_ways() -> None:
    result = imported(
        [
            line(250, memo=number("1")),
            line(1, payer="张三"),
            line(5, payer="无名氏"),
            line(-9, is_out=True, memo="汇缴"),
        ]
    )
    expected = [Outcome.BOOKED, Outcome.DOUBTFUL, Outcome.SUSPENSE, Outcome.OUTGOING]
    assert outcomes(result) == expected
    assert result.lines[0].overpaid == 50_00
    report = import_report(result)
    assert report.facts["total"] == 247
    assert "250.00 ＋" in next(note for note in report.notes if note.startswith("勾稽"))


def test_the_same_serial_is_the_same_money_and_another_amount_is_an_error() -> None:
    one = line(100, memo=number("1"), serial="S00001")
    loaded = after(town(), imported([one]))
    again = imported([one, replace(one, amount=9900), replace(one, serial="S0002")], loaded)
    assert outcomes(again) == [Outcome.SKIPPED, Outcome.CONFLICT, Outcome.DOUBTFUL]
    assert [(f.code, str(f.where)) for f in again.findings] == [("RE-227", "流水.csv!B3")]
    twice = imported([one, one, replace(one, payer="别人")])
    assert outcomes(twice) == [Outcome.BOOKED, Outcome.SKIPPED, Outcome.CONFLICT]


def test_money_already_typed_by_hand_is_not_booked_again() -> None:
    typed = {
        "receipt_no": "SJ0000001",
        "household_no": number("1"),
        "received_on": dt.date(2020, 6, 18),
        "amount": 100_00,
    }
    result = imported([line(100, memo=number("1")), line(100, decided=number("1"))], town([typed]))
    assert outcomes(result) == [Outcome.DOUBTFUL, Outcome.BOOKED]
    assert str(result.lines[0].cell) == "arrears.xlsx!实收!D2"


@pytest.mark.parametrize(
    "back",
    [
        line(-100, serial="S00001"),
        line(-100, memo="冲正 S00001"),
        line(-100, memo=number("1")),
        line(-100, payer="张三"),
    ],
)
def test_a_reversal_finds_its_receipt_wherever_it_stands_in_the_list(back: StatementLine) -> None:
    paid = line(100, memo=number("1"), payer="张三", serial="S00001")
    result = imported([back, paid, replace(back, serial="S0009")])
    first, _, third = result.lines
    assert (first.outcome, first.match.household) == (Outcome.BOOKED, number("1"))
    assert "S00001" in first.match.reason
    assert third.outcome is not Outcome.BOOKED  # taken back once, it cannot be again
    later = imported([back], after(town(), imported([paid])))
    assert outcomes(later) == [Outcome.BOOKED]


def test_a_reversal_that_names_a_number_nobody_has_is_not_the_payer_s() -> None:
    paid = line(100, payer="张三", memo=number("1"))
    back = line(-100, payer="张三", memo="JT000129 冲正", reverses=True)
    assert outcomes(imported([paid, back])) == [Outcome.BOOKED, Outcome.DOUBTFUL]


def test_a_reversal_of_nothing_is_put_aside_below_zero() -> None:
    result = imported([line(-100, payer="无名氏", memo="退款", reverses=True)])
    assert outcomes(result) == [Outcome.SUSPENSE]
    assert written(import_change(result, town(), FORMATS), SuspenseReceipt)[0]["amount"] == -10000


def test_odd_days_are_counted_and_still_booked() -> None:
    days = [dt.date(2020, 7, 2), dt.date(2019, 11, 3), dt.date(2020, 6, 1)]
    result = imported([line(100, memo=number("1"), day=day) for day in days])
    assert [one.code for one in result.findings] == ["RE-225", "RE-226"]
    assert outcomes(result) == [Outcome.BOOKED] * 3


def test_identical_lines_have_numbers_of_their_own_and_keep_them() -> None:
    lines = [line(1), line(2), line(1)]
    numbers = fingerprints(lines)
    assert len(set(numbers)) == 3
    assert all(one.startswith("DR") and len(one) == 12 for one in numbers)
    assert set(fingerprints(lines[::-1])) == set(numbers)


def test_numbering_goes_on_where_the_ledger_stands() -> None:
    assert next_number(["SJ0009999", "SJ0010253", "DR0123456789", None, "A1"], "X1") == "SJ0010254"
    assert next_number(["S9"], "X1") == "S10"
    assert next_number([], "SJ0000001") == "SJ0000001"


def test_people_are_masked_in_the_report() -> None:
    result = imported([line(100, payer="张三", memo="代李小明 13812345678")])
    shown = repr(import_report(result))
    table = repr(import_report(result).table("booked").rows)
    assert "张三" not in table
    assert "李小明" not in table
    assert "13812345678" not in shown.partition("findings")[0]


LINES = st.lists(
    st.builds(
        line,
        st.sampled_from([100, 200, 150, 33.33, -100, -33.33]),
        memo=st.sampled_from(["", *map(number, RENTS), "3-2-501", "退款", "JT999999", "HT000992"]),
        payer=st.sampled_from(["", "无名氏", *PEOPLE.values()]),
        serial=st.sampled_from(["", "", "", "S1", "S2"]),
        is_out=st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(LINES)
def test_money_is_conserved_and_what_was_written_is_never_written_again(
    lines: list[StatementLine],
) -> None:
    loaded = town()
    first = imported(lines, loaded)
    assert sum(first.total(outcome) for outcome in Outcome) == sum(one.amount for one in lines)
    change = import_change(first, loaded, FORMATS)
    booked, aside = written(change, Receipt), written(change, SuspenseReceipt)
    assert sum(row["amount"] for row in booked) == first.total(Outcome.BOOKED)
    assert sum(row["amount"] for row in aside) == first.total(Outcome.SUSPENSE)
    numbers = [row["receipt_no"] for row in booked]
    assert len(set(numbers)) == len(numbers)
    second = imported(lines, after(loaded, first))
    done = (Outcome.BOOKED, Outcome.SUSPENSE, Outcome.SKIPPED)
    for before, now in zip(first.lines, second.lines, strict=True):
        # a doubtful line may become certain by what the ledger has learned; a written one is done
        assert (now.outcome is Outcome.SKIPPED) == (before.outcome in done)
    more = written(import_change(second, after(loaded, first), FORMATS), Receipt)
    assert not {row["receipt_no"] for row in more} & {row["receipt_no"] for row in [*booked]}
