"""Charts over a table's columns as svg: column, bar, line, pie; every mark says its value in text.

Only positions are worked out here; the figures shown are the table's own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from zhubao.core.report import Chart, Ratio, Table, ValueKind
from zhubao.core.width import display_width, truncate
from zhubao.render.cells import number_of
from zhubao.render.wording import plain, word

MOST_MARKS = 40  # categories drawn; a line may have more
MOST_POINTS = 240
COLOURS = (
    *("#1f4e79", "#c55a11", "#548235", "#bf9000", "#7030a0", "#2a7f7f"),
    *("#a61c28", "#6b6b6b", "#5b9bd5", "#8c564b", "#9acd32", "#e377c2"),
)
_WIDTH, _HEIGHT, _BAR_HEIGHT = 720, 300, 24
_TOP, _RIGHT, _BOTTOM = 30, 16, 34
_CHARACTER = 6.2  # pixels of a half-width character at 12
_LABELLED = 14  # marks of one series that still carry their value
_WAN = 10_000
_DASHES = ("", "6 3", "2 3", "8 3 2 3")


@dataclass(frozen=True, slots=True)
class _Series:
    """One column of numbers: as drawn, and as the table words them."""

    title: str
    values: tuple[float | None, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Data:
    """What a chart shows, in the unit of its axis."""

    categories: tuple[str, ...]
    series: tuple[_Series, ...]
    unit: str
    left_out: int

    def mark_title(self, series: int, place: int) -> str:
        """What a mark says when it is pointed at, or read aloud."""
        one = self.series[series]
        return _tag("title", f"{self.categories[place]}　{one.title}　{one.words[place]}")


@dataclass(frozen=True, slots=True)
class _Scale:
    """From values to pixels along one axis."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def chart_svg(table: Table, chart: Chart, key: str) -> str:
    """The chart as an svg element whose ids begin with `key`; "" for a table without rows.

    KeyError when the chart names a column that is not there. Where there are more categories than
    can be told apart the first are drawn, and a line of text says how many are left out.
    """
    if not table.rows:
        return ""
    data = _data(table, chart)
    draw = {"pie": _pie, "bar": _bars, "line": _lines}.get(chart.kind, _columns)
    height, marks = draw(data, chart)
    said = (
        f"只画出前 {len(data.categories):,} 项，另有 {data.left_out:,} 项见表"
        if data.left_out
        else ""
    )
    legend, low = _legend(data, chart, height)
    names = "、".join(one.title for one in data.series)
    about = f"{'；'.join(part for part in (names, said) if part)}。数值见表。"
    return (
        f'<svg role="img" viewBox="0 0 {_WIDTH} {low + (18 if said else 0)}"'
        f' aria-labelledby="{key}-t {key}-d">{_tag("title", chart.title, id=f"{key}-t")}'
        f"{_tag('desc', about, id=f'{key}-d')}{''.join(marks)}{legend}"
        f"{_text(4, low + 12, said) if said else ''}</svg>"
    )


def _data(table: Table, chart: Chart) -> _Data:
    limit = MOST_POINTS if chart.kind == "line" else MOST_MARKS
    rows = table.rows[:limit]
    at = table.index_of(chart.category)
    kind = table.columns[at].kind
    places = [table.index_of(name) for name in chart.series]
    kinds = [table.columns[place].kind for place in places]
    raw = [
        [_number(row.values[at], kind) for row in rows]
        for at, kind in zip(places, kinds, strict=True)
    ]
    largest = max((abs(one) for line in raw for one in line if one is not None), default=0)
    unit, divisor = _unit(kinds, largest)
    series = tuple(
        _Series(
            table.columns[place].title,
            tuple(None if one is None else one / divisor for one in line),
            tuple(word(row.values[place], kind, with_parts=True) for row in rows),
        )
        for place, kind, line in zip(places, kinds, raw, strict=True)
    )
    categories = tuple(word(row.values[at], kind) for row in rows)
    return _Data(categories, series, unit, len(table.rows) - len(rows))


def _number(value: Any, kind: ValueKind) -> float | None:
    """Yuan, percent or the number itself; None where there is none."""
    if isinstance(value, Ratio):
        return None if value.value is None else value.value * 100
    return number if (number := number_of(value, kind)) is None else float(number)


def _unit(kinds: Sequence[ValueKind], largest: float) -> tuple[str, int]:
    if set(kinds) == {ValueKind.MONEY}:
        return ("万元", _WAN) if largest >= 10 * _WAN else ("元", 1)
    return ("%", 1) if set(kinds) == {ValueKind.RATIO} else ("", 1)


def _extent(data: _Data, chart: Chart) -> tuple[float, float]:
    """The least and greatest value to be drawn, zero among them."""
    ends = [0.0]
    for place in range(len(data.categories)):
        values = [one.values[place] or 0.0 for one in data.series]
        if chart.stacked and chart.kind != "line":
            ends += [sum(v for v in values if v < 0), sum(v for v in values if v > 0)]
        else:
            ends += values
    return min(ends), max(ends)


def _ticks(low: float, high: float) -> list[float]:
    """Round values from below `low` to above `high`, about five of them."""
    span = (high - low) or 1.0
    power = 10.0 ** math.floor(math.log10(span / 4))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= span / 5)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * count for count in range(first, max(last, first + 1) + 1)]


def _short(value: float) -> str:
    """A label on an axis or a mark: at most two decimals, none for large values."""
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _scales(data: _Data, chart: Chart) -> tuple[list[float], _Scale]:
    ticks = _ticks(*_extent(data, chart))
    return ticks, _Scale(ticks[0], ticks[-1], _HEIGHT - _BOTTOM, _TOP)


def _columns(data: _Data, chart: Chart) -> tuple[float, list[str]]:
    ticks, scale = _scales(data, chart)
    left = _left(ticks)
    marks, step = _frame(data, ticks, scale, left), (_WIDTH - left - _RIGHT) / len(data.categories)
    for series, place, start, size, low, high in _boxes(data, chart, step):
        top, bottom = scale.at(high), scale.at(low)
        box = (left + start, min(top, bottom), size, abs(bottom - top))
        marks.append(_box(data, series, place, box))
        if len(data.series) == 1 and len(data.categories) <= _LABELLED:
            value = data.series[0].values[place] or 0.0
            above = box[1] - 4 if value >= 0 else box[1] + box[3] + 13
            marks.append(_text(box[0] + size / 2, above, _short(value), "middle"))
    return _HEIGHT, marks


def _lines(data: _Data, chart: Chart) -> tuple[float, list[str]]:
    ticks, scale = _scales(data, chart)
    left = _left(ticks)
    marks, step = _frame(data, ticks, scale, left), (_WIDTH - left - _RIGHT) / len(data.categories)
    for number, series in enumerate(data.series):
        colour, dash = COLOURS[number % len(COLOURS)], _DASHES[number % len(_DASHES)]
        path, pen = "", "M"
        for place, value in enumerate(series.values):
            if value is None:
                pen = "M"
                continue
            x, y = left + step * (place + 0.5), scale.at(value)
            path, pen = f"{path}{pen}{x:.1f} {y:.1f}", "L"
            dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}">'
            marks.append(f"{dot}{data.mark_title(number, place)}</circle>")
        style = f' stroke-dasharray="{dash}"' if dash else ""
        marks.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"{style}/>')
    return _HEIGHT, marks


def _bars(data: _Data, chart: Chart) -> tuple[float, list[str]]:
    ticks = _ticks(*_extent(data, chart))
    label = min(max(map(display_width, data.categories)), 28)
    left, step = label * _CHARACTER + 14, _BAR_HEIGHT * (1 if chart.stacked else len(data.series))
    bottom = _TOP + step * len(data.categories)
    scale = _Scale(ticks[0], ticks[-1], left, _WIDTH - _RIGHT - 44)
    marks = [_text(left, 14, f"单位：{data.unit}")] if data.unit else []
    for tick in ticks:
        x = scale.at(tick)
        marks.append(_line(x, _TOP, x, bottom))
        marks.append(_text(x, bottom + 16, _short(tick), "middle"))
    for place, name in enumerate(data.categories):
        middle = _TOP + step * (place + 0.5) + 4
        marks.append(_text(left - 6, middle, truncate(name, label), "end"))
    for series, place, start, size, low, high in _boxes(data, chart, step):
        near, far = scale.at(low), scale.at(high)
        box = (min(near, far), _TOP + start, abs(far - near), size)
        marks.append(_box(data, series, place, box))
        if len(data.series) == 1 or not chart.stacked:
            value = data.series[series].values[place] or 0.0
            middle = box[1] + size / 2 + 4
            away = (far - 4, middle, _short(value), "end") if value < 0 else ()
            marks.append(_text(*(away or (far + 4, middle, _short(value)))))
    return bottom + 24, marks


def _boxes(
    data: _Data, chart: Chart, step: float
) -> Iterator[tuple[int, int, float, float, float, float]]:
    """(series, place, start and size along the categories, low and high along the values)."""
    beside = 1 if chart.stacked else len(data.series)
    size = min(step * 0.76 / beside, 64)
    for place in range(len(data.categories)):
        ends = {False: 0.0, True: 0.0}
        for number, series in enumerate(data.series):
            value = series.values[place]
            if value is None:
                continue
            base = ends[value < 0] if chart.stacked else 0.0
            ends[value < 0] = base + value
            shift = 0 if chart.stacked else number
            start = step * (place + 0.5) - size * beside / 2 + shift * size
            yield number, place, start, size, base, base + value


def _pie(data: _Data, _chart: Chart) -> tuple[float, list[str]]:
    """Slices of the first series, clockwise from the top; only values above zero have one."""
    values = [max(value or 0.0, 0.0) for value in data.series[0].values]
    whole, radius, middle = sum(values) or 1.0, 110.0, (150.0, 130.0)
    turned, marks = 0.0, []
    for place, value in enumerate(values):
        colour = COLOURS[place % len(COLOURS)]
        if value:
            shape = _slice(turned / whole, (turned + value) / whole, radius, middle)
            title = data.mark_title(0, place)
            marks.append(f'<path d="{shape}" fill="{colour}" stroke="#fff">{title}</path>')
        turned += value
        words = f"{data.categories[place]}　{data.series[0].words[place]}"
        share = f"（{value / whole:.1%}）" if value else ""
        y = 24 + 20 * place
        marks += [_key(290, y, colour), _text(308, y, f"{truncate(words, 50)}{share}")]
    return max(260, 34 + 20 * len(values)), marks


def _slice(start: float, end: float, radius: float, middle: tuple[float, float]) -> str:
    """A path from the middle; a whole turn is two half turns."""
    x, y = middle
    if end - start > 0.9999:
        half = f"a{radius} {radius} 0 1 1 0 {{}}"
        return f"M{x} {y - radius}{half.format(2 * radius)}{half.format(-2 * radius)}z"
    points = [
        f"{x + radius * math.sin(2 * math.pi * turn):.2f}"
        f" {y - radius * math.cos(2 * math.pi * turn):.2f}"
        for turn in (start, end)
    ]
    return f"M{x} {y}L{points[0]}A{radius} {radius} 0 {int(end - start > 0.5)} 1 {points[1]}z"


def _left(ticks: Sequence[float]) -> float:
    return max(len(_short(tick)) for tick in ticks) * 7 + 14


def _frame(data: _Data, ticks: Sequence[float], scale: _Scale, left: float) -> list[str]:
    """Grid, values at the left, categories below: as many as there is room for."""
    marks = [_text(4, 12, f"单位：{data.unit}")] if data.unit else []
    for tick in ticks:
        y = scale.at(tick)
        marks.append(_line(left, y, _WIDTH - _RIGHT, y, "axis" if tick == 0 else "grid"))
        marks.append(_text(left - 6, y + 4, _short(tick), "end"))
    step = (_WIDTH - left - _RIGHT) / len(data.categories)
    room = max(int(step / _CHARACTER) - 1, 0)
    longest = min(max(map(display_width, data.categories)), 12)
    every = 1 if room >= longest else math.ceil((longest + 1) * _CHARACTER / step)
    for place in range(0, len(data.categories), every):
        text = truncate(data.categories[place], max(room, longest))
        marks.append(_text(left + step * (place + 0.5), _HEIGHT - _BOTTOM + 18, text, "middle"))
    return marks


def _legend(data: _Data, chart: Chart, top: float) -> tuple[str, float]:
    """The names of the series, where there are several; and where the drawing ends."""
    if len(data.series) < 2 or chart.kind == "pie":
        return "", top
    marks, x, y = [], 14.0, top + 14
    for number, series in enumerate(data.series):
        needed = display_width(series.title) * _CHARACTER + 36
        if x + needed > _WIDTH and x > 14:
            x, y = 14.0, y + 20
        marks += [_key(x, y, COLOURS[number % len(COLOURS)]), _text(x + 18, y, series.title)]
        x += needed
    return "".join(marks), y + 10


def _box(data: _Data, series: int, place: int, box: tuple[float, float, float, float]) -> str:
    sides = zip(("x", "y", "width", "height"), box, strict=True)
    shape = " ".join(f'{name}="{size:.1f}"' for name, size in sides)
    colour = COLOURS[series % len(COLOURS)]
    return f'<rect {shape} fill="{colour}">{data.mark_title(series, place)}</rect>'


def _key(x: float, y: float, colour: str) -> str:
    return f'<rect x="{x:g}" y="{y - 10:g}" width="12" height="12" fill="{colour}"/>'


def _line(x: float, y: float, to_x: float, to_y: float, look: str = "grid") -> str:
    return f'<line class="{look}" x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"/>'


def _text(x: float, y: float, text: str, anchor: str = "") -> str:
    side = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{side}>{escape(plain(text))}</text>'


def _tag(name: str, text: str, **attributes: str) -> str:
    given = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>{escape(plain(text))}</{name}>"
