"""How a batch goes on, stops, is interrupted and is taken up again."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.fleet.batch.shop import EVERYTHING, Shop, jobs
from zhubao.core.errors import BureauBusy, UsageError
from zhubao.fleet.batch.child import ChildEnd, Errand
from zhubao.fleet.batch.faults import JobFileError
from zhubao.fleet.batch.lock import only_batch
from zhubao.fleet.batch.plan import Choice
from zhubao.fleet.batch.record import RunRecord, read_runs
from zhubao.fleet.batch.report import run_report, save_summary
from zhubao.fleet.batch.resume import runs_to_resume
from zhubao.fleet.batch.run import BatchRun, log_of, new_run


def carry_out(shop: Shop, text: str, choice: Choice = EVERYTHING) -> RunRecord:
    plan = shop.plan(text, choice)
    run = new_run(plan, shop.tools.now())
    BatchRun(plan, run, shop.tools).carry_out()
    return run


def take_up(shop: Shop, text: str, *, force: bool = False) -> RunRecord:
    plan = shop.plan(text)
    (run,) = runs_to_resume([plan], force=force)
    assert run is not None
    shop.ran.clear()
    BatchRun(plan, run, shop.tools).carry_out()
    return run


def outcomes(run: RunRecord) -> list[str]:
    return [job.outcome.value for job in run.jobs]


THREE = jobs("甲 | a", "乙 | b", "丙 | c")


@pytest.mark.parametrize(
    ("end", "extra", "wanted", "code"),
    [
        (ChildEnd(0), "", ["done", "done", "done"], 0),
        (ChildEnd(1), "", ["done", "findings", "done"], 1),
        (ChildEnd(1), "expect = 0", ["done", "failed", "not_reached"], 3),
        (ChildEnd(3), "", ["done", "failed", "not_reached"], 3),
        (ChildEnd(3), "expect = [0, 3]", ["done", "findings", "done"], 1),
        (ChildEnd(3), 'on_failure = "continue"', ["done", "tolerated", "done"], 1),
        (ChildEnd(1, crashed=True), "", ["done", "failed", "not_reached"], 3),
        (ChildEnd(-9), 'on_failure = "continue"', ["done", "tolerated", "done"], 1),
        (ChildEnd(0, timed_out=True), "", ["done", "failed", "not_reached"], 3),
        (ChildEnd(0, interrupted=True), "", ["done", "interrupted", "not_reached"], 130),
        (OSError, "", ["done", "failed", "not_reached"], 3),
        (KeyboardInterrupt, "", ["done", "interrupted", "not_reached"], 130),
    ],
)
def test_an_end_decides_about_its_job_and_those_behind(
    shop: Shop, end: ChildEnd | type[BaseException], extra: str, wanted: list[str], code: int
) -> None:
    shop.ends["b"] = end
    run = carry_out(shop, jobs("甲 | a", f"乙 | b | {extra}", "丙 | c"))
    assert (outcomes(run), run.exit_code) == (wanted, code)
    assert next(read_runs(shop.root)).exit_code == code


def test_what_needs_a_failed_job_is_passed_over_and_so_is_what_needs_that(shop: Shop) -> None:
    shop.ends["a"] = ChildEnd(2)
    run = carry_out(
        shop,
        jobs('甲 | a | on_failure = "continue"', '乙 | b | needs = ["甲"]', '丙 | c | needs = "乙"',
             "丁 | d"),
    )  # fmt: skip
    assert outcomes(run) == ["tolerated", "skipped", "skipped", "done"]
    assert (shop.ran, run.exit_code) == (["a", "d"], 1)


def test_what_is_not_due_not_chosen_or_elsewhere_is_left_out(shop: Shop) -> None:
    text = 'bureau = ["甲", "."]\n' + jobs(
        "甲 | a | when = 'quarter_end'",
        "乙 | b | when = [7]",
        '丙 | c | bureau = "甲"',
        "丁 | {{month}} {{bureau}}",
    )
    assert outcomes(carry_out(shop, text)) == ["done", "left_out", "left_out", "done"]
    assert shop.ran == ["a", "2020-06 甲局"]
    assert outcomes(carry_out(shop, THREE, Choice(only=("乙",)))) == [
        "left_out",
        "done",
        "left_out",
    ]
    assert outcomes(carry_out(shop, THREE, Choice(start="乙"))) == ["left_out", "done", "done"]


def test_a_resumed_run_does_what_is_left_and_only_that(shop: Shop) -> None:
    shop.ends["b"] = ChildEnd(3)
    carry_out(shop, THREE)
    shop.ends.clear()
    run = take_up(shop, THREE)
    assert (shop.ran, outcomes(run), run.exit_code) == (["b", "c"], ["done"] * 3, 0)
    assert [job.attempts for job in run.jobs] == [1, 2, 1]
    assert run.jobs[1].out == "02_乙_第2次_输出.txt"
    assert run.is_complete
    assert len(list(read_runs(shop.root))) == 1


def test_a_changed_file_is_refused_and_another_date_is_named(shop: Shop) -> None:
    shop.ends["b"] = ChildEnd(3)
    run = carry_out(shop, THREE)
    with pytest.raises(JobFileError, match="改过"):
        runs_to_resume([shop.plan(THREE + "\n# 改")], force=False)
    assert outcomes(take_up(shop, THREE + "\n# 改", force=True)) == [
        "done",
        "failed",
        "not_reached",
    ]
    run.date = run.date.replace(day=2)
    run.save()
    with pytest.raises(UsageError) as caught:
        runs_to_resume([shop.plan(THREE)], force=True)
    assert "--date 2020-07-02" in caught.value.advice


def test_a_job_cut_off_after_it_wrote_is_not_run_twice(shop: Shop) -> None:
    """The journal has grown although the job did not come to its end."""
    text = jobs("写 | write --yes", "丙 | c")
    line = b'{"not":"ours"}\n'

    def work(errand: Errand) -> None:
        with (errand.root / ".zhubao" / "journal.jsonl").open("ab") as journal:
            journal.write(line)

    shop.work, shop.ends["write"] = work, ChildEnd(-2, interrupted=True)
    carry_out(shop, text)
    assert take_up(shop, text).exit_code == 130  # an entry that is none proves nothing
    line = _entry()
    run = take_up(shop, text)
    assert run.jobs[0].changes == ["C0001"]
    with pytest.raises(UsageError, match="C0001"):
        runs_to_resume([shop.plan(text)], force=False)
    shop.ends.clear()
    assert take_up(shop, text, force=True).exit_code == 0


def _entry() -> bytes:
    from zhubao.ledger.store.journal import line_of

    keys = ("n", "id", "time", "user", "command", "arguments", "files", "cells",
            "private_sha256", "undoes", "prev")  # fmt: skip
    values: tuple[object, ...] = (
        1,
        "C0001",
        "2020-07-01T08:00:00+08:00",
        "x",
        "rent charge",
        {},
        [],
        [],
        "",
        "",
        "",
    )
    return line_of(dict(zip(keys, values, strict=True))).encode() + b"\n"


def test_a_killed_batch_leaves_a_record_to_go_on_from(shop: Shop) -> None:
    """Nothing is said at the end; what was running is known."""
    shop.ends["b"] = SystemExit
    plan = shop.plan(THREE)
    with pytest.raises(SystemExit):
        BatchRun(plan, new_run(plan, shop.tools.now()), shop.tools).carry_out()
    left = next(read_runs(shop.root))
    assert (outcomes(left), left.exit_code) == (["done", "running", "waiting"], 3)
    shop.ends.clear()
    assert take_up(shop, THREE).exit_code == 0


def test_files_made_are_named_and_the_workbook_links_to_the_logs(shop: Shop) -> None:
    def work(errand: Errand) -> None:
        (errand.root / "reports" / "月报.xlsx").write_bytes(b"x")
        (errand.root / "外面.txt").write_text("x")

    shop.work = work
    run = carry_out(shop, jobs("甲/乙: | a --out 外面.txt --as-of=2020-06-30"))
    (job,) = run.jobs
    assert job.files == ["reports/月报.xlsx", "外面.txt"]
    assert (job.out, job.err) == ("01_甲_乙_输出.txt", "")  # nothing was said there
    sheet = openpyxl.load_workbook(save_summary(run))["任务"]
    links = [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert [link.target for link in links] == ["01_甲_乙_输出.txt"]
    data = json.loads((run.folder / "批处理结果.json").read_bytes())
    assert data["facts"]["exit_code"] == 0
    assert data["tables"][0]["rows"][0]["values"]["command"].startswith("zhubao a --out")


def test_the_log_has_a_line_with_its_time_for_every_step(shop: Shop) -> None:
    run = carry_out(shop, THREE)
    lines = log_of(run).read_text(encoding="utf-8").splitlines()
    assert lines == shop.watch.lines
    assert len(lines) == 8
    assert lines[1].startswith("2020-07-01 08:00:")
    assert lines[1].endswith("[1/3] 甲  开始：zhubao a")


def test_of_two_runs_begun_in_one_second_the_later_is_the_newest(shop: Shop) -> None:
    plan, now = shop.plan(THREE), shop.tools.now()
    folders = [new_run(plan, now).folder.name for _ in range(2)]
    assert [run.folder.name for run in read_runs(shop.root)] == folders[::-1]


def test_two_batches_at_once_are_refused(shop: Shop) -> None:
    with (
        only_batch(shop.root, Path("甲.toml"), "2020-07-01 08:00"),
        pytest.raises(BureauBusy, match=r"甲\.toml"),
        only_batch(shop.root, Path("乙.toml"), ""),
    ):
        pytest.fail("two at once")
    with only_batch(shop.root, Path("乙.toml"), ""):
        pass  # free again


def test_several_bureaus_are_one_report_with_the_worst_code(shop: Shop) -> None:
    first = carry_out(shop, THREE)
    shop.ends["b"] = ChildEnd(1)
    second = carry_out(shop, THREE)
    second.bureau = "乙局"
    report = run_report([first, second])
    assert report.facts["exit_code"] == 1
    assert [row.values[0] for row in report.table("jobs").rows] == ["甲局"] * 3 + ["乙局"] * 3


def test_a_job_that_is_done_tells_the_counts_it_has_printed_itself(shop: Shop) -> None:
    printed = {
        "a": "已超期，还没有办结（1 件）\n超期办结（0 件）\n即将到期（2 件）\n",
        "b": "注：疑点 106 条：错误 0 条，警告\n      38 条，提示 68 条；涉及金额\n",
        "c": "台账反映的问题（11 项）\n共 6 条：提示 6 条\n还有 1 段请补写\n",
        "d": "注：半年目标9项中1项落后于时间进度\n共 22 条：警告 6 条，提示 16 条\n",
        "e": "",
    }
    shop.ends["d"] = ChildEnd(1)

    def work(errand: Errand) -> None:
        errand.out.write_text(printed[errand.words[0]], encoding="utf-8")

    shop.work = work

    run = carry_out(shop, jobs("甲 | a", "乙 | b", "丙 | c", "丁 | d", "戊 | e"))

    assert [job.note for job in run.jobs] == [
        "超期1件",
        "疑点106条（警告38条）",
        "问题11项，还要补写1段",
        "台账问题22条（警告6条），半年目标9项中1项落后于时间进度，有“错误”级问题，见输出",
        "",  # 结果 says 完成; there is nothing to add
    ]
    log = log_of(run).read_text(encoding="utf-8")
    assert "  完成（疑点106条（警告38条），退出码 0），" in log
    assert "  完成（退出码 0），" in log
