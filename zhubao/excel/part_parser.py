"""A real XML parser over one part of a package: pieces in, located damage out, no DOCTYPE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.parsers import expat

from zhubao.core.errors import WorkbookHostile
from zhubao.excel.structure import damaged, encoding_of, to_utf8

_MAX_TRANSCODED = 256 << 20


class PartParser:
    """Base of parsers over expat: subclasses say what they do at `_start`, `_end`, `_characters`.

    Raises WorkbookDamaged for bad XML, with line and column, and WorkbookHostile for a DOCTYPE.
    """

    def __init__(self, file: str, part: str, *, namespaces: bool = False) -> None:
        """With `namespaces`, tags come as "namespace name"; else as they are written."""
        self._file, self._part = file, part
        self._parser = expat.ParserCreate(namespace_separator=" " if namespaces else None)
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, piece: bytes, *, final: bool = False) -> None:
        """Parse some more; `final` with the last piece."""
        try:
            self._parser.Parse(piece, final)
        except expat.ExpatError as error:
            where = f"第 {error.lineno} 行第 {error.offset} 列"
            raise damaged(self._file, f"部件 {self._part} 不是完整的 XML（{where}）") from error

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def _end(self, tag: str) -> None:
        raise NotImplementedError

    def _characters(self, text: str) -> None:
        raise NotImplementedError

    def _doctype(self, *_: object) -> None:
        raise WorkbookHostile(
            f"{self._file} 被拒绝读取：部件 {self._part} 含有 DOCTYPE/ENTITY 声明",
            where=self._file,
            advice="正常的台账不会这样；请核对文件来源，用 Excel 或 WPS 另存一份新的 .xlsx 再试",
        )


def utf8_pieces(pieces: Iterable[bytes], file: str, part: str) -> Iterator[bytes]:
    """UTF-8 pieces as they come; a part in another encoding is transcoded as a whole."""
    iterator = iter(pieces)
    head = b""
    for piece in iterator:
        head += piece
        if len(head) >= 512:
            break
    if encoding_of(head[:512]) in ("utf-8", "utf8", "us-ascii", "ascii"):
        yield head
        yield from iterator
        return
    whole = bytearray(head)
    for piece in iterator:
        whole += piece
        if len(whole) > _MAX_TRANSCODED:
            raise WorkbookHostile(
                f"{file} 的部件 {part} 不是 UTF-8 编码，又大得不合常理",
                where=file,
                advice="请用 Excel 或 WPS 另存一份新的 .xlsx 再试",
            )
    yield to_utf8(bytes(whole), file, part)
