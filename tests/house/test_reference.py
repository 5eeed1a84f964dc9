"""What is generated from the declarations is up to date, and every declaration is complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zhubao.cli.declarations import load_declarations
from zhubao.cli.reference import ledgers_readme, readme_with_commands
from zhubao.core.finding import FindingKind

ROOT = Path(__file__).resolve().parents[2]


def test_the_field_and_code_reference_is_up_to_date() -> None:
    assert (ROOT / "ledgers" / "README.md").read_text(encoding="utf-8") == ledgers_readme(), (
        "run: make docs"
    )


def test_the_readme_command_reference_is_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme == readme_with_commands(readme), "run: make docs"


@pytest.mark.parametrize("kind", load_declarations(), ids=lambda kind: kind.code)
def test_every_finding_kind_is_declared_whole(kind: FindingKind) -> None:
    assert re.fullmatch(r"[A-Z]{2}-\d{3}", kind.code)
    assert kind.title
    assert kind.template
    assert kind.advice
    assert kind.bad, "one failing example"
    assert kind.good, "one passing example"
