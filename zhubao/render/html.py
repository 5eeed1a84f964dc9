"""A Report as one self-contained html page: no network, and no script needed to read it.

Every column of every level is there, with both numbers of each ratio and the source of each row.
The look is templates/report.css, which a clerk may copy into the bureau's own templates/ and edit;
colours and fonts come from workbook.toml. A small script, allowed by its checksum, sorts and
filters where scripts may run.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import chain
from pathlib import Path
from typing import Any

from zhubao.core.errors import BureauError
from zhubao.core.finding import Finding, Severity
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.core.resources import packaged_dir
from zhubao.core.theme import Theme, load_theme
from zhubao.core.width import display_width
from zhubao.render.html_charts import chart_svg
from zhubao.render.sources import first_source, other_sources
from zhubao.render.wording import NUMERIC, parts_of, plain, word

_CSS, _SCRIPT = "report.css", "report.js"
_UPRIGHT = 92  # half-width characters that an upright A4 page has room for
_NARROW_TEXT = 16  # text up to so wide is not broken
_SHORT_KEY = 24  # a first column up to so wide stays in sight when a table is moved sideways
_PHONE = "@media(max-width:40rem)"  # as in report.css
_CLASSES = {"error": ' class="error"', "warning": ' class="warning"', "total": ' class="total"'}
_SOURCE_HEADER = '<th scope="col" class="s">来源</th>'
_EMPTY = "（没有记录）"


def html_page(report: Report, *, templates: Path | None = None) -> str:
    """The page as text; the same report gives the same text.

    `templates` is the bureau's own templates folder; it need not exist. BureauError when its
    workbook.toml or report.css cannot be used.
    """
    theme = load_theme(templates)
    tables = [(f"t{number}", table) for number, table in enumerate(report.tables, 1)]
    script = _packaged(_SCRIPT)
    parts = chain(
        _head(report, _style(theme, templates, tables), script),
        _top(report, tables),
        chain.from_iterable(_section(key, table) for key, table in tables),
        _findings(report.findings),
        _remarks("notes", "说明", report.notes),
        _remarks("references", "依据", report.references),
        (f"</main>\n<script>{script}</script>\n</body>\n</html>\n",),
    )
    return "".join(parts).encode("utf-8", "replace").decode("utf-8")


def _head(report: Report, style: str, script: str) -> Iterator[str]:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    title = "　".join(part for part in (report.bureau, report.title) if part)
    yield (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
    )


def _style(theme: Theme, templates: Path | None, tables: Iterable[tuple[str, Table]]) -> str:
    """The theme as variables, the style sheet, and what depends on each table's columns."""
    colours = {name: getattr(theme.colours, name) for name in theme.colours.__slots__}
    fonts = {
        "body-font": ",".join(map(_font_name, theme.fonts.body)),
        "title-font": ",".join(map(_font_name, theme.fonts.title)),
    }
    names = "".join(f"--{key.replace('_', '-')}:{one};" for key, one in (colours | fonts).items())
    rules = "".join(rule for key, table in tables for rule in _rules(key, table))
    return f":root{{{names}}}\n{_sheet(templates)}{rules}".replace("</", "<\\/")


def _sheet(templates: Path | None) -> str:
    """The bureau's own style sheet, else the packaged one."""
    own = templates / _CSS if templates is not None else None
    if own is None or not own.is_file():
        return _packaged(_CSS)
    try:
        return own.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as fault:
        raise BureauError(
            f"样式文件 {_CSS} 打不开", where=str(own), advice="请确认能打开它，或删去本局的这份文件"
        ) from fault


def _rules(key: str, table: Table) -> Iterator[str]:
    """Long text wraps; on paper level 3 is left out, and a wide table turns the page.

    On a phone some columns are left out; then the first that is left stays in sight.
    """
    width = 0
    for at, column in enumerate(table.columns, 1):
        cells, widest = f"#{key} :is(td,th):nth-child({at})", _widest(table, at - 1)
        if column.kind is ValueKind.TEXT and widest > _NARROW_TEXT:
            wide = f"min({min(widest, 40) / 2:g}em,40vw)"
            yield f"{cells}{{white-space:normal;min-width:{wide}}}\n"
        if not column.on_phone:
            yield f"{_PHONE}{{{cells}{{display:none}}}}\n"
        if column.level > 2:
            yield f"@media print{{{cells}{{display:none}}}}\n"
        else:
            width += min(widest, 30) + 2
    if width > _UPRIGHT:
        yield "@page{size:A4 landscape}\n"
    if table.columns and _widest(table, 0) <= _SHORT_KEY:
        yield f"#{key} tr>:first-child{{position:sticky;left:0}}\n"
    shown = next((at for at, one in enumerate(table.columns, 1) if one.on_phone), 1)
    if shown > 1:
        cell, above = f"#{key} tr>:nth-child({shown})", f"#{key} thead tr>:nth-child({shown})"
        sticky = f"{cell}{{position:sticky;left:0;z-index:1}}{above}{{z-index:3}}"
        yield f"{_PHONE}{{{sticky}}}\n"


def _widest(table: Table, index: int) -> int:
    kind = table.columns[index].kind
    words = {word(row.values[index], kind) for row in table.rows}
    return max(map(display_width, words), default=0)


def _font_name(name: str) -> str:
    generic = name in ("serif", "sans-serif", "monospace")
    return name if generic else '"' + name.replace("\\", "").replace('"', "") + '"'


def _packaged(name: str) -> str:
    return (packaged_dir("templates") / name).read_text(encoding="utf-8")


def _top(report: Report, tables: Sequence[tuple[str, Table]]) -> Iterator[str]:
    columns = (column for _, table in tables for column in table.columns)
    facts = (
        f"期间：{_text(report.period)}" if report.period else "",
        _cut_off(report),
        "金额单位：元" if any(column.kind is ValueKind.MONEY for column in columns) else "",
    )
    yield f'<header>\n<p class="bureau">{_text(report.bureau)}</p>\n'
    yield f"<h1>{_text(report.title)}</h1>\n"
    said = "".join(f"<span>{fact}</span>" for fact in facts if fact)
    yield f'<p class="circumstances">{said}</p>\n</header>\n'
    links = [(f"{key}-s", _text(table.title)) for key, table in tables]
    if report.findings:
        links.append(("findings", "数据问题"))
    if len(links) > 1:
        lines = "".join(f'<li><a href="#{target}">{title}</a></li>' for target, title in links)
        yield f'<nav aria-label="目录"><ul>{lines}</ul></nav>\n'
    yield "<main>\n"


def _cut_off(report: Report) -> str:
    day = str(report.as_of)
    return report.cut_off("截止日期：").replace(day, f'<time datetime="{day}">{day}</time>')


def _section(key: str, table: Table) -> Iterator[str]:
    """One table with its charts, notes, signatures and the meaning of its columns."""
    alone = ' class="alone"' if table.signatures else ""  # a list to sign has pages of its own
    yield f'<section id="{key}-s"{alone}>\n<h2 id="{key}-h">{_text(table.title)}</h2>\n'
    for number, chart in enumerate(table.charts if table.rows else (), 1):
        drawn = chart_svg(table, chart, f"{key}-c{number}")
        yield f"<figure>\n<figcaption>{_text(chart.title)}</figcaption>\n"
        yield f'<div class="chart">{drawn}</div>\n</figure>\n'
    yield f'<div class="scroll" role="region" aria-labelledby="{key}-h" tabindex="0">\n'
    yield from _table(key, table)
    yield "</div>\n"
    if table.signatures:
        yield '<p class="signatures">'
        yield "".join(f"<span>{_text(who)}：</span>" for who in table.signatures) + "</p>\n"
    if table.notes:
        yield '<ul class="notes">'
        yield "".join(f"<li>注：{_text(note)}</li>" for note in table.notes) + "</ul>\n"
    meanings = [column for column in table.columns if column.note]
    if meanings:
        terms = (f"<dt>{_text(one.title)}</dt><dd>{_text(one.note)}</dd>" for one in meanings)
        yield f"<details><summary>各列的含义</summary><dl>{''.join(terms)}</dl></details>\n"
    yield "</section>\n"


def _table(key: str, table: Table) -> Iterator[str]:
    with_sources = any(row.sources for row in table.rows)
    yield f'<table id="{key}">\n<caption>{_text(table.title)}（{len(table.rows):,} 行）</caption>\n'
    yield f"<thead><tr>{''.join(map(_header, table.columns))}"
    yield f"{_SOURCE_HEADER if with_sources else ''}</tr></thead>\n<tbody>\n"
    kinds = [column.kind for column in table.columns]
    for row in table.rows:
        cells = _cells(row.values, kinds)
        yield f"<tr{_CLASSES.get(row.emphasis, '')}>{cells}"
        yield f"{_source(row) if with_sources else ''}</tr>\n"
    if not table.rows:
        yield f'<tr><td colspan="{max(len(kinds), 1)}">{_EMPTY}</td></tr>\n'
    yield "</tbody>\n"
    if table.totals is not None:
        last = '<td class="s"></td>' if with_sources else ""
        yield f"<tfoot><tr>{_cells(table.totals, kinds)}{last}</tr></tfoot>\n"
    yield "</table>\n"


def _header(column: Column) -> str:
    look = ' class="n"' if column.kind in NUMERIC else ""
    note = f' title="{_text(column.note)}"' if column.note else ""
    return f'<th scope="col"{look}{note}>{_text(column.title)}</th>'


def _cells(values: Sequence[Any], kinds: Sequence[ValueKind]) -> str:
    """The first cell names the row."""
    cells = [_cell(value, kind) for value, kind in zip(values, kinds, strict=True)]
    if cells:
        cells[0] = f'<th scope="row"{cells[0][3:-5]}</th>'
    return "".join(cells)


def _cell(value: Any, kind: ValueKind) -> str:
    text = escape(word(value, kind))
    if isinstance(value, Ratio):
        above, _, below = parts_of(value).partition("/")  # a phone may break the line there
        text += f"<small>（{above}/<span>{below}）</span></small>"
    return f'<td class="n">{text}</td>' if kind in NUMERIC else f"<td>{text}</td>"


def _source(row: Row) -> str:
    others = other_sources(row.sources)
    more = f' title="{_text(others)}"' if others else ""
    return f'<td class="s"{more}>{_text(first_source(row.sources))}</td>'


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    """Findings by severity, the worst first; mere notices are folded away."""
    if not findings:
        return
    counts = Counter(finding.severity for finding in findings)
    said = "，".join(f"{one.title} {counts[one]:,} 条" for one in Severity if counts[one])
    yield f'<section id="findings">\n<h2>数据问题</h2>\n<p>{said}</p>\n'
    for severity in Severity:
        group = [one for one in findings if one.severity is severity]
        if group:
            yield from _group(severity, sorted(group, key=lambda one: one.sort_key))
    yield "</section>\n"


def _group(severity: Severity, findings: Sequence[Finding]) -> Iterator[str]:
    opened = "" if severity is Severity.NOTICE else " open"
    yield f'<details class="{severity.value}"{opened}>'
    yield f"<summary>{severity.title} {len(findings):,} 条</summary>\n"
    yield '<div class="scroll" tabindex="0">\n<table>\n'
    yield f"<caption>{severity.title}</caption>\n<thead><tr>"
    yield "".join(f'<th scope="col">{name}</th>' for name in ("位置", "代码", "问题", "怎么办"))
    yield "</tr></thead>\n<tbody>\n"
    for one in findings:
        where = _text(str(one.where)) if one.where else "全局"
        code = f'<td title="{_text(one.title)}">{_text(one.code)}</td>'
        texts = _long(one.message) + _long(one.advice)
        yield f'<tr><th scope="row">{where}</th>{code}{texts}</tr>\n'
    yield "</tbody>\n</table>\n</div>\n</details>\n"


def _long(text: str) -> str:
    return f'<td class="long">{_text(text)}</td>'


def _remarks(key: str, title: str, texts: Sequence[str]) -> Iterator[str]:
    if texts:
        lines = "".join(f"<li>{_text(text)}</li>" for text in texts)
        yield f'<section id="{key}">\n<h2>{title}</h2>\n<ol>{lines}</ol>\n</section>\n'


def _text(text: str) -> str:
    return escape(plain(text))
