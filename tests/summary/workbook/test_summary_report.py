"""The half-year of the sample as workbook: values, explanations, problems, and read back again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from zhubao.core.period import Period
from zhubao.core.report import Ratio, Report
from zhubao.core.theme import load_theme
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.work_calendar import calendar_of
from zhubao.render.html import html_page
from zhubao.render.xlsx import write_xlsx
from zhubao.summary.indicators.figures import Scope
from zhubao.summary.problems.rules import Problem, Weight, find_problems, problem_models
from zhubao.summary.reconcile.checks import (
    Outcome,
    Reconciled,
    open_questions,
    reconcile,
    reconcile_models,
)
from zhubao.summary.summary import SUMMARY_MODELS, Summary, compute_summary
from zhubao.summary.workbook.printed import compare_printed
from zhubao.summary.workbook.printed_page import compare_page
from zhubao.summary.workbook.report import kind_of, summary_report

ROOT = Path(__file__).resolve().parents[3]
HALF_YEAR, LAST_DAY = Period.parse("2020-H1"), dt.date(2020, 6, 30)


@dataclass(frozen=True)
class Made:
    summary: Summary
    problems: tuple[Problem, ...]
    reconciled: tuple[Reconciled, ...]
    report: Report

    def problem(self, code: str) -> Problem:
        return next(one for one in self.problems if one.code == code)

    def pair(self, code: str) -> Reconciled:
        return next(one for one in self.reconciled if one.code == code)


@pytest.fixture(scope="module")
def made() -> Made:
    bureau = open_bureau(ROOT)
    models = dict.fromkeys((*SUMMARY_MODELS, *problem_models(), *reconcile_models()))
    loaded, calendar = bureau.load(*models), calendar_of(bureau)
    summary = compute_summary(loaded, HALF_YEAR, LAST_DAY, bureau="某区", calendar=calendar)
    scope = Scope(loaded, HALF_YEAR, LAST_DAY, calendar=calendar)
    problems = find_problems(loaded, summary, LAST_DAY, scope=scope)
    reconciled = reconcile(summary, scope)
    return Made(summary, problems, reconciled, summary_report(summary, scope, problems, reconciled))


def test_every_value_stands_in_the_tables_and_is_read_back_from_the_workbook(
    made: Made, tmp_path: Path
) -> None:
    path = tmp_path / "小结.xlsx"
    write_xlsx(made.report, path, load_theme(), source_root=ROOT / "ledgers")
    assert compare_printed(made.report, path) == ()
    values = made.report.facts["values"]
    assert values["supply.raised"] == 2113
    assert values["units.occupancy"] == Ratio(2003, 2071)

    wrong = replace(made.report, facts={"values": {**values, "supply.raised": 2112, "no.such": 1}})
    assert [one.code for one in compare_printed(wrong, path)] == ["SM-301", "SM-302"]

    table = made.report.table("amounts")
    row = table.rows[0]
    changed = [1 if value == 119_710_000 else value for value in row.values]
    other = replace(table, rows=[replace(row, values=tuple(changed)), *table.rows[1:]])
    tables = tuple(other if one is table else one for one in made.report.tables)
    found = compare_printed(replace(made.report, tables=tables), path)
    assert {(one.code, str(one.where)) for one in found} == {
        ("SM-301", "小结.xlsx"),
        ("SM-301", "小结.xlsx!金额指标!C4"),
    }


def test_the_page_has_the_charts_and_every_indicator(made: Made) -> None:
    page = html_page(made.report)
    charts = [chart for table in made.report.tables for chart in table.charts]
    assert page.count("<svg") == len(charts) >= 8
    assert {"supply_raised_channel", "rent_months", "rent_owed_estate"} <= {
        table.key for table in made.report.tables if table.charts
    }
    assert all(one.figure.title in page for one in made.summary.values.values())


def test_what_an_indicator_means_is_told_with_a_worked_example(made: Made) -> None:
    table = made.report.table("definitions")
    code, example = table.index_of("code"), table.index_of("example")
    printed = {row.values[code]: row.values[example] for row in table.rows}
    assert printed == {key: one.figure.example for key, one in made.summary.values.items()}
    assert html_page(made.report).count("305 套、7月1日筹集 40 套") == 1


def _without(page: str, row: str) -> str:
    begin = page.index(f'<tr><th scope="row">{row}<')
    end = page.index("</tr>\n", begin) + len("</tr>\n")
    return page[:begin] + page[end:]


def _swapped(page: str) -> str:
    first, second, mark = '">房源筹集</th>', '">房源调配</th>', '">\ue000</th>'
    return page.replace(first, mark, 1).replace(second, first, 1).replace(mark, second, 1)


@pytest.mark.parametrize(
    ("doctor", "code", "said"),
    [
        (lambda page: page.replace(">1,197,100.00<", ">1,197,100.01<", 1), "SM-301", "…00.01"),
        (lambda page: page.replace("（2,003/", "（2,008/", 1), "SM-301", "2,008"),
        (lambda page: page.replace("96.72%", "96.27%", 1), "SM-301", "96.27%"),
        (lambda page: _without(page, "房源筹集"), "SM-301", "行数"),
        (_swapped, "SM-301", "房源调配"),
        (lambda page: page.replace('<table id="t2">', "<table>", 1), "SM-302", "整张表"),
        (
            lambda page: page.replace('class="n">2020年上半年<', 'class="n">2019年上半年<', 1),
            "SM-302",
            "表头",
        ),
    ],
)
def test_a_page_with_a_number_a_row_or_a_table_otherwise_is_found_out(
    made: Made, tmp_path: Path, doctor: Callable[[str], str], code: str, said: str
) -> None:
    path, page = tmp_path / "指标.html", html_page(made.report)
    path.write_text(page, encoding="utf-8")
    assert compare_page(made.report, path) == ()

    doctored = doctor(page)
    assert doctored != page
    path.write_text(doctored, encoding="utf-8")

    found = compare_page(made.report, path)
    assert {one.code for one in found} == {code}
    assert said.removeprefix("…") in found[0].message


def test_sources_name_every_cell_of_every_value(made: Made) -> None:
    rows = [one for one in made.report.table("sources").rows if one.values[0] == "supply.raised"]
    assert [str(cell) for row in rows for cell in row.sources] == ["units.xlsx!房源筹集!E2:E13"]
    named = {row.values[0] for row in made.report.table("sources").rows}
    assert {
        code for code, one in made.summary.values.items() if one.measured and one.measured.sources
    } == named


def test_everything_on_the_sample_agrees_or_is_explained(made: Made) -> None:
    assert open_questions(made.reconciled) == ()
    holds = {one.code for one in made.reconciled if one.holds}
    assert {
        "supply.channels",
        "dispatch.types",
        "waiting.movement",
        "rent.identity",
        "units.households",
        "subsidy.communities",
    } <= holds


@pytest.mark.parametrize(
    ("code", "left", "right", "steps"),
    [
        ("rent.remitted", 124_343_000, 119_710_000, ("339,116.83", "143,379.48", "528,826.31")),
        ("waiting.entrants", 337, 322, ("317 户进入", "5 户没有参加", "又批准 20 户")),
        ("allocation.entrants", 362, 337, ("签约 290 户", "又签约 72 户")),
        ("allocation.opening", 362, 322, ("在册的 317 户", "新批准的 45 户")),
        ("subsidy.in_force", 909, 923, ("3 户是本期新批准", "11 户没有签到")),
    ],
)
def test_numbers_that_look_contradictory_are_printed_with_every_step_between_them(
    made: Made, code: str, left: int, right: int, steps: tuple[str, ...]
) -> None:
    pair = made.pair(code)
    assert (pair.left, pair.right, pair.outcome) == (left, right, Outcome.EXPLAINED)
    assert all(step in pair.explanation for step in steps)
    printed = [row.values for key in ("reconciled", "reconciled_money") for row in
               made.report.table(key).rows]  # fmt: skip
    assert any(pair.title in values and pair.explanation in values for values in printed)


def test_the_problems_of_the_sample_carry_figures_a_plan_and_cells(made: Made) -> None:
    assert made.problem("cooperation.few").sentence.startswith(
        "仍在合作的开发商只有 5 家，合作期限 2—3"
    )
    vacant = made.problem("units.long_vacant")
    assert (vacant.count, vacant.whole, len(vacant.cells)) == (25, 2071, 25)
    assert all(one.plan and one.sentence.endswith("。") and one.cells for one in made.problems)
    assert made.problem("safety.open").severity is Weight.LOW
    in_time = {"targets.behind", "cases.open", "violations.open"}
    assert in_time.isdisjoint(one.code for one in made.problems)


def test_the_report_says_what_kind_of_period_it_is_of() -> None:
    labels = ("2020-06", "2020-Q2", "2020-H1", "2020", "2020-01-05..2020-02-03")
    assert [kind_of(Period.parse(one)) for one in labels] == [
        "month",
        "quarter",
        "half_year",
        "year",
        "period",
    ]
