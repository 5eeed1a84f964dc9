"""`zhubao demo`: synthetic ledgers of any size, for trying out and for measuring."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from zhubao.cli.output import say


def demo(
    directory: Annotated[Path, typer.Argument(metavar="目录", help="放台账的局目录")],
    households: Annotated[
        int,
        typer.Option("--households", metavar="户数", help="家庭数", min=20, max=200_000),
    ] = 2_000,
    months: Annotated[
        int, typer.Option("--months", metavar="月数", help="租金台账的月数", min=1, max=60)
    ] = 6,
    seed: Annotated[
        int, typer.Option("--seed", metavar="种子", help="随机种子；相同的种子得到相同的台账")
    ] = 1,
) -> None:
    """生成任意规模的虚构台账，供试用和测速。

    人名、证件号、地址、电话都是虚构的；种子相同，每个单元格都相同。
    """
    from zhubao.demo.synthetic import write_demo
    from zhubao.ledger.folder import ledgers_dir, refuse_existing

    refuse_existing(directory)
    with typer.progressbar(length=100, label="正在生成", file=sys.stderr) as bar:
        write_demo(
            directory,
            households=households,
            months=months,
            seed=seed,
            progress=lambda share: bar.update(int(share * 100) - bar.pos),
        )
    for path in sorted(ledgers_dir(directory).iterdir()):
        say(f"已建立 {path}")
    say(f"\n下一步：zhubao -C {directory} rent arrears")
