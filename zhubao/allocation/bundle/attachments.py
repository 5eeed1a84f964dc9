"""What lies beside the texts of a bundle: the sums, the programs, and the data within the page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping

from zhubao.allocation.bundle import findings as found
from zhubao.allocation.bundle.contents import GUIDE, MARK, PAGE, SUMS, VERIFIER, page_data
from zhubao.core.finding import Finding

_DATA_AT = b'<script type="application/json" id="data">'


def sum_findings(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Every file against SHA256SUMS, and every file listed there."""
    data = files.get(SUMS)
    if data is None:
        yield found.FILE_MISSING.at(found.line_of(SUMS), name=SUMS)
        return
    listed: set[str] = set()
    for number, line in enumerate(data.decode(errors="replace").splitlines(), 1):
        wanted, _, name = line.partition("  ")
        place = found.line_of(SUMS, number)
        listed.add(name)
        if name not in files:
            yield found.FILE_MISSING.at(place, name=name or line[:40])
            continue
        have = hashlib.sha256(files[name]).hexdigest()
        if have != wanted:
            yield found.SUM_DIFFERS.at(place, name=name, found=have[:16], wanted=wanted[:16])
    for name in sorted(set(files) - listed - {SUMS}):
        yield found.SUM_UNLISTED.at(found.line_of(name), name=name)


def program_findings(files: Mapping[str, bytes], templates: Mapping[str, str]) -> Iterator[Finding]:
    """The programs as this version has them; of the page all but its data."""
    same = {
        VERIFIER: files.get(VERIFIER) == templates[VERIFIER].encode(),
        GUIDE: files.get(GUIDE) == templates[GUIDE].encode(),
        PAGE: _is_page(files.get(PAGE, b""), templates[PAGE]),
    }
    for name, is_same in same.items():
        if name in files and not is_same:
            yield found.PROGRAM_DIFFERS.at(found.line_of(name), name=name)


def _is_page(page: bytes, template: str) -> bool:
    """True when the template with one script-safe JSON object in it gives this page.

    A script put in behind the data would stand between the template's two parts as well.
    """
    head, tail = (part.encode() for part in template.split(MARK, 1))
    if not (page.startswith(head) and page.endswith(tail)):
        return False
    data = page[len(head) : len(page) - len(tail)]
    try:
        return page_data(json.loads(data)).encode() == data
    except (ValueError, TypeError, AttributeError):
        return False


def page_findings(files: Mapping[str, bytes], texts: Mapping[str, str]) -> Iterator[Finding]:
    """The data within the page against the texts."""
    if PAGE not in files:
        return
    place = found.line_of(PAGE)
    start = files[PAGE].find(_DATA_AT)
    end = files[PAGE].find(b"</script>", start)
    try:
        data = json.loads(files[PAGE][start + len(_DATA_AT) : end]) if start >= 0 else {}
    except ValueError:
        data = {}
    within = data if isinstance(data, dict) else {}
    for name in sorted(texts.keys() | within.keys()):
        if texts.get(name) != within.get(name):
            yield found.PAGE_DIFFERS.at(place, name=name)
