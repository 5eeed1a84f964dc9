"""`zhubao allocate publish`, `statistics` and `report` on a copy of the sample bureau."""

from __future__ import annotations

import html
import re
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from zhubao.core.width import display_width
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.tenants import Household, WaitingEntry

if TYPE_CHECKING:
    from tests.cli.conftest import Answer, Zhubao

EVENT = "YH202001"


@pytest.fixture
def bureau(sample: Path, tmp_path: Path) -> Path:
    ledgers = tmp_path / "示范局" / "ledgers"
    ledgers.mkdir(parents=True)
    for name in ("allocation.xlsx", "tenants.xlsx", "units.xlsx", "zhubao.toml"):
        shutil.copy(sample / "ledgers" / name, ledgers)
    return ledgers.parent


def secrets_of(bureau: Path) -> set[str]:
    """Names, identity, telephone, household and waiting numbers of everybody in the ledgers."""
    loaded = open_bureau(bureau).load(Household, WaitingEntry)
    homes, queue = loaded[Household], loaded[WaitingEntry]
    columns = [homes.column(name) for name in ("household_no", "applicant", "identity_no", "phone")]
    found = {value for column in (*columns, queue.column("waiting_no")) for value in column}
    return {str(one) for one in found if one}


def named_in(text: str, secrets: set[str]) -> set[str]:
    """The secrets that stand in a text: codes and numbers as words, names anywhere."""
    words = set(re.findall(r"[0-9A-Za-z]+", text))
    for run in re.findall(r"[\u4e00-\u9fff]{2,}", text):
        words |= {run[at : at + size] for size in (2, 3, 4) for at in range(len(run) - size + 1)}
    return words & secrets


def parts_of(path: Path) -> str:
    if path.suffix == ".html":
        return html.unescape(path.read_text(encoding="utf-8"))
    with zipfile.ZipFile(path) as package:
        parts = [package.read(one).decode("utf-8", "replace") for one in package.namelist()]
    return html.unescape("\n".join(parts))


def test_the_sample_draw_is_published_in_three_editions_and_the_public_names_nobody(
    zhubao: Zhubao, bureau: Path
) -> None:
    answer = zhubao("-C", bureau, "allocate", "publish", EVENT, "--json")
    assert answer.code == 0, answer.err
    facts = answer.json["facts"]
    assert (facts["stage"], facts["verifiable"]) == ("选房结果", False)
    assert (facts["entrants"], facts["selected"], facts["chosen"], facts["abandoned"]) == (
        337,
        300,
        290,
        10,
    )
    files = [Path(one) for one in facts["files"]]
    assert [path.suffix for path in files] == [".xlsx", ".docx", ".html", ".xlsx", ".xlsx"]
    assert {path.parent.name for path in files[:3]} == {"公开"}
    assert files[0].parents[1].name == "公示_2020-06-30"
    secrets = secrets_of(bureau)
    assert len(secrets) > 6000
    for path in files[:3]:
        text = parts_of(path)
        assert named_in(text, secrets) == set(), path.name
        assert "不能用校验值核验" in text
    assert named_in(answer.out, secrets) == set()
    internal = parts_of(files[3])
    assert len(named_in(internal, secrets)) > 337 * 3
    assert "内部资料" in internal


@pytest.mark.parametrize("columns", [80, 140])
def test_statistics_fit_the_terminal_and_say_what_they_are(
    zhubao: Zhubao, bureau: Path, columns: int
) -> None:
    answer = zhubao("-C", bureau, "allocate", "statistics", EVENT, columns=columns)
    assert answer.code == 0, answer.err
    lines = [line for line in answer.out.splitlines() if not line.startswith("工作簿")]
    assert max(map(display_width, lines)) <= columns
    for words in ("中签率", "与组序一致", "纯凭运气", "不能说明的"):
        assert words in answer.out
    assert list((bureau / "reports" / "摇号" / EVENT).glob("*.xlsx"))


def test_the_half_year_has_362_households_and_850_people_and_the_list_is_proved(
    zhubao: Zhubao, bureau: Path
) -> None:
    answer = zhubao("-C", bureau, "allocate", "report", "--period", "2020-H1", "--json")
    assert answer.code == 0, answer.err
    facts = answer.json["facts"]
    assert (facts["allocated_households"], facts["allocated_people"]) == (362, 850)
    assert facts["waiting"] == {
        "opening": 322,
        "approved": 96,
        "approved_before_first_draw": 20,
        "approved_after_first_draw": 76,
        "housed": 362,
        "left": 14,
        "closing": 42,
        "proved": True,
    }
    rows = _table(answer, "entrants")["rows"]
    first = next(row["values"] for row in rows if row["values"]["event_no"] == EVENT)
    assert (first["entrants"], first["opening"], first["early"]) == (337, 317, 20)
    assert all(row["sources"] for row in _table(answer, "events")["rows"])
    assert not answer.json["findings"] or all(
        one["severity"] == "notice" for one in answer.json["findings"]
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("publish", "没有"), "没有编号"),
        (("publish", EVENT, "--as-of", "2020-01-01"), "还没有冻结"),
        (("report", "--period", "某年"), "期间"),
    ],
)
def test_words_that_make_no_sense_are_exit_code_2(
    zhubao: Zhubao, bureau: Path, words: tuple[str, ...], said: str
) -> None:
    answer = zhubao("-C", bureau, "allocate", *words)
    assert answer.code == 2
    assert said in answer.err


def _table(answer: Answer, key: str) -> Any:
    return next(table for table in answer.json["tables"] if table["key"] == key)
