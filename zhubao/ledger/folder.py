"""A bureau folder comes into being: blank ledgers, or a copy of the packaged sample."""

from __future__ import annotations

import shutil
from pathlib import Path

from zhubao.core.errors import OutputError
from zhubao.core.theme import Theme
from zhubao.ledger.blank import write_blank_ledgers
from zhubao.ledger.config import CONFIG_NAME, default_config_text

_WORKBOOKS = ("*.xlsx", "*.xlsm", "*.xls", "*.et", "*.ods")


def ledgers_dir(directory: Path) -> Path:
    """Where a bureau keeps its ledgers."""
    return directory / "ledgers"


def refuse_existing(directory: Path) -> None:
    """OutputError when the folder already holds ledgers: nothing is ever overwritten."""
    if directory.exists() and not directory.is_dir():
        raise OutputError(f"{directory} 是一个文件，不能作局目录", advice="请换一个目录名。")
    ledgers = ledgers_dir(directory)
    found = sorted(path.name for glob in _WORKBOOKS for path in ledgers.glob(glob))
    found += [CONFIG_NAME] if (ledgers / CONFIG_NAME).exists() else []
    if found:
        raise OutputError(
            f"{ledgers} 里已有 {'、'.join(found)}，没有改动任何文件",
            advice="请换一个目录，或先把原有文件移走。",
        )


def create_blank(directory: Path, theme: Theme, bureau: str, district_code: str) -> list[Path]:
    """Configuration and the eight blank workbooks; returns the paths made."""
    ledgers = _make(ledgers_dir(directory))
    config = ledgers / CONFIG_NAME
    try:
        config.write_text(default_config_text(bureau, district_code), encoding="utf-8")
        return [config, *write_blank_ledgers(ledgers, theme)]
    except OSError as fault:
        raise _unwritable(ledgers, fault) from fault


def copy_sample(packaged: Path, directory: Path) -> list[Path]:
    """Copy the sample ledgers and their configuration; returns the paths made."""
    ledgers = _make(ledgers_dir(directory))
    names = sorted(path.name for path in packaged.glob("*.xlsx") if path.name[0] not in "~.")
    try:
        return [
            Path(shutil.copyfile(packaged / name, ledgers / name)) for name in [CONFIG_NAME, *names]
        ]
    except OSError as fault:
        raise _unwritable(ledgers, fault) from fault


def _make(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise _unwritable(folder, fault) from fault
    return folder


def _unwritable(folder: Path, fault: OSError) -> OutputError:
    return OutputError(
        f"写不了 {folder}（{fault.strerror or fault}）",
        advice="请检查目录权限、磁盘空间，或换一个目录。",
    )
