"""The generated reference: every finding code, every column, every command's help.

`python -m zhubao.cli.reference` rewrites ledgers/README.md and the marked part of README.md;
a test fails when they are out of date.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zhubao.cli.declarations import load_declarations, without_values

_START, _END = "<!-- 命令参考：开始 -->", "<!-- 命令参考：结束 -->"
_ROOT = Path(__file__).resolve().parents[2]


def codes_markdown() -> str:
    """All kinds of findings as a Markdown table, by code."""
    lines = ["| 代码 | 级别 | 问题 | 怎么办 | 依据 |", "|---|---|---|---|---|"]
    for kind in sorted(load_declarations(), key=lambda kind: kind.code):
        cells = (
            kind.code,
            kind.severity.title,
            kind.title,
            without_values(kind.advice),
            kind.basis,
        )
        lines.append(f"| {' | '.join(cell.replace('|', '／') for cell in cells)} |")
    return "\n".join(lines)


def ledgers_readme() -> str:
    """ledgers/README.md: the field reference and the codes, both from the declarations."""
    from zhubao.ledger.schema import glossary_markdown

    return f"{glossary_markdown().strip()}\n\n## 检查代码\n\n{codes_markdown()}\n"


def commands_markdown() -> str:
    """Every command's help text, in the order of the commands."""
    from zhubao.cli.app import command

    return "\n".join(_help_blocks(command(), ["zhubao"]))


def _help_blocks(command: Any, words: list[str], parent: Any = None) -> list[str]:
    context = command.context_class(command, info_name=words[-1], parent=parent)
    text = command.get_help(context)
    blocks = [f"### `{' '.join(words)}`\n\n```text\n{text}\n```\n"]
    for name, sub in getattr(command, "commands", {}).items():
        blocks += _help_blocks(sub, [*words, name], context)
    return blocks


def readme_with_commands(readme: str) -> str:
    """The README with its command reference made anew."""
    start, end = readme.index(_START) + len(_START), readme.index(_END)
    return f"{readme[:start]}\n\n{commands_markdown()}\n{readme[end:]}"


def write_reference(root: Path = _ROOT) -> None:
    """Rewrite both documents below `root`."""
    readme = root / "README.md"
    (root / "ledgers" / "README.md").write_text(ledgers_readme(), encoding="utf-8", newline="\n")
    text = readme_with_commands(readme.read_text(encoding="utf-8"))
    readme.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_reference()
