"""`zhubao subsidy staff` and `zhubao contractor` as a clerk runs them on the sample bureau."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from zhubao.core.width import display_width

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao

HALF = ("--period", "2020-H1")


@pytest.fixture
def bureau(sample: Path, tmp_path: Path) -> Path:
    """Only the sample's two workbooks that are written to; the other sheets count as empty."""
    ledgers = tmp_path / "示范局" / "ledgers"
    ledgers.mkdir(parents=True)
    for name in ("subsidies.xlsx", "services.xlsx", "zhubao.toml"):
        shutil.copy(sample / "ledgers" / name, ledgers)
    return ledgers.parent


def rows_of(bureau: Path, workbook: str, sheet: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(bureau / "ledgers" / workbook, read_only=True)
    return list(book[sheet].iter_rows(values_only=True))


def test_the_half_year_of_the_staff_subsidy_comes_out(zhubao: Zhubao, sample: Path) -> None:
    """22 employers, 960 households, above the half-year target."""
    answer = zhubao("-C", sample, "subsidy", "staff", "report", *HALF, "--json")
    facts = answer.json["facts"]
    assert answer.code == 0
    assert (facts["approved_employers"], facts["approved_households"]) == (22, 960)
    assert (facts["half_year"]["target"], facts["half_year"]["reached"]) == ("900", True)
    assert (facts["annual"]["target"], facts["annual"]["on_time"]) == ("1800", True)
    tables = {table["key"]: table for table in answer.json["tables"]}
    assert len(tables["employers"]["rows"]) == 22
    assert all("*" in row["values"]["name"] for row in tables["approved"]["rows"])


def test_a_file_is_returned_listed_completed_and_approved(
    zhubao: Zhubao, bureau: Path, tmp_path: Path
) -> None:
    def staff(*words: str | Path) -> Any:
        return zhubao("-C", bureau, "subsidy", "staff", *words)

    number = "ZB000961"
    assert staff("return", number, "--missing", "购房发票", "--yes").code == 0
    paper = tmp_path / "补正.docx"
    listed = staff("incomplete", "--out", paper)
    assert number in listed.out
    assert "购房发票" in listed.out
    assert paper.exists()
    refused = staff("approve", number, "--yes")
    assert refused.code == 1
    assert "SB-221" in refused.out
    assert staff("complete", number, "--yes").code == 0
    day = "2020-07-01"
    assert staff("approve", number, "--amount", "26400", "--date", day, "--yes").code == 0
    row = next(r for r in rows_of(bureau, "subsidies.xlsx", "职工住房补贴") if r[0] == number)
    assert (row[10], row[14], row[15]) == (26400, "已审批", dt.datetime(2020, 7, 1))
    assert row[18] == "2020-06-30 补齐：购房发票"
    assert staff("approve", number, "--yes").code == 1  # SB-220: approved already
    assert staff("approve", "没有").code == 2


def test_the_score_uses_the_same_numbers_as_the_rent_line(zhubao: Zhubao, sample: Path) -> None:
    """Collection as `rent arrears` settles it; the half-year's own counts beside it."""
    score = zhubao("-C", sample, "contractor", "score", *HALF, "--json").json
    few = ("--min-months", "60", "--json")
    rent = zhubao("-C", sample, "rent", "arrears", *HALF, *few).json["facts"]
    items = score["facts"]["items"]
    for code, rate in (("QZ", "old_debt_recovery_rate"), ("DQ", "current_collection_rate")):
        numbers = {name: items[code][name] for name in ("numerator", "denominator")}
        assert numbers.items() <= rent[rate].items()
    assert (items["XC"]["numerator"], items["TF"]["numerator"]) == (1983, 20)
    assert (items["TS"]["numerator"], items["AQ"]["numerator"]) == (21, 2)
    assert (items["KZ"]["denominator"], items["KZ"]["actual"], items["KZ"]["score"]) == (
        2, "50.00", "6.3",
    )  # fmt: skip
    assert (score["facts"]["full"], score["facts"]["total"]) == ("100", "81.7")


def test_a_scored_quarter_is_compared_and_left_alone(zhubao: Zhubao, bureau: Path) -> None:
    before = (bureau / "ledgers" / "services.xlsx").read_bytes()
    words = ("contractor", "score", "--period", "2020-Q1", "--write", "--yes")
    answer = zhubao("-C", bureau, *words, columns=80)
    assert answer.code == 0
    assert "CO-103" in answer.out
    assert "4 项没有改写" in answer.out
    assert max(map(display_width, answer.out.splitlines())) <= 80
    assert (bureau / "ledgers" / "services.xlsx").read_bytes() == before


def test_a_new_period_is_written_once_and_ranked(
    zhubao: Zhubao, bureau: Path, tmp_path: Path
) -> None:
    with (bureau / "ledgers" / "zhubao.toml").open("a", encoding="utf-8") as file:
        file.write(
            "\n[[policy.contractor.payment_bands.values]]\nvalid_from = 2020-01-01\n"
            'value = [{ at_least = 70, share = 80 }]\nsource = "服务合同"\n'
            "[[policy.contractor.operators.values]]\nvalid_from = 2020-01-01\n"
            'value = { "星河物业服务中心" = { monthly_fee = "1000" } }\nsource = "服务合同"\n'
        )
    words = ("contractor", "score", *HALF, "--write", "--scorer", "李科长")
    out = tmp_path / "评分.xlsx"
    first = zhubao("-C", bureau, *words, "--yes", "--out", out, "--json").json["facts"]
    assert (first["applied"], first["already_scored"]) == (True, 0)
    assert (
        len([r for r in rows_of(bureau, "services.xlsx", "购买服务考核") if r[1] == "2020-H1"]) == 8
    )
    again = zhubao("-C", bureau, *words, "--dry-run", "--json").json["facts"]
    assert (again["applied"], again["already_scored"]) == (False, 8)
    ranked = zhubao("-C", bureau, "contractor", "report", *HALF, "--json").json["facts"]
    standing = ranked["operators"]["星河物业服务中心"]
    assert (standing["rank"], standing["points"], standing["due"]) == (1, "100.0", "4800.00")
    assert "评分" in openpyxl.load_workbook(out, read_only=True).sheetnames[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("contractor", "score", "--period", "上半年"), "期间"),
        (("contractor", "score", *HALF, "--operator", "没有这家"), "没有运营单位"),
        (("contractor", "score", "--period", "2021-Q1"), "之后"),
        (("subsidy", "staff", "report", *HALF, "--round", "第九轮"), "第九轮"),
        (("subsidy", "staff", "approve", "ZB000961", "--amount", "许多"), "金额"),
    ],
)
def test_words_that_make_no_sense_are_exit_code_2(
    zhubao: Zhubao, bureau: Path, words: tuple[str, ...], said: str
) -> None:
    answer = zhubao("-C", bureau, *words)
    assert answer.code == 2
    assert said in answer.err
