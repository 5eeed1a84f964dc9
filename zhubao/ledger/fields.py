"""Column types of the ledgers: a Python type, the kind of cell it is read from, and its checks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import InstanceOf, Strict

from zhubao.core.period import Month
from zhubao.excel.kinds import CellKind

Text = Annotated[str, CellKind.TEXT]
Code = Annotated[str, CellKind.CODE]
Identity = Annotated[str, CellKind.IDENTITY]
Fen = Annotated[int, Strict(), CellKind.MONEY]
Day = Annotated[dt.date, Strict(), CellKind.DATE]
Moment = Annotated[dt.datetime, Strict(), CellKind.MOMENT]
BillingMonth = Annotated[InstanceOf[Month], CellKind.MONTH]
YesNo = Annotated[bool, Strict(), CellKind.YES_NO]
Whole = Annotated[int, Strict(), CellKind.INTEGER]
Number = Annotated[Decimal, CellKind.DECIMAL]
# A choice column is a StrEnum subclass; its members' values are the words in the cells.
