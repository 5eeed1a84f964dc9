"""How a job can end, and what its exit code means."""

from __future__ import annotations

from enum import StrEnum

from zhubao.core.errors import EXIT_CLEAN, EXIT_FINDINGS, EXIT_INPUT, EXIT_INTERRUPTED, EXIT_USAGE


class Outcome(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"  # found in a record: the batch was killed in the middle of it
    DONE = "done"
    FINDINGS = "findings"  # ended as expected, with something to look at
    TOLERATED = "tolerated"  # failed, and the batch went on
    FAILED = "failed"  # failed, and the batch stopped
    INTERRUPTED = "interrupted"
    SKIPPED = "skipped"  # a job it needs failed
    LEFT_OUT = "left_out"  # not due, not chosen, not in this bureau
    NOT_REACHED = "not_reached"

    @property
    def title(self) -> str:  # type: ignore[override]
        """The word shown to the clerk."""
        return _TITLES[self]

    @property
    def is_finished(self) -> bool:
        """True when a resumed batch does not run it again."""
        return self in (Outcome.DONE, Outcome.FINDINGS)

    @property
    def exit_code(self) -> int:
        """What it makes of the batch: 0 clean, 1 something to look at, 3 not finished."""
        return _EXIT_CODES.get(self, EXIT_INPUT)


_TITLES = {
    Outcome.WAITING: "等待",
    Outcome.RUNNING: "运行到一半",
    Outcome.DONE: "完成",
    Outcome.FINDINGS: "完成，有问题要看",
    Outcome.TOLERATED: "失败，已继续",
    Outcome.FAILED: "失败，已停下",
    Outcome.INTERRUPTED: "已中断",
    Outcome.SKIPPED: "跳过",
    Outcome.LEFT_OUT: "不做",
    Outcome.NOT_REACHED: "没有做到",
}
_EXIT_CODES = {
    Outcome.DONE: EXIT_CLEAN,
    Outcome.LEFT_OUT: EXIT_CLEAN,
    Outcome.FINDINGS: EXIT_FINDINGS,
    Outcome.TOLERATED: EXIT_FINDINGS,
    Outcome.SKIPPED: EXIT_FINDINGS,
    Outcome.INTERRUPTED: EXIT_INTERRUPTED,
}
_MEANINGS = {
    EXIT_CLEAN: "",  # nothing to add to 完成
    EXIT_FINDINGS: "有“错误”级问题，见输出",
    EXIT_USAGE: "命令的写法不对，见错误输出",
    EXIT_INPUT: "台账读不了、被占用或不能写，见错误输出",
    EXIT_INTERRUPTED: "被中断",
}


def meaning(code: int) -> str:
    """What an exit code of zhubao says, "" for 0; negative codes are signals of the system."""
    if code < 0:
        return f"被系统结束（信号 {-code}），可能是内存不够"
    return _MEANINGS.get(code, "意外结束，见错误输出")
