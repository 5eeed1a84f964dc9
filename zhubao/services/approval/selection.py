"""Which files a command is asked for, and up to which moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding, Severity
from zhubao.ledger.services import ApprovalKind, ApprovalResult
from zhubao.services.approval.files import File, Files, Run
from zhubao.services.approval.groups import officer_of
from zhubao.services.approval.halfdays import end_of_day, say_moment
from zhubao.services.approval.rules import Stage


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files a list shows; an empty text is all."""

    kind: str = ""
    stage: str = ""
    street: str = ""
    community: str = ""
    officer: str = ""
    result: str = ""

    def check(self, files: Files) -> None:
        """UsageError for a word that names nothing."""
        _one_of("事项", self.kind, [one.value for one in ApprovalKind])
        _one_of("级", self.stage, [one.value for one in Stage])
        _one_of("结果", self.result, [one.value for one in ApprovalResult])
        for title, word, field in (
            ("街道", self.street, "street"),
            ("社区", self.community, "community"),
        ):
            _one_of(title, word, sorted({one for one in files.table.column(field) if one}))

    def takes(self, files: Files, file: File, run: Run | None) -> bool:
        """True when the file, at this stage, is wanted."""
        if self.stage and (run is None or run.stage != self.stage):
            return False
        if self.officer and (run is None or officer_of(files, file, run.stage) != self.officer):
            return False
        return (
            self.kind in ("", file.kind)
            and self.result in ("", file.result)
            and self.street in ("", files.value(file, "street"))
            and self.community in ("", files.value(file, "community"))
        )


def say_at(files: Files) -> str:
    """The moment, as a date when it is the end of that day."""
    whole_day = files.at == end_of_day(files.as_of)
    return files.as_of.isoformat() if whole_day else str(say_moment(files.at))


def severe(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Without the notices: those stand in the period's report."""
    return tuple(one for one in findings if one.severity is not Severity.NOTICE)


def _one_of(title: str, word: str, known: list[str]) -> None:
    if word and word not in known:
        raise UsageError(f"没有名为“{word}”的{title}", advice=f"可以写：{'、'.join(known[:30])}。")
