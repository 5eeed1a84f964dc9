"""`zhubao schema` and `zhubao explain`: the reference, from the declarations themselves."""

from __future__ import annotations

from typing import Annotated

import typer

from zhubao.cli.options import Json
from zhubao.cli.output import say, show
from zhubao.core.errors import UsageError


def schema(
    sheet: Annotated[str, typer.Argument(metavar="表名", help="如 应收；不写则列出全部表")] = "",
    as_json: Json = False,
) -> None:
    """查看台账有哪些表、每张表有哪些列。"""
    from zhubao.ledger.catalog import model_named
    from zhubao.ledger.schema import schema_report

    model = model_named(sheet) if sheet else None
    show(schema_report(model), as_json=as_json, show_all=True)


def explain(
    code: Annotated[str, typer.Argument(metavar="代码", help="检查代码，如 LG-101")],
) -> None:
    """解释一个检查代码：问题、依据、怎么办、例子。"""
    from zhubao.cli.reference import explanation, load_declarations

    kind = load_declarations().get(code.strip())
    if kind is None:
        raise UsageError(
            f"没有代码 {code}", advice="代码写法如 LG-101；全部代码见 ledgers/README.md。"
        )
    say("\n".join(explanation(kind)))
