"""`zhubao init`: a new bureau folder with configuration and blank ledgers, or with sample data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhubao.cli.output import say


def init(
    directory: Annotated[Path, typer.Argument(metavar="目录", help="新建的局目录")],
    demo: Annotated[bool, typer.Option("--demo", help="放入一套虚构的示例数据")] = False,
    name: Annotated[
        str, typer.Option("--name", metavar="局名", help="单位名称，写进配置和报表")
    ] = "",
    district_code: Annotated[
        str, typer.Option("--district-code", metavar="代码", help="六位行政区划代码，如 430105")
    ] = "",
) -> None:
    """新建局目录，放入八本空白台账，或一套示例数据。

    空白台账已做好下拉选项、数字格式、表头批注、冻结窗格和打印设置。目录里已有台账时不会覆盖。
    """
    from zhubao.core.resources import packaged_dir
    from zhubao.core.theme import load_theme
    from zhubao.ledger.folder import copy_sample, create_blank, refuse_existing

    refuse_existing(directory)
    if demo:
        made = copy_sample(packaged_dir("ledgers"), directory)
    else:
        theme = load_theme(directory / "templates")
        made = create_blank(directory, theme, name or directory.resolve().name, district_code)
    for path in made:
        say(f"已建立 {path}")
    say(f"\n下一步：zhubao -C {directory} " + ("rent arrears" if demo else "check"))
