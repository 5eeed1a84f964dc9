"""A delimited text list of any length, record by record: UTF-8, UTF-16 with BOM, or GB18030."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from zhubao.core.errors import WorkbookDamaged
from zhubao.excel.container import SAVE_AS
from zhubao.ledger.statement_file import UTF16, split_text

_SIGNS = ",\t;|"
_SAMPLE = 200  # lines looked at to find the delimiter
_PIECE = 1 << 20


def text_records(path: Path) -> Iterator[list[str]]:
    """The records in order, a blank line an empty one; cells as they lie in the file.

    Record n is row n of the sheet Excel would show. Raises WorkbookDamaged, with the line, for
    bytes in no known encoding and for a quote without its end.
    """
    encoding = _encoding(path)
    sign = _delimiter(path, encoding)
    with path.open(encoding=encoding, newline="") as stream:
        reader, line = csv.reader(stream, delimiter=sign), 0
        try:
            for record in reader:
                if reader.line_num - line > 1 and _swallows(record, sign):
                    raise _open_quote(path.name, line + 1)
                line = reader.line_num
                yield record
        except UnicodeDecodeError as fault:
            raise _unreadable(path.name, reader.line_num + 1) from fault
        except csv.Error as fault:
            raise _open_quote(path.name, line + 1) from fault


def _encoding(path: Path) -> str:
    """By its BOM, else UTF-8 when every byte of the file is, else GB18030."""
    with path.open("rb") as stream:
        if stream.read(2) in UTF16:
            return "utf-16"
        stream.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while piece := stream.read(_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8-sig"


def _delimiter(path: Path, encoding: str) -> str:
    """The sign by which the reader of bank statements cuts the head of such a file."""
    try:
        with path.open(encoding=encoding, newline="") as stream:
            lines = list(islice(stream, _SAMPLE))
    except UnicodeDecodeError as fault:
        raise _unreadable(path.name, 1) from fault
    while len(lines) > 1 and sum(line.count('"') for line in lines) % 2:
        lines.pop()
    sample = "".join(lines)
    widths = [len(record) for record in split_text(sample, path.name)]
    for sign in _SIGNS:
        if [
            len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=sign)
        ] == widths:
            return sign
    return ","


def _swallows(record: list[str], sign: str) -> bool:
    """A cell holds whole lines of the file: its quote has no end where it should."""
    lines = (line for cell in record if "\n" in cell for line in cell.splitlines()[1:])
    return any(line.count(sign) >= 2 for line in lines)


def _unreadable(file: str, line: int) -> WorkbookDamaged:
    return WorkbookDamaged(
        f"{file} 第 {line} 行附近有读不出的字符（不是 UTF-8，也不是 GB18030）",
        where=f"{file}!{line}",
        advice=SAVE_AS,
    )


def _open_quote(file: str, line: int) -> WorkbookDamaged:
    return WorkbookDamaged(
        f"{file} 第 {line} 行有引号没有成对，后面的行被连成了一格",
        where=f"{file}!{line}",
        advice="请用记事本或 Excel 打开，删去或补上这个引号，再比对",
    )
