"""The sources of randomness that are agreed on before the freeze: `现场摇球=6x2`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from zhubao.allocation.draw.texts import EntropySource, clean
from zhubao.core.errors import UsageError

FEWEST_DIGITS = 10
_MOST_NUMBERS, _MOST_DIGITS = 99, 9
_SOURCE = re.compile(r"([^=＝]+)[=＝]\s*([0-9]+)\s*[xX×*＊]\s*([0-9]+)")
_SERIES = re.compile(r"彩|双色球|大乐透|七乐|七星|快乐8|3D|排列|股|指数|收盘", re.I)
_ISSUE = re.compile(r"[0-9]{3}|[0-9]\s*[期日]|第.+期")
_PARTS = re.compile(r"[;；\n]+")
_SPELLING = "请写成 名称=个数x位数，如 现场摇球=6x2（6 个两位数）"


def parse_source(text: str, where: str = "") -> EntropySource:
    """One source as a clerk writes it: name = numbers x digits of each.

    UsageError when it cannot be understood, or asks for more than 99 numbers or 9 digits.
    """
    match = _SOURCE.fullmatch(text.strip())
    name = clean(match[1]) if match else ""
    if match is None or not name:
        raise UsageError(f"随机源“{text.strip()}”看不懂", where=where, advice=f"{_SPELLING}。")
    numbers, digits = int(match[2]), int(match[3])
    if not (1 <= numbers <= _MOST_NUMBERS and 1 <= digits <= _MOST_DIGITS):
        raise UsageError(
            f"随机源“{name}”要 {numbers} 个 {digits} 位数，不合适",
            where=where,
            advice=f"个数在 1 到 {_MOST_NUMBERS} 之间，位数在 1 到 {_MOST_DIGITS} 之间。",
        )
    return EntropySource(name, numbers, digits)


def parse_ledger_sources(text: str | None, where: str = "") -> tuple[EntropySource, ...]:
    """The sources in the column 约定随机源, parted by semicolons; none when it is empty."""
    parts = (part.strip() for part in _PARTS.split(text or ""))
    return tuple(parse_source(part, where) for part in parts if part)


def agreed_sources(
    declared: Sequence[str], ledger: str | None, where: str = ""
) -> tuple[EntropySource, ...]:
    """The sources of a freeze, of the options and the ledger, which must agree where both speak.

    Together they must give at least ten digits. With few outcomes, whoever prepares the freeze
    could try every one beforehand and keep the salts under which somebody wins most of them. Balls
    give fewer outcomes than their digits: five of 33, in order, about 28 million. Against so many
    that search gains nothing.

    UsageError when there is none, one is named twice, they are too few, or they do not agree.
    """
    on_line = tuple(parse_source(text) for text in declared)
    in_ledger = parse_ledger_sources(ledger, where)
    if on_line and in_ledger and on_line != in_ledger:
        raise UsageError(
            f"--source 写的是 {sources_text(on_line)}，台账约定的是 {sources_text(in_ledger)}",
            where=where,
            advice="两处要一致（先后也算）；以台账为准的，不用写 --source。",
        )
    chosen = on_line or in_ledger
    _refuse_unfit(chosen, where)
    return chosen


def without_issue(sources: Iterable[EntropySource]) -> list[str]:
    """Names of sources that look like a published series but do not say which of its numbers.

    A lottery is drawn several times a week: who may still choose the draw, chooses the outcome.
    """
    return [one.name for one in sources if _SERIES.search(one.name) and not _ISSUE.search(one.name)]


def sources_text(sources: Iterable[EntropySource]) -> str:
    """As the ledger keeps them: 现场摇球=6x2；公证员报数=3x1."""
    return "；".join(f"{one.name}={one.numbers}x{one.digits}" for one in sources)


def sources_in_words(sources: Iterable[EntropySource]) -> str:
    """As the notice says them: 现场摇球 6 个两位数."""
    return "，".join(f"{s.name} {s.numbers} 个{_place_words(s.digits)}数" for s in sources)


def _place_words(digits: int) -> str:
    return f"{'一两三四五六七八九'[digits - 1]}位"


def _refuse_unfit(sources: Sequence[EntropySource], where: str) -> None:
    if not sources:
        raise UsageError(
            "没有约定随机源：冻结之前要定好，摇号当天的随机数从哪里来",
            where=where,
            advice=f"请加 --source，或填写台账的“约定随机源”一栏；{_SPELLING}。",
        )
    names = [unicodedata.normalize("NFKC", one.name) for one in sources]  # as a draw reads them
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(
            f"随机源“{'、'.join(twice)}”写了两次", where=where, advice="每个随机源只写一次。"
        )
    digits = sum(one.numbers * one.digits for one in sources)
    if digits < FEWEST_DIGITS:
        raise UsageError(
            f"约定的随机数一共只有 {digits} 位，至少要 {FEWEST_DIGITS} 位："
            "位数太少，结果只有不多的几种，冻结之前就能逐一试算，挑一份对某人有利的名册",
            where=where,
            advice="请增加个数或位数，如 现场摇球=6x2。",
        )
