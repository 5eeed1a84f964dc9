"""`zhubao allocate draw` and `verify` as a clerk, a script and a citizen run them."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests.allocation.draw.events import AT, ENTROPY, EVENT, event_values, frozen_texts
from zhubao.allocation.draw.texts import sha256
from zhubao.core.width import display_width
from zhubao.ledger.allocation import DrawEvent, DrawResult, RosterEntry, UnitSelection
from zhubao.ledger.model import column_info
from zhubao.ledger.store.draw_archive import DrawArchive

if TYPE_CHECKING:
    from tests.cli.conftest import Answer, Zhubao

WORDS = tuple(word for value in ENTROPY for word in ("--entropy", value))
OTHER = ("--entropy", "现场摇球=04 08 15 16 23 32", "--entropy", "观众报数=1 2 3")
DRAW = ("allocate", "draw", EVENT, *WORDS, "--at", f"{AT:%Y-%m-%d %H:%M}")
AGAIN = ("--at", "2020-09-13 10:00", "--reason", "现场摇球机故障",
         "--approved-by", "赵主任", "--approved-by", "钱科长")  # fmt: skip


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    """A frozen and announced event of twelve households and six units."""
    root = tmp_path / "局"
    (root / "ledgers").mkdir(parents=True)
    (root / "ledgers" / "zhubao.toml").write_text('bureau = "示范局"\n', encoding="utf-8")
    texts = frozen_texts(name="粟塘小区摇号")
    DrawArchive(root, EVENT).keep_frozen(sha256(texts["rules.txt"]), texts)
    book = openpyxl.Workbook()
    for model in (DrawEvent, DrawResult, RosterEntry, UnitSelection):
        sheet = book.create_sheet(model.SHEET.name)
        fields = model.model_fields
        sheet.append([column_info(info).header for info in fields.values()])
        if model is DrawEvent:
            values = event_values(texts)
            sheet.append([values.get(name) for name in fields])
    del book["Sheet"]
    book.save(root / "ledgers" / "allocation.xlsx")
    return root


def rows(bureau: Path, sheet: str) -> list[dict[str, Any]]:
    book = openpyxl.load_workbook(bureau / "ledgers" / "allocation.xlsx", read_only=True)
    head, *rest = book[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rest]


def test_drawn_published_undone_written_again_and_drawn_anew(
    zhubao: Zhubao, bureau: Path, tmp_path: Path
) -> None:
    def run(*words: str) -> Answer:
        return zhubao("-C", bureau, *words)

    first = run(*DRAW, "--witness", "公证员李某、居民代表王某", "--yes", "--json")
    assert first.code == 0, first.err
    facts = first.json["facts"]
    assert (facts["selected"], facts["reserve"], facts["applied"]) == (6, 6, True)
    (event,), results = rows(bureau, "摇号活动"), rows(bureau, "摇号结果")
    assert (event["活动状态"], event["摇号时间"]) == ("已摇号", AT)
    assert event["结果校验值"] == facts["result_hash"]
    assert [row["总名次"] for row in results] == [*range(1, 13)]
    assert len({row["房源编号"] for row in results} - {None}) == 6

    assert run("undo", "--yes").code == 0
    assert rows(bureau, "摇号结果") == []
    refused = run("allocate", "draw", EVENT, *OTHER, "--yes")
    assert (refused.code, "不能再改" in refused.err) == (2, True)
    assert run(*DRAW[:-2], "--yes").code == 0
    assert rows(bureau, "摇号活动") == [event]
    assert rows(bureau, "摇号结果") == results

    second = run("allocate", "draw", EVENT, *OTHER, *AGAIN, "--yes", "--json")
    assert second.code == 0, second.err
    before, latest = rows(bureau, "摇号活动")
    assert (before, latest["摇号次序"], latest["前次结果校验值"]) == (
        event,
        2,
        facts["result_hash"],
    )
    bundle = bureau / "reports" / "摇号" / EVENT / "第2次"
    receipt = results[0]["凭证号"]
    announced = ("--published-hash", latest["总校验值"])
    passed = zhubao("allocate", "verify", bundle, *announced, "--receipt", receipt[:8])
    assert passed.code == 0, passed.err
    assert "核对通过" in passed.out
    assert receipt in passed.out
    shutil.make_archive(str(tmp_path / "公布"), "zip", bundle)
    assert zhubao("allocate", "verify", tmp_path / "公布.zip", "--json").json["facts"]["passed"]
    roster = bundle / "roster.txt"
    roster.write_bytes(roster.read_bytes().replace("优抚对象".encode(), "普通对象".encode(), 1))
    spoilt = zhubao("allocate", "verify", bundle)
    assert spoilt.code == 1
    assert all(code in spoilt.out for code in ("AL-302", "AL-305", "AL-311"))


@pytest.mark.parametrize("columns", [80, 140])
def test_a_rehearsal_shows_no_result_and_keeps_nothing(
    zhubao: Zhubao, bureau: Path, columns: int
) -> None:
    answer = zhubao("-C", bureau, *DRAW, "--dry-run", columns=columns)
    assert answer.code == 0, answer.err
    assert "没有登记，没有摇号" in answer.out
    assert max(map(display_width, answer.out.splitlines())) <= columns
    assert not any(word in answer.out for word in ("中签", "张*明", "种子"))
    assert DrawArchive(bureau, EVENT).draws() == ()
    assert not (bureau / "reports").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (DRAW, 2, "--yes"),  # nobody to ask
        ((*DRAW[:3], "--yes"), 2, "现场摇球=11 22 33 44 55 66"),
        ((*DRAW, "--at", "昨天"), 2, "--at"),
        ((*DRAW[:-1], "2020-09-09 10:00", "--yes"), 2, "早于公布时间"),
        (("allocate", "verify", "没有这个"), 3, "没有这个文件夹或文件"),
        (("allocate", "verify", ".", "--published-hash", "12"), 2, "64 位"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(
    zhubao: Zhubao, bureau: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    answer: Answer = zhubao("-C", bureau, *words)
    assert (answer.code, said in answer.err) == (code, True), answer.err
    assert DrawArchive(bureau, EVENT).draws() == ()


def test_without_a_time_it_is_drawn_now(zhubao: Zhubao, bureau: Path) -> None:
    before = dt.datetime.now().replace(second=0, microsecond=0)
    facts = zhubao("-C", bureau, *DRAW[:-2], "--dry-run", "--json").json["facts"]
    assert dt.datetime.fromisoformat(facts["drawn_at"]) >= before
    assert (facts["applied"], "result_hash" in facts) == (False, False)
