"""摇号验证.html in a real browser: green for what was published, red with the reason otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.allocation.bundle.conftest import Browse, Files, open_page
from tests.allocation.bundle.test_verify import SPOILT
from tests.allocation.draw.events import people
from zhubao.allocation.bundle.contents import PAGE, page_text, write_bundle
from zhubao.allocation.draw.texts import sha256

pytestmark = pytest.mark.chromium
VECTORS = Path(__file__).parents[1] / "draw" / "vectors" / "vectors.json"
REASONS = {
    "roster": "名册在冻结之后改动过：roster.txt",
    "units": "房源清单在冻结之后改动过：units.txt",
    "result": "result.txt 有 2 行不同",
    "entropy": "结果与重新计算的不一致",
    "entropy cut": "应当是 6 个 2 位数",
    "entropy again": "完全相同",
    "rules": "与 rules.txt 的不同",
    "earlier result": "earlier/1/result.txt 有 1 行不同",
    "earlier gone": "缺少 earlier/1/draw.txt",
    "result gone": "缺少 result.txt",
    "carriage returns": "units.txt 第 1 行",
    "another event": "活动“YH202008”",
}


def test_the_page_as_published_opened_from_disk(
    chromium: str, files: Files, tmp_path: Path
) -> None:
    folder = write_bundle(files, tmp_path / "第2次")
    receipt = files["result.txt"].decode().split("\n")[1].split("\t")[1]
    announced = sha256(files["rules.txt"].decode())
    words = f"receipt={receipt[:4].upper()}-{receipt[4:7]}&announced={announced}"
    dom = open_page(chromium, folder / PAGE, words=words)
    for said in (
        'data-verdict="green"',
        f'data-place="1 {receipt} 1 1 ',
        "本机重新计算的结果相同",
        "总校验值与公告上的相同",
        "粟塘小区&lt;/script&gt;&lt;b&gt;摇号",
    ):
        assert said in dom


def test_vectors_changes_and_receipts_all_in_one_run(
    browse: Browse, files: Files, templates: dict[str, str]
) -> None:
    """One start of the browser for everything: it takes longer than all the pages."""
    cases: list[Any] = json.loads(VECTORS.read_text(encoding="utf-8"))
    pages: dict[str, tuple[str, str]] = {}
    for case in cases:
        page = page_text(templates[PAGE], case["files"])
        pages |= {case["name"]: (page, ""), f"{case['name']}/js": (page, "js=1")}
    for name in REASONS:
        spoilt = dict(files)
        SPOILT[name][0](spoilt)
        texts = {path: data.decode() for path, data in spoilt.items() if path.endswith(".txt")}
        pages[name] = page_text(templates[PAGE], texts), ""
    person, good = people(12)[7], files[PAGE].decode()
    own = f"entrant={person.entrant_no}&identity={person.identity_no}&salt={person.salt}"
    pages["own"] = good, own.replace("X", quote("Ｘ"))
    pages["announced"] = good, f"announced={'0' * 64}"
    pages["unknown"] = good, "receipt=ffff0000"
    pages["empty"] = templates[PAGE], ""
    said = browse(pages)
    for case in cases:
        for name, engine in ((case["name"], "webcrypto"), (f"{case['name']}/js", "script")):
            got = said[name]
            assert (got["verdict"], got["engine"]) == ("green", engine), got["faults"]
            assert got["result"] == case["result_hash"]
    for name, reason in REASONS.items():
        assert said[name]["verdict"] == "red", name
        assert reason in "\n".join(said[name]["faults"]), (name, said[name]["faults"])
    assert said["own"]["owned"] == person.receipt
    assert person.receipt in said["own"]["place"]
    assert said["announced"]["verdict"] == "red"
    assert "公告上的不同" in said["announced"]["faults"][0]
    assert "名册里没有这个凭证号" in said["unknown"]["text"]
    assert said["empty"]["verdict"] == "red"
