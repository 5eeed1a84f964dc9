"""`zhubao schema` and `zhubao explain`: the reference, from the declarations themselves."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from zhubao.cli.options import AsOf, Json, chosen_bureau, cut_off
from zhubao.cli.output import say, show
from zhubao.core.errors import UsageError
from zhubao.core.finding import FindingKind
from zhubao.core.report import Report

_CODE = re.compile(r"[A-Z]{2,3}-\d{3}")


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
    context: typer.Context,
    subject: Annotated[
        str,
        typer.Argument(metavar="代码或家庭编号", help="检查代码如 LG-101，或家庭编号如 JT000123"),
    ],
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """解释一个检查代码，或一户的租金：为什么是这个数、这一步、这份文书。

    写检查代码时，说明问题、依据、怎么办、例子。
    写家庭编号（或合同编号、房源编号）时，说明月租金怎么算、欠租走到哪一步、依据哪一条、出不出文书，并指明单元格。
    """
    from zhubao.cli.declarations import explanation, load_declarations

    if not _CODE.fullmatch(subject.strip().upper()):
        _explain_household(context, subject.strip(), as_of, as_json=as_json)
        return
    kind = load_declarations().get(subject.strip())
    if kind is None:
        raise UsageError(
            f"没有代码 {subject}", advice="代码写法如 LG-101；全部代码见 ledgers/README.md。"
        )
    if as_json:
        show(_declared(kind), as_json=True)
    else:
        say("\n".join(explanation(kind)))


def _declared(kind: FindingKind) -> Report:
    """A declaration for scripts: its parts under "facts", values in its texts shown as …."""
    from zhubao.cli.declarations import without_values

    facts = {
        "code": kind.code,
        "title": kind.title,
        "severity": kind.severity.value,
        "message": without_values(kind.template),
        "advice": without_values(kind.advice),
        "basis": kind.basis or None,
        "bad": kind.bad or None,
        "good": kind.good or None,
    }
    return Report(
        code="explain.finding", title=f"{kind.code}　{kind.title}", bureau="", facts=facts
    )


def _explain_household(
    context: typer.Context, number: str, as_of: str | None, *, as_json: bool
) -> None:
    from zhubao.rent.account.explained import EXPLAIN_MODELS
    from zhubao.rent.account.explained import explain as explained

    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    report = explained(bureau.load(*EXPLAIN_MODELS), bureau.config, number, day)
    show(report, as_json=as_json, show_all=True)
