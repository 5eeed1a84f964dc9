"""Who gets which letter, who gets none, and what stands in it. Cut-off 2020-06-30."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.ledger.bureaus import FORMATS
from zhubao.core.errors import UsageError
from zhubao.ledger.addresses import Address, natural_key
from zhubao.ledger.arrears import Charge, LetterKind, PlanStatus, RentLetter
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import Columns, LedgerTable
from zhubao.ledger.units import Unit
from zhubao.policy import PolicyInvalid
from zhubao.rent.arrears import compute_arrears
from zhubao.rent.letters.context import PLACEHOLDERS, letter_context
from zhubao.rent.letters.report import letters_report
from zhubao.rent.letters.rounds import LetterOrder, LetterRound, write_round
from zhubao.rent.letters.rules import LetterRules
from zhubao.rent.letters.write import letters_change

Make = Callable[..., Loaded]
AS_OF = dt.date(2020, 6, 30)
BUREAU = LetterOrder(bureau="某某区住房保障局")


def owing(household: str, months: int, amount: float = 100) -> list[tuple[Any, ...]]:
    return [(household, f"2020-{month:02d}", amount) for month in range(7 - months, 7)]


def charges(**months: int) -> list[tuple[Any, ...]]:
    return [row for household, count in months.items() for row in owing(household, count)]


def with_doors(loaded: Loaded, **known: Any) -> Loaded:
    """Every unit is 2栋1单元0301室 unless given otherwise."""
    units = [
        {"building": "2栋", "entrance": "1", "floor": 3, "room": "0301", **values, **known}
        for values in _given(loaded, Unit)
    ]
    return replaced(loaded, LedgerTable.from_rows(Unit, units))


def replaced(loaded: Loaded, table: LedgerTable[Any]) -> Loaded:
    return replace(loaded, tables={**loaded.tables, table.model: table})


def _given(loaded: Loaded, model: Any) -> list[dict[str, Any]]:
    table = loaded.get(model)
    return [
        {key: value for key, value in table.values(row).items() if value is not None}
        for row in range(len(table))
    ]


def with_letters(loaded: Loaded, *letters: tuple[str, str, LetterKind, str]) -> Loaded:
    rows = [
        {"letter_no": no, "household_no": h, "kind": kind, "issued_on": dt.date.fromisoformat(day)}
        for no, h, kind, day in letters
    ]
    return replaced(loaded, LedgerTable.from_rows(RentLetter, rows))


def letters_of(loaded: Loaded, order: LetterOrder = BUREAU, **policy: Any) -> LetterRound:
    rules = LetterRules.load(AS_OF, policy)
    return write_round(compute_arrears(loaded, AS_OF), rules, order)


def kinds(made: LetterRound) -> dict[str, str]:
    return {letter.household_no: letter.kind.value for letter in made.letters}


def test_the_ladder_decides_and_who_is_not_on_it_gets_nothing(make_loaded: Make) -> None:
    """1 month: reminded only; 2: demand; 3 to 5: agreement; 6 and more: notice to vacate."""
    numbers = [f"H{months}" for months in (1, 2, 3, 5, 6)]
    loaded = make_loaded(households=numbers, charges=charges(H1=1, H2=2, H3=3, H5=5, H6=6))
    made = letters_of(with_doors(loaded))
    assert kinds(made) == {
        "H2": "催缴通知书", "H3": "分期协议", "H5": "分期协议", "H6": "腾退告知书"
    }  # fmt: skip
    assert [one.number for one in made.letters] == [
        "CJ2020-0001", "XY2020-0001", "XY2020-0002", "TT2020-0001"
    ]  # fmt: skip


def test_a_household_in_hardship_gets_none_by_itself_but_one_the_clerk_asks_for(
    make_loaded: Make, make_household: Callable[..., Any]
) -> None:
    loaded = with_doors(
        make_loaded(households=[make_household("H1", "重病")], charges=charges(H1=6))
    )
    made = letters_of(loaded)
    assert not made.letters
    assert made.withheld[0].step.value == "走访订计划"
    by_hand = replace(BUREAU, kind=LetterKind.DEMAND, households=("H1",))
    assert kinds(letters_of(loaded, by_hand)) == {"H1": "催缴通知书"}


def test_nobody_can_be_told_to_vacate_before_six_months(make_loaded: Make) -> None:
    loaded = with_doors(make_loaded(charges=charges(H1=5)))
    order = replace(BUREAU, kind=LetterKind.VACATE, households=("H1",))
    made = letters_of(loaded, order)
    assert not made.letters
    assert "未达到6个月" in made.withheld[0].reason


@pytest.mark.parametrize(("issued", "again"), [("2020-05-31", True), ("2020-06-01", False)])
def test_the_same_letter_is_not_sent_again_within_thirty_days(
    make_loaded: Make, issued: str, again: bool
) -> None:
    """31 May to 30 June are 30 days: enough; from 1 June 29: not yet. Another kind is no matter."""
    loaded = with_doors(make_loaded(charges=charges(H1=2)))
    other = ("XY2020-0003", "H1", LetterKind.INSTALMENT, "2020-06-29")
    loaded = with_letters(loaded, ("CJ2020-0041", "H1", LetterKind.DEMAND, issued), other)
    made = letters_of(loaded)
    assert [one.number for one in made.letters] == (["CJ2020-0042"] if again else [])


def test_what_a_letter_lacks_is_a_finding_and_that_letter_alone_is_not_made(
    make_loaded: Make, make_household: Callable[..., Any]
) -> None:
    nameless: dict[str, Any] = {**make_household("H2"), "applicant": None}
    loaded = make_loaded(households=["H1", nameless, "H3"], charges=charges(H1=2, H2=2, H3=2))
    loaded = with_doors(loaded)
    units = [
        {**unit, "room": None} if unit["unit_no"] == "UH1" else unit
        for unit in _given(loaded, Unit)
    ]
    made = letters_of(replaced(loaded, LedgerTable.from_rows(Unit, units)))
    assert kinds(made) == {"H3": "催缴通知书"}
    found = {finding.code: str(finding.where) for finding in made.findings}
    assert found["RE-260"] == "tenants.xlsx!租赁合同!C2"
    assert found["RE-261"] == "tenants.xlsx!保障家庭!A3"
    assert [one.group for one in made.withheld] == ["资料不全", "资料不全"]
    assert [finding.code for finding in made.findings].count("RE-263") == 2


def test_without_a_bureau_nobody_signs_and_nothing_is_made(make_loaded: Make) -> None:
    made = letters_of(with_doors(make_loaded(charges=charges(H1=2))), LetterOrder())
    assert not made.letters
    assert [finding.code for finding in made.findings] == ["RE-262"]


def test_a_faulty_cell_in_the_account_keeps_the_letter_back(make_loaded: Make) -> None:
    loaded = with_doors(make_loaded(charges=charges(H1=3)))
    table = loaded.get(Charge)
    values = {name: list(table.column(name)) for name in Charge.model_fields}
    bad = LedgerTable(Charge, Columns(values, {"amount": {0}}), table.segments)
    made = letters_of(replaced(loaded, bad))
    assert not made.letters
    assert made.findings[0].code == "RE-264"
    assert str(made.findings[0].where) == "arrears.xlsx!应收!H2"


def test_the_words_of_a_demand_are_those_of_the_account(make_loaded: Make) -> None:
    """May 120.50 less 20.00 paid by name, June 120.50, December brought over 80.03: 301.03.

    Due: 30 June + 15 days = 15 July.
    """
    loaded = make_loaded(
        opening=[("H1", "2019-12", 80.03)],
        charges=owing("H1", 2, 120.50),
        receipts=[("H1", "2020-06-03", 20, "2020-05")],
    )
    order = replace(BUREAU, kind=LetterKind.DEMAND, households=("H1",))
    made = letters_of(with_doors(loaded), order, **PHONE)
    words = letter_context(made.letters[0], made.rules, made.result.ladder.vacate)
    assert set(words) == set(PLACEHOLDERS)
    assert words["欠租金额"] == "301.03"
    assert words["欠租大写"] == "叁佰零壹元零叁分"
    assert words["欠租月数"] == 3
    assert words["欠租明细"] == [
        {"月1": "2019年12月*", "额1": "80.03", "月2": "2020年5月", "额2": "100.50",
         "月3": "2020年6月", "额3": "120.50"}
    ]  # fmt: skip
    assert words["各月欠租"][1] == {
        "月份": "2020年5月", "应缴": "120.50", "已缴": "20.00", "尚欠": "100.50"
    }  # fmt: skip
    assert words["缴款期限"] == "2020年7月15日"
    assert words["缴租依据"].endswith("（住房和城乡建设部令第11号）第二十一条")
    assert words["腾退条款"] == "该办法第二十九条"
    assert words["地址"] == "甲小区2栋1单元0301室"
    assert (words["联系电话"], words["缴款方式"]) == ("0731-12345678", "银行代扣；窗口刷卡")


PHONE: dict[str, Any] = {
    "letters": {
        key: {"values": [{"valid_from": dt.date(2020, 1, 1), "value": value, "source": "本局"}]}
        for key, value in (("phone", "0731-12345678"), ("channels", ["银行代扣", "窗口刷卡。"]))
    }
}


def test_an_agreement_carries_the_plan_booked_else_a_proposal_for_the_whole_debt(
    make_loaded: Make,
) -> None:
    """400.00 in 6 parts: 66.67 four times, 66.66 twice; from 15 July."""
    loaded = with_doors(make_loaded(charges=charges(H1=4)))
    letter = letters_of(loaded).letters[0]
    assert [part.amount for part in letter.parts] == [6667] * 4 + [6666] * 2
    assert letter.parts[0].due_on == dt.date(2020, 7, 15)
    plans = [("H1", "2020-06-01", PlanStatus.IN_FORCE)]
    parts = [("P1", "2020-07-20", 150), ("P1", "2020-08-20", 100)]
    booked = with_doors(make_loaded(charges=charges(H1=4), plans=plans, instalments=parts))
    order = replace(BUREAU, kind=LetterKind.INSTALMENT, households=("H1",))
    letter = letters_of(booked, order).letters[0]
    assert [(part.due_on.day, part.amount) for part in letter.parts] == [(20, 15000), (20, 10000)]


def test_every_letter_becomes_a_row_and_the_report_masks_names(make_loaded: Make) -> None:
    made = letters_of(with_doors(make_loaded(households=["H1", "H2"], charges=charges(H1=2, H2=6))))
    change = letters_change(made, FORMATS, ["甲.docx", "乙.docx"])
    (sheet,) = change.new_sheets or change.added
    assert [row[0] for row in sheet.rows] == ["CJ2020-0001", "TT2020-0001"]
    assert [row[7] for row in sheet.rows] == ["甲.docx", "乙.docx"]
    report = letters_report(made, bureau="某局")
    assert report.facts["by_kind"] == {"催缴通知书": 1, "分期协议": 0, "腾退告知书": 1}
    assert str(report.facts["owed"]) == "800.00"
    assert "测试H1" not in str(report)


def test_a_household_may_be_typed_carelessly(make_loaded: Make) -> None:
    made = letters_of(
        with_doors(make_loaded(charges=charges(H1=3))), replace(BUREAU, households=("h1",))
    )
    assert [letter.household_no for letter in made.letters] == ["H1"]


@pytest.mark.parametrize("order", [{"estate": "乌有小区"}, {"households": ("H9",)}])
def test_an_unknown_estate_or_household_is_refused(
    make_loaded: Make, order: dict[str, Any]
) -> None:
    with pytest.raises(UsageError):
        letters_of(make_loaded(charges=charges(H1=2)), replace(BUREAU, **order))


def test_a_policy_that_is_no_number_is_refused_with_its_place() -> None:
    values = [{"valid_from": dt.date(2020, 1, 1), "value": "半个月", "source": "本局"}]
    with pytest.raises(PolicyInvalid, match=r"letters\.pay_days"):
        LetterRules.load(AS_OF, {"letters": {"pay_days": {"values": values}}})


def walked(*texts: str) -> Sequence[str]:
    return sorted(texts, key=natural_key)


def test_numbers_inside_names_sort_as_numbers() -> None:
    assert walked("10栋", "2栋", "1栋") == ["1栋", "2栋", "10栋"]
    assert walked("十二栋", "十栋", "二栋") == ["二栋", "十栋", "十二栋"]
    assert walked("A10", "A9", "１栋") == ["１栋", "A9", "A10"]


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (Address("甲小区", "1", "2", "3", "0301", "某区"), "某区甲小区1栋2单元0301室"),
        (Address("甲小区", "1号楼", "", "3", "02"), "甲小区1号楼3层02室"),
        (Address("某区甲苑", "A座", "", "", "1203室", "某区"), "某区甲苑A座1203室"),
    ],
)
def test_an_address_is_written_as_people_say_it(address: Address, text: str) -> None:
    assert address.text == text
