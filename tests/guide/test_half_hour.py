"""The README's guided half hour works as it is written, and its pictures show what it shows.

`make pictures` makes them anew. Terminal pictures are compared letter by letter; pictures of pages
are not, for programs and fonts differ: they must be there and not blank.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.allocation.bundle.conftest import open_page
from tests.guide.papers import page_picture, page_with, read_image, web_picture
from tests.guide.terminal import screen_lines, shortened, svg, typed
from tests.guide.walk import Step, Walk, commands, guide, walk

PICTURES = Path(__file__).parent / "pictures"
WRITING = os.environ.get("ZHUBAO_PICTURES") == "write"
# picture -> how many lines of the screen's beginning and end it shows
TERMINAL = {
    "check": (10, 17),
    "rent-arrears": (32, 1),
    "rent-notices": (17, 12),
    "allocate-freeze": (11, 13),
    "allocate-announce": (10, 10),
    "allocate-draw": (30, 0),
    "allocate-verify": (30, 0),
    "audit-check": (30, 0),
    "summary-half-year": (24, 5),
    "trace": (30, 0),
}
PAGES = ("summary-docx.png", "indicators-xlsx.png", "indicators-html.png", "verification.png")
SUMMARY = "reports/总结_2020-H1"
VERIFICATION = "reports/摇号/YH202007/第1次/摇号验证.html"


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    return walk(tmp_path_factory.mktemp("half-hour"))


def picture_of(step: Step, folder: str) -> str:
    head, tail = TERMINAL[step.name]
    shown = shortened(screen_lines(step.screen), head, tail)
    return svg([*typed(step.command, folder), *shown], step.command)


def test_every_command_of_the_guide_ends_well(walked: Walk) -> None:
    assert {step.command: step.code for step in walked.steps if step.code} == {}
    assert len(walked.steps) == len(commands())
    assert [step.name for step in walked.steps[1:]] == list(TERMINAL)


def test_the_files_that_the_guide_names_are_there_after_the_walk(walked: Walk) -> None:
    named = re.findall(r"`((?:reports/|催缴)[^`]*)`", guide())
    assert len(named) >= 8
    assert [path for path in named if not (walked.bureau / path).exists()] == []


@pytest.mark.parametrize("name", TERMINAL)
def test_a_terminal_picture_is_what_the_walk_shows(walked: Walk, name: str) -> None:
    step = next(step for step in walked.steps if step.name == name)
    made, path = picture_of(step, walked.bureau.name), PICTURES / f"{name}.svg"
    if WRITING:
        path.write_text(made, encoding="utf-8", newline="\n")
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    assert made == kept, f"{path.name} 与命令现在的输出不同：运行 make pictures 更新"


@pytest.mark.chromium
def test_the_page_of_the_draw_that_was_walked_is_green(walked: Walk, chromium: str) -> None:
    assert 'data-verdict="green"' in open_page(chromium, walked.bureau / VERIFICATION)


@pytest.mark.libreoffice
@pytest.mark.chromium
@pytest.mark.skipif(not WRITING, reason="make pictures 才重新生成")
def test_pages_are_pictured(
    walked: Walk, soffice: Callable[[Path, str], Path], chromium: str
) -> None:
    document, workbook, page, verification = (PICTURES / name for name in PAGES)
    folder = walked.bureau / SUMMARY
    page_picture(soffice(folder / "工作总结.docx", "pdf"), 1, document)
    sheets = soffice(folder / "指标.xlsx", "pdf")
    page_picture(sheets, page_with(sheets, "租金按月"), workbook, share=0.55)
    web_picture(chromium, folder / "指标.html", page, 420, 800)
    web_picture(chromium, walked.bureau / VERIFICATION, verification, 500, 900)


def test_every_picture_is_shown_with_words_and_none_is_blank_or_large() -> None:
    shown = dict(re.findall(r"!\[([^]]*)\]\(tests/guide/pictures/([^)]+)\)", guide()))
    assert sorted(shown.values()) == sorted(path.name for path in PICTURES.iterdir())
    assert sorted(shown.values()) == sorted([*PAGES, *(f"{name}.svg" for name in TERMINAL)])
    assert all(re.search("[一-鿿]{4}", words) for words in shown)
    sizes = [path.stat().st_size for path in PICTURES.iterdir()]
    assert max(sizes) < 150_000
    assert sum(sizes) < 1_200_000
    for name in PAGES:
        image = read_image((PICTURES / name).read_bytes())
        assert image.width >= 400, name
        assert image.height >= 400, name
        assert image.shades > 64, name
