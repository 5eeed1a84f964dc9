"""Pictures of what the half hour wrote: pages through poppler, web pages through Chromium."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Image:
    """What a PNG file says of itself; `shades` are the different bytes of its packed rows."""

    width: int
    height: int
    shades: int


def page_with(pdf: Path, words: str) -> int:
    """The number of the first page on which `words` stand."""
    text = _poppler("pdftotext", "-layout", str(pdf), "-").decode()
    return next(number for number, page in enumerate(text.split("\f"), 1) if words in page)


def page_picture(pdf: Path, page: int, picture: Path, *, share: float = 1.0) -> None:
    """One page, or the upper `share` of it, 70 dots to the inch."""
    size = read_image(_poppler("pdftoppm", "-r", "70", "-png", *_only(page), str(pdf)))
    crop = ("-x", "0", "-y", "0", "-W", str(size.width), "-H", str(round(size.height * share)))
    picture.write_bytes(_poppler("pdftoppm", "-r", "70", "-png", *crop, *_only(page), str(pdf)))


def web_picture(chromium: str, page: Path, picture: Path, width: int, height: int) -> None:
    """The upper part of a page in a window of this size, after its scripts have run."""
    subprocess.run(
        [
            *(chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *("--virtual-time-budget=20000", f"--user-data-dir={page.parent / 'profile'}"),
            *(f"--window-size={width},{height}", f"--screenshot={picture}", page.as_uri()),
        ],
        capture_output=True,
        check=True,
        timeout=60,
    )


def read_image(data: bytes) -> Image:
    """Size and shades of a PNG file."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    packed, at = b"", 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        packed += data[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    return Image(width, height, len(set(zlib.decompress(packed))))


def _only(page: int) -> tuple[str, ...]:
    return ("-f", str(page), "-l", str(page), "-singlefile")


def _poppler(program: str, *words: str) -> bytes:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} (poppler) is not installed")
    return subprocess.run([found, *words], capture_output=True, check=True, timeout=60).stdout
