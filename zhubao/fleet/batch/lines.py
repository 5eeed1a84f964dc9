"""In which line of a job file a key stands; the TOML parser does not tell."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*\[\[\s*[\"']?job[\"']?\s*\]\]\s*(?:#.*)?$")
_KEY = re.compile(r"\s*[\"']?([^\s\"'=\[\]#]+)[\"']?\s*=")


class KeyLines:
    """Lines by job and key. Everything is 0 (not known) when `[[job]]` headers do not add up."""

    def __init__(self, text: str, jobs: int) -> None:
        self._top: dict[str, int] = {}
        self._jobs: list[dict[str, int]] = []
        self._headers: list[int] = []
        for number, line in enumerate(text.splitlines(), 1):
            self._take(number, line)
        self._known = len(self._headers) == jobs

    def _take(self, number: int, line: str) -> None:
        if _HEADER.match(line):
            self._headers.append(number)
            self._jobs.append({})
        elif found := _KEY.match(line):
            (self._jobs[-1] if self._jobs else self._top).setdefault(found[1], number)

    def of(self, key: str) -> int:
        """A key above the jobs."""
        return self._top.get(key, 0)

    def of_job(self, place: int, key: str = "") -> int:
        """A key of the job at `place` (0-based); the job's header without one."""
        if not self._known or place >= len(self._headers):
            return 0
        return self._jobs[place].get(key, self._headers[place])

    @property
    def top(self) -> tuple[tuple[str, int], ...]:
        """Every key above the jobs."""
        return tuple(self._top.items())
