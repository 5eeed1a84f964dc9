"""Reports and findings on a terminal."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from zhubao.core.finding import Finding
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.core.width import display_width
from zhubao.render.terminal import (
    make_console,
    print_findings,
    print_findings_summary,
    print_report,
    print_table,
)

Printed = Callable[..., list[str]]


def line_with(lines: list[str], word: str) -> str:
    return next(line for line in lines if word in line)


@pytest.mark.parametrize("width", [50, 80, 100, 140, 200])
def test_no_line_is_wider_than_the_terminal(report: Report, printed: Printed, width: int) -> None:
    assert max(map(display_width, printed(print_report, report, width=width))) <= width


def test_eighty_columns_show_level_1_and_a_wide_terminal_level_2(
    report: Report, printed: Printed
) -> None:
    narrow = line_with(printed(print_report, report), "家庭编号").split()
    wide = line_with(printed(print_report, report, width=140), "家庭编号").split()
    assert narrow == ["家庭编号", "小区", "结欠", "欠租月数", "收缴率"]
    assert wide == [*narrow, "最早欠租月", "最近缴款", "建议"]


def test_a_terminal_too_narrow_names_what_it_leaves_out(report: Report, printed: Printed) -> None:
    lines = printed(print_report, report, width=50)
    assert "收缴率" not in line_with(lines, "家庭编号")
    assert "收缴率" in line_with(lines, "屏幕太窄")


def test_numbers_are_set_right_and_chinese_counts_double(report: Report, printed: Printed) -> None:
    lines = printed(print_report, report)
    header, row = line_with(lines, "家庭编号"), line_with(lines, "1,000.05")

    def end(line: str, word: str) -> int:
        return display_width(line[: line.index(word) + len(word)])

    assert end(header, "结欠") == end(row, "1,000.05")
    assert end(header, "欠租月数") == display_width(row[: row.index("50.00%")].rstrip())


def test_a_number_with_its_unit_stands_flush_right_and_is_never_cut(printed: Printed) -> None:
    columns = (Column("a", "指标"), Column("b", "本期", flush_right=True), Column("c", "完"))
    rows = (Row(("租" * 30, "1,197,100.00 元", "."), ()), Row(("套", "2 套", ".")))
    report = Report("x", "题", "局", tables=(Table("t", "表", columns, rows),))
    lines = printed(print_report, report)
    ends = {display_width(line_with(lines, one).removesuffix("  .")) for one in (" 元", "2 套")}
    assert len(ends) == 1
    assert "1,197,100.00 元" in line_with(printed(print_report, report, width=30), "元")


def test_ratios_carry_both_numbers_where_there_is_room(report: Report, printed: Printed) -> None:
    assert "50.00%（5/10）" in "\n".join(printed(print_report, report))
    tight = printed(print_report, report, width=62)
    assert "50.00%" in "\n".join(tight)
    assert "（5/10）" not in "\n".join(tight)


def test_a_ratio_without_denominator_is_a_dash(printed: Printed) -> None:
    table = Table("t", "表", (Column("r", "率", ValueKind.RATIO),), (Row((Ratio(0, 0),)),))
    assert printed(print_table, table)[-1].strip() == "—（0/0）"


def test_only_the_rows_to_be_shown_are_shown(
    report_of: Callable[..., Report], printed: Printed
) -> None:
    report = report_of(30, shown=10)
    lines = printed(print_report, report)
    assert sum("北辰" in line for line in lines) == 10
    assert "……其余 20 行加 --all 查看" in lines
    everything = printed(print_report, report, show_all=True)
    assert sum("北辰" in line for line in everything) == 30
    assert not any("--all" in line for line in everything)


def test_a_table_of_no_rows_shown_is_left_out(
    report_of: Callable[..., Report], printed: Printed
) -> None:
    assert "欠租户" not in printed(print_report, report_of(30, shown=0))
    assert "欠租户" in printed(print_report, report_of(30, shown=0), show_all=True)


def test_totals_stand_below_a_rule_and_notes_below_them(report: Report, printed: Printed) -> None:
    lines = printed(print_report, report)
    place = lines.index(line_with(lines, "合计"))
    assert set(lines[place - 1]) == {"─"}
    assert "30,004.35" in lines[place]
    assert lines[place + 1 : place + 3] == ["注：满6个月的以红色标出。", "注：由台账计算。"]


def test_a_hint_names_the_columns_a_wider_window_shows(report: Report, printed: Printed) -> None:
    (table,) = report.tables
    (said,) = [line for line in printed(print_table, table, hint=True) if "窗口加宽到" in line]
    width = int(said.split("加宽到")[1].split()[0])
    assert said.endswith("列可见：最早欠租月、最近缴款、建议）")
    assert "建议" in " ".join(printed(print_table, table, hint=True, width=width)[:2])
    assert "窗口加宽到" not in "".join(printed(print_table, table, hint=True, width=width))
    assert "窗口加宽到" not in "".join(printed(print_table, table))


def test_an_empty_table_says_so(report_of: Callable[..., Report], printed: Printed) -> None:
    assert "（没有记录）" in printed(print_report, report_of(0))


def test_there_are_no_colour_codes_in_a_pipe_and_some_on_a_terminal(report: Report) -> None:
    for terminal in (False, True):
        stream = io.StringIO()
        print_report(report, console=Console(file=stream, width=80, force_terminal=terminal))
        assert ("\x1b[" in stream.getvalue()) is terminal


def test_ledger_text_can_neither_steer_the_terminal_nor_style_it(printed: Printed) -> None:
    columns = (Column("a", "甲"),)
    rows = (Row(("\x1b[31m红\n色",)), Row(("[bold]粗[/bold] :smile:",)))
    lines = printed(print_table, Table("t", "表", columns, rows))
    assert lines[-2:] == ["[31m红 色", "[bold]粗[/bold] :smile:"]


def test_findings_are_grouped_with_place_severity_code_and_advice(
    report: Report, printed: Printed
) -> None:
    assert printed(print_findings, report.findings) == [
        "全局　错误 1 条",
        "错误 TT-104  校验位不符（填写：?）",
        "      怎么办：对照户口簿改正后重跑",
        "tenants.xlsx!保障家庭　错误 2 条",
        "tenants.xlsx!保障家庭!G3  错误 TT-104  校验位不符（填写：4301…9999）",
        "      怎么办：对照户口簿改正后重跑",
        "tenants.xlsx!保障家庭!G12  错误 TT-104  校验位不符（填写：4301…1234）",
        "units.xlsx!房源　警告 1 条",
        "units.xlsx!房源!J3  警告 TT-301  面积 450 平方米",
        "      怎么办：核对房产证",
        "共 4 条：错误 3 条，警告 1 条",
    ]


def test_findings_beyond_the_limit_are_counted(report: Report, printed: Printed) -> None:
    lines = printed(print_findings, report.findings, limit=2)
    assert sum("TT-" in line for line in lines) == 2
    assert lines[-2:] == ["……其余 2 条加 --all 查看", "共 4 条：错误 3 条，警告 1 条"]


def test_a_long_message_wraps_under_its_own_indent(report: Report, printed: Printed) -> None:
    lines = printed(print_findings, report.findings, width=50)
    place = lines.index(line_with(lines, "!G12"))
    assert lines[place + 1].startswith("      ")
    assert max(map(display_width, lines)) <= 50


def test_no_findings_is_said(printed: Printed) -> None:
    assert printed(print_findings, list[Finding]()) == ["没有发现问题"]


def test_the_summary_counts_each_code_worst_first(report: Report, printed: Printed) -> None:
    lines = printed(print_findings_summary, report.findings)
    assert [line.split() for line in lines[3:5]] == [
        ["错误", "TT-104", "号码有误", "3"],
        ["警告", "TT-301", "面积偏大", "1", "units.xlsx!房源!J3"],
    ]


def test_a_terminal_of_ascii_gets_an_ascii_rule(report: Report) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="gbk", errors="replace")
    print_report(report, console=Console(file=stream, width=80))
    stream.flush()
    text = stream.buffer.getvalue().decode("gbk")
    assert "-" * 40 in text
    assert "─" not in text


def test_the_usual_console_leaves_text_alone(capsys: pytest.CaptureFixture[str]) -> None:
    make_console(stderr=True).print("[bold]12[/bold] :smile:")
    assert capsys.readouterr().err == "[bold]12[/bold] :smile:\n"
