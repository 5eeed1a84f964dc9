"""Reports as web pages: values, sums, escaping, and nothing fetched from elsewhere."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from lxml import etree, html  # type: ignore[import-untyped, unused-ignore]

from zhubao.cli.output import save_report
from zhubao.core.errors import BureauError, OutputError
from zhubao.core.finding import Cell
from zhubao.core.period import Month
from zhubao.core.report import Chart, Column, Ratio, Report, Row, Table, ValueKind
from zhubao.render.html import html_page
from zhubao.render.html_charts import chart_svg
from zhubao.render.report_docx import report_document
from zhubao.render.terminal import print_report
from zhubao.render.wording import word

HOSTILE = "</td></style></script><script>alert('x')</script>\"&\ud800\x07"
SVG = "{http://www.w3.org/2000/svg}"


def texts(element: Any, path: str) -> list[str]:
    return [one.text_content() for one in element.xpath(path)]


def test_every_value_and_total_is_that_of_the_report(report: Report) -> None:
    page = html.fromstring(html_page(report))
    (table,) = page.xpath('//table[@id="t1"]')
    wanted = report.tables[0]
    assert texts(table, "./thead//th[@scope='col']") == [
        *(column.title for column in wanted.columns),
        "来源",
    ]
    lines = [*(row.values for row in wanted.rows), wanted.totals or ()]
    shown = table.xpath("./tbody/tr | ./tfoot/tr")
    assert len(shown) == len(lines) == 31
    for line, values in zip(shown, lines, strict=True):
        cells = [cell.xpath("string(text())") for cell in line.xpath("./th | ./td")]
        kinds = [column.kind for column in wanted.columns]
        assert cells[:-1] == [word(*pair) for pair in zip(values, kinds, strict=True)]
    owed = [text.replace(",", "") for text in texts(table, "./tbody/tr/td[2]")]
    (total,) = texts(table, "./tfoot/tr/td[2]")
    assert sum(round(float(one) * 100) for one in owed) == round(
        float(total.replace(",", "")) * 100
    )
    assert texts(table, "./tbody/tr[3]/td[4]/small") == ["（2/4）"]


def test_rows_name_their_sources_and_carry_their_emphasis(report: Report) -> None:
    page = html.fromstring(html_page(report))
    (row,) = page.xpath('//table[@id="t1"]/tbody/tr[7]')
    assert row.get("class") == "error"
    (source,) = row.xpath("./td[@class='s']")
    assert source.text == "arrears.xlsx!应收!F8（共 2 处）"
    assert source.get("title") == "arrears.xlsx!实收!D8"
    assert texts(page, '//table[@id="t1"]//th[@scope="row"]')[0] == "430102199001010000"


def test_findings_stand_by_severity_with_what_to_do(report: Report) -> None:
    page = html.fromstring(html_page(report))
    assert texts(page, "//section[@id='findings']/p") == ["错误 3 条，警告 1 条"]
    assert page.xpath("//details/@class") == ["error", "warning"]
    errors = texts(page, "//details[@class='error']//tbody/tr")
    assert [one[: one.index("TT")] for one in errors] == [
        "全局",
        "tenants.xlsx!保障家庭!G3",
        "tenants.xlsx!保障家庭!G12",
    ]
    assert "对照户口簿改正后重跑" in errors[0]


def test_text_from_a_ledger_never_becomes_markup() -> None:
    columns = (Column("a", HOSTILE, note=HOSTILE), Column("b", "数", ValueKind.COUNT))
    row = Row((HOSTILE, 1), (Cell(HOSTILE, HOSTILE, "A1"),) * 2)
    charts = (Chart("column", HOSTILE, "a", ("b",)), Chart("pie", HOSTILE, "a", ("b",)))
    table = Table(
        HOSTILE, HOSTILE, columns, (row,), (HOSTILE, 1), notes=(HOSTILE,), charts=charts,
        signatures=(HOSTILE,),
    )  # fmt: skip
    report = Report(
        "x", HOSTILE, HOSTILE, period=HOSTILE, tables=(table,), notes=(HOSTILE,),
        references=(HOSTILE,),
    )  # fmt: skip
    text = html_page(report)
    text.encode("utf-8")
    assert text.count("<script>") == text.count("</script>") == 1
    assert text.count("</style>") == 1
    said = "</td></style></script><script>alert('x')</script>\"&"
    page = html.fromstring(text)
    assert texts(page, "//tbody//th")[0].startswith(said)
    assert page.xpath("//tbody//td[@class='s']/@title")[0].startswith(said)
    assert all(one.startswith(said) for one in texts(page, "//section[@id='notes']//li"))


def test_the_page_fetches_nothing_and_allows_its_own_script_only(report: Report) -> None:
    text = html_page(report)
    assert not re.search(r"""(?:src|href)=(?!"#)|@import|url\(|https?:""", text)
    script = text[text.index("<script>") + 8 : text.index("</script>")]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text
    assert "</main>" in text[: text.index("<script>")]  # everything to read stands before it


def test_the_same_report_gives_the_same_page(report: Report) -> None:
    assert html_page(report) == html_page(replace(report))


@pytest.mark.parametrize("kind", ["column", "bar", "line", "pie"])
@pytest.mark.parametrize("stacked", [False, True])
def test_a_chart_names_every_value_it_draws(kind: str, stacked: bool) -> None:
    columns = (Column("a", "小区"), *(Column(k, k, ValueKind.MONEY) for k in ("甲", "乙")))
    rows = tuple(Row((f"第{n}区", 20_000_000 * n, -5 * n if n else None)) for n in range(3))
    chart = Chart(kind, "各区<结欠>", "a", ("甲", "乙"), stacked)
    drawn = chart_svg(Table("t", "表", columns, rows), chart, "k")
    svg = etree.fromstring(drawn.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))
    assert svg.get("role") == "img"
    assert svg.findtext(f"{SVG}title") == "各区<结欠>"
    said = [one.text for one in svg.iterfind(f".//*/{SVG}title")]
    assert "第2区　甲　400,000.00" in said
    assert ("第2区　乙　-0.10" in said) == (kind != "pie")
    assert not re.search(r"nan|inf", drawn)


def test_a_chart_says_what_it_leaves_out_and_draws_nothing_from_nothing() -> None:
    columns = (Column("a", "户"), Column("b", "数", ValueKind.COUNT))
    chart = Chart("column", "图", "a", ("b",))
    rows = tuple(Row((str(n), 0)) for n in range(100))
    drawn = chart_svg(Table("t", "表", columns, rows), chart, "k")
    assert drawn.count("<rect") == 40
    assert "只画出前 40 项，另有 60 项见表" in drawn
    assert chart_svg(Table("t", "表", columns, ()), chart, "k") == ""


def test_empty_tables_and_reports_are_pages_too() -> None:
    table = Table("t", "空表", (Column("a", "甲"), Column("b", "乙")), ())
    assert "（没有记录）" in html_page(Report("x", "空", "局", tables=(table,)))
    assert "<h1>空</h1>" in html_page(Report("x", "空", "局"))


def test_long_tables_take_seconds(report_of: Callable[..., Report]) -> None:
    report = report_of(5_000)
    start = time.perf_counter()
    text = html_page(report)
    assert time.perf_counter() - start < 5  # a tenth of it on an idle machine
    assert text.count("<tr") == 5_000 + 2 + 2 + 4


def test_a_bureau_may_have_its_own_style_sheet(report: Report, tmp_path: Path) -> None:
    (tmp_path / "report.css").write_text("h1{color:red}</style>", encoding="utf-8")
    (tmp_path / "workbook.toml").write_text('[colours]\nborder = "#123456"\n', encoding="utf-8")
    text = html_page(report, templates=tmp_path)
    assert "h1{color:red}" in text
    assert "--border:#123456" in text
    assert text.count("</style>") == 1
    (tmp_path / "workbook.toml").write_text("[colours]\nborder = 1\n", encoding="utf-8")
    with pytest.raises(BureauError):
        html_page(report, templates=tmp_path)


@pytest.mark.parametrize("suffix", [".xlsx", ".docx", ".html", ".HTML"])
def test_a_report_is_saved_as_its_suffix_says(report: Report, tmp_path: Path, suffix: str) -> None:
    path = save_report(report, tmp_path / "新" / f"欠租{suffix}", tmp_path)
    start = {".xlsx": b"PK", ".docx": b"PK"}.get(suffix, b"<!doctype html>")
    assert path.read_bytes().startswith(start)


def test_another_suffix_is_refused_by_name(report: Report, tmp_path: Path) -> None:
    with pytest.raises(OutputError) as refused:
        save_report(report, tmp_path / "欠租.pdf", tmp_path)
    assert all(suffix in refused.value.advice for suffix in (".xlsx", ".docx", ".html"))
    assert not list(tmp_path.iterdir())


VALUES: tuple[tuple[ValueKind, Any, str], ...] = (
    (ValueKind.TEXT, "=北辰<中央>", "=北辰<中央>"),
    (ValueKind.IDENTITY, "430102199001010004", "430102199001010004"),
    (ValueKind.COUNT, 12345, "12,345"),
    (ValueKind.NUMBER, 1045.25, "1,045.25"),
    (ValueKind.MONEY, -123456, "-1,234.56"),
    (ValueKind.DATE, dt.date(2020, 6, 30), "2020-06-30"),
    (ValueKind.MONTH, Month.of(2020, 6), "2020-06"),
    (ValueKind.POINTS, -7.8, "-7.80"),
    (ValueKind.RATIO, Ratio(123, 125), "98.40%"),
    (ValueKind.RATIO, Ratio(1, 0), "—"),
)


def test_a_value_reads_the_same_on_every_surface(
    printed: Callable[..., list[str]], tmp_path: Path
) -> None:
    columns = tuple(Column(f"c{n}", f"列{n}", kind) for n, (kind, _, _) in enumerate(VALUES))
    table = Table("t", "表", columns, (Row(tuple(value for _, value, _ in VALUES)),))
    report = Report("x", "题", "局", tables=(table,))
    wanted = [text for _, _, text in VALUES]

    lines = printed(print_report, report, width=300)
    line = next(one for one in lines if "北辰" in one)
    assert [part.split("（")[0] for part in re.split(r"\s{2,}", line)] == wanted
    book = openpyxl.load_workbook(save_report(report, tmp_path / "a.xlsx", tmp_path))
    assert _without_parts([_as_excel_shows(cell) for cell in book["表"][4]]) == wanted
    page = html.fromstring(html_page(report))
    cells = page.xpath("//tbody/tr/*")
    assert [cell.xpath("string(text())") for cell in cells] == wanted
    word_table = Document(io.BytesIO(report_document(report, landscape=True))).tables[0]
    assert [cell.text.split("\n")[0] for cell in word_table.rows[1].cells] == wanted


def _as_excel_shows(cell: Any) -> str:
    formats: dict[str, Callable[[Any], str]] = {
        "#,##0": "{:,}".format,
        "#,##0.00": "{:,.2f}".format,
        "0.00%": "{:.2%}".format,
        "yyyy-mm-dd": "{:%Y-%m-%d}".format,
        "yyyy-mm": "{:%Y-%m}".format,
    }
    return formats.get(cell.number_format, str)(cell.value) if cell.data_type != "s" else cell.value


def _without_parts(shown: list[str]) -> list[str]:
    """A sheet has both numbers of each ratio in columns of their own."""
    return [*shown[:9], shown[11]]


@pytest.mark.parametrize(
    ("stocks_on", "said", "unsaid"),
    [
        (dt.date(2020, 5, 31), "期末数截至2020年5月31日（台账截止2020年6月30日）", "2020-06-30"),
        (dt.date(2020, 6, 30), "2020-06-30", "期末数"),
        (dt.date(2020, 12, 31), "2020-06-30", "期末数"),  # the period has not ended
        (None, "2020-06-30", "期末数"),
    ],
)
def test_a_period_that_ended_before_the_cut_off_says_so_on_every_surface(
    printed: Callable[..., list[str]],
    tmp_path: Path,
    stocks_on: dt.date | None,
    said: str,
    unsaid: str,
) -> None:
    table = Table("t", "表", (Column("a", "甲"),), (Row(("子",)),))
    report = Report("x", "题", "局", dt.date(2020, 6, 30), tables=(table,), stocks_on=stocks_on)
    book = openpyxl.load_workbook(save_report(report, tmp_path / "a.xlsx", tmp_path))
    paper = Document(io.BytesIO(report_document(report, landscape=False)))
    page = html.fromstring(html_page(report))
    for words in (
        printed(print_report, report)[1],
        book["表"]["A2"].value,
        paper.paragraphs[1].text,
        page.xpath("string(//p[@class='circumstances'])"),
    ):
        assert said in words
        assert unsaid not in words


def test_a_phone_leaves_out_a_column_and_keeps_the_next_in_sight() -> None:
    columns = (Column("a", "条线", on_phone=False), Column("b", "指标"))
    table = Table("t", "表", columns, (Row(("房源", "入住率")),))
    text = html_page(Report("x", "题", "局", tables=(table,)))
    phone = "@media(max-width:40rem)"
    assert f"{phone}{{#t1 :is(td,th):nth-child(1){{display:none}}}}" in text
    assert f"{phone}{{#t1 tr>:nth-child(2){{position:sticky;left:0" in text
