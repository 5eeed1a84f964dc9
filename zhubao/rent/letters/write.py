"""The row of every letter in the sheet 催缴文书."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zhubao.core.money import format_yuan
from zhubao.core.theme import Formats
from zhubao.ledger.arrears import RentLetter
from zhubao.ledger.change import Change, Plan
from zhubao.rent.letters.rounds import LetterRound


def letters_change(made: LetterRound, formats: Formats, files: Sequence[str] = ()) -> Change:
    """One row of 催缴文书 for every letter; `files` names each letter's file, in their order."""
    result = made.result
    plan = Plan(f"登记催缴文书（{result.as_of.isoformat()}）", result.loaded, formats)
    rows: list[dict[str, Any]] = [
        {
            "letter_no": one.number,
            "household_no": one.household_no,
            "kind": one.kind,
            "issued_on": one.issued_on,
            "as_of": one.as_of,
            "amount": one.owed,
            "months": len(one.months),
            "file": file,
        }
        for one, file in zip(
            made.letters, files or [m.file_name for m in made.letters], strict=True
        )
    ]
    plan.add(result.loaded.get(RentLetter), rows)
    owed = sum(one.owed for one in made.letters)
    plan.note(f"共 {len(rows)} 份，涉及欠租 {format_yuan(owed)} 元")
    return plan.build()
