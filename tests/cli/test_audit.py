"""`zhubao audit …` as a clerk runs it: from a check through rectification to closure."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from zhubao.core.theme import load_theme
from zhubao.core.width import display_width
from zhubao.ledger.blank import write_ledger
from zhubao.ledger.tenants import Household, Lease, LeaseStatus, ProtectionStatus, Tier
from zhubao.ledger.units import Unit

if TYPE_CHECKING:
    from tests.cli.conftest import Answer, Zhubao

CODE = "AU-102"  # two units under live leases of one household
_IDENTITY = "11010519491231002X"
_CHECK = ("audit", "check", "--only", CODE)
_CHARGE = ("--department", "保障科", "--responsible", "李四", "--deadline", "2020-09-30")


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    """A household with two live leases; nothing in audit.xlsx."""
    ledgers = tmp_path / "局" / "ledgers"
    ledgers.mkdir(parents=True)
    (ledgers / "zhubao.toml").write_text('bureau = "示范局"\nas_of = 2020-06-30\n', "utf-8")
    theme = load_theme()
    home: dict[str, Any] = {"household_no": "JT1", "applicant": "张小明", "identity_no": _IDENTITY}
    home |= {"size": 2, "tier": Tier.LOW_INCOME, "status": ProtectionStatus.IN_FORCE}
    lease = {"household_no": "JT1", "starts_on": dt.date(2018, 1, 1), "monthly_rent": 20_000}
    lease |= {"ends_on": dt.date(2022, 12, 31), "status": LeaseStatus.IN_FORCE}
    leases = [{**lease, "lease_no": f"HT{n}", "unit_no": f"U{n}"} for n in (1, 2)]
    units = [{"unit_no": f"U{n}", "estate": "甲小区", "building": "1"} for n in (1, 2)]
    write_ledger(ledgers / "tenants.xlsx", "tenants", {Household: [home], Lease: leases}, theme)
    write_ledger(ledgers / "units.xlsx", "units", {Unit: units}, theme)
    write_ledger(ledgers / "audit.xlsx", "audit", {}, theme)
    return ledgers.parent


def rows_of(bureau: Path, sheet: str) -> list[dict[str, Any]]:
    book = openpyxl.load_workbook(bureau / "ledgers" / "audit.xlsx", read_only=True)
    head, *rows = book[sheet].iter_rows(values_only=True)
    found = [dict(zip(map(str, head), row, strict=True)) for row in rows if any(row)]
    book.close()
    return found


def end_lease(bureau: Path, lease: str) -> None:
    """The clerk takes one unit back."""
    path = bureau / "ledgers" / "tenants.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["租赁合同"]
    head = {str(cell.value): place for place, cell in enumerate(sheet[1], 1)}
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, head["合同编号"]).value == lease:
            sheet.cell(row, head["退租日期"], dt.date(2020, 6, 10))
            sheet.cell(row, head["合同状态"], "已终止")
    book.save(path)


def codes(answer: Answer) -> list[str]:
    return [finding["code"] for finding in answer.json["findings"]]


def test_a_lead_goes_from_the_check_to_closure(zhubao: Zhubao, bureau: Path) -> None:
    def run(*words: str, code: int = 0) -> Answer:
        answer = zhubao("-C", bureau, *words, "--yes", "--json")
        assert answer.code == code, answer.err + answer.out
        return answer

    june = ("--as-of", "2020-06-01")
    found = run(*_CHECK, *june, "--write", code=1)  # a lead of error severity stands
    assert (found.json["facts"]["new"], found.json["facts"]["rows_added"]) == (1, 1)
    assert "张小明" not in found.out
    again = run(*_CHECK, *june, "--write", code=1)
    assert (again.json["facts"]["continuing"], again.json["facts"]["rows_added"]) == (1, 0)
    (lead,) = rows_of(bureau, "疑点")
    assert (lead["疑点编号"], lead["规则编号"], lead["家庭编号"]) == ("YD0001", CODE, "JT1")
    assert lead["证据"].startswith("tenants.xlsx!租赁合同!")
    assert codes(run("audit", "open", "YD0001", *_CHARGE, code=1)) == ["RT-102"]
    run("audit", "verify", "YD0001", "--by", "王五", "--date", "2020-06-01", "--text", "属实")
    run("audit", "open", "YD0001", *_CHARGE, "--date", "2020-06-02", "--remedy", "收回房屋")
    step = ("--date", "2020-06-10", "--action", "收回一套", "--households", "1")
    run("audit", "progress", "WT0001", *step)
    visit = ("--date", "2020-06-20", "--result", "整改到位", "--by", "赵六", "--evidence", "照片")
    run("audit", "follow-up", "WT0001", *visit)
    refused = run("audit", "close", "WT0001", code=1)
    assert codes(refused) == ["RT-121"]
    end_lease(bureau, "HT2")
    closed = run("audit", "close", "WT0001").json["facts"]
    assert (closed["verdict"], closed["overridden"]) == ("不再检出", False)
    (finding,) = rows_of(bureau, "问题清单")
    assert (finding["整改状态"], finding["核准人"]) == ("已销号", None)
    assert str(finding["销号日期"])[:10] == "2020-06-30"
    assert rows_of(bureau, "回访")[0]["规则复核通过"] == "是"
    last = zhubao("-C", bureau, *_CHECK, columns=80)
    assert last.code == 0
    assert "不再检出 1 条" in last.out
    assert max(map(display_width, last.out.splitlines())) <= 80


def test_one_of_the_samples_facts_is_replayed_by_commands(
    zhubao: Zhubao, sample: Path, tmp_path: Path
) -> None:
    """A subsidy wrongly drawn, 900 yuan, paid back in two parts: on a copy of the sample."""
    ledgers = tmp_path / "局" / "ledgers"
    ledgers.mkdir(parents=True)
    for name in ("tenants.xlsx", "audit.xlsx", "zhubao.toml"):
        shutil.copy(sample / "ledgers" / name, ledgers)
    root = ledgers.parent
    kind = ("--new", "--kind", "不符合条件享受", "--matter", "不符合条件领取租赁补贴")
    about = ("--household", "JT003007", "--amount", "900", "--found-by", "审计组")

    def run(*words: str) -> Answer:
        answer = zhubao("-C", root, "audit", *words, "--yes", "--json")
        assert answer.code == 0, answer.err + answer.out
        return answer

    run("open", *kind, *about, "--date", "2020-02-17", *_CHARGE)
    paid = ("progress", "WT0014", "--date", "2020-04-20", "--action", "退回", "--recovered")
    run(*paid, "600", "--voucher", "P1")
    run(*paid, "300", "--households", "1")
    visit = ("--date", "2020-05-25", "--result", "整改到位", "--by", "审计整改专班")
    run("follow-up", "WT0014", *visit, "--evidence", "缴款凭证")
    closed = run("close", "WT0014", "--date", "2020-05-25").json["facts"]["closed"]
    assert (closed["numerator"], closed["denominator"]) == (14, 14)
    row = rows_of(root, "问题清单")[-1]
    assert (row["整改状态"], row["已追回"], row["已整改户数"]) == ("已销号", 900, 1)
    assert [step["整改状态"] for step in rows_of(root, "整改记录")[-2:]] == ["整改中", "已整改"]


def test_words_that_make_no_sense_are_exit_code_2(zhubao: Zhubao, bureau: Path) -> None:
    for words in (
        ("check", "--only", "XX-1"),
        ("check", "--family", "别的"),
        ("check", "--since", "昨天"),
        ("check", "--yes"),
        ("open", *_CHARGE),
        ("open", "YD1", "--kind", "空置", *_CHARGE),
        ("verify", "YD9", "--by", "王五", "--text", "属实"),
        ("close", "WT9"),
    ):
        assert zhubao("-C", bureau, "audit", *words).code == 2, words


def test_the_checks_are_listed_with_their_basis(zhubao: Zhubao) -> None:
    listed = zhubao("audit", "list", "--family", "重复享受", "--json")
    rows = [row["values"] for row in listed.json["tables"][0]["rows"]]
    assert listed.code == 0
    assert CODE in {row["code"] for row in rows}
    assert all(row["basis"] for row in rows)


def test_an_amount_of_nothing_is_told_to_be_left_out(zhubao: Zhubao, bureau: Path) -> None:
    answer = zhubao(
        "-C", bureau, "audit", "progress", "WT0001", "--action", "x", "--recovered", "0"
    )
    assert answer.code == 2
    assert "不写 --recovered" in answer.err
