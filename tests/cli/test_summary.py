"""`zhubao summary`: the sample's half-year, and a small bureau whose clerk writes into it."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document

from zhubao.cli import summary as command

if TYPE_CHECKING:
    from tests.cli.conftest import Answer, Zhubao

NAMES = ["工作总结.docx", "指标.html", "指标.xlsx"]
# The table of the bureau's 2020 half-year, by row: what the text must say.
PRINTED = (
    "北辰中央公园72套", "新增租赁补贴3户", "实物配租362户，惠及850人",
    "经济适用房购房资格115户", "棚改安置补贴333户", "购房奖励551户", "半边户116户",
    "热线工单21份", "909户家庭发放租赁补贴约81.17万元",
    "社会合作房573套、团购商品房305套、限价商品房520套、公租房715套", "房源2113套",
    "长大公司地块定向限价商品房（立项办理中）”预计可提供房源约1200套",
    "经适房112套、商品房376套、公租房12套", "调配房源500套", "解决个案11户",
    "上门巡查住户1983户", "658户", "日常违规20户", "情况变动66户", "整改率100%",
    "粟塘小区、鄱阳小区、凤凰佳园、凤凰苑", "共核查50套", "收缴租金119.71万元",
    "租金124.343万元", "22家单位960户，超额完成半年目标",
    "住院的退休干部6名，派员参加追悼会4次", "安全隐患3起，已整改2起", "期初在册轮候322户",
    "入住率96.72%（可出租2071套，已入住2003套）", "转租转借的房源2套、已整改2套",
    "领取补贴的家庭5户、已退回资金5户", "不再符合条件的家庭6户、已退出保障6户",
    "时限为2.5个工作日", "每周2次", "工作动态38篇", "开发商有5家，合作期限2—3个月",
)  # fmt: skip
SHOWN = ("2,113套", "362户", "850人", "1,197,100.00元", "1,243,430.00元", "811,725.00元",
         "2,071套", "96.72%", "2.5个工作日", "北辰中央公园72套", "38篇")  # fmt: skip


@pytest.fixture
def small(sample: Path, tmp_path: Path) -> Path:
    """A bureau that keeps nothing but its ledger of services."""
    ledgers = tmp_path / "局" / "ledgers"
    ledgers.mkdir(parents=True)
    for name in ("services.xlsx", "zhubao.toml"):
        shutil.copy(sample / "ledgers" / name, ledgers)
    return ledgers.parent


def _run(zhubao: Zhubao, bureau: Path, *words: str | Path) -> Answer:
    return zhubao("-C", bureau, "summary", *words, "--as-of", "2020-06-30")


def _replaced(document: bytes, old: str, new: str) -> bytes:
    """The document as a clerk saves it after writing `new` over `old`."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as read, zipfile.ZipFile(stream, "w") as written:
        for info in read.infolist():
            data = read.read(info)
            written.writestr(info, data.replace(old.encode(), new.encode()))
    return stream.getvalue()


def _text(path: Path) -> str:
    word = Document(str(path))
    inside = [node.text or "" for node in word.element.body.iter() if node.tag.endswith("}t")]
    return "".join(inside)


def test_the_sample_half_year_says_every_figure_in_text_table_and_answer(
    zhubao: Zhubao, sample: Path, tmp_path: Path
) -> None:
    out = tmp_path / "总结"

    answer = _run(zhubao, sample, "half-year", "--period", "2020-H1", "--out", out)

    assert answer.code == 0
    assert sorted(path.name for path in out.iterdir()) == NAMES
    text = _text(out / "工作总结.docx")
    assert [words for words in PRINTED if words not in text] == []
    squeezed = "".join(answer.out.split())
    assert [words for words in SHOWN if words not in squeezed] == []
    assert "还有 11 段请补写" in answer.out
    assert not any(ref in answer.out for ref in ("Traceback", "nan"))


def test_a_bureau_with_one_ledger_gets_a_summary_without_holes(zhubao: Zhubao, small: Path) -> None:
    answer = _run(zhubao, small, "half-year", "--json")

    facts = answer.json["facts"]
    assert facts["period"] == "2020-H1"
    assert facts["figures"]["tickets.handled"] | {"note": ""} == {
        "title": "12345工单办结",
        "unit": "份",
        "numerator": 21,
        "denominator": None,
        "last_year": facts["figures"]["tickets.handled"]["last_year"],
        "sources": 21,
        "note": "",
    }
    assert facts["figures"]["supply.raised"]["numerator"] is None
    text = " ".join(facts["texts"])
    assert "项目个案" in text
    assert "（二）抓实住房保障日常管理 1. " in text
    assert "租金收缴" not in text
    assert "收缴租金" not in text


def test_what_the_clerk_wrote_survives_the_next_run_and_the_old_file_is_kept(
    zhubao: Zhubao, small: Path, tmp_path: Path
) -> None:
    folder = small / "reports" / "总结_2020-06"
    _run(zhubao, small, "month", "--period", "2020-06")
    path = folder / "工作总结.docx"
    asked = "（请补写：上级部署和本局重点工作，写明事项和时限）"
    path.write_bytes(_replaced(path.read_bytes(), asked, "七月底前完成年审。"))
    notes = tmp_path / "补写.toml"
    notes.write_text('safety = "由分管领导带队检查。"\nnobody = "x"\n', encoding="utf-8")

    answer = _run(zhubao, small, "month", "--period", "2020-06", "--narrative", notes, "--json")

    facts = answer.json["facts"]
    assert facts["to_write"] == []
    assert facts["unused_notes"] == ["nobody"]
    text = _text(path)
    assert "七月底前完成年审。" in text
    assert "安全生产由分管领导带队检查。" in text
    assert "（请补写" not in text
    assert (folder / "工作总结_上一份.docx").is_file()


def test_a_template_that_prints_numbers_wrongly_leaves_nothing_behind(
    zhubao: Zhubao, small: Path, sample: Path
) -> None:
    own = small / "templates" / "半年工作总结.docx"
    own.parent.mkdir()
    packaged = (sample / "templates" / own.name).read_bytes()
    own.write_bytes(_replaced(packaged, "{{r 段.文 }}", "（略）"))

    answer = _run(zhubao, small, "month", "--period", "2020-06")

    assert answer.code == 3
    assert "没有印出" in answer.err
    assert not (small / "reports").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("half-year", "--period", "2020-06"), "长短"),
        (("month", "--period", "六月半"), "看不懂"),
        (("year", "--period", "2021"), "之后"),
        (("month", "--out", "总结.docx"), "文件夹"),
        (("month", "--narrative", "没有.toml"), "读不了"),
    ],
)
def test_words_that_are_off_are_answered_with_what_to_write(
    zhubao: Zhubao, small: Path, words: tuple[str, ...], said: str
) -> None:
    answer = _run(zhubao, small, *words)

    assert answer.code == 2
    assert said in answer.err


def test_three_files_take_their_place_together_or_not_at_all(
    tmp_path: Path,
) -> None:
    made, folder = tmp_path / "made", tmp_path / "folder"
    for place in (made, folder):
        place.mkdir()
        for name in NAMES:
            (place / name).write_text(place.name, encoding="utf-8")
    (made / "指标.html").unlink()  # the last to be moved cannot be

    with pytest.raises(OSError, match=r"指标\.html"):
        command._move_in(made, folder)

    assert {(folder / name).read_text(encoding="utf-8") for name in NAMES} == {"folder"}
