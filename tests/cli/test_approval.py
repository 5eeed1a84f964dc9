"""`zhubao approval` as a clerk and a script run it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zhubao.core.width import display_width

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao


def test_the_figures_of_the_half_year_come_out(
    zhubao: Zhubao, sample: Path, tmp_path: Path
) -> None:
    words = ("-C", sample, "approval", "report", "--period", "2020-H1", "--as-of", "2020-06-30")
    facts = zhubao(*words, "--json").json["facts"]
    assert facts["approved"] == {
        "公租房资格": 96,
        "租赁补贴资格": 3,
        "经济适用房购房资格": 115,
        "棚改安置补贴": 333,
        "购房奖励": 551,
        "半边户": 116,
    }
    assert facts["district_within_limit"]["numerator"] == 1219
    assert facts["one_visit"] == {"numerator": 1219, "denominator": 1219, "percent": 100.0}
    saved = zhubao(*words, "--out", tmp_path / "审批.html")
    assert saved.code == 0
    assert max(map(display_width, saved.out.splitlines()[:-1])) <= 80
    assert "不在上班时间" in (tmp_path / "审批.html").read_text(encoding="utf-8")


def test_one_file_overdue_is_listed_and_explained(zhubao: Zhubao, sample: Path) -> None:
    late = zhubao("-C", sample, "approval", "overdue", "--at", "2020-01-23 14:00")
    assert late.code == 0
    assert "2020年1月23日上午" in late.out
    assert "SP001222" in late.out
    shown = zhubao("-C", sample, "approval", "show", "sp001222", "--as-of", "2020-02-03")
    assert "休息 10 天" in shown.out
    assert "彭*" in shown.out
    stages = shown.out.replace("\n      ", "")
    assert "8 个半天，4 个工作日；时限 2.5 个工作日，2020年1月23日上午到期" in stages
    open_ones = zhubao("-C", sample, "approval", "list", "--open", "--json").json
    assert open_ones["facts"] == {"files": 3, "by_result": {"办理中": 3}, "rows_unread": 0}


def test_working_days_are_counted_and_added(zhubao: Zhubao, sample: Path) -> None:
    words = ("-C", sample, "approval", "workdays")
    due = zhubao(*words, "2020-01-23 15:00", "--days", "2.5", "--json").json["facts"]
    assert due["due"] == "2020年2月5日上午"
    assert zhubao(*words, "2019-12-31", "2020-06-30", "--json").json["facts"]["days"] == "121"
    unknown = zhubao(*words, "2035-01-08", "--days", "1")
    assert unknown.code == 3
    assert "workdays.toml" in unknown.err
    for wrong in (["2020-06-30"], ["昨天", "--days", "1"], ["2020-06-30", "--days", "0.3"]):
        assert zhubao(*words, *wrong).code == 2
