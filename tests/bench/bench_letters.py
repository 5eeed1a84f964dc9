"""How long letters take: one file each, merged into one, and with docxtpl called as documented.

Run: python tests/bench/bench_letters.py [letters]
"""

from __future__ import annotations

import datetime as dt
import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate  # type: ignore[import-untyped, unused-ignore]

from zhubao.core.output_file import replacing
from zhubao.core.period import Month
from zhubao.core.resources import packaged_dir
from zhubao.ledger.addresses import Address
from zhubao.ledger.arrears import LetterKind
from zhubao.render.docx import LetterTemplate
from zhubao.render.letter_templates import VACATE
from zhubao.rent.letters.context import PLACEHOLDERS, letter_context
from zhubao.rent.letters.rounds import Letter, MonthOwed
from zhubao.rent.letters.rules import LetterRules

AS_OF = dt.date(2020, 6, 30)
SAMPLE = 20  # letters the documented way is timed on


def main(count: int = 500) -> None:
    """Time each way on letters of twelve months each."""
    contexts = [context(number) for number in range(count)]
    path = packaged_dir("templates") / VACATE
    template, compiled = timed(lambda: LetterTemplate(path, PLACEHOLDERS))
    _, one_each = timed(lambda: write_each(template, contexts))
    merged, together = timed(lambda: template.merge(contexts))
    _, documented = timed(lambda: by_the_book(path, contexts[:SAMPLE]))
    print(f"{count:,} letters of twelve months")
    print(f"  compile the template once      {compiled:8.2f} s")
    print(f"  one file each, written         {one_each:8.2f} s  {1000 * one_each / count:6.1f} ms")
    print(f"  merged into one ({len(merged) / 1e6:.1f} MB)       {together:8.2f} s")
    print(f"  docxtpl, one file each, memory          {1000 * documented / SAMPLE:8.1f} ms")


def context(number: int) -> dict[str, Any]:
    """The words of one letter."""
    months = tuple(MonthOwed(Month.of(2019, 7).plus(n), 10_050, 10_050) for n in range(12))
    letter = Letter(
        kind=LetterKind.VACATE,
        number=f"TT2020-{number:04d}",
        bureau="某某区住房保障局",
        household_no=f"JT{number:06d}",
        account=number,
        recipient="张三",
        address=Address("甲小区", "2栋", "1单元", "3", "0301"),
        issued_on=AS_OF,
        as_of=AS_OF,
        months=months,
        owed=12 * 10_050,
        reason="",
    )
    return letter_context(letter, LetterRules.load(AS_OF), 6)


def write_each(template: LetterTemplate, contexts: list[dict[str, Any]]) -> None:
    """As the command does: each file complete or not there."""
    with tempfile.TemporaryDirectory() as folder:
        for number, values in enumerate(contexts):
            with replacing(Path(folder) / f"{number}.docx") as stream:
                stream.write(template.render(values))


def by_the_book(path: Path, contexts: list[dict[str, Any]]) -> None:
    """A new DocxTemplate for each letter."""
    for values in contexts:
        word = DocxTemplate(path)
        word.render(values, autoescape=True)
        word.save(io.BytesIO())


def timed(run: Callable[[], Any]) -> tuple[Any, float]:
    """The result, and how long it took."""
    begin = time.perf_counter()
    result = run()
    return result, time.perf_counter() - begin


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]))
