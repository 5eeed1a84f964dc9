"""Reading starts at once; the libraries of calculation and output are imported meanwhile.

The parser of workbooks releases the interpreter lock, so the two overlap on two cores. It even
starts before the command line is understood, where a glance at the words tells what they need: a
wrong guess costs the reading and nothing else.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhubao.core.background import Background
from zhubao.core.errors import ZhubaoError

if TYPE_CHECKING:
    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.loaded import Loaded
    from zhubao.ledger.recognise import Model


_HEAD_START = 0.06  # seconds in which the guard passes the first workbook on to the parser


@dataclass(frozen=True, slots=True)
class Reading:
    """Sheets of a bureau that are being read."""

    bureau: Bureau
    models: tuple[Model, ...]
    loading: Background[Loaded]


def begin_early(options: Sequence[str], words: Sequence[str]) -> Reading | None:
    """Begin to read for a command whose needs are known; None for every other.

    `options` are -C/--bureau and their values, `words` the rest. What is wrong with the folder is
    for the command to meet and to say.
    """
    if list(words[:2]) != ["rent", "arrears"] or {"--write", "--dry-run"} & {*words}:
        return None  # writing needs one sheet more, and would read everything again
    from zhubao.ledger.bureau import find_bureau, open_bureau
    from zhubao.ledger.store.places import Places
    from zhubao.rent.needs import ARREARS_MODELS

    named = options[-1].removeprefix("--bureau=") if options else ""
    try:
        bureau = open_bureau(find_bureau(Path(named) if named else None, os.environ))
    except (ZhubaoError, OSError):
        return None
    if Places(bureau.root).pending.exists():
        return None  # an interrupted change is put right before anything is read
    early = _begin(bureau, ARREARS_MODELS)
    early.loading.give_way(_HEAD_START)
    return early


def being_read(early: Any, bureau: Bureau, models: tuple[Model, ...]) -> Background[Loaded]:
    """These sheets, read in a thread: the early reading where it is of the same."""
    if isinstance(early, Reading) and (early.bureau, early.models) == (bureau, models):
        return early.loading
    return _begin(bureau, models).loading


def warm_up(*, as_json: bool) -> None:
    """Import what the output will need."""
    surfaces = ("render.json",) if as_json else ("render.terminal", "render.xlsx")
    for name in surfaces:
        importlib.import_module(f"zhubao.{name}")


def _begin(bureau: Bureau, models: tuple[Model, ...]) -> Reading:
    return Reading(bureau, models, Background(lambda: bureau.load(*models)))
