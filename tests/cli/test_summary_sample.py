"""The sample's half-year, fact by fact: the same numbers and words in each form of the summary.

One run of the real command; then document, workbook, page and JSON are read back with what anybody
would read them with. A fact is a number, its unit and what it is the number of: the estate, the
developer, the term. A form that drops the words is caught as one that drops the number.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from docx import Document
from openpyxl import load_workbook

from tests.cli.conftest import SAMPLE
from tests.summary.second_period.counting import Counted
from tests.summary.second_period.surfaces import (
    _Cells,
    from_json,
    from_page,
    from_word,
    from_workbook,
    words_of,
)
from zhubao.cli.entry import main

_COLUMN = "2020年上半年"
_INDICATORS = ("数量指标", "金额指标", "比率指标")


class Fact(NamedTuple):
    """One figure of the half-year as it must be told.

    `shown` is what the table of the document prints; `text` a clause of its text; `note` what
    explains the number beside it in workbook, page and JSON; `definition` words of its definition.
    """

    code: str
    title: str
    shown: str
    counted: tuple[int, int | None]  # money in fen
    text: str
    note: str = ""
    definition: str = ""


# Row by row the table of the bureau's 2020 half-year.
FACTS = (
    Fact("units.delivered", "新交付房源", "372套", (372, None),
         "北辰中央公园72套", "北辰中央公园 72 套", "交付日期"),
    Fact("subsidy.new_grants", "新增租赁补贴", "3户", (3, None), "新增租赁补贴3户"),
    Fact("allocation.households", "配租户数", "362户", (362, None), "实物配租362户"),
    Fact("allocation.people", "配租人数", "850人", (850, None), "实物配租362户，惠及850人"),
    Fact("approval.affordable_purchase", "审批通过：经济适用房购房资格", "115户", (115, None),
         "经济适用房购房资格115户"),
    Fact("approval.resettlement_subsidy", "审批通过：棚改安置补贴", "333户", (333, None),
         "棚改安置补贴333户"),
    Fact("approval.purchase_reward", "审批通过：购房奖励", "551户", (551, None), "购房奖励551户"),
    Fact("approval.half_couple", "审批通过：半边户", "116户", (116, None), "半边户116户"),
    Fact("tickets.handled", "12345工单办结", "21份", (21, None), "“12345”热线工单21份"),
    Fact("subsidy.households_paid", "发放租赁补贴户数", "909户", (909, None),
         "向909户家庭发放租赁补贴"),
    Fact("subsidy.amount_paid", "发放租赁补贴金额", "811,725.00元", (81_172_500, None),
         "909户家庭发放租赁补贴约81.17万元", "81.17 万元"),
    Fact("supply.raised.cooperation", "筹集社会合作房", "573套", (573, None), "社会合作房573套"),
    Fact("supply.raised.group_purchase", "筹集团购商品房", "305套", (305, None), "团购商品房305套"),
    Fact("supply.raised.price_capped", "筹集限价商品房", "520套", (520, None), "限价商品房520套"),
    Fact("supply.raised.public_rental", "筹集公租房", "715套", (715, None), "公租房715套"),
    Fact("supply.raised", "房源筹集", "2,113套", (2113, None), "共筹集房源2113套"),
    Fact("supply.pipeline", "筹建房源", "1,200套", (1200, None),
         "经市级批复、正在筹建的项目“长大公司地块定向限价商品房（立项办理中）”预计可提供房源约1200套",
         "长大公司地块定向限价商品房（立项办理中）", "市级批准"),
    Fact("dispatch.units.affordable", "调配经适房", "112套", (112, None), "经适房112套"),
    Fact("dispatch.units.commercial", "调配商品房", "376套", (376, None), "商品房376套"),
    Fact("dispatch.units.public_rental", "调配公租房", "12套", (12, None), "公租房12套"),
    Fact("dispatch.units", "房源调配", "500套", (500, None), "向各棚改项目调配房源500套"),
    Fact("cases.special_resolved", "个案解决", "11户", (11, None), "解决个案11户"),
    Fact("patrol.households", "动态巡查户数", "1,983户", (1983, None), "上门巡查住户1983户"),
    Fact("patrol.key_households_revisited", "重点对象多次走访户数", "658 / 658户 = 100%",
         (658, 658), "列为重点对象的家庭658户全部做到了多次走访", "走访满 2 次"),
    Fact("cases.violations", "日常违规户数", "20 / 20户 = 100%", (20, 20), "日常违规20户"),
    Fact("cases.changes", "情况变动户数", "66 / 66户 = 100%", (66, 66), "情况变动66户"),
    Fact("cases.rectification", "违规与变动整改率", "86 / 86件 = 100%", (86, 86), "整改率100%"),
    Fact("campaigns.estates", "专项整治小区", "4个", (4, None),
         "4个小区（粟塘小区、鄱阳小区、凤凰佳园、凤凰苑）开展了转租转借",
         "粟塘小区、鄱阳小区、凤凰佳园、凤凰苑"),
    Fact("vacancy.checked", "空置核查", "50套", (50, None),
         "对空置六个月以上或者承租人疑似去世的房源逐套核查，共核查50套"),
    Fact("rent.received", "租金收缴", "1,197,100.00元", (119_710_000, None),
         "收缴租金119.71万元", "119.71 万元"),
    Fact("rent.remitted_city", "市级产权租金汇缴", "1,243,430.00元", (124_343_000, None),
         "汇缴市级产权公租房租金约124.34万元（按汇缴日期统计", "124.343 万元", "不论所属期间"),
    Fact("staff.employers", "职工住房补贴单位", "22家", (22, None), "22家单位960户"),
    Fact("staff.households", "职工住房补贴", "960户", (960, None), "22家单位960户"),
    Fact("staff.half_year_progress", "职工住房补贴完成半年目标", "960 / 900户 = 106.67%",
         (960, 900), "960户，完成半年目标（900户）的106.67%", "已达到目标"),
    Fact("care.hospital", "看望住院退休干部", "6名", (6, None), "住院的退休干部6名"),
    Fact("care.memorial", "参加追悼会", "4次", (4, None), "派员参加追悼会4次"),
    Fact("safety.hazards", "安全隐患整改", "2 / 3起 = 66.67%", (2, 3),
         "发现安全隐患3起，已整改2起"),
    Fact("waiting.opening", "期初轮候户数", "322户", (322, None),
         "期初在册轮候322户", "2019-12-31 在册"),
    Fact("units.occupancy", "公租房入住率", "2,003 / 2,071套 = 96.72%", (2003, 2071),
         "入住率96.72%（可出租2071套，已入住2003套）", "", "可出租房源"),
    Fact("audit.units_sublet", "审计：违规转租转借整改", "2 / 2套 = 100%", (2, 2),
         "违规转租转借的房源2套、已整改2套"),
    Fact("audit.money_repaid", "审计：退回资金", "5 / 5户 = 100%", (5, 5),
         "需退回资金的家庭5户、已退回资金5户"),
    Fact("audit.exited", "审计：未按规定退出、已退出保障", "6 / 6户 = 100%", (6, 6),
         "购车等不再符合条件的家庭6户、已退出保障6户", "", "购车"),
    Fact("approval.district_in_time", "区级复审限内率", "1,219 / 1,219件 = 100%", (1219, 1219),
         "区级复审时限为2.5个工作日", "时限 2.5 个工作日"),
    Fact("deliveries.count", "报件次数", "46次", (46, None), "按每周2次的要求，向市局报件46次",
         "", "向市局报件"),
    Fact("deliveries.weeks_kept", "按每周次数报件的周", "20 / 24周 = 83.33%", (20, 24),
         "按每周2次的要求", "每周规定 2 次"),
    Fact("publicity.news", "信息动态", "38篇", (38, None), "工作动态38篇"),
    Fact("supply.cooperating", "仍在合作的开发商", "5家", (5, None),
         "开发商有5家，合作期限2—3个月", "合作期限 2—3 个月"),
)  # fmt: skip
# Two amounts of other periods and other owners: more remitted than received is explained, no error.
APART = ("口径不同", "市级租金汇缴与租金收缴", "汇缴只是市级产权")


@dataclass(frozen=True)
class Made:
    """The folder the command wrote, and what it answered."""

    folder: Path
    answer: Any

    @property
    def notes(self) -> dict[str, str]:
        """What the answer says beside each figure, by code."""
        return {code: one["note"] for code, one in self.answer["facts"]["figures"].items()}

    @property
    def word(self) -> Path:
        return self.folder / "工作总结.docx"

    @property
    def book(self) -> Path:
        return self.folder / "指标.xlsx"

    @property
    def page(self) -> Path:
        return self.folder / "指标.html"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("sample") / "总结"
    words = "summary half-year --period 2020-H1 --as-of 2020-06-30 --json"
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main(["-C", str(SAMPLE), *words.split(), "--out", str(folder)])
    assert code == 0
    assert {path.name for path in folder.iterdir()} == {"工作总结.docx", "指标.xlsx", "指标.html"}
    return Made(folder, json.loads(out.getvalue()))


Lines = list[list[str]]
Told = dict[str, dict[str, str]]  # code → header → cell


def _by_code(lines: Lines, said: str, codes: Container[str]) -> Told:
    """The rows of the tables with the columns 编号 and `said`, by code and header.

    说明 are the indicators, 怎么算 their definitions; other tables name codes, too.
    """
    found: Told = {}
    header: list[str] = []
    for line in lines:
        if "编号" in line:
            header = line
        code = dict(zip(header, line, strict=False)).get("编号", "")
        if code in codes and said in header:
            assert code not in found
            found[code] = dict(zip(header, line, strict=True))
    return found


def _book_lines(path: Path, *sheets: str) -> Lines:
    book = load_workbook(path, read_only=True)
    lines = [
        ["" if cell is None else str(cell) for cell in line]
        for name in sheets
        for line in book[name].iter_rows(values_only=True)
    ]
    book.close()
    return lines


def _page_lines(path: Path) -> Lines:
    reader = _Cells()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader.rows


def _unit(fact: Fact) -> str:
    return fact.shown.partition(" = ")[0].strip("0123456789,. /")


def _numbers_of(found: Counted) -> Counted:
    return {fact.code: found.get(fact.code, (-1, None)) for fact in FACTS}


NUMBERS: Counted = {fact.code: fact.counted for fact in FACTS}


def _wanting(made: Made, lines: Lines) -> list[tuple[str, str, str]]:
    """(code, header, words) of what the workbook or the page should say and does not."""
    told = _by_code(lines, "说明", made.notes)
    defined = _by_code(lines, "怎么算", made.notes)
    wanting = []
    for fact in FACTS:
        row, how = told[fact.code], defined[fact.code]
        unit = "单位" if fact.counted[1] is None else "分子分母的单位"
        exact = {"指标": fact.title, unit: _unit(fact)}
        wanting += [(fact.code, at, words) for at, words in exact.items() if row[at] != words]
        if fact.note not in row["说明"]:
            wanting.append((fact.code, "说明", fact.note))
        if not how["怎么算"] or fact.definition not in how["怎么算"]:
            wanting.append((fact.code, "怎么算", fact.definition))
    return wanting


def _is_apart(line: list[str]) -> bool:
    return line[:2] == list(APART[:2]) and any(APART[2] in cell for cell in line)


def test_the_text_of_the_document_says_every_fact(made: Made) -> None:
    text = words_of(made.word)
    assert [fact.text for fact in FACTS if fact.text not in text] == []
    assert "与本期收缴数口径不同" in text


def test_the_table_of_the_document_prints_every_number_with_its_unit(made: Made) -> None:
    _, names = from_json(made.answer)
    assert _numbers_of(from_word(made.word, names)) == NUMBERS
    rows = [row.cells for table in Document(str(made.word)).tables for row in table.rows[1:]]
    shown = {cells[1].text: (cells[2].text, cells[4].text) for cells in rows}
    assert {fact.title: shown[fact.title][0] for fact in FACTS} == {
        fact.title: fact.shown for fact in FACTS
    }
    assert [fact.code for fact in FACTS if fact.definition not in shown[fact.title][1]] == []


def test_the_workbook_says_every_number_and_its_words(made: Made) -> None:
    counted, rates = from_workbook(made.book, _COLUMN)
    assert _numbers_of(counted) == NUMBERS
    wholes = {fact.code: fact.counted for fact in FACTS if fact.counted[1]}
    assert {code: rates[code] for code in wholes} == pytest.approx(
        {code: value / (whole or 1) for code, (value, whole) in wholes.items()}
    )
    assert _wanting(made, _book_lines(made.book, *_INDICATORS, "口径")) == []
    assert any(map(_is_apart, _book_lines(made.book, "勾稽（金额）")))
    (header,) = [line for line in _book_lines(made.book, "房源调配按项目") if "占比" in line]
    assert header[:2] == ["棚改项目", "房源调配"]


def test_the_page_says_every_number_and_its_words(made: Made) -> None:
    _, names = from_json(made.answer)
    lines = _page_lines(made.page)
    assert _numbers_of(from_page(made.page, _COLUMN, names)) == NUMBERS
    assert _wanting(made, lines) == []
    told = _by_code(lines, "说明", made.notes)
    rates = {fact.code: fact.counted for fact in FACTS if fact.counted[1]}
    assert {code: told[code][_COLUMN].partition("（")[0] for code in rates} == {
        code: f"{value / (whole or 1):.2%}" for code, (value, whole) in rates.items()
    }
    assert any(map(_is_apart, lines))
    assert ["棚改项目", "房源调配"] in [line[:2] for line in lines]


def test_the_answer_says_every_number_and_its_words(made: Made) -> None:
    counted, names = from_json(made.answer)
    assert _numbers_of(counted) == NUMBERS
    facts = made.answer["facts"]
    for fact in FACTS:
        unit = {"元": "分"}.get(_unit(fact), _unit(fact))
        assert (names[fact.code].title, names[fact.code].unit) == (fact.title, unit)
    assert [fact.code for fact in FACTS if fact.note not in made.notes[fact.code]] == []
    text = "\n".join(facts["texts"])
    assert [fact.text for fact in FACTS if fact.text not in text] == []
    pairs = [row["values"] for table in made.answer["tables"] for row in table["rows"]]
    apart = [pair for pair in pairs if pair.get("title") == APART[1]]
    assert [(pair["outcome"], APART[2] in pair["explanation"]) for pair in apart] == [
        (APART[0], True)
    ]


def test_workbook_and_page_explain_every_figure_as_the_answer_does(made: Made) -> None:
    for lines in (_book_lines(made.book, *_INDICATORS), _page_lines(made.page)):
        told = _by_code(lines, "说明", made.notes)
        assert told.keys() == made.notes.keys()
        assert [code for code, note in made.notes.items() if note not in told[code]["说明"]] == []
