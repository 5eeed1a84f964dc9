"""Elements of an XML fragment by position, so that pieces can be replaced and all else stays."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from zhubao.excel.formula.shifting import Edit
from zhubao.excel.guard import Unusual

Splice = tuple[int, int, bytes]
"""Start, end and new bytes of a piece of a fragment."""

_TAG = re.compile(rb"""<([/?!]?)([^\s/>"'<=]*)((?:[^>"']|"[^"]*"|'[^']*')*+)>""")
_ATTRIBUTE = re.compile(rb"""\s([^\s=/>"']+)\s*=\s*("[^"]*"|'[^']*')""")
_ENCODING = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_ENTITY = re.compile(r"&(#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


@dataclass(slots=True)
class Element:
    """Where an element stands: `start` to `end`, its content from `inner` to `inner_end`.

    `name` is without namespace prefix. In a fragment an element may lack its end.
    """

    xml: bytes
    name: str
    start: int
    inner: int
    inner_end: int
    end: int
    children: list[Element] = field(default_factory=list)
    _values: dict[bytes, tuple[int, int]] | None = None

    def span(self, attribute: str) -> tuple[int, int] | None:
        """Where an attribute's value stands, without its quotes."""
        if self._values is None:
            found = _ATTRIBUTE.finditer(self.xml, self.start, self.inner)
            self._values = {match[1]: match.span(2) for match in found}
        value = self._values.get(attribute.encode())
        return None if value is None else (value[0] + 1, value[1] - 1)

    def get(self, attribute: str) -> str | None:
        """An attribute's value; None where there is none."""
        span = self.span(attribute)
        return None if span is None else plain(self.xml[slice(*span)])

    def without(self, attribute: str) -> list[Splice]:
        """An attribute taken out."""
        wanted = attribute.encode()
        found = _ATTRIBUTE.finditer(self.xml, self.start, self.inner)
        return [(*match.span(), b"") for match in found if match[1] == wanted]

    def child(self, name: str) -> Element | None:
        """The first child of that name."""
        return next((child for child in self.children if child.name == name), None)

    def text(self) -> str:
        """The text of an element without children."""
        return plain(self.xml[self.inner : self.inner_end])

    def under(self, name: str) -> Iterator[Element]:
        """The elements of that name inside this one, in order."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.under(name)


def elements(xml: bytes) -> list[Element]:
    """The outermost elements of a fragment; ends without a start are passed over.

    Unusual for CDATA, comments, other encodings than UTF-8, and what does not nest.
    """
    _refuse_other_encodings(xml)
    outermost: list[Element] = []
    stack: list[Element] = []
    done = 0
    while (opening := xml.find(b"<", done)) >= 0:
        match = _TAG.match(xml, opening)
        if match is None or match[1] == b"!":
            raise Unusual
        done = match.end()
        if match[1] == b"/":
            _close(stack, match)
        elif not match[1]:
            element = _opened(xml, match)
            (stack[-1].children if stack else outermost).append(element)
            if not match[3].endswith(b"/"):
                stack.append(element)
    return outermost


def spliced(xml: bytes, splices: Iterable[Splice]) -> bytes:
    """The fragment with its pieces replaced; the same object when there are none."""
    ordered = sorted(splices)
    if not ordered:
        return xml
    pieces: list[bytes] = []
    done = 0
    for start, end, new in ordered:
        pieces += (xml[done:start], new)
        done = end
    return b"".join((*pieces, xml[done:]))


def plain(raw: bytes) -> str:
    """Bytes of a text or value with its entities resolved. Unusual when they are no UTF-8."""
    return _resolved(_decoded(raw))[0]


def escaped_like(text: str, raw: bytes) -> bytes:
    """The text escaped as `raw` is: quotes become entities only where they are in `raw`."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for character, entity in (('"', "&quot;"), ("'", "&apos;")):
        if entity.encode() in raw:
            text = text.replace(character, entity)
    return text.encode()


def replaced(xml: bytes, span: tuple[int, int], text: str) -> list[Splice]:
    """A value or text replaced as a whole, unless it is the same already."""
    raw = xml[slice(*span)]
    return [] if plain(raw) == text else [(*span, escaped_like(text, raw))]


def edited(xml: bytes, span: tuple[int, int], edits: Callable[[str], list[Edit]]) -> list[Splice]:
    """A value or text of which only pieces change: `edits` tells which, in resolved text."""
    raw = _decoded(xml[slice(*span)])
    text, places = _resolved(raw)
    splices = []
    for start, end, new in edits(text):
        begin = span[0] + len(raw[: places[start]].encode())
        stop = span[0] + len(raw[: places[end]].encode())
        splices.append((begin, stop, new.encode()))
    return splices


def set_count(element: Element, count: int, attribute: str = "count") -> list[Splice]:
    """A `count` attribute corrected, where there is one."""
    span = element.span(attribute)
    return [] if span is None else replaced(element.xml, span, str(count))


def _resolved(raw: str) -> tuple[str, list[int] | range]:
    """The text with entities resolved, and where each character (and the end) stands in `raw`."""
    if "&" not in raw:
        return raw, range(len(raw) + 1)
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for match in _ENTITY.finditer(raw):
        places += range(done, match.start())
        resolved = _character(match[1])
        pieces += (raw[done : match.start()], resolved)
        places += [match.start()] * len(resolved)
        done = match.end()
    places += range(done, len(raw) + 1)
    return "".join((*pieces, raw[done:])), places


def _character(entity: str) -> str:
    if not entity.startswith("#"):
        return _CHARACTERS[entity]
    number = int(entity[2:], 16) if entity[1] == "x" else int(entity[1:])
    if number > sys.maxunicode:
        raise Unusual
    return chr(number)


def _opened(xml: bytes, match: re.Match[bytes]) -> Element:
    name = _decoded(match[2]).rpartition(":")[2]
    end = match.end() if match[3].endswith(b"/") else len(xml)
    return Element(xml, name, match.start(), match.end(), end, end)


def _close(stack: list[Element], match: re.Match[bytes]) -> None:
    if not stack:
        return
    element = stack.pop()
    if element.name != _decoded(match[2]).rpartition(":")[2]:
        raise Unusual
    element.inner_end, element.end = match.span()


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Unusual from error


def _refuse_other_encodings(xml: bytes) -> None:
    declared = _ENCODING.match(xml)
    if b"\0" in xml or (declared and declared[1].lower() not in {b"utf-8", b"us-ascii"}):
        raise Unusual
