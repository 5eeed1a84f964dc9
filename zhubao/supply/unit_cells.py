"""The cells of a unit that a dispatch changes: 状态, 空置起始日 and 备注."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from zhubao.ledger.loaded import Loaded
from zhubao.ledger.units import DispatchStatus, Unit, UnitStatus
from zhubao.supply.dispatch_moves import Put
from zhubao.supply.remarks import joined, without_project
from zhubao.supply.slips import DISPATCHED


def reserved(loaded: Loaded, index: int, project: str, state: DispatchStatus) -> list[Put]:
    """预留, not vacant, and the remark names the project; whatever else it says stays."""
    word = f"已调配给{project}" if state is DISPATCHED else f"已冻结给{project}"
    remark = without_project(loaded.get(Unit).column("remark")[index], project)
    values = {
        "status": UnitStatus.RESERVED,
        "vacant_since": None,
        "remark": joined(remark, word),
    }
    return _puts(loaded, index, values)


def vacated(loaded: Loaded, index: int, projects: Iterable[str], day: dt.date) -> list[Put]:
    """空置 from the day on, and the remark no longer names the projects."""
    remark = loaded.get(Unit).column("remark")[index]
    for project in projects:
        remark = without_project(remark, project)
    values = {"status": UnitStatus.VACANT, "vacant_since": day, "remark": remark}
    return _puts(loaded, index, values)


def _puts(loaded: Loaded, index: int, values: Mapping[str, Any]) -> list[Put]:
    """Only into columns the unit's sheet has; 状态 it must have."""
    letters = loaded.get(Unit).locate(index)[0].letters
    kept = {name: value for name, value in values.items() if name in letters or name == "status"}
    return [Put(Unit, index, name, value) for name, value in kept.items()]
