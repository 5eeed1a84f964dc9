"""What can be wrong with a job file. All of it is collected and said at once."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from zhubao.core.errors import ZhubaoError


class JobFileError(ZhubaoError):
    """The job file cannot be used: missing, unreadable, not UTF-8, or changed since its run."""

    code = "ENV-330"
    line = 0

    @classmethod
    def at(cls, path: Path, line: int, message: str, advice: str) -> Self:
        """The fault at a line of the file; line 0 when it cannot be told."""
        place = f"{path} 第 {line} 行" if line else str(path)
        fault = cls(message, where=place, advice=advice)
        fault.line = line
        return fault


class JobFileSyntax(JobFileError):
    """The file is not valid TOML."""

    code = "ENV-331"


class JobLacking(JobFileError):
    """There is no job, or a job has no name or no command."""

    code = "ENV-332"


class JobValueWrong(JobFileError):
    """A value is of the wrong type or not one of those allowed."""

    code = "ENV-333"


class JobNameTwice(JobFileError):
    """Two jobs have the same name."""

    code = "ENV-334"


class JobCommandUnknown(JobFileError):
    """There is no such command, or its options are not as it wants them."""

    code = "ENV-335"


class JobPlaceholderUnknown(JobFileError):
    """A {{placeholder}} that does not exist or is not written as it should be."""

    code = "ENV-336"


class JobUndecided(JobFileError):
    """A job that writes to the ledgers says neither --yes nor --dry-run."""

    code = "ENV-337"


class JobNeedsWrong(JobFileError):
    """`needs` names a job that does not exist or does not come before."""

    code = "ENV-338"


class JobKeyUnknown(JobFileError):
    """A key that means nothing; a misspelt one would silently do nothing."""

    code = "ENV-339"
