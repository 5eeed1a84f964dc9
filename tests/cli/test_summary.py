"""`zhubao summary`: the sample's half-year, and a small bureau whose clerk writes into it."""

from __future__ import annotations

import errno
import io
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document
from openpyxl import load_workbook

from zhubao.cli import summary_files as command
from zhubao.cli.output import save_report

if TYPE_CHECKING:
    from tests.cli.conftest import Answer, Zhubao
    from zhubao.core.report import Report

NAMES = ["工作总结.docx", "指标.html", "指标.xlsx"]
# Of the table of the bureau's 2020 half-year: what the terminal must show.
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


def test_the_sample_half_year_shows_its_figures_in_the_terminal(
    zhubao: Zhubao, sample: Path, tmp_path: Path
) -> None:
    out = tmp_path / "总结"

    answer = _run(zhubao, sample, "half-year", "--period", "2020-H1", "--out", out)

    assert answer.code == 0
    assert sorted(path.name for path in out.iterdir()) == NAMES
    squeezed = "".join(answer.out.split())
    assert [words for words in SHOWN if words not in squeezed] == []
    assert "还有 11 段请补写" in answer.out
    assert not any(ref in answer.out for ref in ("Traceback", "nan"))


def test_a_bureau_with_one_ledger_gets_a_summary_that_says_what_is_wanting(
    zhubao: Zhubao, small: Path
) -> None:
    answer = _run(zhubao, small, "half-year", "--json")

    facts = answer.json["facts"]
    assert facts["period"] == "2020-H1"
    assert facts["figures"]["tickets.handled"] | {"note": ""} == {
        "title": "12345工单办结",
        "unit": "份",
        "numerator": 21,
        "denominator": None,
        "last_year": facts["figures"]["tickets.handled"]["last_year"],
        "last_period": {
            "numerator": None,
            "denominator": None,
            "note": "台账里没有2019年下半年的记录",
        },
        "progress": None,
        "sources": 21,
        "note": "",
    }
    assert facts["figures"]["supply.raised"]["numerator"] is None
    text = " ".join(facts["texts"])
    assert "项目个案" in text
    assert "（二）抓实住房保障日常管理 1. " in text
    assert "租金收缴 （没有找到 arrears.xlsx，租金收缴情况没有写入，请补齐台账" in text
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
    assert "由分管领导带队检查。" in text
    assert "（请补写" not in text
    assert (folder / "工作总结_上一份.docx").is_file()


def _edit(path: Path, lines: dict[str, str]) -> None:
    """The document as the clerk saves it with other words in these offers; "" deletes one."""
    word = Document(str(path))
    for one in word.paragraphs:
        code = str(one.style.name).removeprefix("offer_") if one.style else ""
        if lines.get(code):
            one.text = lines[code]
        elif code in lines:
            one._p.getparent().remove(one._p)
    word.save(str(path))


def test_a_problem_deleted_or_reworded_stays_so_until_its_figures_change(
    zhubao: Zhubao, small: Path
) -> None:
    path = small / "reports" / "总结_2020-06" / "工作总结.docx"
    _run(zhubao, small, "month", "--period", "2020-06")
    true, gone = "区级1件审批超期，已催办。", "4周中有1周没有报足，已说明原因。"
    assert "1. 对超期的1件审批" in _text(path)
    _edit(
        path,
        {
            "plan.approval.overdue": "",
            "problem.approval.overdue": true,
            "problem.deliveries.weeks": gone,
        },
    )

    for _ in range(2):
        again = _run(zhubao, small, "month", "--period", "2020-06")
        text = _text(path)
        assert f"（一）审批超期未办{true}（二）报件次数不足{gone}" in text
        assert "三、下月工作安排1. 固定每周报件的日子" in text
        assert "您删去的1句" in "".join(again.out.split())

    words = ("-C", small, "summary", "month", "--period", "2020-06", "--as-of", "2020-06-05")
    changed = zhubao(*words, "--json")
    assert changed.json["facts"]["edited"] == {
        "dropped": ["plan.approval.overdue"],  # its one figure is what it was
        "reworded": ["problem.approval.overdue"],
        "changed_numbers": {},
        "added": {},
        "lost": {"problem.deliveries.weeks": [gone]},
    }
    assert f"报件次数不足（问题）：{gone}" in changed.err
    text = _text(path)
    assert f"（一）审批超期未办{true}三、下月工作安排（请补写：" in text
    assert gone not in text
    assert gone in _text(path.with_name("工作总结_上一份.docx"))


def test_an_item_put_before_another_is_the_clerks_own_and_changed_numbers_are_told(
    zhubao: Zhubao, small: Path
) -> None:
    path = small / "reports" / "总结_2020-06" / "工作总结.docx"
    _run(zhubao, small, "month", "--period", "2020-06")
    own = "配合街道做好汛期住户安全摸排。"
    word = Document(str(path))
    offers = {str(one.style.name): one for one in word.paragraphs if one.style}
    weeks = offers["offer_plan.deliveries.weeks"]
    weeks.insert_paragraph_before(own, style=weeks.style)
    late = offers["offer_problem.approval.overdue"]
    late.text = late.text.replace("有1件", "有3件")
    word.save(str(path))

    for _ in range(2):
        again = _run(zhubao, small, "month", "--period", "2020-06")
        told = "".join(again.out.split())
        assert "您改过的1句，台账的数没有变，照您的写法：审批超期未办（问题）" in told
        assert "其中与台账不同的数，请核对：3件（台账1件）" in told
        assert f"您加写的1段已保留：{own}" in told
        text = _text(path)
        assert f"2. {own}3. 固定每周报件的日子" in text


def test_notes_leave_a_problem_out_by_its_code(zhubao: Zhubao, small: Path, tmp_path: Path) -> None:
    notes = tmp_path / "补写.toml"
    notes.write_text('drop = ["deliveries.weeks"]\n', encoding="utf-8")
    words = ("month", "--period", "2020-06", "--narrative", notes)

    answer = _run(zhubao, small, *words, "--json")

    assert answer.json["facts"]["edited"]["dropped"] == ["problem.deliveries.weeks"]
    path = small / "reports" / "总结_2020-06" / "工作总结.docx"
    assert "固定每周报件的日子" not in _text(path)
    notes.write_text('drop = ["deliveries.week"]\n', encoding="utf-8")
    wrong = _run(zhubao, small, *words)
    assert wrong.code == 2
    assert "deliveries.weeks" in wrong.err


def test_a_page_or_workbook_that_reads_back_otherwise_replaces_nothing(
    zhubao: Zhubao, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small / "reports" / "总结_2020-06"
    _run(zhubao, small, "month", "--period", "2020-06")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def doctored(report: Report, path: Path, root: Path) -> None:
        save_report(report, path, root)
        if path.suffix == ".html":
            page = path.read_text(encoding="utf-8")
            path.write_text(page.replace('<td class="n">1<', '<td class="n">7<'), encoding="utf-8")

    monkeypatch.setattr("zhubao.cli.summary_files.save_report", doctored)
    answer = _run(zhubao, small, "month", "--period", "2020-06", "--as-of", "2020-06-29")

    assert answer.code == 3
    assert "指标.html 读回来有" in answer.err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


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
        command.move_in(made, folder)

    assert {(folder / name).read_text(encoding="utf-8") for name in NAMES} == {"folder"}


def _add(path: Path, sentence: str) -> None:
    """The document as the clerk saves it with a sentence after the longest of the program's."""
    word = Document(str(path))
    texts = [one for one in word.paragraphs if one.style and one.style.name == "Body Text"]
    max(texts, key=lambda one: len(one.text)).add_run(sentence)
    word.save(str(path))


def test_what_was_added_between_the_figures_is_told_and_its_only_copy_stays(
    zhubao: Zhubao, small: Path
) -> None:
    words, own = ("month", "--period", "2020-06"), "楼道照明已请物业公司修复到位。"
    path = small / "reports" / "总结_2020-06" / "工作总结.docx"
    _run(zhubao, small, *words)
    _add(path, own)

    told = _run(zhubao, small, *words)
    later = zhubao("-C", small, "summary", *words, "--as-of", "2020-06-29", "--json")

    assert told.code == 0
    assert f"1处没有保留，原文在工作总结_上一份.docx：①{own}" in "".join(told.out.split())
    assert later.json["facts"]["not_kept"] == {"added": [], "kept_in": "工作总结_上一份2.docx"}
    assert own not in _text(path)
    assert own in _text(path.with_name("工作总结_上一份.docx"))


def test_a_document_open_in_a_word_processor_is_not_replaced(zhubao: Zhubao, small: Path) -> None:
    folder = small / "reports" / "总结_2020-06"
    _run(zhubao, small, "month", "--period", "2020-06")
    before = (folder / "工作总结.docx").read_bytes()
    for name in (".~lock.工作总结.docx#", "~$工作总结.docx"):
        (folder / name).write_text("", encoding="utf-8")

        answer = _run(zhubao, small, "month", "--period", "2020-06", "--as-of", "2020-06-29")

        assert answer.code == 3
        assert name in answer.err
        (folder / name).unlink()
    assert (folder / "工作总结.docx").read_bytes() == before


def test_a_folder_that_cannot_be_written_is_said_in_chinese(
    zhubao: Zhubao, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("zhubao.cli.summary_files.move_in", refuse)

    answer = _run(zhubao, small, "month", "--period", "2020-06")

    assert answer.code == 3
    assert "没有写入权限，或文件正开着" in answer.err
    assert "Operation" not in answer.err


def test_nothing_is_written_of_a_bureau_without_records(zhubao: Zhubao, tmp_path: Path) -> None:
    root = tmp_path / "空"
    assert zhubao("init", root).code == 0

    answer = _run(zhubao, root, "half-year")

    assert answer.code == 1
    assert "没有任何记录，没有生成总结" in answer.out
    assert not (root / "reports").exists()


def test_a_ledger_not_found_is_told_in_its_section_until_it_is_there(
    zhubao: Zhubao, small: Path, sample: Path
) -> None:
    path = small / "reports" / "总结_2020-06" / "工作总结.docx"
    words, own = ("month", "--period", "2020-06"), "租金收缴由财务科另报。"
    first = _run(zhubao, small, *words)
    assert "警告：没有找到 " in first.out
    assert "（没有找到patrol.xlsx，安全生产情况没有写入" in "".join(_text(path).split())
    _edit(path, {"missing.safety.hazards": "", "missing.rent.received": own})

    again = _run(zhubao, small, *words)

    text = _text(path)
    assert own in text
    assert "安全生产" not in text
    assert "“没有找到台账”的提示1行" in "".join(again.out.split())
    shutil.copy(sample / "ledgers" / "arrears.xlsx", small / "ledgers")
    complete = _run(zhubao, small, *words)
    assert "收缴租金" in _text(path)
    assert "没有找到 arrears.xlsx" not in _text(path)
    assert f"台账已经补齐，没有写进：租金收缴（没有找到台账的提示）：{own}" in complete.out


def _vacate(ledger: Path, unit: str) -> None:
    """The unit's 状态 as 空置 in the ledger of units, its lease left as it is."""
    book = load_workbook(ledger)
    sheet = book["房源"]
    names = [cell.value for cell in sheet[1]]
    number, status = names.index("房源编号"), names.index("状态")
    (row,) = (row for row in sheet.iter_rows() if row[number].value == unit)
    assert row[status].value == "在租"
    row[status].value = "空置"
    book.save(ledger)


def test_numbers_that_do_not_agree_are_told_first_last_and_in_the_document(
    zhubao: Zhubao, small: Path, sample: Path
) -> None:
    for name in ("units.xlsx", "tenants.xlsx", "subsidies.xlsx", "allocation.xlsx"):
        shutil.copy(sample / "ledgers" / name, small / "ledgers")
    path = small / "reports" / "总结_2020-06" / "工作总结.docx"
    words, code = ("month", "--period", "2020-06"), "offer_open.units.leases"
    title = "按合同的在租套数 = 房源表的在租套数"
    closing = f"有 1 项待核对：{title}，请核对后再报"
    _vacate(small / "ledgers" / "units.xlsx", "01-01-1-0101")
    first = _run(zhubao, small, *words)

    line = f"（待核对：{title}，左边 2,003 套，右边 2,002 套，请核对后删去这一行）"
    assert (first.code, closing in first.out) == (0, True)
    rows = first.out.split("勾稽关系")[1].splitlines()
    assert title in rows[2]
    (shown,) = (one for one in Document(str(path)).paragraphs if one.text == line)
    assert shown.style is not None
    assert shown.style.name == code
    assert "FFF200" in shown._p.xml
    assert f"{line}二、需要关注的问题" in _text(path)

    _edit(path, {"open.units.leases": ""})
    again = _run(zhubao, small, *words)
    assert closing in again.out
    assert "keep" not in again.out
    assert "待核对" not in _text(path)

    _vacate(small / "ledgers" / "units.xlsx", "01-01-1-0102")
    own = "在租少 2 套，房源表 2,001 套，正在核实。"
    _run(zhubao, small, *words)
    assert "右边 2,001 套" in _text(path)
    _edit(path, {"open.units.leases": own})
    shutil.copy(sample / "ledgers" / "units.xlsx", small / "ledgers")
    agreed = _run(zhubao, small, *words)
    assert f"您改过的待核对一行，不用再核对了，没有写进：{title}：{own}" in agreed.out
    assert closing not in agreed.out
    assert own not in _text(path)
    assert "待核对" not in _text(path)
