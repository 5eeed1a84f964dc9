"""A published folder, and a real browser to open its page in."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.allocation.draw.events import draws_of, frozen_texts
from zhubao.allocation.bundle.contents import bundle_files, read_templates

Files = dict[str, bytes]
Browse = Callable[[Mapping[str, tuple[str, str]]], dict[str, dict[str, Any]]]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_HARNESS = """<!DOCTYPE html><meta charset="utf-8"><body><pre id="out"></pre>
{frames}
<script>
const seen = () => [...document.querySelectorAll("iframe")].map(frame => frame.contentDocument);
const wait = setInterval(() => {{
  if (!seen().every(page => page && page.documentElement.dataset.ready)) return;
  clearInterval(wait);
  document.getElementById("out").textContent = JSON.stringify(seen().map(page => ({{
    ...page.documentElement.dataset,
    faults: [...page.querySelectorAll("#faults li")].map(item => item.textContent),
    text: page.querySelector("main").textContent}})));
}}, 20);
</script>"""


@pytest.fixture(scope="session")
def templates() -> dict[str, str]:
    return read_templates()


@pytest.fixture
def files(templates: dict[str, str]) -> Files:
    """A bundle of a second draw, household ↔ unit."""
    texts = frozen_texts()
    draws = draws_of(texts, "03 17 22 28 31 05", "04 08 15 16 23 32")
    return bundle_files(texts, draws, templates)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser; without one the test is skipped, or fails where one is required."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("ZHUBAO_REQUIRE_CHROMIUM") == "1":
            pytest.fail("no Chromium on this machine")
        pytest.skip("no Chromium on this machine")
    return found


@pytest.fixture
def browse(chromium: str, tmp_path: Path) -> Browse:
    """Open pages (name → text, words behind #) from disk in one run; what each says of itself.

    The frames around them are read with a switch that only lets this harness look inside.
    """

    def run(pages: Mapping[str, tuple[str, str]]) -> dict[str, dict[str, Any]]:
        for number, (text, _) in enumerate(pages.values()):
            (tmp_path / f"{number}.html").write_bytes(text.encode())
        frames = "\n".join(
            f'<iframe src="{number}.html#{html.escape(words)}"></iframe>'
            for number, (_, words) in enumerate(pages.values())
        )
        harness = tmp_path / "harness.html"
        harness.write_text(_HARNESS.format(frames=frames), encoding="utf-8")
        dom = open_page(chromium, harness, "--allow-file-access-from-files")
        found = re.search(r'<pre id="out">(.+?)</pre>', dom, re.DOTALL)
        assert found, dom[:2000]
        said = json.loads(html.unescape(found[1]))
        return dict(zip(pages, said, strict=True))

    return run


def open_page(chromium: str, page: Path, *switches: str, words: str = "") -> str:
    """The page as it stands after its scripts have run."""
    command = [
        *(chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom"),
        *("--virtual-time-budget=20000", f"--user-data-dir={page.parent / 'profile'}"),
        *switches,
        page.as_uri() + (f"#{words}" if words else ""),
    ]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()
