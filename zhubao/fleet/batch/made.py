"""Which files a job has made, and which changes it has entered in the journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from zhubao.ledger.store.journal import Entry, parse
from zhubao.ledger.store.places import Places

_MOST_FILES = 20_000  # looked at in one folder; a batch is no backup program
RUNS = ("reports", "批处理")

_Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Before:
    """How a bureau stood before a job: its reports and the files its words name; its changes."""

    root: Path
    words: tuple[str, ...]
    stamps: dict[Path, _Stamp]
    journal: int  # bytes

    @classmethod
    def look(cls, root: Path, words: Sequence[str]) -> Before:
        """Look now."""
        return cls(root, tuple(words), _stamps(root, words), journal_size(root))

    def files_made(self) -> tuple[str, ...]:
        """New and changed files since, from the bureau's root where they are below it."""
        now = _stamps(self.root, self.words)
        made = sorted(path for path, stamp in now.items() if self.stamps.get(path) != stamp)
        return tuple(_shown(path, self.root) for path in made)

    def changes_made(self) -> tuple[str, ...]:
        """Numbers of the changes applied since."""
        return changes_since(self.root, self.journal)


def journal_size(root: Path) -> int:
    """How long the journal is, in bytes: a place in it; 0 when there is none yet."""
    try:
        return Places(root).journal.stat().st_size
    except OSError:
        return 0


def changes_since(root: Path, place: int) -> tuple[str, ...]:
    """The numbers of the changes that stand in the journal after `place`, whoever made them."""
    try:
        with Places(root).journal.open("rb") as stream:
            stream.seek(place)
            lines = stream.read().splitlines()
    except OSError:
        return ()
    parsed = (parse(line, 0) for line in lines)
    return tuple(entry.id for entry in parsed if isinstance(entry, Entry))


def _stamps(root: Path, words: Sequence[str]) -> dict[Path, _Stamp]:
    paths = list(_files_below(root / RUNS[0], root.joinpath(*RUNS)))
    for word in words:
        named = word.partition("=")[2] if word.startswith("-") else word
        paths += _named(root / named) if named else ()
    return {path: stamp for path in paths if (stamp := _stamp(path)) is not None}


def _named(path: Path) -> Iterator[Path]:
    """The file of this name, or those of the folder; never the ledgers' own folder."""
    try:
        if path.is_file():
            yield path
        elif path.is_dir() and path.name not in ("", ".", "..", "ledgers"):
            yield from _files_below(path, None)
    except (OSError, ValueError):  # a word that can be no path
        return


def _files_below(folder: Path, but_not: Path | None) -> Iterator[Path]:
    seen = 0
    waiting = [folder]
    while waiting and seen < _MOST_FILES:
        try:
            inside = list(waiting.pop().iterdir())
        except OSError:
            continue
        for path in inside:
            seen += 1
            if path.is_dir() and not path.is_symlink() and path != but_not:
                waiting.append(path)
            elif path.is_file() and path.suffix != ".part":
                yield path


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
