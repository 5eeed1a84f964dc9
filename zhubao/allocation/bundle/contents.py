"""What is published of a draw, file by file; and how it is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from zhubao.allocation.event.frozen import RESULT, ROSTER, RULES, TICKET, UNITS
from zhubao.core.output_file import replacing
from zhubao.core.resources import packaged_dir

PAGE, VERIFIER, GUIDE, SUMS = "摇号验证.html", "verify_draw.py", "算法说明.txt", "SHA256SUMS"
_GUIDE_SOURCE = "摇号算法说明.txt"
MARK = "/*ZHUBAO-DATA*/"
FROZEN_FILES, DRAW_FILES = (ROSTER, UNITS, RULES), (TICKET, RESULT)
_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\x7f": "\\u007f"})


def bundle_files(
    frozen: Mapping[str, str], draws: Sequence[Mapping[str, str]], templates: Mapping[str, str]
) -> dict[str, bytes]:
    """Path in the bundle → bytes; `draws` has the texts of all draws, the one published last.

    Of `frozen` and `draws` only the public texts are taken. `templates` as `read_templates` gives.
    """
    texts = {name: frozen[name] for name in FROZEN_FILES}
    texts |= {name: draws[-1][name] for name in DRAW_FILES}
    for number, earlier in enumerate(draws[:-1], 1):
        texts |= {earlier_name(number, name): earlier[name] for name in DRAW_FILES}
    texts[PAGE] = page_text(templates[PAGE], texts)
    texts[VERIFIER] = templates[VERIFIER]
    texts[GUIDE] = templates[GUIDE]
    files = {name: text.encode() for name, text in texts.items()}
    files[SUMS] = sums_text(files).encode()
    return files


def earlier_name(number: int, name: str) -> str:
    """Where a file of an earlier draw stands in the bundle."""
    return f"earlier/{number}/{name}"


def page_data(texts: Mapping[str, str]) -> str:
    """The texts as JSON that is safe inside a script element, whatever names stand in them."""
    data = {name: texts[name] for name in sorted(texts) if name.endswith(".txt") and name != GUIDE}
    return json.dumps(data, ensure_ascii=False).translate(_ESCAPED)


def page_text(template: str, texts: Mapping[str, str]) -> str:
    """The verification page with the texts in it."""
    return template.replace(MARK, page_data(texts))


def sums_text(files: Mapping[str, bytes]) -> str:
    """One line per file, as `sha256sum` writes and checks them."""
    ordered = sorted(files, key=str.encode)
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in ordered)


def read_templates() -> dict[str, str]:
    """The page, the small verifier and the description that come with zhubao."""
    folder = packaged_dir("templates")
    sources = {PAGE: PAGE, VERIFIER: VERIFIER, GUIDE: _GUIDE_SOURCE}
    return {name: (folder / source).read_bytes().decode() for name, source in sources.items()}


def write_bundle(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write the files, each whole; SHA256SUMS last. OutputError when the place is not writable."""
    for name in sorted(files, key=lambda name: (name == SUMS, name)):
        with replacing(folder / name) as stream:
            stream.write(files[name])
    return folder


def bundle_folder(root: Path, event_no: str, draw_no: int) -> Path:
    """reports/摇号/EVENT/第N次; characters no file name may have become "_"."""
    unsafe = str.maketrans({ch: "_" for ch in '\\/:*?"<>|'})
    name = event_no.translate(unsafe).strip(". ") or "_"
    return root / "reports" / "摇号" / name / f"第{draw_no}次"
