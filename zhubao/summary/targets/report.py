"""The targets as a report: both targets, what is done, the share of the time, what is behind."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from zhubao.audit.trace.places import compact
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.summary.targets.board import TargetBoard, TargetLine
from zhubao.summary.targets.progress import Progress
from zhubao.summary.targets.standing import Standing, standing, tally

_NUMBER, _RATIO = ValueKind.NUMBER, ValueKind.RATIO


def targets_report(board: TargetBoard, *, bureau: str = "", origin: str = "") -> Report:
    """One table per span: to 30 June, and the whole year; a row that is behind is emphasised."""
    year = board.day.year
    return Report(
        code="summary.targets",
        title=f"{year}年目标任务进度",
        bureau=bureau,
        as_of=board.day,
        period=f"{year}-01-01 至 {board.day}",
        tables=(
            _table("half_year", "半年目标", board),
            _table("annual", "年度目标", board),
        ),
        notes=tuple(_notes(board, origin)),
        findings=board.findings,
        facts={
            "year": year,
            "behind": [one.target.row.indicator_code for one in board.behind],
            "targets": [_fact(one) for one in board.lines],
        },
    )


def _table(key: str, title: str, board: TargetBoard) -> Table:
    half = key == "half_year"
    columns = (
        Column("title", "目标任务"),
        Column("unit", "单位"),
        Column("target", "目标", _NUMBER),
        Column("done", "完成", _NUMBER, note="1 月 1 日起；金额按目标的单位"),
        Column("rate", "完成率", _RATIO, note="完成 ÷ 目标"),
        Column("elapsed", "时间进度", _RATIO, note="已过天数 ÷ 全部天数，含首尾两天"),
        Column("state", "情况"),
        Column("short", "差多少", _NUMBER, note="落后的：按时间应完成 减 完成"),
        Column("due", "按时间应完成", _NUMBER, 2, note="目标 × 时间进度；户数、套数进到整数"),
        Column("department", "责任部门", level=2),
        Column("code", "指标编号", level=2),
        Column("figure", "对应的指标", level=3),
        Column("definition", "怎么算", level=3, width=60),
    )
    return Table(key, title, columns, [_row(one, half) for one in board.lines])


def _row(line: TargetLine, half: bool) -> Row:
    row, figure, progress = line.target.row, line.target.figure, line.progress
    target = row.half_year_target if half else row.annual_target
    values: tuple[Any, ...] = (None, None, None, line.missing, None, None)
    behind = False
    if progress is not None and target is not None:
        done = progress.half_done if half else progress.done
        rate = progress.half_rate if half else progress.annual_rate
        behind = progress.is_half_behind if half else progress.is_annual_behind
        due = progress.due(half=half) or Decimal(0)
        values = (
            _trim(done),
            None if progress.is_level else rate,
            _gone(progress, half),
            standing(progress, half=half).value,
            _trim(due - done) if behind else None,
            _trim(due),
        )
    elif target is None:
        values = (None, None, None, Standing.NO_TARGET.value, None, None)
    named = (figure.code, figure.definition) if figure else (None, None)
    words = (row.department, row.indicator_code, *named)
    cells = progress.cells if progress else line.target.cells
    return Row(
        (row.indicator, row.measure, _trim(target), *values, *words),
        tuple(compact(cells)),
        "warning" if behind or progress is None else "",
    )


def _gone(progress: Progress, half: bool) -> Ratio | None:
    if progress.is_level:
        return None
    return progress.half_elapsed if half else progress.elapsed


def _notes(board: TargetBoard, origin: str) -> Iterator[str]:
    day = board.day
    compared = [one.progress for one in board.lines if one.progress]
    for title, half in (("半年目标", True), ("年度目标", False)):
        said = tally(compared, half=half)
        if said:
            yield f"{title}{said}"
    if (day.month, day.day) > (6, 30):
        yield "半年目标按 1 月 1 日至 6 月 30 日完成的数比较"
    yield "完成数从 1 月 1 日算到截止日期；比率按截止日期当天的数，不比时间进度"
    if board.row_errors:
        yield f"台账有 {board.row_errors:,} 处读不出的错误，所在的行没有计入，见 zhubao check"
    yield f"截止日期 {day}{f'（{origin}）' if origin else ''}"


def _fact(line: TargetLine) -> dict[str, Any]:
    row, progress = line.target.row, line.progress
    return {
        "code": row.indicator_code,
        "title": row.indicator,
        "unit": row.measure,
        "figure": line.target.figure.code if line.target.figure else None,
        "half_year": row.half_year_target,
        "annual": row.annual_target,
        "half_done": progress.half_done if progress else None,
        "done": progress.done if progress else None,
        "half_rate": progress.half_rate if progress else None,
        "annual_rate": progress.annual_rate if progress else None,
        "half_elapsed": progress.half_elapsed if progress else None,
        "elapsed": progress.elapsed if progress else None,
        "half_behind": progress.is_half_behind if progress else None,
        "annual_behind": progress.is_annual_behind if progress else None,
        "missing": line.missing,
    }


def _trim(value: Decimal | None) -> int | Decimal | None:
    """A whole number as one, so that it is shown without decimals."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else value.normalize()
